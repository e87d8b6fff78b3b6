/// Whole conversations, for exports and imports.
extension StoreTransaction {
  /// Passes on the questions of a conversation that were asked in that time with all replies to them, in order,
  /// superseded replies before those that replaced them.
  func forEachPlacedMessage(
    inConversation id: ConversationID, in span: TimeSpan, _ body: (PlacedMessage) throws -> Void
  ) throws {
    let asked = StoreTransaction.asked(in: span)
    try connection.forEachRow(
      "\(selectPlacedMessages) WHERE conversation_id = ?1 \(asked.sql) ORDER BY seq, attempt",
      [SQLValue(id)] + asked.arguments
    ) { try body(StoreTransaction.placedMessage(&$0)) }
  }

  /// Narrows messages `a` down to questions that were asked in that time, and replies to them. Its parameters are ?2
  /// and ?3.
  private static func asked(in span: TimeSpan) -> (sql: String, arguments: [SQLValue]) {
    guard span != .always else { return ("", []) }
    let sql = """
      AND EXISTS (SELECT 1 FROM ai_messages q
        WHERE q.id = coalesce(a.reply_to, a.id) AND q.created_at >= ?2 AND q.created_at <= ?3)
      """
    let (first, last) = span.bounds
    return (sql, [SQLValue(first), SQLValue(last)])
  }

  /// The next messages of a conversation in order, superseded replies among them.
  func placedMessages(inConversation id: ConversationID, after place: MessagePlace = .start, limit: Int = .max) throws
    -> [PlacedMessage]
  {
    try connection.rows(
      """
      \(selectPlacedMessages) WHERE conversation_id = ?1 AND (seq, attempt) > (?2, ?3) ORDER BY seq, attempt LIMIT ?4
      """, [SQLValue(id), .integer(place.seq), .integer(place.attempt), .integer(limit)],
      StoreTransaction.placedMessage)
  }

  /// How many messages a conversation has once the replies that are arriving now are taken away: questions that were
  /// asked in that time, and replies to them.
  func settledMessageCount(inConversation id: ConversationID, in span: TimeSpan = .always) throws -> Int {
    let asked = StoreTransaction.asked(in: span)
    // Each place has one message that is not superseded.
    let count =
      try connection.integer(
        "SELECT count(DISTINCT seq) FROM ai_messages a WHERE conversation_id = ?1 \(asked.sql)",
        [SQLValue(id)] + asked.arguments) ?? 0
    // Without the one that arrives, the reply before it stands again.
    let firstReplies =
      try connection.integer(
        """
        SELECT count(*) FROM ai_messages a WHERE a.conversation_id = ?1 AND a.status = 'streaming' \(asked.sql)
          AND NOT EXISTS (SELECT 1 FROM ai_messages o WHERE o.reply_to = a.reply_to AND o.status = 'superseded')
        """, [SQLValue(id)] + asked.arguments) ?? 0
    return count - firstReplies
  }

  /// Whether a message of the conversation is being answered.
  func isUnderWay(conversation id: ConversationID) throws -> Bool {
    try connection.exists(
      "SELECT 1 FROM ai_messages WHERE status IN ('pending', 'streaming') AND conversation_id = ?1", [SQLValue(id)])
  }

  /// Whether there are more messages than that, superseded replies not counted.
  func hasMoreMessages(than count: Int) throws -> Bool {
    try connection.integer("SELECT sum(message_count) FROM ai_conversations") ?? 0 > count
  }

  /// Whether nothing was ever said here.
  func isEmpty() throws -> Bool { try !connection.exists("SELECT 1 FROM legacies") }

  private var selectPlacedMessages: String { "SELECT \(messageColumns), seq, attempt FROM ai_messages a" }

  private static func placedMessage(_ row: inout SQLRow) throws -> PlacedMessage {
    PlacedMessage(
      message: try message(&row), place: MessagePlace(seq: try row.integer(), attempt: try row.integer()))
  }
}

/// Adds the messages of an import to the database one by one.
struct MessageImport {
  private let transaction: StoreTransaction
  private let user: User
  private let sql: String
  /// For a message after one that was added.
  private let nextSQL: String
  private var hasAdded = false

  /// - Parameter user: whose conversations the messages are in
  init(_ transaction: StoreTransaction, of user: User) {
    self.transaction = transaction
    self.user = user
    sql = MessageImport.sql(transaction.dialect, transaction.dialect.newMessageNumber.value)
    nextSQL = MessageImport.sql(transaction.dialect, transaction.dialect.newMessageNumber.following)
  }

  private static func sql(_ dialect: SQLDialect, _ number: String) -> String {
    """
    INSERT INTO ai_messages (\(dialect.newMessageNumber.column), id, conversation_id, seq, attempt, role, content,
      token_count, status, stop_reason, model_id, input_tokens, cache_read_input_tokens, cache_write_input_tokens,
      error_code, reply_to, created_at, idempotency_key, key_user_id)
    VALUES (\(number), ?1, ?2, ?3, ?4, ?5, \(dialect.textOfBytes("?6")), ?7, ?8, ?9, ?10,
      ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)
    ON CONFLICT (id) DO UPDATE SET token_count = excluded.token_count, status = excluded.status,
      stop_reason = excluded.stop_reason, model_id = excluded.model_id, input_tokens = excluded.input_tokens,
      cache_read_input_tokens = excluded.cache_read_input_tokens,
      cache_write_input_tokens = excluded.cache_write_input_tokens, error_code = excluded.error_code
    WHERE ai_messages.conversation_id = excluded.conversation_id AND ai_messages.seq = excluded.seq
      AND ai_messages.attempt = excluded.attempt
    """
  }

  /// Adds a message, or updates the status of one that is here already.
  ///
  /// - Parameter isNew: whether its conversation was added by the same import
  /// - Returns: false if there is a message with that id in another place, which stays as it is
  mutating func put(_ placed: PlacedMessage, isNew: Bool) throws -> Bool {
    let message = placed.message
    if message.status == .superseded { try transaction.removeFromIndex(messages: [message.id]) }
    let changed = try transaction.connection.execute(
      hasAdded && isNew ? nextSQL : sql,
      [
        SQLValue(message.id), SQLValue(message.conversationID), .integer(placed.place.seq),
        .integer(placed.place.attempt), .text(message.author.rawValue), .bytes(Array(message.content.utf8)),
        SQLValue(message.tokenCount), .text(message.status.rawValue), SQLValue(message.stopReason?.rawValue),
        SQLValue(message.modelID), SQLValue(message.inputTokens), SQLValue(message.cacheReadInputTokens),
        SQLValue(message.cacheWriteInputTokens), SQLValue(message.errorCode?.rawValue), SQLValue(message.replyTo),
        SQLValue(message.createdAt), SQLValue(message.idempotencyKey?.rawValue),
        SQLValue(message.idempotencyKey.map { _ in user.id }),
      ])
    guard changed == 1 else { return false }
    hasAdded = hasAdded || isNew
    return true
  }
}
