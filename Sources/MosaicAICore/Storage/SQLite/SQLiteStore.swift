import CSQLite
import Platform
import SQLite
import Synchronization

/// A database in one SQLite file, opened by any number of processes at once.
package final class SQLiteStore: Store {
  let queue: DatabaseQueue
  /// Nil for a database that no other process sees, or that this one does not write to.
  let claims: ClaimFile?
  package let isWritable: Bool
  package let hasNUL = true
  /// Keeps the file from being replaced. Nil without a lock file, as with a backup that is only looked at.
  private let presence: PresenceLock?
  /// While others keep the database locked.
  let patience: Patience
  /// The file that was opened; nil for a database in memory.
  private let identity: FileIdentity?
  /// The write-ahead log as it was written last; nil before.
  private let writtenLog = Mutex<WrittenLog?>(nil)
  /// The most bytes that the file has had.
  private let largestSize: Mutex<Int>

  /// How much of the database to keep in memory, in KiB. All words of the search index fit in for most people.
  private static let cache = 8000

  /// Opens the database at `path`. The database, its folder (0700) and its tables are created if they are missing.
  ///
  /// - Throws: `Failure` with code `storage_failed` for a file that cannot be opened, is not a database of mosaic-ai,
  ///   or was made by a newer version; `busy`
  package static func open(path: String) throws -> SQLiteStore { try open(path: path, migrations: Schema.migrations) }

  /// With migrations other than this program's: tests give those of versions to come.
  ///
  /// - Parameter isSaving: whether something is about to be saved
  static func open(path: String, migrations: [String], isSaving: Bool = true) throws -> SQLiteStore {
    for _ in 0..<100 {
      // Every process has to find the same files beside the database, whichever links it came by, also the first one.
      let place = try DatabasePath.resolved(path)
      let newFolders = missingFolders(of: place)
      var isNew = false
      do {
        isNew = try makeFile(place)
        if isNew { try makeLockFile(beside: place) }
        return try SQLiteStore(path: place, migrations: migrations)
      } catch is Replaced {
        continue
      } catch {
        if isNew { removeEmpty(place) }
        for folder in newFolders { rmdir(folder.path) }
        throw failureToOpen(error, path: place, isSaving: isSaving)
      }
    }
    // The file system gives it another number each time.
    throw gone(path, "replaced")
  }

  /// Makes the lock file of a new database, and finds out whether anything can be locked there.
  ///
  /// - Throws: `Failure` with code `storage_failed`
  private static func makeLockFile(beside path: String) throws {
    do {
      close(try DatabasePath.open("\(path)-lock", besideDatabase: path))
    } catch let error as LocalFile.SystemError {
      throw DatabasePath.failure("\(path)-lock", besideDatabase: path, error)
    }
    if let failure = ByteLock.failureOfSQLite(besideDatabase: path) { throw failure }
  }

  /// Finds out whether there can be a database at `path`, as far as the path itself tells.
  ///
  /// - Throws: `Failure` with code `storage_failed` if there cannot
  package static func checkPath(_ path: String) throws { _ = try DatabasePath.resolved(path) }

  /// Finds out whether a database can be created at `path`, and leaves nothing behind.
  ///
  /// - Throws: `Failure` with code `storage_failed` if it cannot
  package static func checkPlace(_ path: String) throws {
    let place = try DatabasePath.resolved(path)
    let newFolders = missingFolders(of: place)
    defer { for folder in newFolders { rmdir(folder.path) } }
    if try makeFile(place) { removeEmpty(place) }
  }

  /// The folders that making a file at `path` makes too, the innermost first.
  private static func missingFolders(of path: String) -> [LocalFile] {
    var (missing, folder): ([LocalFile], LocalFile) = ([], LocalFile(path).folder)
    while !folder.exists, folder.path != folder.folder.path {
      missing.append(folder)
      folder = folder.folder
    }
    return missing
  }

  /// Makes the file and its folder if they are missing, unless its lock file is one that cannot be used.
  ///
  /// - Returns: whether it was made now
  private static func makeFile(_ path: String) throws -> Bool {
    try createFolder(of: path)
    if !LocalFile(path).exists, let failure = DatabasePath.failureOfLockFile(besideDatabase: path) { throw failure }
    return try createFile(path)
  }

  /// Another process has put another database in the place of the one that was just opened.
  private struct Replaced: Error {}

  /// Removes the file that was made for a database that then could not be. Other processes that have it open keep it.
  private static func removeEmpty(_ path: String) {
    // With its first page alone, and nothing in its log, it has no table.
    var isEmpty: Bool { LocalFile(path).size ?? .max <= firstPage && LocalFile("\(path)-wal").size ?? 0 == 0 }
    guard isEmpty else { return }
    PresenceLock.ifUnused(path) {
      if isEmpty { for suffix in DatabasePath.suffixes + [""] { unlink(path + suffix) } }
    }
  }

  /// In bytes, as SQLite makes it.
  private static let firstPage = 4096

  /// A failure to open a database, which says that nothing was saved if the disk is full or broken.
  private static func failureToOpen(_ error: any Error, path: String?, isSaving: Bool) -> any Error {
    let failure = failure(error, path: path)
    guard isSaving, let code = (error as? DatabaseError)?.resultCode, [.SQLITE_FULL, .SQLITE_IOERR].contains(code),
      var unsaved = failure as? Failure
    else { return failure }
    unsaved.message += "; nothing was saved"
    return unsaved
  }

  /// Opens the database at `path`; nil if there is none, so that looking creates nothing.
  ///
  /// - Throws: as `open(path:)`
  package static func openIfPresent(path: String) throws -> SQLiteStore? {
    let file = LocalFile(path)
    // A place that cannot even be looked at is not an empty database.
    guard file.exists || errno != ENOENT else { return nil }
    let isWritable = try file.isWritable && LocalFile(DatabasePath.resolved(path)).folder.isWritable
    guard isWritable || !file.isReadable else { return try openUnwritable(path: path) }
    return try open(path: path, migrations: Schema.migrations, isSaving: false)
  }

  /// Opens a backup in a place that cannot be written: nobody can be working on its messages.
  private static func openUnwritable(path: String) throws -> SQLiteStore {
    let store = try openForReading(path: path)
    let version = try store.version()
    guard version == Schema.version else {
      throw Failure(
        .storageFailed,
        "the database \(path) is \(version == 0 ? "empty" : "from an older version"), and cannot be written",
        advice: "copy it to a folder that you can write to")
    }
    return store
  }

  /// An empty database that ends with the process.
  package static func inMemory() throws -> SQLiteStore {
    do {
      return try SQLiteStore(path: nil, migrations: Schema.migrations)
    } catch {
      throw failure(error, path: nil)
    }
  }

  /// - Parameter path: without links; nil for a database in memory
  private init(path: String?, migrations: [String]) throws {
    let patience = Patience(Patience.long)
    self.patience = patience
    var configuration = SQLiteStore.configuration(path, patience)
    configuration.prepareDatabase { db in
      if let path { SQLiteStore.leaveLog(of: path, db) }
      try db.execute(
        sql: "PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA cache_size = -\(SQLiteStore.cache)")
    }
    isWritable = true
    let identity = path.map(FileIdentity.init)
    self.identity = identity
    largestSize = Mutex(path.flatMap { LocalFile($0).size } ?? 0)
    let early = try path.flatMap { try PresenceLock.ifPresent(besideDatabase: $0, patience) }
    do {
      queue =
        try path.map { try DatabaseQueue(path: $0, configuration: configuration) }
        ?? DatabaseQueue(configuration: configuration)
      // Before anything is created beside it: a file that is not ours, or too new, is left alone.
      let version = try SQLiteStore.readVersion(queue, newest: migrations.count)
      try queue.writeWithoutTransaction { csqlite_leave_log($0.sqliteConnection, 0) }
      claims = try path.map { try ClaimFile(besideDatabase: $0, patience) }
      presence = try early ?? path.flatMap { try PresenceLock.ifPresent(besideDatabase: $0, patience) }
      // It may have been replaced before it was locked.
      if let path, FileIdentity(path) != identity { throw Replaced() }
      if let claims {
        if version < migrations.count {
          try claims.whileMigrating { try migrate(migrations) }
        } else if try !hasWriteAheadLog() {
          // A backup that was put in the database's place has no log.
          try claims.whileMigrating { try queue.writeWithoutTransaction(beginWriteAheadLog) }
        }
      } else {
        try migrate(migrations)
      }
      if let path { DatabasePath.giveLogs(of: path) }
    } catch {
      // It was removed, or replaced, before it was opened.
      if let path, FileIdentity(path) != identity { throw Replaced() }
      throw error
    }
  }

  /// For a database that is only looked at: it is neither created nor migrated, and no lock file is made beside it.
  ///
  /// - Parameters:
  ///   - patience: with others who keep it to themselves
  ///   - isAlone: whether the caller keeps everyone else from opening it, and wants SQLite's own errors
  ///   - isReading: keeps this connection from changing anything
  init(looking path: String, _ patience: Patience, isAlone: Bool = false, isReading: Bool = false) throws {
    self.patience = patience
    claims = nil
    isWritable = false
    let place = try DatabasePath.resolved(path)
    presence = isAlone ? nil : try PresenceLock.ifPresent(besideDatabase: place, patience)
    identity = FileIdentity(place)
    largestSize = Mutex(LocalFile(place).size ?? 0)
    var configuration = SQLiteStore.configuration(place, patience)
    // A connection that SQLite itself keeps from writing would not remove the files of the write-ahead log.
    if isReading { configuration.prepareDatabase { try $0.execute(sql: "PRAGMA query_only = ON") } }
    configuration.prepareDatabase { SQLiteStore.leaveLog(of: place, $0) }
    do {
      // A path from far away may be too long for SQLite where it is not resolved.
      queue = try DatabaseQueue(path: place, configuration: configuration)
    } catch {
      throw isAlone ? error : SQLiteStore.failure(error, path: path, patience)
    }
    DatabasePath.giveLogs(of: place)
  }

  /// For `openForReading(path:)`: waits for a lock as long as someone who is only looking has patience.
  convenience init(reading path: String, _ cancellation: Cancellation = .never) throws {
    try self.init(looking: path, Patience(Patience.short, cancellation), isReading: true)
  }

  /// For copies of a database: waits for a lock as long as others may need it.
  convenience init(copying path: String, _ cancellation: Cancellation) throws {
    try self.init(looking: path, Patience(Patience.long, cancellation))
  }

  /// Leaves what others have written to the log as it is, in case this connection is the last one. SQLite removes an
  /// empty log without changing the database.
  private static func leaveLog(of path: String, _ db: Database) {
    guard let size = LocalFile("\(path)-wal").size, size > 0 else { return }
    csqlite_leave_log(db.sqliteConnection, 1)
  }

  /// Waits for others with patience, unless it is locks that do not work, and makes no file.
  static func configuration(_ path: String?, _ patience: Patience) -> Configuration {
    var configuration = Configuration()
    configuration.createsFile = false
    configuration.busyMode = .callback { tries in
      if tries == 0, let path, ByteLock.failureOfSQLite(besideDatabase: path) != nil { return false }
      return patience.isWaiting(tries: tries)
    }
    configuration.endsReading = { patience.isOver }
    return configuration
  }

  package func observe(_ cancellation: Cancellation) { patience.observe(cancellation) }

  package func linger(_ time: Duration) { patience.linger(time) }

  package func read<Result>(_ body: (StoreTransaction) throws -> Result) throws -> Result {
    try translated {
      let result: Result? = try queue.read { db in
        try checkPlace(db, isReading: true)
        let transaction = StoreTransaction(SQLiteConnection(db: db), claims)
        // Whoever only looks can do without knowing who is alive.
        let isSettled = (try? transaction.abandonedQuestions().isEmpty) ?? true
        return try isSettled ? body(transaction) : nil
      }
      if let result { return result }
      _ = try transaction { try ($0.settleAbandonedQuestions(), .commit) }
      return try queue.read { try body(StoreTransaction(SQLiteConnection(db: $0), claims)) }
    }
  }

  package func write<Result>(_ body: (StoreTransaction) throws -> Result) throws -> Result {
    try translated {
      try transaction { transaction in
        try transaction.settleAbandonedQuestions()
        return (try body(transaction), .commit)
      }
    }
  }

  package func write<Result>(adding messages: Int, _ body: (StoreTransaction) throws -> Result) throws -> Result {
    guard messages > SQLiteStore.fewMessages else { return try write(body) }
    try translated { try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA cache_size = -24000") } }
    defer { try? queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA cache_size = -\(SQLiteStore.cache)") } }
    return try write { transaction in
      // Ids come in no order: adding many of them to an index one by one takes much longer than building it at the end.
      let indexes = try transaction.hasMoreMessages(than: messages) ? [] : transaction.dropReplyIndexes()
      let result = try body(transaction)
      // Building an index takes as much memory again.
      try transaction.connection.execute("PRAGMA cache_size = -8000", [])
      for index in indexes { try transaction.connection.execute(index, []) }
      return result
    }
  }

  /// More are worth some preparation.
  private static let fewMessages = 10_000

  package func rehearse<Result>(_ body: (StoreTransaction) throws -> Result) throws -> Result {
    try translated {
      try transaction { transaction in
        try transaction.settleAbandonedQuestions()
        return (try body(transaction), .rollback)
      }
    }
  }

  package func release(_ message: MessageID) { claims?.release(message) }

  /// Overwrites what was deleted in the write-ahead log too.
  package func eraseDeleted() throws {
    try translated {
      let isErased = try patience.wait(.milliseconds(50)) {
        let isBusy = try queue.writeWithoutTransaction {
          try Bool.fetchOne($0, sql: "PRAGMA wal_checkpoint(TRUNCATE)") ?? false
        }
        return isBusy ? nil : true
      }
      guard isErased == nil else { return }
      throw Failure(
        .busy, "deleted, but another process is still reading the write-ahead log, where a trace may remain",
        advice: "the trace goes with the next change after that process has ended")
    }
  }

  /// Runs `body` in a transaction, which ends as `body` says. If it fails or is rolled back, so are its claims.
  private func transaction<Result>(
    _ body: (StoreTransaction) throws -> (Result, Database.TransactionCompletion)
  ) throws -> Result {
    try queue.writeWithoutTransaction { db in
      try checkPlace(db)
      let transaction = StoreTransaction(SQLiteConnection(db: db), claims)
      var outcome: (result: Result, completion: Database.TransactionCompletion)?
      do {
        try db.inTransaction(.immediate) {
          let done = try body(transaction)
          outcome = done
          return done.1
        }
      } catch {
        transaction.releaseClaims()
        throw error
      }
      guard let outcome else { throw Failure(.internal, "a transaction without a result", advice: .reportBug) }
      if outcome.completion == .rollback { transaction.releaseClaims() } else { try checkPlace(db, isWritten: true) }
      return outcome.result
    }
  }

  /// - Parameters:
  ///   - isWritten: whether there was a transaction, which is in the write-ahead log now
  ///   - isReading: whether nothing is going to be written
  /// - Throws: `Failure` with code `storage_failed` if a file that is open is not the one in its place any more, and
  ///   goes with the process, or if it has been cut short
  private func checkPlace(_ db: Database, isWritten: Bool = false, isReading: Bool = false) throws {
    guard let identity else { return }
    let now = FileIdentity(queue.path)
    let log = WrittenLog(of: queue.path)
    let known = writtenLog.withLock { $0 }
    let failure =
      now != identity
      ? SQLiteStore.gone(queue.path, now.isThere ? "replaced" : "deleted")
      : failureOfFile(db, hasLog: known != nil && log.index.isThere)
        ?? failureOfLog(db, log, known, isWritten: isWritten)
    guard var failure else {
      // A connection that only reads does not see what others write to another log, either.
      let isFirstLook = isReading && known == nil && log.identity.isThere && log.index.isThere
      if isWritten || isFirstLook { writtenLog.withLock { $0 = WrittenLog(of: log, after: $0) } }
      return
    }
    // What this connection has in its log must not be brought into a file that others have changed since.
    csqlite_leave_log(db.sqliteConnection, 1)
    if !isReading {
      failure.message += failure.advice == .logGone ? "; what came last may not be saved" : "; nothing is saved"
    }
    throw failure
  }

  /// The failure if someone has cut the file short, or copied another over it. It has its first page from the
  /// beginning.
  private func failureOfFile(_ db: Database, hasLog: Bool) -> Failure? {
    let size = LocalFile(queue.path).size ?? 0
    let largest = largestSize.withLock { largest in
      largest = max(largest, size)
      return largest
    }
    if size == 0 { return SQLiteStore.gone(queue.path, "emptied") }
    if size < largest, csqlite_is_file_cut(db.sqliteConnection) != 0 {
      return SQLiteStore.gone(queue.path, "cut short")
    }
    guard hasLog, csqlite_is_overwritten(db.sqliteConnection) != 0 else { return nil }
    return SQLiteStore.gone(queue.path, "replaced")
  }

  /// The failure if the write-ahead log or its index is not the one that this connection writes to, or has been cut
  /// short.
  private func failureOfLog(_ db: Database, _ log: WrittenLog, _ known: WrittenLog?, isWritten: Bool) -> Failure? {
    guard let known else { return nil }
    let path = "\(queue.path)-wal"
    // A log that is merely gone is still open, and brought into the file at the end; one that others have begun is not
    // ours.
    if log.identity.isThere, known.identity != log.identity, log.change?.size != 0 {
      return SQLiteStore.logGone(path, "replaced")
    }
    guard log.index.isThere else { return nil }
    guard known.index == log.index else {
      // A connection with another index does not see what this one writes, and writes to the same place.
      let isShared = !isWritten && known.identity == log.identity && known.change != log.change
      return isShared ? SQLiteStore.logGone("\(queue.path)-shm", "replaced") : nil
    }
    // What is mapped must not be touched then.
    if log.indexSize < known.indexSize { return SQLiteStore.logGone("\(queue.path)-shm", "cut short") }
    let isCut = known.identity == log.identity && csqlite_is_log_cut(db.sqliteConnection, path) != 0
    return isCut ? SQLiteStore.logGone(path, "cut short") : nil
  }

  private static func gone(_ path: String, _ what: String) -> Failure {
    Failure(.storageFailed, "the database \(path) was \(what) while it was in use", advice: .databaseGone)
  }

  private static func logGone(_ path: String, _ what: String) -> Failure {
    Failure(
      .storageFailed, "\(path), which is part of the database, was \(what) while it was in use", advice: .logGone)
  }

  /// The version of the tables; 0 for a new file.
  ///
  /// - Parameter newest: the newest version that is known
  /// - Throws: `Failure` with code `storage_failed` for a database that is not ours, or that a newer version made
  static func readVersion(_ queue: DatabaseQueue, newest: Int = Schema.version) throws -> Int {
    try queue.read { try readVersion($0, newest: newest) }
  }

  private static func readVersion(_ db: Database, newest: Int) throws -> Int {
    let application = try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0
    let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
    let isEmpty = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema") == 0
    guard application == Schema.applicationID || (application == 0 && isEmpty) else {
      throw Failure(
        .storageFailed, "the file is a database, but not one of mosaic-ai", advice: .change(.database, to: []))
    }
    guard version <= newest else {
      throw Failure(
        .storageFailed,
        "the database is from a newer version (\(version); this one knows up to \(newest))",
        advice: "update the program; the database is unchanged")
    }
    return version
  }

  /// Brings the tables to the version that the migrations lead to, in one transaction, after a copy of what was there.
  /// Only one process at a time does.
  private func migrate(_ migrations: [String]) throws {
    var version = 0
    do {
      try queue.writeWithoutTransaction { db in
        if claims != nil { try beginWriteAheadLog(db) }
        // A table that others refer to can only be rebuilt while foreign keys are not enforced; the outcome is checked.
        try db.execute(sql: "PRAGMA foreign_keys = OFF")
        defer { try? db.execute(sql: "PRAGMA foreign_keys = ON") }
        try db.inTransaction(.immediate) {
          // From here on nobody else writes: what another process has migrated is seen, and the copy lacks nothing.
          version = try SQLiteStore.readVersion(db, newest: migrations.count)
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
      let failure = Failure.from(SQLiteStore.failure(error, path: queue.path))
      let unchanged: Advice = "the database is unchanged"
      throw Failure(
        failure.code,
        "cannot bring the database from version \(version) to \(migrations.count): \(failure.message)",
        advice: failure.advice.map { unchanged.then($0) } ?? unchanged)
    }
  }

  private func hasWriteAheadLog() throws -> Bool {
    try queue.read { try String.fetchOne($0, sql: "PRAGMA journal_mode") } == "wal"
  }

  private func beginWriteAheadLog(_ db: Database) throws {
    // SQLite does not ask its busy handler while it changes the journal mode.
    var busy: DatabaseError?
    let isDone = try patience.wait {
      do {
        try db.execute(sql: "PRAGMA journal_mode = WAL")
        return true
      } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
        busy = error
        return nil
      }
    }
    if isDone == nil, let busy { throw busy }
  }

  /// SQLite would create the file with whatever mode the umask leaves. A file that is there is left alone: closing any
  /// descriptor of it would drop the locks that another store of this process has on it.
  ///
  /// - Returns: whether it was made now
  private static func createFile(_ path: String) throws -> Bool {
    let descriptor = Platform.open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      var error = LocalFile.SystemError.current
      if error.code == EEXIST {
        var status = stat()
        if stat(path, &status) == 0 { return false }
        // A circle of links.
        error = .current
      }
      throw Failure(
        .storageFailed, "cannot create the database \(path): \(error)",
        advice: error.advice ?? .either(["check the permissions of its folder", .change(.database, to: [])]))
    }
    close(descriptor)
    return true
  }

  static func createFolder(of path: String) throws {
    let folder = LocalFile(path).folder
    do {
      try folder.makeFolder()
    } catch {
      throw Failure(
        .storageFailed, "cannot create the folder \(folder.path): \(error)",
        advice: (error as? LocalFile.SystemError)?.advice
          ?? .either(["check the permissions of the folder above it", .change(.database, to: [])]))
    }
  }

  /// What `body` gives, with SQLite's errors translated into ours.
  func translated<Result>(_ body: () throws -> Result) throws -> Result {
    do { return try body() } catch { throw SQLiteStore.failure(error, path: queue.path, patience) }
  }

  /// SQLite's errors as ours. Its own texts are used only without the SQL, in which a user's words could stand.
  ///
  /// - Parameter patience: that ended, if the database was busy
  static func failure(_ error: any Error, path: String?, _ patience: Patience? = nil) -> any Error {
    guard let error = error as? DatabaseError else { return error }
    let database = path.map { "the database \($0)" } ?? "the database"
    let system = error.systemError.map { LocalFile.SystemError(code: $0) }
    let detail = system?.description ?? error.message ?? "SQLite error \(error.resultCode.rawValue)"
    switch error.resultCode {
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      return patience?.interruption ?? path.flatMap(ByteLock.failureOfSQLite)
        ?? Failure(.busy, "another process keeps \(database) locked", advice: "try again when it has finished")
    case .SQLITE_INTERRUPT: return patience?.interruption ?? .interrupted()
    case .SQLITE_FULL:
      return Failure(.storageFailed, "no space left for \(database)", advice: "free some disk space, then try again")
    case .SQLITE_IOERR where error.isOfLock:
      return ByteLock.failure(path ?? "the database", detail)
    case .SQLITE_IOERR where error.isOfSharedMemory:
      return Failure(
        .storageFailed, "cannot share memory with other processes through \(path ?? "the database")-shm: \(detail)",
        advice: .either(["keep the database on a local disk", .change(.database, to: [])]))
    case .SQLITE_IOERR:
      return Failure(
        .storageFailed, "cannot read or write \(database): \(detail)",
        advice: system?.advice ?? "check that the disk is not full, and works")
    case .SQLITE_NOTADB, .SQLITE_CORRUPT:
      return Failure(
        .storageFailed, "\(database) is damaged, or not a database: \(detail)",
        advice: .either([.restoreBackup, .change(.database, to: [])]))
    case .SQLITE_CONSTRAINT, .SQLITE_MISUSE, .SQLITE_ERROR, .SQLITE_MISMATCH, .SQLITE_RANGE:
      return Failure(.internal, "\(database) refused an operation: \(detail)", advice: .reportBug)
    default:
      let isUnwritable = path.map(SQLiteStore.isUnwritable) ?? false
      if let path, !isUnwritable, let failure = DatabasePath.failureOfLogs(of: path) { return failure }
      if error.resultCode == .SQLITE_READONLY || (error.resultCode == .SQLITE_CANTOPEN && isUnwritable) {
        return Failure(
          .storageFailed, "cannot use \(database): SQLite needs to write to it and its folder",
          advice: .either(["check the permissions of both", "copy it to a folder that you can write to"]))
      }
      return Failure(
        .storageFailed, "cannot use \(database): \(detail)",
        advice: system?.advice ?? "check the disk, and the permissions of the file and its folder")
    }
  }

  /// Whether a database is there, but cannot be written, or no file can be made beside it.
  private static func isUnwritable(_ path: String) -> Bool {
    let file = LocalFile((try? LocalFile(path).destination()) ?? path)
    return file.exists && file.isReadable && !(file.isWritable && file.folder.isWritable)
  }
}
