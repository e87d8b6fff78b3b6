import CSQLite
import Platform
import SQLite

/// Putting a copy in the database's place.
extension SQLiteStore {
  /// Puts the database in the file `source`, once it is verified, in the place of the one at `path`, which is kept
  /// beside it.
  ///
  /// Whenever it is interrupted, the old database or the new one is in place. The old one is kept before it is
  /// replaced.
  ///
  /// - Parameter cancellation: ends it early; then nothing has changed
  /// - Throws: `Failure` with code `invalid_input` if there is no such file, `usage` if it is the database itself,
  ///   `busy` if any process uses the database, `storage_failed`, or `interrupted`; the database is unchanged then
  package static func restore(_ source: String, to path: String, cancellation: Cancellation) throws -> Restoration {
    guard LocalFile(source).exists || errno != ENOENT else {
      throw Failure(.invalidInput, "the file \(source) does not exist")
    }
    guard !LocalFile(source).isPipe else {
      throw Failure(
        .invalidInput, "\(source) is a pipe, and a copy is restored only from a file",
        advice: "write it to a file first, and restore that")
    }
    let target = try DatabasePath.resolved(path)
    guard FileIdentity(source) != FileIdentity(target) else {
      throw Failure(.usage, "\(source) is the database itself", advice: "name the copy to restore")
    }
    if let failure = ByteLock.failureOfSQLite(besideDatabase: target) { throw failure }
    let store = try openSource(source, cancellation)
    try createFolder(of: target)
    let file = try PartialFile(for: target, Ownership(of: target))
    do {
      let (contents, version) = try copyVerified(store, to: file.path, for: target, cancellation)
      let alone = try PresenceLock.alone(besideDatabase: target)
      defer { withExtendedLifetime(alone) {} }
      let old = try keep(target, cancellation)
      defer { withExtendedLifetime(old.connection) {} }
      guard let size = LocalFile(file.path).size else { throw PartialFile.failure(target, .current) }
      try cancellation.check()
      removeLogs(of: target)
      do {
        try file.finish(isReplacing: true)
      } catch {
        // Beside the new database, SQLite would apply the old one's log to it.
        if FileIdentity(file.path).isThere { old.putBackLogs(of: target) }
        throw error
      }
      return Restoration(
        database: Backup(path: path, size: size, version: version, contents: contents), kept: old.path,
        isKeptDamaged: old.isDamaged)
    } catch {
      file.remove()
      throw error
    }
  }

  /// The copy, which looks like one of ours.
  private static func openSource(_ source: String, _ cancellation: Cancellation) throws -> SQLiteStore {
    try unchanged {
      let store = try SQLiteStore(copying: source, cancellation)
      guard try store.version() > 0 else {
        throw Failure(.storageFailed, "\(source) is empty, not a database of mosaic-ai")
      }
      return store
    }
  }

  private static func copyVerified(
    _ store: SQLiteStore, to path: String, for target: String, _ cancellation: Cancellation
  ) throws -> (Backup.Contents, version: Int) {
    try unchanged {
      let contents = try store.copyPages(to: path, for: target, cancellation)
      return (contents, try store.check(path, against: contents, newest: Schema.version, cancellation))
    }
  }

