import Platform
import Synchronization

/// Claims as locks on a file next to the database.
///
/// A process that answers a message holds a lock on one byte of the file, at an offset made from the message's id. The
/// kernel drops the lock however the process ends, so neither a reused process id nor a restarted machine can be
/// mistaken for a living process. The file stays empty.
final class ClaimFile: Claims {
  private let path: String
  private let lock: ByteLock
  private let patience: Patience
  private let held = Mutex<Set<MessageID>>([])
  /// Only who removed the file could settle what is claimed here.
  let areLostBySettling = false

  /// The byte that is locked while the database is created or migrated. The one before it is `PresenceLock`'s.
  private static let migrationOffset = Int64.max - 1

  /// - Throws: `Failure` with code `storage_failed`
  init(besideDatabase database: String, _ patience: Patience) throws {
    path = "\(database)-lock"
    self.patience = patience
    do {
      lock = ByteLock(descriptor: try DatabasePath.open(path, besideDatabase: database))
    } catch let error as LocalFile.SystemError {
      throw DatabasePath.failure(path, besideDatabase: database, error)
    }
  }

  deinit { close(lock.descriptor) }

  func claim(_ message: MessageID) throws {
    guard try translated({ try lock.take(message.claimNumber) }) else {
      throw Failure(.busy, "another process is answering this message", advice: "wait until it has finished")
    }
    held.withLock { _ = $0.insert(message) }
  }

  func release(_ message: MessageID) {
    held.withLock { _ = $0.remove(message) }
    lock.release(message.claimNumber)
  }

  func isLost(_ message: MessageID) -> Bool { false }

  func isClaimed(_ message: MessageID) throws -> Bool {
    try held.withLock { $0.contains(message) } || translated { try lock.isHeld(message.claimNumber) }
  }

  /// Runs `body` while no other process does.
  ///
  /// - Throws: `Failure` with code `storage_failed` if nothing can be locked, `busy`, or `interrupted`; what `body`
  ///   throws
  func whileMigrating<Result>(_ body: () throws -> Result) throws -> Result {
    let offset = ClaimFile.migrationOffset
    guard try patience.wait(until: { try translated { try lock.take(offset) } ? true : nil }) != nil else {
      throw patience.interruption
        ?? Failure(.busy, "another process is bringing the database to a newer version", advice: "try again later")
    }
    defer { lock.release(offset) }
    return try body()
  }

  private func translated<Result>(_ body: () throws -> Result) throws -> Result {
    do { return try body() } catch let error as LocalFile.SystemError { throw ByteLock.failure(path, error) }
  }
}
