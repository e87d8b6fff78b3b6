import Foundation
@testable import MosaicAICore
import Testing

@testable import MosaicAI

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite struct OutputTests {
  init() { Signals.ignoreClosedPipes() }

  private func failure(of body: () throws -> Void) throws -> Failure {
    try #require(throws: Failure.self, performing: body)
  }

  @Test("what is written arrives at once and whole")
  func writes() throws {
    let pipe = TestPipe()
    let output = Output(descriptor: pipe.writer, variables: [:])
    try output.write("Zoé\0\n")
    var buffer = [UInt8](repeating: 0, count: 16)
    // Read before the writer is closed: nothing may wait in a buffer.
    #expect(read(pipe.reader, &buffer, buffer.count) == 6)
    #expect(buffer.prefix(6).elementsEqual(Array("Zoé\0\n".utf8)))
    #expect(!output.isTerminal)
    #expect(!output.hasColor)
  }

  @Test("a reader who has gone away counts as SIGPIPE, not as an error of ours")
  func closedPipe() throws {
    var ends: [Int32] = [-1, -1]
    try #require(pipe(&ends) == 0)
    close(ends[0])
    defer { close(ends[1]) }
    let failure = try failure { try Output(descriptor: ends[1], variables: [:]).write("x") }
    #expect(failure.code == .interrupted)
    #expect(failure.signal == SIGPIPE)
    #expect(failure.exitStatus == 141)
  }

  @Test("a disk that is full fails the output", arguments: ["/dev/full"])
  func full(path: String) throws {
    let descriptor = open(path, O_WRONLY)
    try #require(descriptor >= 0)
    defer { close(descriptor) }
    let failure = try failure { try Output(descriptor: descriptor, variables: [:]).write("x") }
    #expect(failure.code == .outputFailed)
    #expect(failure.exitStatus == 74)
  }

  @Test("a descriptor that is closed fails the output")
  func closed() throws {
    #expect(try failure { try Output(descriptor: -1, variables: [:]).write("x") }.code == .outputFailed)
  }

  @Test("a slow reader of a pipe that does not block gets everything")
  func slowReader() async throws {
    let pipe = TestPipe()
    #expect(fcntl(pipe.writer, F_SETFL, O_NONBLOCK) == 0)
    let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
    let reader = pipe.reader
    async let received = Task.detached {
      var all: [UInt8] = []
      var buffer = [UInt8](repeating: 0, count: 1000)
      while all.count < 300_000, case let count = read(reader, &buffer, buffer.count), count > 0 {
        all += buffer[..<count]
      }
      return all
    }.value
    try Output(descriptor: pipe.writer, variables: [:]).write(bytes)
    #expect(await received == bytes)
  }

  @Test("once a signal has come, a reader who no longer reads does not keep the process")
  func stalledReader() throws {
    let (stalled, signals) = (TestPipe(), TestPipe())
    #expect(fcntl(stalled.writer, F_SETFL, O_NONBLOCK) == 0)
    let chunk = [UInt8](repeating: 0, count: 4096)
    while write(stalled.writer, chunk, chunk.count) > 0 {}
    #expect(write(signals.writer, "!", 1) == 1)
    let output = Output(descriptor: stalled.writer, variables: [:])
    output.observe(Cancellation(descriptor: signals.reader, signal: { SIGTERM }))
    #expect(try failure { try output.write("x") } == .interrupted(by: SIGTERM))
  }

  @Test(
    "diagnostics are said as loudly as asked, on one safe line each",
    arguments: [
      (Diagnostics.Level.quiet, "mosaic-ai: f[1m x\nhint: h\n"),
      (.normal, "mosaic-ai: w\nmosaic-ai: f[1m x\nhint: h\n"),
      (.verbose, "mosaic-ai: n\nmosaic-ai: w\nmosaic-ai: f[1m x\nhint: h\n"),
    ])
  func diagnostics(level: Diagnostics.Level, expected: String) {
    let pipe = TestPipe()
    var diagnostics = Diagnostics(output: Output(descriptor: pipe.writer, variables: [:]))
    diagnostics.level = level
    diagnostics.note("n")
    diagnostics.warn("w")
    diagnostics.fail(Failure(.usage, "f\u{1b}[1m\nx", hint: "h"))
    #expect(pipe.text() == expected)
  }

  @Test("a failure without advice is one line")
  func noHint() {
    let pipe = TestPipe()
    Diagnostics(output: Output(descriptor: pipe.writer, variables: [:])).fail(Failure(.usage, "wrong"))
    #expect(pipe.text() == "mosaic-ai: wrong\n")
  }

  @Test("a line is read to its end, and nothing behind it is taken")
  func readLine() throws {
    let pipe = TestPipe()
    #expect(write(pipe.writer, "yes\nrest", 8) == 8)
    pipe.closeWriter()
    let input = Input(descriptor: pipe.reader)
    #expect(try input.readLine() == "yes")
    #expect(try input.readAll(limit: 100) == Array("rest".utf8))
    #expect(try input.readLine() == nil)
    #expect(try input.readAll(limit: 100) == [])
  }

  @Test("input is read up to its limit, and beyond it is too much", arguments: [(4, true), (5, true), (6, false)])
  func limit(count: Int, isEnough: Bool) throws {
    let pipe = TestPipe()
    #expect(write(pipe.writer, "123456", count) == count)
    pipe.closeWriter()
    #expect(try Input(descriptor: pipe.reader).readAll(limit: 5)?.count == (isEnough ? count : nil))
  }
}

