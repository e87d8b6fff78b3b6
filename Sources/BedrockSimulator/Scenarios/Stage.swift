import MosaicAICore

/// What a scenario knows when it makes its answer.
struct Stage: Sendable {
  /// What was written after the scenario's name.
  struct Arguments: Equatable, Sendable {
    /// By the parameter's name.
    private var numbers: [String: Int] = [:]
    /// By the parameter's name.
    private var words: [String: String] = [:]

    /// No arguments.
    init() {}

    /// The number given for a parameter.
    subscript(name: String) -> Int? { numbers[name] }
    /// The word given for a parameter.
    func word(_ name: String) -> String? { words[name] }
  }

  let request: ConverseInput
  let arguments: Arguments
  /// The number of requests for this model id so far, including this one.
  let attempt: Int
  /// The server's clock when the request arrived.
  let now: Timestamp
  /// Milliseconds between two chunks of text.
  let chunkDelay: Int
  /// Milliseconds since the attempt from which the scenario measures time arrived; nil if it has not, or none does.
  var measured: Int64?

  /// After how many chunks of text something happens.
  var after: Int { arguments["AFTER"] ?? 0 }
}

extension Stage.Arguments {
  /// Reads `-1-2`; nil if that does not fit the parameters.
  init?(_ text: Substring, for parameters: [Scenario.Parameter]) {
    self.init()
    var rest = text
    for parameter in parameters {
      guard let argument = rest.dropping(prefix: "-") else {
        guard parameter.isOptional else { return nil }
        continue
      }
      switch parameter.kind {
      case .number:
        let digits = argument.prefix { $0 != "-" }
        guard (1...9).contains(digits.utf8.count), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
          return nil
        }
        numbers[parameter.name] = Int(digits)
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
