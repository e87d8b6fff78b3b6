import CSQLite
import CSystem
import GRDB

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The database: one SQLite file, opened by any number of processes at once.
public final class Store: Sendable {
  let queue: DatabaseQueue
  /// Nil for a database in memory, which no other process sees.
  let liveness: LivenessFile?

  /// How long a locked database is waited for, in milliseconds.
  private static let patience = 30_000

  /// Opens the database at `path`, and creates it, its folder (0700) and its tables where they are missing.
  ///
  /// - Throws: `Failure` with code `storage_failed` for a file that cannot be opened, is no database of mosaic-ai or
  ///   comes from a newer version; `busy`
  public static func open(path: String) throws -> Store { try open(path: path, migrations: Schema.migrations) }

  /// With migrations that need not be this program's: tests give those of versions to come.
  static func open(path: String, migrations: [String]) throws -> Store {
    try createFolder(of: path)
    try createFile(path)
    return try Store(path: resolved(path) ?? path, migrations: migrations)
  }

  /// Opens the database at `path` if there is one; else an empty one in memory, so that looking creates nothing.
  ///
  /// - Throws: as `open(path:)`
  public static func openIfPresent(path: String) throws -> Store {
    // A place that cannot even be looked at is no empty database.
    guard access(path, F_OK) == 0 || errno != ENOENT else { return try inMemory() }
    let isWritable = access(path, W_OK) == 0 && access(folder(of: resolved(path) ?? path), W_OK) == 0
    return try isWritable || access(path, R_OK) != 0 ? open(path: path) : openUnwritable(path: path)
  }

  /// Opens a backup where nothing can be written: whether anybody still works on its messages need not be asked.
  private static func openUnwritable(path: String) throws -> Store {
    let store = try openForReading(path: path)
    guard try store.version() == Schema.version else {
      throw Failure(
        .storageFailed, "the database \(path) is of an older version, and cannot be written",
        hint: "look into a copy of it elsewhere")
    }
    return store
  }

  /// An empty database that goes with the process.
  public static func inMemory() throws -> Store { try Store(path: nil, migrations: Schema.migrations) }

  private init(path: String?, migrations: [String]) throws {
    var configuration = Store.patientConfiguration
    configuration.prepareDatabase { db in
      if let path { Store.leaveLog(of: path, db) }
      try db.execute(sql: "PRAGMA synchronous = FULL; PRAGMA secure_delete = ON")
    }
    do {
      queue =
        try path.map { try DatabaseQueue(path: $0, configuration: configuration) }
        ?? DatabaseQueue(configuration: configuration)
      // Before anything is created beside it: a file that is not ours, or too new, is left alone.
      let version = try Store.readVersion(queue, newest: migrations.count)
      try queue.writeWithoutTransaction { csqlite_leave_log($0.sqliteConnection, 0) }
      liveness = try path.map { try LivenessFile(path: "\($0)-lock") }
      if let liveness {
        if version < migrations.count {
          try liveness.whileMigrating { try migrate(migrations) }
        } else if try !hasWriteAheadLog() {
          // A backup that was put in the database's place has none.
          try liveness.whileMigrating { try queue.writeWithoutTransaction(Store.beginWriteAheadLog) }
        }
      } else {
        try migrate(migrations)
      }
    } catch {
      throw Store.failure(error, path: path)
    }
  }

  /// For a database that is only looked at: it is neither created nor migrated, and no lock file is made beside it.
  private init(looking path: String, _ configuration: Configuration) throws {
    liveness = nil
    var configuration = configuration
    configuration.prepareDatabase { Store.leaveLog(of: path, $0) }
    do { queue = try DatabaseQueue(path: path, configuration: configuration) } catch {
      throw Store.failure(error, path: path)
    }
  }

  /// For `openForReading(path:)`.
  convenience init(reading path: String) throws { try self.init(looking: path, Store.readingConfiguration) }

  /// For copies of a database that is there: a lock is waited for as long as others may need it.
  convenience init(copying path: String) throws { try self.init(looking: path, Store.patientConfiguration) }

  /// Leaves what others have written to the log as it is, should this connection be the last. SQLite takes an empty log
  /// away without changing the database.
  private static func leaveLog(of path: String, _ db: Database) {
    var status = stat()
    guard stat("\(resolved(path) ?? path)-wal", &status) == 0, status.st_size > 0 else { return }
    csqlite_leave_log(db.sqliteConnection, 1)
  }

