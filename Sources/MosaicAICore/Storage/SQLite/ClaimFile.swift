import Platform
import Synchronization

/// Claims as locks on a file beside the database.
///
/// Whoever answers a message holds a lock on one byte of the file, at an offset made from the message's id. The kernel
/// drops the lock however the process ends, so neither a reused process id nor a restarted machine can be mistaken for a
/// living process. The file stays empty.
final class ClaimFile: Claims {
  private let descriptor: Int32
  private let held = Mutex<Set<MessageID>>([])

  /// The byte that is locked while the database is created or migrated. The one before it is `PresenceLock`'s.
  private static let migrationOffset = Int64.max - 1

  /// - Throws: `Failure` with code `storage_failed`
  init(path: String) throws {
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw Failure(
        .storageFailed, "cannot open \(path): \(LocalFile.SystemError.current)",
        advice: "check the permissions of its folder")
    }
  }

  deinit { close(descriptor) }

  func claim(_ message: MessageID) throws {
    guard platform_lock_byte(descriptor, ClaimFile.offset(of: message), 0) == 0 else {
      throw Failure(.busy, "another process is answering this message", advice: "wait until it has finished")
    }
    held.withLock { _ = $0.insert(message) }
  }

  func release(_ message: MessageID) {
    held.withLock { _ = $0.remove(message) }
    _ = platform_unlock_byte(descriptor, ClaimFile.offset(of: message))
  }

  func isClaimed(_ message: MessageID) -> Bool {
    // If the lock cannot be tested, it counts as held: settling too late loses nothing.
    held.withLock { $0.contains(message) } || platform_is_byte_locked(descriptor, ClaimFile.offset(of: message)) != 0
  }

  /// Runs `body` while no other process does.
  func whileMigrating<Result>(_ body: () throws -> Result) rethrows -> Result {
    _ = platform_lock_byte(descriptor, ClaimFile.migrationOffset, 1)
    defer { _ = platform_unlock_byte(descriptor, ClaimFile.migrationOffset) }
    return try body()
  }

  /// 60 bits of a random UUID: two unfinished messages never share an offset in practice.
  private static func offset(of message: MessageID) -> Int64 {
    let digits = message.rawValue.utf8.filter { $0 != UInt8(ascii: "-") }.suffix(15)
    return Int64(String(decoding: digits, as: UTF8.self), radix: 16) ?? 0
  }
}
