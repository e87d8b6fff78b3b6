/// A JSON value (RFC 8259), its members in the order they were given.
package enum JSON: Equatable, Sendable {
  case null
  case bool(Bool)
  case integer(Int)
  case number(Double)
  /// A number as it was written, which is only passed on: neither `Int` nor `Double` has every number that JSON has.
  case written(String)
  case string(String)
  case array([JSON])
  case object([Member])

  /// The counts that every reader of JSON has exactly (RFC 8259 §6).
  static let exactCounts = 0...(1 << 53) - 1

  /// A name and its value.
  package struct Member: Equatable, Sendable {
    package let name: String
    package let value: JSON

    package init(_ name: String, _ value: JSON) {
      self.name = name
      self.value = value
    }
  }

  /// A string, or null.
  package init(_ text: String?) { self = text.map(JSON.string) ?? .null }

  /// An integer, or null.
  package init(_ integer: Int?) { self = integer.map(JSON.integer) ?? .null }

  /// Reads one value, perhaps after a byte order mark.
  ///
  /// - Parameters:
  ///   - isKeepingNumbers: reads a number that does not look the same as an `Int` as it was written
  ///   - isRepairing: reads half a surrogate pair as U+FFFD
  /// - Throws: `JSONCursor.Malformed`; `HalfCharacter` if it is not repaired
  package init(
    parsing bytes: some Sequence<UInt8>, keepingNumbers isKeepingNumbers: Bool = false, isRepairing: Bool = true
  ) throws {
    self = try Array(bytes).withUnsafeBytes { bytes in
      var cursor = JSONCursor(UnsafeRawBufferPointer(rebasing: bytes.withoutByteOrderMark))
      cursor.isKeepingNumbers = isKeepingNumbers
      let value = try cursor.readValue()
      try cursor.finish()
      guard isRepairing || !cursor.hasReplacedText else { throw HalfCharacter() }
      return value
    }
  }

  /// A text has half of a surrogate pair in it.
  package struct HalfCharacter: Error {}

  /// A number as it was written.
  ///
  /// - Parameter text: a number of JSON's grammar
  init(number text: String) {
    if let number = Int(text), String(number) == text { self = .integer(number) } else { self = .written(text) }
  }

  /// The value of an object's member: the last of that name, as most readers have it; nil if there is none, or this is
  /// not an object.
  package subscript(_ name: String) -> JSON? {
    if case .object(let members) = self { members.last { $0.name == name }?.value } else { nil }
  }

  /// The text, if this is a string.
  package var string: String? { if case .string(let text) = self { text } else { nil } }
  /// The number, if this is a whole one.
  package var integer: Int? { if case .integer(let number) = self { number } else { nil } }
  /// The elements, if this is an array.
  package var elements: [JSON]? { if case .array(let elements) = self { elements } else { nil } }
  /// The members, if this is an object.
  package var members: [Member]? { if case .object(let members) = self { members } else { nil } }

  /// The object without the member of that name.
  package func removing(_ name: String) -> JSON {
    if case .object(let members) = self { .object(members.filter { $0.name != name }) } else { self }
  }

  /// The value on one line.
  package var compact: String {
    var bytes: [UInt8] = []
    append(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Appends the value on one line.
  package func append(to bytes: inout [UInt8]) { write(into: &bytes, indentation: nil) }

  /// Appends the value as it stands within another one, indented by that much; nil: on one line.
  func append(to bytes: inout [UInt8], indentation: Int?) { write(into: &bytes, indentation: indentation) }

  /// The value on many lines, indented by two spaces.
  package var indented: String {
    var bytes: [UInt8] = []
    write(into: &bytes, indentation: 0)
    return String(decoding: bytes, as: UTF8.self)
  }

  private func write(into bytes: inout [UInt8], indentation: Int?) {
    switch self {
    case .null: bytes.append(contentsOf: "null".utf8)
    case .bool(let value): bytes.append(contentsOf: (value ? "true" : "false").utf8)
    case .integer(let value): bytes.append(contentsOf: String(value).utf8)
    case .number(let value): bytes.append(contentsOf: JSON.text(of: value).utf8)
    case .written(let text): bytes.append(contentsOf: text.utf8)
    case .string(let value): JSON.append(string: value, to: &bytes)
    case .array(let values):
      JSON.writeList(values, "[", "]", into: &bytes, indentation) { value, bytes, indentation in
        value.write(into: &bytes, indentation: indentation)
      }
    case .object(let members):
      JSON.writeList(members, "{", "}", into: &bytes, indentation) { member, bytes, indentation in
        JSON.append(string: member.name, to: &bytes)
        bytes.append(contentsOf: (indentation == nil ? ":" : ": ").utf8)
        member.value.write(into: &bytes, indentation: indentation)
      }
    }
  }

  private static func writeList<Element>(
    _ elements: [Element], _ open: String, _ close: String, into bytes: inout [UInt8], _ indentation: Int?,
    _ write: (Element, inout [UInt8], Int?) -> Void
  ) {
    bytes.append(contentsOf: open.utf8)
    let inner = indentation.map { $0 + 2 }
    func breakLine(_ indentation: Int?) {
      guard let indentation else { return }
      bytes.append(UInt8(ascii: "\n"))
      bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: indentation))
    }
    for (index, element) in elements.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      breakLine(inner)
      write(element, &bytes, inner)
    }
    if !elements.isEmpty { breakLine(indentation) }
    bytes.append(contentsOf: close.utf8)
  }

  /// Whole numbers have no fraction, so that a temperature of 1 is `1`. JSON has no infinity: it becomes null.
  private static func text(of number: Double) -> String {
    guard number.isFinite else { return "null" }
    return Int(exactly: number).map(String.init) ?? String(number)
  }

  /// Appends `text` in quotes.
  package static func append(string text: String, to bytes: inout [UInt8]) {
    var text = text
    bytes.append(UInt8(ascii: "\""))
    text.withUTF8 { append(escaping: $0, to: &bytes) }
    bytes.append(UInt8(ascii: "\""))
  }

  /// Appends the inside of a JSON string: quote, backslash, C0, DEL and C1 escaped, everything else as it is.
  ///
  /// JSON needs no escapes for C1 and DEL, but a terminal would obey them.
  package static func append(escaping text: UnsafeBufferPointer<UInt8>, to bytes: inout [UInt8]) {
    var plainStart = 0
    var index = 0
    while index < text.count {
      let byte = text[index]
      guard byte < 0x20 || byte == 0x22 || byte == 0x5c || byte == 0x7f || byte == 0xc2 else {
        index += 1
        continue
      }
      var length = 1
      var scalar = byte
      if byte == 0xc2 {
        guard index + 1 < text.count, text[index + 1] < 0xa0 else {
          index += 1
          continue
        }
        scalar = text[index + 1]
        length = 2
      }
      bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[plainStart..<index]))
      appendEscape(scalar, to: &bytes)
      index += length
      plainStart = index
    }
    bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[plainStart...]))
  }

  private static func appendEscape(_ scalar: UInt8, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\\"))
    switch scalar {
    case 0x22, 0x5c: bytes.append(scalar)
    case 0x08: bytes.append(UInt8(ascii: "b"))
    case 0x09: bytes.append(UInt8(ascii: "t"))
    case 0x0a: bytes.append(UInt8(ascii: "n"))
    case 0x0c: bytes.append(UInt8(ascii: "f"))
    case 0x0d: bytes.append(UInt8(ascii: "r"))
    default: bytes.append(contentsOf: "u00\(hexadecimal(CollectionOfOne(scalar)))".utf8)
    }
  }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByArrayLiteral,
  ExpressibleByDictionaryLiteral
{
  package init(stringLiteral value: String) { self = .string(value) }
  package init(integerLiteral value: Int) { self = .integer(value) }
  package init(booleanLiteral value: Bool) { self = .bool(value) }
  package init(arrayLiteral elements: JSON...) { self = .array(elements) }
  package init(dictionaryLiteral elements: (String, JSON)...) { self = .object(elements.map { Member($0, $1) }) }
}
