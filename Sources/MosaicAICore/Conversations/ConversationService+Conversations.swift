extension ConversationService {
  /// The user's conversations, latest activity first.
  ///
  /// - Parameters:
  ///   - legacy: only about the legacy with this name, id or id prefix
  ///   - personaID: only with this persona
  /// - Throws: `Failure` with code `not_found`, `ambiguous` or `forbidden`; as `Store.read`
  package func conversations(
    legacy: String? = nil, personaID: String? = nil, limit: Int? = nil, offset: Int? = nil
  ) throws -> [Conversation] {
    try read { transaction, user in
      let legacyID = try legacy.map { try resolveReadableLegacy($0, for: user, transaction).id }
      guard let user else { return [] }
      return try transaction.conversations(
        of: user, ConversationFilter(legacyID: legacyID, personaID: personaID, limit: limit, offset: offset))
    }
  }

  /// Which messages of a conversation are wanted.
  package struct Page: Equatable, Sendable {
    package var limit: Int?
    package var offset: Int
    /// Only the last ones, this many; `limit` and `offset` are ignored.
    package var tail: Int?
    /// Superseded replies too.
    package var all: Bool

    package init(limit: Int? = nil, offset: Int = 0, tail: Int? = nil, all: Bool = false) {
      self.limit = limit
      self.offset = offset
      self.tail = tail
      self.all = all
    }
  }

  /// Reads what was said in a conversation, oldest first.
  ///
  /// - Parameters:
  ///   - reference: an id, an id prefix, `last`, or nil for the latest
  ///   - legacy: the latest about this legacy
  ///   - personaID: the latest with this persona
  ///   - body: gets the page, and what calls its parameter with each message, one after the other; others can write
  ///     meanwhile
  /// - Throws: `Failure` with code `not_found`, `ambiguous` or `forbidden`; as `Store.read`; what `body` throws
  package func history<Result>(
    of reference: String? = nil, legacy: String? = nil, personaID: String? = nil, _ page: Page = Page(),
    _ body: (HistoryPage, _ forEachMessage: ((Message) throws -> Void) throws -> Void) throws -> Result
  ) throws -> Result {
    try read { transaction, user in
      let conversation = try resolveConversation(
        reference, legacy: legacy, personaID: personaID, for: user, transaction)
      let total = conversation.messageCount + (page.all ? conversation.supersededCount : 0)
      let offset = min(page.tail.map { max(0, total - $0) } ?? page.offset, total)
      let count = min(page.tail ?? page.limit ?? .max, total - offset)
      let found = HistoryPage(
        conversation: conversation, total: total, count: count,
        hasMore: page.tail == nil ? offset + count < total : offset > 0)
      return try body(found) { receive in
        try transaction.forEachMessage(
          inConversation: conversation.id, all: page.all || conversation.supersededCount == 0, offset: offset,
          count: count, total: total, receive)
      }
    }
  }

  /// The conversations that are meant, each once.
  ///
  /// - Throws: `Failure` with code `not_found` or `ambiguous`; as `Store.read`
  package func findConversations(_ references: [String]) throws -> [Conversation] {
    try read { transaction, user in
      var found: [Conversation] = []
      for reference in references {
        let conversation = try resolveConversation(
          reference, legacy: nil, personaID: nil, for: user, transaction)
        if !found.contains(where: { $0.id == conversation.id }) { found.append(conversation) }
      }
      return found
    }
  }
}
