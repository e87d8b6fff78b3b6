import CSQLite

/// A compiled statement of one connection.
package final class Statement {
  private let handle: OpaquePointer
  private unowned let db: Database
  package let columnCount: Int

  fileprivate init(_ handle: OpaquePointer, _ db: Database) {
    self.handle = handle
    self.db = db
    columnCount = Int(sqlite3_column_count(handle))
  }

  deinit { sqlite3_finalize(handle) }

  /// The first statement of `sql`, and where it ends; no statement if there is only white space and comments.
  static func compile(
    _ sql: UnsafePointer<CChar>, _ db: Database, isKept: Bool
  ) throws -> (statement: Statement?, rest: UnsafePointer<CChar>) {
    var handle: OpaquePointer?
    var rest: UnsafePointer<CChar>?
    let code = sqlite3_prepare_v3(
      db.connection, sql, -1, isKept ? UInt32(SQLITE_PREPARE_PERSISTENT) : 0, &handle, &rest)
    guard code == SQLITE_OK else { throw db.error(code) }
    return (handle.map { Statement($0, db) }, rest ?? sql)
  }

  /// Whether it is in the middle of its rows.
  var isBusy: Bool { sqlite3_stmt_busy(handle) != 0 }

  /// Calls `body` for each row, whose values `value(at:)` then gives.
  package func forEachRow(_ arguments: StatementArguments, _ body: () throws -> Void) throws {
    defer {
      sqlite3_reset(handle)
      sqlite3_clear_bindings(handle)
    }
    guard sqlite3_bind_parameter_count(handle) == arguments.values.count else {
      throw DatabaseError(resultCode: .SQLITE_RANGE, message: "wrong number of arguments")
    }
    for (index, value) in arguments.values.enumerated() { try bind(value, at: CInt(index + 1)) }
    while true {
      switch sqlite3_step(handle) {
      case SQLITE_ROW: try body()
      case SQLITE_DONE: return
      case let code: throw db.error(code)
      }
    }
  }

  /// Runs it, whatever rows it gives.
  package func execute(arguments: StatementArguments = StatementArguments()) throws {
    try forEachRow(arguments) {}
  }

  /// A column of the row that `forEachRow` is at.
  package func value(at index: Int) -> DatabaseValue {
    let index = CInt(index)
    switch sqlite3_column_type(handle, index) {
    case SQLITE_INTEGER: return .int64(sqlite3_column_int64(handle, index))
    case SQLITE_FLOAT: return .double(sqlite3_column_double(handle, index))
    case SQLITE_TEXT:
      return .string(sqlite3_column_text(handle, index).map { String(cString: $0) } ?? "")
    case SQLITE_BLOB:
      return withBytes(at: Int(index)) { .blob($0.map { [UInt8]($0) } ?? []) }
    default: return .null
    }
  }

  /// The bytes of a column without a copy, valid within `body`; nil for null.
  package func withBytes<Result>(at index: Int, _ body: (UnsafeRawBufferPointer?) throws -> Result) rethrows -> Result {
    let index = CInt(index)
    guard sqlite3_column_type(handle, index) != SQLITE_NULL else { return try body(nil) }
    let start = sqlite3_column_blob(handle, index)
    return try body(UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, index))))
  }

  private func bind(_ value: DatabaseValue, at index: CInt) throws {
    let code =
      switch value {
      case .null: sqlite3_bind_null(handle, index)
      case .int64(let number): sqlite3_bind_int64(handle, index, number)
      case .double(let number): sqlite3_bind_double(handle, index, number)
      case .string(let text): text.withCString { csqlite_bind_text(handle, index, $0, -1) }
      case .blob(let bytes): bytes.withUnsafeBytes { csqlite_bind_bytes(handle, index, $0.baseAddress, CInt($0.count)) }
      }
    guard code == SQLITE_OK else { throw db.error(code) }
  }
}
