import GRDB

/// What can be read and written within one transaction. Its parts are in the files beside this one.
public struct StoreTransaction {
  let db: Database
  let liveness: LivenessFile?

  init(_ db: Database, _ liveness: LivenessFile?) {
    self.db = db
    self.liveness = liveness
  }
}

extension StoreTransaction {
  /// The user with that handle, if there is one.
  func user(handle: String) throws -> User? {
    try Row.fetchOne(db, sql: "SELECT id FROM users WHERE handle = ?", arguments: [handle])
      .map { User(id: $0["id"], handle: handle) }
  }

  func insertUser(_ user: User, at time: String) throws {
    try db.execute(
      sql: "INSERT INTO users (id, handle, created_at) VALUES (?, ?, ?)", arguments: [user.id, user.handle, time])
  }

  /// All legacies the user has a role in, by name.
  func legacies(of user: User) throws -> [Legacy] {
    try Row.fetchAll(
      db,
      sql: """
        SELECT l.id, l.name, m.role, l.created_at,
          (SELECT count(*) FROM ai_conversations c WHERE c.user_id = m.user_id AND c.legacy_id = l.id) AS conversations
        FROM legacy_members m JOIN legacies l ON l.id = m.legacy_id
        WHERE m.user_id = ? ORDER BY l.name COLLATE NOCASE, l.created_at, l.id
        """, arguments: [user.id]
    ).map(StoreTransaction.legacy)
  }

  /// Whether there is a legacy with that id, whoever's it is.
  func hasLegacy(id: String) throws -> Bool {
    try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM legacies WHERE id = ?)", arguments: [id]) ?? false
  }

  /// Adds a legacy, its owner the user.
  func insertLegacy(_ legacy: Archive.Legacy, owner: User, at time: String) throws {
    try db.execute(
      sql: "INSERT INTO legacies (id, name, created_at, updated_at) VALUES (?, ?, ?, ?)",
      arguments: [legacy.id, legacy.name, legacy.createdAt, legacy.updatedAt])
    try setRole(.owner, of: owner, inLegacy: legacy.id, at: time)
  }

  func renameLegacy(id: String, to name: String, at time: String) throws {
    try db.execute(sql: "UPDATE legacies SET name = ?, updated_at = ? WHERE id = ?", arguments: [name, time, id])
  }

  /// Removes the legacy and, by cascade, all that anybody has said about it.
  func deleteLegacy(id: String) throws {
    try db.execute(sql: "DELETE FROM legacies WHERE id = ?", arguments: [id])
  }

  /// How many conversations and messages anybody has about the legacy.
  func contentCount(ofLegacy id: String) throws -> (conversations: Int, messages: Int) {
    let row = try Row.fetchOne(
      db,
      sql:
        "SELECT count(*) AS conversations, coalesce(sum(message_count), 0) AS messages FROM ai_conversations WHERE legacy_id = ?",
      arguments: [id])
    return (row?["conversations"] ?? 0, row?["messages"] ?? 0)
  }

  /// Owners first, then members, then pending ones; each by handle.
  func members(ofLegacy id: String) throws -> [Member] {
    try Row.fetchAll(
      db,
      sql: """
        SELECT u.id, u.handle, m.role, m.created_at FROM legacy_members m JOIN users u ON u.id = m.user_id WHERE m.legacy_id = ?
        ORDER BY CASE m.role WHEN 'owner' THEN 0 WHEN 'member' THEN 1 ELSE 2 END, u.handle
        """, arguments: [id]
    ).map {
      Member(
        userID: $0["id"], handle: $0["handle"], role: try StoreTransaction.role($0["role"]), createdAt: $0["created_at"]
      )
    }
  }

  func setRole(_ role: Role, of user: User, inLegacy id: String, at time: String) throws {
    try db.execute(
      sql: """
        INSERT INTO legacy_members (legacy_id, user_id, role, created_at) VALUES (?, ?, ?, ?)
        ON CONFLICT (legacy_id, user_id) DO UPDATE SET role = excluded.role
        """, arguments: [id, user.id, role.rawValue, time])
  }

  func removeMember(_ userID: String, fromLegacy id: String) throws {
    try db.execute(sql: "DELETE FROM legacy_members WHERE legacy_id = ? AND user_id = ?", arguments: [id, userID])
  }

  private static func legacy(_ row: Row) throws -> Legacy {
    Legacy(
      id: row["id"], name: row["name"], role: try role(row["role"]), conversationCount: row["conversations"],
      createdAt: row["created_at"])
  }

  private static func role(_ text: String) throws -> Role {
    guard let role = Role(rawValue: text) else { throw Failure(.internal, "the database holds an unknown role") }
    return role
  }
}
