import Foundation

/// JSON as it is written: members in their order, numbers with their digits.
///
/// The program's own reader is under test, so this is another one.
package enum JSONText: Hashable, Sendable {
  package struct Member: Hashable, Sendable {
    package let name: String
    package let value: JSONText

    package init(name: String, value: JSONText) {
      self.name = name
      self.value = value
    }
  }

  case null
  case bool(Bool)
  case number(String)
  case string(String)
  case array([JSONText])
  case object([Member])

  /// Reads one value and nothing after it.
  package init(_ bytes: [UInt8]) throws {
    var reader = Reader(bytes: bytes[...])
    self = try reader.value()
    reader.skipSpace()
    guard reader.bytes.isEmpty else {
      throw Complaint("more than one JSON value: \(String(decoding: bytes, as: UTF8.self))")
    }
  }

  package init(_ text: String) throws { try self.init(Array(text.utf8)) }

  /// The names of an object's members, in their order.
  package var names: [String] {
    if case .object(let members) = self { members.map(\.name) } else { [] }
  }

  /// An object's member; `null` if it is missing.
  package subscript(name: String) -> JSONText {
    guard case .object(let members) = self else { return .null }
    return members.first { $0.name == name }?.value ?? .null
  }

  /// An array's element; `null` if it is missing.
  package subscript(index: Int) -> JSONText { elements.indices.contains(index) ? elements[index] : .null }

  package var elements: [JSONText] {
    if case .array(let elements) = self { elements } else { [] }
  }

  package var string: String? {
    if case .string(let string) = self { string } else { nil }
  }

  package var integer: Int? {
    if case .number(let number) = self { Int(number) } else { nil }
  }

  package var isTrue: Bool { self == .bool(true) }

  private struct Reader {
    var bytes: ArraySlice<UInt8>

    mutating func skipSpace() { bytes = bytes.drop { [0x20, 0x0a, 0x0d, 0x09].contains($0) } }

    mutating func value() throws -> JSONText {
      skipSpace()
      switch bytes.first {
      case UInt8(ascii: "{"): return .object(try list(closing: "}") { try $0.member() })
      case UInt8(ascii: "["): return .array(try list(closing: "]") { try $0.value() })
      case UInt8(ascii: "\""): return .string(try text())
      default:
        let word = bytes.prefix { !",]} \n\r\t".utf8.contains($0) }
        bytes = bytes.dropFirst(word.count)
        return try JSONText.scalar(String(decoding: word, as: UTF8.self))
      }
    }

    private mutating func list<Element>(closing end: Unicode.Scalar, _ next: (inout Reader) throws -> Element) throws
      -> [Element]
    {
      bytes.removeFirst()
      var elements: [Element] = []
      while true {
        skipSpace()
        if bytes.first == UInt8(ascii: end) {
          bytes.removeFirst()
          return elements
        }
        if !elements.isEmpty { try take(",") }
        elements.append(try next(&self))
      }
    }

    private mutating func member() throws -> Member {
      skipSpace()
      let name = try text()
      skipSpace()
      try take(":")
      return Member(name: name, value: try value())
    }

    /// A quoted text. Foundation decodes its escapes, and refuses what must be escaped and is not.
    private mutating func text() throws -> String {
      guard bytes.first == UInt8(ascii: "\"") else { throw Complaint("no JSON text") }
      var end = bytes.startIndex + 1
      while end < bytes.endIndex, bytes[end] != UInt8(ascii: "\"") { end += bytes[end] == UInt8(ascii: "\\") ? 2 : 1 }
      guard end < bytes.endIndex else { throw Complaint("a JSON text without an end") }
      let quoted = bytes[bytes.startIndex...end]
      guard quoted.allSatisfy({ $0 >= 0x20 }) else { throw Complaint("a control character in a JSON text") }
      bytes = bytes[(end + 1)...]
      guard let text = try JSONSerialization.jsonObject(with: Data(quoted), options: .fragmentsAllowed) as? String
      else {
        throw Complaint("no JSON text")
      }
      return text
    }

    private mutating func take(_ character: Unicode.Scalar) throws {
      guard bytes.first == UInt8(ascii: character) else {
        throw Complaint("no \(character) in JSON: \(String(decoding: bytes, as: UTF8.self))")
      }
      bytes.removeFirst()
    }
  }

  private static func scalar(_ word: String) throws -> JSONText {
    switch word {
    case "null": return .null
    case "true": return .bool(true)
    case "false": return .bool(false)
    case _ where Double(word) != nil: return .number(word)
    default: throw Complaint("no JSON value: \(word)")
    }
  }
}
