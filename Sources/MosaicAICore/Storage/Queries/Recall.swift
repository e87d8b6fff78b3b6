/// Earlier messages that may be put before the model again.
extension StoreTransaction {
  /// The number of messages is known for at most this many conversations.
  static let countedConversations = 1000

  /// How many messages the user's conversations about a legacy have, superseded ones not counted; of very many
  /// conversations, those of the first ones.
  func messageCount(of user: User, about legacyID: LegacyID) throws -> Int {
    try connection.integer(
      """
      SELECT sum(message_count)
      FROM (SELECT message_count FROM ai_conversations WHERE user_id = ?1 AND legacy_id = ?2 LIMIT ?3) AS counted
      """, [SQLValue(user.id), SQLValue(legacyID), .integer(StoreTransaction.countedConversations)]) ?? 0
  }

  /// When a question was stored: its number, which counts up, and what the clock showed.
  func moment(of question: StoredQuestion) throws -> (number: Int, time: Timestamp)? {
    try connection.row(
      "SELECT \(dialect.messageNumber("m")), m.created_at FROM ai_messages m WHERE m.id = ?1", [SQLValue(question.id)]
    ) { (number: try $0.integer(), time: try $0.time()) }
  }

  /// The message with that number and those around it, as far as they may be recalled.
  func earlierMessages(around number: Int, reach: Int) throws -> [EarlierMessage] {
    // The message first, by its number, then those around it.
    try connection.rows(
      """
      SELECT m.id, \(dialect.messageNumber("m")), m.conversation_id, m.seq, m.role, c.persona_id,
        \(dialect.bytesOfText("m.content")), m.created_at
      FROM ai_messages h \(dialect.joinInOrder) ai_messages m ON m.conversation_id = h.conversation_id
        AND m.seq BETWEEN h.seq - ?2 AND h.seq + ?2
      \(dialect.joinInOrder) ai_conversations c ON c.id = m.conversation_id
      WHERE \(dialect.messageNumber("h")) = ?1 AND m.status NOT IN ('pending', 'streaming', 'blocked', 'superseded')
      """, [.integer(number), .integer(reach)]
    ) { row in
      EarlierMessage(
        id: try row.id(), number: try row.integer(), conversationID: try row.id(), seq: try row.integer(),
        author: try row.word(), personaID: try row.text(), content: try row.textOfBytes(), createdAt: try row.time())
    }
  }
}
