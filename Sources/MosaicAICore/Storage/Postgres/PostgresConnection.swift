import PostgreSQL

/// A session with the server, within a transaction.
struct PostgresConnection: SQLConnection {
  let session: PostgresSession

  let dialect = SQLDialect(
    textOfBytes: { "CAST(\($0) AS text)" }, bytesOfText: { $0 },
    // As SQLite's NOCASE, which knows the letters of ASCII.
    ignoringCase: { "lower(\($0) COLLATE \"C\")" }, messageNumber: { "\($0).number" },
    conversationNumber: { "\($0).number" },
    newMessageNumber: (
      "number",
      // Only one transaction at a time writes. Of the messages that were deleted, the last ones may still have their
      // places in a block.
      """
      (SELECT 1 + greatest((SELECT max(number) FROM ai_messages),
        (SELECT start + span - 1 FROM search_blocks ORDER BY start DESC LIMIT 1), 0))
      """,
      "(SELECT 1 + max(number) FROM ai_messages)"
    ),
    contains: { "strpos(\($0), \($1)) > 0" },
    minute: { column in
      // To PostgreSQL the year 0 is the year 1 before Christ.
      let time = "\(column) AT TIME ZONE 'UTC'"
      return """
        to_char(\(time), CASE WHEN \(time) < '0001-01-01' THEN '"0000"' ELSE 'YYYY' END || '-MM-DD"T"HH24:MI')
        """
    }, sum: { "coalesce(sum(\($0)), 0)" }, joinInOrder: "JOIN", unindexed: { $0 })

  func forEachRow(_ sql: String, _ arguments: [SQLValue], _ body: (inout SQLRow) throws -> Void) throws {
    try session.forEachRow(PostgresConnection.numbered(sql), arguments.map(\.parameter)) {
      var row = SQLRow($0)
      try body(&row)
    }
  }

  func execute(_ sql: String, _ arguments: [SQLValue]) throws -> Int {
    try session.forEachRow(PostgresConnection.numbered(sql), arguments.map(\.parameter))
  }

  func forEachRow(_ sql: String, each sets: [[SQLValue]], _ body: (Int, inout SQLRow) throws -> Void) throws {
    try session.forEachRow(PostgresConnection.numbered(sql), each: sets.map { $0.map(\.parameter) }) {
      var row = SQLRow($1)
      try body($0, &row)
    }
  }

  /// What the transaction sees: which ones before it have ended.
  func changeMark() throws -> [Int] {
    let snapshot = try row("SELECT pg_current_snapshot()::text") { try $0.text() } ?? ""
    return snapshot.split { !$0.isNumber }.compactMap { Int($0) }
  }

  /// Parameters as PostgreSQL writes them. None of our statements has a question mark otherwise.
  private static func numbered(_ sql: String) -> String {
    String(decoding: sql.utf8.map { $0 == UInt8(ascii: "?") ? UInt8(ascii: "$") : $0 }, as: UTF8.self)
  }
}

extension SQLValue {
  fileprivate var parameter: PostgresParameter {
    switch self {
    case .null: .null
    case .integer(let number): .integer(number)
    case .text(let text): .text(text)
    case .bytes(let bytes): .bytes(bytes)
    case .time(let time): .time(time.milliseconds * 1000)
    }
  }
}

extension PostgresRow: SQLRowSource {
  func value(at index: Int) -> SQLValue {
    switch value(at: index) as PostgresValue {
    case .null: .null
    case .integer(let number): .integer(number)
    case .text(let text): .text(text)
    case .bytes(let bytes): .bytes(bytes)
    case .time(let microseconds): .time(Timestamp(milliseconds: PostgresRow.milliseconds(microseconds)))
    }
  }

  func textOfBytes(at index: Int) -> String? { text(at: index) }

  /// Rounded down, also before 1970.
  private static func milliseconds(_ microseconds: Int64) -> Int64 {
    microseconds / 1000 - (microseconds % 1000 < 0 ? 1 : 0)
  }
}
