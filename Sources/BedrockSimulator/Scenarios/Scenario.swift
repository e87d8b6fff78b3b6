import MosaicAICore

/// A behavior that a client asks for by a model id: `simulator.NAME`, with arguments after hyphens.
struct Scenario: Sendable {
  /// What may be written after the name.
  struct Parameter: Sendable {
    /// What is written there.
    enum Kind: Sendable {
      case number
      case choice([String])
    }

    let name: String
    let kind: Kind
    let isOptional: Bool

    /// A required number.
    static func number(_ name: String) -> Parameter { Parameter(name: name, kind: .number, isOptional: false) }
    /// An optional number.
    static func optional(_ name: String) -> Parameter { Parameter(name: name, kind: .number, isOptional: true) }
    /// One of some words.
    static func choice(_ name: String, _ words: [String], isOptional: Bool = false) -> Parameter {
      Parameter(name: name, kind: .choice(words), isOptional: isOptional)
    }
    /// How many chunks of text come first.
    static let after = number("AFTER")
    /// How many attempts the scenario lasts; later ones get the normal reply. Without it, all of them.
    static let times = optional(timesName)
    /// The parameter that `ScenarioCall` obeys for every scenario.
    static let timesName = "TIMES"
  }

  /// What follows `simulator.` in the model id.
  let name: String
  /// In the order they are written.
  let parameters: [Parameter]
  /// What it does, on one line.
  let summary: String
  /// How many seconds the server's clock is ahead of ours.
  let clockOffset: @Sendable (Stage.Arguments) -> Int64
  /// What the control plane knows about the model.
  let catalogEntry: @Sendable (Stage.Arguments, _ now: Timestamp) -> CatalogEntry
  /// The attempt from whose arrival on the scenario measures time; nil if it does not.
  let measuredAttempt: @Sendable (Stage.Arguments) -> Int?
  /// Makes the answer.
  let play: @Sendable (Stage) -> Answer

  init(
    _ name: String, _ parameters: Parameter..., summary: String,
    clockOffset: @escaping @Sendable (Stage.Arguments) -> Int64 = { _ in 0 },
    catalogEntry: @escaping @Sendable (Stage.Arguments, _ now: Timestamp) -> CatalogEntry = { _, _ in .active },
    measuredAttempt: @escaping @Sendable (Stage.Arguments) -> Int? = { _ in nil },
    play: @escaping @Sendable (Stage) -> Answer
  ) {
    self.name = name
    self.parameters = parameters
    self.summary = summary
    self.clockOffset = clockOffset
    self.catalogEntry = catalogEntry
    self.measuredAttempt = measuredAttempt
    self.play = play
  }

  /// How it is written: `throttle[-TIMES]`.
  var usage: String {
    parameters.reduce(name) { usage, parameter in
      usage + (parameter.isOptional ? "[-\(parameter.name)]" : "-\(parameter.name)")
    }
  }

  static let all =
    textScenarios + stopScenarios + modelScenarios + errorScenarios + streamScenarios + connectionScenarios
    + unreliableScenarios
}
