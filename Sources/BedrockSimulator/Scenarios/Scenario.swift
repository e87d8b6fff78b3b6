/// A behaviour that a client asks for by a model id: `simulator.NAME`, its arguments after hyphens.
struct Scenario: Sendable {
  /// What may be given after the name.
  struct Parameter: Sendable {
    /// What may be written there.
    enum Kind: Sendable {
      case number
      case choice([String])
    }

    let name: String
    let kind: Kind
    /// Whether it may be left out.
    let isOptional: Bool

    /// A number that must be given.
    static func number(_ name: String) -> Parameter { Parameter(name: name, kind: .number, isOptional: false) }
    /// A number that may be left out.
    static func optional(_ name: String) -> Parameter { Parameter(name: name, kind: .number, isOptional: true) }
    /// One of some words.
    static func choice(_ name: String, _ words: [String], isOptional: Bool = false) -> Parameter {
      Parameter(name: name, kind: .choice(words), isOptional: isOptional)
    }
    /// After how many chunks of text it happens.
    static let after = number("AFTER")
    /// How many attempts it happens to; later ones get the normal reply. Left out: all of them.
    static let times = optional(timesName)
    /// The parameter that `Stage` looks at for every scenario.
    static let timesName = "TIMES"
  }

  /// What follows `simulator.` in the model id.
  let name: String
  /// In the order they are written.
  let parameters: [Parameter]
  /// What it does, in a line.
  let summary: String
  /// How far the server's clock is ahead of ours, in seconds.
  let clockOffset: @Sendable (Stage.Arguments) -> Int64
  /// What the scenario answers.
  let play: @Sendable (Stage) -> Answer

  /// Describes a scenario.
  init(
    _ name: String, _ parameters: Parameter..., summary: String,
    clockOffset: @escaping @Sendable (Stage.Arguments) -> Int64 = { _ in 0 },
    play: @escaping @Sendable (Stage) -> Answer
  ) {
    self.name = name
    self.parameters = parameters
    self.summary = summary
    self.clockOffset = clockOffset
    self.play = play
  }

  /// How it is written: `throttle[-TIMES]`.
  var usage: String {
    parameters.reduce(name) { usage, parameter in
      usage + (parameter.isOptional ? "[-\(parameter.name)]" : "-\(parameter.name)")
    }
  }

  /// Every scenario there is.
  static let all = textScenarios + stopScenarios + errorScenarios + streamScenarios + connectionScenarios
}

/// Where a scenario plays: the request, its arguments, and how often it was asked for before.
struct Stage: Sendable {
  /// What was written after a scenario's name.
  struct Arguments: Equatable, Sendable {
    /// Numbers, by parameter's name.
    fileprivate var numbers: [String: Int] = [:]
    /// Words, by parameter's name.
    fileprivate var words: [String: String] = [:]

    /// The number given for a parameter.
    subscript(name: String) -> Int? { numbers[name] }
    /// The word given for a parameter.
    func word(_ name: String) -> String? { words[name] }
  }

  let request: ConverseInput
  let arguments: Arguments
  /// Counts the requests for this model id, this one among them.
  let attempt: Int
  /// Milliseconds between two chunks of text.
  let chunkDelay: Int

  /// After how many chunks of text something happens.
  var after: Int { arguments["AFTER"] ?? 0 }
}

/// A scenario and its arguments, as a model id names them.
struct ScenarioCall: Sendable {
  let scenario: Scenario
  /// What was written after its name.
  let arguments: Stage.Arguments

  /// Finds the scenario whose name and parameters fit; of several names the longest.
  ///
  /// - Throws: what the client is told where none fits
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
    throw .validation("The simulator has no scenario '\(text)'. `bedrock-simulator scenarios` lists them.")
  }

  /// What is answered to an attempt.
  func answer(to request: ConverseInput, attempt: Int, chunkDelay: Int) -> Answer {
    let stage = Stage(request: request, arguments: arguments, attempt: attempt, chunkDelay: chunkDelay)
    if let times = arguments[Scenario.Parameter.timesName], attempt > times { return stage.normalReply() }
    return scenario.play(stage)
  }

  /// How far the server's clock is ahead of ours, in seconds.
  var clockOffset: Int64 { scenario.clockOffset(arguments) }
}

extension Stage.Arguments {
  /// Reads `-1-2`; nil where that does not fit the parameters.
  fileprivate init?(_ text: Substring, for parameters: [Scenario.Parameter]) {
    var rest = text
    for parameter in parameters {
      guard let argument = rest.dropping(prefix: "-") else {
        guard parameter.isOptional else { return nil }
        continue
      }
      switch parameter.kind {
      case .number:
        let digits = argument.prefix { $0 != "-" }
        guard !digits.isEmpty, digits.count <= 9, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
          let number = Int(digits)
        else {
          return nil
        }
        numbers[parameter.name] = number
        rest = argument.dropFirst(digits.count)
      case .choice(let words):
        guard let word = words.first(where: { argument == $0 || argument.hasPrefix($0 + "-") }) else {
          guard parameter.isOptional else { return nil }
          continue
        }
        self.words[parameter.name] = word
        rest = argument.dropFirst(word.count)
      }
    }
    guard rest.isEmpty else { return nil }
  }
}
