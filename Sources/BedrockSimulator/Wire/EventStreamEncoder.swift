import MosaicAICore

/// A message of `application/vnd.amazon.eventstream`.
struct EventStreamFrame: Sendable {
  /// The value of a header, of any type that the format has.
  enum Value: Sendable {
    case bool(Bool)
    case int8(Int8)
    case int16(Int16)
    case int32(Int32)
    case int64(Int64)
    case bytes([UInt8])
    case string(String)
    /// Milliseconds since 1970.
    case timestamp(Int64)
    /// Sixteen bytes.
    case uuid([UInt8])
  }

  /// In the order they are sent. Names must be unique.
  var headers: [(name: String, value: Value)]
  /// JSON, in Bedrock's events.
  var payload: [UInt8]

  /// An event of Bedrock.
  static func event(_ type: String, payload: [UInt8]) -> EventStreamFrame {
    json([":event-type": type, ":content-type": "application/json", ":message-type": "event"], payload: payload)
  }

  /// An exception.
  static func exception(_ type: String, message: String, details: [JSON.Member] = []) -> EventStreamFrame {
    json(
      [":exception-type": type, ":content-type": "application/json", ":message-type": "exception"],
      payload: Array(JSON.object([JSON.Member("message", .string(message))] + details).compact.utf8))
  }

  /// An error, which unlike exceptions is not part of the service's model.
  static func error(code: String, message: String) -> EventStreamFrame {
    json([":error-code": code, ":error-message": message, ":message-type": "error"], payload: [])
  }

  /// A message whose headers are all strings.
  private static func json(_ headers: KeyValuePairs<String, String>, payload: [UInt8]) -> EventStreamFrame {
    EventStreamFrame(headers: headers.map { ($0.key, .string($0.value)) }, payload: payload)
  }

  /// Where the parts of an encoded frame start, in bytes.
  struct Layout {
    /// The headers, which follow the prelude and its checksum.
    static let headers = 12
    let payload: Int
    /// The message's checksum.
    let checksum: Int
  }

  /// Where the parts of `encoded` start.
  var layout: Layout {
    let payloadStart = Layout.headers + encodedHeaders.count
    return Layout(payload: payloadStart, checksum: payloadStart + payload.count)
  }

  /// The frame as it is sent, with both checksums.
  var encoded: [UInt8] {
    let headers = encodedHeaders
    var frame: [UInt8] = []
    frame.reserveCapacity(headers.count + payload.count + 16)
    frame.append(bigEndian: UInt32(headers.count + payload.count + 16))
    frame.append(bigEndian: UInt32(headers.count))
    frame.append(bigEndian: frame.withUnsafeBytes { CRC32.checksum($0) })
    frame += headers
    frame += payload
    frame.append(bigEndian: frame.withUnsafeBytes { CRC32.checksum($0) })
    return frame
  }

  /// Each header as length, name, type and value.
  private var encodedHeaders: [UInt8] {
    var bytes: [UInt8] = []
    for (name, value) in headers {
      bytes.append(UInt8(name.utf8.count))
      bytes += name.utf8
      switch value {
      case .bool(let value): bytes.append(value ? 0 : 1)
      case .int8(let value): bytes += [2, UInt8(bitPattern: value)]
      case .int16(let value):
        bytes.append(3)
        bytes.append(bigEndian: value)
      case .int32(let value):
        bytes.append(4)
        bytes.append(bigEndian: value)
      case .int64(let value):
        bytes.append(5)
        bytes.append(bigEndian: value)
      case .bytes(let value):
        bytes.append(6)
        bytes.append(bigEndian: UInt16(value.count))
        bytes += value
      case .string(let value):
        bytes.append(7)
        bytes.append(bigEndian: UInt16(value.utf8.count))
        bytes += value.utf8
      case .timestamp(let value):
        bytes.append(8)
        bytes.append(bigEndian: value)
      case .uuid(let value):
        bytes.append(9)
        bytes += value
      }
    }
    return bytes
  }
}

extension [UInt8] {
  /// Appends an integer, most significant byte first.
  fileprivate mutating func append(bigEndian value: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
  }
}
