import Platform

/// Shows that a process has the database open: a lock on one byte of the lock file. All processes that have
/// the database open share it; replacing the database needs it alone. The kernel drops it however the process ends.
final class PresenceLock: Sendable {
  private let lock: ByteLock

  private static let offset = Int64.max - 2

  private init(_ descriptor: Int32) { lock = ByteLock(descriptor: descriptor) }

  deinit { close(lock.descriptor) }

  /// Shares the lock; nil if the lock file is missing, or may not be read.
  ///
  /// - Parameter patience: while the database is being replaced
  /// - Throws: `Failure` with code `busy` if the database is being replaced for too long, `storage_failed` or
  ///   `interrupted`
  static func ifPresent(besideDatabase path: String, _ patience: Patience) throws -> PresenceLock? {
    // A pipe would be waited for.
    let lockPath = "\(path)-lock"
    let descriptor = open(lockPath, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      let error = LocalFile.SystemError.current
      if [ENOENT, ENOTDIR, EACCES, EPERM, ELOOP, ENXIO].contains(error.code) { return nil }
      throw DatabasePath.failure(lockPath, besideDatabase: path, error)
    }
    let presence = PresenceLock(descriptor)
    let isShared = patience.wait {
      // Where nothing can be locked, nobody can have it alone either.
      do { return try presence.lock.share(offset) ? true : nil } catch { return true }
    }
    guard isShared != nil else {
      throw patience.interruption
        ?? Failure(
          .busy, "another process is replacing the database \(path)", advice: "try again when it has finished")
    }
    return presence
  }

  /// Has the lock alone: nobody has the database open, and nobody opens it.
  ///
  /// - Throws: `Failure` with code `busy` if someone has it open, `storage_failed`
  static func alone(besideDatabase path: String) throws -> PresenceLock {
    let lockPath = "\(path)-lock"
    let presence: PresenceLock
    do {
      presence = PresenceLock(try DatabasePath.open(lockPath, besideDatabase: path))
    } catch let error as LocalFile.SystemError {
      throw DatabasePath.failure(lockPath, besideDatabase: path, error)
    }
    do {
      guard try presence.lock.take(offset) else { throw inUse(path) }
    } catch let error as LocalFile.SystemError {
      throw ByteLock.failure(lockPath, error)
    }
    return presence
  }

  /// Runs `body` if nobody has the database open, and while nobody opens it.
  static func ifUnused(_ path: String, _ body: () -> Void) {
    guard let descriptor = try? DatabasePath.open("\(path)-lock", besideDatabase: path) else {
      // Nobody can have it open without a lock file.
      if !LocalFile("\(path)-lock").exists { body() }
      return
    }
    let presence = PresenceLock(descriptor)
    // Where nothing can be locked, nobody can use a new database.
    if (try? presence.lock.take(offset)) ?? true { body() }
  }

  /// The failure for a database that another process has open.
  static func inUse(_ path: String) -> Failure {
    Failure(.busy, "another process is using the database \(path)", advice: "try again when it has ended")
  }
}
