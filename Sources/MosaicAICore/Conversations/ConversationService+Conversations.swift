extension ConversationService {
  /// The user's conversations, latest activity first.
  ///
  /// - Parameters:
  ///   - legacy: only about the legacy with this name, id or id prefix
  ///   - personaID: only with this persona
  ///   - span: only those in which something was said in this time
  ///   - search: only with all of these words, or parts of words, in the title, or in the name
  /// - Throws: `Failure` with code `not_found`, `ambiguous` or `forbidden`; as `Store.read`
  package func conversations(
    legacy: String? = nil, personaID: String? = nil, in span: TimeSpan = .always, search: String? = nil,
    limit: Int? = nil, offset: Int? = nil
  ) throws -> [Conversation] {
    try find { transaction, user in
      let legacyID = try legacy.map { try resolveReadableLegacy($0, for: user, transaction).id }
      guard let user else { return [] }
      var filter = ConversationFilter(legacyID: legacyID, personaID: personaID, span: span)
      guard let search else {
        (filter.limit, filter.offset) = (limit, offset)
        return try transaction.conversations(of: user, filter)
      }
      let query = SearchQuery(search)
      let parts = search.split(whereSeparator: \.isWhitespace).map { String($0).foldedForSearch }
      func isFound(_ text: String) -> Bool {
        let folded = text.foldedForSearch
        return parts.allSatisfy(folded.contains(part:)) || !query.clauses.isEmpty && query.isMet(by: text)
      }
      let found = try transaction.conversations(of: user, filter).filter {
        isFound($0.title ?? "") || isFound($0.name ?? "")
      }
      return Array(found.dropFirst(offset ?? 0).prefix(limit ?? .max))
    }
  }

  /// Gives a conversation of the user's another title. Its place among the others stays.
  ///
  /// - Throws: `Failure` with code `not_found`, `ambiguous` or `invalid_input`; as `Store.write`
  package func renameConversation(_ reference: String, to title: String) throws -> Conversation {
    let title = try Rules.name(title, "the title")
    return try store.write { transaction in
      let user = try transaction.user(handle: handle)
      let conversation = try resolveConversation(
        reference, legacy: nil, personaID: nil, for: user, transaction)
      try transaction.setTitle(title, ofConversation: conversation.id, at: now())
      guard let user, let renamed = try transaction.conversation(conversation.id, of: user) else {
        throw Failure(.internal, "a conversation that was just renamed is missing", advice: .reportBug)
      }
      return renamed
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
    /// Only those of this time.
    package var span: TimeSpan

    package init(
      limit: Int? = nil, offset: Int = 0, tail: Int? = nil, all: Bool = false, in span: TimeSpan = .always
    ) {
      self.limit = limit
      self.offset = offset
      self.tail = tail
      self.all = all
      self.span = span
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
      return try read(page, of: conversation, transaction, body)
    }
  }

  /// Reads what was said in a conversation as `history` does, and gives what follows it from there on.
  ///
  /// - Throws: as `history`
  package func follow(
    _ reference: String? = nil, legacy: String? = nil, personaID: String? = nil, _ page: Page = Page(),
    _ body: (HistoryPage, _ forEachMessage: ((Message) throws -> Void) throws -> Void) throws -> Void
  ) throws -> ConversationFollower {
    try read { transaction, user in
      let conversation = try resolveConversation(
        reference, legacy: legacy, personaID: personaID, for: user, transaction)
      try read(page, of: conversation, transaction, body)
      return try ConversationFollower(conversation.id, self, all: page.all, transaction)
    }
  }

  private func read<Result>(
    _ page: Page, of conversation: Conversation, _ transaction: StoreTransaction,
    _ body: (HistoryPage, _ forEachMessage: ((Message) throws -> Void) throws -> Void) throws -> Result
  ) throws -> Result {
    let isTimed = page.span != .always
    let total =
      try isTimed
      ? transaction.messageCount(inConversation: conversation.id, all: page.all, in: page.span)
      : conversation.messageCount + (page.all ? conversation.supersededCount : 0)
    let offset = min(page.tail.map { max(0, total - $0) } ?? page.offset, total)
    let count = min(page.tail ?? page.limit ?? .max, total - offset)
    let found = HistoryPage(
      conversation: conversation, total: total, count: count,
      hasMore: page.tail == nil ? offset + count < total : offset > 0)
    return try body(found) { receive in
      guard !isTimed else {
        return try transaction.forEachMessage(
          inConversation: conversation.id, all: page.all, in: page.span, offset: offset, count: count, receive)
      }
      try transaction.forEachMessage(
        inConversation: conversation.id, all: page.all || conversation.supersededCount == 0, offset: offset,
        count: count, total: total, receive)
    }
  }

  /// How many of the user's messages have no reply, in each conversation that has such.
  ///
  /// - Throws: as `Store.read`
  package func unansweredCounts() throws -> [ConversationID: Int] {
    try find { transaction, user in try user.map(transaction.unansweredCounts) ?? [:] }
  }

  /// The conversations that are meant, each once.
  ///
  /// - Throws: `Failure` with code `not_found` or `ambiguous`; as `Store.read`
  package func findConversations(_ references: [String]) throws -> [Conversation] {
    try find { transaction, user in
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
