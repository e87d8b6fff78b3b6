/// Narrows down a user's conversations.
struct ConversationFilter {
  var legacyID: LegacyID?
  /// Whatever its case: it may have been written in another way in personas.yaml.
  var personaID: String?
  /// The same in this very spelling, which is found without a look at other conversations.
  var exactPersonaID: String?
  /// Something was said in this time.
  var span = TimeSpan.always
  var limit: Int?
  var offset: Int?
}

/// Messages that were deleted from a conversation, and the time of the last one that is left.
struct MessageCounts {
  var shown = 0
  var superseded = 0
  var lastMessageAt: Timestamp?
}

/// Conversations without their messages.
extension StoreTransaction {
  /// The user's conversations, latest activity first, in one query no matter how many there are.
  func conversations(of user: User, _ filter: ConversationFilter = ConversationFilter()) throws -> [Conversation] {
    var sql = "\(StoreTransaction.selectConversations) WHERE c.user_id = ?1"
    var arguments = [SQLValue(user.id)]
    func add(_ clause: String, _ value: SQLValue) {
      arguments.append(value)
      sql += " \(clause) ?\(arguments.count)"
    }
    if let legacyID = filter.legacyID { add("AND c.legacy_id =", SQLValue(legacyID)) }
    if let personaID = filter.exactPersonaID { add("AND c.persona_id =", .text(personaID)) }
    if let personaID = filter.personaID { add("AND lower(c.persona_id) =", .text(Persona.key(personaID))) }
    if filter.span != .always {
      let bounds = filter.span.bounds
      add("AND c.last_message_at >=", SQLValue(bounds.first))
      let first = "?\(arguments.count)"
      add("AND c.created_at <=", SQLValue(bounds.last))
      let last = "?\(arguments.count)"
      // Only of those that went on afterwards, the messages themselves have to be looked at.
      sql += """
         AND (c.last_message_at <= \(last) OR EXISTS (SELECT 1 FROM ai_messages m
          WHERE m.conversation_id = c.id AND m.created_at >= \(first) AND m.created_at <= \(last)))
        """
    }
    sql += " ORDER BY c.activity DESC"
    add("LIMIT", .integer(filter.limit ?? .max))
    add("OFFSET", .integer(filter.offset ?? 0))
    return try connection.rows(sql, arguments, StoreTransaction.conversation)
  }

  /// The user's conversations whose ids begin with `idPrefix`, which is made of hexadecimal digits and hyphens.
  func conversations(of user: User, idPrefix: String) throws -> [Conversation] {
    guard let (first, last) = ConversationID.bounds(prefix: idPrefix) else { return [] }
    return try connection.rows(
      """
      \(StoreTransaction.selectConversations) WHERE c.user_id = ?1 AND c.id >= ?2 AND c.id <= ?3
      ORDER BY c.activity DESC
      """, [SQLValue(user.id), SQLValue(first), SQLValue(last)], StoreTransaction.conversation)
  }

  /// The user's conversations of that name (`Rules.isSameConversationName`): those of exactly these bytes first, then
  /// those whose name is written in another way, each in order of latest activity.
  ///
  /// - Parameter legacyID: only those about this legacy
  func conversations(of user: User, named name: String, about legacyID: LegacyID? = nil) throws -> [Conversation] {
    let exact = try conversations(of: user, namedExactly: name, about: legacyID)
    let others = try conversationNames(of: user, about: legacyID).filter {
      Rules.isSameConversationName($0, name) && !$0.hasSameBytes(as: name)
    }
    return try exact + others.flatMap { try conversations(of: user, namedExactly: $0, about: legacyID) }
  }

