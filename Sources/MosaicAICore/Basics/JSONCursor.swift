import Platform

/// Reads JSON (RFC 8259) front to back without building it: the events of a stream come by the ten thousand, and only
/// one string of each matters. Everything that is read or skipped is checked, UTF-8 included.
package struct JSONCursor {
  /// The bytes are not JSON, or not of the shape asked for.
  package struct Malformed: Error {
    /// Where, in bytes from the start.
    package let offset: Int
  }

  /// A value without parts.
  enum Plain {
    case null
    case integer(Int)
    case string(Text)
  }

  /// A string. One that is written without escapes is copied only when its `string` is asked for.
  enum Text {
    case plain(UnsafeRawBufferPointer)
    case unescaped(String)

    var string: String {
      switch self {
      case .plain(let bytes): String(decoding: bytes, as: UTF8.self)
      case .unescaped(let string): string
      }
    }

    /// Calls `body` with the text in UTF-8.
    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
      switch self {
      case .plain(let bytes): return try body(bytes)
      case .unescaped(var string): return try string.withUTF8 { try body(UnsafeRawBufferPointer($0)) }
      }
    }

    /// Whether the two are the same byte for byte.
    func hasSameBytes(as other: String) -> Bool {
      guard case .plain(let bytes) = self else { return string.hasSameBytes(as: other) }
      guard bytes.count == other.utf8.count else { return false }
      var other = other
      return other.withUTF8 { others in
        guard let start = bytes.baseAddress, let otherStart = others.baseAddress else { return true }
        return memcmp(start, otherStart, bytes.count) == 0
      }
    }
  }

  /// The name of an object's member.
  struct Key {
    fileprivate let raw: UnsafeRawBufferPointer

    /// The name as it is written.
    var text: String { String(decoding: raw, as: UTF8.self) }

    /// Whether the name is `name`. AWS never writes names with escapes: such a name equals nothing.
    static func == (key: Key, name: StaticString) -> Bool {
      guard let start = key.raw.baseAddress, key.raw.count == name.utf8CodeUnitCount else { return false }
      return memcmp(start, name.utf8Start, key.raw.count) == 0
    }

    /// Whether the two are written in the same way.
    static func == (left: Key, right: Key) -> Bool {
      guard left.raw.count == right.raw.count else { return false }
      guard let start = left.raw.baseAddress, let other = right.raw.baseAddress else { return true }
      return memcmp(start, other, left.raw.count) == 0
    }
  }

  private let bytes: UnsafeRawBufferPointer
  private var index = 0
  /// Whether half a surrogate pair was read as U+FFFD.
  private(set) var hasReplacedText = false
  /// Whether a number that does not look the same as an `Int` is kept as it was written.
  var isKeepingNumbers = false
  private static let maximumDepth = 512

  /// - Parameter bytes: must outlive the cursor, its keys and its texts
  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  /// Moves past `text` if exactly that comes next, byte for byte; otherwise stays.
  mutating func skipIfNext(_ text: StaticString) -> Bool {
    let count = text.utf8CodeUnitCount
    guard let base = bytes.baseAddress, index + count <= bytes.count, memcmp(base + index, text.utf8Start, count) == 0
    else { return false }
    index += count
    return true
  }

  /// Enters an object.
  mutating func beginObject() throws {
    try expect(UInt8(ascii: "{"))
  }

  /// The name of the next member, whose value must be read or skipped next; nil at the object's end.
  ///
  /// - Parameter isFirst: true right after `beginObject`; becomes false
  mutating func nextKey(isFirst: inout Bool) throws -> Key? {
    skipSpace()
    if peek() == UInt8(ascii: "}") {
      index += 1
      return nil
    }
    if !isFirst {
      try expect(UInt8(ascii: ","))
      skipSpace()
    }
    isFirst = false
    try expect(UInt8(ascii: "\""))
    let start = index
    try scanString(into: nil)
    let key = Key(raw: UnsafeRawBufferPointer(rebasing: bytes[start..<index - 1]))
    try expect(UInt8(ascii: ":"))
    return key
  }

  /// Appends the text of the string that comes next. Half a surrogate pair becomes U+FFFD.
  mutating func readString(into text: inout [UInt8]) throws {
    try expect(UInt8(ascii: "\""))
    try scanString(into: &text)
  }

  /// The string that comes next, or nil after skipping anything else.
  mutating func readStringOrSkip() throws -> String? { try readTextOrSkip()?.string }

  /// As `readStringOrSkip`.
  private mutating func readTextOrSkip() throws -> Text? {
    skipSpace()
    guard peek() == UInt8(ascii: "\"") else {
      try skipValue()
      return nil
    }
    let start = index
    index += 1
    let hasEscapes = try scanString(into: nil)
    let written = UnsafeRawBufferPointer(rebasing: bytes[start + 1..<index - 1])
    guard hasEscapes else { return .plain(written) }
    index = start
    var text: [UInt8] = []
    text.reserveCapacity(written.count)
    try readString(into: &text)
    return .unescaped(String(decoding: text, as: UTF8.self))
  }

  /// The whole number that comes next, or nil after skipping anything else.
  mutating func readIntegerOrSkip() throws -> Int? {
    skipSpace()
    let start = index
    try skipValue()
    return Int(String(decoding: bytes[start..<index], as: UTF8.self))
  }

  /// The count that comes next, or nil after skipping anything else: a whole number that is not negative, however it is
  /// written (`12`, `12.0`, `1.2e1`), and that every reader of JSON has exactly (RFC 8259 §6).
  mutating func readCountOrSkip() throws -> Int? {
    skipSpace()
    let start = index
    try skipValue()
    let text = String(decoding: bytes[start..<index], as: UTF8.self)
    guard let number = Int(text) ?? Double(text).flatMap({ Int(exactly: $0) }) else { return nil }
    return JSON.exactCounts.contains(number) ? number : nil
  }

  /// The string, whole number or null that comes next, or nil after skipping anything else.
  mutating func readPlainOrSkip() throws -> Plain? {
    skipSpace()
    switch peek() {
    case UInt8(ascii: "\""): return try readTextOrSkip().map(Plain.string)
    case UInt8(ascii: "n"):
      try skipValue()
      return .null
    default: return try readIntegerOrSkip().map(Plain.integer)
    }
  }

  /// The value that comes next, whatever it is.
  mutating func readValue() throws -> JSON { try readValue(depth: 0) }

  private mutating func readValue(depth: Int) throws -> JSON {
    guard depth < JSONCursor.maximumDepth else { throw malformed }
    skipSpace()
    switch peek() {
    case UInt8(ascii: "\""): return try readStringOrSkip().map(JSON.string) ?? .null
    case UInt8(ascii: "{"):
      index += 1
      var members: [JSON.Member] = []
      var isFirst = true
      while let name = try nextName(isFirst: &isFirst) {
        members.append(JSON.Member(name, try readValue(depth: depth + 1)))
      }
      return .object(members)
    case UInt8(ascii: "["):
      index += 1
      var elements: [JSON] = []
      skipSpace()
      if peek() == UInt8(ascii: "]") {
        index += 1
        return .array(elements)
      }
      while true {
        elements.append(try readValue(depth: depth + 1))
        guard try !endsElements() else { return .array(elements) }
      }
    default: return try readScalar()
    }
  }

  /// A member's name with its escapes resolved; otherwise as `nextKey`.
  private mutating func nextName(isFirst: inout Bool) throws -> String? {
    guard let key = try nextKey(isFirst: &isFirst) else { return nil }
    guard key.raw.contains(UInt8(ascii: "\\")) else { return key.text }
    let quoted = [UInt8(ascii: "\"")] + key.raw + [UInt8(ascii: "\"")]
    return try quoted.withUnsafeBytes { bytes in
      var cursor = JSONCursor(bytes)
      return try cursor.readStringOrSkip()
    }
  }

  /// A number, true, false or null.
  private mutating func readScalar() throws -> JSON {
    let start = index
    try skipValue()
    let text = String(decoding: bytes[start..<index], as: UTF8.self)
    switch text {
    case "true": return .bool(true)
    case "false": return .bool(false)
    case "null": return .null
    default:
      if isKeepingNumbers { return JSON(number: text) }
      return Int(text).map(JSON.integer) ?? .number(Double(text) ?? 0)
    }
  }

  /// Whether null comes next, which is skipped.
  mutating func skipNull() throws -> Bool {
    skipSpace()
    guard peek() == UInt8(ascii: "n") else { return false }
    try skip("null")
    return true
  }

  /// Whether an object comes next; if not, it is skipped.
  mutating func beginObjectOrSkip() throws -> Bool {
    skipSpace()
    guard peek() == UInt8(ascii: "{") else {
      try skipValue()
      return false
    }
    index += 1
    return true
  }

  /// Whether an array comes next; if not, it is skipped.
  mutating func beginArrayOrSkip() throws -> Bool {
    skipSpace()
    guard peek() == UInt8(ascii: "[") else {
      try skipValue()
      return false
    }
    index += 1
    return true
  }

  /// Where the next element of an array begins, in bytes, which must be read or skipped next; nil at the array's end.
  ///
  /// - Parameter isFirst: true right after `beginArrayOrSkip`; becomes false
  mutating func nextElement(isFirst: inout Bool) throws -> Int? {
    skipSpace()
    if isFirst, peek() == UInt8(ascii: "]") {
      index += 1
      return nil
    }
    if !isFirst, try endsElements() { return nil }
    isFirst = false
    skipSpace()
    return index
  }

  /// Skips the value that comes next, whatever it is.
  mutating func skipValue() throws { try skipValue(depth: 0) }

  /// Checks that nothing but white space is left.
  mutating func finish() throws {
    skipSpace()
    guard index == bytes.count else { throw malformed }
  }

  private var malformed: Malformed { Malformed(offset: index) }

  @inline(__always)
  private func peek() -> UInt8? { index < bytes.count ? bytes[index] : nil }

  @inline(__always)
  private mutating func skipSpace() {
    while let byte = peek(), byte <= 0x20, byte == 0x20 || byte == 0x0a || byte == 0x09 || byte == 0x0d { index += 1 }
  }

  @inline(__always)
  private mutating func expect(_ byte: UInt8) throws {
    skipSpace()
    guard peek() == byte else { throw malformed }
    index += 1
  }

  private mutating func skipValue(depth: Int) throws {
    guard depth < JSONCursor.maximumDepth else { throw malformed }
    skipSpace()
    switch peek() {
    case UInt8(ascii: "\""):
      index += 1
      try scanString(into: nil)
    case UInt8(ascii: "{"):
      index += 1
      var isFirst = true
      while try nextKey(isFirst: &isFirst) != nil { try skipValue(depth: depth + 1) }
    case UInt8(ascii: "["):
      index += 1
      try skipElements(depth: depth + 1)
    case UInt8(ascii: "t"): try skip("true")
    case UInt8(ascii: "f"): try skip("false")
    case UInt8(ascii: "n"): try skip("null")
    default: try skipNumber()
    }
  }

  private mutating func skipElements(depth: Int) throws {
    skipSpace()
    if peek() == UInt8(ascii: "]") {
      index += 1
      return
    }
    repeat { try skipValue(depth: depth) } while try !endsElements()
  }

  /// Moves past what follows an element of an array: true if the array ends there.
  private mutating func endsElements() throws -> Bool {
    skipSpace()
    guard let byte = peek(), byte == UInt8(ascii: ",") || byte == UInt8(ascii: "]") else { throw malformed }
    index += 1
    return byte == UInt8(ascii: "]")
  }

  private mutating func skip(_ word: StaticString) throws {
    guard skipIfNext(word) else { throw malformed }
  }

  private mutating func skipNumber() throws {
    if peek() == UInt8(ascii: "-") { index += 1 }
    if peek() == UInt8(ascii: "0") { index += 1 } else { try skipDigits() }
    if peek() == UInt8(ascii: ".") {
      index += 1
      try skipDigits()
    }
    if peek() == UInt8(ascii: "e") || peek() == UInt8(ascii: "E") {
      index += 1
      if peek() == UInt8(ascii: "+") || peek() == UInt8(ascii: "-") { index += 1 }
      try skipDigits()
    }
  }

  private mutating func skipDigits() throws {
    let start = index
    while let byte = peek(), (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { index += 1 }
    guard index > start else { throw malformed }
  }

  /// From after the opening quote to after the closing one; the text is appended to `text` if that is given.
  ///
  /// - Returns: whether there are escapes in it
  @discardableResult
  private mutating func scanString(into text: UnsafeMutablePointer<[UInt8]>?) throws -> Bool {
    var plainStart = index
    var hasEscapes = false
    while true {
      skipPlain()
      guard let byte = peek() else { throw malformed }
      switch byte {
      case 0x22:
        text?.pointee.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[plainStart..<index]))
        index += 1
        return hasEscapes
      case 0x5c:
        hasEscapes = true
        text?.pointee.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[plainStart..<index]))
        index += 1
        try scanEscape(into: text)
        plainStart = index
      case 0x80...:
        try scanMultibyte()
      default:
        throw malformed
      }
    }
  }

  /// Moves to the next byte of a string that is not plain ASCII: a quote, a backslash, a control character or the
  /// beginning of a longer scalar. Eight bytes a step, since nearly everything is read here.
  private mutating func skipPlain() {
    guard let base = bytes.baseAddress else { return }
    let end = bytes.count
    var position = index
    while position + 8 <= end {
      let word = base.loadUnaligned(fromByteOffset: position, as: UInt64.self)
      let quotes = word ^ JSONCursor.everyByte(0x22)
      let backslashes = word ^ JSONCursor.everyByte(0x5c)
      let ones = JSONCursor.everyByte(0x01)
      let special =
        word | ((word &- JSONCursor.everyByte(0x20)) & ~word) | ((quotes &- ones) & ~quotes)
        | ((backslashes &- ones) & ~backslashes)
      guard special & JSONCursor.everyByte(0x80) == 0 else { break }
      position += 8
    }
    while position < end {
      let byte = base.load(fromByteOffset: position, as: UInt8.self)
      guard byte >= 0x20, byte < 0x80, byte != 0x22, byte != 0x5c else { break }
      position += 1
    }
    index = position
  }

  @inline(__always)
  private static func everyByte(_ byte: UInt64) -> UInt64 { byte &* 0x0101_0101_0101_0101 }

  private mutating func scanEscape(into text: UnsafeMutablePointer<[UInt8]>?) throws {
    guard let byte = peek() else { throw malformed }
    index += 1
    let plain: UInt8
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): plain = byte
    case UInt8(ascii: "b"): plain = 0x08
    case UInt8(ascii: "f"): plain = 0x0c
    case UInt8(ascii: "n"): plain = 0x0a
    case UInt8(ascii: "r"): plain = 0x0d
    case UInt8(ascii: "t"): plain = 0x09
    case UInt8(ascii: "u"):
      var value = try scanHexadecimal()
      if (0xd800..<0xdc00).contains(value), bytes[index...].starts(with: [0x5c, 0x75]) {
        let afterEscape = index
        index += 2
        let low = try scanHexadecimal()
        if (0xdc00..<0xe000).contains(low) {
          value = 0x10000 + (value - 0xd800) << 10 + (low - 0xdc00)
        } else {
          index = afterEscape
        }
      }
      let scalar = Unicode.Scalar(value)
      if scalar == nil { hasReplacedText = true }
      text?.pointee.append(contentsOf: UTF8.encode(scalar ?? "\u{fffd}") ?? UTF8.encodedReplacementCharacter)
      return
    default: throw malformed
    }
    text?.pointee.append(plain)
  }

  private mutating func scanHexadecimal() throws -> UInt32 {
    guard index + 4 <= bytes.count else { throw malformed }
    var value: UInt32 = 0
    for byte in bytes[index..<index + 4] {
      guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { throw malformed }
      value = value << 4 | UInt32(digit)
    }
    index += 4
    return value
  }

  /// Checks one scalar of two to four bytes (Unicode, table 3-7).
  private mutating func scanMultibyte() throws {
    let lead = bytes[index]
    let length: Int
    var second: ClosedRange<UInt8> = 0x80...0xbf
    switch lead {
    case 0xc2...0xdf: length = 2
    case 0xe0: (length, second) = (3, 0xa0...0xbf)
    case 0xed: (length, second) = (3, 0x80...0x9f)
    case 0xe1...0xef: length = 3
    case 0xf0: (length, second) = (4, 0x90...0xbf)
    case 0xf4: (length, second) = (4, 0x80...0x8f)
    case 0xf1...0xf3: length = 4
    default: throw malformed
    }
    guard index + length <= bytes.count, second.contains(bytes[index + 1]) else { throw malformed }
    for offset in 2..<max(2, length) {
      guard (0x80...0xbf).contains(bytes[index + offset]) else { throw malformed }
    }
    index += length
  }
}
