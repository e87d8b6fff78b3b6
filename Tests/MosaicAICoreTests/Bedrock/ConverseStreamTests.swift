import TestSupport
import Testing

@testable import MosaicAICore

/// What becomes of the events of a stream.
@Suite struct ConverseStreamTests {
  private typealias Answer = ScriptedTransport.Answer

  @Test("The chunks of a reply arrive in order, then its stop reason and usage")
  func wholeReply() throws {
    let trial = ConverseTrial(.stream(bytes: Frame.reply("Once", " upon", " a \"time\"\n", "🌻")))
    let outcome = try trial.run()
    #expect(trial.receiver.chunks == ["Once", " upon", " a \"time\"\n", "🌻"])
    #expect(
      outcome
        == ModelReply(
          stopReason: .endTurn, usage: TokenUsage(input: 10, output: 20, total: 30), latency: .milliseconds(456)))
    #expect(trial.transport.requests.count == 1)
  }

  @Test(
    "However the network splits the stream, the reply is the same and handed over as soon as it has come",
    arguments: [1, 2, 7, 50, 1000])
  func segmentation(size: Int) throws {
    let frames = [.start] + ["Once", " upon", " a time"].map(Frame.text) + [.blockStop, .stop(), .metadata]
    let bytes = frames.flatMap(\.encoded)
    // What comes in one piece is handed over at once.
    let ends = (2...4).map { (frames[..<$0].reduce(0) { $0 + $1.encoded.count } - 1) / size }
    var answer = Answer.stream(bytes: [])
    answer.body = stride(from: 0, to: bytes.count, by: size).map { Array(bytes[$0..<min($0 + size, bytes.count)]) }
    let trial = ConverseTrial(answer)
    var handovers = 0
    trial.receiver.onChunks = { handovers += 1 }
    #expect(try trial.run().stopReason == .endTurn)
    #expect(trial.receiver.chunks == ["Once", " upon", " a time"])
    #expect(handovers == Set(ends).count)

    let reply = RecordedReply()
    let reader = ConverseStreamReader(ConverseTrial.request, region: "us-east-1", to: reply)
    try reader.receive(head: try #require(answer.head))
    for (index, piece) in answer.body.enumerated() {
      try piece.withUnsafeBytes { try reader.receive(body: $0) }
      #expect(reply.chunks.count == ends.count { $0 <= index })
    }
  }

  @Test(
    "Every stop reason is reported, even an unknown one",
    arguments: [
      "end_turn", "max_tokens", "stop_sequence", "guardrail_intervened", "content_filtered", "malformed_model_output",
      "malformed_tool_use",
      "model_context_window_exceeded", "tool_use", "a_reason_of_tomorrow",
    ])
  func stopReasons(reason: String) throws {
    #expect(try ConverseTrial(.reply("x", stop: reason)).run().stopReason.rawValue == reason)
  }

  @Test("A stop without a reason is still a stop", arguments: ["{}", #"{"stopReason":null}"#, #"{"stopReason":7}"#])
  func missingReason(payload: String) throws {
    #expect(
      try ConverseTrial(.stream([.start, .text("x"), .event("messageStop", payload)])).run().stopReason.rawValue
        == "unknown")
  }

  @Test("Reasoning is not part of the text")
  func reasoning() throws {
    let thoughts = [
      #"{"reasoningContent":{"text":"hidden"}}"#, #"{"reasoningContent":{"signature":"c2ln"}}"#,
      #"{"reasoningContent":{"redactedContent":"eA=="}}"#,
    ].map { Frame.event("contentBlockDelta", #"{"contentBlockIndex":0,"delta":\#($0)}"#) }
    let trial = ConverseTrial(
      .stream([.start] + thoughts + [.blockStop, .text("shown"), .blockStop, .stop(), .metadata]))
    _ = try trial.run()
    #expect(trial.receiver.chunks == ["shown"])
  }

  @Test("Members of a delta that are null are not there, and do not make the model think")
  func nullMembers() throws {
    let deltas = [
      "null", #"{"text":null}"#, #"{"text":null,"reasoningContent":null,"toolUse":{"input":"{}"}}"#,
      #"{ "reasoningContent" : null , "text" : "sh", "toolUse":null}"#, #"{"text":"own","reasoningContent":null}"#,
    ].map { Frame.event("contentBlockDelta", #"{"contentBlockIndex":0,"delta":\#($0)}"#) }
    let trial = ConverseTrial(.stream(deltas + [.stop(), .metadata]))
    _ = try trial.run()
    #expect(trial.receiver.chunks == ["sh", "own"] && !trial.receiver.events.contains(.thinking))
  }

  @Test("Unknown messages, events, deltas and members are skipped")
  func unknownThings() throws {
    let trial = ConverseTrial(
      .stream([
        Frame([(":message-type", .string("announcement"))], "not even JSON"), Frame([], ""),
        .event("eventOfTomorrow", #"{"deep":[{"er":[1]}]}"#), .event("eventOfTomorrow", ""),
        .event("eventOfTomorrow", "not even JSON"),
        .event("contentBlockStop", ""),
        .event("contentBlockStart", #"{"contentBlockIndex":0,"start":{"toolUse":{"name":"n"}}}"#),
        .event("contentBlockDelta", #"{"delta":{"citation":{"title":"t"}},"contentBlockIndex":0}"#),
        .event("contentBlockDelta", #"{"delta":{"toolUse":{"input":"{}"}}}"#), .event("contentBlockDelta", "{}"),
        .event(
          "contentBlockDelta",
          #"{"new":{"text":"no"},"delta":{"before":[1,{"text":"no"}],"text":"yes","after":"no"},"p":"abc"}"#),
        Frame(
          [(":event-type", .string("contentBlockDelta")), (":message-type", .string("event")), ("extra", .int64(1))],
          #"{"delta":{"text":"!"}}"#),
        .event("messageStop", #"{"additionalModelResponseFields":{"stopReason":"no"},"stopReason":"end_turn"}"#),
        .event(
          "metadata",
          #"""
          {"trace":{"usage":1},"usage":{"outputTokens":2,"serverToolUsage":{"n":1},"inputTokens":1,"totalTokens":3,\#
          "cacheReadInputTokens":4,"cacheWriteInputTokens":5},"metrics":{"latencyMs":6,"new":[]},\#
          "performanceConfig":{}}
          """#
        ),
      ]))
    let outcome = try trial.run()
    #expect(trial.receiver.chunks == ["yes", "!"])
    #expect(
      outcome
        == ModelReply(
          stopReason: .endTurn, usage: TokenUsage(input: 1, output: 2, total: 3, cacheRead: 4, cacheWrite: 5),
          latency: .milliseconds(6)))
  }

  @Test("Counts are whole numbers however they are written, and anything else is left out")
  func oddMetadata() throws {
    let odd =
      [
        (#"{}"#, nil, nil), (#"{"usage":null,"metrics":null}"#, nil, nil), (#"{"usage":[],"metrics":3}"#, nil, nil),
        (
          #"""
          {"usage":{"inputTokens":1.5,"outputTokens":"2","totalTokens":99999999999999999999},\#
          "metrics":{"latencyMs":null}}
          """#,
          TokenUsage(), nil
        ),
        (
          #"{"usage":{"inputTokens":12.0,"outputTokens":1.2e1,"totalTokens":24.000},"metrics":{"latencyMs":4.5e2}}"#,
          TokenUsage(input: 12, output: 12, total: 24), .milliseconds(450)
        ),
        (
          #"""
          {"usage":{"inputTokens":-12,"outputTokens":-0.0,"totalTokens":1e3,"cacheReadInputTokens":12.5},\#
          "metrics":{"latencyMs":-1}}
          """#,
          TokenUsage(output: 0, total: 1000), nil
        ),
        (
          #"""
          {"usage":{"inputTokens":9007199254740991,"outputTokens":9007199254740992,"totalTokens":1e400,\#
          "cacheReadInputTokens":true,"cacheWriteInputTokens":{}},"metrics":{"latencyMs":1e30}}
          """#,
          TokenUsage(input: 9_007_199_254_740_991), nil
        ),
        (#"{"usage":{},"metrics":{"latencyMs":"6"}}"#, TokenUsage(), nil),
      ] as [(String, TokenUsage?, Duration?)]
    for (payload, usage, latency) in odd {
      let outcome = try ConverseTrial(.stream([.start, .text("x"), .stop(), .event("metadata", payload)])).run()
      #expect(outcome == ModelReply(stopReason: .endTurn, usage: usage, latency: latency), "\(payload)")
    }
  }

  @Test("Once a reply is complete, its metadata is not waited for as long as its text")
  func metadataTimeout() throws {
    let reader = ConverseStreamReader(ConverseTrial.request, region: "us-east-1", to: RecordedReply())
    try reader.receive(head: try #require(Answer.reply("x").head))
    for (frame, timeout) in [(Frame.start, nil), (.text("x"), nil), (.blockStop, nil), (.stop(), .seconds(5))]
      as [(Frame, Duration?)]
    {
      try frame.encoded.withUnsafeBytes { try reader.receive(body: $0) }
      #expect(reader.idleTimeout == timeout)
    }
  }

  @Test(
    "Nothing spoils a reply once it is complete",
    arguments: [
      Answer.stream([.start, .text("x"), .stop()]),
      .stream([.start, .text("x"), .stop()], then: .lost), .stream([.start, .text("x"), .stop()], then: .idleTimeout),
      .stream([.start, .text("x"), .stop(), .exception("internalServerException", #"{"message":"late"}"#)]),
      .stream([.start, .text("x"), .stop(), .error("InternalError", "late")]),
      .stream([.start, .text("x"), .stop(), .event("metadata", "no JSON")]),
      .stream(bytes: [Frame.start, .text("x"), .stop()].flatMap(\.encoded) + [UInt8](repeating: 0xff, count: 40)),
      .stream(bytes: [Frame.start, .text("x"), .stop()].flatMap(\.encoded) + Frame.metadata.encoded.dropLast(5)),
    ])
  func completeIsComplete(answer: ScriptedTransport.Answer) throws {
    let trial = ConverseTrial(answer)
    #expect(try trial.run() == ModelReply(stopReason: .endTurn, usage: nil, latency: nil))
    #expect(trial.receiver.text == "x")
  }

  @Test(
    "A stream without an end marker is not a reply, even if the connection closes cleanly",
    arguments: [
      [Frame.start, .text("x")], [Frame.start, .text("x"), .blockStop],
      [Frame.start, .text("x"), .blockStop, .metadata],
    ])
  func noMessageStop(frames: [Frame]) throws {
    let trial = ConverseTrial(.stream(frames))
    #expect(try failure { try trial.run() }.code == .connection)
    #expect(trial.receiver.text == "x")
  }

  @Test(
    "An answer that is not Bedrock's is reported at once and not retried",
    arguments: [
      Answer(
        head: HTTPResponseHead(status: 200, headers: [("Content-Type", "text/html")]), body: [Array("<html>".utf8)]),
      Answer(head: HTTPResponseHead(status: 200), body: []),
      .stream(bytes: Array("<html><body>Please log in to this network</body></html>".utf8)),
      .stream(bytes: Frame.encode(total: 15, headers: 0, rest: [UInt8](repeating: 0, count: 8))),
      .stream([Frame([(":event-type", .string("messageStop")), (":message-type", .string("event"))], "no JSON")]),
      Answer.error(302, [("Location", "https://login")]), .error(204),
    ])
  func notBedrock(answer: ScriptedTransport.Answer) throws {
    let trial = ConverseTrial(answer)
    let failure = try failure { try trial.run() }
    #expect(failure.code == .protocolError)
    #expect(failure.advice == .check([.endpointURL]))
    #expect(trial.transport.requests.count == 1)
  }

  @Test(
    "Damage after the first frame is retried before any text, and never after",
    arguments: [
      [UInt8](repeating: 0xff, count: 16), Frame.event("contentBlockDelta", #"{"delta":{"text":"\ud83c"#).encoded,
      Frame.encode(total: 20, headers: 4, rest: [1, 0x61, 99, 0]),
      Frame.event("contentBlockDelta", #"{"delta":"text"}"#).encoded,
      Frame.event("contentBlockDelta", #"{"delta":{"text":7}}"#).encoded, Frame.event("messageStop", "[]").encoded,
    ])
  func damage(bytes: [UInt8]) throws {
    let early = ConverseTrial([Answer](repeating: .stream(bytes: Frame.start.encoded + bytes), count: 3))
    #expect(try failure { try early.run() }.code == .corruptStream)
    #expect(early.transport.requests.count == 3)
    let late = ConverseTrial(.stream(bytes: (Frame.start.encoded + Frame.text("x").encoded) + bytes))
    #expect(try failure { try late.run() }.code == .corruptStream)
    #expect(late.transport.requests.count == 1)
  }

  @Test("Text before the damage is still delivered")
  func textBeforeDamage() throws {
    let trial = ConverseTrial(
      .stream(bytes: [Frame.start, .text("a"), .text("b")].flatMap(\.encoded) + [UInt8](repeating: 0xff, count: 16)))
    #expect(try failure { try trial.run() }.code == .corruptStream)
    #expect(trial.receiver.text == "ab")
  }

  @Test("An error of the receiver ends the call unchanged", arguments: ["text", "retry"])
  func receiverFails(when: String) throws {
    let full = Failure(.outputFailed, "full")
    let trial = ConverseTrial(when == "text" ? .stream(bytes: Frame.reply("a", "b")) : .error(503))
    if when == "text" { trial.receiver.onChunks = { throw full } }
    if when == "retry" { trial.receiver.atRetry { _ in throw full } }
    #expect(try failure { try trial.run() } == full)
    #expect(trial.transport.requests.count == 1)
  }
}
