/// A user's message in the database, and where its replies go.
package struct StoredQuestion: Equatable, Sendable {
  package let id: MessageID
  package let conversationID: ConversationID
  let seq: Int
}

/// A message, and its number among all of the database. Later messages have higher ones.
struct MessageNumber: Equatable, Sendable {
  let number: Int
  let id: MessageID
}

/// A question of a conversation, and the state of its reply.
struct AskedExchange {
  let question: StoredQuestion
  let content: String
  let questionStatus: Message.Status
  /// Of the reply that is not superseded, if there is one.
  let replyStatus: Message.Status?

  /// Whether it has no reply and is not being answered.
  var isUnanswered: Bool { questionStatus == .failed && replyStatus == nil }
}

/// What is stored about a reply at its end.
struct ReplyEnding: Equatable {
  var status: Message.Status
  var stopReason: StopReason?
  var usage: TokenUsage?
  var errorCode: ErrorCode?
}

/// Messages: questions and replies.
extension StoreTransaction {
  /// Passes on messages in order, `count` of them, without the first `offset`. Superseded replies come only with `all`,
  /// each before the one that replaced it.
  ///
  /// - Parameter total: how many there are in all
  func forEachMessage(
    inConversation id: ConversationID, all: Bool, offset: Int, count: Int, total: Int, _ body: (Message) throws -> Void
  ) throws {
    guard count > 0, let start = try place(inConversation: id, all: all, offset: offset, total: total) else { return }
    try connection.forEachRow(
      """
      \(selectMessages) WHERE conversation_id = ?1 AND (seq, attempt) >= (?2, ?3)
        \(all ? "" : "AND status <> 'superseded'")
      ORDER BY seq, attempt LIMIT ?4
      """, [SQLValue(id), .integer(start.seq), .integer(start.attempt), .integer(count)]
    ) { try body(StoreTransaction.message(&$0)) }
  }

  /// How many messages of a conversation are of that time. Superseded replies count only with `all`.
  func messageCount(inConversation id: ConversationID, all: Bool, in span: TimeSpan) throws -> Int {
    let (first, last) = span.bounds
    return try connection.integer(
      """
      SELECT count(*) FROM ai_messages WHERE conversation_id = ?1 \(all ? "" : "AND status <> 'superseded'")
        AND created_at >= ?2 AND created_at <= ?3
      """, [SQLValue(id), SQLValue(first), SQLValue(last)]) ?? 0
  }

  /// Passes on messages of that time in order, as `forEachMessage(inConversation:all:offset:count:total:_:)` does.
  func forEachMessage(
    inConversation id: ConversationID, all: Bool, in span: TimeSpan, offset: Int, count: Int,
    _ body: (Message) throws -> Void
  ) throws {
    let (first, last) = span.bounds
    try connection.forEachRow(
      """
      \(selectMessages) WHERE conversation_id = ?1 \(all ? "" : "AND status <> 'superseded'")
        AND created_at >= ?2 AND created_at <= ?3
      ORDER BY seq, attempt LIMIT ?4 OFFSET ?5
      """, [SQLValue(id), SQLValue(first), SQLValue(last), .integer(count), .integer(offset)]
    ) { try body(StoreTransaction.message(&$0)) }
  }

  /// Where the message after `offset` others is, found in the index alone, from the end that is nearer.
  private func place(inConversation id: ConversationID, all: Bool, offset: Int, total: Int) throws -> MessagePlace? {
    let isNearEnd = offset > total / 2
    let direction = isNearEnd ? "DESC" : "ASC"
    // Of all replies to one message, exactly one is not superseded: where it is counts, not its status.
    let places =
      all
      ? """
      SELECT seq, attempt FROM ai_messages WHERE conversation_id = ?1 ORDER BY seq \(direction), attempt \(direction)
      """
      : "SELECT DISTINCT seq, 1 FROM ai_messages WHERE conversation_id = ?1 ORDER BY seq \(direction)"
    return try connection.row(
      "\(places) LIMIT 1 OFFSET ?2", [SQLValue(id), .integer(isNearEnd ? total - 1 - offset : offset)]
    ) { MessagePlace(seq: try $0.integer(), attempt: try $0.integer()) }
  }

