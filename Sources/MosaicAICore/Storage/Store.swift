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
  /// - Throws: `Failure` with code `storage_failed` for a file that cannot be opened, is no database of mosaic-ai or comes
  ///   from a newer version; `busy`
  public static func open(path: String) throws -> Store {
    try createFolder(of: path)
    try createFile(path)
    let realPath = realpath(path, nil).map { pointer in
      defer { free(pointer) }
      return String(cString: pointer)
    }
    return try Store(path: realPath ?? path)
  }

  /// Opens the database at `path` if there is one; else an empty one in memory, so that looking creates nothing.
  ///
  /// - Throws: as `open(path:)`
  public static func openIfPresent(path: String) throws -> Store {
    // A place that cannot even be looked at is no empty database.
    try access(path, F_OK) == 0 || errno != ENOENT ? open(path: path) : inMemory()
  }

  /// An empty database that goes with the process.
  public static func inMemory() throws -> Store { try Store(path: nil) }

  private init(path: String?) throws {
    var configuration = Configuration()
    configuration.busyMode = .callback { tries in
      // Up to 30 s in steps of 1 to 25 ms, at random, so that many who wait do not wake together.
      guard tries * 12 < Store.patience else { return false }
      usleep(UInt32.random(in: 1000...24_000))
      return true
    }
    configuration.prepareDatabase { db in
      try db.execute(sql: "PRAGMA synchronous = FULL; PRAGMA secure_delete = ON")
    }
    do {
      queue = try path.map { try DatabaseQueue(path: $0, configuration: configuration) } ?? DatabaseQueue(configuration: configuration)
      // Before anything is created beside it: a file that is not ours, or too new, is left alone.
      let version = try Store.readVersion(queue)
      liveness = try path.map { try LivenessFile(path: "\($0)-lock") }
      if version < Schema.version { try liveness.map { try $0.whileMigrating(createTables) } ?? createTables() }
    } catch {
      throw Store.failure(error, path: path)
    }
  }

  /// For `openForReading(path:)`: nothing is migrated, and a lock is waited for as long as somebody who looks has patience.
  init(reading path: String) throws {
    liveness = nil
    var configuration = Configuration()
    configuration.busyMode = .timeout(5)
    // A connection that SQLite itself keeps from writing would leave the files of the write-ahead log behind.
    configuration.prepareDatabase { try $0.execute(sql: "PRAGMA query_only = ON") }
    do { queue = try DatabaseQueue(path: path, configuration: configuration) } catch { throw Store.failure(error, path: path) }
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
        let isBusy = try queue.writeWithoutTransaction { try Bool.fetchOne($0, sql: "PRAGMA wal_checkpoint(TRUNCATE)") ?? false }
        if !isBusy { return }
        usleep(50_000)
      }
      throw Failure(
        .busy, "deleted, but another process still reads the write-ahead log, where a trace may remain",
        hint: "it goes when that process ends and mosaic-ai is run again")
    }
  }

  private func transaction<Result>(_ body: (Database) throws -> (Database.TransactionCompletion, Result)) throws -> Result {
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
  static func readVersion(_ queue: DatabaseQueue) throws -> Int {
    let (application, version, isEmpty) = try queue.read { db in
      (
        try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0,
        try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0,
        try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema") == 0
      )
    }
    guard application == Schema.applicationID || (application == 0 && isEmpty) else {
      throw Failure(.storageFailed, "the file is a database, but not one of mosaic-ai", hint: "name another with --database")
    }
    guard version <= Schema.version else {
      throw Failure(
        .storageFailed, "the database was made by a newer version of mosaic-ai (\(version); this one knows \(Schema.version))",
        hint: "update mosaic-ai; the database was left as it is")
    }
    return version
  }

  /// Brings the tables to this program's version, one process at a time.
  private func createTables() throws {
    let version = try Store.readVersion(queue)
    guard version < Schema.version else { return }
    try queue.writeWithoutTransaction { db in
      if liveness != nil { try Store.retryingWhileBusy { try db.execute(sql: "PRAGMA journal_mode = WAL") } }
      try db.inTransaction(.exclusive) {
        for migration in Schema.migrations[version...] { try db.execute(sql: migration) }
        try db.execute(sql: "PRAGMA application_id = \(Schema.applicationID); PRAGMA user_version = \(Schema.version)")
        return .commit
      }
    }
  }

  /// SQLite does not ask its busy handler while it changes the journal mode.
  private static func retryingWhileBusy(_ body: () throws -> Void) throws {
    for _ in 0..<patience / 10 {
      do { return try body() } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY { usleep(10_000) }
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
    let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    guard !folder.isEmpty, access(folder, F_OK) != 0 else { return }
    try createFolder(of: folder)
    guard mkdir(folder, 0o700) == 0 || errno == EEXIST else {
      throw Failure(
        .storageFailed, "cannot create the folder \(folder): \(String(cString: strerror(errno)))",
        hint: "check its permissions, or name another database with --database")
    }
  }

  /// What `body` gives, SQLite's errors as ours.
  func translated<Result>(_ body: () throws -> Result) throws -> Result {
    do { return try body() } catch { throw Store.failure(error, path: queue.path) }
  }

  /// SQLite's errors as ours. Its own texts are used only without the SQL, in which a user's words could stand.
  private static func failure(_ error: any Error, path: String?) -> any Error {
    guard let error = error as? DatabaseError else { return error }
    let place = path.map { "the database \($0)" } ?? "the database"
    let detail = error.message ?? "SQLite error \(error.resultCode.rawValue)"
    switch error.resultCode {
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      return Failure(.busy, "\(place) is locked by another process", hint: "try again when it has finished")
    case .SQLITE_FULL:
      return Failure(.storageFailed, "no space left for \(place)", hint: "free some disk space, then use send --retry")
    case .SQLITE_NOTADB, .SQLITE_CORRUPT:
      return Failure(
        .storageFailed, "\(place) is damaged or no database: \(detail)", hint: "restore a backup, or name another with --database")
    case .SQLITE_CONSTRAINT, .SQLITE_MISUSE, .SQLITE_ERROR, .SQLITE_MISMATCH, .SQLITE_RANGE:
      return Failure(.internal, "\(place) refused an operation: \(detail)", hint: "this is a bug in mosaic-ai; please report it")
    default:
      return Failure(
        .storageFailed, "\(place) cannot be used: \(detail)", hint: "check the disk and the permissions of the file and its folder")
    }
  }
}
