import MosaicAICore
import Platform

/// A message of a dialogue and the answer to it.
struct Spoken {
  let message: String
  let reply: String
}

/// A question, and the messages that answer it.
struct Question {
  let text: String
  let evidence: [String]
  /// Whether it belongs to the half that nothing was chosen by.
  let isHeldOut: Bool
}

/// Conversations about one legacy: facts that are said once, among small talk, and questions about the facts.
struct Dialogue {
  let language: String
  private(set) var exchanges: [Spoken] = []
  private(set) var questions: [Question] = []

  /// How many exchanges each conversation has.
  private var exchangesTogether = 20

  /// Exchanges alone, so many in each conversation.
  init(_ exchanges: [Spoken], together: Int) {
    language = ""
    self.exchanges = exchanges
    exchangesTogether = together
  }

  /// - Parameters:
  ///   - folder: has the texts
  ///   - count: how many exchanges there are
  ///   - seed: gives the same dialogue each time
  init(_ language: String, folder: String, count: Int, seed: UInt64) throws {
    self.language = language
    var random = Random(seed: seed)
    let facts = try Dialogue.lines("\(folder)/\(language).txt")
    let small = try Dialogue.lines("\(folder)/\(language).small.txt")
    let replies = try Dialogue.lines("\(folder)/\(language).replies.txt")
    func smallTalk() -> Spoken {
      let message = (0..<Int.random(in: 1...3, using: &random)).map { _ in Dialogue.pick(small, &random) }
      let reply = (0..<Int.random(in: 1...2, using: &random)).map { _ in Dialogue.pick(replies, &random) }
      return Spoken(message: message.joined(separator: " "), reply: reply.joined(separator: "\n\n"))
    }
    exchanges = (0..<count).map { _ in smallTalk() }
    var places = Array(0..<count).shuffled(using: &random)
    var messages: [String: String] = [:]
    for (index, line) in facts.enumerated() {
      let parts = line.split(separator: "|").map { $0.drop { $0 == " " } }.map { text in
        String(text.reversed().drop { $0 == " " }.reversed())
      }
      if line.hasPrefix("??") {
        let evidence = parts[1].split(separator: " ").compactMap { messages[String($0)] }
        questions.append(
          Question(text: String(parts[0].dropFirst(3)), evidence: evidence, isHeldOut: index % 2 == 1))
        continue
      }
      let key = parts[0].prefix { $0.isASCII && $0.isLowercase }
      let hasKey = !key.isEmpty && parts[0].dropFirst(key.count).first == ":"
      let message = hasKey ? String(parts[0].dropFirst(key.count + 2)) : parts[0]
      if hasKey { messages[String(key)] = message }
      exchanges[places.removeLast()] = Spoken(message: message, reply: parts[1])
      for text in parts.dropFirst(2) {
        questions.append(Question(text: text, evidence: [message], isHeldOut: index % 2 == 1))
      }
    }
  }

  /// The export that has it all, as if one exchange had taken place every day from 2024 on.
  ///
  /// - Parameters:
  ///   - legacySeed: gives the same legacy each time
  ///   - seed: gives the same ids each time
  func archive(name: String, legacySeed: UInt64, seed: UInt64) -> [UInt8] {
    var legacyRandom = Random(seed: legacySeed)
    var random = Random(seed: seed)
    let legacy = legacyRandom.id()
    let start = "2024-01-01T09:00:00.000Z"
    var lines: [JSON] = [
      .object([.init("type", "export"), .init("format_version", 3)]),
      .object([
        .init("type", "legacy"), .init("id", .string(legacy)), .init("name", .string(name)),
        .init("created_at", .string(start)), .init("updated_at", .string(start)),
      ]),
    ]
    var conversations = 0
    for first in stride(from: 0, to: exchanges.count, by: exchangesTogether) {
      let id = random.id()
      let some = exchanges[first..<min(exchanges.count, first + exchangesTogether)]
      func time(_ index: Int, _ second: Int) -> JSON {
        .string(Timestamp(milliseconds: 1_704_099_600_000 + Int64(index) * 86_400_000 + Int64(second) * 1000).rfc3339)
      }
      lines.append(
        .object([
          .init("type", "conversation"), .init("id", .string(id)), .init("legacy_id", .string(legacy)),
          .init("persona_id", conversations % 3 == 2 ? "friend" : "biographer"), .init("name", .null),
          .init("title", "Conversation"), .init("message_count", .integer(some.count * 2)),
          .init("last_message_at", time(some.endIndex - 1, 5)), .init("created_at", time(first, 0)),
          .init("updated_at", time(some.endIndex - 1, 5)),
        ]))
      conversations += 1
      for (index, exchange) in zip(some.indices, some) {
        let (question, reply) = (random.id(), random.id())
        lines.append(Dialogue.message(question, id, "user", exchange.message, to: nil, time(index, 0)))
        lines.append(Dialogue.message(reply, id, "assistant", exchange.reply, to: question, time(index, 5)))
      }
    }
    lines.append(
      .object([
        .init("type", "end"), .init("conversations", .integer(conversations)),
        .init("messages", .integer(exchanges.count * 2)),
      ]))
    return Array(lines.map { $0.compact + "\n" }.joined().utf8)
  }

  private static func message(
    _ id: String, _ conversation: String, _ role: String, _ content: String, to question: String?, _ time: JSON
  ) -> JSON {
    let isReply = question != nil
    return .object([
      .init("type", "message"), .init("id", .string(id)), .init("conversation_id", .string(conversation)),
      .init("role", .string(role)), .init("content", .string(content)),
      .init("token_count", JSON(isReply ? content.utf8.count / 4 : nil)), .init("input_tokens", .null),
      .init("cache_read_input_tokens", .null), .init("cache_write_input_tokens", .null), .init("status", "complete"),
      .init("stop_reason", JSON(isReply ? "end_turn" : nil)), .init("error_code", .null),
      .init("model_id", JSON(isReply ? "benchmark" : nil)), .init("reply_to", JSON(question)),
      .init("idempotency_key", .null), .init("created_at", time),
    ])
  }

  private static func lines(_ path: String) throws -> [String] {
    let bytes = try LocalFile(path).contents(limit: 1 << 20) ?? []
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init).filter { !$0.hasPrefix("#") }
  }

  private static func pick(_ lines: [String], _ random: inout Random) -> String {
    lines[Int.random(in: lines.indices, using: &random)]
  }
}

/// Random numbers that are the same in every run (SplitMix64).
struct Random: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var value = state
    value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
    return value ^ (value >> 31)
  }

  /// A random id.
  mutating func id() -> String {
    let digits = Array("0123456789abcdef")
    let text = (0..<32).map { index in
      index == 12 ? "4" : index == 16 ? "8" : digits[Int.random(in: 0..<16, using: &self)]
    }
    return [text[0..<8], text[8..<12], text[12..<16], text[16..<20], text[20..<32]].map { String($0) }
      .joined(separator: "-")
  }
}