  /// The last message of the database; nil if there is none.
  func lastMessage() throws -> MessageNumber? {
    let column = dialect.messageNumber("ai_messages")
    return try connection.row("SELECT \(column), id FROM ai_messages ORDER BY \(column) DESC LIMIT 1") {
      MessageNumber(number: try $0.integer(), id: try $0.id())
    }
  }

  /// The message with that number; nil if there is none.
  func messageID(number: Int) throws -> MessageID? {
    try connection.row(
      "SELECT id FROM ai_messages WHERE \(dialect.messageNumber("ai_messages")) = ?1", [.integer(number)]
    ) { try $0.id() }
  }

  /// The last messages of a conversation, at most `limit` of them, the one with the lowest number first.
  func latestMessages(inConversation id: ConversationID, limit: Int) throws -> [MessageNumber] {
    try connection.rows(
      """
      SELECT \(dialect.messageNumber("ai_messages")), id FROM ai_messages WHERE conversation_id = ?1
      ORDER BY seq DESC, attempt DESC LIMIT ?2
      """, [SQLValue(id), .integer(limit)]
    ) { MessageNumber(number: try $0.integer(), id: try $0.id()) }.sorted { $0.number < $1.number }
  }

  /// The messages of a conversation with a higher number, at most `limit` of them, in the order of their numbers.
  func messages(
    inConversation id: ConversationID, after number: Int, limit: Int
  ) throws -> [(number: Int, message: Message)] {
    let column = dialect.messageNumber("ai_messages")
    // From that number on, rather than through the whole conversation.
    return try connection.rows(
      """
      SELECT \(column), \(messageColumns) FROM ai_messages WHERE \(column) > ?1
        AND \(dialect.unindexed("conversation_id")) = ?2
      ORDER BY \(column) LIMIT ?3
      """, [.integer(number), SQLValue(id), .integer(limit)]
    ) { (try $0.integer(), try StoreTransaction.message(&$0)) }
  }

  /// The messages of a conversation that are under way, in order.
  func messagesUnderWay(inConversation id: ConversationID) throws -> [MessageID] {
    // Of all conversations: there are only a few, and asked for one, SQLite would search that from its beginning.
    try connection.rows(
      "SELECT id, conversation_id FROM ai_messages WHERE status IN ('pending', 'streaming') ORDER BY seq, attempt", []
    ) { (id: try $0.id() as MessageID, conversation: try $0.id() as ConversationID) }
    .filter { $0.conversation == id }.map(\.id)
  }

  /// The message with that id.
  func message(_ id: MessageID) throws -> Message? {
    try connection.row("\(selectMessages) WHERE id = ?1", [SQLValue(id)], StoreTransaction.message)
  }

  /// Adds a question at the end of a conversation, `pending`, and claims it for this process.
  ///
  /// - Parameter key: is not the key of another message of the user's
  func insertQuestion(
    id: MessageID, conversationID: ConversationID, content: String, key: (IdempotencyKey, of: User)? = nil,
    at time: Timestamp
  ) throws -> StoredQuestion {
    let last =
      try connection.integer("SELECT max(seq) FROM ai_messages WHERE conversation_id = ?1", [SQLValue(conversationID)])
      ?? 0
    let seq = last + 1 + last % 2
    try connection.execute(
      """
      INSERT INTO ai_messages (\(dialect.newMessageNumber.column), id, conversation_id, seq, role, content, status,
        created_at, idempotency_key, key_user_id)
      VALUES (\(dialect.newMessageNumber.value), ?1, ?2, ?3, 'user', \(dialect.textOfBytes("?4")), 'pending', ?5, ?6,
        ?7)
      """,
      [
        SQLValue(id), SQLValue(conversationID), .integer(seq), .bytes(Array(content.utf8)), SQLValue(time),
        SQLValue(key?.0.rawValue), SQLValue(key?.of.id),
      ])
    try touchConversation(id: conversationID, addingMessages: 1, at: time)
    try claim(id)
    return StoredQuestion(id: id, conversationID: conversationID, seq: seq)
  }

  /// The last question of a conversation, and the state of its reply.
  func lastExchange(inConversation id: ConversationID) throws -> AskedExchange? {
    try connection.row(
      """
      \(selectExchanges) WHERE q.conversation_id = ?1 AND q.role = 'user' ORDER BY q.seq DESC LIMIT 1
      """, [SQLValue(id)], StoreTransaction.askedExchange)
  }

