import ArgumentParser

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// `bedrock-simulator scenarios`: what a model id can ask for.
struct ScenariosCommand: ParsableCommand {
  /// Name and help.
  static let configuration = CommandConfiguration(
    commandName: "scenarios", abstract: "List what can be asked for by a model id.",
    discussion: """
      A scenario is asked for by the model id simulator.NAME, arguments after hyphens: simulator.throttle-2. What follows a colon is
      ignored: simulator.throttle-2:a and simulator.throttle-2:b each count their own attempts. Whoever sends the same id again makes
      the next attempt; TIMES says how many attempts the scenario is played to, AFTER how many chunks of text come first.
      Unless the table says otherwise the text of a scenario is "Part 1. Part 2. Part 3. Part 4. Part 5.", a sentence a chunk.
      """)

  /// The formats of the list.
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case text
    case json
  }

  @Option(name: .shortAndLong, help: "Output format.")
  var output = Format.text

  /// Writes the list.
  func run() throws {
    signal(SIGPIPE, SIG_IGN)
    do { try writeOut(try listing()) } catch let failure as SimulatorFailure {
      complain(failure.description)
      throw ExitCode(failure.exitStatus)
    }
  }

  /// The list in the format asked for.
  private func listing() throws -> String {
    switch output {
    case .text:
      let width = Scenario.all.map(\.usage.count).max() ?? 0
      return Scenario.all.map { "\($0.usage)\(String(repeating: " ", count: width - $0.usage.count))  \($0.summary)\n" }
        .joined()
    case .json: return try jsonLine(Scenario.all.map(Record.init)) + "\n"
    }
  }

  /// A scenario, as scripts see it.
  private struct Record: Encodable {
    let name: String
    let usage: String
    let summary: String
    let arguments: [Argument]

    /// What may be written after the name.
    struct Argument: Encodable {
      let name: String
      let optional: Bool
      /// Null where it is a number.
      let values: [String]?

      init(_ parameter: Scenario.Parameter) {
        name = parameter.name
        optional = parameter.isOptional
        values = if case .choice(let words) = parameter.kind { words } else { nil }
      }

      private enum CodingKeys: CodingKey {
        case name, optional, values
      }

      func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encode(optional, forKey: .optional)
        try container.encode(values, forKey: .values)
      }
    }

    /// Describes a scenario.
    init(_ scenario: Scenario) {
      name = scenario.name
      usage = scenario.usage
      summary = scenario.summary
      arguments = scenario.parameters.map(Argument.init)
    }
  }
}
