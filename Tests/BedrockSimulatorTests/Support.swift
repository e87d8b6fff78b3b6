import MosaicAICore
import Testing

@testable import BedrockSimulator

/// Lower-case hexadecimal digits.
func hexadecimal(_ bytes: [UInt8]) -> String {
  bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
}

/// A frame of an answer, read back.
struct ReadFrame: Equatable {
  let headers: [String: String]
  let payload: JSON?

  /// `:event-type`, `:exception-type` or `:error-code`.
  var kind: String { headers[":event-type"] ?? headers[":exception-type"] ?? headers[":error-code"] ?? "?" }

  /// The text of a text delta.
  var text: String? { payload?["delta"]?["text"]?.string }

  /// Reads all frames of `bytes`; nil if anything does not fit.
  static func all(in bytes: [UInt8]) -> [ReadFrame]? {
    var rest = bytes[...]
    var frames: [ReadFrame] = []
    while !rest.isEmpty {
      guard rest.count >= 16 else { return nil }
      let frame = Array(rest.prefix(Int(integer(rest.prefix(4)))))
      guard frame.count == integer(frame.prefix(4)), checksum(frame.prefix(8)) == integer(frame[8..<12]),
        checksum(frame.dropLast(4)) == integer(frame.suffix(4))
      else { return nil }
      let headersEnd = 12 + Int(integer(frame[4..<8]))
      guard headersEnd <= frame.count - 4, let headers = strings(frame[12..<headersEnd]) else { return nil }
      frames.append(
        ReadFrame(headers: headers, payload: try? JSON(parsing: Array(frame[headersEnd..<frame.count - 4]))))
      rest = rest.dropFirst(frame.count)
    }
    return frames
  }

  /// The string headers; those of other types are skipped.
  private static func strings(_ bytes: ArraySlice<UInt8>) -> [String: String]? {
    var rest = bytes
    var strings: [String: String] = [:]
    while let length = rest.popFirst() {
      let name = String(decoding: rest.prefix(Int(length)), as: UTF8.self)
      rest = rest.dropFirst(Int(length))
      guard let type = rest.popFirst(), type <= 9 else { return nil }
      var count = [0, 0, 1, 2, 4, 8, 0, 0, 8, 16][Int(type)]
      if type == 6 || type == 7 {
        count = Int(integer(rest.prefix(2)))
        rest = rest.dropFirst(2)
      }
      guard rest.count >= count else { return nil }
      if type == 7 { strings[name] = String(decoding: rest.prefix(count), as: UTF8.self) }
      rest = rest.dropFirst(count)
    }
    return strings
  }

  private static func integer(_ bytes: some Sequence<UInt8>) -> UInt32 { bytes.reduce(0) { $0 << 8 | UInt32($1) } }

  private static func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
    Array(bytes).withUnsafeBytes { CRC32.checksum($0) }
  }
}

extension Answer {
  /// The whole body, whatever its segments.
  var body: [UInt8] {
    pieces.reduce(into: []) { body, piece in
      switch piece {
      case .segment(let bytes): body += bytes
      case .repeated(let bytes, let times): for _ in 0..<(times ?? 1) { body += bytes }
      case .fresh(let make): body += make(Timestamp(milliseconds: 1_795_414_382_123))
      case .pause: break
      }
    }
  }

  /// The frames of the body; nil if it is damaged.
  var frames: [ReadFrame]? { ReadFrame.all(in: body) }

  /// All text of the body's deltas.
  var text: String { (frames ?? []).compactMap(\.text).joined() }

  /// The pauses between the pieces.
  var pauses: [Int] {
    pieces.compactMap { if case .pause(let milliseconds) = $0 { milliseconds } else { nil } }
  }
}

extension ConverseInput {
  /// A first message.
  static func asking(_ question: String, system: String = "", maxTokens: Int? = nil) -> ConverseInput {
    ConverseInput(system: system, messages: [Message(isFromUser: true, text: question)], maxTokens: maxTokens)
  }
}

/// What a scenario answers.
func play(_ name: String, asking question: String = "Hello", attempt: Int = 1, chunkDelay: Int = 0) throws -> Answer {
  try ScenarioCall(name[...]).answer(to: .asking(question), attempt: attempt, chunkDelay: chunkDelay)
}