  private func conversations(
    of user: User, namedExactly name: String, about legacyID: LegacyID?
  ) throws -> [Conversation] {
    // Those of that name are put in order, rather than all of the user's searched in theirs.
    try connection.rows(
      """
      \(StoreTransaction.selectConversations) WHERE c.user_id = ?1 AND c.name = ?2
      \(legacyID == nil ? "" : "AND c.legacy_id = ?3") ORDER BY \(dialect.unindexed("c.activity")) DESC
      """,
      [SQLValue(user.id), .text(name)] + (legacyID.map { [SQLValue($0)] } ?? []), StoreTransaction.conversation)
  }

  /// The names of the user's conversations, each once, in order.
  ///
  /// - Parameter legacyID: only of those about this legacy
  func conversationNames(of user: User, about legacyID: LegacyID? = nil) throws -> [String] {
    try connection.rows(
      """
      SELECT DISTINCT name FROM ai_conversations
      WHERE user_id = ?1 AND name IS NOT NULL \(legacyID == nil ? "" : "AND legacy_id = ?2") ORDER BY name
      """, [SQLValue(user.id)] + (legacyID.map { [SQLValue($0)] } ?? [])
    ) { try $0.text() }
  }

  /// The personas that the user has conversations with.
  func personaIDs(of user: User) throws -> [String] {
    try connection.rows("SELECT DISTINCT persona_id FROM ai_conversations WHERE user_id = ?1", [SQLValue(user.id)]) {
      try $0.text()
    }
  }

  /// The titles of the user's conversations, latest activity first.
  func titles(ofConversationsOf user: User) throws -> [(id: ConversationID, title: String)] {
    try connection.rows(
      "SELECT id, title FROM ai_conversations WHERE user_id = ?1 AND title IS NOT NULL ORDER BY activity DESC",
      [SQLValue(user.id)]
    ) { (try $0.id(), try $0.text()) }
  }

  /// The user's conversation with that id.
  func conversation(_ id: ConversationID, of user: User) throws -> Conversation? {
    try connection.row(
      "\(StoreTransaction.selectConversations) WHERE c.user_id = ?1 AND c.id = ?2", [SQLValue(user.id), SQLValue(id)],
      StoreTransaction.conversation)
  }

  /// The user, legacy and persona of a conversation; nil if none has that id.
  func owner(ofConversation id: ConversationID) throws -> (userID: UserID, legacyID: LegacyID, personaID: String)? {
    try connection.row("SELECT user_id, legacy_id, persona_id FROM ai_conversations WHERE id = ?1", [SQLValue(id)]) {
      (try $0.id(), try $0.id(), try $0.text())
    }
  }

  /// Starts a conversation, which becomes the user's latest.
  func startConversation(
    id: ConversationID, of user: User, about legacyID: LegacyID, with personaID: String, name: String? = nil,
    at time: Timestamp
  ) throws {
    let latest =
      try connection.integer("SELECT max(activity) FROM ai_conversations WHERE user_id = ?1", [SQLValue(user.id)]) ?? 0
    try insertConversation(
      Archive.Conversation(
        id: id, personaID: personaID, name: name, title: nil, messageCount: 0, lastMessageAt: nil, createdAt: time,
        updatedAt: time),
      of: user, about: legacyID, activity: latest + 1)
  }

  /// Adds the conversation of an import, without its messages.
  ///
  /// - Parameter activity: its place among the user's conversations: the latest one has the highest
  func insertConversation(
    _ conversation: Archive.Conversation, of user: User, about legacyID: LegacyID, activity: Int
  ) throws {
    try connection.execute(
      """
      INSERT INTO ai_conversations
        (id, user_id, legacy_id, persona_id, title, message_count, last_message_at, activity, created_at, updated_at,
        name)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
      """,
      [
        SQLValue(conversation.id), SQLValue(user.id), SQLValue(legacyID), .text(conversation.personaID),
        SQLValue(conversation.title), .integer(conversation.messageCount), SQLValue(conversation.lastMessageAt),
        .integer(activity), SQLValue(conversation.createdAt), SQLValue(conversation.updatedAt),
        SQLValue(conversation.name),
      ])
  }

