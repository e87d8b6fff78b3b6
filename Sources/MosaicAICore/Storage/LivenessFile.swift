import CSystem
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Tells whether the process that answers a message is still alive.
///
/// Whoever answers a message holds a lock on a byte of a file beside the database, at an offset made from the
/// message's id. The kernel drops the lock however the process ends, so neither a reused process id nor a
/// restarted machine can be taken for a living one. The file stays empty.
final class LivenessFile: Sendable {
  private let descriptor: Int32
  private let held = Mutex<Set<String>>([])

  /// Byte locked while the database is created or migrated.
  private static let migrationOffset = Int64.max - 1

  /// - Throws: `Failure` with code `storage_failed`
  init(path: String) throws {
    descriptor = sys_open_creating(path, O_RDWR, 0o600)
    guard descriptor >= 0 else {
      throw Failure(
        .storageFailed, "cannot open \(path): \(String(cString: strerror(errno)))",
        hint: "check the folder's permissions")
    }
  }

  deinit { close(descriptor) }

  /// Marks the answer to `messageID` as being worked on by this process.
  func hold(_ messageID: String) throws {
    guard sys_lock_byte(descriptor, LivenessFile.offset(of: messageID), 0) == 0 else {
      throw Failure(.busy, "another process is answering this message", hint: "wait until it has finished")
    }
    held.withLock { _ = $0.insert(messageID) }
  }

  /// Undoes `hold`.
  func release(_ messageID: String) {
    held.withLock { _ = $0.remove(messageID) }
    _ = sys_unlock_byte(descriptor, LivenessFile.offset(of: messageID))
  }

  /// Whether any process, this one included, works on the answer to `messageID`.
  func isHeld(_ messageID: String) -> Bool {
    // A lock that cannot be asked for is taken to be held: settling too late loses nothing.
    held.withLock { $0.contains(messageID) } || sys_is_byte_locked(descriptor, LivenessFile.offset(of: messageID)) != 0
  }

  /// Runs `body` while no other process does.
  func whileMigrating<Result>(_ body: () throws -> Result) rethrows -> Result {
    _ = sys_lock_byte(descriptor, LivenessFile.migrationOffset, 1)
    defer { _ = sys_unlock_byte(descriptor, LivenessFile.migrationOffset) }
    return try body()
  }

  /// 60 bits of a random UUID: the chance that two unfinished messages share an offset is nil for all purposes.
  private static func offset(of messageID: String) -> Int64 {
    let digits = messageID.utf8.filter { $0 != UInt8(ascii: "-") }.suffix(15)
    return Int64(String(decoding: digits, as: UTF8.self), radix: 16) ?? 0
  }
}
