import Platform

/// Locks on single bytes of an open file, which the kernel drops however the process ends.
struct ByteLock {
  let descriptor: Int32

  /// A byte that means nothing.
  private static let trialOffset = Int64.max - 16

  /// Locks a byte, which nobody else may have locked or share. False if someone else has it.
  ///
  /// - Throws: `LocalFile.SystemError` if it is not known whether someone has it
  func take(_ offset: Int64) throws(LocalFile.SystemError) -> Bool {
    try ByteLock.isTaken(platform_lock_byte(descriptor, offset))
  }

  /// Locks a byte that any number may share. False if someone has it alone.
  ///
  /// - Throws: as `take(_:)`
  func share(_ offset: Int64) throws(LocalFile.SystemError) -> Bool {
    try ByteLock.isTaken(platform_share_byte(descriptor, offset))
  }

  func release(_ offset: Int64) { _ = platform_unlock_byte(descriptor, offset) }

  /// Whether someone else has the byte, alone or not.
  ///
  /// - Throws: as `take(_:)`
  func isHeld(_ offset: Int64) throws(LocalFile.SystemError) -> Bool {
    let answer = platform_is_byte_locked(descriptor, offset)
    guard answer >= 0 else { throw .current }
    return answer > 0
  }

  /// Whether claims can be made beside a database.
  ///
  /// - Returns: the failure if they cannot; nil also if there is no lock file
  static func failureOfClaims(besideDatabase path: String) -> Failure? {
    failure(besideDatabase: path) { descriptor in
      // Some file systems can tell of locks, but make none.
      platform_share_byte(descriptor, trialOffset) == 0 && platform_unlock_byte(descriptor, trialOffset) == 0
        ? platform_is_byte_locked(descriptor, trialOffset) : -1
    }
  }

  /// Whether SQLite can lock anything where a database is. It takes some failures of locks for a lock of someone else.
  ///
  /// - Returns: as `failureOfClaims(besideDatabase:)`
  static func failureOfSQLite(besideDatabase path: String) -> Failure? {
    failure(besideDatabase: path) { platform_try_process_lock($0) }
  }

  private static func failure(besideDatabase path: String, _ lock: (Int32) -> Int32) -> Failure? {
    let descriptor = open("\(path)-lock", O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    guard lock(descriptor) < 0 else { return nil }
    let error = LocalFile.SystemError.current
    return error.code == EAGAIN || error.code == EACCES ? nil : failure("\(path)-lock", error)
  }

  private static func isTaken(_ result: Int32) throws(LocalFile.SystemError) -> Bool {
    guard result != 0 else { return true }
    guard errno == EAGAIN || errno == EACCES else { throw .current }
    return false
  }

  /// The failure of locks that do not work, as on some network file systems.
  static func failure(_ path: String, _ reason: some CustomStringConvertible) -> Failure {
    Failure(
      .storageFailed, "cannot lock \(path): \(reason)",
      advice: .either([
        "keep the database on a local disk, or another file system with locks", .change(.database, to: []),
      ]))
  }
}
