import Platform

/// The rules for the path of a database, and the files next to it.
enum DatabasePath {
  /// The longest path that SQLite opens, with the longest name of a file beside it.
  static let maximumLength = 504

  /// What SQLite puts beside a database while it is open, and leaves there when it is not closed.
  static let logs = ["-wal", "-shm", "-journal"]
  /// The endings of every file that may be next to a database, except for copies.
  static let suffixes = logs + ["-lock"]

  /// - Parameter what: how to call it in the error
  /// - Throws: `Failure` with code `storage_failed` if no database can be there, or none of the files beside it
  static func check(_ path: String, _ what: String = "database") throws {
    let file = LocalFile(path)
    let longestName = longestName(in: file.folder.path)
    let reason: String
    if path.utf8.count > maximumLength {
      reason = "its path has \(path.utf8.count) bytes, and at most \(maximumLength) are possible"
    } else if file.name.utf8.count > longestName {
      reason = "its name has \(file.name.utf8.count) bytes, and at most \(longestName) are possible"
    } else {
      return
    }
    throw Failure(
      .storageFailed, "the name of the \(what) \(path) is too long: \(reason)", advice: "choose a shorter name")
  }

  /// A name beside `path` that is its own with something before and after it. A name that would be too long loses its
  /// end.
  static func beside(_ path: String, prefix: String = "", suffix: String) -> String {
    let file = LocalFile(path)
    let folder = file.folder.path == "/" ? "" : file.folder.path
    let room = min(longestName(in: file.folder.path), maximumLength - folder.utf8.count - 1)
    var name = file.name
    while !name.isEmpty, prefix.utf8.count + name.utf8.count + suffix.utf8.count > room { name.removeLast() }
    return "\(folder)/\(prefix)\(name)\(suffix)"
  }

  /// The first name beside `path` that `isFree`: with the suffix alone, or a number after it.
  static func free(beside path: String, suffix: String, where isFree: (String) -> Bool) -> String {
    var (name, number) = (beside(path, suffix: suffix), 1)
    while !isFree(name) {
      name = beside(path, suffix: "\(suffix)-\(number)")
      number += 1
    }
    return name
  }

  /// The longest name that a database can have there, in bytes: files beside it have longer ones.
  private static func longestName(in folder: String) -> Int {
    let limit = pathconf(folder, Int32(_PC_NAME_MAX))
    return (limit > 0 ? limit : 255) - (suffixes.map(\.utf8.count).max() ?? 0)
  }

  /// Opens a file beside a database for reading and writing. One that is made belongs to the database's owner, with its
  /// permissions, so that a process of another user does not lock the owner out.
  ///
  /// - Throws: `LocalFile.SystemError`
  static func open(_ path: String, besideDatabase database: String) throws -> Int32 {
    while true {
      let made = Platform.open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
      if made >= 0 {
        Ownership(of: database)?.give(to: made)
        return made
      }
      guard errno == EEXIST else { throw LocalFile.SystemError.current }
      let descriptor = Platform.open(path, O_RDWR | O_CLOEXEC)
      // Root gives back what root has made before.
      if descriptor >= 0, geteuid() == 0 { Ownership(of: database)?.give(to: descriptor) }
      if descriptor >= 0 { return descriptor }
      guard errno == ENOENT else { throw LocalFile.SystemError.current }
    }
  }

  /// The failure to open a file beside a database.
  static func failure(_ path: String, besideDatabase database: String, _ error: LocalFile.SystemError) -> Failure {
    var advice = "check the permissions of its folder"
    if error.code == EACCES, let ownership = Ownership(of: path) {
      if ownership.user == geteuid() {
        advice = "run `chmod 600 \(shellQuoted(path))`"
      } else if let owner = Ownership(of: database)?.owner {
        advice = "run `sudo chown \(owner) \(shellQuoted(path))`"
      }
    }
    return Failure(.storageFailed, "cannot open \(path): \(error)", advice: error.advice ?? .text(advice))
  }
}

/// A write-ahead log and its index at one moment.
struct WrittenLog {
  let identity: FileIdentity
  /// Of the file that tells connections what is in the log.
  let index: FileIdentity
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
    var status = stat()
    change =
      stat("\(database)-wal", &status) == 0
      ? FileChange(
        size: Int(status.st_size), seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec) : nil
  }

  /// The log of a connection after another transaction: the files are those that it has opened, whatever is there now.
  init(of log: WrittenLog, after known: WrittenLog?) {
    (identity, index) = (known?.identity ?? log.identity, known?.index ?? log.index)
    change = log.change
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
