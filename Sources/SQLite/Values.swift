import CSQLite

/// A value in a row or a parameter.
package enum DatabaseValue: Equatable, Sendable, CustomStringConvertible {
  case null
  case int64(Int64)
  case double(Double)
  case string(String)
  case blob([UInt8])

  package var description: String {
    switch self {
    case .null: "NULL"
    case .int64(let number): "\(number)"
    case .double(let number): "\(number)"
    case .string(let text): "\"\(text)\""
    case .blob(let bytes): "\(bytes.count) bytes"
    }
  }
}

/// What can be a parameter, or the value of a column.
package protocol DatabaseValueConvertible {
  var databaseValue: DatabaseValue { get }

  /// - Returns: nil for null, and for a value of another kind
  init?(_ value: DatabaseValue)
}

extension DatabaseValue: DatabaseValueConvertible {
  package var databaseValue: DatabaseValue { self }
  package init?(_ value: DatabaseValue) { self = value }
}

extension String: DatabaseValueConvertible {
  package var databaseValue: DatabaseValue { .string(self) }

  package init?(_ value: DatabaseValue) {
    guard case .string(let text) = value else { return nil }
    self = text
  }
}

extension Int: DatabaseValueConvertible {
  package var databaseValue: DatabaseValue { .int64(Int64(self)) }

  package init?(_ value: DatabaseValue) {
    guard case .int64(let number) = value else { return nil }
    self = Int(number)
  }
}

extension Bool: DatabaseValueConvertible {
  package var databaseValue: DatabaseValue { .int64(self ? 1 : 0) }

  package init?(_ value: DatabaseValue) {
    guard let number = Int(value) else { return nil }
    self = number != 0
  }
}

extension DatabaseValueConvertible {
  /// The first column of the first row; nil if there is none, or it is null.
  package static func fetchOne(
    _ db: Database, sql: String, arguments: StatementArguments = StatementArguments()
  ) throws -> Self? {
    let statement = try db.cachedStatement(sql: sql)
    var found: Self?
    var isFirst = true
    try statement.forEachRow(arguments) {
      if isFirst { found = Self(statement.value(at: 0)) }
      isFirst = false
    }
    return found
  }

  /// The first column of each row, without nulls.
  package static func fetchAll(
    _ db: Database, sql: String, arguments: StatementArguments = StatementArguments()
  ) throws -> [Self] {
    let statement = try db.cachedStatement(sql: sql)
    var found: [Self] = []
    try statement.forEachRow(arguments) { if let value = Self(statement.value(at: 0)) { found.append(value) } }
    return found
  }
}

/// A row, copied.
package struct Row: Equatable, Sendable {
  package let databaseValues: [DatabaseValue]

  /// The first row of a query; nil if there is none.
  package static func fetchOne(
    _ db: Database, sql: String, arguments: StatementArguments = StatementArguments()
  ) throws -> Row? {
    try fetchAll(db, sql: sql, arguments: arguments).first
  }

  /// All rows of a query.
  package static func fetchAll(
    _ db: Database, sql: String, arguments: StatementArguments = StatementArguments()
  ) throws -> [Row] {
    let statement = try db.cachedStatement(sql: sql)
    var rows: [Row] = []
    try statement.forEachRow(arguments) {
      rows.append(Row(databaseValues: (0..<statement.columnCount).map { statement.value(at: $0) }))
    }
    return rows
  }
}

/// The parameters of a statement, in their order.
package struct StatementArguments: ExpressibleByArrayLiteral {
  let values: [DatabaseValue]

  package init() { values = [] }
  package init(_ values: [DatabaseValue]) { self.values = values }
  package init(arrayLiteral values: (any DatabaseValueConvertible)?...) {
    self.values = values.map { $0?.databaseValue ?? .null }
  }
}
