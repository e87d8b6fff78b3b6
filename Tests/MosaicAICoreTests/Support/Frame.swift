import Testing

/// A message of an event stream to encode, written from the specification without any of the code under test.
struct Frame {
  /// A header's value, of each type there is.
  enum Value {
    case bool(Bool)
    case int8(Int8)
    case int16(Int16)
    case int32(Int32)
    case int64(Int64)
    case bytes([UInt8])
    case string(String)
    case timestamp(Int64)
    case uuid([UInt8])
    /// Any type byte, and the bytes behind it.
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

  var headers: [(name: [UInt8], value: Value)]
  var payload: [UInt8]

  init(_ headers: [(String, Value)] = [], _ payload: String = "") {
    self.headers = headers.map { (Array($0.0.utf8), $0.1) }
    self.payload = Array(payload.utf8)
  }

  /// An event of ConverseStream.
  static func event(_ type: String, _ payload: String) -> Frame {
    Frame(
      [
        (":event-type", .string(type)), (":content-type", .string("application/json")),
        (":message-type", .string("event")),
      ], payload)
  }

  /// An exception within a stream.
  static func exception(_ type: String, _ payload: String) -> Frame {
    Frame([(":exception-type", .string(type)), (":message-type", .string("exception"))], payload)
  }

  /// An error frame within a stream.
  static func error(_ code: String, _ message: String) -> Frame {
    Frame([(":error-code", .string(code)), (":error-message", .string(message)), (":message-type", .string("error"))])
  }

  var encoded: [UInt8] {
    let block = headers.flatMap { [UInt8($0.name.count)] + $0.name + $0.value.encoded }
    return Frame.encode(
      total: UInt32(16 + block.count + payload.count), headers: UInt32(block.count), rest: block + payload)
  }

  /// A message with any lengths in its prelude, both checksums right.
  static func encode(total: UInt32, headers: UInt32, rest: [UInt8] = []) -> [UInt8] {
    let prelude = bigEndian(total) + bigEndian(headers)
    let message = prelude + bigEndian(bitwiseCRC32(prelude)) + rest
    return message + bigEndian(bitwiseCRC32(message))
  }
}

extension Frame: CustomTestStringConvertible {
  var testDescription: String { "\(headers.map { "\($0.value)" }) \(String(decoding: payload, as: UTF8.self))" }
}

/// The pieces of a reply as ConverseStream sends them.
extension Frame {
  static func text(_ text: String) -> Frame {
    .event("contentBlockDelta", #"{"contentBlockIndex":0,"delta":{"text":\#(quoted(text))},"p":"abcdef"}"#)
  }
  static let start = event("messageStart", #"{"role":"assistant","p":"ab"}"#)
  static let blockStop = event("contentBlockStop", #"{"contentBlockIndex":0}"#)
  static func stop(_ reason: String = "end_turn") -> Frame { .event("messageStop", #"{"stopReason":"\#(reason)"}"#) }
  static let metadata = event(
    "metadata", #"{"usage":{"inputTokens":10,"outputTokens":20,"totalTokens":30},"metrics":{"latencyMs":456},"p":"a"}"#)

  /// A whole reply, one event a piece.
  static func reply(_ pieces: String..., stop reason: String = "end_turn") -> [UInt8] {
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

/// CRC-32 a bit at a time, as the standard words it.
func bitwiseCRC32(_ bytes: some Sequence<UInt8>) -> UInt32 {
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
