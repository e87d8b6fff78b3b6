import PostgreSQL

/// Claims as advisory locks of the session: the server frees them when the process that holds them dies, and within 90
/// seconds when its host is cut off.
///
/// Used by whoever has the store's turn, so one thread at a time.
final class PostgresClaims: Claims, @unchecked Sendable {
  let areLostBySettling = true
  /// The session that holds the locks; nil while there is none.
  var session: PostgresSession?
  private var held: Set<MessageID> = []

  func claim(_ message: MessageID) throws {
    guard !held.contains(message) else { return }
    guard try lock(message) else {
      throw Failure(.busy, "another process is answering this message", advice: "wait until it has finished")
    }
    held.insert(message)
  }

  func release(_ message: MessageID) {
    guard held.remove(message) != nil, let session, !session.isLost else { return }
    // If the session ends meanwhile, so does the lock.
    _ = try? session.forEachRow("SELECT pg_advisory_unlock($1)", [message.claimParameter])
  }

  func isLost(_ message: MessageID) -> Bool { !held.contains(message) }

  func isClaimed(_ message: MessageID) throws -> Bool { try unclaimed(among: [message]).isEmpty }

  func unclaimed(among messages: [MessageID]) throws -> [MessageID] {
    let holders = try session.map(PostgresClaims.holders) ?? [:]
    return messages.filter { !held.contains($0) && holders[$0.claimNumber] == nil }
  }

  /// Takes the locks again in a new session.
  ///
  /// - Parameter old: the number of the server's process for the session that was lost, which may not know yet
  /// - Throws: `PostgresError`
  func moveTo(_ session: PostgresSession, from old: Int?) throws {
    self.session = session
    for message in held where try !lock(message) {
      guard let old, try PostgresClaims.holders(session)[message.claimNumber] == old else {
        // Another process has it now, which its rows say too.
        held.remove(message)
        continue
      }
      try session.forEachRow("SELECT pg_terminate_backend($1::integer)", [.integer(old)])
      try waitForLock(of: message)
    }
  }

  /// Takes a lock whose holder is ending, within moments; whoever writes next finds out if it does not. Not once more
  /// than needed: the server counts how often a session has a lock.
  private func waitForLock(of message: MessageID) throws {
    for _ in 0..<50 {
      if try lock(message) { return }
      _ = Cancellation.never.wait(.milliseconds(20))
    }
    held.remove(message)
  }

  private func lock(_ message: MessageID) throws -> Bool {
    guard let session else { return false }
    var isLocked = false
    try session.forEachRow("SELECT pg_try_advisory_lock($1)", [message.claimParameter]) {
      isLocked = $0.value(at: 0) as PostgresValue == .integer(1)
    }
    return isLocked
  }

  /// The numbers of the server's processes that hold locks, by what they have locked.
  private static func holders(_ session: PostgresSession) throws -> [Int64: Int] {
    var holders: [Int64: Int] = [:]
    try session.forEachRow(
      """
      SELECT (classid::bigint << 32) | objid::bigint, pid FROM pg_locks
      WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND objsubid = 1 AND granted
      """, []
    ) { row in
      guard case .integer(let number) = row.value(at: 0) as PostgresValue,
        case .integer(let holder) = row.value(at: 1) as PostgresValue
      else { return }
      holders[Int64(number)] = holder
    }
    return holders
  }
}

extension Identifier<MessageKind> {
  fileprivate var claimParameter: PostgresParameter { .integer(Int(claimNumber)) }
}
