import Platform

/// The rules for the path of a database, and the files next to it.
enum DatabasePath {
  /// The longest path that SQLite opens, with the longest name of a file beside it.
  static let maximumLength = 504

  /// Whether a file that begins so is a database (SQLite's file format, 1.2.1).
  static func isDatabase(_ beginning: [UInt8]) -> Bool { beginning.starts(with: "SQLite format 3\0".utf8) }

  /// What SQLite puts beside a database while it is open, and leaves there when it is not closed.
  static let logs = ["-wal", "-shm", "-journal"]
  /// The endings of every file that may be next to a database, except for copies.
  static let suffixes = logs + ["-lock"]

  /// The path without links of a database, or of where it would be made.
  ///
  /// - Throws: `Failure` with code `storage_failed` if no database can be there, or none of the files beside it
  static func resolved(_ path: String) throws -> String {
    try checkIsFile(path, "database", advice: .change(.database, to: []))
    do {
      let place = try LocalFile(path).destination()
      try checkLength(place, "database")
      return place
    } catch let error as LocalFile.UnreadableLink {
      throw Failure(
        .storageFailed, "cannot use the database \(path): \(error)", advice: "rename the file or folder it leads to")
    }
  }

  /// - Throws: `Failure` with code `storage_failed` if no copy of a database can be there
  static func checkCopy(_ path: String) throws {
    try checkIsFile(path, "file", advice: "give the name of a file")
    try checkLength(path, "file")
  }

  private static func checkIsFile(_ path: String, _ what: String, advice: Advice) throws {
    let file = LocalFile(path)
    if path.hasSuffix("/") || [".", ".."].contains(file.name) || file.isFolder {
      throw Failure(.storageFailed, "the \(what) \(path) is a folder", advice: advice)
    }
    // SQLite would take a device for an empty database, and make files beside it.
    guard file.exists, !file.isRegular else { return }
    throw Failure(.storageFailed, "the \(what) \(path) is not a file", advice: advice)
  }

  private static func checkLength(_ path: String, _ what: String) throws {
    let file = LocalFile(path)
    let (length, name) = (length(ofFolder: file.folder) + 1 + file.name.utf8.count, file.name.utf8.count)
    let longestName = longestName(in: file.folder.path)
    let most = maximumLength
    if length > most {
      throw Failure(
        .storageFailed,
        "the path of the \(what) \(path) is too long: it has \(length) bytes, and at most \(most) are possible",
        advice: "choose a shorter path")
    } else if name > longestName {
      throw Failure(
        .storageFailed,
        "the name of the \(what) \(path) is too long: it has \(name) bytes, and at most \(longestName) are possible",
        advice: "choose a shorter name")
    }
  }

  /// In bytes, as SQLite counts them: from the root, and without the slash after it.
  private static func length(ofFolder folder: LocalFile) -> Int {
    let length = folder.resolvedLength ?? folder.path.utf8.count
    return length == 1 ? 0 : length
  }

  /// A name beside `path` that is its own with something before and after it. A name that would be too long loses its
  /// end.
  ///
  /// - Throws: `Failure` with code `storage_failed` if it would be too long without any of its own name
  static func beside(_ path: String, prefix: String = "", suffix: String) throws -> String {
    let file = LocalFile(path)
    let folder = file.folder.path == "/" ? "" : file.folder.path
    let room = min(longestName(in: file.folder.path), maximumLength - length(ofFolder: file.folder) - 1)
    var name = file.name
    while !name.isEmpty, prefix.utf8.count + name.utf8.count + suffix.utf8.count > room { name.removeLast() }
    guard !name.isEmpty else {
      throw Failure(
        .storageFailed, "the path \(path) is too long: it leaves no room for a file beside it that ends in \(suffix)",
        advice: "choose a shorter path")
    }
    return "\(folder)/\(prefix)\(name)\(suffix)"
  }

  /// The first name beside `path` that `isFree`: with the suffix alone, or a number after it.
  ///
  /// - Throws: as `beside(_:prefix:suffix:)`
  static func free(beside path: String, suffix: String, where isFree: (String) -> Bool) throws -> String {
    var (name, number) = (try beside(path, suffix: suffix), 1)
    while !isFree(name) {
      name = try beside(path, suffix: "\(suffix)-\(number)")
      number += 1
    }
    return name
  }

  /// The longest name that a database can have there, in bytes: files beside it have longer ones.
  private static func longestName(in folder: String) -> Int {
    let limit = pathconf(folder, Int32(_PC_NAME_MAX))
    return (limit > 0 ? limit : 255) - (suffixes.map(\.utf8.count).max() ?? 0)
  }

  // MARK: Files beside a database

  /// Opens a file beside a database for reading and writing. One that is made belongs to the database's owner, with its
  /// permissions, so that a process of another user does not lock the owner out.
  ///
  /// - Throws: `LocalFile.SystemError`
  static func open(_ path: String, besideDatabase database: String) throws -> Int32 {
    // Another process may remove it, and make it again.
    for _ in 0..<100 {
      let made = Platform.open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
      if made >= 0 {
        Ownership(of: database)?.give(to: made)
        return made
      }
      guard errno == EEXIST else { throw LocalFile.SystemError.current }
      if let descriptor = try openPresent(path) {
        // Root gives back what root made before. Its owner opens it to everyone the database is open to.
        if [0, Ownership(of: descriptor)?.user].contains(geteuid()) { Ownership(of: database)?.give(to: descriptor) }
        return descriptor
      }
    }
    throw LocalFile.SystemError(code: ENOENT)
  }

