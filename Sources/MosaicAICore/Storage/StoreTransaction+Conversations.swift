import GRDB

/// Which conversations of a user are meant.
struct ConversationFilter {
  var legacyID: String?
  var personaID: String?
  var limit: Int?
  var offset: Int?
}

extension StoreTransaction {
  /// The user's conversations, latest activity first, in one query whatever their number.
  func conversations(of user: User, _ filter: ConversationFilter = ConversationFilter()) throws -> [Conversation] {
    var sql = "\(StoreTransaction.selectConversations) WHERE c.user_id = ?"
    var arguments: StatementArguments = [user.id]
    if let legacyID = filter.legacyID {
      sql += " AND c.legacy_id = ?"
      arguments += [legacyID]
    }
    if let personaID = filter.personaID {
      sql += " AND c.persona_id = ?"
      arguments += [personaID]
    }
    sql += " ORDER BY c.activity DESC LIMIT ? OFFSET ?"
    arguments += [filter.limit ?? -1, filter.offset ?? 0]
    return try Row.fetchAll(db, sql: sql, arguments: arguments).map(StoreTransaction.conversation)
  }

  /// The user's conversations whose id begins so.
  func conversations(of user: User, idPrefix: String) throws -> [Conversation] {
    try Row.fetchAll(
      db,
      sql:
        "\(StoreTransaction.selectConversations) WHERE c.user_id = ? AND c.id >= ? AND c.id < ? ORDER BY c.activity DESC",
      arguments: [user.id, idPrefix, idPrefix + "g"]
    ).map(StoreTransaction.conversation)
  }

  /// Adds a conversation without its messages.
  func insertConversation(_ conversation: Archive.Conversation, user: User, legacyID: String, activity: Int) throws {
    try db.execute(
      sql: """
        INSERT INTO ai_conversations
          (id, user_id, legacy_id, persona_id, title, message_count, last_message_at, activity, created_at, updated_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        conversation.id, user.id, legacyID, conversation.personaID, conversation.title, conversation.messageCount,
        conversation.lastMessageAt, activity, conversation.createdAt, conversation.updatedAt,
      ])
  }

  /// The activity of a conversation that comes after all others of the user.
  func nextActivity(of user: User) throws -> Int {
    try Int.fetchOne(
      db, sql: "SELECT coalesce(max(activity), 0) + 1 FROM ai_conversations WHERE user_id = ?", arguments: [user.id])
      ?? 1
  }

  func setTitle(_ title: String, ofConversation id: String, at time: String) throws {
    try db.execute(
      sql: "UPDATE ai_conversations SET title = ?, updated_at = ? WHERE id = ?", arguments: [title, time, id])
  }

  func deleteConversation(id: String) throws {
    try db.execute(sql: "DELETE FROM ai_conversations WHERE id = ?", arguments: [id])
  }

  /// Notes that `count` more messages are shown in the conversation, and makes it its user's latest.
  func touchConversation(id: String, addingMessages count: Int, at time: String) throws {
    try db.execute(
      sql: """
        UPDATE ai_conversations SET message_count = message_count + :count, last_message_at = :time, updated_at = :time,
          activity = (SELECT coalesce(max(activity), 0) + 1 FROM ai_conversations a WHERE a.user_id = ai_conversations.user_id)
        WHERE id = :id
        """, arguments: ["count": count, "time": time, "id": id])
  }

  private static let selectConversations = """
    SELECT c.id, c.user_id, c.legacy_id, l.name AS legacy_name, c.persona_id, c.title, c.message_count, c.last_message_at,
      c.created_at, c.updated_at
    FROM ai_conversations c JOIN legacies l ON l.id = c.legacy_id
    """

  private static func conversation(_ row: Row) -> Conversation {
    Conversation(
      id: row["id"], userID: row["user_id"], legacyID: row["legacy_id"], legacyName: row["legacy_name"],
      personaID: row["persona_id"], title: row["title"], messageCount: row["message_count"],
      lastMessageAt: row["last_message_at"],
      createdAt: row["created_at"], updatedAt: row["updated_at"])
  }
}
