import Testing

/// A message of an event stream, encoded from the specification and without the code under test.
package struct Frame {
  /// A header's value.
  package enum Value {
    case bool(Bool)
    case int8(Int8)
    case int16(Int16)
    case int32(Int32)
    case int64(Int64)
    case bytes([UInt8])
    case string(String)
    case timestamp(Int64)
    case uuid([UInt8])
    /// Any type byte, and the bytes after it.
    case raw(UInt8, [UInt8])

    fileprivate var encoded: [UInt8] {
      switch self {
      case .bool(let value): [value ? 0 : 1]
      case .int8(let value): [2] + bigEndian(value)
      case .int16(let value): [3] + bigEndian(value)
      case .int32(let value): [4] + bigEndian(value)
      case .int64(let value): [5] + bigEndian(value)
      case .bytes(let value): [6] + bigEndian(UInt16(value.count)) + value
      case .string(let value): [7] + bigEndian(UInt16(value.utf8.count)) + Array(value.utf8)
      case .timestamp(let value): [8] + bigEndian(value)
      case .uuid(let value): [9] + value
      case .raw(let type, let bytes): [type] + bytes
      }
    }
  }

  package var headers: [(name: [UInt8], value: Value)]
  package var payload: [UInt8]

  package init(_ headers: [(String, Value)] = [], _ payload: String = "") {
    self.headers = headers.map { (Array($0.0.utf8), $0.1) }
    self.payload = Array(payload.utf8)
  }

  /// An event of ConverseStream.
  package static func event(_ type: String, _ payload: String) -> Frame {
    Frame(
      [
        (":event-type", .string(type)), (":content-type", .string("application/json")),
        (":message-type", .string("event")),
      ], payload)
  }

  /// An exception within a stream.
  package static func exception(_ type: String, _ payload: String) -> Frame {
    Frame([(":exception-type", .string(type)), (":message-type", .string("exception"))], payload)
  }

  /// An error frame within a stream.
  package static func error(_ code: String, _ message: String) -> Frame {
    Frame([(":error-code", .string(code)), (":error-message", .string(message)), (":message-type", .string("error"))])
  }

  package var encoded: [UInt8] {
    let block = headers.flatMap { [UInt8($0.name.count)] + $0.name + $0.value.encoded }
    return Frame.encode(
      total: UInt32(16 + block.count + payload.count), headers: UInt32(block.count), rest: block + payload)
  }

  /// A message with any lengths in its prelude, and both checksums valid.
  package static func encode(total: UInt32, headers: UInt32, rest: [UInt8] = []) -> [UInt8] {
    let prelude = bigEndian(total) + bigEndian(headers)
    let message = prelude + bigEndian(bitwiseCRC32(prelude)) + rest
    return message + bigEndian(bitwiseCRC32(message))
  }
}

extension Frame: CustomTestStringConvertible {
  package var testDescription: String { "\(headers.map { "\($0.value)" }) \(String(decoding: payload, as: UTF8.self))" }
}

/// The messages of a reply as ConverseStream sends them.
extension Frame {
  package static func text(_ text: String) -> Frame {
    .event("contentBlockDelta", #"{"contentBlockIndex":0,"delta":{"text":\#(quoted(text))},"p":"abcdef"}"#)
  }
  package static let start = event("messageStart", #"{"role":"assistant","p":"ab"}"#)
  package static let blockStop = event("contentBlockStop", #"{"contentBlockIndex":0}"#)
  package static func stop(_ reason: String = "end_turn") -> Frame {
    .event("messageStop", #"{"stopReason":"\#(reason)"}"#)
  }
  package static let metadata = event(
    "metadata", #"{"usage":{"inputTokens":10,"outputTokens":20,"totalTokens":30},"metrics":{"latencyMs":456},"p":"a"}"#)

  /// A whole reply, one event for each piece.
  package static func reply(_ pieces: String..., stop reason: String = "end_turn") -> [UInt8] {
    ([start] + pieces.map(text) + [blockStop, stop(reason), metadata]).flatMap(\.encoded)
  }

  private static func quoted(_ text: String) -> String {
    let inside = text.unicodeScalars.map { scalar in
      scalar.value < 0x20 || scalar == "\"" || scalar == "\\"
        ? "\\u" + String(repeating: "0", count: 4 - String(scalar.value, radix: 16).count)
          + String(scalar.value, radix: 16)
        : String(scalar)
    }
    return "\"\(inside.joined())\""
  }
}

/// CRC-32 a bit at a time, as in the standard.
package func bitwiseCRC32(_ bytes: some Sequence<UInt8>) -> UInt32 {
  var crc: UInt32 = 0xffff_ffff
  for byte in bytes {
    crc ^= UInt32(byte)
    for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xedb8_8320 : crc >> 1 }
  }
  return ~crc
}

private func bigEndian<Integer: FixedWidthInteger>(_ value: Integer) -> [UInt8] {
  withUnsafeBytes(of: value.bigEndian, Array.init)
}
