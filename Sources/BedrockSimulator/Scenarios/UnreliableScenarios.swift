import MosaicAICore

extension Scenario {
  /// A service that works most of the time, or works again after a while.
  static let unreliableScenarios: [Scenario] = [
    Scenario(
      "unreliable", .number("THROTTLED"), .number("CUT"),
      summary: "429 for every request whose number THROTTLED divides, a cut after 3 chunks for the one before every "
        + "request whose number CUT divides; the normal reply otherwise."
    ) { stage in
      let period = max(1, stage.arguments["THROTTLED"] ?? 1)
      let cut = max(1, stage.arguments["CUT"] ?? 1)
      if stage.attempt % period == 0 {
        return .error(throttled)
      }
      guard stage.attempt % cut == cut - 1 else { return stage.normalReply() }
      var stream = stage.stream()
      stream.start()
      stream.text(Stage.parts(3))
      var answer = Answer.stream(stream.pieces)
      answer.ending = .close
      return answer
    },
    Scenario(
      "outage", .number("COUNT"), .number("SECONDS"),
      summary: "COUNT normal replies, then 503 for SECONDS from the next request on, then normal replies.",
      measuredAttempt: { $0["COUNT"].map { $0 + 1 } }
    ) { stage in
      guard let measured = stage.measured, measured < Int64(stage.arguments["SECONDS"] ?? 0) * 1000 else {
        return stage.normalReply()
      }
      return .error(unavailable)
    },
  ]
}