  /// Changes nothing, and waits for a lock as long as somebody who looks has patience.
  static var readingConfiguration: Configuration {
    var configuration = Configuration()
    configuration.busyMode = .timeout(5)
    // A connection that SQLite itself keeps from writing would leave the files of the write-ahead log behind.
    configuration.prepareDatabase { try $0.execute(sql: "PRAGMA query_only = ON") }
    return configuration
  }

  /// Waits for a lock as long as others may need it.
  private static var patientConfiguration: Configuration {
    var configuration = Configuration()
    configuration.busyMode = .callback { tries in
      // Up to 30 s in steps of 1 to 25 ms, at random, so that many who wait do not wake together.
      guard tries * 12 < Store.patience else { return false }
      usleep(UInt32.random(in: 1000...24_000))
      return true
    }
    return configuration
  }

  /// Reads in one transaction.
  ///
  /// - Throws: `Failure` with code `storage_failed` or `busy`; what `body` throws
  public func read<Result>(_ body: (StoreTransaction) throws -> Result) throws -> Result {
    try translated { try queue.read { try body(StoreTransaction($0, liveness)) } }
  }

  /// Writes in one transaction, which waits for its turn, and is on disk when this returns.
  ///
  /// - Throws: as `read(_:)`; then nothing is written
  public func write<Result>(_ body: (StoreTransaction) throws -> Result) throws -> Result {
    try transaction { (.commit, try body(StoreTransaction($0, liveness))) }
  }

  /// Does all that `write(_:)` does, and then undoes it.
  ///
  /// - Throws: as `read(_:)`
  public func rehearse<Result>(_ body: (StoreTransaction) throws -> Result) throws -> Result {
    try transaction { (.rollback, try body(StoreTransaction($0, liveness))) }
  }

  /// Settles what processes that are gone have left unfinished.
  ///
  /// - Throws: as `read(_:)`
  public func settle() throws {
    guard try read({ try $0.hasAbandonedMessages() }) else { return }
    try write { try $0.settleAbandonedMessages() }
  }

  /// Overwrites what has been deleted in the write-ahead log too.
  ///
  /// - Throws: `Failure` with code `busy` where other processes kept reading older states for half a minute
  public func truncateLog() throws {
    try translated {
      for _ in 0..<Store.patience / 50 {
        let isBusy = try queue.writeWithoutTransaction {
          try Bool.fetchOne($0, sql: "PRAGMA wal_checkpoint(TRUNCATE)") ?? false
        }
        if !isBusy { return }
        usleep(50_000)
      }
      throw Failure(
        .busy, "deleted, but another process still reads the write-ahead log, where a trace may remain",
        hint: "it goes when that process ends and mosaic-ai is run again")
    }
  }

  private func transaction<Result>(_ body: (Database) throws -> (Database.TransactionCompletion, Result)) throws
    -> Result
  {
    try translated {
      try queue.writeWithoutTransaction { db in
        var result: Result?
        try db.inTransaction(.immediate) {
          let (completion, value) = try body(db)
          result = value
          return completion
        }
        guard let result else { throw Failure(.internal, "a transaction without a result") }
        return result
      }
    }
  }

  /// The version of the tables; 0 for a new file.
  ///
  /// - Parameter newest: the newest version that is known
  /// - Throws: `Failure` with code `storage_failed` for a database that is not ours, or comes from a newer version
  static func readVersion(_ queue: DatabaseQueue, newest: Int = Schema.version) throws -> Int {
    try queue.read { try readVersion($0, newest: newest) }
  }

  private static func readVersion(_ db: Database, newest: Int) throws -> Int {
    let application = try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0
    let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
    let isEmpty = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema") == 0
    guard application == Schema.applicationID || (application == 0 && isEmpty) else {
      throw Failure(
        .storageFailed, "the file is a database, but not one of mosaic-ai", hint: "name another with --database")
    }
    guard version <= newest else {
      throw Failure(
        .storageFailed, "the database was made by a newer version of mosaic-ai (\(version); this one knows \(newest))",
        hint: "update mosaic-ai; the database was left as it is")
    }
    return version
  }

