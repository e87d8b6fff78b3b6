import Platform

/// A file that gets its name only when it is complete and on disk; until then it is hidden beside its future place.
///
/// It is locked while a process works on it, so that a killed process's file can be recognized and replaced.
final class PartialFile {
  /// Its path until then.
  let path: String
  private let target: String
  private let folder: String
  private let descriptor: Int32

  /// The byte that is locked: beyond those that SQLite locks.
  private static let lockOffset = Int64.max - 1

  /// Makes an empty file that only its owner can read.
  ///
  /// - Parameter ownership: that of the database that it belongs to; nil: it is for whoever asks for it
  /// - Throws: `Failure` with code `storage_failed`, or `busy` if another process is making a file for that place
  init(for target: String, _ ownership: Ownership? = nil) throws {
    try DatabasePath.checkCopy(target)
    self.target = target
    folder = LocalFile(target).folder.path
    path = try DatabasePath.beside(target, prefix: ".", suffix: ".partial")
    let abandoned = open(path, O_RDWR | O_NOFOLLOW | O_CLOEXEC)
    guard abandoned >= 0 || errno == ENOENT else {
      let error = LocalFile.SystemError.current
      throw PartialFile.isThere(path) ? PartialFile.unknown(path, error) : PartialFile.failure(target, error)
    }
    defer { if abandoned >= 0 { close(abandoned) } }
    if abandoned >= 0 {
      do {
        guard try PartialFile.lock(abandoned, path) else { throw PartialFile.underWay(target) }
      } catch let error as LocalFile.SystemError {
        throw PartialFile.unknown(path, error)
      }
      PartialFile.remove(path)
    }
    descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw errno == EEXIST ? PartialFile.underWay(target) : PartialFile.failure(target, .current)
    }
    // Without locks, the new file shows by itself that it is being written.
    guard (try? PartialFile.lock(descriptor, path)) ?? true else { throw PartialFile.underWay(target) }
    ownership?.give(to: descriptor)
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Puts it on disk and gives it its name.
  ///
  /// - Parameter isReplacing: takes the place of a file of that name
  /// - Throws: `Failure` with code `storage_failed`, or `usage` if there is such a file and it must not be replaced or
  ///   is in use
  func finish(isReplacing: Bool) throws {
    guard fsync(descriptor) == 0 else { throw PartialFile.failure(target, .current) }
    // What was written and verified is what gets the name.
    guard FileIdentity(descriptor) == FileIdentity(path) else {
      throw PartialFile.failure(target, "another process removed \(path)")
    }
    try PartialFile.checkUnused(target)
    if isReplacing {
      guard rename(path, target) == 0 else { throw PartialFile.failure(target, .current) }
    } else if link(path, target) == 0 {
      unlink(path)
    } else if errno == EEXIST {
      throw PartialFile.taken(target)
    } else {
      // A file system without links, as on USB sticks.
      guard access(target, F_OK) != 0 else { throw PartialFile.taken(target) }
      guard rename(path, target) == 0 else { throw PartialFile.failure(target, .current) }
    }
    try synchronizeFolder()
  }

  /// Removes it, and what SQLite may have put beside it.
  func remove() { PartialFile.remove(path) }

  /// Whether a database of that name is open somewhere, or was not closed: SQLite would apply its log to any file put
  /// there.
  static func hasLog(_ path: String) -> Bool { !logs(of: path).isEmpty }

  /// - Throws: `Failure` with code `usage` if the log of another database would damage a file of that name
  static func checkUnused(_ target: String) throws {
    let logs = logs(of: target)
    guard !logs.isEmpty else { return }
    throw Failure(
      .usage, "\(target) is in use, or was not closed properly",
      advice: "choose another name; or, once nothing uses it, delete \(logs.joined(separator: " and "))")
  }

  /// The failure for a file that exists and must not be replaced.
  static func taken(_ path: String) -> Failure {
    Failure(.usage, "\(path) already exists", advice: .either(["choose another name", .replaceFile]))
  }

  /// The failure for a file that cannot be written.
  static func failure(_ path: String, _ error: LocalFile.SystemError) -> Failure {
    failure(path, error.description, advice(error))
  }

  /// The failure for a file that cannot be written.
  static func failure(_ path: String, _ reason: String, _ advice: Advice? = nil) -> Failure {
    Failure(.storageFailed, "cannot write \(path): \(reason)", advice: advice ?? self.advice(nil))
  }

  /// Why a file that is about to be removed cannot grow; nil if it can. SQLite no longer knows the reason once it has
  /// closed its journal.
  static func failureToGrow(_ path: String) -> LocalFile.SystemError? {
    let descriptor = open(path, O_WRONLY | O_APPEND | O_CLOEXEC)
    guard descriptor >= 0 else { return .current }
    defer { close(descriptor) }
    return Platform.write(descriptor, [0], 1) == 1 ? nil : .current
  }

  /// What to do about a file that cannot be written.
  private static func advice(_ error: LocalFile.SystemError?) -> Advice {
    if let advice = error?.advice { return advice }
    return error?.code == ENOENT
      ? "make its folder first" : "check the permissions of its folder and the space on its disk"
  }

  /// The failure for a partial file that may be another process's.
  private static func unknown(_ path: String, _ error: LocalFile.SystemError) -> Failure {
    // What is in a folder of that name is somebody's.
    let removal = LocalFile(path).isFolder ? "move it away" : "delete it with `rm \(shellQuoted(path))`"
    return Failure(
      .storageFailed, "it is not known whether another process is writing \(path): \(error)",
      advice: error.advice ?? .text("once none is, \(removal)"))
  }

  private static func underWay(_ target: String) -> Failure {
    Failure(.busy, "another process is writing \(target)", advice: "wait until it has finished")
  }

  private static func logs(of path: String) -> [String] { DatabasePath.logs.map { path + $0 }.filter { isThere($0) } }

  private static func isThere(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0
  }

  private static func remove(_ path: String) { for suffix in [""] + DatabasePath.logs { unlink(path + suffix) } }

  /// Locks the file of that name. False if another process has it, or has renamed it meanwhile.
  ///
  /// - Throws: `LocalFile.SystemError` if nothing can be locked there
  private static func lock(_ descriptor: Int32, _ path: String) throws -> Bool {
    guard try ByteLock(descriptor: descriptor).take(lockOffset) else { return false }
    var (opened, named) = (stat(), stat())
    guard fstat(descriptor, &opened) == 0, lstat(path, &named) == 0 else { return false }
    return opened.st_ino == named.st_ino && opened.st_dev == named.st_dev
  }

  /// Puts the name on disk. Some file systems cannot, and do not need to.
  private func synchronizeFolder() throws {
    let descriptor = open(folder, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      // Where things may be put and not looked at, the system has to do without, as SQLite does.
      if errno == EACCES { return }
      throw PartialFile.failure(target, .current)
    }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 || [EINVAL, ENOTSUP].contains(errno) else {
      throw PartialFile.failure(target, .current)
    }
  }
}
