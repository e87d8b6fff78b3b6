import MosaicAICore
import Platform

/// Everything that a command gets from outside: a test gives its own.
struct CommandContext {
  /// The process environment.
  var variables: [String: String]
  /// `NAME=VALUE` in the environment that is not UTF-8, for programs that are started.
  var foreignVariables: [[UInt8]] = []
  /// Variables that this program would use, but that are not UTF-8.
  var unreadable: [String] = []
  /// Variables that say how to trace, but that are not UTF-8.
  var unreadableForTraces: [String] = []
  var home: String
  /// Why the home folder cannot be used.
  var homeFailure: Failure?
  /// The user, unless a setting names another.
  var loginName: String
  /// Why the login name cannot be used.
  var loginNameFailure: Failure?
  var output: Output
  var diagnostics: Diagnostics
  var input: Input
  var now: @Sendable () -> Timestamp
  /// The user's time zone.
  var zone = Zone.local
  var ids: IDGenerator
  /// From now on, signals do not end the process, but request cancellation through the source that this returns.
  var watchSignals: @Sendable () throws -> CancellationSource
  /// Signals end the process again.
  var unwatchSignals: () -> Void = {}
  /// Asks for a one-time code on the terminal, wherever the input comes from; gives nil without a terminal.
  var askCode: @Sendable (String, Cancellation) throws -> Secret?
  var makeTransport: @Sendable (TransportConfiguration) -> any HTTPTransport
  /// What is being traced; nil if nothing is.
  var telemetry: Telemetry?

  /// The real world.
  static func live() -> CommandContext {
    let environment = ProcessEnvironment(environ)
    environment.replaceEndlessTimeZone()
    let variables = environment.variables
    let account = Account.current()
    let (home, homeFailure) = CommandContext.home(environment, account)
    // It counts whatever it is set to, even if that is not UTF-8.
    let shown = environment.isSet("NO_COLOR") ? variables.merging(["NO_COLOR": "1"]) { own, _ in own } : variables
    let output = Output(descriptor: STDOUT_FILENO, variables: shown)
    let errors = Output(descriptor: STDERR_FILENO, variables: shown)
    return CommandContext(
      variables: variables, foreignVariables: environment.foreign, unreadable: environment.unreadable,
      unreadableForTraces: environment.unreadableForTraces, home: home, homeFailure: homeFailure,
      loginName: account.name ?? variables["USER"] ?? "uid-\(geteuid())",
      loginNameFailure: account.failure ?? (account.name == nil ? environment.failure(of: "USER") : nil),
      output: output, diagnostics: Diagnostics(output: errors), input: Input(descriptor: STDIN_FILENO),
      now: Timestamp.now, ids: .random,
      watchSignals: {
        let source = try Signals.watch()
        // A reader that takes nothing must not keep the process from ending.
        for stream in [output, errors] { stream.observe(source.cancellation) }
        return source
      },
      unwatchSignals: Signals.unwatch,
      askCode: { question, cancellation in try Terminal.ask(question, cancellation).map { Secret($0) } },
      makeTransport: { CurlTransport($0) })
  }

  /// The home folder; one that cannot hold files if its name cannot be used, and why that is.
  private static func home(
    _ environment: ProcessEnvironment, _ account: Account
  ) -> (path: String, failure: Failure?) {
    if let failure = environment.failure(of: "HOME") { return ("/dev/null", failure) }
    if let home = environment.variables.variable("HOME") ?? account.home { return (home, nil) }
    return (account.homeFailure == nil ? "/" : "/dev/null", account.homeFailure)
  }

  /// - Throws: `Failure` with code `invalid_input` if a variable that would be used, or the home folder, is not UTF-8;
  ///   with code `storage_failed` if nothing says where the home folder is
  func checkEncoding() throws {
    if let homeFailure { throw homeFailure }
    if let name = unreadable.first { throw ProcessEnvironment.encodingFailure(name) }
  }

  /// The same, with the format for standard error that was typed or set in the environment.
  ///
  /// - Parameter typed: a format's name
  func logging(in typed: String?) -> CommandContext {
    var context = self
    let name = typed ?? variables.variable(SettingEntry.logFormatVariable)
    context.diagnostics = diagnostics.written(in: name.flatMap(LogFormat.init) ?? .text)
    return context
  }

  /// - Throws: `Failure` with code `usage` if the environment names a format that standard error cannot be written in
  func checkLogFormat() throws {
    let variable = SettingEntry.logFormatVariable
    guard let name = variables.variable(variable), LogFormat(rawValue: name) == nil else { return }
    throw Failure(
      .usage, "standard error cannot be written as \(name) (\(variable))",
      advice: .choose(.logFormat, from: LogFormat.allCases.map(\.rawValue)))
  }