  /// Opens a file beside a database that is there; nil if it is not.
  ///
  /// - Throws: `LocalFile.SystemError`, also for what is not a file
  private static func openPresent(_ path: String) throws(LocalFile.SystemError) -> Int32? {
    // A pipe would be waited for, and a link could lead to a file that is then opened to others.
    let descriptor = Platform.open(path, O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    if descriptor < 0, errno == ENOENT { return nil }
    guard descriptor >= 0 else { throw .current }
    guard LocalFile(path).isRegular else {
      close(descriptor)
      throw LocalFile.SystemError(code: EINVAL)
    }
    return descriptor
  }

  /// Why the lock file of a database cannot be used; nil if it can, or is not there yet.
  static func failureOfLockFile(besideDatabase database: String) -> Failure? {
    let path = "\(database)-lock"
    do {
      if let descriptor = try openPresent(path) { close(descriptor) }
      return nil
    } catch {
      return failure(path, besideDatabase: database, error)
    }
  }

  /// The failure to open a file beside a database.
  static func failure(_ path: String, besideDatabase database: String, _ error: LocalFile.SystemError) -> Failure {
    let file = LocalFile(path)
    var reason = error.description
    var advice = error.advice
    if file.isLink {
      reason = "it is a link"
      advice = .text("delete the link with `rm \(shellQuoted(path))`")
    } else if file.exists, !file.isRegular {
      reason = "it is not a file"
      advice = "move it away"
    } else if error.code == EACCES {
      advice = cure(path, besideDatabase: database)
    }
    return Failure(
      .storageFailed, "cannot open \(path): \(reason)", advice: advice ?? "check the permissions of its folder")
  }

  /// The command that lets this user open a file beside a database; nil if it is something else that keeps them out.
  private static func cure(_ path: String, besideDatabase database: String) -> Advice? {
    guard let own = Ownership(of: path) else { return nil }
    let isMine = own.user == geteuid()
    guard let wanted = Ownership(of: database) else {
      return .text("once nothing uses it, delete it with `\(isMine ? "" : "sudo ")rm \(shellQuoted(path))`")
    }
    let mode = wanted.mode | 0o600
    let chmod = own.mode & mode == mode ? nil : "chmod \(String(mode, radix: 8)) \(shellQuoted(path))"
    let chown = own.owner == wanted.owner ? nil : "chown \(wanted.owner) \(shellQuoted(path))"
    let commands = isMine ? [chmod].compactMap(\.self) : [chown, chmod].compactMap { $0.map { "sudo \($0)" } }
    return commands.isEmpty ? nil : .text("run `\(commands.joined(separator: " && "))`")
  }

  /// The failure of SQLite to open what it has put beside a database itself; nil if this user may use all of that.
  static func failureOfLogs(of database: String) -> Failure? {
    let place = (try? LocalFile(database).destination()) ?? database
    let closed = logs.map { place + $0 }.first { path in
      let file = LocalFile(path)
      return file.exists && !(file.isReadable && file.isWritable) && errno == EACCES
    }
    return closed.map { failure($0, besideDatabase: place, LocalFile.SystemError(code: EACCES)) }
  }

  /// Gives the files that this user's SQLite made beside a database to the group of the database. SQLite does that only
  /// for root.
  static func giveLogs(of database: String) {
    guard let wanted = Ownership(of: database) else { return }
    for path in logs.map({ database + $0 }) {
      guard let own = Ownership(of: path), own.user == geteuid(), own.group != wanted.group else { continue }
      // By its path: closing a descriptor of it would drop SQLite's locks.
      lchown(path, uid_t.max, wanted.group)
    }
  }
}

/// A write-ahead log and its index at one moment.
struct WrittenLog {
  let identity: FileIdentity
  /// Of the file that tells connections what is in the log, and is mapped into their memory.
  let index: FileIdentity
  /// Of the same, in bytes.
  let indexSize: Int
  /// Its size, and when it was written to; nil if it is not there.
  let change: FileChange?

  struct FileChange: Equatable {
    let size: Int
    let seconds: Int
    let nanoseconds: Int
  }

  /// - Parameter database: its path
  init(of database: String) {
    identity = FileIdentity("\(database)-wal")
    index = FileIdentity("\(database)-shm")
    indexSize = LocalFile("\(database)-shm").size ?? 0
    var status = stat()
    change =
      stat("\(database)-wal", &status) == 0
      ? FileChange(
        size: Int(status.st_size), seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec) : nil
  }

  /// The log of a connection after another transaction: the files are those that it has opened, whatever is there now.
  init(of log: WrittenLog, after known: WrittenLog?) {
    (identity, index) = (known?.identity ?? log.identity, known?.index ?? log.index)
    (change, indexSize) = (log.change, log.indexSize)
  }
}

/// Identifies a file, to find out whether a path still leads to it.
struct FileIdentity: Equatable {
  private let device: dev_t
  private let number: ino_t

  /// - Parameter path: links are followed
  init(_ path: String) {
    var status = stat()
    let isThere = stat(path, &status) == 0
    (device, number) = isThere ? (status.st_dev, status.st_ino) : (0, 0)
  }

  init(_ descriptor: Int32) {
    var status = stat()
    let isThere = fstat(descriptor, &status) == 0
    (device, number) = isThere ? (status.st_dev, status.st_ino) : (0, 0)
  }

  /// Whether there is a file.
  var isThere: Bool { number != 0 }
}
