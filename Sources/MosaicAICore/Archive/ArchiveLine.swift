/// One line of an export: a flat JSON object whose fields are taken one by one. Each is checked, and none may be left
/// over.
///
/// An export may have a million of them, so names are compared without copying them, and so are most values.
struct ArchiveLine {
  /// Where the line is.
  struct Place {
    /// The file's name, for errors.
    let name: String
    let line: Int

    /// A failure at that place.
    func failure(_ message: String, column: Int? = nil) -> Failure {
      Failure(
        .invalidInput, "\(name):\(line):\(column.map { "\($0):" } ?? "") \(message)",
        advice: "nothing was imported; export it again")
    }

    /// What `body` gives, with its failure reported as one of this line.
    func explaining<Result>(_ body: () throws -> Result) throws -> Result {
      do { return try body() } catch { throw failure(Failure.from(error).message) }
    }
  }

  let place: Place
  private var fields: [(key: JSONCursor.Key, value: JSONCursor.Plain)] = []
  /// A bit for each field that was taken.
  private var taken: UInt64 = 0
  /// After the field that was taken last: nearly all are taken in their order.
  private var next = 0

  /// - Parameter bytes: must outlive the line
  /// - Throws: `Failure` with code `invalid_input` for anything but a flat JSON object
  init(_ bytes: UnsafeRawBufferPointer, _ place: Place) throws {
    self.place = place
    var cursor = JSONCursor(bytes)
    fields.reserveCapacity(20)
    do {
      try cursor.beginObject()
      var isFirst = true
      while let key = try cursor.nextKey(isFirst: &isFirst) {
        guard let value = try cursor.readPlainOrSkip() else {
          throw place.failure("\(ArchiveLine.quoted(key.text)) must be text, a whole number or null")
        }
        guard fields.count < ArchiveLine.maximumFieldCount else { throw place.failure("too many fields") }
        fields.append((key, value))
      }
      try cursor.finish()
    } catch let error as JSONCursor.Malformed {
      throw place.failure("not valid JSON, or not an object", column: error.offset + 1)
    }
    guard !cursor.hasReplacedText else { throw place.failure("half of a surrogate pair, which is not a character") }
  }

  private static let maximumFieldCount = UInt64.bitWidth

  /// Text as it is.
  mutating func text(_ name: StaticString) throws -> String { try required(name, try optionalText(name)) }

  /// Text as it is, or null.
  mutating func optionalText(_ name: StaticString) throws -> String? { try optional(name)?.string }

  /// A short text that the database keeps beside a message, or null.
  ///
  /// - Parameter likely: a text that it may be: the same text is not copied
  mutating func optionalWord(_ name: StaticString, likely: String? = nil) throws -> String? {
    guard let text = try optional(name) else { return nil }
    if let likely, text.hasSameBytes(as: likely) { return likely }
    let string = text.string
    guard !string.containsNUL else { throw place.failure("\"\(name)\" contains a NUL character") }
    return string
  }

  /// A name (`Rules.name`).
  mutating func name(_ name: StaticString) throws -> String { try checked(text(name), name) }

  /// A title (`Rules.name`), or null. It may be one that was cut from a message without anything visible.
  mutating func optionalTitle(_ name: StaticString) throws -> String? {
    try optionalText(name).map { try checked($0, name, mayBeInvisible: true) }
  }

  /// The name of a conversation (`Rules.conversationName`), or null.
  mutating func optionalConversationName(_ name: StaticString) throws -> String? {
    try optionalText(name).map { text in
      _ = try place.explaining { try Rules.conversationName(text) }
      // The keys of an interview's questions are made of the name as it was stored, marks and all.
      return text
    }
  }

  /// The key of a message (`Rules.key`), or null.
  mutating func optionalKey(_ name: StaticString) throws -> IdempotencyKey? {
    try optionalWord(name).map { text in try place.explaining { try Rules.key(text) } }
  }

  /// The id of a persona.
  mutating func personaID(_ name: StaticString) throws -> String {
    let text = try self.name(name)
    guard text.unicodeScalars.count <= Persona.maximumIDLength else { throw place.failure("\"\(name)\" is too long") }
    return text
  }

  /// An id.
  ///
  /// - Parameter likely: an id that it may be: the same id is not copied
  mutating func id<Kind>(_ name: StaticString, likely: Identifier<Kind>? = nil) throws -> Identifier<Kind> {
    try required(name, try optionalID(name, likely: likely))
  }

