extension ConversationService {
  /// Everything that the user has said about a legacy, or one conversation of theirs, as it is at this moment.
  ///
  /// - Parameters:
  ///   - conversation: an id, an id prefix or `last`; nil for everything about the legacy
  ///   - legacy: a name, id or id prefix; with a conversation, the one it has to be about
  ///   - span: only the user's messages of this time, with all replies to them
  ///   - body: gets part after part; others can write meanwhile
  /// - Throws: `Failure` with code `usage` if neither is given, `not_found`, `ambiguous` or `forbidden`; as
  ///   `Store.read`; what `body` throws
  package func export(
    conversation: String?, legacy: String?, in span: TimeSpan = .always, _ body: (Archive.Part) throws -> Void
  ) throws {
    guard conversation != nil || legacy != nil else {
      throw Failure(
        .usage, "nothing chosen to export", advice: .either(["name a conversation", .choose(.legacy, from: [])]))
    }
    try read { transaction, user in
      var conversations: [Conversation] = []
      let legacyID: LegacyID
      if let conversation {
        conversations = [try resolveConversation(conversation, legacy: legacy, personaID: nil, for: user, transaction)]
        legacyID = conversations[0].legacyID
      } else {
        legacyID = try resolveReadableLegacy(legacy ?? "", for: user, transaction).id
        conversations =
          try user.map { try transaction.conversations(of: $0, ConversationFilter(legacyID: legacyID)) } ?? []
      }
      guard let archived = try transaction.archivedLegacy(id: legacyID) else {
        throw Failure(.internal, "a legacy that was just found is missing", advice: .reportBug)
      }
      try body(.legacy(archived))
      var (conversationCount, messageCount) = (0, 0)
      for conversation in conversations.reversed() {
        let header = try header(conversation, span, transaction)
        guard header.messageCount > 0 || span == .always else { continue }
        try body(.conversation(header))
        conversationCount += 1
        messageCount += try exportMessages(of: conversation.id, span, transaction, body)
      }
      try body(.end(conversations: conversationCount, messages: messageCount))
    }
  }

  private func header(
    _ conversation: Conversation, _ span: TimeSpan, _ transaction: StoreTransaction
  ) throws -> Archive.Conversation {
    Archive.Conversation(
      id: conversation.id, personaID: conversation.personaID, name: conversation.name, title: conversation.title,
      messageCount: try transaction.settledMessageCount(inConversation: conversation.id, in: span),
      lastMessageAt: conversation.lastMessageAt, createdAt: conversation.createdAt, updatedAt: conversation.updatedAt)
  }

  /// - Returns: how many there were
  private func exportMessages(
    of id: ConversationID, _ span: TimeSpan, _ transaction: StoreTransaction, _ body: (Archive.Part) throws -> Void
  ) throws -> Int {
    var count = 0
    var exchange: [PlacedMessage] = []
    func endExchange() throws {
      let settled = ConversationService.settled(exchange)
      count += settled.count
      for message in settled { try body(.message(message)) }
      exchange.removeAll(keepingCapacity: true)
    }
    try transaction.forEachPlacedMessage(inConversation: id, in: span) { placed in
      if placed.message.author == .user { try endExchange() }
      exchange.append(placed)
    }
    try endExchange()
    return count
  }

  /// A question and all replies to it, as if a reply that is still arriving had not begun: it will be different by the
  /// time it is there.
  private static func settled(_ exchange: [PlacedMessage]) -> [PlacedMessage] {
    guard exchange.contains(where: { $0.message.status.isUnderWay }) else { return exchange }
    var settled = exchange.filter { $0.message.status != .streaming }
    // The last reply before it stands again.
    let isRetried = settled.count < exchange.count
    if isRetried, let last = settled.last, last.message.status == .superseded {
      let errorCode = last.message.errorCode
      let status: Message.Status = errorCode == ErrorCode(.blocked) ? .blocked : .interrupted
      settled[settled.count - 1] = last.ended(status, errorCode)
    }
    let isAnswered = settled.contains { $0.message.author == .assistant && $0.message.status != .superseded }
    return settled.map { placed in
      guard placed.message.status == .pending else { return placed }
      return isAnswered ? placed.ended(.complete, nil) : placed.ended(.failed, ErrorCode(.interrupted))
    }
  }
}

extension PlacedMessage {
  /// The same message, having ended like this.
  fileprivate func ended(_ status: Message.Status, _ errorCode: ErrorCode?) -> PlacedMessage {
    var message = message
    message.status = status
    message.errorCode = errorCode
    return PlacedMessage(message: message, place: place)
  }
}
