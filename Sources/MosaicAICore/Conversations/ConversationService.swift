/// All that can be done with legacies and conversations, for one user. Every operation is one transaction.
public struct ConversationService: Sendable {
  let store: Store
  let handle: String
  let now: @Sendable () -> Timestamp
  let makeID: @Sendable () -> String

  /// - Parameters:
  ///   - handle: who is typing; becomes known to the database with the first thing they add
  ///   - makeID: a new random UUID in lower case
  /// - Throws: `Failure` with code `invalid_input` for a handle that cannot be one
  public init(
    store: Store, handle: String, now: @escaping @Sendable () -> Timestamp = Timestamp.now,
    makeID: @escaping @Sendable () -> String
  ) throws {
    self.store = store
    self.handle = try Rules.name(handle, "the user's handle")
    self.now = now
    self.makeID = makeID
  }

  var time: String { now().rfc3339 }
}

extension ConversationService {
  /// The user's conversations, latest activity first.
  ///
  /// - Parameters:
  ///   - legacy: a name, id or id prefix that narrows them down
  ///   - personaID: narrows them down
  /// - Throws: `Failure` with code `not_found`, `ambiguous` or `forbidden`; as `Store.read`
  public func conversations(legacy: String?, personaID: String?, limit: Int?, offset: Int?) throws -> [Conversation] {
    try store.settle()
    return try store.read { transaction in
      let user = try transaction.user(handle: handle)
      let legacyID = try legacy.map { try resolveReadableLegacy($0, for: user, transaction).id }
      guard let user else { return [] }
      return try transaction.conversations(
        of: user, ConversationFilter(legacyID: legacyID, personaID: personaID, limit: limit, offset: offset))
    }
  }

  /// Which messages of a conversation are wanted.
  public struct Page: Equatable, Sendable {
    public var limit: Int?
    public var offset: Int
    /// The last so many; leaves `limit` and `offset` aside.
    public var tail: Int?
    /// Superseded replies too.
    public var all: Bool

    public init(limit: Int? = nil, offset: Int = 0, tail: Int? = nil, all: Bool = false) {
      self.limit = limit
      self.offset = offset
      self.tail = tail
      self.all = all
    }
  }

  /// What was said in a conversation, oldest first.
  ///
  /// - Parameters:
  ///   - reference: an id, an id prefix, `last`, or nil for the latest
  ///   - legacy: narrows down which is the latest
  ///   - personaID: narrows down which is the latest
  /// - Throws: `Failure` with code `not_found`, `ambiguous` or `forbidden`; as `Store.read`
  public func history(of reference: String?, legacy: String?, personaID: String?, _ page: Page) throws -> History {
    try store.settle()
    return try store.read { transaction in
      let user = try transaction.user(handle: handle)
      let conversation = try resolveConversation(
        reference, legacy: legacy, personaID: personaID, for: user, transaction)
      let total = try transaction.messageCount(inConversation: conversation.id, all: page.all)
      let offset = page.tail.map { max(0, total - $0) } ?? page.offset
      let limit = page.tail ?? page.limit
      let messages = try transaction.messages(
        inConversation: conversation.id, all: page.all, limit: limit, offset: offset)
      let hasMore = page.tail == nil ? offset + messages.count < total : offset > 0
      return History(conversation: conversation, messages: messages, total: total, hasMore: hasMore)
    }
  }

  /// The conversations that are meant, each once.
  ///
  /// - Throws: `Failure` with code `not_found` or `ambiguous`; as `Store.read`
  public func findConversations(_ references: [String]) throws -> [Conversation] {
    try store.settle()
    return try store.read { transaction in
      let user = try transaction.user(handle: handle)
      var found: [Conversation] = []
      for reference in references {
        let conversation = try resolveConversation(reference, legacy: nil, personaID: nil, for: user, transaction)
        if !found.contains(where: { $0.id == conversation.id }) { found.append(conversation) }
      }
      return found
    }
  }

  /// Deletes the user's conversations with those ids, and every trace of them in the files of the database.
  ///
  /// - Throws: as `Store.write` and `Store.truncateLog`
  public func deleteConversations(ids: [String]) throws {
    try store.write { transaction in
      guard let user = try transaction.user(handle: handle) else { return }
      for id in ids where try !transaction.conversations(of: user, idPrefix: id).isEmpty {
        try transaction.deleteConversation(id: id)
      }
    }
    try store.truncateLog()
  }
}
