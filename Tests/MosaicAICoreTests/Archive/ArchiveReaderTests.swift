import Foundation
import SQLite
import TestSupport
import Testing

@testable import MosaicAICore

/// What is not exactly an export is refused, with the line and what is wrong there.
@Suite struct ArchiveReaderTests {
  private static func uuid(_ number: Int) -> String { "00000000-0000-4000-8000-00000000000\(number)" }
  private static let time = "2026-11-23T06:13:02.123Z"

  private static func message(
    _ number: Int, role: String, _ content: String, status: String = "complete", replyTo: Int? = nil, more: String = ""
  ) -> String {
    let reply = replyTo.map { "\"\(uuid($0))\"" } ?? "null"
    return """
      {"type":"message","id":"\(uuid(number))","conversation_id":"\(uuid(2))","role":"\(role)","content":"\(content)",\
      "token_count":null,\
      "status":"\(status)","stop_reason":null,"model_id":null,"reply_to":\(reply),"created_at":"\(time)",\
      "input_tokens":null,\
      "error_code":null\(more)}
      """
  }

  /// A file of nine lines: two exchanges, the first of which was retried.
  private static let lines = [
    #"{"type":"export","format_version":1}"#,
    #"{"type":"legacy","id":"\#(uuid(1))","name":"Rose","created_at":"\#(time)","updated_at":"\#(time)"}"#,
    """
    {"type":"conversation","id":"\(uuid(2))","legacy_id":"\(uuid(1))","persona_id":"friend","title":"Hello.",\
    "message_count":4,\
    "last_message_at":"\(time)","created_at":"\(time)","updated_at":"\(time)"}
    """,
    message(3, role: "user", "Hello."), message(4, role: "assistant", "Go", status: "superseded", replyTo: 3),
    message(5, role: "assistant", "Good morning. \\ud83c\\udf3b \\u0000", replyTo: 3),
    message(6, role: "user", "More."), message(7, role: "assistant", "More?", status: "interrupted", replyTo: 6),
    #"{"type":"end","conversations":1,"messages":5}"#,
  ]

  private func read(_ lines: [String]) throws -> WholeArchive {
    try WholeArchive(reading: Array(lines.map { $0 + "\n" }.joined().utf8))
  }