  /// Ends waits early, once signals are watched.
  private var cancellation: Cancellation { output.cancellation }

  /// The folder for temporary files.
  var temporaryFolder: String {
    let folder = variables.variable("TMPDIR") ?? "/tmp"
    // An editor would take it for an option.
    return folder.hasPrefix("-") ? "./\(folder)" : folder
  }

  var paths: Paths { Paths(variables: variables, home: home) }

  var bedrockWorld: BedrockAccess.World {
    var world = BedrockAccess.World(
      variables: variables, home: home, cacheFolder: paths.cacheFolder, userAgent: Program.userAgent, now: now,
      askCode: askCode,
      makeTransport: { [telemetry, makeTransport] in
        telemetry?.observing(makeTransport($0)) ?? makeTransport($0)
      })
    world.keptAPIKey = APIKeyFile(paths.credentialsFile)
    world.foreignVariables = foreignVariables
    world.cancellation = cancellation
    return world
  }

  /// The settings file as text, to be changed; an empty one if it does not exist.
  ///
  /// - Throws: `Failure` with code `config_invalid`
  func configurationText(_ path: String) throws -> ConfigurationText {
    try ConfigurationText(
      contents(of: path, code: .configInvalid) ?? [], path: path, formats: ReplyFormat.allCases.map(\.rawValue))
  }

  /// The settings file: the one named on the command line, which must exist, or the user's own, if it exists.
  ///
  /// - Throws: `Failure` with code `config_invalid`, or `usage` for a URL
  func configurationFile(_ named: String?) throws -> ConfigurationFile {
    let path = try named.map { try FilePath.checked($0, "--config") } ?? paths.configurationFile
    guard let bytes = try contents(of: path, code: .configInvalid) else {
      guard named == nil else {
        throw Failure(.configInvalid, "the configuration file \(path) does not exist", advice: "check --config")
      }
      return ConfigurationFile()
    }
    return try ConfigurationFile(bytes, path: path, formats: ReplyFormat.allCases.map(\.rawValue))
  }

  /// The built-in personas with the user's file on top.
  ///
  /// - Throws: `Failure` with code `persona_invalid`
  func personas() throws -> PersonaCatalog {
    let path = paths.personasFile
    return try PersonaCatalog.load(overlay: contents(of: path, code: .personaInvalid), path: path)
  }

  /// The built-in questions, and the user's own.
  ///
  /// - Throws: `Failure` with code `config_invalid`
  func questions() throws -> QuestionBank {
    let path = paths.questionsFile
    return try QuestionBank.load(own: contents(of: path, code: .configInvalid), path: path)
  }

  /// What is to be imported.
  ///
  /// - Parameter path: `-` for standard input
  /// - Throws: `Failure` with code `invalid_input`, `usage` for a URL, `output_failed` if standard input cannot be
  ///   kept, or `interrupted`
  func archiveFile(_ path: String, _ cancellation: Cancellation) throws -> ArchiveFile {
    let isStandardInput = path == "-"
    let path = try FilePath.checked(path, "the file to import")
    let name = isStandardInput ? "standard input" : path
    do {
      let descriptor = isStandardInput ? input.descriptor : open(path, O_RDONLY | O_CLOEXEC)
      guard descriptor >= 0 else { throw LocalFile.SystemError.current }
      defer { if !isStandardInput { close(descriptor) } }
      return ArchiveFile(
        try LineFile(
          descriptor, name: name, temporaryFolder: temporaryFolder, cancellation, isOfUse: ArchiveFile.canBegin))
    } catch let error as LocalFile.SystemError {
      guard error.code != ENOENT else { throw Failure(.invalidInput, "the file \(path) does not exist") }
      throw error.failureToRead(.invalidInput, name)
    }
  }

  /// The bytes of a file of questions.
  ///
  /// - Parameter path: `-` for standard input
  /// - Throws: `Failure` with code `invalid_input`
  func questionFile(_ path: String) throws -> [UInt8] {
    let limit = 128 << 20
    if path == "-" {
      guard let bytes = try input.readAll(limit: limit) else {
        throw LocalFile.TooLarge(limit: limit).failure(.invalidInput, "standard input")
      }
      return bytes
    }
    guard let bytes = try contents(of: path, code: .invalidInput, limit: limit) else {
      throw Failure(.invalidInput, "the file \(path) does not exist")
    }
    return bytes
  }

  /// The bytes of a file; nil if there is none.
  private func contents(of path: String, code: FailureCode, limit: Int = 4 << 20) throws -> [UInt8]? {
    do {
      return try LocalFile(path).contents(limit: limit, cancellation)
    } catch let error as LocalFile.SystemError {
      throw error.failureToRead(code, path)
    } catch let error as LocalFile.TooLarge {
      throw error.failure(code, path)
    }
  }
}
