import Foundation
import TestSupport
import Testing

@testable import MosaicAI
@testable import MosaicAICore

@Suite struct ReplyRendererTests {
  private static let start = ReplyStart(
    conversationID: "c", userMessageID: "u", legacyID: "l", personaID: "p", modelID: "m", isNewConversation: true)
  private static let done = ReplyDone(
    messageID: "r", conversationID: "c", stopReason: .endTurn,
    usage: TokenUsage(input: 1, output: 2, total: 3, cacheRead: 4), latency: .milliseconds(5), firstChunk: nil)
  private static let failure = ReplyFailure(
    Failure(.connection, "lost", advice: .startNewConversation), conversationID: "c", userMessageID: "u")
  private static let retry = RetryNotice(
    attempt: 2, maximumAttempts: 3, delay: .milliseconds(40), failure: Failure(.throttled, "slow"))

  /// What is written of a reply of `pieces`.
  private func render(
    _ format: ReplyFormat, _ pieces: [String], fails: Bool = false, retries: Bool = false, together: Bool = false
  ) throws -> String {
    let pipe = TestPipe()
    let receiver = receiver(format, pipe)
    try receiver.receive(.start(Self.start))
    if retries { try receiver.receive(.retry(Self.retry)) }
    if together { try receiver.receive(pieces) } else { for piece in pieces { try receiver.receive([piece]) } }
    try receiver.receive(fails ? .failure(Self.failure) : .done(Self.done))
    return pipe.text()
  }

  private func receiver(_ format: ReplyFormat, _ pipe: TestPipe) -> any ReplyReceiver {
    format.receiver(Output(descriptor: pipe.writer, variables: [:]), FailureWording(AdviceWords()))
  }

  @Test(
    "text writes the reply safely with exactly one newline at its end",
    arguments: [
      (["Hello"], "Hello\n"), (["Hel", "lo\n"], "Hello\n"), (["Hello\n\n", "\n"], "Hello\n"),
      (["a\n", "\nb"], "a\n\nb\n"),
      (["\n", "\na"], "\n\na\n"), ([], ""), (["\n\n"], ""),
      (["\u{1b}[31m", "x\u{9b}\u{202e}\0"], "[31mx\n"), (["a\n", "\u{1b}", "\n"], "a\n"), (["a\r\n", "\r\n"], "a\n"),
      (["Zoé ", "🌻"], "Zoé 🌻\n"), (["a ", " \n"], "a  \n"),
    ])
  func text(pieces: [String], expected: String) throws {
    #expect(try render(.text, pieces) == expected)
    #expect(try render(.text, pieces, fails: true) == expected, "cut off, it ends in the same way")
  }

  @Test("text writes every chunk before the next one comes, except newlines that may be the last")
  func textStreams() throws {
    let pipe = TestPipe()
    let receiver = receiver(.text, pipe)
    var buffer = [UInt8](repeating: 0, count: 64)
    for (piece, shown) in [("One", "One"), (" two\n", " two"), ("three", "\nthree")] {
      try receiver.receive([piece])
      let count = read(pipe.reader, &buffer, buffer.count)
      #expect(String(decoding: buffer.prefix(max(0, count)), as: UTF8.self) == shown)
    }
  }

