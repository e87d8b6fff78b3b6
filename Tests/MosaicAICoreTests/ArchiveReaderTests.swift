import Foundation
import GRDB
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
      {"type":"message","id":"\(uuid(number))","conversation_id":"\(uuid(2))","role":"\(role)","content":"\(content)","token_count":null,\
      "status":"\(status)","stop_reason":null,"model_id":null,"reply_to":\(reply),"created_at":"\(time)","input_tokens":null,\
      "error_code":null\(more)}
      """
  }

  /// A file of nine lines: two exchanges, the first of which was retried.
  private static let lines = [
    #"{"type":"export","format_version":1}"#,
    #"{"type":"legacy","id":"\#(uuid(1))","name":"Rose","created_at":"\#(time)","updated_at":"\#(time)"}"#,
    """
    {"type":"conversation","id":"\(uuid(2))","legacy_id":"\(uuid(1))","persona_id":"friend","title":"Hello.","message_count":4,\
    "last_message_at":"\(time)","created_at":"\(time)","updated_at":"\(time)"}
    """,
    message(3, role: "user", "Hello."), message(4, role: "assistant", "Go", status: "superseded", replyTo: 3),
    message(5, role: "assistant", "Good morning. \\ud83c\\udf3b \\u0000", replyTo: 3),
    message(6, role: "user", "More."), message(7, role: "assistant", "More?", status: "interrupted", replyTo: 6),
    #"{"type":"end","conversations":1,"messages":5}"#,
  ]

  private func read(_ lines: [String]) throws -> ReadArchive {
    try ArchiveReader.read(Array(lines.map { $0 + "\n" }.joined().utf8), name: "rose.ndjson")
  }

  @Test("a whole file is read, with or without its last line break, whatever white space is between the fields")
  func whole() throws {
    let archive = try read(Self.lines).archive
    #expect(
      archive.legacy == Archive.Legacy(id: Self.uuid(1), name: "Rose", createdAt: Self.time, updatedAt: Self.time))
    #expect(archive.conversations.map(\.messageCount) == [4])
    #expect(
      archive.conversations[0].entries.map(\.message.content) == [
        "Hello.", "Go", "Good morning. 🌻 \0", "More.", "More?",
      ])
    let bytes = Array(Self.lines.joined(separator: "\r\n").replacing("\":", with: "\" : ").utf8)
    #expect(try ArchiveReader.read(bytes, name: "rose.ndjson").archive == archive)
  }

  /// A change of the file: in which line, what by what, and what is said of it.
  struct Change: Sendable, CustomTestStringConvertible {
    let line: Int
    let old: String
    let new: String
    let complaint: String
    /// The line that is named, where it is another.
    let named: Int
    var testDescription: String { "\(line): \(old.prefix(30)) → \(new.prefix(30))" }

    init(_ line: Int, _ old: String, _ new: String, _ complaint: String, named: Int? = nil) {
      self.line = line
      self.old = old
      self.new = new
      self.complaint = complaint
      self.named = named ?? line
    }
  }

  static let changes = [
    Change(1, "\"export\"", "\"import\"", "this is no export of mosaic-ai"),
    Change(1, "{", "[", "this is no export of mosaic-ai"), Change(1, ":1", ":0", "this is no export of mosaic-ai"),
    Change(1, ":1", ":\"1\"", "this is no export of mosaic-ai"),
    Change(1, "{", "\u{feff}{", "this is no export of mosaic-ai"),
    Change(1, ":1", ":2", "newer version of mosaic-ai (format 2; this one knows 1)"),
    Change(1, ":1", ":9,\"sealed\":\"yes\"", "newer version of mosaic-ai"),
    Change(1, "}", ",\"x\":1}", "\"x\" is not known here"),
    Change(2, "{", "", "not valid JSON"),
    Change(2, "\"legacy\"", "\"conversation\"", "a line of type \"legacy\" is due"),
    Change(2, "Rose", "", "\"name\" is empty"), Change(2, "Rose", " Rose", "white space at its ends"),
    Change(2, "Rose", "Rose\\n", "white space at its ends"), Change(2, "Rose", "Ro\\nse", "must be one line"),
    Change(2, "Rose", "Ro\\u0000se", "control characters"), Change(2, "Rose", "Ro\\u202ese", "control characters"),
    Change(2, "Rose", String(repeating: "x", count: 201), "too long"),
    Change(2, "\"Rose\"", "null", "\"name\" is null"),
    Change(2, "\"Rose\"", "7", "\"name\" is no text"), Change(2, "\"Rose\"", "[\"Rose\"]", "neither a text nor"),
    Change(2, "\"Rose\"", "\"Rose", "not valid JSON"), Change(2, "\"name\":\"Rose\",", "", "\"name\" is missing"),
    Change(2, "\"name\"", "\"Name\"", "\"name\" is missing"),
    Change(2, "\"name\"", "\"name\":\"Ben\",\"name\"", "\"name\" is given twice"),
    Change(2, "\"name\"", "\"\\u006eame\"", "\"name\" is missing"), Change(2, "}", "} ]", "not valid JSON"),
    Change(2, uuid(1), "1", "\"id\" is no UUID"),
    Change(2, uuid(1), uuid(1).replacing("8", with: "A"), "no UUID in lower case"),
    Change(2, uuid(1), uuid(1).replacing("-4", with: "4-"), "no UUID"),
    Change(2, "23T", "32T", "\"created_at\" is no time"),
    Change(2, ".123Z", "Z", "\"created_at\" is no time"), Change(2, "Z", "+00:00", "\"created_at\" is no time"),
    Change(2, "Rose", "\\ud800", "half of a surrogate pair"), Change(2, "Rose", "\\q", "not valid JSON"),
    Change(3, "\"conversation\"", "\"message\"", "a message before any conversation"),
    Change(3, "\"conversation\"", "\"legacy\"", "a second legacy"),
    Change(3, "\"conversation\"", "\"poem\"", "a line of this type"),
    Change(3, uuid(1), uuid(8), "\"legacy_id\" is not that"),
    Change(3, uuid(2), uuid(3), "\"id\" was that of an earlier line", named: 4),
    Change(3, "friend", "", "\"persona_id\" is empty"),
    Change(3, "friend", String(repeating: "x", count: 51), "\"persona_id\" is too long"),
    Change(3, "Hello.", "", "\"title\" is empty"),
    Change(3, "Hello.", String(repeating: "e\\u0301", count: 801), "\"title\" is too long"),
    Change(3, ":4,", ":5,", "\"message_count\" is not the number"), Change(3, ":4,", ":-4,", "no number of 0 or more"),
    Change(3, ":4,", ":4.5,", "neither a text nor"), Change(3, ":4,", ":99999999999999999999,", "neither a text nor"),
    Change(3, ":4,", ":null,", "\"message_count\" is null"),
    Change(4, "\"user\"", "\"assistant\"", "\"reply_to\" is not the user's message above"),
    Change(4, "\"user\"", "\"system\"", "\"role\" is neither"),
    Change(4, uuid(2), uuid(9), "\"conversation_id\" is not that"),
    Change(4, "\"complete\"", "\"pending\"", "\"status\" is none"),
    Change(4, "\"complete\"", "\"interrupted\"", "\"status\" is none"),
    Change(4, "\"complete\"", "\"failed\"", "\"status\" tells otherwise"),
    Change(4, "Hello.", "", "the message is empty"),
    Change(4, "Hello.", "Hello. ", "white space at its end"), Change(4, "Hello.", "Hel\\u0000lo.", "NUL"),
    Change(4, "Hello.", String(repeating: "x", count: 10_001), "10000 are the most"),
    Change(4, "\"reply_to\":null", "\"reply_to\":\"\(uuid(3))\"", "\"reply_to\" belongs to replies"),
    Change(4, "\"token_count\":null", "\"token_count\":-1", "\"token_count\" is no number"),
    Change(4, "\"error_code\":null", "\"error_code\":\"a\\u0000b\"", "\"error_code\" holds a NUL"),
    Change(5, "\"superseded\"", "\"streaming\"", "\"status\" is none"),
    Change(5, "\"superseded\"", "\"complete\"", "a reply to a message that has one", named: 6),
    Change(5, uuid(3), uuid(6), "\"reply_to\" is not the user's message above"),
    Change(5, "\"Go\"", "\" \\n\"", "\"content\" is empty"),
    Change(6, "\"complete\"", "\"superseded\"", "the reply that superseded another is missing", named: 4),
    Change(7, uuid(6), uuid(3), "\"id\" was that of an earlier line"),
    Change(8, uuid(6), uuid(3), "\"reply_to\" is not the user's message above"),
    Change(9, "\"messages\":5", "\"messages\":6", "lines are missing, or too many"),
    Change(9, "\"conversations\":1", "\"conversations\":2", "lines are missing, or too many"),
    Change(9, "}", "}\n{}", "something follows the end", named: 10),
    Change(9, "}", "}\n\n", "something follows the end", named: 10),
  ]

  @Test("every other line is refused", arguments: changes)
  func refused(change: Change) throws {
    var lines = Self.lines
    let line = lines[change.line - 1]
    lines[change.line - 1] = line.replacing(change.old, with: change.new, maxReplacements: 1)
    try #require(lines[change.line - 1] != line)
    let failure = try failure { try read(lines) }
    #expect(failure.code == .invalidInput)
    #expect(failure.message.hasPrefix("rose.ndjson:\(change.named):"), "\(failure.message)")
    #expect(failure.message.contains(change.complaint), "\(failure.message)")
    #expect(!failure.message.contains("\n") && failure.message.count < 200)
  }

  @Test("a file that was cut off is refused wherever that was")
  func cut() throws {
    let bytes = Array(Self.lines.map { $0 + "\n" }.joined().utf8)
    for length in 0..<bytes.count - 1 {
      let failure = try failure { try ArchiveReader.read(Array(bytes[..<length]), name: "cut") }
      #expect(failure.code == .invalidInput, "after \(length) bytes")
    }
  }

  @Test("a line left out, doubled or moved is found")
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

  @Test("whatever the bytes are, they are refused, or what they say fits the database", arguments: 0..<8)
  func hostile(seed: UInt64) throws {
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
      guard let read = try attempt({ try ArchiveReader.read(bytes, name: "hostile") }) else { continue }
      taken += 1
      _ = try attempt { try ada.add(read) }
    }
    #expect(taken > 0, "some changes are harmless, as of a letter within a text")
    #expect(try household.store.read { try String.fetchAll($0.db, sql: "PRAGMA integrity_check") } == ["ok"])
    #expect(try ada.list().allSatisfy { try ada.messages($0.id).count == $0.messageCount })
  }

  private var uuidText: String { Self.uuid(5) }

  /// What `body` gives; nil where it is refused. Anything but a refusal fails the test.
  private func attempt<Result>(_ body: () throws -> Result) throws -> Result? {
    do { return try body() } catch let failure as Failure {
      #expect(failure.code == .invalidInput, "\(failure)")
      return nil
    }
  }
}