  /// The question with that id, and the state of its reply.
  func exchange(ofQuestion id: MessageID) throws -> AskedExchange? {
    try connection.row(
      "\(selectExchanges) WHERE q.id = ?1 AND q.role = 'user'", [SQLValue(id)], StoreTransaction.askedExchange)
  }

  /// The user's question with that key, and the state of its reply.
  func exchange(ofKey key: IdempotencyKey, of user: User) throws -> AskedExchange? {
    try connection.row(
      "\(selectExchanges) WHERE q.key_user_id = ?1 AND q.idempotency_key = ?2",
      [SQLValue(user.id), .text(key.rawValue)], StoreTransaction.askedExchange)
  }

  /// The reply to a question that is not superseded.
  func reply(to question: MessageID) throws -> Message? {
    try connection.row(
      "\(selectMessages) WHERE reply_to = ?1 AND status <> 'superseded'", [SQLValue(question)],
      StoreTransaction.message)
  }

  /// The user's questions without a reply, about legacies that they may talk about: the oldest first, those of one
  /// conversation in their order.
  func unansweredQuestions(of user: User) throws -> [MessageID] {
    try connection.rows(
      """
      SELECT q.id FROM ai_messages q JOIN ai_conversations c ON c.id = q.conversation_id
        JOIN legacy_members m ON m.legacy_id = c.legacy_id AND m.user_id = c.user_id AND m.role <> 'pending'
      WHERE c.user_id = ?1 AND q.role = 'user' AND q.status = 'failed'
      ORDER BY max(q.created_at) OVER (PARTITION BY q.conversation_id ORDER BY q.seq), q.conversation_id, q.seq
      """, [SQLValue(user.id)]
    ) { try $0.id() }
  }

  /// How many of the user's questions have no reply, in each conversation that has such.
  func unansweredCounts(of user: User) throws -> [ConversationID: Int] {
    let counts = try connection.rows(
      """
      SELECT q.conversation_id, count(*) FROM ai_messages q JOIN ai_conversations c ON c.id = q.conversation_id
      WHERE c.user_id = ?1 AND q.role = 'user' AND q.status = 'failed' GROUP BY q.conversation_id
      """, [SQLValue(user.id)]
    ) { (try $0.id() as ConversationID, try $0.integer()) }
    return Dictionary(counts) { first, _ in first }
  }

  /// How many questions before this one have no reply.
  func unansweredCount(before question: StoredQuestion) throws -> Int {
    try connection.integer(
      """
      SELECT count(*) FROM ai_messages
      WHERE conversation_id = ?1 AND seq < ?2 AND role = 'user' AND status = 'failed'
      """, [SQLValue(question.conversationID), .integer(question.seq)]) ?? 0
  }

  /// Whether another question of the conversation is being answered.
  func isAnotherUnderWay(than question: StoredQuestion) throws -> Bool {
    // Of all conversations: there are only a few, and asked for one, SQLite would search that from its beginning.
    try connection.rows("SELECT conversation_id, seq FROM ai_messages WHERE status IN ('pending', 'streaming')", []) {
      (conversation: try $0.id() as ConversationID, seq: try $0.integer())
    }.contains {
      $0.conversation == question.conversationID && ![question.seq, question.seq + 1].contains($0.seq)
    }
  }

  private var selectExchanges: String {
    """
    SELECT q.id, q.conversation_id, q.seq, \(dialect.bytesOfText("q.content")), q.status, r.status
    FROM ai_messages q
      LEFT JOIN ai_messages r ON r.reply_to = q.id AND r.role = 'assistant' AND r.status <> 'superseded'
    """
  }

  private static func askedExchange(_ row: inout SQLRow) throws -> AskedExchange {
    AskedExchange(
      question: StoredQuestion(id: try row.id(), conversationID: try row.id(), seq: try row.integer()),
      content: try row.textOfBytes(), questionStatus: try row.word(), replyStatus: try row.optionalWord())
  }

  /// Makes a question `pending` again, and claims it for this process.
  func reopenQuestion(_ question: StoredQuestion) throws {
    try setStatus(.pending, errorCode: nil, ofQuestion: question.id)
    try claim(question.id)
  }

