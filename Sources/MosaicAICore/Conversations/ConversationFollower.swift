/// Gives what was added to a conversation since the last look.
package struct ConversationFollower {
  package let conversationID: ConversationID
  private let service: ConversationService
  /// Whether replies that others have replaced are passed on too.
  private let all: Bool
  /// The last message of the database that was looked at.
  private var last: MessageNumber?
  /// The latest messages of the conversation that are known, of which some may be deleted by now.
  private var known: [MessageNumber]
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
    last = try transaction.lastMessage()
    known = try transaction.latestMessages(inConversation: conversationID, limit: ConversationFollower.knownCount)
    underWay = try transaction.messagesUnderWay(inConversation: conversationID).map { ($0, nil) }
    mark = try transaction.connection.changeMark()
  }

  /// How many new messages to take at once: an import may add a million.
  private static let batch = 500
  /// How many messages to remember, in case the last ones are deleted and others get their numbers.
  private static let knownCount = 200

  /// What has changed since the last look, oldest message first.
  ///
  /// - Throws: `Failure` with code `not_found` once the conversation is deleted; as `Store.read`
  package mutating func look() throws -> [Change] {
    let (next, changes) = try service.find { transaction, user in
      // From the start each time, if a lost connection makes it begin again.
      var next = self
      let changes = try next.look(transaction, user)
      return (next, changes)
    }
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
    // A number that another message has now is not the last one that was looked at.
    let isLastThere = try last.map { try transaction.messageID(number: $0.number) == $0.id } ?? true
    let after = isLastThere ? last?.number ?? 0 : (known.map(\.number).min() ?? 1) - 1
    let found = try transaction.messages(
      inConversation: conversationID, after: after, limit: ConversationFollower.batch)
    let knownIDs = Set(known.map(\.id))
    for (number, message) in found where !knownIDs.contains(message.id) {
      known.append(MessageNumber(number: number, id: message.id))
      guard all || message.status != .superseded else { continue }
      changes.append(.message(message))
      if message.status.isUnderWay { stillUnderWay.append((message.id, message)) }
    }
    known.removeFirst(max(0, known.count - ConversationFollower.knownCount))
    underWay = stillUnderWay
    if found.count < ConversationFollower.batch {
      last = try transaction.lastMessage()
      mark = now
    } else {
      // There may be more.
      last = found.last.map { MessageNumber(number: $0.number, id: $0.message.id) }
    }
    return changes
  }
}
