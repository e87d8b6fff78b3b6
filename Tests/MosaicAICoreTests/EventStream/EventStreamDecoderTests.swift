import Foundation
import TestSupport
import Testing

@testable import MosaicAICore

@Suite struct EventStreamDecoderTests {
  /// What was handed out of a message.
  private struct Seen: Equatable {
    let strings: [String: String]
    let payload: [UInt8]

    init(_ strings: [String: String], _ payload: [UInt8]) {
      self.strings = strings
      self.payload = payload
    }

    init(_ frame: Frame) {
      var strings: [String: String] = [:]
      for case (let name, .string(let text)) in frame.headers { strings[String(decoding: name, as: UTF8.self)] = text }
      self.init(strings, frame.payload)
    }
  }

  /// Feeds slice after slice, takes all messages after each, and finishes.
  private func decode(_ slices: [some Sequence<UInt8>]) throws -> [Seen] {
    var decoder = EventStreamDecoder()
    var seen: [Seen] = []
    for slice in slices {
      try Array(slice).withUnsafeBytes { bytes in
        try decoder.decode(bytes) { seen.append(Seen($0.headers.strings, Array($0.payload))) }
      }
    }
    try decoder.finish()
    #expect(decoder.count == seen.count)
    return seen
  }

  private func decode(_ bytes: [UInt8]) throws -> [Seen] { try decode([bytes]) }

  private let frames = [
    Frame.start, .text("Hello"), .text(""), Frame(), Frame([("n", .int32(7)), ("s", .string("x"))], "y"),
    .exception("throttlingException", #"{"message":"slow down"}"#), .stop(), .metadata,
  ]

  // MARK: What a message says

  /// A frame, and what botocore reads from it (Tests/Conformance/eventstream).
  private struct Literal: Decodable {
    let name: String
    let hex: String
    let strings: [String: String]
    let payload: String
  }

  @Test("Frames that botocore can read are read alike")
  func botocoreLiterals() throws {
    let file = URL(fileURLWithPath: "\(TestFiles.conformance)/eventstream/frames.json")
    let literals = try JSONDecoder().decode([Literal].self, from: Data(contentsOf: file))
    try #require(literals.count >= 8)
    for literal in literals {
      #expect(
        try decode(bytes(hex: literal.hex)) == [Seen(literal.strings, bytes(hex: literal.payload))], "\(literal.name)")
    }
  }

