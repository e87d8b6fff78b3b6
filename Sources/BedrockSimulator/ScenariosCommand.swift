import ArgumentParser
import MosaicAICore
import Platform

/// `bedrock-simulator scenarios`: lists what a model id can ask for.
struct ScenariosCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scenarios", abstract: "List the scenarios that a model id can ask for.",
    discussion: """
      A model id of the form simulator.NAME plays a scenario. Arguments follow after hyphens: simulator.throttle-2. \
      Anything after a colon is ignored, but makes another id: simulator.throttle-2:a and simulator.throttle-2:b count \
      their attempts separately. Each request for the same id is one attempt.

      AFTER is how many chunks of text come first. TIMES is how many attempts the scenario lasts; later ones get the \
      normal reply. Unless the list says otherwise, the text is "Part 1. Part 2. Part 3. Part 4. Part 5.", one \
      sentence in each chunk.
      """)

  /// The formats of the list.
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case text
    case json
  }

  @Option(name: .shortAndLong, help: "Output format; json also lists the words that STATUS, NAME and KIND stand for")
  var output = Format.text

  /// Writes the list.
  func run() throws {
    signal(SIGPIPE, SIG_IGN)
    do { try writeOut(listing) } catch let failure as SimulatorFailure {
      complain(failure.description)
      throw ExitCode(failure.exitStatus)
    }
  }

  private var listing: String {
    switch output {
    case .text:
      let width = Scenario.all.map(\.usage.count).max() ?? 0
      return Scenario.all.map { "\($0.usage)\(String(repeating: " ", count: width - $0.usage.count))  \($0.summary)\n" }
        .joined()
    case .json: return JSON.array(Scenario.all.map(record)).compact + "\n"
    }
  }

  /// A scenario as scripts see it.
  private func record(_ scenario: Scenario) -> JSON {
    [
      "name": .string(scenario.name), "usage": .string(scenario.usage), "summary": .string(scenario.summary),
      "arguments": .array(scenario.parameters.map(record)),
    ]
  }

  /// What may be written after a scenario's name. `values` is null if it is a number.
  private func record(_ parameter: Scenario.Parameter) -> JSON {
    let values: JSON = if case .choice(let words) = parameter.kind { .array(words.map(JSON.string)) } else { .null }
    return ["name": .string(parameter.name), "optional": .bool(parameter.isOptional), "values": values]
  }
}
