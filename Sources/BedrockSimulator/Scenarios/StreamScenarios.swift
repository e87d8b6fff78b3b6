extension Scenario {
  /// Streams that are unusual, damaged, or end with an error.
  static let streamScenarios: [Scenario] = [
    Scenario(
      "exception", .choice("NAME", exceptions.map(\.word)), .after, .times,
      summary: "AFTER chunks, then an exception: \(exceptions.map(\.word).joined(separator: ", "))."
    ) { stage in
      var stream = stage.streamUntilThen()
      let exception = exceptions.first { $0.word == stage.arguments.word("NAME") } ?? exceptions[0]
      stream.append(.exception(exception.type, message: exception.message))
      return .stream(stream.pieces)
    },
    Scenario(
      "model-error-stream", .after, .times,
      summary: "AFTER chunks, then modelStreamErrorException with the provider's own status and message."
    ) { stage in
      var stream = stage.streamUntilThen()
      stream.append(
        .exception(
          "modelStreamErrorException",
          message: "The system encountered an unexpected error during processing. Try your request again.",
          details: originalError))
      return .stream(stream.pieces)
    },
    Scenario("error-frame", .after, .times, summary: "AFTER chunks, then a frame whose :message-type is error.") {
      stage in
      var stream = stage.streamUntilThen()
      stream.append(.error(code: "InternalFailure", message: "An internal server error occurred."))
      return .stream(stream.pieces)
    },
    Scenario(
      "corrupt-prelude", .after, .times, summary: "AFTER chunks, then a frame with a flipped bit in its prelude."
    ) {
      corrupt($0) { frame, _ in frame[8] ^= 0x10 }
    },
    Scenario(
      "corrupt-message", .after, .times, summary: "AFTER chunks, then a frame with a flipped bit in its payload."
    ) {
      corrupt($0) { frame, layout in frame[layout.payload + 2] ^= 0x01 }
    },
    Scenario(
      "absurd-length", .after, .times,
      summary: "AFTER chunks, then a frame that claims to have 4 GiB, with a correct checksum."
    ) { stage in
      var stream = stage.streamUntilThen()
      stream.append(absurdPrelude + [UInt8](repeating: 0, count: 4096))
      return .stream(stream.pieces)
    },
    Scenario(
      "bad-utf8", .after, .times, summary: "AFTER chunks, then a payload that is not UTF-8, with correct checksums."
    ) {
      stage in
      var stream = stage.streamUntilThen()
      var frame = stream.textFrame(" Part ?.")
      if let mark = frame.payload.firstIndex(of: UInt8(ascii: "?")) { frame.payload[mark] = 0xFF }
      stream.append(frame)
      stage.finish(&stream)
      return .stream(stream.pieces)
    },
    Scenario(
      "bad-json", .after, .times, summary: "AFTER chunks, then a payload that is not JSON, with correct checksums."
    ) {
      stage in
      var stream = stage.streamUntilThen()
      stream.append(
        .event("contentBlockDelta", payload: Array(#"{"contentBlockIndex":0,"delta":{"text":" Part "#.utf8)))
      stage.finish(&stream)
      return .stream(stream.pieces)
    },
    Scenario("garbage", .times, summary: "200 with the right content type, but text instead of frames.") { _ in
      .stream([.segment(Array(String(repeating: "This is not an event stream.\n", count: 20).utf8))])
    },
    Scenario(
      "unknown-events",
      summary: "A complete reply among events, deltas, members and header types that do not exist yet."
    ) {
      unknownEvents($0)
    },
    Scenario("no-metadata", summary: "A complete reply without metadata.") { stage in
      var stream = stage.stream()
      stream.start()
      stream.text(Stage.parts(Stage.wholeReply))
      stream.endBlock()
      stream.stop("end_turn")
      return .stream(stream.pieces)
    },
    Scenario(
      "odd-usage", summary: "A complete reply whose usage, as from a gateway, has fractions, text and a negative count."
    ) { stage in
      var stream = stage.stream()
      stream.start()
      stream.text(Stage.parts(Stage.wholeReply))
      stream.endBlock()
      stream.stop("end_turn")
      let usage =
        #"""
        "inputTokens":12.0,"outputTokens":3.4e1,"totalTokens":"46","cacheReadInputTokens":12.5,\#
        "cacheWriteInputTokens":-1
        """#
      stream.event("metadata", "\"metrics\":{\"latencyMs\":5.0},\"usage\":{\(usage)}")
      return .stream(stream.pieces)
    },
    Scenario("no-padding", summary: "A complete reply without padding.") { stage in
      var stream = stage.stream()
      stream.isPadded = false
      stream.start()
      stream.text(Stage.parts(Stage.wholeReply))
      stream.finish()
      return .stream(stream.pieces)
    },
  ]

  /// The exceptions in the service's model, and one that is not.
  private static let exceptions: [(word: String, type: String, message: String)] = [
    ("throttling", "throttlingException", "Too many tokens, please wait before trying again."),
    (
      "validation", "validationException",
      "The model returned the following errors: input is too long for requested model."
    ),
    (
      "internal", "internalServerException",
      "The system encountered an unexpected error during processing. Try your request again."
    ),
    ("unavailable", "serviceUnavailableException", "Bedrock is unable to process your request."),
    (
      "model-stream", "modelStreamErrorException",
      "The system encountered an unexpected error during processing. Try your request again."
    ),
    ("unknown", "somethingNewException", "Something that is not in the service's model."),
  ]

  /// The prelude of a frame of 4,294,967,280 bytes without headers.
  private static let absurdPrelude: [UInt8] = [0xFF, 0xFF, 0xFF, 0xF0, 0, 0, 0, 0, 0x7D, 0xAF, 0x68, 0x2E]

  /// A reply with one frame damaged on its way.
  private static func corrupt(_ stage: Stage, by damage: (inout [UInt8], EventStreamFrame.Layout) -> Void) -> Answer {
    var stream = stage.streamUntilThen()
    let frame = stream.textFrame(Stage.part(stage.after + 1))
    var bytes = frame.encoded
    damage(&bytes, frame.layout)
    stream.append(bytes)
    stage.finish(&stream)
    return .stream(stream.pieces)
  }

  /// A reply from a Bedrock of the future.
  private static func unknownEvents(_ stage: Stage) -> Answer {
    var stream = stage.stream()
    stream.event("initialResponse", #""text":"not part of the reply""#)
    stream.start()
    stream.event("contentBlockStart", #""contentBlockIndex":0,"start":{"hologram":{"name":"not part of the reply"}}"#)
    var headers = stream.frame("moonPhase", #""phase":"waxing""#)
    headers.headers += [
      ("true", .bool(true)), ("false", .bool(false)), ("byte", .int8(-1)), ("short", .int16(-2)), ("int", .int32(-3)),
      ("long", .int64(-4)),
      ("bytes", .bytes([1, 2, 3])), ("time", .timestamp(1_795_414_382_123)), ("id", .uuid(Array(1...16))),
    ]
    stream.append(headers)
    stream.text(Stage.parts(2))
    stream.delta(#"{"hologram":{"text":"not part of the reply","layers":[1,2.5,null,true]}}"#)
    stream.event(
      "contentBlockDelta", #""mood":{"text":"calm"},"contentBlockIndex":0,"delta":{"text":" Part 3."},"later":["text"]"#
    )
    stream.text(Stage.parts(Stage.wholeReply).dropFirst(3))
    stream.delta(#"{"citation":{"title":"A letter","source":"attic"}}"#)
    stream.endBlock()
    stream.event(
      "messageStop",
      #""additionalModelResponseFields":{"stopReason":"nested"},"stopReason":"end_turn","weather":"fair""#)
    stream.event("moonPhase", #""phase":"full""#)
    stream.metadata()
    stream.event("afterword", #""text":"not part of the reply""#)
    return .stream(stream.pieces)
  }
}
