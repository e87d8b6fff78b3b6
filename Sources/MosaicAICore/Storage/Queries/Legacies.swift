/// Users, legacies and their members.
extension StoreTransaction {
  /// The user with that handle, if the database knows one: the one with exactly these bytes, or else the first whose
  /// handle is the same text (Unicode: canonically equivalent), since some systems compose accents and others do not.
  func user(handle: String) throws -> User? {
    let exact = try connection.row("SELECT id FROM users WHERE handle = ?1", [.text(handle)]) {
      User(id: try $0.id(), handle: handle)
    }
    if exact != nil || handle.utf8.allSatisfy({ $0 < 0x80 }) { return exact }
    return try connection.rows("SELECT id, handle FROM users ORDER BY created_at, id") {
      User(id: try $0.id(), handle: try $0.text())
    }.first { $0.handle == handle }
  }

  /// All handles that the database knows.
  func handles() throws -> [String] {
    try connection.rows("SELECT handle FROM users ORDER BY handle") { try $0.text() }
  }

  /// Adds a user whose handle nobody has.
  func insertUser(_ user: User, at time: Timestamp) throws {
    try connection.execute(
      "INSERT INTO users (id, handle, created_at) VALUES (?1, ?2, ?3)",
      [SQLValue(user.id), .text(user.handle), SQLValue(time)])
  }

  /// All legacies in which the user has a role, by name.
  func legacies(of user: User) throws -> [Legacy] {
    try connection.rows(
      """
      SELECT l.id, l.name, m.role,
        (SELECT count(*) FROM ai_conversations c WHERE c.user_id = m.user_id AND c.legacy_id = l.id), l.created_at
      FROM legacy_members m JOIN legacies l ON l.id = m.legacy_id
      WHERE m.user_id = ?1 ORDER BY \(dialect.ignoringCase("l.name")), l.created_at, l.id
      """, [SQLValue(user.id)]
    ) {
      Legacy(
        id: try $0.id(), name: try $0.text(), role: try $0.word(), conversationCount: try $0.integer(),
        createdAt: try $0.time())
    }
  }

  /// Whether there is a legacy with that id, no matter whose it is.
  func hasLegacy(id: LegacyID) throws -> Bool {
    try connection.exists("SELECT 1 FROM legacies WHERE id = ?1", [SQLValue(id)])
  }

  /// Adds a legacy with the user as its owner.
  func insertLegacy(_ legacy: Archive.Legacy, owner: User, at time: Timestamp) throws {
    try connection.execute(
      "INSERT INTO legacies (id, name, created_at, updated_at) VALUES (?1, ?2, ?3, ?4)",
      [SQLValue(legacy.id), .text(legacy.name), SQLValue(legacy.createdAt), SQLValue(legacy.updatedAt)])
    try setRole(.owner, of: owner, inLegacy: legacy.id, at: time)
  }

  func renameLegacy(id: LegacyID, to name: String, at time: Timestamp) throws {
    try connection.execute(
      "UPDATE legacies SET name = ?1, updated_at = ?2 WHERE id = ?3", [.text(name), SQLValue(time), SQLValue(id)])
  }

  /// Removes the legacy and, by cascade, everything that anyone has said about it.
  func deleteLegacy(id: LegacyID) throws {
    let conversations = try connection.rows("SELECT id FROM ai_conversations WHERE legacy_id = ?1", [SQLValue(id)]) {
      try $0.id() as ConversationID
    }
    for conversation in conversations { try removeFromIndex(conversation: conversation) }
    try connection.execute("DELETE FROM legacies WHERE id = ?1", [SQLValue(id)])
  }

  /// How many conversations and messages all users have about the legacy.
  func contentCount(ofLegacy id: LegacyID) throws -> (conversations: Int, messages: Int) {
    try connection.row(
      "SELECT count(*), coalesce(sum(message_count), 0) FROM ai_conversations WHERE legacy_id = ?1", [SQLValue(id)]
    ) { (try $0.integer(), try $0.integer()) } ?? (0, 0)
  }

  /// Owners first, then members, then pending ones; each group by handle.
  func members(ofLegacy id: LegacyID) throws -> [Member] {
    try connection.rows(
      """
      SELECT u.id, u.handle, m.role, m.created_at FROM legacy_members m JOIN users u ON u.id = m.user_id
      WHERE m.legacy_id = ?1 ORDER BY CASE m.role WHEN 'owner' THEN 0 WHEN 'member' THEN 1 ELSE 2 END, u.handle
      """, [SQLValue(id)]
    ) {
      Member(userID: try $0.id(), handle: try $0.text(), role: try $0.word(), createdAt: try $0.time())
    }
  }

  func setRole(_ role: Role, of user: User, inLegacy id: LegacyID, at time: Timestamp) throws {
    try connection.execute(
      """
      INSERT INTO legacy_members (legacy_id, user_id, role, created_at) VALUES (?1, ?2, ?3, ?4)
      ON CONFLICT (legacy_id, user_id) DO UPDATE SET role = excluded.role
      """, [SQLValue(id), SQLValue(user.id), .text(role.rawValue), SQLValue(time)])
  }

  func removeMember(_ userID: UserID, fromLegacy id: LegacyID) throws {
    try connection.execute(
      "DELETE FROM legacy_members WHERE legacy_id = ?1 AND user_id = ?2", [SQLValue(id), SQLValue(userID)])
  }

  /// The legacies the user may talk about, and those they have conversations about.
  func readableLegacies(of user: User) throws -> [Archive.Legacy] {
    try connection.rows(
      """
      \(StoreTransaction.selectArchivedLegacies)
      WHERE id IN (SELECT legacy_id FROM legacy_members WHERE user_id = ?1 AND role <> 'pending')
        OR id IN (SELECT legacy_id FROM ai_conversations WHERE user_id = ?1)
      """, [SQLValue(user.id)], StoreTransaction.archivedLegacy)
  }

  /// The legacy with that id, no matter whose it is.
  func archivedLegacy(id: LegacyID) throws -> Archive.Legacy? {
    try connection.row(
      "\(StoreTransaction.selectArchivedLegacies) WHERE id = ?1", [SQLValue(id)], StoreTransaction.archivedLegacy)
  }

  private static let selectArchivedLegacies = "SELECT id, name, created_at, updated_at FROM legacies"

  private static func archivedLegacy(_ row: inout SQLRow) throws -> Archive.Legacy {
    Archive.Legacy(id: try row.id(), name: try row.text(), createdAt: try row.time(), updatedAt: try row.time())
  }
}
