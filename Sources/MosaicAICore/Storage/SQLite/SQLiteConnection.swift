import SQLite

/// One of SQLite's connections, within a transaction.
struct SQLiteConnection: SQLConnection {
  let db: Database

  /// The strings of our connections end at a NUL, so text that may contain one goes in and out as bytes.
  let dialect = SQLDialect(
    textOfBytes: { "CAST(\($0) AS TEXT)" }, bytesOfText: { "CAST(\($0) AS BLOB)" },
    ignoringCase: { "\($0) COLLATE NOCASE" },
    messageNumber: { "\($0).rowid" }, conversationNumber: { "\($0).rowid" },
    newMessageNumber: (
      "rowid",
      // Of the messages that were deleted, the last ones may still have their places in a block.
      """
      (SELECT 1 + max(coalesce((SELECT max(rowid) FROM ai_messages), 0),
        coalesce((SELECT start + span - 1 FROM search_blocks WHERE start = (SELECT max(start) FROM search_blocks)), 0)))
      """,
      // One more than the highest.
      "NULL"
    ),
    contains: { "instr(\($0), \($1)) > 0" }, minute: { "substr(\($0), 1, 16)" },
    // Of floating point, exact up to 2^53, where sum() would fail instead of giving more than 2^63.
    sum: { "CAST(total(\($0)) AS INTEGER)" }, joinInOrder: "CROSS JOIN", unindexed: { "+\($0)" })

  func forEachRow(_ sql: String, _ arguments: [SQLValue], _ body: (inout SQLRow) throws -> Void) throws {
    let statement = try db.cachedStatement(sql: sql)
    try statement.forEachRow(SQLiteConnection.arguments(arguments)) {
      var row = SQLRow(statement)
      try body(&row)
    }
  }

  func execute(_ sql: String, _ arguments: [SQLValue]) throws -> Int {
    try db.cachedStatement(sql: sql).execute(arguments: SQLiteConnection.arguments(arguments))
    return db.changesCount
  }

  func forEachRow(_ sql: String, each sets: [[SQLValue]], _ body: (Int, inout SQLRow) throws -> Void) throws {
    for (number, arguments) in sets.enumerated() { try forEachRow(sql, arguments) { try body(number, &$0) } }
  }

  func changeMark() throws -> [Int] {
    [try Int.fetchOne(db, sql: "PRAGMA data_version") ?? 0, db.totalChangesCount]
  }

  private static func arguments(_ values: [SQLValue]) -> StatementArguments {
    StatementArguments(
      values.map { value -> DatabaseValue in
        switch value {
        case .null: .null
        case .integer(let number): .int64(Int64(number))
        case .text(let text): .string(text)
        case .bytes(let bytes): .blob(bytes)
        case .time(let time): .string(time.rfc3339)
        }
      })
  }
}

extension Statement: SQLRowSource {
  func value(at index: Int) -> SQLValue {
    switch value(at: index) as DatabaseValue {
    case .null: .null
    case .int64(let number): .integer(Int(number))
    case .double(let number): .text(String(number))
    case .string(let text): .text(text)
    case .blob(let bytes): .bytes(bytes)
    }
  }

  func textOfBytes(at index: Int) -> String? {
    withBytes(at: index) { bytes in bytes.map { String(decoding: $0, as: UTF8.self) } }
  }
}
