/// A message that may be deleted.
package struct DeletableMessage: Equatable, Sendable {
  package let id: MessageID
  package let conversationID: ConversationID
  package let author: Message.Author
  package let status: Message.Status
  /// Of a reply: the message it answers.
  let replyTo: MessageID?
}

/// Deleting single messages.
extension StoreTransaction {
  /// The user's messages whose ids begin with `idPrefix`, which is made of hexadecimal digits and hyphens; at most
  /// `limit` of them.
  func messages(of user: User, idPrefix: String, by author: Message.Author? = nil, limit: Int) throws
    -> [DeletableMessage]
  {
    // Messages are found by their ids, not by searching all of the user's conversations.
    guard let (first, last) = MessageID.bounds(prefix: idPrefix) else { return [] }
    return try connection.rows(
      """
      SELECT m.id, m.conversation_id, m.role, m.status, m.reply_to
      FROM ai_messages m \(dialect.joinInOrder) ai_conversations c ON c.id = m.conversation_id
      WHERE m.id >= ?2 AND m.id <= ?3 AND c.user_id = ?1 AND m.role = coalesce(?5, m.role)
      ORDER BY m.id LIMIT ?4
      """,
      [
        SQLValue(user.id), SQLValue(first), SQLValue(last), .integer(limit), SQLValue(author?.rawValue),
      ],
      StoreTransaction.deletableMessage)
  }

  /// What goes when the message is deleted, itself included: with a question all replies to it, with a reply the
  /// superseded ones before it.
  func messagesDeleted(with message: DeletableMessage) throws -> [DeletableMessage] {
    let columns = "SELECT id, conversation_id, role, status, reply_to FROM ai_messages"
    switch (message.author, message.status) {
    case (.user, _):
      return try connection.rows(
        "\(columns) WHERE id = ?1 UNION ALL \(columns) WHERE reply_to = ?1", [SQLValue(message.id)],
        StoreTransaction.deletableMessage)
    case (.assistant, .superseded):
      return try connection.rows(
        "\(columns) WHERE id = ?1", [SQLValue(message.id)], StoreTransaction.deletableMessage)
    case (.assistant, _):
      return try connection.rows(
        "\(columns) WHERE reply_to = ?1", [SQLValue(message.replyTo)], StoreTransaction.deletableMessage)
    }
  }

  /// Whether the question, or a reply to it, is on its way.
  func isUnderWay(question id: MessageID) throws -> Bool {
    try connection.exists(
      """
      SELECT 1 FROM ai_messages WHERE id = ?1 AND status = 'pending'
      UNION ALL SELECT 1 FROM ai_messages WHERE reply_to = ?1 AND status = 'streaming'
      """, [SQLValue(id)])
  }

  /// Deletes messages, which are all replies to those of them that are questions too.
  func deleteMessages(ids: [MessageID]) throws {
    try removeFromIndex(messages: ids)
    for id in ids { try connection.execute("DELETE FROM ai_messages WHERE id = ?1", [SQLValue(id)]) }
  }

  /// The text of a message.
  func content(ofMessage id: MessageID) throws -> String? {
    try connection.row("SELECT \(dialect.bytesOfText("content")) FROM ai_messages WHERE id = ?1", [SQLValue(id)]) {
      try $0.textOfBytes()
    }
  }

  /// The text of a conversation's first question.
  func firstQuestion(inConversation id: ConversationID) throws -> String? {
    try connection.row(
      """
      SELECT \(dialect.bytesOfText("content")) FROM ai_messages WHERE conversation_id = ?1 AND role = 'user'
      ORDER BY seq LIMIT 1
      """, [SQLValue(id)]
    ) { try $0.textOfBytes() }
  }

  /// The id of a conversation's last message, and its time.
  func lastMessage(inConversation id: ConversationID) throws -> (id: MessageID, createdAt: Timestamp)? {
    try connection.row(
      "SELECT id, created_at FROM ai_messages WHERE conversation_id = ?1 ORDER BY seq DESC, attempt DESC LIMIT 1",
      [SQLValue(id)]
    ) { (try $0.id(), try $0.time()) }
  }

  private static func deletableMessage(_ row: inout SQLRow) throws -> DeletableMessage {
    DeletableMessage(
      id: try row.id(), conversationID: try row.id(), author: try row.word(), status: try row.word(),
      replyTo: row.optionalID())
  }
}
