/// Earlier messages that may be put before the model again.
extension StoreTransaction {
  /// How many messages the user's conversations about a legacy have, superseded ones not counted.
  func messageCount(of user: User, about legacyID: LegacyID) throws -> Int {
    try connection.integer(
      "SELECT sum(message_count) FROM ai_conversations WHERE user_id = ?1 AND legacy_id = ?2",
      [SQLValue(user.id), SQLValue(legacyID)]) ?? 0
  }

  /// The message with that number; nil if it may not be recalled.
  func earlierMessage(number: Int) throws -> EarlierMessage? {
    try connection.row(
      "\(selectEarlier) WHERE \(dialect.messageNumber("m")) = ?1 AND \(StoreTransaction.mayBeRecalled)",
      [.integer(number)], StoreTransaction.earlierMessage)
  }

  /// The messages right before and after one that may be recalled.
  func messages(beside message: EarlierMessage) throws -> [EarlierMessage] {
    try connection.rows(
      """
      \(selectEarlier) WHERE m.conversation_id = ?1 AND m.seq IN (?2, ?3) AND \(StoreTransaction.mayBeRecalled)
      """, [SQLValue(message.conversationID), .integer(message.seq - 1), .integer(message.seq + 1)],
      StoreTransaction.earlierMessage)
  }

  private static let mayBeRecalled = "m.status NOT IN ('pending', 'streaming', 'blocked', 'superseded')"

  private var selectEarlier: String {
    """
    SELECT m.id, m.conversation_id, m.seq, m.role, c.persona_id, \(dialect.bytesOfText("m.content")), m.created_at
    FROM ai_messages m CROSS JOIN ai_conversations c ON c.id = m.conversation_id
    """
  }

  private static func earlierMessage(_ row: inout SQLRow) throws -> EarlierMessage {
    EarlierMessage(
      id: try row.id(), conversationID: try row.id(), seq: try row.integer(), author: try row.word(),
      personaID: try row.text(), content: try row.textOfBytes(), createdAt: try row.time())
  }
}
