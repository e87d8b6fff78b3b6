/// Reads CSV (RFC 4180) record by record. Lines may end with LF alone, as everywhere but in the RFC, and lines without
/// anything are skipped.
struct CSVReader {
  /// What is not CSV, and in which line.
  struct Malformed: Error, Equatable {
    let line: Int
    let message: String
  }

  private let bytes: UnsafeBufferPointer<UInt8>
  private var index = 0
  /// The line that is read next, from 1.
  private var line = 1

  private static let quote = UInt8(ascii: "\"")
  private static let comma = UInt8(ascii: ",")
  private static let newline = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")

  /// - Parameter bytes: valid UTF-8 without a byte order mark; must outlive the reader
  init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  /// The fields of the next record, and the line where it begins; nil at the end.
  ///
  /// - Throws: `Malformed`
  mutating func next() throws -> (fields: [String], line: Int)? {
    while skipLineBreak() {}
    guard index < bytes.count else { return nil }
    let start = line
    var fields: [String] = []
    while true {
      fields.append(try index < bytes.count && bytes[index] == CSVReader.quote ? quotedField() : plainField())
      guard index < bytes.count, bytes[index] == CSVReader.comma else { break }
      index += 1
    }
    _ = skipLineBreak()
    return (fields, start)
  }

  /// From an opening quotation mark to what has to follow the closing one.
  private mutating func quotedField() throws -> String {
    let start = line
    var text: [UInt8] = []
    index += 1
    while true {
      guard index < bytes.count else {
        throw Malformed(line: start, message: "a field in quotation marks has no closing one")
      }
      let byte = bytes[index]
      index += 1
      if byte == CSVReader.quote {
        guard index < bytes.count, bytes[index] == CSVReader.quote else { break }
        index += 1
      } else if byte == CSVReader.newline {
        line += 1
      }
      text.append(byte)
    }
    guard isAtEndOfField else {
      throw Malformed(
        line: line,
        message: "something follows the closing quotation mark of a field; quotation marks inside are doubled")
    }
    return String(decoding: text, as: UTF8.self)
  }

  private mutating func plainField() throws -> String {
    let start = index
    while !isAtEndOfField {
      switch bytes[index] {
      case CSVReader.quote:
        throw Malformed(
          line: line,
          message: "a quotation mark inside a field without them; put the field in quotation marks, and double it")
      case CSVReader.carriageReturn:
        throw Malformed(line: line, message: "a carriage return that does not end a line")
      default: index += 1
      }
    }
    return String(decoding: bytes[start..<index], as: UTF8.self)
  }

  private var isAtEndOfField: Bool {
    guard index < bytes.count else { return true }
    switch bytes[index] {
    case CSVReader.comma, CSVReader.newline: return true
    case CSVReader.carriageReturn: return index + 1 < bytes.count && bytes[index + 1] == CSVReader.newline
    default: return false
    }
  }

  /// Moves past a line break, if there is one.
  private mutating func skipLineBreak() -> Bool {
    guard index < bytes.count else { return false }
    if bytes[index] == CSVReader.carriageReturn, index + 1 < bytes.count, bytes[index + 1] == CSVReader.newline {
      index += 1
    }
    guard bytes[index] == CSVReader.newline else { return false }
    index += 1
    line += 1
    return true
  }
}
