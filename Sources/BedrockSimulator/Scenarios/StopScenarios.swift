extension Scenario {
  /// Replies that stop for some reason.
  static let stopScenarios: [Scenario] = [
    Scenario("max-tokens", summary: "Text, then stop reason max_tokens.") {
      $0.reply(Stage.parts(Stage.wholeReply), stop: "max_tokens")
    },
    Scenario("stop-sequence", summary: "Text, then stop reason stop_sequence.") {
      $0.reply(Stage.parts(Stage.wholeReply), stop: "stop_sequence")
    },
    Scenario("context-window", summary: "Text, then stop reason model_context_window_exceeded.") {
      $0.reply(Stage.parts(Stage.wholeReply), stop: "model_context_window_exceeded")
    },
    Scenario("unknown-stop", summary: "Text, then stop reason moon_phase, which does not exist.") {
      $0.reply(Stage.parts(Stage.wholeReply), stop: "moon_phase")
    },
    Scenario(
      "guardrail", .after, .times,
      summary: "AFTER chunks, the guardrail's own text, then stop reason guardrail_intervened."
    ) {
      stage in
      stage.reply(Stage.parts(stage.after) + [cannedText], stop: "guardrail_intervened")
    },
    Scenario("content-filtered", .after, .times, summary: "AFTER chunks, then stop reason content_filtered.") {
      stopAfter($0, "content_filtered")
    },
    Scenario("malformed-output", .after, .times, summary: "AFTER chunks, then stop reason malformed_model_output.") {
      stopAfter($0, "malformed_model_output")
    },
    Scenario("malformed-tool-use", .after, .times, summary: "AFTER chunks, then stop reason malformed_tool_use.") {
      stopAfter($0, "malformed_tool_use")
    },
    Scenario("tool-use", summary: "Text, a block that calls a tool, then stop reason tool_use.") { stage in
      var stream = stage.stream()
      stream.start()
      stream.text("Let me look that up.")
      stream.endBlock()
      stream.event(
        "contentBlockStart",
        #""contentBlockIndex":1,"start":{"toolUse":{"name":"look_up","toolUseId":"tooluse_simulator"}}"#)
      stream.delta(#"{"toolUse":{"input":"{\"year\":"}}"#)
      stream.delta(#"{"toolUse":{"input":"1948}"}}"#)
      stream.finish("tool_use")
      return .stream(stream.pieces)
    },
  ]

  /// What the guardrail says instead of the model.
  static let cannedText = "Sorry, the model cannot answer this question."

  /// `AFTER` chunks of text, then this stop reason.
  private static func stopAfter(_ stage: Stage, _ reason: String) -> Answer {
    stage.reply(Stage.parts(stage.after), stop: reason)
  }
}
