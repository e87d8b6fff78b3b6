/// Where the database is.
package enum DatabaseLocation: Equatable, Sendable, CustomStringConvertible {
  /// In a file of SQLite's, at this path.
  case file(String)
  /// On a PostgreSQL server.
  case server(PostgresAddress)

  /// As it can be shown: without a password.
  package var description: String {
    switch self {
    case .file(let path): path
    case .server(let address): address.description
    }
  }

  /// Opens the database, which is created if it is missing.
  ///
  /// - Throws: as `SQLiteStore.open(path:)` and `PostgresStore.open(_:)`
  package func open() throws -> any Store {
    switch self {
    case .file(let path): try SQLiteStore.open(path: path)
    case .server(let address): try PostgresStore.open(address)
    }
  }

  /// Opens the database if there is one; nil otherwise, so that looking creates nothing.
  ///
  /// - Throws: as `open()`
  package func openIfPresent() throws -> (any Store)? {
    switch self {
    case .file(let path): try SQLiteStore.openIfPresent(path: path)
    case .server(let address): try PostgresStore.openIfPresent(address)
    }
  }
}
