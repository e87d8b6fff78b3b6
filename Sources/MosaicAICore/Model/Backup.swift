/// A copy of a database that was made and checked.
package struct Backup: Equatable, Sendable {
  /// How much there is of everything.
  package struct Contents: Equatable, Sendable {
    package let users: Int
    package let legacies: Int
    package let conversations: Int
    /// Superseded replies included.
    package let messages: Int
  }

  package let path: String
  /// In bytes.
  package let size: Int
  /// The version of the tables.
  package let version: Int
  package let contents: Contents
}

/// A copy that was put in the database's place.
package struct Restoration: Equatable, Sendable {
  /// The database as it is now.
  package let database: Backup
  /// The path of the previous database; nil if there was none.
  package let kept: String?
  /// Whether the previous database is damaged, and was kept as it is.
  package let isKeptDamaged: Bool
}
