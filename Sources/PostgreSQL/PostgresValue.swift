import CLibPQ

/// A parameter of a statement.
package enum PostgresParameter: Sendable {
  case null
  /// As the type that the statement expects reads it from text; without a NUL.
  case text(String)
  /// As the type that the statement expects reads it in binary: `bytea`, or `text` in UTF-8.
  case bytes([UInt8])
  case integer(Int)
  /// A `timestamptz`, in microseconds since 1970.
  case time(Int64)
}

/// The value of a column.
package enum PostgresValue: Equatable, Sendable {
  case null
  case text(String)
  case bytes([UInt8])
  case integer(Int)
  /// In microseconds since 1970.
  case time(Int64)
}

/// 2000-01-01, from which the server counts, in microseconds since 1970.
private let epoch: Int64 = 946_684_800_000_000

/// A row of a result in binary, valid while it is handed over.
package final class PostgresRow {
  private let result: OpaquePointer

  init(_ result: OpaquePointer) { self.result = result }

  /// The bytes of a column; nil for null.
  private func bytes(at column: Int) -> UnsafeRawBufferPointer? {
    guard column < pq_nfields(result), pq_getisnull(result, 0, Int32(column)) == 0 else { return nil }
    return UnsafeRawBufferPointer(
      start: pq_getvalue(result, 0, Int32(column)), count: Int(pq_getlength(result, 0, Int32(column))))
  }

  /// The bytes of a column as UTF-8; nil for null.
  package func text(at column: Int) -> String? { bytes(at: column).map { String(decoding: $0, as: UTF8.self) } }

  package func value(at column: Int) -> PostgresValue {
    guard let bytes = bytes(at: column) else { return .null }
    switch PostgresType(rawValue: pq_ftype(result, Int32(column))) {
    case .bool: return .integer(bytes.first == 1 ? 1 : 0)
    case .int2, .int4, .int8: return .integer(PostgresRow.integer(bytes))
    case .numeric: return PostgresRow.numeric(bytes).map(PostgresValue.integer) ?? .null
    case .bytea: return .bytes([UInt8](bytes))
    case .timestamptz:
      // The largest number is `infinity`.
      let (time, isOverflow) = Int64(PostgresRow.integer(bytes)).addingReportingOverflow(epoch)
      return .time(isOverflow ? .max : time)
    case .uuid: return .text(PostgresRow.uuid(bytes))
    case nil: return .text(String(decoding: bytes, as: UTF8.self))
    }
  }

  private static func integer(_ bytes: UnsafeRawBufferPointer) -> Int {
    let isNegative = bytes.first.map { $0 >= 0x80 } ?? false
    return bytes.reduce(isNegative ? -1 : 0) { $0 << 8 | Int($1) }
  }

  /// A whole number, or the nearest one that fits: digits to the base 10,000 after their count, the weight of the first
  /// one, the sign and a scale.
  private static func numeric(_ bytes: UnsafeRawBufferPointer) -> Int? {
    func field(_ index: Int) -> Int { Int(bytes[index * 2]) << 8 | Int(bytes[index * 2 + 1]) }
    guard bytes.count >= 8 else { return nil }
    let (count, weight, sign) = (field(0), Int(Int16(truncatingIfNeeded: field(1))), field(2))
    guard bytes.count == 8 + count * 2 else { return nil }
    var value: Int128 = 0
    for place in 0..<max(0, weight + 1) where value <= Int.max {
      value = value * 10_000 + (place < count ? Int128(field(4 + place)) : 0)
    }
    return Int(clamping: sign == 0x4000 ? -value : value)
  }

  private static let digits = Array("0123456789abcdef".utf8)

  private static func uuid(_ bytes: UnsafeRawBufferPointer) -> String {
    String(unsafeUninitializedCapacity: 36) { text in
      var end = 0
      for (index, byte) in bytes.prefix(16).enumerated() {
        if [4, 6, 8, 10].contains(index) {
          text[end] = UInt8(ascii: "-")
          end += 1
        }
        text[end] = digits[Int(byte >> 4)]
        text[end + 1] = digits[Int(byte & 15)]
        end += 2
      }
      return end
    }
  }
}

/// The types that are read as more than text, by their numbers in `pg_type`.
private enum PostgresType: UInt32 {
  case bool = 16
  case bytea = 17
  case int8 = 20
  case int2 = 21
  case int4 = 23
  case timestamptz = 1184
  case numeric = 1700
  case uuid = 2950
}

/// Parameters as libpq takes them.
struct EncodedParameters {
  private var bytes: [CChar] = []
  /// Where each one begins; nil for null.
  private var starts: [Int?] = []
  private var lengths: [Int32] = []
  private var formats: [Int32] = []

  init(_ parameters: [PostgresParameter]) {
    for parameter in parameters {
      switch parameter {
      case .null: append(nil, isBinary: false)
      case .text(let text): append(Array(text.utf8), isBinary: false)
      case .bytes(let bytes): append(bytes, isBinary: true)
      case .integer(let number): append(Array(String(number).utf8), isBinary: false)
      case .time(let time):
        append(withUnsafeBytes(of: (time - epoch).bigEndian, [UInt8].init), isBinary: true)
      }
    }
  }

  private mutating func append(_ value: [UInt8]?, isBinary: Bool) {
    starts.append(value == nil ? nil : bytes.count)
    lengths.append(Int32(clamping: value?.count ?? 0))
    formats.append(isBinary ? 1 : 0)
    guard let value else { return }
    bytes.reserveCapacity(bytes.count + value.count + 1)
    for byte in value { bytes.append(CChar(bitPattern: byte)) }
    bytes.append(0)
  }

  func withPointers<Result>(
    _ body: (
      _ count: Int32, UnsafePointer<UnsafePointer<CChar>?>, _ lengths: UnsafePointer<Int32>,
      _ formats: UnsafePointer<Int32>
    ) -> Result
  ) -> Result {
    bytes.withUnsafeBufferPointer { bytes in
      let values = starts.map { start in start.flatMap { bytes.baseAddress?.advanced(by: $0) } }
      return body(Int32(starts.count), values, lengths, formats)
    }
  }
}
