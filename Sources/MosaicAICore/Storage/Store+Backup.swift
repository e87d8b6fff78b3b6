import GRDB

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A copy of a database that was made, and checked.
public struct Backup: Equatable, Sendable {
  /// How much there is of everything.
  public struct Contents: Equatable, Sendable {
    public let users: Int
    public let legacies: Int
    public let conversations: Int
    /// Superseded replies too.
    public let messages: Int

    fileprivate init(_ db: Database) throws {
      func count(_ table: String) throws -> Int { try Int.fetchOne(db, sql: "SELECT count(*) FROM \(table)") ?? 0 }
      users = try count("users")
      legacies = try count("legacies")
      conversations = try count("ai_conversations")
      messages = try count("ai_messages")
    }
  }

  public let path: String
  /// In bytes.
  public let size: Int
  /// The version of the tables.
  public let version: Int
  public let contents: Contents
}

/// Copying a database while others write to it.
extension Store {
  /// Pages that are copied before a signal is looked for.
  private static let pagesPerStep: CInt = 4096

  /// Copies the database at `path` as it is at this moment into one file, which is a database of its own.
  ///
  /// - Parameters:
  ///   - target: gets its name when the copy is complete, checked and on disk; only its owner can read it
  ///   - isReplacing: takes the place of a file that is there
  ///   - cancellation: ends it early; then nothing is left behind
  /// - Throws: `Failure` with code `not_found` where there is no database yet, `usage` for a target that must not be
  ///   replaced, `storage_failed`, `busy` or `interrupted`; nothing is left behind then
  public static func backUp(path: String, to target: String, isReplacing: Bool, cancellation: Cancellation) throws
    -> Backup
  {
    let missing = Failure(
      .notFound, "there is no database yet at \(path)", hint: "`mosaic-ai legacies add NAME` begins one")
    guard access(path, F_OK) == 0 || errno != ENOENT else { throw missing }
    let store = try Store(copying: path)
    guard try store.version() > 0 else { throw missing }
    try check(target, isReplacing: isReplacing, database: path)
    return try store.copy(to: target, isReplacing: isReplacing, cancellation)
  }

  /// Copies the database beside itself before it is brought to a newer version, and keeps the copy.
  ///
  /// - Throws: `Failure` with code `storage_failed` or `busy`
  func copyBeforeMigration(to version: Int) throws {
    var target = "\(queue.path).before-\(version).backup"
    // One of an earlier time that somebody looks into is left to them.
    while PartialFile.hasLog(target) { target += "-1" }
    _ = try Store(copying: queue.path).copy(to: target, isReplacing: true, .never, newest: version)
  }

  /// - Throws: `Failure` with code `usage` or `storage_failed` for a target that cannot be one
  private static func check(_ target: String, isReplacing: Bool, database path: String) throws {
    var (named, linked) = (stat(), stat())
    let isThere = lstat(target, &named) == 0
    // A link is replaced too, but none to a folder: whoever names one means a place in it.
    let kind = (stat(target, &linked) == 0 ? linked : named).st_mode & S_IFMT
    guard !isThere || [S_IFREG, S_IFLNK].contains(kind) else { throw PartialFile.failure(target, "it is no file") }
    func place(_ path: String) -> String {
      let folder = folder(of: path)
      return "\(resolved(folder) ?? folder)/\(path.split(separator: "/").last ?? "")"
    }
    let own = ["", "-wal", "-shm", "-journal", "-lock"].flatMap { [(resolved(path) ?? path) + $0, place(path) + $0] }
    guard !own.contains(place(target)), resolved(target) != own[0] else {
      throw Failure(.usage, "\(target) is the database itself", hint: "choose another name for the copy")
    }
    if isThere, !isReplacing { throw PartialFile.taken(target) }
    try PartialFile.checkUnused(target)
  }

  private func copy(
    to target: String, isReplacing: Bool, _ cancellation: Cancellation, newest: Int = Schema.version
  ) throws -> Backup {
    let file = try PartialFile(for: target)
    do {
      let contents = try copyPages(to: file.path, for: target, cancellation)
      let version = try check(file.path, against: contents, newest: newest)
      var status = stat()
      guard stat(file.path, &status) == 0 else { throw PartialFile.failure(target, errno) }
      try cancellation.check()
      try file.finish(isReplacing: isReplacing)
      return Backup(path: target, size: Int(status.st_size), version: version, contents: contents)
    } catch {
      file.remove()
      throw error
    }
  }

  /// Copies all pages within one transaction, so that what others write meanwhile is either all there or not at all.
  private func copyPages(to path: String, for target: String, _ cancellation: Cancellation) throws -> Backup.Contents {
    do {
      let copy = try DatabaseQueue(path: path)
      let contents = try queue.read { db in
        // Reading first, which is when the transaction begins.
        let contents = try Backup.Contents(db)
        try copy.writeWithoutTransaction { copy in
          try db.backup(to: copy, pagesPerStep: Store.pagesPerStep) { _ in try cancellation.check() }
        }
        return contents
      }
      // The copy is one file, without a write-ahead log beside it.
      try copy.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = DELETE") }
      try copy.close()
      return contents
    } catch let error as DatabaseError {
      switch error.resultCode {
      case .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_CORRUPT, .SQLITE_NOTADB: throw Store.failure(error, path: queue.path)
      // The connection's own message is of something else: copying is no statement.
      default: throw PartialFile.failure(target, DatabaseError(resultCode: error.resultCode).message ?? "unknown error")
      }
    }
  }

  /// The version of a copy, when it is whole and holds all that it should.
  ///
  /// - Throws: `Failure` with code `storage_failed`
  private func check(_ path: String, against contents: Backup.Contents, newest: Int) throws -> Int {
    // Whatever is wrong with the copy is wrong with what was copied.
    try translated {
      let copy = try DatabaseQueue(path: path, configuration: Store.readingConfiguration)
      let (findings, strays, found) = try copy.read { db in
        (
          try String.fetchAll(db, sql: "PRAGMA integrity_check(1)"),
          try Row.fetchAll(db, sql: "PRAGMA foreign_key_check").count,
          try Backup.Contents(db)
        )
      }
      guard findings == ["ok"], strays == 0, found == contents else {
        throw Failure(
          .storageFailed,
          "the database is damaged: \(findings == ["ok"] ? "rows are missing" : findings.first ?? "no answer")",
          hint: "nothing was copied; restore an earlier backup")
      }
      return try Store.readVersion(copy, newest: newest)
    }
  }
}