@Suite struct ReplyRendererTests {
  private static let start = ReplyStart(
    conversationID: "c", userMessageID: "u", legacyID: "l", personaID: "p", modelID: "m", isNewConversation: true)
  private static let done = ReplyDone(
    messageID: "r", conversationID: "c", stopReason: .endTurn,
    usage: TokenUsage(input: 1, output: 2, total: 3, cacheRead: 4), latency: 5,
    firstChunk: nil)
  private static let error = ErrorEvent(
    ReplyFailure(
      failure: Failure(.connection, "lost", hint: "h"), conversationID: "c", userMessageID: "u", messageID: nil))
  private static let retry = RetryNotice(
    attempt: 2, maximumAttempts: 3, delayMilliseconds: 40, failure: Failure(.throttled, "slow"))

  /// What is written of a reply of `pieces`.
  private func render(_ format: ReplyFormat, _ pieces: [String], fails: Bool = false, retries: Bool = false) throws
    -> String
  {
    let pipe = TestPipe()
    let renderer = format.renderer(Output(descriptor: pipe.writer, variables: [:]))
    try renderer.start(Self.start)
    if retries { try renderer.retry(Self.retry) }
    for piece in pieces {
      try Array(piece.utf8).withUnsafeBufferPointer { try renderer.chunk($0) }
      try renderer.flush()
    }
    if fails { try renderer.fail(Self.error) } else { try renderer.done(Self.done) }
    return pipe.text()
  }

