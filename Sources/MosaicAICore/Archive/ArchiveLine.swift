/// One line of an export: a flat JSON object whose fields are taken one by one. Each is checked, and none may be left
/// over.
///
/// An export may have a million of them, so names are compared where they stand.
struct ArchiveLine {
  /// Where the line is.
  struct Place {
    /// The file's name, for errors.
    let name: String
    let line: Int

    /// What is wrong there.
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
  /// After the field that was taken last: they are taken nearly in their order.
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
        guard !fields.contains(where: { $0.key == key }) else {
          throw place.failure("\(ArchiveLine.quoted(key.text)) is given twice")
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
  mutating func optionalText(_ name: StaticString) throws -> String? {
    switch try take(name) {
    case .null: return nil
    case .string(let text): return text
    case .integer: throw place.failure("\"\(name)\" must be text")
    }
  }

  /// A short text that the database keeps beside a message, or null.
  mutating func optionalWord(_ name: StaticString) throws -> String? {
    let text = try optionalText(name)
    guard text?.utf8.contains(0) != true else { throw place.failure("\"\(name)\" contains a NUL character") }
    return text
  }

  /// A name (`Rules.name`).
  mutating func name(_ name: StaticString) throws -> String { try checked(text(name), name) }

  /// A title (`Rules.name`), or null. It may be one that was cut from a message without anything visible.
  mutating func optionalTitle(_ name: StaticString) throws -> String? {
    try optionalText(name).map { try checked($0, name, mayBeInvisible: true) }
  }

  /// The name of a conversation (`Rules.conversationName`), or null.
  mutating func optionalConversationName(_ name: StaticString) throws -> String? {
    try optionalText(name).map { text in try place.explaining { try Rules.conversationName(text) } }
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
  mutating func id<Kind>(_ name: StaticString) throws -> Identifier<Kind> { try required(name, try optionalID(name)) }

  /// An id, or null.
  mutating func optionalID<Kind>(_ name: StaticString) throws -> Identifier<Kind>? {
    guard let text = try optionalText(name) else { return nil }
    guard Identifier<Kind>.isValid(text) else { throw place.failure("\"\(name)\" must be a UUID in lower case") }
    return Identifier(rawValue: text)
  }

  /// A time as we write it.
  mutating func time(_ name: StaticString) throws -> Timestamp { try required(name, try optionalTime(name)) }

  /// A time as we write it, or null.
  mutating func optionalTime(_ name: StaticString) throws -> Timestamp? {
    guard let text = try optionalText(name) else { return nil }
    guard let time = Timestamp(rfc3339: text), time.rfc3339.hasSameBytes(as: text) else {
      throw place.failure("\"\(name)\" must be a time like 2026-11-23T06:13:02.123Z")
    }
    return time
  }

  /// A number that is not negative.
  mutating func count(_ name: StaticString) throws -> Int { try required(name, try optionalCount(name)) }

  /// A number that is not negative, or null.
  mutating func optionalCount(_ name: StaticString) throws -> Int? {
    switch try take(name) {
    case .null: return nil
    case .integer(let count) where count >= 0: return count
    default: throw place.failure("\"\(name)\" must be a whole number, 0 or more")
    }
  }

  /// A number that is not negative; nil if it is not given.
  mutating func countIfGiven(_ name: StaticString) throws -> Int? {
    fields.contains { $0.key == name } ? try count(name) : nil
  }

  /// Checks that every field was taken.
  func finish() throws {
    if let name = fields.indices.filter({ taken & 1 << $0 == 0 }).map({ fields[$0].key.text }).min() {
      throw place.failure("unknown field \(ArchiveLine.quoted(name))")
    }
  }

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
    guard trimmed.hasSameBytes(as: text) else { throw place.failure("\"\(name)\" has white space at its ends") }
    return text
  }

  private mutating func take(_ name: StaticString) throws -> JSONCursor.Plain {
    for offset in fields.indices {
      let index = (next + offset) % fields.count
      guard fields[index].key == name, taken & 1 << index == 0 else { continue }
      taken |= 1 << index
      next = index + 1
      return fields[index].value
    }
    throw place.failure("\"\(name)\" is missing")
  }
}
