import GRDB

/// Looking at a database without changing it.
extension Store {
  /// Opens a database that is there. It is neither created nor migrated, and no lock file is made beside it.
  ///
  /// - Throws: `Failure` with code `storage_failed`
  static func openForReading(path: String) throws -> Store { try Store(reading: path) }

  /// The version of the tables; 0 for a file without any.
  ///
  /// - Throws: `Failure` with code `storage_failed` for a database that is not ours, or comes from a newer version;
  ///   `busy`
  func version() throws -> Int { try translated { try Store.readVersion(queue) } }

  /// What SQLite finds wrong with the file (`PRAGMA quick_check`), in its words; nil where all is well.
  ///
  /// - Throws: `Failure` with code `storage_failed` for what is no database at all; `busy`
  func findDamage() throws -> String? {
    try translated {
      let findings = try queue.read { try String.fetchAll($0, sql: "PRAGMA quick_check(1)") }
      return findings == ["ok"] ? nil : findings.first ?? "no answer"
    }
  }
}
