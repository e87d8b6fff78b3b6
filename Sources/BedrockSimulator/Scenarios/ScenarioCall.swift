import MosaicAICore

/// A scenario and its arguments, as a model id names them.
struct ScenarioCall: Sendable {
  let scenario: Scenario
  let arguments: Stage.Arguments

  /// Finds the scenario with this name whose parameters fit; if several do, the one with the longest name.
  ///
  /// - Throws: an error that tells the client why the id is not valid
  init(_ text: Substring) throws(ServiceError) {
    let named = Scenario.all.filter { text == $0.name || text.hasPrefix($0.name + "-") }.sorted {
      $0.name.count > $1.name.count
    }
    for scenario in named {
      guard let arguments = Stage.Arguments(text.dropFirst(scenario.name.count), for: scenario.parameters) else {
        continue
      }
      self.scenario = scenario
      self.arguments = arguments
      return
    }
    if let scenario = named.first {
      throw .validation("The simulator's scenario is written simulator.\(scenario.usage), not simulator.\(text).")
    }
    throw .validation("The simulator has no scenario '\(text)'. Run `bedrock-simulator scenarios` to list them.")
  }

  /// The answer to an attempt.
  ///
  /// - Parameters:
  ///   - now: the server's clock when the request arrived
  ///   - measured: the time since `measuredAttempt` arrived, in milliseconds; nil if it has not
  func answer(
    to request: ConverseInput, attempt: Int, at now: Timestamp = .now(), measured: Int64? = nil, chunkDelay: Int
  ) -> Answer {
    var stage = Stage(request: request, arguments: arguments, attempt: attempt, now: now, chunkDelay: chunkDelay)
    stage.measured = measured
    if let times = arguments[Scenario.Parameter.timesName], attempt > times { return stage.normalReply() }
    return scenario.play(stage)
  }

  /// How many seconds the server's clock is ahead of ours.
  var clockOffset: Int64 { scenario.clockOffset(arguments) }

  /// The attempt from whose arrival on the scenario measures time; nil if it does not.
  var measuredAttempt: Int? { scenario.measuredAttempt(arguments) }

  /// What the control plane knows about the model.
  func catalogEntry(at now: Timestamp) -> CatalogEntry { scenario.catalogEntry(arguments, now) }
}
