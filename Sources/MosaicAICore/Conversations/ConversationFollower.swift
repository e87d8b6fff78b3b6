/// Tells what others add to a conversation, whenever it is asked.
package struct ConversationFollower {
  package let conversationID: ConversationID
  private let service: ConversationService
  /// Whether replies are told that others have replaced.
  private let all: Bool
  /// The number of the last message of the database that was looked at.
  private var lastNumber: Int
  /// Messages that were under way when they were last looked at, and how they were then. The oldest come first.
  private var underWay: [(id: MessageID, seen: Message?)]
  /// Of the database, when it was last looked at.
  private var mark: [Int]

  /// What has become of a conversation.
  package enum Change {
    /// A message that is new, or that was under way and has more text or another status.
    case message(Message)
    /// A message that was under way has been deleted.
    case gone(MessageID)
  }

  init(
    _ conversationID: ConversationID, _ service: ConversationService, all: Bool, _ transaction: StoreTransaction
  ) throws {
    self.conversationID = conversationID
    self.service = service
    self.all = all
    lastNumber = try transaction.lastMessageNumber()
    underWay = try transaction.messagesUnderWay(inConversation: conversationID).map { ($0, nil) }
    mark = try transaction.connection.changeMark()
  }

  /// How many new messages to take at once: an import may add a million.
  private static let batch = 500

  /// What has changed since the last look, oldest message first.
  ///
  /// - Throws: `Failure` with code `not_found` once the conversation is deleted; as `Store.read`
  package mutating func look() throws -> [Change] {
    var next = self
    let changes = try service.read { transaction, user in try next.look(transaction, user) }
    self = next
    return changes
  }

  private mutating func look(_ transaction: StoreTransaction, _ user: User?) throws -> [Change] {
    let now = try transaction.connection.changeMark()
    guard now != mark else { return [] }
    guard let user, try transaction.conversation(conversationID, of: user) != nil else {
      throw Failure(.notFound, "the conversation was deleted", advice: .list(.conversations))
    }
    var changes: [Change] = []
    var stillUnderWay: [(id: MessageID, seen: Message?)] = []
    for (id, seen) in underWay {
      guard let message = try transaction.message(id) else {
        changes.append(.gone(id))
        continue
      }
      if message != seen { changes.append(.message(message)) }
      if message.status.isUnderWay { stillUnderWay.append((id, message)) }
    }
    let (new, number) = try transaction.messages(
      inConversation: conversationID, after: lastNumber, limit: ConversationFollower.batch)
    for message in new where all || message.status != .superseded {
      changes.append(.message(message))
      if message.status.isUnderWay { stillUnderWay.append((message.id, message)) }
    }
    underWay = stillUnderWay
    lastNumber = number
    // There may be more.
    if new.count < ConversationFollower.batch { mark = now }
    return changes
  }
}
