import Platform
import PostgreSQL

/// A database on a PostgreSQL server, used by any number of processes on any number of hosts at once.
///
/// One transaction at a time writes, as in SQLite: each takes an advisory lock first. So no two of them can be in each
/// other's way, and what is read in one is the newest there is. A connection that is lost is made again, and what was
/// under way is done again.
package final class PostgresStore: Store, @unchecked Sendable {
  package let isWritable: Bool
  package let hasNUL = false
  private let address: PostgresAddress
  private let parameters: ConnectionParameters
  private let patience: Patience
  private let claims = PostgresClaims()
  /// Whoever has it uses what follows.
  private let turn: UnsafeMutablePointer<pthread_mutex_t>
  private var session: PostgresSession?
  /// The number of the server's process for the last session.
  private var lastProcessID: Int?
  /// Since when there has been no connection; nil while there is one.
  private var lostAt: ContinuousClock.Instant?
  private var hasWritten = false

  /// How long to go on without the database.
  private static let outage = Duration.seconds(60)
  /// How long the server may be silent: longer than others may keep their turns.
  private static let silence = Duration.seconds(40)
  /// How long others may write before this process gives up its turn.
  private static let lockTimeout = "30s"

  /// What is known of the server.
  package struct Facts: Equatable, Sendable {
    /// As `server_version_num` has it: 150018 is 15.18.
    package let serverVersion: Int
    package let encoding: String
    /// Whether it can only be read.
    package let isStandby: Bool
    package let isEncrypted: Bool
    /// The version of the tables; 0 for none.
    package fileprivate(set) var tables: Int
  }

  package private(set) var facts: Facts

  /// Connects to the database. The tables are created, or brought to this version, if necessary.
  ///
  /// - Throws: `Failure` with code `usage`, `config_invalid`, `database_unavailable`, or `storage_failed` for a newer
  ///   version's tables, which are left alone
  package static func open(_ address: PostgresAddress) throws -> PostgresStore {
    let store = try PostgresStore(address)
    try store.bringTablesToThisVersion()
    return store
  }

  /// As `open(_:)`; nil if there are no tables, which are not made then.
  package static func openIfPresent(_ address: PostgresAddress) throws -> PostgresStore? {
    let store = try PostgresStore(address)
    guard store.facts.tables > 0 else { return nil }
    try store.bringTablesToThisVersion()
    return store
  }

  /// For looking: nothing is created or changed.
  ///
  /// - Throws: as `open(_:)`
  package static func openForReading(_ address: PostgresAddress) throws -> PostgresStore {
    try PostgresStore(address)
  }

  private init(_ address: PostgresAddress) throws {
    self.address = address
    parameters = try address.parameters()
    patience = Patience(Patience.long)
    turn = .allocate(capacity: 1)
    pthread_mutex_init(turn, nil)
    let (session, facts) = try PostgresStore.firstSession(address, parameters, patience)
    (self.session, self.facts, lastProcessID) = (session, facts, session.processID)
    isWritable = !facts.isStandby
    claims.session = session
    try PostgresStore.check(facts, address)
  }

  /// Connects for the first time: only what will pass is waited out, since anything else may be a mistake.
  private static func firstSession(
    _ address: PostgresAddress, _ parameters: ConnectionParameters, _ patience: Patience
  ) throws -> (PostgresSession, Facts) {
    let began = ContinuousClock.now
    while true {
      do {
        return try connect(parameters, patience)
      } catch let error as PostgresError {
        guard error.isTemporary, began.duration(to: .now) < outage else { throw error.failure(address) }
        guard patience.pause(pause()) else { throw patience.interruption ?? error.failure(address) }
      }
    }
  }

  deinit {
    pthread_mutex_destroy(turn)
    turn.deallocate()
  }

  /// At random, so that those who wait do not try together.
  private static func pause() -> Duration { .milliseconds(100 + Int(RandomBytes.fraction() * 400)) }

  private func inTurn<Result>(_ body: () throws -> Result) rethrows -> Result {
    pthread_mutex_lock(turn)
    defer { pthread_mutex_unlock(turn) }
    return try body()
  }

  // MARK: Connecting

  /// Connects to the first host that can be used.
  ///
  /// - Parameter limit: how long each may take; nil: as long as the parameters allow
  /// - Throws: `PostgresError` of the last host
  private static func connect(
    _ parameters: ConnectionParameters, _ patience: Patience, within limit: Duration? = nil
  ) throws -> (PostgresSession, Facts) {
    var last: PostgresError?
    for one in parameters.perHost {
      // As in libpq: 0 waits without end, and 1 means 2.
      let seconds = one["connect_timeout"].flatMap(Int.init) ?? 0
      let timeout = limit ?? (seconds > 0 ? .seconds(max(2, seconds)) : .seconds(86400))
      do {
        let session = try PostgresSession(one, until: ContinuousClock.now + timeout) {
          try patience.wait($0, $1, until: $2)
        }
        let facts = try prepare(session)
        session.patience = PostgresStore.silence
        return (session, facts)
      } catch let error as PostgresError {
        last = error
      }
    }
    throw last ?? PostgresError(.connecting, "no host")
  }

  /// What every session is told, and asked, in one message: the network may be slow.
  ///
  /// The server looks after connections whose client does not answer, where it can.
  private static func prepare(_ session: PostgresSession) throws -> Facts {
    let rows = try session.run(
      """
      SET client_min_messages TO error;
      SELECT set_config(name, value, false) FROM (VALUES ('tcp_keepalives_idle', '30'),
        ('tcp_keepalives_interval', '10'), ('tcp_keepalives_count', '3'),
        ('tcp_user_timeout', '60000'), ('client_connection_check_interval', '10s'))
        AS wanted (name, value) WHERE name IN (SELECT name FROM pg_catalog.pg_settings);
      SELECT set_config('search_path', '\(PostgresSchema.name)', false) FROM pg_catalog.pg_settings
        WHERE name = 'search_path' AND source <> 'client';
      SELECT current_setting('server_version_num'), current_setting('server_encoding'),
        pg_is_in_recovery()::integer, to_regclass('mosaic_ai_version') IS NOT NULL,
        EXISTS (SELECT 1 FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
          WHERE c.relname = 'mosaic_ai_version'
            AND n.nspname = trim(both ' "' from split_part(current_setting('search_path'), ',', 1)));
      """)
    guard let facts = rows.last, facts.count == 5 else {
      throw PostgresError(.connecting, "the server does not answer as PostgreSQL does")
    }
    // Without the right to use a schema, it looks as if it had no tables.
    guard facts[3] == facts[4] else { throw PostgresError(.statement, sqlState: "42501", "permission denied") }
    let tables = facts[3] == "t" ? try tableVersion(session) : 0
    return Facts(
      serverVersion: facts[0].flatMap { Int($0) } ?? 0, encoding: facts[1] ?? "", isStandby: facts[2] == "1",
      isEncrypted: session.isEncrypted, tables: tables)
  }

  /// The version of the tables, which are there.
  private static func tableVersion(_ session: PostgresSession) throws -> Int {
    try session.value("SELECT version FROM mosaic_ai_version").flatMap { Int($0) } ?? 0
  }

  private static func check(_ facts: Facts, _ address: PostgresAddress) throws {
    guard facts.serverVersion >= 130_000 else {
      throw Failure(
        .configInvalid,
        "the server of \(address) is PostgreSQL \(facts.serverVersion / 10_000); at least 13 is needed",
        advice: "use a newer server")
    }
    guard facts.encoding == "UTF8" else {
      throw Failure(
        .configInvalid,
        "the database \(address) stores text in \(facts.encoding), which not all text can be written in",
        advice: "create one with the encoding UTF8, from template0")
    }
    guard facts.tables <= PostgresSchema.version else {
      throw Failure(
        .storageFailed,
        """
        the database is from a newer version (\(facts.tables); this one knows up to \(PostgresSchema.version))
        """, advice: "update the program; the database is unchanged")
    }
  }

  /// The session, made again if it was lost.
  ///
  /// - Throws: `Failure` with code `database_unavailable` once that has taken too long, `storage_failed` if the
  ///   database is gone, `config_invalid` or `interrupted`
  private func connected() throws -> PostgresSession {
    if let session, !session.isLost { return session }
    let lostAt = lostAt ?? session?.heardAt ?? .now
    session = nil
    claims.session = nil
    self.lostAt = lostAt
    while true {
      // Whoever comes after that tries once, quickly.
      let isOver = lostAt.duration(to: .now) >= PostgresStore.outage
      do {
        let (session, facts) = try PostgresStore.connect(parameters, patience, within: isOver ? .seconds(2) : nil)
        try PostgresStore.check(facts, address)
        try claims.moveTo(session, from: lastProcessID)
        (self.session, self.facts, self.lostAt, lastProcessID) = (session, facts, nil, session.processID)
        return session
      } catch let error as PostgresError where error.isNoDatabase {
        // It was there before.
        throw Failure(.storageFailed, "the database \(address) is gone", advice: .tablesGone)
      } catch let error as PostgresError {
        guard !isOver, error.isTemporary || error.isUnreachable || error.isReadOnly else {
          throw error.failure(address)
        }
        guard patience.pause(PostgresStore.pause()) else { throw patience.interruption ?? error.failure(address) }
      }
    }
  }

  // MARK: Tables

  private func bringTablesToThisVersion() throws {
    guard facts.tables < PostgresSchema.version, isWritable else { return }
    do {
      try inTurn {
        let session = try connected()
        do {
          try PostgresStore.begin(session)
          // Another process may have done it meanwhile.
          let schema = try PostgresStore.schema(session)
          let areThere = try session.value("SELECT to_regclass('mosaic_ai_version') IS NOT NULL") == "t"
          let version = areThere ? try PostgresStore.tableVersion(session) : 0
          if version < PostgresSchema.version {
            if !schema.isThere { try session.run("CREATE SCHEMA \(schema.name)") }
            try session.run(PostgresSchema.statements(from: version))
          }
          try session.run("COMMIT")
        } catch {
          if !session.isLost { _ = try? session.run("ROLLBACK") }
          throw error
        }
      }
    } catch let error as PostgresError {
      throw PostgresStore.failureToMigrate(error, address)
    }
    inTurn { facts.tables = PostgresSchema.version }
  }

  private static func failureToMigrate(_ error: PostgresError, _ address: PostgresAddress) -> Failure {
    switch error.sqlState {
    case "42501", "42P06":
      Failure(
        .configInvalid, "the tables of \(address) have to be made, or changed, and this role may not",
        advice: .migrateByHand)
    case "42P07":
      Failure(
        .storageFailed, "the schema of \(address) has other tables of the same names",
        advice: "use a database, or a schema, of its own")
    default: error.failure(address)
    }
  }

  /// The first schema of the search path, its name quoted.
  private static func schema(_ session: PostgresSession) throws -> (name: String, isThere: Bool) {
    let row = try session.run(
      """
      SELECT quote_ident(coalesce(
          current_schema(), trim(both ' "' from split_part(current_setting('search_path'), ',', 1)))),
        current_schema() IS NOT NULL
      """
    ).last
    return (row?.first.flatMap { $0 } ?? PostgresSchema.name, row?.last == "t")
  }

  // MARK: Transactions

  package func observe(_ cancellation: Cancellation) { patience.observe(cancellation) }

  package func linger(_ time: Duration) { patience.linger(time) }

  package func read<Result>(_ body: (StoreTransaction) throws -> Result) throws -> Result {
    try inTurn { try translated { try reading(body) } }
  }

  package func find<Result>(_ body: (StoreTransaction) throws -> Result) throws -> Result {
    try inTurn { try reconnecting { try reading(body) } }
  }

  /// - Throws: `PostgresError`; as `connected()`; what `body` throws
  private func reading<Result>(_ body: (StoreTransaction) throws -> Result) throws -> Result {
    var session = try beginReading()
    // Whoever only looks can do without knowing who is alive.
    let isSettled =
      try !isWritable || StoreTransaction(PostgresConnection(session: session), claims).abandonedQuestions().isEmpty
    if !isSettled {
      try end(session)
      try waitForOwners()
      // If nothing can be written, it is shown as it is.
      _ = try? attempt(connected()) { try ($0.settleAbandonedQuestions(), true) }
      session = try beginReading()
    }
    do {
      let result = try body(StoreTransaction(PostgresConnection(session: session), claims))
      try end(session)
      return result
    } catch {
      try? end(session)
      throw error
    }
  }

  /// When many connections are lost at once, as by a restart of the server, whoever is back first finds the messages of
  /// the others without an owner, who will be back in a moment. Waits for those, but not long: if they are dead,
  /// somebody is waiting for nothing.
  ///
  /// - Throws: as `connected()`
  private func waitForOwners() throws {
    let outage = ContinuousClock.now + PostgresStore.outage
    var end: ContinuousClock.Instant?
    repeat {
      do {
        let session = try connected()
        // The others could not come back before.
        end = end ?? .now + PostgresStore.comingBack
        if try StoreTransaction(PostgresConnection(session: session), claims).abandonedQuestions().isEmpty { return }
      } catch let error as PostgresError {
        guard error.phase == .lost else { throw error.failure(address) }
        end = nil
      }
      guard patience.pause(.milliseconds(100)) else { return }
    } while ContinuousClock.now < end ?? outage
  }

  /// How long owners may take to come back, once there is a connection.
  private static let comingBack = Duration.milliseconds(1500)

  /// Begins a transaction that sees one state of the database and changes nothing.
  private func beginReading() throws -> PostgresSession {
    try reconnecting {
      let session = try connected()
      try session.run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
      return session
    }
  }

  /// Does `body`, again whenever the connection is lost in it.
  ///
  /// - Throws: as `connected()`; what `body` throws
  private func reconnecting<Result>(_ body: () throws -> Result) throws -> Result {
    var losses = Losses()
    while true {
      do {
        return try body()
      } catch let error as PostgresError {
        guard error.phase == .lost else { throw error.failure(address) }
        try pauseBeforeRetry(after: error, &losses)
      }
    }
  }

  /// The connections that were lost while one thing was done.
  private struct Losses {
    let began = ContinuousClock.now
    var count = 0
  }

  /// Waits before another try: not the first time, when a new connection is likely to last.
  ///
  /// - Throws: `Failure` with code `database_unavailable` once that has taken too long, or `interrupted`
  private func pauseBeforeRetry(after error: PostgresError, _ losses: inout Losses) throws {
    losses.count += 1
    guard losses.began.duration(to: .now) < PostgresStore.outage else { throw error.failure(address) }
    guard losses.count == 1 || patience.pause(PostgresStore.pause()) else {
      throw patience.interruption ?? error.failure(address)
    }
  }

  private func end(_ session: PostgresSession) throws {
    guard !session.isLost else { return }
    _ = try translated { try session.run("ROLLBACK") }
  }

  package func write<Result>(_ body: (StoreTransaction) throws -> Result) throws -> Result {
    try inTurn {
      try writing { transaction in
        try transaction.settleAbandonedQuestions()
        return (try body(transaction), true)
      }
    }
  }

  package func write<Result>(adding messages: Int, _ body: (StoreTransaction) throws -> Result) throws -> Result {
    try write(body)
  }

  package func rehearse<Result>(_ body: (StoreTransaction) throws -> Result) throws -> Result {
    try inTurn {
      try writing { transaction in
        try transaction.settleAbandonedQuestions()
        return (try body(transaction), false)
      }
    }
  }

  package func release(_ message: MessageID) { inTurn { claims.release(message) } }

  /// The server reuses the space of deleted rows by itself; which bytes of its files are overwritten when is up to it.
  package func eraseDeleted() {}

  /// Runs `body` in a transaction, again if the connection is lost or others were in its way.
  ///
  /// - Parameter body: also says whether to keep what it has written
  private func writing<Result>(_ body: (StoreTransaction) throws -> (Result, isKept: Bool)) throws -> Result {
    let began = ContinuousClock.now
    var losses = Losses()
    while true {
      try waitForOwners()
      let session = try connected()
      do {
        return try attempt(session, body)
      } catch let error as PostgresError where error.phase == .lost {
        try pauseBeforeRetry(after: error, &losses)
      } catch let error as PostgresError {
        // The server that was the primary may have become a standby: the URL may lead to the new one.
        let isDemoted = error.isReadOnly && hasWritten
        if isDemoted { self.session = nil }
        let (limit, pause): (Duration, Duration) =
          error.isConflict
          ? (Patience.long, PostgresStore.pause() / 10) : (PostgresStore.outage, PostgresStore.pause() * 2)
        guard isDemoted || error.isConflict, began.duration(to: .now) < limit else { throw error.failure(address) }
        guard patience.pause(pause) else { throw patience.interruption ?? error.failure(address) }
      }
    }
  }

  private func attempt<Result>(
    _ session: PostgresSession, _ body: (StoreTransaction) throws -> (Result, isKept: Bool)
  ) throws -> Result {
    let number = try PostgresStore.begin(session)
    let transaction = StoreTransaction(PostgresConnection(session: session), claims)
    let outcome: (result: Result, isKept: Bool)
    do {
      let done = try body(transaction)
      outcome = (done.0, done.isKept)
      guard !session.isInFailedTransaction else {
        throw Failure(.internal, "a transaction went on after an error", advice: .reportBug)
      }
    } catch {
      if !session.isLost { _ = try? session.run("ROLLBACK") }
      transaction.releaseClaims()
      throw error
    }
    guard outcome.isKept else {
      if !session.isLost { _ = try? session.run("ROLLBACK") }
      transaction.releaseClaims()
      return outcome.result
    }
    do {
      try session.run("COMMIT")
    } catch let error as PostgresError {
      guard error.phase == .lost, try wasCommitted(number) else {
        transaction.releaseClaims()
        throw error
      }
    }
    hasWritten = true
    return outcome.result
  }

  /// Begins a transaction that writes, and waits for its turn.
  ///
  /// A host that is cut off in it keeps the others waiting until the server ends it.
  ///
  /// - Returns: its number, by which the server knows what became of it
  @discardableResult
  private static func begin(_ session: PostgresSession) throws -> String {
    let began = ContinuousClock.now
    while true {
      do {
        return try session.value(
          """
          BEGIN ISOLATION LEVEL READ COMMITTED;
          SET LOCAL lock_timeout TO '\(lockTimeout)';
          SET LOCAL idle_in_transaction_session_timeout TO '20s';
          SELECT pg_advisory_xact_lock(1297044289, hashtext(coalesce(current_schema(), '')));
          SELECT pg_current_xact_id()::text
          """) ?? ""
      } catch let error as PostgresError {
        if !session.isLost { _ = try? session.run("ROLLBACK") }
        // A statement_timeout that is shorter than others may need.
        guard error.isCanceled, began.duration(to: .now) < Patience.long else { throw error }
      }
    }
  }

  /// Whether a transaction was committed during whose COMMIT the connection was lost.
  ///
  /// - Throws: as `connected()`; `Failure` with code `database_unavailable` if that stays unknown
  private func wasCommitted(_ number: String) throws -> Bool {
    let end = ContinuousClock.now + PostgresStore.outage
    let unknown = Failure(
      .databaseUnavailable, "it is not known whether the database \(address) has kept the last change",
      advice: .runAgain)
    while true {
      let status: String?
      do {
        status = try reconnecting { try connected().value("SELECT pg_xact_status('\(number)'::xid8)") }
      } catch let failure as Failure where failure.code == .databaseUnavailable {
        throw unknown
      }
      guard status == "in progress" else { return status == "committed" }
      guard ContinuousClock.now < end, patience.pause(.milliseconds(50)) else { throw unknown }
    }
  }

  private func translated<Result>(_ body: () throws -> Result) throws -> Result {
    do { return try body() } catch let error as PostgresError { throw error.failure(address) }
  }
}
