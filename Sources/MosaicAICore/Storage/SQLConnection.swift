/// What queries need of a database engine.
protocol SQLConnection {
  var dialect: SQLDialect { get }

  /// Calls `body` with each row of a query. Parameters are `?1`, `?2` and so on.
  func forEachRow(_ sql: String, _ arguments: [SQLValue], _ body: (inout SQLRow) throws -> Void) throws

  /// Runs a statement.
  ///
  /// - Returns: how many rows it changed
  @discardableResult
  func execute(_ sql: String, _ arguments: [SQLValue]) throws -> Int

  /// Runs a statement, which gives one row at most, with one set of parameters after another.
  ///
  /// - Parameter body: is given the number of the set that a row belongs to
  func forEachRow(_ sql: String, each sets: [[SQLValue]], _ body: (Int, inout SQLRow) throws -> Void) throws

  /// Differs after any write by any connection.
  func changeMark() throws -> [Int]
}

extension SQLConnection {
  /// All rows of a query.
  func rows<Value>(
    _ sql: String, _ arguments: [SQLValue] = [], _ read: (inout SQLRow) throws -> Value
  ) throws -> [Value] {
    var values: [Value] = []
    try forEachRow(sql, arguments) { values.append(try read(&$0)) }
    return values
  }

  /// The first row of a query; nil if there is none.
  func row<Value>(
    _ sql: String, _ arguments: [SQLValue] = [], _ read: (inout SQLRow) throws -> Value
  ) throws -> Value? {
    try rows(sql, arguments, read).first
  }

  /// The number that a query gives; nil for null, or no row.
  func integer(_ sql: String, _ arguments: [SQLValue] = []) throws -> Int? {
    try row(sql, arguments) { $0.optionalInteger() } ?? nil
  }

  /// Whether a query has a row.
  func exists(_ sql: String, _ arguments: [SQLValue] = []) throws -> Bool {
    try row("SELECT 1 WHERE EXISTS (\(sql))", arguments) { _ in true } ?? false
  }
}

/// The differences in SQL between engines.
struct SQLDialect: Sendable {
  /// A parameter that is given as bytes of UTF-8, as text. It may contain a NUL, as a model's reply may.
  let textOfBytes: @Sendable (_ parameter: String) -> String
  /// A column of text, as bytes of UTF-8.
  let bytesOfText: @Sendable (_ column: String) -> String
  /// What orders a column by letters rather than by bytes.
  let ignoringCase: @Sendable (_ column: String) -> String
  /// The number of a message in the table of that name. Later messages have higher ones, and none is used again.
  let messageNumber: @Sendable (_ table: String) -> String
  /// The number of a conversation in the table of that name.
  let conversationNumber: @Sendable (_ table: String) -> String
  /// The column of a message's number, what a new message gets there, and what others get that are added after it in
  /// the same transaction.
  let newMessageNumber: (column: String, value: String, following: String)
  /// Whether the text in a column contains that of a parameter, byte for byte.
  let contains: @Sendable (_ column: String, _ parameter: String) -> String
  /// A column of times as text up to the minute: `2026-01-31T18:15`.
  let minute: @Sendable (_ column: String) -> String
  /// The sum of a column of numbers, 0 for none, also if it is larger than an integer of the engine can be.
  let sum: @Sendable (_ column: String) -> String
  /// Joins a table whose rows are found by those of the table before it, not the other way around.
  let joinInOrder: String
  /// A column whose index is not to be used, since another one is better.
  let unindexed: @Sendable (_ column: String) -> String
}

/// A value in a row or a parameter.
enum SQLValue: Equatable, Sendable {
  case null
  case integer(Int)
  case text(String)
  case bytes([UInt8])
  case time(Timestamp)

  init(_ text: String?) { self = text.map(SQLValue.text) ?? .null }
  init(_ integer: Int?) { self = integer.map(SQLValue.integer) ?? .null }
  init<Kind>(_ id: Identifier<Kind>) { self = .text(id.rawValue) }
  init<Kind>(_ id: Identifier<Kind>?) { self.init(id?.rawValue) }
  init(_ time: Timestamp) { self = .time(time) }
  init(_ time: Timestamp?) { self = time.map(SQLValue.time) ?? .null }
}

extension SQLValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
  init(stringLiteral text: String) { self = .text(text) }
  init(integerLiteral integer: Int) { self = .integer(integer) }
}

/// A row, valid only during the call that gets it. Its columns are read in their order.
struct SQLRow {
  private let source: any SQLRowSource
  private var index = 0

  init(_ source: any SQLRowSource) { self.source = source }

  private mutating func next() -> SQLValue {
    index += 1
    return source.value(at: index - 1)
  }

  mutating func optionalText() -> String? { if case .text(let text) = next() { text } else { nil } }
  mutating func optionalInteger() -> Int? { if case .integer(let number) = next() { number } else { nil } }
  mutating func optionalID<Kind>() -> Identifier<Kind>? { optionalText().map(Identifier.init) }

  mutating func optionalBytes() -> [UInt8]? { if case .bytes(let bytes) = next() { bytes } else { nil } }

  mutating func text() throws -> String { try present(optionalText()) }
  mutating func bytes() throws -> [UInt8] { try present(optionalBytes()) }
  mutating func integer() throws -> Int { try present(optionalInteger()) }
  mutating func id<Kind>() throws -> Identifier<Kind> { try present(optionalID()) }

  /// Text that was read as bytes.
  mutating func textOfBytes() throws -> String {
    index += 1
    return try present(source.textOfBytes(at: index - 1))
  }

  mutating func time() throws -> Timestamp { try present(optionalTime()) }

  mutating func optionalTime() throws -> Timestamp? {
    switch next() {
    case .time(let time): time
    case .text(let text): try SQLRow.present(Timestamp(stored: text))
    case .null, .integer, .bytes: nil
    }
  }

  /// One of a few words.
  mutating func word<Word: RawRepresentable<String>>() throws -> Word { try present(optionalWord()) }

  /// One of a few words, or null.
  mutating func optionalWord<Word: RawRepresentable<String>>() throws -> Word? {
    try optionalText().map { try SQLRow.present(Word(rawValue: $0)) }
  }

  private func present<Value>(_ value: Value?) throws -> Value { try SQLRow.present(value) }

  private static func present<Value>(_ value: Value?) throws -> Value {
    guard let value else { throw unexpected }
    return value
  }

  private static let unexpected = Failure(
    .internal, "the database has a value that cannot be there", advice: .reportBug)
}

/// Where the values of a row come from.
protocol SQLRowSource: AnyObject {
  func value(at index: Int) -> SQLValue
  /// Bytes of UTF-8 as text; nil if there are none.
  func textOfBytes(at index: Int) throws -> String?
}
