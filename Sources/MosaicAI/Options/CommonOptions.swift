import ArgumentParser
import MosaicAICore

/// What every command takes.
struct CommonOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The database.", valueName: "path"), completion: .file())
  var database: String?

  @Option(help: ArgumentHelp("The file of settings.", valueName: "path"), completion: .file(extensions: ["yaml"]))
  var config: String?

  @Option(help: ArgumentHelp("Who is typing.", valueName: "handle"))
  var user: String?

  @Flag(name: .shortAndLong, help: "Say nothing but errors on standard error.")
  var quiet = false

  @Flag(name: .shortAndLong, help: "Tell what is being done, with which settings and how long it took.")
  var verbose = false

  /// How much is said.
  var level: Diagnostics.Level { quiet ? .quiet : verbose ? .verbose : .normal }

  /// Which database, settings and user were chosen here, as options for another command line, each after a space.
  var repeated: String {
    [("--database", database), ("--config", config), ("--user", user)].map { name, value in
      guard let value else { return "" }
      let isPlain = !value.isEmpty && value.utf8.allSatisfy { CommonOptions.plainBytes.contains($0) }
      return " \(name)=\(isPlain ? value : "'\(value.replacing("'", with: #"'\''"#))'")"
    }.joined()
  }

  /// What means nothing to a shell.
  private static let plainBytes = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+@".utf8)
}

extension NameSpecification {
  /// `-o FORMAT`, `-oFORMAT` and `--output FORMAT`.
  static var output: NameSpecification { [.customShort("o", allowingJoined: true), .long] }
}

/// The format of lists.
struct FormatOption: ParsableArguments {
  @Option(name: .output, help: ArgumentHelp("text, json or ndjson.", valueName: "format"))
  var output: OutputFormat?
}

/// What narrows lists down.
struct FilterOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Only about this legacy: a name, an id or its beginning.", valueName: "legacy"),
    completion: .legacies)
  var legacy: String?

  @Option(help: ArgumentHelp("Only with this persona.", valueName: "persona"), completion: .personas)
  var persona: String?
}

/// Which part of a list is wanted.
struct PageOptions: ParsableArguments {
  @Option(help: ArgumentHelp("At most so many.", valueName: "n"))
  var limit: Int?

  @Option(help: ArgumentHelp("Leave out so many at the beginning.", valueName: "n"))
  var offset: Int?

  /// - Throws: `Failure` with code `usage` for a negative number
  func check() throws {
    guard (limit ?? 0) >= 0 else { throw Failure(.usage, "--limit must not be negative", hint: "give 0 or more") }
    guard (offset ?? 0) >= 0 else { throw Failure(.usage, "--offset must not be negative", hint: "give 0 or more") }
  }
}

/// What a command works with once its options are resolved.
struct Session {
  let settings: Settings
  let paths: Paths
  let diagnostics: Diagnostics
  let context: CommandContext
  /// What a command line that is suggested needs, so that it means the same database and user.
  let retryOptions: String

  /// - Parameter edit: adds what the command's own options say
  /// - Throws: `Failure` with code `config_invalid`
  init(_ options: CommonOptions, _ context: CommandContext, _ edit: (inout Settings.Flags) -> Void = { _ in }) throws {
    self.init(options, context, file: try context.configurationFile(options.config), edit)
  }

  /// With a file of settings that has been read already.
  init(
    _ options: CommonOptions, _ context: CommandContext, file: ConfigurationFile, _ edit: (inout Settings.Flags) -> Void
  ) {
    var flags = Settings.Flags()
    flags.database = options.database
    flags.user = options.user
    edit(&flags)
    self.context = context
    paths = context.paths
    settings = Settings(
      flags: flags, variables: context.variables, file: file, paths: paths, home: context.home,
      loginName: context.loginName)
    retryOptions = options.repeated
    diagnostics = context.diagnostics.at(options.level)
    diagnostics.note(
      "user \(settings.user.value) (\(settings.user.origin)), database \(settings.database.value) (\(settings.database.origin))"
    )
  }

  /// The service over the database, which is created where it is missing.
  ///
  /// - Throws: `Failure` with code `storage_failed`, `busy` or `invalid_input`
  func service() throws -> ConversationService {
    try service(Store.open(path: settings.database.value))
  }

  /// The service over the database, or over an empty one: for commands that only look.
  ///
  /// - Throws: as `service()`
  func lookingService() throws -> ConversationService {
    try service(Store.openIfPresent(path: settings.database.value))
  }

  /// The service over a database that is open.
  ///
  /// - Throws: `Failure` with code `invalid_input` for a user's handle that cannot be one
  func service(_ store: Store) throws -> ConversationService {
    try ConversationService(store: store, handle: settings.user.value, now: context.now, makeID: context.makeID)
  }

  /// The format of a list.
  ///
  /// - Throws: `Failure` with code `usage` for a format that only replies have
  func listFormat() throws -> OutputFormat {
    guard let format = OutputFormat(rawValue: settings.output.value) else {
      throw Failure(
        .usage, "this command cannot write \(settings.output.value) (\(settings.output.origin))",
        hint: "choose text, json or ndjson with --output")
    }
    return format
  }

  /// Writes a list in the format that was chosen.
  ///
  /// - Throws: `Failure` with code `usage` or `output_failed`
  func write<Element>(_ elements: [Element], record: (Element) -> JSON, table: ([Element]) -> Table) throws {
    switch try listFormat() {
    case .json: try context.output.write(.array(elements.map(record)))
    case .ndjson: try context.output.write(elements.map { record($0).compact + "\n" }.joined())
    case .text: try write(table(elements))
    }
  }

  /// Writes a table, for people or for programs.
  ///
  /// - Throws: `Failure` with code `output_failed`
  func write(_ table: Table) throws {
    guard context.output.isTerminal else { return try context.output.write(table.tabSeparated) }
    guard !table.rows.isEmpty else { return }
    try context.output.write(table.fitted(to: context.output.width, hasColor: context.output.hasColor))
  }

  /// Writes one value in the format that was chosen.
  ///
  /// - Throws: `Failure` with code `usage` or `output_failed`
  func write(_ record: JSON, text: @autoclosure () -> String) throws {
    switch try listFormat() {
    case .json: try context.output.write(record)
    case .ndjson: try context.output.write(record.compact + "\n")
    case .text: try context.output.write(text())
    }
  }

  /// A text broken between words where somebody looks, else as it is.
  func wrapped(_ text: String) -> String {
    context.output.isTerminal ? WordWrap.lines(text, width: context.output.width) : text
  }

  /// A time for people where somebody looks, else as it is.
  func time(_ time: String?) -> String {
    context.output.isTerminal ? RelativeTime.describe(time, now: context.now()) : time ?? ""
  }

  /// Whether the user agrees: asked on a terminal, and with `--yes` not asked at all.
  ///
  /// - Throws: `Failure` with code `usage` where there is nobody to ask
  func confirm(_ question: String, yes: Bool) throws -> Bool {
    if yes { return true }
    guard context.input.isTerminal else {
      throw Failure(.usage, "nobody is there to confirm this", hint: "add --yes to do it without asking")
    }
    diagnostics.ask("\(question) [y/N]")
    guard let answer = try context.input.readLine()?.lowercased() else {
      diagnostics.endQuestion()
      return false
    }
    return answer == "y" || answer == "yes"
  }
}
