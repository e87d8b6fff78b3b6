/// Which questions a user has asked about a legacy, and which they have skipped.
extension StoreTransaction {
  /// Passes on the texts of the user's messages about a legacy, if they are not longer than that.
  func forEachQuestion(of user: User, about legacyID: LegacyID, upTo length: Int, _ body: (String) throws -> Void)
    throws
  {
    try connection.forEachRow(
      """
      SELECT \(dialect.bytesOfText("m.content"))
      FROM ai_conversations c JOIN ai_messages m ON m.conversation_id = c.id
      WHERE c.user_id = ?1 AND c.legacy_id = ?2 AND m.role = 'user' AND length(m.content) <= ?3
      """, [SQLValue(user.id), SQLValue(legacyID), .integer(length)]
    ) { try body($0.textOfBytes()) }
  }

  /// Passes on the keys of the user's messages about a legacy, each with the name of its conversation, if that has one.
  func forEachKey(
    of user: User, about legacyID: LegacyID, startingWith prefix: String,
    _ body: (_ conversation: String, IdempotencyKey) throws -> Void
  ) throws {
    try connection.forEachRow(
      """
      SELECT c.name, m.idempotency_key
      FROM ai_conversations c JOIN ai_messages m ON m.conversation_id = c.id
      WHERE c.user_id = ?1 AND c.legacy_id = ?2 AND c.name IS NOT NULL AND m.idempotency_key LIKE ?3
      """, [SQLValue(user.id), SQLValue(legacyID), .text("\(prefix)%")]
    ) { try body($0.text(), IdempotencyKey(rawValue: $0.text())) }
  }

  /// The ids of the questions that the user has skipped about a legacy.
  func skippedQuestions(of user: User, about legacyID: LegacyID) throws -> Set<String> {
    Set(
      try connection.rows(
        "SELECT question_id FROM skipped_questions WHERE user_id = ?1 AND legacy_id = ?2",
        [SQLValue(user.id), SQLValue(legacyID)]
      ) { try $0.text() })
  }

  func skipQuestion(id: String, of user: User, about legacyID: LegacyID, at time: Timestamp) throws {
    try connection.execute(
      """
      INSERT INTO skipped_questions (user_id, legacy_id, question_id, created_at) VALUES (?1, ?2, ?3, ?4)
      ON CONFLICT (user_id, legacy_id, question_id) DO NOTHING
      """, [SQLValue(user.id), SQLValue(legacyID), .text(id), SQLValue(time)])
  }
}