  /// Exchanges before a question whose reply the model may see, the latest `limit` of them, oldest first.
  func exchanges(
    before question: StoredQuestion, limit: Int
  ) throws -> [(seq: Int, question: String, reply: String)] {
    try connection.rows(
      """
      SELECT q.seq, \(dialect.bytesOfText("q.content")), \(dialect.bytesOfText("r.content"))
      FROM ai_messages r JOIN ai_messages q ON q.id = r.reply_to
      WHERE r.conversation_id = ?1 AND r.seq < ?2 \(StoreTransaction.andIsShown)
      ORDER BY r.seq DESC LIMIT ?3
      """, [SQLValue(question.conversationID), .integer(question.seq), .integer(limit)]
    ) { (try $0.integer(), try $0.textOfBytes(), try $0.textOfBytes()) }.reversed()
  }

  /// How many exchanges before a question, but not before the place `first`, have a reply that the model may see.
  func exchangeCount(before question: StoredQuestion, from first: Int) throws -> Int {
    try connection.integer(
      """
      SELECT count(*) FROM ai_messages r
      WHERE r.conversation_id = ?1 AND r.seq >= ?2 AND r.seq < ?3 \(StoreTransaction.andIsShown)
      """, [SQLValue(question.conversationID), .integer(first), .integer(question.seq)]) ?? 0
  }

  /// Whether `r` is a reply that the model may see.
  private static let andIsShown = "AND r.role = 'assistant' AND r.status IN ('complete', 'interrupted')"

  /// Adds the beginning of a reply, `streaming`. One that the question had before becomes `superseded`.
  ///
  /// - Parameter keepingOrder: leaves the conversation's place among the user's as it is
  func insertReply(
    id: MessageID, to question: StoredQuestion, content: [UInt8], modelID: String, at time: Timestamp,
    keepingOrder: Bool = false
  ) throws {
    try removeFromIndex(
      messages: connection.rows(
        "SELECT id FROM ai_messages WHERE reply_to = ?1 AND status <> 'superseded'", [SQLValue(question.id)]
      ) { try $0.id() })
    let superseded = try connection.execute(
      "UPDATE ai_messages SET status = 'superseded' WHERE reply_to = ?1 AND status <> 'superseded'",
      [SQLValue(question.id)])
    try connection.execute(
      """
      INSERT INTO ai_messages (\(dialect.newMessageNumber.column), id, conversation_id, seq, attempt, role, content,
        status, model_id, reply_to, created_at)
      VALUES (\(dialect.newMessageNumber.value), ?1, ?2, ?3,
        (SELECT coalesce(max(attempt), 0) + 1 FROM ai_messages WHERE reply_to = ?6),
        'assistant', \(dialect.textOfBytes("?4")), 'streaming', ?5, ?6, ?7)
      """,
      [
        SQLValue(id), SQLValue(question.conversationID), .integer(question.seq + 1), .bytes(content), .text(modelID),
        SQLValue(question.id), SQLValue(time),
      ])
    try touchConversation(
      id: question.conversationID, addingMessages: superseded > 0 ? 0 : 1, superseded: superseded, at: time,
      keepingOrder: keepingOrder)
  }

  /// Checks that a question was not deleted, and that no other process answers it, which can happen if the lock file
  /// was removed.
  ///
  /// - Parameter reply: this process's own, if it has begun
  /// - Throws: `Failure` with code `not_found` or `busy`
  func checkUnderWay(question id: MessageID, reply: MessageID?) throws {
    let found = try connection.row(
      """
      SELECT status, (SELECT status FROM ai_messages WHERE id = ?2), EXISTS (
        SELECT 1 FROM ai_messages WHERE reply_to = ?1 AND (?2 IS NULL OR id <> ?2)
          AND CASE WHEN ?2 IS NULL THEN status IN ('streaming', 'complete') ELSE status <> 'superseded' END)
      FROM ai_messages WHERE id = ?1
      """, [SQLValue(id), SQLValue(reply)]
    ) {
      (
        question: try $0.word() as Message.Status, reply: try $0.optionalWord() as Message.Status?,
        isAnswered: try $0.integer() > 0
      )
    }
    guard let found, reply == nil || found.reply != nil else {
      throw Failure(
        .notFound, "the conversation was deleted while the reply was arriving", advice: "nothing of it is saved")
    }
    let isSettled = reply == nil ? found.question != .pending : found.reply != .streaming
    // A question that waits, with a reply that does not arrive, is being asked again.
    let isAskedAgain = reply != nil && isSettled && found.question == .pending
    guard !found.isAnswered, !isAskedAgain, !isClaimLost(id, isSettled: isSettled), found.reply != .superseded else {
      throw Failure(.busy, "another process has taken the message over", advice: .showHistory)
    }
  }

