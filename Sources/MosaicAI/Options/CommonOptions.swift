import ArgumentParser
import MosaicAICore

/// What every command takes.
struct CommonOptions: ParsableArguments, SettingOptions {
  @Option(help: .setting(.database), completion: .file())
  var database: String?

  @Option(
    help: ArgumentHelp("Read settings from this file.", valueName: "path"), completion: .file(extensions: ["yaml"]))
  var config: String?

  @Option(help: .setting(.user))
  var user: String?

  @Flag(name: .shortAndLong, help: "Print only errors on standard error.")
  var quiet = false

  @Flag(name: .shortAndLong, help: "Print what is being done, with which settings, and how long it took.")
  var verbose = false

  @Option(help: .setting(.logFormat))
  var logFormat: LogFormat?

  func add(to typed: inout TypedSettings) {
    typed.database = database
    typed.user = user
  }

  /// How much goes to standard error.
  var level: Diagnostics.Level { quiet ? .quiet : verbose ? .verbose : .normal }

  /// The database, configuration file and user that were chosen here, as options for another command line, each after a
  /// space.
  var repeated: String {
    // A URL with a password is not repeated.
    let shown = database.flatMap { Session.shown(database: $0) == $0 ? $0 : nil }
    return [("--database", shown), ("--config", config), ("--user", user)]
      .map { name, value in value.map { " \(name)=\(shellQuoted($0))" } ?? "" }.joined()
  }
}

extension LogFormat: ExpressibleByArgument {}

extension NameSpecification {
  /// `-o FORMAT`, `-oFORMAT` and `--output FORMAT`.
  static var output: NameSpecification { [.customShort("o", allowingJoined: true), .long] }
}

/// The format of lists.
struct FormatOption: ParsableArguments, SettingOptions {
  @Option(name: .output, help: ArgumentHelp("Write text, json or ndjson (default: text).", valueName: "format"))
  var output: OutputFormat?

  func add(to typed: inout TypedSettings) { typed.output = output?.rawValue }
}

/// The format where only people read: every command takes this option.
struct TextOption: ParsableArguments, SettingOptions {
  enum Format: String, CaseIterable, ExpressibleByArgument { case text }

  @Option(name: .output, help: ArgumentHelp("Write text: there is no other format.", valueName: "format"))
  var output: Format?

  func add(to typed: inout TypedSettings) { typed.output = output?.rawValue }
}

/// Whether long output is read in a pager.
struct PagerOption: ParsableArguments {
  @Flag(help: "Write long output to the terminal as it is, without a pager.")
  var noPager = false
}

/// What narrows lists down.
struct FilterOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Show only this legacy: its name, its id, or the start of either.", valueName: "legacy"),
    completion: .legacies)
  var legacy: String?

  @Option(help: ArgumentHelp("Show only this persona.", valueName: "persona"), completion: .personas)
  var persona: String?
}

/// Which part of a list is wanted.
struct PageOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Show at most N.", valueName: "n"))
  var limit: Int?

  @Option(help: ArgumentHelp("Skip the first N.", valueName: "n"))
  var offset: Int?

  /// - Throws: `Failure` with code `usage` for a negative number
  func check() throws {
    try (0...Int.max).check(limit, of: "--limit")
    try (0...Int.max).check(offset, of: "--offset")
  }
}

extension ClosedRange<Int> {
  /// - Throws: `Failure` with code `usage` if an option has another value
  func check(_ value: Int?, of option: String) throws {
    guard let value, !contains(value) else { return }
    let words =
      if upperBound < .max {
        "must be from \(grouped(lowerBound)) to \(grouped(upperBound))"
      } else if lowerBound == 0 {
        "must not be negative"
      } else {
        "must be at least \(grouped(lowerBound))"
      }
    throw Failure(.usage, "\(option) is \(value), but \(words)")
  }
}
