extension Scenario {
  /// What the connection does to the bytes.
  static let connectionScenarios: [Scenario] = [
    Scenario("slow-headers", .number("MS"), .times, summary: "MS of silence, then the normal reply.") { stage in
      var answer = stage.normalReply()
      answer.delay = stage.arguments["MS"] ?? 0
      return answer
    },
    Scenario("hang-headers", .times, summary: "Takes the request and never answers.") { _ in
      .silence(.hang, verdict: "hang-headers")
    },
    Scenario("hang", .after, .times, summary: "After AFTER chunks nothing more comes, and the connection stays.") {
      ending($0.streamUntilThen(), .hang)
    },
    Scenario("hang-after-stop", summary: "A whole reply up to messageStop, then nothing more.") { stage in
      var stream = stage.stream()
      stream.start()
      stream.text(Stage.parts(Stage.wholeReply))
      stream.endBlock()
      stream.stop("end_turn")
      return ending(stream, .hang)
    },
    Scenario("close-before-headers", .times, summary: "Takes the request and closes.") { _ in
      .silence(.close, verdict: "close-before-headers")
    },
    Scenario("close-inside-headers", .times, summary: "Closes in the middle of the answer's head.") { _ in
      Answer(head: .cut, ending: .close, verdict: "close-inside-headers")
    },
    Scenario("reset-before-headers", .times, summary: "Takes the request and resets the connection.") { _ in
      .silence(.reset, verdict: "reset-before-headers")
    },
    Scenario("reset", .after, .times, summary: "After AFTER chunks the connection is reset.") {
      ending($0.streamUntilThen(), .reset)
    },
    Scenario("cut", .after, .times, summary: "After AFTER chunks the connection closes, between two frames.") {
      ending($0.streamUntilThen(), .close)
    },
    Scenario("cut-prelude", .after, .times, summary: "The same, in a frame's prelude.") { cut($0, .close) { _ in 6 } },
    Scenario("cut-headers", .after, .times, summary: "The same, in a frame's headers.") {
      cut($0, .close) { _ in EventStreamFrame.Layout.headers + 9 }
    },
    Scenario("cut-payload", .after, .times, summary: "The same, in a frame's payload.") {
      cut($0, .close) { ($0.payload + $0.checksum) / 2 }
    },
    Scenario("cut-checksum", .after, .times, summary: "The same, in a frame's last checksum.") {
      cut($0, .close) { $0.checksum + 2 }
    },
    Scenario("end", .after, .times, summary: "After AFTER chunks the body ends as it should, without messageStop.") {
      ending($0.streamUntilThen(), .complete)
    },
    Scenario("end-prelude", .after, .times, summary: "The same, in a frame's prelude.") {
      cut($0, .complete) { _ in 6 }
    },
    Scenario("end-headers", .after, .times, summary: "The same, in a frame's headers.") {
      cut($0, .complete) { _ in EventStreamFrame.Layout.headers + 9 }
    },
    Scenario("end-payload", .after, .times, summary: "The same, in a frame's payload.") {
      cut($0, .complete) { ($0.payload + $0.checksum) / 2 }
    },
    Scenario("end-checksum", .after, .times, summary: "The same, in a frame's last checksum.") {
      cut($0, .complete) { $0.checksum + 2 }
    },
    Scenario("bytewise", summary: "A whole reply, one byte a segment.") { stage in
      var answer = stage.reply(Stage.parts(Stage.wholeReply))
      answer.isBytewise = true
      return answer
    },
    Scenario("many-frames", summary: "A whole reply, all frames in one segment.") { stage in
      let bytes = stage.reply(Stage.parts(Stage.wholeReply)).pieces.flatMap { piece -> [UInt8] in
        if case .segment(let bytes) = piece { bytes } else { [] }
      }
      return .stream([.segment(bytes)])
    },
    Scenario("content-length", summary: "The normal reply, framed by Content-Length.") { framed($0, .contentLength) },
    Scenario("close-delimited", summary: "The normal reply, framed by the end of the connection.") {
      framed($0, .close)
    },
  ]

  /// A stream that ends in some way.
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

  /// Sends the next frame only up to `position`.
  private static func cut(_ stage: Stage, _ end: Answer.Ending, at position: (EventStreamFrame.Layout) -> Int) -> Answer
  {
    var stream = stage.streamUntilThen()
    let frame = stream.textFrame(Stage.part(stage.after + 1))
    stream.append(Array(frame.encoded.prefix(position(frame.layout))))
    return ending(stream, end)
  }
}