  @Test("A whole file is read, with or without a final newline, whatever the white space")
  func whole() throws {
    let archive = try read(Self.lines)
    #expect(
      archive.legacy
        == Archive.Legacy(
          id: .init(rawValue: Self.uuid(1)), name: "Rose", createdAt: .init(stringLiteral: Self.time),
          updatedAt: .init(stringLiteral: Self.time)))
    #expect(archive.conversations.map(\.messageCount) == [4])
    #expect(
      archive.conversations[0].messages.map(\.content) == [
        "Hello.", "Go", "Good morning. 🌻 \0", "More.", "More?",
      ])
    let bytes = Array(Self.lines.joined(separator: "\r\n").replacing("\":", with: "\" : ").utf8)
    #expect(try WholeArchive(reading: bytes) == archive)
  }

  @Test("Ids, times and words may be written with escapes")
  func escapes() throws {
    let written = Self.lines.map {
      $0.replacing("-4000-", with: "-\\u0034000-").replacing("2026-", with: "\\u0032026-")
        .replacing("\"user\"", with: "\"\\u0075ser\"").replacing("\"complete\"", with: "\"complet\\u0065\"")
    }
    #expect(zip(written, Self.lines).count { $0.0 != $0.1 } == 7)
    #expect(try read(written) == read(Self.lines))
  }

  @Test(
    "Names and keys are read from format 3 on, and checked",
    arguments: [
      (3, #""name":"letters""#, #""idempotency_key":"k""#, nil), (2, "", "", nil),
      (3, "", #""idempotency_key":"k""#, 3), (3, #""name":null"#, "", 4),
      (2, #""name":"letters""#, "", 3), (2, "", #""idempotency_key":"k""#, 4),
      (3, #""name":" ""#, #""idempotency_key":null"#, 3), (3, #""name":"a\nb""#, #""idempotency_key":null"#, 3),
      (3, #""name":7"#, #""idempotency_key":null"#, 3), (3, #""name":null"#, #""idempotency_key":"""#, 4),
      (3, #""name":null"#, #""idempotency_key":"\#(String(repeating: "k", count: 256))""#, 4),
      (3, #""name":null"#, #""idempotency_key":"a\u0000b""#, 4),
    ] as [(Int, String, String, Int?)])
  func namesAndKeys(format: Int, name: String, key: String, line: Int?) throws {
    func with(_ member: String, _ line: String) -> String {
      member.isEmpty ? line : line.dropLast() + ",\(member)}"
    }
    let cached = #","cache_read_input_tokens":null,"cache_write_input_tokens":null"#
    let conversation = Self.lines[2].replacing(":4,", with: ":1,")
    let question = Self.message(3, role: "user", "Hello.", status: "failed", more: cached)
    let lines = [
      #"{"type":"export","format_version":\#(format)}"#, Self.lines[1], with(name, conversation), with(key, question),
      #"{"type":"end","conversations":1,"messages":1}"#,
    ]
    if let line {
      let failure = try failure { try read(lines) }
      #expect(failure.code == .invalidInput && failure.message.hasPrefix("rose.ndjson:\(line):"), "\(failure)")
    } else {
      let archive = try read(lines)
      #expect(archive.conversations[0].name == (format > 2 ? "letters" : nil))
      #expect(archive.conversations[0].messages[0].idempotencyKey?.rawValue == (format > 2 ? "k" : nil))
    }
  }

  @Test("Only a user's message can have a key")
  func keyOfReply() throws {
    let cached = #","cache_read_input_tokens":null,"cache_write_input_tokens":null"#
    let lines = [
      #"{"type":"export","format_version":3}"#, Self.lines[1],
      Self.lines[2].replacing(":4,", with: #":2,"name":null,"#),
      Self.message(3, role: "user", "Hello.", more: cached + #","idempotency_key":"k""#),
      Self.message(4, role: "assistant", "Hello.", replyTo: 3, more: cached + #","idempotency_key":"k2""#),
      #"{"type":"end","conversations":1,"messages":2}"#,
    ]
    let failure = try failure { try read(lines) }
    #expect(failure.message.hasPrefix("rose.ndjson:5:") && failure.message.contains("idempotency_key"))
    #expect(try read(lines.map { $0.replacing(#""k2""#, with: "null") }).conversations[0].messages.count == 2)
  }

  /// A change in one line of the file, and what the error names.
  struct Change: Sendable, CustomTestStringConvertible {
    let line: Int
    let old: String
    let new: String
    /// The fact that the error must name, if it is more than the line.
    let fact: String
    /// The line that the error names.
    let named: Int
    var testDescription: String { "\(line): \(old.prefix(30)) → \(new.prefix(30))" }

    init(_ line: Int, _ old: String, _ new: String, naming fact: String = "", at named: Int? = nil) {
      self.line = line
      self.old = old
      self.new = new
      self.fact = fact
      self.named = named ?? line
    }
  }

  static let changes = [
    Change(1, "\"export\"", "\"import\""),
    Change(1, "{", "["), Change(1, ":1", ":0"),
    Change(1, ":1", ":\"1\""),
    Change(1, "{", "\u{feff}\u{feff}{"), Change(2, "{", "\u{feff}{"),
    Change(1, ":1", ":4", naming: "4"),
    Change(1, ":1", ":9,\"sealed\":\"yes\""),
    Change(1, "}", ",\"x\":1}", naming: "\"x\""),
    Change(2, "{", ""),
    Change(2, "\"legacy\"", "\"conversation\""),
    Change(2, "Rose", "", naming: "\"name\""), Change(2, "Rose", " Rose"),
    Change(2, "Rose", "Rose\\n"), Change(2, "Rose", "Ro\\nse"),
    Change(2, "Rose", "Ro\\u0000se"), Change(2, "Rose", "Ro\\u202ese"),
    Change(2, "Rose", String(repeating: "x", count: 201)),
    Change(2, "\"Rose\"", "null", naming: "\"name\""),
    Change(2, "\"Rose\"", "7", naming: "\"name\""), Change(2, "\"Rose\"", "[\"Rose\"]"),
    Change(2, "\"Rose\"", "\"Rose"), Change(2, "\"name\":\"Rose\",", "", naming: "\"name\""),
    Change(2, "\"name\"", "\"Name\"", naming: "\"name\""),
    Change(2, "\"name\"", "\"name\":\"Ben\",\"name\"", naming: "\"name\""),
    Change(2, "\"name\"", "\"\\u006eame\"", naming: "\"name\""), Change(2, "}", "} ]"),
    Change(2, uuid(1), "1", naming: "\"id\""),
    Change(2, uuid(1), uuid(1).replacing("8", with: "A")),
    Change(2, uuid(1), uuid(1).replacing("-4", with: "4-")),
    Change(2, "23T", "32T", naming: "\"created_at\""),
    Change(2, ":02.", ":60.", naming: "\"created_at\""), Change(2, "-23T", "-31T", naming: "\"created_at\""),
    Change(2, ".123Z", "Z", naming: "\"created_at\""), Change(2, "Z", "+00:00", naming: "\"created_at\""),
    Change(2, "Rose", "\\ud800"), Change(2, "Rose", "\\q"),
    Change(3, "\"conversation\"", "\"message\""),
    Change(3, "\"conversation\"", "\"legacy\""),
    Change(3, "\"conversation\"", "\"poem\""),
    Change(3, uuid(1), uuid(8), naming: "\"legacy_id\""),
    Change(3, uuid(2), uuid(3), naming: "\"id\"", at: 4),
    Change(3, "friend", "", naming: "\"persona_id\""),
    Change(3, "friend", String(repeating: "x", count: 51), naming: "\"persona_id\""),
    Change(3, "Hello.", "", naming: "\"title\""),
    Change(3, "Hello.", String(repeating: "e\\u0301", count: 801), naming: "\"title\""),
    Change(3, ":4,", ":5,", naming: "\"message_count\""), Change(3, ":4,", ":-4,"),
    Change(3, ":4,", ":4.5,"), Change(3, ":4,", ":99999999999999999999,"),
    Change(3, ":4,", ":null,", naming: "\"message_count\""),
    Change(4, "\"role\"", "\"role\":\"user\",\"role\"", naming: "\"role\""),
    Change(4, "}", ",\"role\":\"assistant\"}", naming: "\"role\""),
    Change(4, "}", ",\"seq\":1}", naming: "\"seq\""), Change(4, "}", ",\"a\":1,\"b\":2}", naming: "\"a\""),
    Change(4, "\"user\"", "\"assistant\"", naming: "\"reply_to\""),
    Change(4, "\"user\"", "\"system\"", naming: "\"role\""),
    Change(4, uuid(2), uuid(9), naming: "\"conversation_id\""),
    Change(4, "\"complete\"", "\"pending\"", naming: "\"status\""),
    Change(4, "\"complete\"", "\"interrupted\"", naming: "\"status\""),
    Change(4, "\"complete\"", "\"failed\"", naming: "\"status\""),
    Change(4, "Hello.", ""),
    Change(4, "Hello.", "Hello. "), Change(4, "Hello.", "Hel\\u0000lo."),
    Change(4, "Hello.", String(repeating: "x", count: 10_001)),
    Change(4, "\"reply_to\":null", "\"reply_to\":\"\(uuid(3))\"", naming: "\"reply_to\""),
    Change(4, "\"token_count\":null", "\"token_count\":-1", naming: "\"token_count\""),
    Change(4, "\"error_code\":null", "\"error_code\":\"a\\u0000b\"", naming: "\"error_code\""),
    Change(5, "\"superseded\"", "\"streaming\"", naming: "\"status\""),
    Change(5, "\"superseded\"", "\"complete\"", at: 6),
    Change(5, uuid(3), uuid(6), naming: "\"reply_to\""),
    Change(5, "\"Go\"", "\" \\n\"", naming: "\"content\""),
    Change(6, "\"complete\"", "\"superseded\"", at: 4),
    Change(7, uuid(6), uuid(3), naming: "\"id\""),
    Change(8, uuid(6), uuid(3), naming: "\"reply_to\""),
    Change(9, "\"messages\":5", "\"messages\":6"),
    Change(9, "\"conversations\":1", "\"conversations\":2"),
    Change(9, "}", "}\n{}", at: 10),
    Change(9, "}", "}\n\n{}", at: 11),
  ]

  @Test("A line that is not exactly part of an export is refused", arguments: changes)
  func refused(change: Change) throws {
    var lines = Self.lines
    let line = lines[change.line - 1]
    lines[change.line - 1] = line.replacing(change.old, with: change.new, maxReplacements: 1)
    try #require(lines[change.line - 1] != line)
    let failure = try failure { try read(lines) }
    #expect(failure.code == .invalidInput)
    #expect(failure.message.hasPrefix("rose.ndjson:\(change.named):"), "\(failure.message)")
    #expect(failure.names(change.fact), "\(failure.message)")
    #expect(!failure.message.contains("\n") && failure.message.count < 200)
  }

  @Test("A file that is cut off anywhere is refused")
  func cut() throws {
    let bytes = Array(Self.lines.map { $0 + "\n" }.joined().utf8)
    for length in 0..<bytes.count - 1 {
      let failure = try failure { try WholeArchive(reading: Array(bytes[..<length]), name: "cut") }
      #expect(failure.code == .invalidInput, "after \(length) bytes")
    }
  }

  @Test("A missing, repeated or moved line is found")
  func shuffled() throws {
    for index in Self.lines.indices {
      var lines = Self.lines
      lines.remove(at: index)
      #expect(try code { try read(lines) } == .invalidInput, "without line \(index + 1)")
      lines = Self.lines
      lines.insert(lines[index], at: index)
      #expect(try code { try read(lines) } == .invalidInput, "line \(index + 1) twice")
      guard index > 0 else { continue }
      lines = Self.lines
      lines.swapAt(index, index - 1)
      #expect(try code { try read(lines) } == .invalidInput, "line \(index + 1) before line \(index)")
    }
  }

  @Test("Any bytes are either refused or fit the database", arguments: 0..<8)
  func hostileAtLength(seed: UInt64) throws {
    var random = Lehmer(seed: seed)
    let household = try Household()
    let ada = try household.service()
    let sound = Array(Self.lines.map { $0 + "\n" }.joined().utf8)
    let words = [
      "null", "\"\"", "-1", "{}", "[[[[", "\\u0000", "\\ud800", "\u{202e}", "superseded", "failed", uuidText, "\n",
      "true", "9e99",
    ]
    var taken = 0
    for _ in 0..<1500 {
      var bytes = sound
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.remove(at: place)
        case 2: bytes.insert(contentsOf: (words.randomElement(using: &random) ?? "").utf8, at: place)
        default:
          let end = min(bytes.count, place + Int.random(in: 1...60, using: &random))
          bytes.insert(contentsOf: bytes[place..<end], at: Int.random(in: 0..<bytes.count, using: &random))
        }
      }
      guard let read = try attempt({ try WholeArchive(reading: bytes, name: "hostile") }) else { continue }
      taken += 1
      _ = try attempt { try ada.add(read) }
    }
    #expect(taken > 0, "some changes are harmless, as of a letter within a text")
    #expect(try household.store.read { try $0.connection.rows("PRAGMA integrity_check") { try $0.text() } } == ["ok"])
    #expect(try ada.list().allSatisfy { try ada.messages($0.id).count == $0.messageCount })
  }

  private var uuidText: String { Self.uuid(5) }

  /// What `body` returns; nil if it is refused. Any other error fails the test.
  private func attempt<Result>(_ body: () throws -> Result) throws -> Result? {
    do { return try body() } catch let failure as Failure {
      #expect(failure.code == .invalidInput, "\(failure)")
      return nil
    }
  }
}