  /// An id, or null.
  mutating func optionalID<Kind>(
    _ name: StaticString, likely: Identifier<Kind>? = nil
  ) throws -> Identifier<Kind>? {
    guard let text = try optional(name) else { return nil }
    if let likely, text.hasSameBytes(as: likely.rawValue) { return likely }
    guard text.withBytes(Identifier<Kind>.isValid) else {
      throw place.failure("\"\(name)\" must be a UUID in lower case")
    }
    return Identifier(rawValue: text.string)
  }

  /// A time as we write it.
  mutating func time(_ name: StaticString) throws -> Timestamp { try required(name, try optionalTime(name)) }

  /// A time as we write it, or null.
  mutating func optionalTime(_ name: StaticString) throws -> Timestamp? {
    guard let text = try optional(name) else { return nil }
    guard let time = text.withBytes(Timestamp.init(ownFormat:)) else {
      throw place.failure("\"\(name)\" must be a time like 2026-11-23T06:13:02.123Z")
    }
    return time
  }

  /// A number that is not negative.
  mutating func count(_ name: StaticString) throws -> Int { try required(name, try optionalCount(name)) }

  /// A number that is not negative, and that every reader of JSON has exactly (RFC 8259 §6), or null.
  mutating func optionalCount(_ name: StaticString) throws -> Int? {
    switch try take(name) {
    case .null: return nil
    case .integer(let count) where JSON.exactCounts.contains(count): return count
    default: throw place.failure("\"\(name)\" must be a whole number from 0 to \(JSON.exactCounts.upperBound)")
    }
  }

  /// A number that is not negative; nil if it is not given.
  mutating func countIfGiven(_ name: StaticString) throws -> Int? {
    index(of: name) == nil ? nil : try count(name)
  }

  /// Checks that every field was taken.
  func finish() throws {
    guard takenCount < fields.count else { return }
    let left = fields.indices.filter { taken & 1 << $0 == 0 }.map { fields[$0].key }
    if let key = left.first(where: { key in fields.count(where: { $0.key == key }) > 1 }) {
      throw place.failure("\(ArchiveLine.quoted(key.text)) is given twice")
    }
    throw place.failure("unknown field \(ArchiveLine.quoted(left.map(\.text).min() ?? ""))")
  }

  private var takenCount: Int { taken.nonzeroBitCount }

  /// A name from the file, which may be of any length.
  private static func quoted(_ name: String) -> String {
    let start = name.unicodeScalars.prefix(40)
    return "\"\(String(start))\(start.endIndex == name.endIndex ? "" : "…")\""
  }

  private func required<Value>(_ name: StaticString, _ value: Value?) throws -> Value {
    guard let value else { throw place.failure("\"\(name)\" is null") }
    return value
  }

  private func checked(_ text: String, _ name: StaticString, mayBeInvisible: Bool = false) throws -> String {
    let trimmed = try place.explaining { try Rules.name(text, "\"\(name)\"", mayBeInvisible: mayBeInvisible) }
    // Older versions kept byte order marks in titles.
    guard trimmed.hasSameBytes(as: text.withoutByteOrderMarks) else {
      throw place.failure("\"\(name)\" has white space at its ends")
    }
    return text
  }

  /// The text of a field; nil for null.
  private mutating func optional(_ name: StaticString) throws -> JSONCursor.Text? {
    switch try take(name) {
    case .null: return nil
    case .string(let text): return text
    case .integer: throw place.failure("\"\(name)\" must be text")
    }
  }

  private mutating func take(_ name: StaticString) throws -> JSONCursor.Plain {
    guard let index = index(of: name) else { throw place.failure("\"\(name)\" is missing") }
    taken |= 1 << index
    next = index + 1
    return fields[index].value
  }

  /// Which field has that name, of those that were not taken.
  private func index(of name: StaticString) -> Int? {
    if next < fields.count, fields[next].key == name, taken & 1 << next == 0 { return next }
    guard takenCount < fields.count else { return nil }
    func isMatch(_ index: Int) -> Bool { fields[index].key == name && taken & 1 << index == 0 }
    return (next..<fields.count).first(where: isMatch) ?? (0..<next).first(where: isMatch)
  }
}