  /// Updates a conversation from an import, without its messages. Its place among the others stays, and so
  /// does its name, which never changes.
  func updateConversation(_ conversation: Archive.Conversation, supersededCount: Int) throws {
    try connection.execute(
      """
      UPDATE ai_conversations SET title = ?1, message_count = ?2, superseded_count = ?3, last_message_at = ?4,
        updated_at = ?5
      WHERE id = ?6
      """,
      [
        SQLValue(conversation.title), .integer(conversation.messageCount), .integer(supersededCount),
        SQLValue(conversation.lastMessageAt), SQLValue(conversation.updatedAt), SQLValue(conversation.id),
      ])
  }

  /// The activity of a conversation that comes before all others of the user, with room for `count` of them there.
  func earliestActivity(of user: User, count: Int) throws -> Int {
    let earliest = try connection.integer(
      "SELECT min(activity) FROM ai_conversations WHERE user_id = ?1", [SQLValue(user.id)])
    return (earliest ?? count + 1) - count
  }

  func setTitle(_ title: String?, ofConversation id: ConversationID, at time: Timestamp) throws {
    try connection.execute(
      "UPDATE ai_conversations SET title = ?1, updated_at = ?2 WHERE id = ?3",
      [SQLValue(title), SQLValue(time), SQLValue(id)])
  }

  func deleteConversation(id: ConversationID) throws {
    try removeFromIndex(conversation: id)
    try connection.execute("DELETE FROM ai_conversations WHERE id = ?1", [SQLValue(id)])
  }

  /// Notes that the conversation shows `count` more messages and has `superseded` more superseded replies, and makes it
  /// its user's latest.
  ///
  /// - Parameter keepingOrder: leaves its place among the user's conversations as it is
  func touchConversation(
    id: ConversationID, addingMessages count: Int, superseded: Int = 0, at time: Timestamp, keepingOrder: Bool = false
  ) throws {
    let latest = """
      (SELECT coalesce(max(activity), 0) + 1 FROM ai_conversations a WHERE a.user_id = ai_conversations.user_id)
      """
    try connection.execute(
      """
      UPDATE ai_conversations SET message_count = message_count + ?1, superseded_count = superseded_count + ?2,
        last_message_at = ?3, updated_at = ?3, activity = \(keepingOrder ? "activity" : latest)
      WHERE id = ?4
      """, [.integer(count), .integer(superseded), SQLValue(time), SQLValue(id)])
  }

  /// Updates the counts and times of a conversation after some of its messages were deleted.
  func recountConversation(_ counts: MessageCounts, title: String?, id: ConversationID, at time: Timestamp) throws {
    try connection.execute(
      """
      UPDATE ai_conversations SET message_count = CASE WHEN message_count > ?1 THEN message_count - ?1 ELSE 0 END,
        superseded_count = CASE WHEN superseded_count > ?2 THEN superseded_count - ?2 ELSE 0 END, title = ?3,
        last_message_at = ?4, updated_at = ?5
      WHERE id = ?6
      """,
      [
        .integer(counts.shown), .integer(counts.superseded), SQLValue(title), SQLValue(counts.lastMessageAt),
        SQLValue(time), SQLValue(id),
      ])
  }

  private static let selectConversations = """
    SELECT c.id, c.user_id, c.legacy_id, l.name, c.persona_id, c.name, c.title, c.message_count, c.superseded_count,
      c.last_message_at, c.created_at, c.updated_at
    FROM ai_conversations c JOIN legacies l ON l.id = c.legacy_id
    """

  private static func conversation(_ row: inout SQLRow) throws -> Conversation {
    Conversation(
      id: try row.id(), userID: try row.id(), legacyID: try row.id(), legacyName: try row.text(),
      personaID: try row.text(), name: row.optionalText(), title: row.optionalText(), messageCount: try row.integer(),
      supersededCount: try row.integer(), lastMessageAt: try row.optionalTime(), createdAt: try row.time(),
      updatedAt: try row.time())
  }
}
