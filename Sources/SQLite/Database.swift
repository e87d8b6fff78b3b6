import CSQLite
import Platform

/// How a connection is made.
package struct Configuration {
  /// What to do while another connection keeps the database locked.
  package enum BusyMode {
    case immediateError
    /// Is given the number of tries so far, and says whether to try again.
    case callback((Int) -> Bool)
  }

  package var busyMode = BusyMode.immediateError
  /// Asked again and again while something is read: true ends it with `SQLITE_INTERRUPT`. Nil: nothing ends it.
  package var endsReading: (() -> Bool)?
  /// Whether a file that is missing is made, with whatever permissions the umask leaves.
  package var createsFile = true
  private(set) var preparations: [(Database) throws -> Void] = []

  package init() {}

  /// Adds what is done with each connection before anything else.
  package mutating func prepareDatabase(_ preparation: @escaping (Database) throws -> Void) {
    preparations.append(preparation)
  }
}

/// One connection, used by one thread at a time.
package final class Database {
  /// How a transaction ends.
  package enum TransactionCompletion {
    case commit, rollback
  }

  /// When a transaction takes its locks.
  package enum TransactionKind: String {
    case deferred = "DEFERRED"
    case immediate = "IMMEDIATE"
  }

  let connection: OpaquePointer
  /// Whether SQLite refuses to write here.
  private var isQueryOnly = false
  private var statements: [String: Statement] = [:]
  /// The statement that was asked for last: many are used again and again, and looking for a long one takes a while.
  private var latest: (sql: String, statement: Statement)?
  private let busy: ((Int) -> Bool)?
  private let endsReading: (() -> Bool)?
  /// How many of SQLite's own steps are taken before it is asked: some milliseconds of work.
  private static let stepsBetweenLooks: CInt = 20_000
  private var isClosed = false

  package var sqliteConnection: OpaquePointer? { connection }

  /// How many rows the last statement changed.
  package var changesCount: Int { Int(sqlite3_changes(connection)) }

  /// How many rows this connection has changed.
  package var totalChangesCount: Int { Int(sqlite3_total_changes(connection)) }

  /// Done once, before the first connection.
  private static let prepareLibrary: Void = csqlite_skip_memory_counts()

  /// - Parameter path: nil for a database in memory
  init(path: String?, _ configuration: Configuration) throws {
    _ = Database.prepareLibrary
    var opened: OpaquePointer?
    // SQLite has its own meaning for an empty name, for ":memory:" and, in some builds, for "file:…"; a path is a path.
    let plain = path.map { $0.hasPrefix("/") ? $0 : "./\($0)" } ?? ":memory:"
    let creating = configuration.createsFile || path == nil ? SQLITE_OPEN_CREATE : 0
    let code = sqlite3_open_v2(plain, &opened, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | creating, nil)
    guard code == SQLITE_OK, let opened else {
      defer { sqlite3_close(opened) }
      throw DatabaseError(
        resultCode: .init(rawValue: code), message: opened.map { String(cString: sqlite3_errmsg($0)) },
        systemError: opened.map { sqlite3_system_errno($0) })
    }
    connection = opened
    if case .callback(let callback) = configuration.busyMode { busy = callback } else { busy = nil }
    endsReading = configuration.endsReading
    sqlite3_extended_result_codes(connection, 1)
    csqlite_refuse_quoted_text(connection)
    if busy != nil {
      sqlite3_busy_handler(
        connection,
        { db, tries in
          guard let db, let busy = Unmanaged<Database>.fromOpaque(db).takeUnretainedValue().busy else { return 0 }
          return busy(Int(tries)) ? 1 : 0
        }, Unmanaged.passUnretained(self).toOpaque())
    }
    try execute(sql: "PRAGMA foreign_keys = ON")
    for prepare in configuration.preparations { try prepare(self) }
    isQueryOnly = try Bool.fetchOne(self, sql: "PRAGMA query_only") ?? false
    // A file that is not a database is found here, and not in the middle of something.
    try execute(sql: "SELECT * FROM sqlite_schema LIMIT 1")
  }

  deinit { try? close() }

  /// - Throws: `DatabaseError`, also if the connection is closed already
  func close() throws {
    guard !isClosed else { return }
    statements = [:]
    latest = nil
    let code = sqlite3_close_v2(connection)
    guard code == SQLITE_OK else { throw error(code) }
    isClosed = true
  }

  /// The error that a call of SQLite's ended with.
  func error(_ code: CInt) -> DatabaseError {
    DatabaseError(
      resultCode: .init(rawValue: code), message: String(cString: sqlite3_errmsg(connection)),
      systemError: csqlite_system_error(connection))
  }

  /// The compiled statement, kept for the next time.
  package func cachedStatement(sql: String) throws -> Statement {
    if let latest, latest.sql == sql, !latest.statement.isBusy { return latest.statement }
    if let statement = statements[sql], !statement.isBusy {
      latest = (sql, statement)
      return statement
    }
    guard let statement = try sql.withCString({ try Statement.compile($0, self, isKept: true).statement }) else {
      throw DatabaseError(resultCode: .SQLITE_ERROR, message: "no statement")
    }
    if statements[sql] == nil { statements[sql] = statement }
    return statement
  }

  /// Runs any number of statements, one with parameters.
  package func execute(sql: String, arguments: StatementArguments = StatementArguments()) throws {
    try sql.withCString { start in
      var rest = start
      while rest.pointee != 0 {
        let compiled = try Statement.compile(rest, self, isKept: false)
        rest = compiled.rest
        try compiled.statement?.execute(arguments: arguments)
      }
    }
  }

  /// Runs `body` in a transaction that ends as `body` says, or is rolled back if it fails.
  package func inTransaction(_ kind: TransactionKind, _ body: () throws -> TransactionCompletion) throws {
    try cachedStatement(sql: "BEGIN \(kind.rawValue)").execute()
    do {
      switch try body() {
      case .commit:
        // SQLite itself may have rolled back.
        guard sqlite3_get_autocommit(connection) == 0 else {
          throw DatabaseError(resultCode: .SQLITE_ABORT, message: "the transaction was aborted")
        }
        try cachedStatement(sql: "COMMIT").execute()
      case .rollback: try rollback()
      }
    } catch {
      try? rollback()
      throw error
    }
  }

  /// Runs `body` in a transaction that sees one state of the database and changes nothing.
  func reading<Result>(_ body: (Database) throws -> Result) throws -> Result {
    var result: Result?
    listen(true)
    defer { listen(false) }
    if !isQueryOnly { try cachedStatement(sql: "PRAGMA query_only = 1").execute() }
    defer { if !isQueryOnly { try? cachedStatement(sql: "PRAGMA query_only = 0").execute() } }
    try inTransaction(.deferred) {
      result = try body(self)
      return .commit
    }
    guard let result else { throw DatabaseError(resultCode: .SQLITE_ABORT) }
    return result
  }

  /// Lets `endsReading` end what is done from now on, or no longer.
  private func listen(_ isListening: Bool) {
    guard endsReading != nil else { return }
    sqlite3_progress_handler(
      connection, isListening ? Database.stepsBetweenLooks : 0,
      { db in
        guard let db, let ends = Unmanaged<Database>.fromOpaque(db).takeUnretainedValue().endsReading else { return 0 }
        return ends() ? 1 : 0
      }, Unmanaged.passUnretained(self).toOpaque())
  }

  private func rollback() throws {
    if sqlite3_get_autocommit(connection) == 0 { try execute(sql: "ROLLBACK") }
  }

  /// - Throws: `DatabaseError` if a row refers to one that is not there
  package func checkForeignKeys() throws {
    if try !Row.fetchAll(self, sql: "PRAGMA foreign_key_check").isEmpty {
      throw DatabaseError(resultCode: .SQLITE_CONSTRAINT, message: "FOREIGN KEY constraint failed")
    }
  }

  /// Copies all pages to another database.
  ///
  /// - Parameters:
  ///   - pagesPerStep: how many pages to copy before `progress` is called
  ///   - progress: ends the copying by throwing
  package func backup(to target: Database, pagesPerStep: CInt, progress: () throws -> Void) throws {
    guard let backup = sqlite3_backup_init(target.connection, "main", connection, "main") else {
      throw target.error(sqlite3_extended_errcode(target.connection))
    }
    do {
      while true {
        let code = sqlite3_backup_step(backup, pagesPerStep)
        if code == SQLITE_DONE { break }
        guard code == SQLITE_OK else { throw target.error(code) }
        try progress()
      }
    } catch {
      sqlite3_backup_finish(backup)
      throw error
    }
    let code = sqlite3_backup_finish(backup)
    guard code == SQLITE_OK else { throw target.error(code) }
  }
}

