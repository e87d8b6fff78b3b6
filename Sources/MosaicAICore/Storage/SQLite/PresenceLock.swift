import Platform

/// Shows that a process has the database open: a lock on one byte of the lock file, which everyone who opens the database
/// shares, and which whoever replaces it has alone. The kernel drops it however the process ends.
final class PresenceLock: Sendable {
  private let descriptor: Int32

  private static let offset = Int64.max - 2
  /// How long to wait for someone who replaces the database, in milliseconds.
  private static let patience = 30_000

  private init(_ descriptor: Int32) { self.descriptor = descriptor }

  deinit { close(descriptor) }

  /// Shares the lock; nil if there is no lock file, or it cannot be read.
  ///
  /// - Throws: `Failure` with code `busy` if the database is being replaced for too long
  static func ifPresent(besideDatabase path: String) throws -> PresenceLock? {
    let descriptor = open("\(path)-lock", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    let lock = PresenceLock(descriptor)
    for _ in 0..<patience / 10 {
      guard platform_share_byte(descriptor, offset) != 0 else { return lock }
      // A file system without locks has nobody who waits for one.
      guard errno == EAGAIN || errno == EACCES else { return lock }
      usleep(10_000)
    }
    throw Failure(
      .busy, "another process is replacing the database \(path)", advice: "try again when it has finished")
  }

  /// Has the lock alone: nobody has the database open, and nobody opens it.
  ///
  /// - Throws: `Failure` with code `busy` if someone has it open, `storage_failed`
  static func alone(besideDatabase path: String) throws -> PresenceLock {
    let descriptor = open("\(path)-lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw PartialFile.failure("\(path)-lock", .current) }
    let lock = PresenceLock(descriptor)
    guard platform_lock_byte(descriptor, offset, 0) == 0 else {
      throw errno == EAGAIN || errno == EACCES
        ? inUse(path) : PartialFile.failure("\(path)-lock", .current)
    }
    return lock
  }

  /// The failure for a database that someone has open.
  static func inUse(_ path: String) -> Failure {
    Failure(.busy, "another process is using the database \(path)", advice: "try again when it has ended")
  }
}

/// Tells whether a path still leads to the same file.
struct FileIdentity: Equatable {
  private let device: dev_t
  private let number: ino_t

  init(_ path: String) {
    var status = stat()
    let isThere = stat(path, &status) == 0
    (device, number) = isThere ? (status.st_dev, status.st_ino) : (0, 0)
  }

  /// Whether there is a file.
  var isThere: Bool { number != 0 }
}
