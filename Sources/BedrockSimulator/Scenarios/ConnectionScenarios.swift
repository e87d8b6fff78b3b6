extension Scenario {
  /// What happens to the connection.
  static let connectionScenarios: [Scenario] = [
    Scenario("slow-headers", .number("MS"), .times, summary: "The normal reply after MS milliseconds of silence.") {
      stage in
      var answer = stage.normalReply()
      answer.delay = stage.arguments["MS"] ?? 0
      return answer
    },
    Scenario("hang-headers", .times, summary: "Accepts the request and never answers.") { _ in
      .silence(.hang, verdict: "hang-headers")
    },
    Scenario("hang", .after, .times, summary: "AFTER chunks, then nothing more on an open connection.") {
      ending($0.streamUntilThen(), .hang)
    },
    Scenario("hang-after-stop", summary: "A reply up to messageStop, then nothing more on an open connection.") {
      stage in
      var stream = stage.stream()
      stream.start()
      stream.text(Stage.parts(Stage.wholeReply))
      stream.endBlock()
      stream.stop("end_turn")
      return ending(stream, .hang)
    },
    Scenario("close-before-headers", .times, summary: "Accepts the request and closes the connection.") { _ in
      .silence(.close, verdict: "close-before-headers")
    },
    Scenario("close-inside-headers", .times, summary: "Closes the connection in the middle of the answer's HTTP head.")
    { _ in
      Answer(head: .cut, ending: .close, verdict: "close-inside-headers")
    },
    Scenario("reset-before-headers", .times, summary: "Accepts the request and resets the connection.") { _ in
      .silence(.reset, verdict: "reset-before-headers")
    },
    Scenario("reset", .after, .times, summary: "AFTER chunks, then resets the connection.") {
      ending($0.streamUntilThen(), .reset)
    },
    Scenario("cut", .after, .times, summary: "AFTER chunks, then closes the connection between two frames.") {
      ending($0.streamUntilThen(), .close)
    },
    Scenario(
      "cut-prelude", .after, .times, summary: "AFTER chunks, then closes the connection inside a frame's prelude."
    ) { cut($0, .close) { _ in 6 } },
    Scenario(
      "cut-headers", .after, .times, summary: "AFTER chunks, then closes the connection inside a frame's headers."
    ) {
      cut($0, .close) { _ in EventStreamFrame.Layout.headers + 9 }
    },
    Scenario(
      "cut-payload", .after, .times, summary: "AFTER chunks, then closes the connection inside a frame's payload."
    ) {
      cut($0, .close) { ($0.payload + $0.checksum) / 2 }
    },
    Scenario(
      "cut-checksum", .after, .times,
      summary: "AFTER chunks, then closes the connection inside a frame's last checksum."
    ) {
      cut($0, .close) { $0.checksum + 2 }
    },
    Scenario("end", .after, .times, summary: "AFTER chunks, then ends the HTTP body properly, without messageStop.") {
      ending($0.streamUntilThen(), .complete)
    },
    Scenario("end-prelude", .after, .times, summary: "AFTER chunks, then ends the HTTP body inside a frame's prelude.")
    {
      cut($0, .complete) { _ in 6 }
    },
    Scenario("end-headers", .after, .times, summary: "AFTER chunks, then ends the HTTP body inside a frame's headers.")
    {
      cut($0, .complete) { _ in EventStreamFrame.Layout.headers + 9 }
    },
    Scenario("end-payload", .after, .times, summary: "AFTER chunks, then ends the HTTP body inside a frame's payload.")
    {
      cut($0, .complete) { ($0.payload + $0.checksum) / 2 }
    },
    Scenario(
      "end-checksum", .after, .times, summary: "AFTER chunks, then ends the HTTP body inside a frame's last checksum."
    ) {
      cut($0, .complete) { $0.checksum + 2 }
    },
    Scenario("bytewise", summary: "A complete reply, each byte in a segment of its own.") { stage in
      var answer = stage.reply(Stage.parts(Stage.wholeReply))
      answer.isBytewise = true
      return answer
    },
    Scenario("many-frames", summary: "A complete reply, all frames in one segment.") { stage in
      let bytes = stage.reply(Stage.parts(Stage.wholeReply)).pieces.flatMap { piece -> [UInt8] in
        if case .segment(let bytes) = piece { bytes } else { [] }
      }
      return .stream([.segment(bytes)])
    },
    Scenario("content-length", summary: "The normal reply, with Content-Length instead of chunks.") {
      framed($0, .contentLength)
    },
    Scenario("close-delimited", summary: "The normal reply, whose body ends with the connection.") {
      framed($0, .close)
    },
  ]

  /// A stream that ends in this way.
  private static func ending(_ stream: ReplyStream, _ ending: Answer.Ending) -> Answer {
    var answer = Answer.stream(stream.pieces)
    answer.ending = ending
    return answer
  }

  /// The normal reply in another framing.
  private static func framed(_ stage: Stage, _ framing: Answer.Framing) -> Answer {
    var answer = stage.normalReply()
    answer.framing = framing
    return answer
  }

  /// Sends `AFTER` chunks and then the next frame up to `position`.
  private static func cut(_ stage: Stage, _ end: Answer.Ending, at position: (EventStreamFrame.Layout) -> Int) -> Answer
  {
    var stream = stage.streamUntilThen()
    let frame = stream.textFrame(Stage.part(stage.after + 1))
    stream.append(Array(frame.encoded.prefix(position(frame.layout))))
    return ending(stream, end)
  }
}
