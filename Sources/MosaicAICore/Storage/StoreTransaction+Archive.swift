import Foundation
import GRDB

/// A message, and where it stands in its conversation.
struct PlacedEntry {
  let entry: Archive.Entry
  let seq: Int
  let attempt: Int
}

extension StoreTransaction {
  /// The legacy of that id, whoever's it is.
  func archivedLegacy(id: String) throws -> Archive.Legacy? {
    try Row.fetchOne(db, sql: "SELECT id, name, created_at, updated_at FROM legacies WHERE id = ?", arguments: [id])
      .map(StoreTransaction.archivedLegacy)
  }

  /// The legacies the user may chat about, and those they have conversations about.
  func readableLegacies(of user: User) throws -> [Archive.Legacy] {
    try Row.fetchAll(
      db,
      sql: """
        SELECT id, name, created_at, updated_at FROM legacies
        WHERE id IN (SELECT legacy_id FROM legacy_members WHERE user_id = :user AND role <> 'pending')
          OR id IN (SELECT legacy_id FROM ai_conversations WHERE user_id = :user)
        """, arguments: ["user": user.id]
    ).map(StoreTransaction.archivedLegacy)
  }

  private static func archivedLegacy(_ row: Row) -> Archive.Legacy {
    Archive.Legacy(id: row["id"], name: row["name"], createdAt: row["created_at"], updatedAt: row["updated_at"])
  }

  /// All messages of a conversation in order, superseded replies before those that replaced them.
  func entries(ofConversation id: String) throws -> [PlacedEntry] {
    try Row.fetchAll(
      db,
      sql: """
        \(StoreTransaction.selectMessages), seq, attempt, input_tokens, error_code FROM ai_messages WHERE conversation_id = ?
        ORDER BY seq, attempt
        """, arguments: [id]
    ).map { row in
      PlacedEntry(
        entry: Archive.Entry(
          message: try StoreTransaction.message(row), inputTokens: row["input_tokens"], errorCode: row["error_code"]),
        seq: row["seq"], attempt: row["attempt"])
    }
  }

  /// Whose a conversation is, and what about; nil where there is none of that id.
  func owner(ofConversation id: String) throws -> (userID: String, legacyID: String, personaID: String)? {
    try Row.fetchOne(
      db, sql: "SELECT user_id, legacy_id, persona_id FROM ai_conversations WHERE id = ?", arguments: [id]
    )
    .map { ($0["user_id"], $0["legacy_id"], $0["persona_id"]) }
  }

  /// Whether there is a message of that id, in whatever conversation.
  func hasMessage(id: String) throws -> Bool {
    let statement = try db.cachedStatement(sql: "SELECT EXISTS (SELECT 1 FROM ai_messages WHERE id = ?)")
    return try Bool.fetchOne(statement, arguments: [id]) ?? false
  }

  /// What is another one once anything has been written to the database by anybody.
  func state() throws -> [Int] {
    [try Int.fetchOne(db, sql: "PRAGMA data_version") ?? 0, try Int.fetchOne(db, sql: "SELECT total_changes()") ?? 0]
  }

  /// The activity of a conversation that comes before all others of the user, so that `count` of them find room there.
  func earliestActivity(of user: User, count: Int) throws -> Int {
    let earliest = try Int.fetchOne(
      db, sql: "SELECT min(activity) FROM ai_conversations WHERE user_id = ?", arguments: [user.id])
    return (earliest ?? count + 1) - count
  }

  /// Brings a conversation to where it is elsewhere, without its messages. Its place among the others stays.
  func updateConversation(_ conversation: Archive.Conversation) throws {
    try db.execute(
      sql: "UPDATE ai_conversations SET title = ?, message_count = ?, last_message_at = ?, updated_at = ? WHERE id = ?",
      arguments: [
        conversation.title, conversation.messageCount, conversation.lastMessageAt, conversation.updatedAt,
        conversation.id,
      ])
  }

  /// Adds a message as it was elsewhere, or notes what became there of one that is here.
  func putEntry(_ placed: PlacedEntry) throws {
    let (message, entry) = (placed.entry.message, placed.entry)
    let statement = try db.cachedStatement(
      sql: """
        INSERT INTO ai_messages (id, conversation_id, seq, attempt, role, content, token_count, status, stop_reason, model_id,
          input_tokens, error_code, reply_to, created_at)
        VALUES (:id, :conversation, :seq, :attempt, :role, \(StoreTransaction.bytesParameter(":content")), :tokens, :status, :reason,
          :model, :input, :error, :question, :time)
        ON CONFLICT (id) DO UPDATE SET token_count = excluded.token_count, status = excluded.status, stop_reason = excluded.stop_reason,
          model_id = excluded.model_id, input_tokens = excluded.input_tokens, error_code = excluded.error_code
        """)
    try statement.execute(arguments: [
      "id": message.id, "conversation": message.conversationID, "seq": placed.seq, "attempt": placed.attempt,
      "role": message.author.rawValue, "content": Data(message.content.utf8), "tokens": message.tokenCount,
      "status": message.status.rawValue, "reason": message.stopReason, "model": message.modelID,
      "input": entry.inputTokens,
      "error": entry.errorCode, "question": message.replyTo, "time": message.createdAt,
    ])
  }
}