  @Test("The encoder of these tests writes what the specification has as its example")
  func encoderIsRight() {
    // Smithy, "Amazon Event Stream Specification", test vectors: payload_no_headers.
    #expect(
      Frame([], "{'foo':'bar'}").encoded == bytes(hex: "0000001d00000000fd528c5a7b27666f6f273a27626172277dc3653936"))
  }

  @Test(
    "values of every type are passed over correctly, and strings are kept",
    arguments: [
      Frame.Value.bool(true), .bool(false), .int8(-128), .int16(.min), .int32(.max), .int64(.min), .bytes([]),
      .bytes([0, 255]),
      .bytes([UInt8](repeating: 7, count: 65_535)), .string(""), .string("Zoé 🌻"),
      .string(String(repeating: "x", count: 65_535)),
      .timestamp(-1), .uuid([UInt8](repeating: 0xab, count: 16)),
    ])
  func everyType(value: Frame.Value) throws {
    let frame = Frame([("before", .string("1")), ("value", value), ("after", .string("2"))], "payload")
    #expect(try decode(frame.encoded) == [Seen(frame)])
  }

  @Test("The three names that decide what a message is are found in any order")
  func decisiveHeaders() throws {
    let names = [":message-type", ":event-type", ":exception-type"]
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0]] {
      var decoder = EventStreamDecoder()
      var found: EventStreamHeaders?
      try Frame(order.map { (names[$0], .string("v\($0)")) }).encoded.withUnsafeBytes { bytes in
        try decoder.decode(bytes) { found = $0.headers }
      }
      let headers = try #require(found)
      #expect([headers.messageType, headers.eventType, headers.exceptionType] == ["v0", "v1", "v2"])
    }
  }

  @Test("Headers that change from message to message are never those of another one")
  func headerCache() throws {
    let sequence = [
      Frame([("a", .string("1"))], "1"), Frame([("a", .string("1"))], "2"), Frame([("a", .string("2"))], "3"),
      Frame([("a", .string("1"))], "4"), Frame([("b", .string("1"))], "5"),
      Frame([("a", .string("1")), ("n", .int8(1))], "6"),
      Frame([("a", .string("1")), ("n", .int8(2))], "7"), Frame([("n", .int8(2)), ("a", .string("1"))], "8"),
      Frame([], "9"),
      Frame([("a", .string("1"))], "10"), Frame([("a", .string("12"))], "11"),
    ]
    #expect(try decode(sequence.flatMap(\.encoded)) == sequence.map(Seen.init))
    #expect(try decode(sequence.map(\.encoded)) == sequence.map(Seen.init))
  }

  // MARK: However the bytes come

  @Test("Several messages in one piece come out one after another")
  func oneFeed() throws {
    #expect(try decode(frames.flatMap(\.encoded)) == frames.map(Seen.init))
  }

  @Test("A byte at a time gives the same messages")
  func singleBytes() throws {
    #expect(try decode(frames.flatMap(\.encoded).map { CollectionOfOne($0) }) == frames.map(Seen.init))
  }

  @Test("Parted in two at any offset, the same messages come out")
  func everySplit() throws {
    let bytes = frames.flatMap(\.encoded)
    let expected = frames.map(Seen.init)
    for split in 0...bytes.count {
      #expect(try decode([bytes[..<split], bytes[split...]]) == expected, "split at \(split)")
    }
  }

  @Test("Pieces of any odd size give the same messages", arguments: [2, 3, 5, 7, 11, 13, 17, 31, 64, 127])
  func oddSizes(size: Int) throws {
    let bytes = frames.flatMap(\.encoded)
    let slices = stride(from: 0, to: bytes.count, by: size).map { bytes[$0..<min($0 + size, bytes.count)] }
    #expect(try decode(slices) == frames.map(Seen.init))
  }

  @Test("What the receiver of a message throws ends the reading, and the message counts as read")
  func throwingBody() throws {
    struct Refused: Error {}
    var decoder = EventStreamDecoder()
    let bytes = Frame([], "1").encoded + Frame([], "2").encoded
    #expect(throws: Refused.self) { try bytes.withUnsafeBytes { try decoder.decode($0) { _ in throw Refused() } } }
    #expect(decoder.count == 1)
  }

  @Test("Messages with the same headers share them, also across pieces")
  func sharedHeaders() throws {
    let bytes = (0..<20).flatMap { Frame.text("piece \($0)").encoded }
    for size in [1, 7, 60, bytes.count] {
      var decoder = EventStreamDecoder()
      var headers: [EventStreamHeaders] = []
      for start in stride(from: 0, to: bytes.count, by: size) {
        try bytes[start..<min(start + size, bytes.count)].withUnsafeBytes { piece in
          try decoder.decode(piece) { headers.append($0.headers) }
        }
      }
      #expect(headers.count == 20 && headers.allSatisfy { $0 === headers[0] })
    }
  }

  // MARK: Damage

  @Test("Cut off anywhere, the stream is not whole")
  func truncation() throws {
    let bytes = frames.flatMap(\.encoded)
    let ends = frames.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1.encoded.count) }
    for length in 0...bytes.count {
      if ends.contains(length) {
        #expect(try decode(Array(bytes[..<length])).count == ends.firstIndex(of: length))
      } else {
        #expect(throws: EventStreamError.truncated, "\(length) bytes") { try decode(Array(bytes[..<length])) }
      }
    }
  }

  @Test("A flipped bit, wherever it is, is found")
  func bitFlips() throws {
    let bytes = Frame([("a", .string("b")), ("n", .int16(300))], "payload").encoded
    for bit in 0..<bytes.count * 8 {
      var damaged = bytes
      damaged[bit / 8] ^= 1 << (bit % 8)
      let expected = bit < 12 * 8 ? EventStreamError.preludeChecksum : .messageChecksum
      #expect(throws: expected, "bit \(bit)") { try decode(damaged) }
    }
  }

  @Test("Two flipped bits in the prelude are found before its lengths are believed")
  func doubleFlipsInPrelude() throws {
    let bytes = Frame([("a", .string("b"))], "payload").encoded
    for first in 0..<96 {
      for second in 0..<first {
        var damaged = bytes
        damaged[first / 8] ^= 1 << (first % 8)
        damaged[second / 8] ^= 1 << (second % 8)
        #expect(throws: EventStreamError.preludeChecksum) { try decode(damaged) }
      }
    }
  }

  @Test(
    "lengths that cannot be are refused though their checksum is right",
    arguments: [
      (0, 0), (1, 0), (12, 0), (15, 0), (16, 1), (40, 25), (40, .max), (.max, 0), (.max, .max), (16, .max),
      (200_000, 131_073),
      (16 + (24 << 20) + 1, 0),
    ] as [(UInt32, UInt32)])
  func absurdLengths(total: UInt32, headers: UInt32) {
    #expect(throws: EventStreamError.length) {
      try decode(Frame.encode(total: total, headers: headers, rest: [UInt8](repeating: 0, count: 64)))
    }
  }

  @Test(
    "the largest lengths allowed are waited for, not refused",
    arguments: [
      (16 + (24 << 20), 0), (16 + (128 << 10), 128 << 10), (16 + (24 << 20) + (128 << 10), 128 << 10),
    ] as [(UInt32, UInt32)])
  func largestLengths(total: UInt32, headers: UInt32) throws {
    var decoder = EventStreamDecoder()
    try Frame.encode(total: total, headers: headers).withUnsafeBytes { try decoder.decode($0) { _ in } }
    #expect(decoder.count == 0)
    #expect(throws: EventStreamError.truncated) { try decoder.finish() }
  }

  @Test("A name that comes twice is refused, whatever its types")
  func duplicateNames() {
    let frames = [
      Frame([("a", .string("1")), ("a", .string("1"))]),
      Frame([("a", .string("1")), ("b", .bool(true)), ("a", .int8(1))]),
      Frame([("a", .bool(true)), ("a", .bool(false))]),
    ]
    for frame in frames { #expect(throws: EventStreamError.malformedHeaders) { try decode(frame.encoded) } }
  }

  @Test("Types that do not exist are refused", arguments: [10, 11, 127, 128, 255] as [UInt8])
  func unknownTypes(type: UInt8) {
    #expect(throws: EventStreamError.malformedHeaders) { try decode(Frame([("a", .raw(type, [0, 0, 0, 0]))]).encoded) }
  }

  @Test(
    "headers that are cut, unnamed or no UTF-8 are refused",
    arguments: [
      [0], [0, 0], [5, 0x61], [1, 0x61], [1, 0x61, 2], [1, 0x61, 3, 0], [1, 0x61, 4, 0, 0, 0],
      [1, 0x61, 5, 0, 0, 0, 0, 0, 0, 0],
      [1, 0x61, 6, 0], [1, 0x61, 6, 0, 2, 0], [1, 0x61, 7, 0, 2, 0x61], [1, 0x61, 8, 0],
      [1, 0x61, 9] + [UInt8](repeating: 0, count: 15),
      [1, 0x61, 7, 255, 255], [1, 0xff, 0], [1, 0x61, 7, 0, 1, 0xff], [1, 0x61, 7, 0, 2, 0xc0, 0x80], [1, 0x61, 0, 1],
    ] as [[UInt8]])
  func malformedHeaders(block: [UInt8]) {
    let message = Frame.encode(total: UInt32(16 + block.count), headers: UInt32(block.count), rest: block)
    #expect(throws: EventStreamError.malformedHeaders) { try decode(message) }
  }
}

/// The bytes that hexadecimal digits stand for.
func bytes(hex: String) -> [UInt8] {
  let digits = Array(hex.utf8)
  return stride(from: 0, to: digits.count - 1, by: 2).compactMap {
    UInt8(String(decoding: digits[$0...$0 + 1], as: UTF8.self), radix: 16)
  }
}