  @Test(
    "as text, a reply is itself, safe, with exactly one line break at its end",
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

  @Test("as text, every piece is out before the next one comes, but for line breaks that may be the last")
  func textStreams() throws {
    let pipe = TestPipe()
    let renderer = ReplyFormat.text.renderer(Output(descriptor: pipe.writer, variables: [:]))
    var buffer = [UInt8](repeating: 0, count: 64)
    for (piece, shown) in [("One", "One"), (" two\n", " two"), ("three", "\nthree")] {
      try Array(piece.utf8).withUnsafeBufferPointer { try renderer.chunk($0) }
      try renderer.flush()
      let count = read(pipe.reader, &buffer, buffer.count)
      #expect(String(decoding: buffer.prefix(max(0, count)), as: UTF8.self) == shown)
    }
  }

  private static let startJSON =
    #"{"type":"start","conversation_id":"c","user_message_id":"u","legacy_id":"l","persona_id":"p","model_id":"m","conversation_created":true}"#
  private static let retryJSON =
    #"{"type":"retry","attempt":2,"max_attempts":3,"delay_ms":40,"code":"throttled","message":"slow"}"#
  private static let chunkJSON = [
    #"{"type":"chunk","content":"a\n\"\u001b\u009b"}"#, #"{"type":"chunk","content":"🌻"}"#,
  ]
  private static let doneJSON =
    #"{"type":"done","message_id":"r","token_count":2,"conversation_id":"c","stop_reason":"end_turn","usage":{"input_tokens":1,"output_tokens":2,"total_tokens":3,"cache_read_input_tokens":4,"cache_write_input_tokens":null},"latency_ms":5,"first_chunk_ms":null}"#
  private static let errorJSON =
    #"{"type":"error","message":"lost","retryable":true,"code":"connection","exit_status":75,"conversation_id":"c","user_message_id":"u","message_id":null}"#

  @Test("as ndjson, each event is an object on its own line", arguments: [false, true])
  func ndjson(fails: Bool) throws {
    let events = [Self.startJSON, Self.retryJSON] + Self.chunkJSON + [fails ? Self.errorJSON : Self.doneJSON]
    #expect(
      try render(.ndjson, ["a\n\"\u{1b}\u{9b}", "🌻"], fails: fails, retries: true) == events.map { $0 + "\n" }.joined())
  }

  @Test("as sse, each event is data and a blank line", arguments: [false, true])
  func sse(fails: Bool) throws {
    let events = [Self.startJSON] + Self.chunkJSON + [fails ? Self.errorJSON : Self.doneJSON]
    #expect(try render(.sse, ["a\n\"\u{1b}\u{9b}", "🌻"], fails: fails) == events.map { "data: \($0)\n\n" }.joined())
  }

  @Test("as json, there is one object with the ids, the content and the end")
  func json() throws {
    let ids =
      #""conversation_id":"c","user_message_id":"u","legacy_id":"l","persona_id":"p","model_id":"m","conversation_created":true"#
    #expect(
      try render(.json, ["a\n", "🌻"], retries: true)
        == #"{"type":"done",\#(ids),"content":"a\n🌻","message_id":"r","token_count":2,"stop_reason":"end_turn","usage":{"input_tokens":1,"output_tokens":2,"total_tokens":3,"cache_read_input_tokens":4,"cache_write_input_tokens":null},"latency_ms":5,"first_chunk_ms":null}"#
        + "\n")
    #expect(
      try render(.json, ["half"], fails: true)
        == #"{"type":"error",\#(ids),"content":"half","message":"lost","retryable":true,"code":"connection","exit_status":75,"message_id":null}"#
        + "\n")
  }

  @Test("a failure before anything was stored is told in every format but text")
  func earlyFailure() throws {
    let facts =
      #""message":"no","retryable":false,"code":"usage","exit_status":64,"conversation_id":null,"user_message_id":null,"message_id":null}"#
    let expected = [
      (ReplyFormat.text, ""), (.ndjson, #"{"type":"error",\#(facts)\#n"#),
      (.sse, #"data: {"type":"error",\#(facts)\#n\#n"#),
      (.json, #"{"type":"error","content":"",\#(facts)\#n"#),
    ]
    for (format, text) in expected {
      let pipe = TestPipe()
      try format.renderer(Output(descriptor: pipe.writer, variables: [:])).fail(ErrorEvent(Failure(.usage, "no")))
      #expect(pipe.text() == text)
    }
  }

  @Test("the pieces of every format with pieces, put together, are the reply to the byte")
  func concatenation() throws {
    struct Event: Decodable {
      let type: String
      let content: String?
    }
    let pieces = ["\0\u{1}", "e", "\u{301}", "\u{85}\u{2028}\n", "\\\"/", "👩‍👩‍👧"]
    let events = try render(.ndjson, pieces).split(separator: "\n").map {
      try JSONDecoder().decode(Event.self, from: Data($0.utf8))
    }
    #expect(events.compactMap(\.content).joined().utf8.elementsEqual(pieces.joined().utf8))
  }
}
