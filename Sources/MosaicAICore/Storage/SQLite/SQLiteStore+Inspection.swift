import Platform
import SQLite

/// Looking at a database without changing it.
extension SQLiteStore {
  /// Opens an existing database. It is neither created nor migrated, and no lock file is made beside it.
  ///
  /// - Throws: `Failure` with code `storage_failed`
  static func openForReading(path: String) throws -> SQLiteStore { try SQLiteStore(reading: path) }

  /// The version of the tables; 0 for a file without any.
  ///
  /// - Throws: `Failure` with code `storage_failed` for a database that is not ours, or that a newer version made;
  ///   `busy`
  func version() throws -> Int { try translated { try SQLiteStore.readVersion(queue) } }

  /// Why nobody can answer messages in the database at `path`, which is without links: its lock file cannot be used, or
  /// the file system has no locks. Nil if it has, or if nobody has used the database yet.
  static func failureOfLocks(path: String) -> Failure? {
    DatabasePath.failureOfLockFile(besideDatabase: path) ?? ByteLock.failureOfClaims(besideDatabase: path)
  }

  /// What to say about the file of a database that has several names, or is mounted by itself and so has one elsewhere:
  /// SQLite takes each for a database of its own. Nil if it has one, or is not there.
  package static func warningOfNames(path: String) -> (message: String, advice: Advice)? {
    if platform_is_mount(path) != 0 {
      return (
        "the file of the database is mounted by itself: what is said here may be lost where it comes from",
        "mount the folder that it is in instead, which has the newest messages in files beside it"
      )
    }
    guard let count = LocalFile(path).nameCount, count > 1 else { return nil }
    return (
      "the file of the database has \(count) names: what is said under one of them may be lost under another",
      .text("use only one; `find / -samefile \(shellQuoted(path))` finds the others")
    )
  }

  /// The damage to the file, in SQLite's words if they are enough; nil if there is none. Reads the whole file.
  ///
  /// - Throws: `Failure` with code `storage_failed` for a file that is not a database; `busy`
  func findDamage() throws -> String? {
    try translated { try queue.read(SQLiteStore.findDamage) }
  }

  /// As `findDamage()`, with SQLite's own errors.
  static func findDamage(_ db: Database) throws -> String? {
    let findings = try String.fetchAll(db, sql: "PRAGMA integrity_check(1)")
    guard findings == ["ok"] else { return findings.first ?? "no answer" }
    let strays = try Row.fetchOne(db, sql: "PRAGMA foreign_key_check")
    return strays == nil ? nil : "rows are missing"
  }
}

extension StoreTransaction {
  /// Drops the indexes that find the replies to a message. Gives the statements that make them again.
  func dropReplyIndexes() throws -> [String] {
    let indexes = try connection.rows(
      "SELECT name, sql FROM sqlite_schema WHERE name IN ('ai_messages_one_reply', 'ai_messages_by_question')"
    ) { (name: try $0.text(), sql: try $0.text()) }
    for index in indexes { try connection.execute("DROP INDEX \(index.name)", []) }
    return indexes.map(\.sql)
  }
}
