import MosaicAICore

extension Scenario {
  /// Models that think, that refuse what others accept, or that are no longer there.
  static let modelScenarios: [Scenario] = [
    Scenario(
      "thinking", .optional("COUNT"),
      summary:
        "COUNT chunks of reasoning (default: 3) and a signature, then the text. Only text if thinking is disabled."
    ) { stage in
      guard !stage.request.disablesThinking else { return stage.reply(Stage.parts(Stage.wholeReply)) }
      var stream = stage.stream()
      stream.start()
      for _ in 0..<(stage.arguments["COUNT"] ?? 3) { stream.reasoning(thought) }
      stream.delta(#"{"reasoningContent":{"signature":"c2lnbmF0dXJl"}}"#)
      stream.endBlock()
      stream.text(Stage.parts(Stage.wholeReply))
      stream.finish()
      return .stream(stream.pieces)
    },
    Scenario(
      "silent",
      summary: "Only reasoning, then stop reason max_tokens. The normal reply if the request disables thinking."
    ) { stage in
      guard !stage.request.disablesThinking else { return stage.normalReply() }
      var stream = stage.stream()
      stream.start()
      for _ in 0..<3 { stream.reasoning(thought) }
      stream.finish("max_tokens", outputTokens: stage.request.maxTokens ?? 4096)
      return .stream(stream.pieces)
    },
    Scenario("refuse-temperature", summary: "400 ValidationException if the request sets temperature.") { stage in
      temperatureRefusal(of: stage) ?? stage.normalReply()
    },
    Scenario(
      "refuse-cache-points", .choice("STATUS", ["400", "403"], isOptional: true),
      summary: "400 ValidationException, or 403 AccessDeniedException, if the request has a cachePoint."
    ) { stage in
      cachePointRefusal(of: stage) ?? stage.normalReply()
    },
    Scenario(
      "refuse-both", summary: "400 ValidationException for a temperature; without one, for a cachePoint."
    ) { stage in
      temperatureRefusal(of: stage) ?? cachePointRefusal(of: stage) ?? stage.normalReply()
    },
    Scenario(
      "legacy",
      summary: "404 ResourceNotFoundException: the model is Legacy and was not in use. Its details say LEGACY.",
      catalogEntry: { _, now in .legacy(CatalogEntry.Lifecycle(endingIn: 90, from: now)) }
    ) { _ in
      .error(
        ServiceError(
          status: 404, name: "ResourceNotFoundException",
          message: "Access denied. This Model is marked by provider as Legacy and you have not been actively using "
            + "the model in the last 30 days. Please upgrade to an active model on Amazon Bedrock"))
    },
    Scenario(
      "gone", summary: "400 ValidationException: the model does not exist anymore. Asking for its details gives 404.",
      catalogEntry: { _, _ in .missing }
    ) { _ in
      .error(.invalidModel)
    },
    Scenario(
      "lifecycle", .choice("STATE", ["legacy", "undated", "denied", "missing"]), .optional("DAYS"),
      summary:
        "The normal reply. Its details say LEGACY with DAYS left (default: 90), LEGACY without dates, 403 or 404.",
      catalogEntry: { arguments, now in
        switch arguments.word("STATE") {
        case "undated": .undated
        case "denied": .denied
        case "missing": .missing
        default: .legacy(CatalogEntry.Lifecycle(endingIn: arguments["DAYS"] ?? 90, from: now))
        }
      }
    ) { $0.normalReply() },
    Scenario("data-retention", summary: "400 ValidationException: not with the account's data retention mode.") { _ in
      .error(.refusedByModel("data retention mode 'default' is not available for this model"))
    },
  ]

  /// About eight tokens of reasoning.
  private static let thought = "They miss her. I should listen. "

  private static func temperatureRefusal(of stage: Stage) -> Answer? {
    stage.request.setsTemperature ? .error(.refusedByModel("`temperature` is deprecated for this model.")) : nil
  }

  /// Both statuses have been seen from Bedrock, with the same message.
  private static func cachePointRefusal(of stage: Stage) -> Answer? {
    guard stage.request.hasCachePoints else { return nil }
    let message =
      "You invoked an unsupported model or your request did not allow prompt caching. "
      + "See the documentation for more information."
    return stage.arguments.word("STATUS") == "403"
      ? .error(ServiceError(status: 403, name: "AccessDeniedException", message: message))
      : .error(.validation(message))
  }
}
