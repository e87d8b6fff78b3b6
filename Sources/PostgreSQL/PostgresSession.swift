import CLibPQ
import Platform

/// One connection to a server, for one thread at a time. Parameters are `$1`, `$2` and so on, and never part of the
/// SQL.
package final class PostgresSession {
  /// Waits until a descriptor can be read or written, as poll(2) has `events`. False once `end` has come.
  ///
  /// - Throws: whatever ends the wait early; the session cannot be used any more then
  package typealias Wait = (_ descriptor: Int32, _ events: Int16, _ end: ContinuousClock.Instant?) throws -> Bool

  private let connection: OpaquePointer
  private let wait: Wait
  /// Whether it came to an end: the server, the network or a wait that was ended early.
  package private(set) var isLost = false
  /// How long to wait for an answer. A way that hangs looks like a server that takes its time.
  package var patience: Duration
  /// When something was last asked, or heard.
  package private(set) var heardAt = ContinuousClock.now
  /// The result that is being read.
  private var current: Reading?
  /// Statements that the server has prepared, by their SQL, and how often others were used.
  private var prepared: [String: String] = [:]
  private var uses: [String: Int] = [:]

  /// A result while it is read. What is left of it is kept if another statement has to be sent meanwhile.
  private final class Reading {
    var kept: [OpaquePointer] = []
    var isComplete = false

    deinit { for result in kept { pq_clear(result) } }
  }

  /// Connects to one host.
  ///
  /// - Parameter end: when to give up
  /// - Throws: `PostgresError`; what `wait` throws
  package init(_ parameters: ConnectionParameters, until end: ContinuousClock.Instant, wait: @escaping Wait) throws {
    try PostgresLibrary.load()
    var keywords: [UnsafePointer<CChar>?] = []
    var values: [UnsafePointer<CChar>?] = []
    for (keyword, value) in parameters.pairs {
      keywords.append(strdup(keyword).map { UnsafePointer($0) })
      values.append(strdup(value).map { UnsafePointer($0) })
    }
    defer { for pointer in keywords + values { free(UnsafeMutablePointer(mutating: pointer)) } }
    guard let connection = pq_connect_start(keywords + [nil], values + [nil]) else {
      throw PostgresError(.connecting, "no memory")
    }
    self.connection = connection
    self.wait = wait
    patience = ContinuousClock.now.duration(to: end)
    guard pq_status(connection) != CONNECTION_BAD else { throw PostgresSession.refused(connection) }
    var state = PGRES_POLLING_WRITING
    while state != PGRES_POLLING_OK {
      guard state != PGRES_POLLING_FAILED else { throw PostgresSession.refused(connection) }
      let events = state == PGRES_POLLING_READING ? POLLIN : POLLOUT
      guard try wait(pq_socket(connection), Int16(events), end) else {
        throw PostgresError(.connecting, "no answer in time")
      }
      state = Int(pq_connect_poll(connection))
    }
    _ = pq_set_nonblocking(connection, 1)
  }

  deinit { pq_finish(connection) }

  private static func refused(_ connection: OpaquePointer) -> PostgresError {
    PostgresError(.connecting, connectionText: String(cString: pq_error_message(connection)))
  }

  /// The number of the process that serves it.
  package var processID: Int { Int(pq_backend_pid(connection)) }

  /// Whether it is encrypted.
  package var isEncrypted: Bool { pq_ssl_in_use(connection) != 0 }

  /// Whether a statement of the transaction has failed, so that nothing of it can be kept.
  package var isInFailedTransaction: Bool { pq_transaction_status(connection) == PQTRANS_INERROR }

  /// Runs statements without parameters, in one message to the server.
  ///
  /// - Returns: the rows of all of them as text
  /// - Throws: `PostgresError`; what `wait` throws
  @discardableResult
  package func run(_ sql: String) throws -> [[String?]] {
    try beginSending()
    try sent(pq_send_query(connection, sql))
    var rows: [[String?]] = []
    var failure: PostgresError?
    while let result = try nextResult(after: failure) {
      defer { pq_clear(result) }
      failure = failure ?? PostgresSession.error(result)
      for row in 0..<pq_ntuples(result) {
        rows.append(
          (0..<pq_nfields(result)).map {
            pq_getisnull(result, row, $0) != 0 ? nil : String(cString: pq_getvalue(result, row, $0))
          })
      }
    }
    if let failure { throw failure }
    return rows
  }

  /// The last value of the last row that statements without parameters give, as text; nil for null, or no row.
  ///
  /// - Throws: as `run(_:)`
  package func value(_ sql: String) throws -> String? { try run(sql).last?.last ?? nil }

  /// Runs a statement, and hands on its rows as they come. `body` may run other statements.
  ///
  /// - Returns: how many rows it changed, or gave
  /// - Throws: `PostgresError`; what `body` and `wait` throw
  @discardableResult
  package func forEachRow(
    _ sql: String, _ parameters: [PostgresParameter], _ body: (PostgresRow) throws -> Void = { _ in }
  ) throws -> Int {
    try beginSending()
    try send(sql, EncodedParameters(parameters))
    _ = pq_set_single_row_mode(connection)
    let reading = Reading()
    current = reading
    var (count, failure): (Int, PostgresError?) = (0, nil)
    do {
      while let result = try next(reading) {
        defer { pq_clear(result) }
        if pq_result_status(result) == PGRES_SINGLE_TUPLE {
          try body(PostgresRow(result))
        } else if let error = PostgresSession.error(result) {
          failure = failure ?? error
        } else {
          count = PostgresSession.count(result)
        }
      }
    } catch {
      if !isLost { try? skipRest(of: reading) }
      throw error
    }
    if let failure { throw failure }
    return count
  }

  /// Runs a statement with one set of parameters after another, without waiting for the results in between.
  ///
  /// - Parameter body: is given the number of the set that a row belongs to
  /// - Throws: as `forEachRow(_:_:_:)`
  package func forEachRow(
    _ sql: String, each sets: [[PostgresParameter]], _ body: (Int, PostgresRow) throws -> Void = { _, _ in }
  ) throws {
    guard pq_has_pipeline() != 0, sets.count > 1 else {
      for (number, parameters) in sets.enumerated() { try forEachRow(sql, parameters) { try body(number, $0) } }
      return
    }
    let name = try prepare(sql)
    var start = 0
    while start < sets.count {
      let batch = start..<min(sets.count, start + PostgresSession.batch)
      try runBatch(name, batch, sets, body)
      start = batch.upperBound
    }
  }

  /// How many statements are under way at once.
  private static let batch = 500

  private func runBatch(
    _ name: String, _ batch: Range<Int>, _ sets: [[PostgresParameter]], _ body: (Int, PostgresRow) throws -> Void
  ) throws {
    try beginSending()
    guard pq_enter_pipeline_mode(connection) == 1 else { throw lost() }
    for number in batch {
      try sent(
        EncodedParameters(sets[number]).withPointers {
          pq_send_query_prepared(connection, name, $0, $1, $2, $3)
        })
    }
    try sent(pq_pipeline_sync(connection))
    var failure: (any Error)?
    for number in batch {
      while let result = try nextResult() {
        defer { pq_clear(result) }
        if let error = PostgresSession.error(result) { failure = failure ?? error }
        guard failure == nil, pq_ntuples(result) > 0 else { continue }
        // These statements give one row at most.
        do { try body(number, PostgresRow(result)) } catch { failure = error }
      }
    }
    if let end = try nextResult() { pq_clear(end) }
    while let rest = try nextResult() { pq_clear(rest) }
    guard pq_exit_pipeline_mode(connection) == 1 else { throw lost() }
    if let failure { throw failure }
  }

  // MARK: Sending

  /// Makes room for another statement: what is left of the result that is being read is kept.
  private func beginSending() throws {
    heardAt = .now
    guard let current else { return }
    while let result = try nextResult() { current.kept.append(result) }
    current.isComplete = true
    self.current = nil
  }

  /// A statement that is used for the third time is prepared: for a few, that would take longer.
  private func send(_ sql: String, _ parameters: EncodedParameters) throws {
    uses[sql, default: 0] += 1
    if prepared[sql] != nil || uses[sql, default: 0] > 2 {
      let name = try prepare(sql)
      try sent(parameters.withPointers { pq_send_query_prepared(connection, name, $0, $1, $2, $3) })
    } else {
      try sent(parameters.withPointers { pq_send_query_params(connection, sql, $0, $1, $2, $3) })
    }
  }

  private func prepare(_ sql: String) throws -> String {
    if let name = prepared[sql] { return name }
    try beginSending()
    let name = "s\(prepared.count)"
    try sent(pq_send_prepare(connection, name, sql))
    var failure: PostgresError?
    while let result = try nextResult() {
      failure = failure ?? PostgresSession.error(result)
      pq_clear(result)
    }
    if let failure { throw failure }
    prepared[sql] = name
    return name
  }

  /// Waits until what libpq has taken is on its way.
  private func sent(_ code: Int32) throws {
    guard code == 1 else { throw lost() }
    while true {
      switch pq_flush(connection) {
      case 0: return
      case 1:
        // A server that cannot send any more does not read either.
        try waiting(for: POLLIN | POLLOUT)
        guard pq_consume_input(connection) == 1 else { throw lost() }
      default: throw lost()
      }
    }
  }

  // MARK: Reading

  private func next(_ reading: Reading) throws -> OpaquePointer? {
    if !reading.kept.isEmpty { return reading.kept.removeFirst() }
    guard !reading.isComplete else { return nil }
    if let result = try nextResult() { return result }
    reading.isComplete = true
    current = nil
    return nil
  }

  private func skipRest(of reading: Reading) throws {
    while let result = try next(reading) { pq_clear(result) }
  }

  /// The next result of what was sent; nil at its end.
  ///
  /// - Parameter failure: what the server said before: if the connection is lost now, that is why
  private func nextResult(after failure: PostgresError? = nil) throws -> OpaquePointer? {
    guard !isLost else { throw lost(failure) }
    while pq_is_busy(connection) == 1 {
      try waiting(for: POLLIN)
      guard pq_consume_input(connection) == 1 else { throw lost(failure) }
    }
    guard let result = pq_get_result(connection) else { return nil }
    guard pq_status(connection) != CONNECTION_BAD else {
      let error = PostgresSession.error(result)
      pq_clear(result)
      throw lost(failure ?? error)
    }
    return result
  }

  private func waiting(for events: Int32) throws {
    do {
      guard try wait(pq_socket(connection), Int16(events), ContinuousClock.now + patience) else {
        throw PostgresError(.lost, "no answer for \(Int(patience / .seconds(1))) seconds")
      }
      heardAt = .now
    } catch {
      isLost = true
      throw error
    }
  }

  /// - Parameter error: the server's last words
  private func lost(_ error: PostgresError? = nil) -> PostgresError {
    isLost = true
    let text = String(cString: pq_error_message(connection))
    return error.map { PostgresError(.lost, sqlState: $0.sqlState, $0.message) }
      ?? PostgresError(.lost, connectionText: text.isEmpty ? "the connection was lost" : text)
  }

  /// Nil for a result that is not an error.
  private static func error(_ result: OpaquePointer) -> PostgresError? {
    switch Int(pq_result_status(result)) {
    case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_SINGLE_TUPLE, PGRES_EMPTY_QUERY, PGRES_PIPELINE_SYNC: return nil
    default:
      func field(_ code: Int) -> String? { pq_result_error_field(result, Int32(code)).map { String(cString: $0) } }
      return PostgresError(
        .statement, sqlState: field(PG_DIAG_SQLSTATE),
        field(PG_DIAG_MESSAGE_PRIMARY) ?? String(cString: pq_result_error_message(result)))
    }
  }

  private static func count(_ result: OpaquePointer) -> Int { Int(String(cString: pq_cmd_tuples(result))) ?? 0 }
}