  private static let startJSON =
    #"""
    {"type":"start","conversation_id":"c","user_message_id":"u","legacy_id":"l","persona_id":"p","model_id":"m",\#
    "conversation_created":true,"recalled":[]}
    """#
  private static let retryJSON =
    #"{"type":"retry","attempt":2,"max_attempts":3,"delay_ms":40,"code":"throttled","message":"slow"}"#
  private static let chunkJSON = [
    #"{"type":"chunk","content":"a\n\"\u001b\u009b"}"#, #"{"type":"chunk","content":"🌻"}"#,
  ]
  private static let doneJSON =
    #"""
    {"type":"done","message_id":"r","token_count":2,"conversation_id":"c","stop_reason":"end_turn",\#
    "usage":{"input_tokens":1,"output_tokens":2,"total_tokens":3,"cache_read_input_tokens":4,\#
    "cache_write_input_tokens":null},"latency_ms":5,"first_chunk_ms":null,"replayed":false}
    """#
  private static let errorJSON =
    #"""
    {"type":"error","message":"lost","hint":"start a new conversation with --new","retryable":true,\#
    "code":"connection","exit_status":75,"conversation_id":"c","user_message_id":"u","message_id":null}
    """#

  @Test("ndjson writes each event as an object on its own line", arguments: [false, true])
  func ndjson(fails: Bool) throws {
    let events = [Self.startJSON, Self.retryJSON] + Self.chunkJSON + [fails ? Self.errorJSON : Self.doneJSON]
    #expect(
      try render(.ndjson, ["a\n\"\u{1b}\u{9b}", "🌻"], fails: fails, retries: true) == events.map { $0 + "\n" }.joined())
  }

  @Test("sse writes each event as data and a blank line", arguments: [false, true])
  func sse(fails: Bool) throws {
    let events = [Self.startJSON] + Self.chunkJSON + [fails ? Self.errorJSON : Self.doneJSON]
    #expect(try render(.sse, ["a\n\"\u{1b}\u{9b}", "🌻"], fails: fails) == events.map { "data: \($0)\n\n" }.joined())
  }

  @Test("json writes one object with the IDs, the content and the end")
  func json() throws {
    let ids =
      #"""
      "conversation_id":"c","user_message_id":"u","legacy_id":"l","persona_id":"p","model_id":"m",\#
      "conversation_created":true,"recalled":[]
      """#
    #expect(
      try render(.json, ["a\n", "🌻"], retries: true)
        == #"""
        {"type":"done",\#(ids),"content":"a\n🌻","message_id":"r","token_count":2,"stop_reason":"end_turn",\#
        "usage":{"input_tokens":1,"output_tokens":2,"total_tokens":3,"cache_read_input_tokens":4,\#
        "cache_write_input_tokens":null},"latency_ms":5,"first_chunk_ms":null,"replayed":false}
        """#
        + "\n")
    #expect(
      try render(.json, ["half"], fails: true)
        == #"""
        {"type":"error",\#(ids),"content":"half","message":"lost","hint":"start a new conversation with --new",\#
        "retryable":true,"code":"connection","exit_status":75,"message_id":null}
        """#
        + "\n")
  }

  @Test("A failure before anything was stored is written in every format but text")
  func earlyFailure() throws {
    let facts =
      #"""
      "message":"no","hint":null,"retryable":false,"code":"usage","exit_status":64,"conversation_id":null,\#
      "user_message_id":null,"message_id":null}
      """#
    let expected = [
      (ReplyFormat.text, ""), (.ndjson, #"{"type":"error",\#(facts)\#n"#),
      (.sse, #"data: {"type":"error",\#(facts)\#n\#n"#),
      (.json, #"{"type":"error","content":"",\#(facts)\#n"#),
    ]
    for (format, text) in expected {
      let pipe = TestPipe()
      try receiver(format, pipe).receive(.failure(ReplyFailure(Failure(.usage, "no"))))
      #expect(pipe.text() == text)
    }
  }

  @Test("The chunks of every streaming format add up to the reply, byte for byte")
  func concatenation() throws {
    struct Event: Decodable {
      let type: String
      let content: String?
    }
    let pieces = ["\0\u{1}", "e", "\u{301}", "\u{85}\u{2028}\n", "\\\"/", "👩‍👩‍👧"]
    for together in [false, true] {
      let events = try render(.ndjson, pieces, together: together).split(separator: "\n").map {
        try JSONDecoder().decode(Event.self, from: Data($0.utf8))
      }
      #expect(events.compactMap(\.content).count == pieces.count)
      #expect(events.compactMap(\.content).joined().utf8.elementsEqual(pieces.joined().utf8))
    }
  }

  @Test("Pieces that come together are written as if each had come alone", arguments: ReplyFormat.allCases)
  func together(format: ReplyFormat) throws {
    let pieces = ["a\n", "\u{1b}", "\n", "🌻", "\"\\\u{9b}", "\n\n"]
    #expect(try render(format, pieces, together: true) == render(format, pieces))
  }
}
