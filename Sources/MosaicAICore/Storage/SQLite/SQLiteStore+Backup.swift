import SQLite

import Platform

extension Backup.Contents {
  fileprivate init(_ db: Database) throws {
    func count(_ table: String) throws -> Int { try Int.fetchOne(db, sql: "SELECT count(*) FROM \(table)") ?? 0 }
    self.init(
      users: try count("users"), legacies: try count("legacies"), conversations: try count("ai_conversations"),
      messages: try count("ai_messages"))
  }
}

/// Copying a database while others write to it.
extension SQLiteStore {
  /// How many pages are copied before looking at the cancellation.
  private static let pagesPerStep: CInt = 4096

  /// Copies the database at `path` as it is at this moment into one file, which is a database of its own.
  ///
  /// - Parameters:
  ///   - target: gets its name when the copy is complete, checked and on disk; only its owner can read it
  ///   - isReplacing: takes the place of a file that is there
  ///   - cancellation: ends it early; then no file is left over
  /// - Throws: `Failure` with code `not_found` if the database does not exist yet, `usage` for a target that must not
  ///   be replaced, `storage_failed`, `busy` or `interrupted`; then no file is left over
  package static func backUp(path: String, to target: String, isReplacing: Bool, cancellation: Cancellation) throws
    -> Backup
  {
    let missing = Failure(
      .notFound, "the database \(path) does not exist yet", advice: .addLegacy)
    guard LocalFile(path).exists || errno != ENOENT else { throw missing }
    let store = try SQLiteStore(copying: path, cancellation)
    guard try store.version() > 0 else { throw missing }
    try check(target, isReplacing: isReplacing, database: path)
    return try store.copy(to: target, isReplacing: isReplacing, cancellation)
  }

  /// Copies the database to a file beside it before a migration, and keeps the copy.
  ///
  /// - Throws: `Failure` with code `storage_failed` or `busy`
  func copyBeforeMigration(to version: Int) throws {
    // An earlier copy that is open stays as it is.
    let target = try DatabasePath.free(beside: queue.path, suffix: ".before-\(version).backup") {
      !PartialFile.hasLog($0)
    }
    _ = try SQLiteStore(copying: queue.path, .never).copy(
      to: target, isReplacing: true, .never, newest: version, ownership: Ownership(of: queue.path)?.alone)
  }

  /// - Throws: `Failure` with code `usage` or `storage_failed` for a target that cannot be one
  private static func check(_ target: String, isReplacing: Bool, database path: String) throws {
    var (named, linked) = (stat(), stat())
    let isThere = lstat(target, &named) == 0
    // A link is replaced too, but not a link to a folder: that means a place in the folder.
    let kind = (stat(target, &linked) == 0 ? linked : named).st_mode & S_IFMT
    guard !isThere || [S_IFREG, S_IFLNK].contains(kind) else {
      throw PartialFile.failure(target, "it is not a file", "give the name of a file")
    }
    let own = try [path, DatabasePath.resolved(path)].flatMap { path in
      ([""] + DatabasePath.suffixes).map { FilePlace(path + $0) }
    }
    guard !own.contains(FilePlace(target)), FileIdentity(target) != FileIdentity(path) else {
      throw Failure(.usage, "\(target) is the database itself", advice: "choose another name for the copy")
    }
    if isThere, !isReplacing { throw PartialFile.taken(target) }
    try PartialFile.checkUnused(target)
  }

  /// - Parameter ownership: that of the database, for a copy that belongs to it
  func copy(
    to target: String, isReplacing: Bool, _ cancellation: Cancellation, newest: Int = Schema.version,
    ownership: Ownership? = nil
  ) throws -> Backup {
    let file = try PartialFile(for: target, ownership)
    do {
      let contents = try copyPages(to: file.path, for: target, cancellation)
      let version = try check(file.path, against: contents, newest: newest, cancellation)
      guard let size = LocalFile(file.path).size else { throw PartialFile.failure(target, .current) }
      try cancellation.check()
      try file.finish(isReplacing: isReplacing)
      return Backup(path: target, size: size, version: version, contents: contents)
    } catch {
      file.remove()
      throw error
    }
  }

  /// Copies all pages in one transaction, so that what others write meanwhile is either all there or not at all.
  func copyPages(to path: String, for target: String, _ cancellation: Cancellation) throws -> Backup.Contents {
    do {
      // Nobody else has it open.
      let copy = try DatabaseQueue(path: path, configuration: SQLiteStore.configuration(path, Patience(Patience.short)))
      let contents = try queue.read { db in
        // The transaction begins with the first read.
        let contents = try Backup.Contents(db)
        try copy.writeWithoutTransaction { copy in
          try db.backup(to: copy, pagesPerStep: SQLiteStore.pagesPerStep) { try cancellation.check() }
        }
        return contents
      }
      // The copy is one file, without a write-ahead log beside it.
      try copy.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = DELETE") }
      try copy.close()
      return contents
    } catch let error as DatabaseError {
      switch error.resultCode {
      case .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_INTERRUPT:
        throw SQLiteStore.failure(error, path: queue.path, patience)
      case .SQLITE_FULL: throw PartialFile.failure(target, LocalFile.SystemError(code: ENOSPC))
      default:
        // SQLite opens the copy, its journal and the folder.
        let isShort = error.resultCode == .SQLITE_CANTOPEN && !LocalFile.canOpen(3)
        let system = (isShort ? EMFILE : error.systemError).map { LocalFile.SystemError(code: $0) }
        if let system = system ?? PartialFile.failureToGrow(path) { throw PartialFile.failure(target, system) }
        // The connection's own message is about something else: copying is not a statement.
        throw PartialFile.failure(target, DatabaseError(resultCode: error.resultCode).message ?? "unknown error")
      }
    }
  }

  /// The version of a copy, checked to be complete.
  ///
  /// - Throws: `Failure` with code `storage_failed`
  func check(
    _ path: String, against contents: Backup.Contents, newest: Int, _ cancellation: Cancellation
  ) throws -> Int {
    // A copy that is damaged has a damaged original.
    try translated {
      let copy = try SQLiteStore(reading: path, cancellation).queue
      let (findings, strays, found) = try copy.read { db in
        // Every row is looked up in every index.
        try db.execute(sql: "PRAGMA cache_size = -24000")
        return (
          try String.fetchAll(db, sql: "PRAGMA integrity_check(1)"),
          try Row.fetchAll(db, sql: "PRAGMA foreign_key_check").count,
          try Backup.Contents(db)
        )
      }
      guard findings == ["ok"], strays == 0, found == contents else {
        throw Failure(
          .storageFailed,
          "the database is damaged: \(findings == ["ok"] ? "rows are missing" : findings.first ?? "no answer")",
          advice: Advice.text("nothing was copied").then(.restoreBackup))
      }
      return try SQLiteStore.readVersion(copy, newest: newest)
    }
  }
}

/// A name in a folder, by whichever path that is reached.
private struct FilePlace: Equatable {
  private let folder: FileIdentity
  private let name: String

  init(_ path: String) {
    let file = LocalFile(path)
    (folder, name) = (FileIdentity(file.folder.path), file.name)
  }
}