  /// Brings the tables to the version that the migrations lead to, in one transaction, after a copy of what was there.
  /// One process at a time does.
  private func migrate(_ migrations: [String]) throws {
    var version = 0
    do {
      try queue.writeWithoutTransaction { db in
        if liveness != nil { try Store.beginWriteAheadLog(db) }
        // A table that others refer to can be rebuilt only while nobody enforces that; what comes out is checked.
        try db.execute(sql: "PRAGMA foreign_keys = OFF")
        defer { try? db.execute(sql: "PRAGMA foreign_keys = ON") }
        try db.inTransaction(.immediate) {
          // From here on nobody else writes, so that what another process has migrated is seen, and the copy lacks
          // nothing.
          version = try Store.readVersion(db, newest: migrations.count)
          guard version < migrations.count else { return .rollback }
          if version > 0 { try copyBeforeMigration(to: migrations.count) }
          for migration in migrations[version...] { try db.execute(sql: migration) }
          try db.checkForeignKeys()
          try db.execute(
            sql: "PRAGMA application_id = \(Schema.applicationID); PRAGMA user_version = \(migrations.count)")
          return .commit
        }
      }
    } catch  where version > 0 {
      let failure = Failure.from(Store.failure(error, path: queue.path))
      throw Failure(
        failure.code,
        "the database could not be brought from version \(version) to \(migrations.count): \(failure.message)",
        hint: "it is left as it was\(failure.hint.map { "; \($0)" } ?? "")")
    }
  }

  private func hasWriteAheadLog() throws -> Bool {
    try queue.read { try String.fetchOne($0, sql: "PRAGMA journal_mode") } == "wal"
  }

  private static func beginWriteAheadLog(_ db: Database) throws {
    try retryingWhileBusy { try db.execute(sql: "PRAGMA journal_mode = WAL") }
  }

  /// SQLite does not ask its busy handler while it changes the journal mode.
  private static func retryingWhileBusy(_ body: () throws -> Void) throws {
    for _ in 0..<patience / 10 {
      do { return try body() } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
        usleep(10_000)
      }
    }
    try body()
  }

  /// SQLite would create the file with whatever mode the umask leaves. A file that is there is left alone: closing any
  /// descriptor of it would drop the locks that another store of this process has on it.
  private static func createFile(_ path: String) throws {
    let descriptor = sys_open_creating(path, O_RDWR | O_EXCL, 0o600)
    guard descriptor >= 0 else {
      if errno == EEXIST { return }
      throw Failure(
        .storageFailed, "cannot create the database \(path): \(String(cString: strerror(errno)))",
        hint: "check its folder's permissions, or name another with --database")
    }
    close(descriptor)
  }

  private static func createFolder(of path: String) throws {
    let folder = folder(of: path)
    guard folder != path, access(folder, F_OK) != 0 else { return }
    try createFolder(of: folder)
    guard mkdir(folder, 0o700) == 0 || errno == EEXIST else {
      throw Failure(
        .storageFailed, "cannot create the folder \(folder): \(String(cString: strerror(errno)))",
        hint: "check its permissions, or name another database with --database")
    }
  }

  /// The folder that something is in.
  static func folder(of path: String) -> String {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    return parts.isEmpty ? "." : parts == [""] ? "/" : parts.joined(separator: "/")
  }

  /// The path without links; nil where there is nothing.
  static func resolved(_ path: String) -> String? {
    realpath(path, nil).map { pointer in
      defer { free(pointer) }
      return String(cString: pointer)
    }
  }

  /// What `body` gives, SQLite's errors as ours.
  func translated<Result>(_ body: () throws -> Result) throws -> Result {
    do { return try body() } catch { throw Store.failure(error, path: queue.path) }
  }

  /// SQLite's errors as ours. Its own texts are used only without the SQL, in which a user's words could stand.
  static func failure(_ error: any Error, path: String?) -> any Error {
    guard let error = error as? DatabaseError else { return error }
    let place = path.map { "the database \($0)" } ?? "the database"
    let detail = error.message ?? "SQLite error \(error.resultCode.rawValue)"
    switch error.resultCode {
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      return Failure(.busy, "\(place) is locked by another process", hint: "try again when it has finished")
    case .SQLITE_FULL:
      return Failure(.storageFailed, "no space left for \(place)", hint: "free some disk space, then try again")
    case .SQLITE_NOTADB, .SQLITE_CORRUPT:
      return Failure(
        .storageFailed, "\(place) is damaged or no database: \(detail)",
        hint: "restore a backup, or name another with --database")
    case .SQLITE_CONSTRAINT, .SQLITE_MISUSE, .SQLITE_ERROR, .SQLITE_MISMATCH, .SQLITE_RANGE:
      return Failure(
        .internal, "\(place) refused an operation: \(detail)", hint: "this is a bug in mosaic-ai; please report it")
    default:
      return Failure(
        .storageFailed, "\(place) cannot be used: \(detail)",
        hint: "check the disk and the permissions of the file and its folder")
    }
  }
}