  /// Gives what `body` gives; its failure says that nothing has changed, and what to do unless it is the copy's fault.
  private static func unchanged<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch var failure as Failure where failure.code == .storageFailed {
      let unchanged: Advice = "nothing has changed"
      let own = failure.advice.flatMap { $0.isAboutDatabase ? nil : $0 }
      failure.advice = unchanged.then(own ?? "restore another copy")
      throw failure
    }
  }

  /// The previous database, locked against other programs.
  private struct Kept {
    /// Where it was copied to; nil if there was none.
    var path: String?
    /// Whether it was copied as it is, unchecked.
    var isDamaged = false
    /// Keeps other programs out of the old file until it is replaced.
    var connection: SQLiteStore?

    /// Gives a database that was not replaced what SQLite left beside it. One that is not damaged has it in itself.
    func putBackLogs(of target: String) {
      guard let path, isDamaged else { return }
      for log in ["-wal", "-journal"] { try? LocalFile(path + log).copy(to: target + log) }
    }
  }

  private static func keep(_ target: String, _ cancellation: Cancellation) throws -> Kept {
    let size = LocalFile(target).size
    guard size ?? 0 > 0 || PartialFile.hasLog(target) else { return Kept() }
    let name = try DatabasePath.free(beside: target, suffix: ".before-restore.backup") {
      !FileIdentity($0).isThere && !LocalFile($0).isLink && !PartialFile.hasLog($0)
    }
    guard let size, size > 0 else {
      try copyAsItIs(target, to: name, cancellation)
      return Kept(path: name, isDamaged: true)
    }
    do {
      let store = try openAlone(target, cancellation)
      // The name is free. Renaming is one step; a link would give the file two names for a moment.
      _ = try store.copy(
        to: name, isReplacing: true, cancellation, newest: .max, ownership: Ownership(of: target))
      return Kept(path: name, connection: store)
    } catch is Damage {
      try copyAsItIs(target, to: name, cancellation)
      return Kept(path: name, isDamaged: true)
    }
  }

  /// The old database is damaged, which does not keep it from being replaced.
  private struct Damage: Error {}

  /// Opens the old database so that nobody else can, and brings its write-ahead log into it.
  ///
  /// - Throws: `Damage`; `Failure` with code `busy` if another program has it open, or `storage_failed` for a file that
  ///   is not a database of ours
  private static func openAlone(_ path: String, _ cancellation: Cancellation) throws -> SQLiteStore {
    let notOurs = Failure(
      .storageFailed, "\(path) is not a database of mosaic-ai, and is not replaced",
      advice: .either(["move it away first", .change(.database, to: [])]))
    do {
      let store: SQLiteStore
      do {
        store = try SQLiteStore(looking: path, Patience(.seconds(1), cancellation), isAlone: true)
      } catch let error as DatabaseError where error.isOfContents {
        throw hasOurHeader(path) ? Damage() : notOurs
      }
      guard try isOurs(store.queue) else { throw notOurs }
      guard try store.queue.read(findDamage) == nil else { throw Damage() }
      try store.queue.writeWithoutTransaction { db in
        // SQLite leaves the write-ahead log only if nobody else has the database open.
        try db.execute(sql: "PRAGMA journal_mode = DELETE")
        try db.execute(sql: "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT")
      }
      return store
    } catch let error as DatabaseError where [.SQLITE_BUSY, .SQLITE_LOCKED].contains(error.resultCode) {
      throw cancellation.isRequested ? cancellation.failure : PresenceLock.inUse(path)
    } catch let error as DatabaseError where error.resultCode == .SQLITE_INTERRUPT {
      throw cancellation.failure
    } catch let error as DatabaseError where error.resultCode == .SQLITE_CORRUPT {
      throw Damage()
    } catch let error as DatabaseError {
      throw SQLiteStore.failure(error, path: path)
    }
  }

  /// Whether the file says that it is ours. One whose header is gone does not.
  private static func isOurs(_ queue: DatabaseQueue) throws -> Bool {
    do {
      return try queue.read { try Int.fetchOne($0, sql: "PRAGMA application_id") } == Schema.applicationID
    } catch let error as DatabaseError where error.resultCode == .SQLITE_NOTADB {
      return false
    }
  }

  /// Whether a file that SQLite cannot read begins as a database of ours does.
  private static func hasOurHeader(_ path: String) -> Bool {
    let header = LocalFile(path).beginning(100)
    guard header.count == 100, DatabasePath.isDatabase(header) else { return false }
    return header[68..<72].reduce(0) { $0 << 8 | Int($1) } == Schema.applicationID
  }

  /// Copies a database that cannot be read, byte by byte, with what SQLite left beside it.
  private static func copyAsItIs(_ path: String, to name: String, _ cancellation: Cancellation) throws {
    var copied: [String] = []
    do {
      for suffix in ["-wal", "-journal", ""] where FileIdentity(path + suffix).isThere {
        try LocalFile(path + suffix).copy(to: name + suffix, cancellation)
        copied.append(name + suffix)
      }
    } catch {
      for copy in copied { unlink(copy) }
      throw (error as? LocalFile.SystemError).map { PartialFile.failure(name, $0) } ?? error
    }
  }

  /// SQLite would apply the log of the old database to the new one. It was copied before, or is empty.
  private static func removeLogs(of path: String) {
    for log in DatabasePath.logs { unlink(path + log) }
  }
}

extension Advice {
  /// Whether it is about a database that cannot be used as it is.
  fileprivate var isAboutDatabase: Bool {
    switch self {
    case .restoreBackup, .change(.database, _): true
    case .steps(let parts), .either(let parts): parts.contains(where: \.isAboutDatabase)
    default: false
    }
  }
}
