/// One line of an export: a flat JSON object, whose fields are taken one by one. Each is checked, and none may be left
/// over.
struct ArchiveLine {
  /// Where the line stands.
  struct Place {
    /// The file's name, for errors.
    let name: String
    let line: Int

    /// What is wrong there.
    func failure(_ message: String, column: Int? = nil) -> Failure {
      Failure(
        .invalidInput, "\(name):\(line):\(column.map { "\($0):" } ?? "") \(message)",
        hint: "nothing was imported; export it again")
    }

    /// What `body` gives, its failure told as one of this line.
    func explaining<Result>(_ body: () throws -> Result) throws -> Result {
      do { return try body() } catch { throw failure(Failure.from(error).message) }
    }
  }

  let place: Place
  private var values: [String: JSONCursor.Plain] = [:]
  private static let maximumPersonaLength = 50

  /// - Throws: `Failure` with code `invalid_input` for what is no flat JSON object
  init(_ bytes: UnsafeRawBufferPointer, _ place: Place) throws {
    self.place = place
    var cursor = JSONCursor(bytes)
    do {
      try cursor.beginObject()
      var isFirst = true
      while let key = try cursor.nextKey(isFirst: &isFirst) {
        guard let value = try cursor.readPlainOrSkip() else {
          throw place.failure("\(ArchiveLine.quoted(key.text)) is neither a text nor a whole number nor null")
        }
        guard values.updateValue(value, forKey: key.text) == nil else {
          throw place.failure("\(ArchiveLine.quoted(key.text)) is given twice")
        }
      }
      try cursor.finish()
    } catch let error as JSONCursor.Malformed {
      throw place.failure("not valid JSON, or not an object", column: error.offset + 1)
    }
    guard !cursor.hasMendedText else { throw place.failure("half of a surrogate pair, which is no character") }
  }

  /// A text as it is.
  mutating func text(_ name: String) throws -> String {
    guard let text = try optionalText(name) else { throw place.failure("\"\(name)\" is null") }
    return text
  }

  /// A text as it is, or null.
  mutating func optionalText(_ name: String) throws -> String? {
    switch try take(name) {
    case .null: return nil
    case .string(let text): return text
    case .integer: throw place.failure("\"\(name)\" is no text")
    }
  }

  /// A short text that the database keeps beside a message, or null.
  mutating func optionalWord(_ name: String) throws -> String? {
    let text = try optionalText(name)
    guard text?.utf8.contains(0) != true else { throw place.failure("\"\(name)\" holds a NUL character") }
    return text
  }

  /// A name, as `Rules.name` has it.
  mutating func name(_ name: String) throws -> String { try checked(text(name), name) }

  /// A title, as `Rules.name` has it, or null. It may be one that was cut from a message where there was nothing to
  /// see.
  mutating func optionalTitle(_ name: String) throws -> String? {
    try optionalText(name).map { try checked($0, name, mayBeInvisible: true) }
  }

  /// The id of a persona.
  mutating func personaID(_ name: String) throws -> String {
    let text = try self.name(name)
    guard text.unicodeScalars.count <= ArchiveLine.maximumPersonaLength else {
      throw place.failure("\"\(name)\" is too long")
    }
    return text
  }

  /// A UUID in lower case.
  mutating func id(_ name: String) throws -> String {
    guard let id = try optionalID(name) else { throw place.failure("\"\(name)\" is null") }
    return id
  }

  /// A UUID in lower case, or null.
  mutating func optionalID(_ name: String) throws -> String? {
    guard let text = try optionalText(name) else { return nil }
    let groups = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    guard groups.map(\.count) == [8, 4, 4, 4, 12],
      groups.joined().allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
    else { throw place.failure("\"\(name)\" is no UUID in lower case") }
    return text
  }

  /// A time as we write it.
  mutating func time(_ name: String) throws -> String {
    guard let time = try optionalTime(name) else { throw place.failure("\"\(name)\" is null") }
    return time
  }

  /// A time as we write it, or null.
  mutating func optionalTime(_ name: String) throws -> String? {
    guard let text = try optionalText(name) else { return nil }
    guard let time = Timestamp(rfc3339: text), time.rfc3339.utf8.elementsEqual(text.utf8) else {
      throw place.failure("\"\(name)\" is no time like 2026-11-23T06:13:02.123Z")
    }
    return text
  }

  /// A number that is not negative.
  mutating func count(_ name: String) throws -> Int {
    guard let count = try optionalCount(name) else { throw place.failure("\"\(name)\" is null") }
    return count
  }

  /// A number that is not negative, or null.
  mutating func optionalCount(_ name: String) throws -> Int? {
    switch try take(name) {
    case .null: return nil
    case .integer(let count) where count >= 0: return count
    default: throw place.failure("\"\(name)\" is no number of 0 or more")
    }
  }

  /// Checks that every field was taken.
  func finish() throws {
    if let name = values.keys.min() { throw place.failure("\(ArchiveLine.quoted(name)) is not known here") }
  }

  /// A name from the file, which may be of any length.
  private static func quoted(_ name: String) -> String {
    let start = name.unicodeScalars.prefix(40)
    return "\"\(String(start))\(start.endIndex == name.endIndex ? "" : "…")\""
  }

  private func checked(_ text: String, _ name: String, mayBeInvisible: Bool = false) throws -> String {
    let trimmed = try place.explaining { try Rules.name(text, "\"\(name)\"", mayBeInvisible: mayBeInvisible) }
    guard trimmed.utf8.elementsEqual(text.utf8) else { throw place.failure("\"\(name)\" has white space at its ends") }
    return text
  }

  private mutating func take(_ name: String) throws -> JSONCursor.Plain {
    guard let value = values.removeValue(forKey: name) else { throw place.failure("\"\(name)\" is missing") }
    return value
  }
}