/// A connection that threads take turns with. Using it within one of its own turns is a programmer's error, which ends
/// the program rather than waiting for itself.
package final class DatabaseQueue: @unchecked Sendable {
  /// Empty for a database in memory.
  package let path: String
  private let db: Database
  private let turn: UnsafeMutablePointer<pthread_mutex_t>

  /// A database in memory.
  package convenience init(configuration: Configuration = Configuration()) throws {
    try self.init(at: nil, configuration)
  }

  package convenience init(path: String, configuration: Configuration = Configuration()) throws {
    try self.init(at: path, configuration)
  }

  private init(at path: String?, _ configuration: Configuration) throws {
    self.path = path ?? ""
    db = try Database(path: path, configuration)
    turn = .allocate(capacity: 1)
    var attributes = pthread_mutexattr_t()
    pthread_mutexattr_init(&attributes)
    defer { pthread_mutexattr_destroy(&attributes) }
    pthread_mutexattr_settype(&attributes, CInt(PTHREAD_MUTEX_ERRORCHECK))
    pthread_mutex_init(turn, &attributes)
  }

  deinit {
    pthread_mutex_destroy(turn)
    turn.deallocate()
  }

  /// Runs `body` in a transaction that sees one state of the database and changes nothing.
  package func read<Result>(_ body: (Database) throws -> Result) throws -> Result {
    try inTurn { try db.reading(body) }
  }

  /// Runs `body` with the connection to itself.
  package func writeWithoutTransaction<Result>(_ body: (Database) throws -> Result) throws -> Result {
    try inTurn { try body(db) }
  }

  /// Closes the connection.
  package func close() throws { try inTurn { try db.close() } }

  private func inTurn<Result>(_ body: () throws -> Result) rethrows -> Result {
    let failure = pthread_mutex_lock(turn)
    precondition(failure == 0, "the database is used within its own turn")
    defer { pthread_mutex_unlock(turn) }
    return try body()
  }
}