  /// Whether there is a message with that id, in any conversation.
  func hasMessage(id: MessageID) throws -> Bool { try conversation(ofMessage: id) != nil }

  /// The conversation that has the message with that id.
  func conversation(ofMessage id: MessageID) throws -> ConversationID? {
    try connection.row("SELECT conversation_id FROM ai_messages WHERE id = ?1", [SQLValue(id)]) { try $0.id() }
  }

  /// Adds more text to a reply.
  func appendToReply(id: MessageID, _ content: [UInt8]) throws {
    try connection.execute(
      "UPDATE ai_messages SET content = content || \(dialect.textOfBytes("?1")) WHERE id = ?2",
      [.bytes(content), SQLValue(id)])
  }

  /// Notes how a reply ended.
  func endReply(id: MessageID, _ ending: ReplyEnding) throws {
    try connection.execute(
      """
      UPDATE ai_messages SET status = ?1, stop_reason = ?2, token_count = ?3, input_tokens = ?4,
        cache_read_input_tokens = ?5, cache_write_input_tokens = ?6, error_code = ?7
      WHERE id = ?8
      """,
      [
        .text(ending.status.rawValue), SQLValue(ending.stopReason?.rawValue), SQLValue(ending.usage?.output),
        SQLValue(ending.usage?.input), SQLValue(ending.usage?.cacheRead), SQLValue(ending.usage?.cacheWrite),
        SQLValue(ending.errorCode?.rawValue), SQLValue(id),
      ])
  }

  /// Notes that the work on a question has ended: `complete` if it has a reply, else `failed`.
  func settleQuestion(id: MessageID, errorCode: ErrorCode?) throws {
    let hasReply = try connection.exists(
      "SELECT 1 FROM ai_messages WHERE reply_to = ?1 AND status <> 'superseded'", [SQLValue(id)])
    try setStatus(hasReply ? .complete : .failed, errorCode: hasReply ? nil : errorCode, ofQuestion: id)
  }

  /// Questions under way, or with a reply under way, whose process is gone.
  func abandonedQuestions() throws -> [MessageID] {
    try abandoned(
      among: connection.rows(
        "SELECT DISTINCT coalesce(reply_to, id) FROM ai_messages WHERE status IN ('pending', 'streaming')"
      ) { try $0.id() })
  }

  /// Settles questions and replies whose process is gone.
  func settleAbandonedQuestions() throws {
    for id in try abandonedQuestions() {
      try connection.execute(
        """
        UPDATE ai_messages SET status = 'interrupted', error_code = 'interrupted'
        WHERE reply_to = ?1 AND status = 'streaming'
        """, [SQLValue(id)])
      try settleQuestion(id: id, errorCode: ErrorCode(.interrupted))
    }
  }

  private func setStatus(_ status: Message.Status, errorCode: ErrorCode?, ofQuestion id: MessageID) throws {
    try connection.execute(
      "UPDATE ai_messages SET status = ?1, error_code = ?2 WHERE id = ?3",
      [.text(status.rawValue), SQLValue(errorCode?.rawValue), SQLValue(id)])
  }

  /// What `message` reads, in its order.
  var messageColumns: String {
    """
    id, conversation_id, role, \(dialect.bytesOfText("content")), token_count, input_tokens,
    cache_read_input_tokens, cache_write_input_tokens, status, stop_reason, error_code, model_id, reply_to,
    idempotency_key, created_at
    """
  }

  private var selectMessages: String { "SELECT \(messageColumns) FROM ai_messages" }

  static func message(_ row: inout SQLRow) throws -> Message {
    Message(
      id: try row.id(), conversationID: try row.id(), author: try row.word(), content: try row.textOfBytes(),
      tokenCount: row.optionalInteger(), inputTokens: row.optionalInteger(),
      cacheReadInputTokens: row.optionalInteger(), cacheWriteInputTokens: row.optionalInteger(), status: try row.word(),
      stopReason: try row.optionalWord(), errorCode: try row.optionalWord(), modelID: row.optionalText(),
      replyTo: row.optionalID(), idempotencyKey: row.optionalText().map(IdempotencyKey.init),
      createdAt: try row.time())
  }
}
