import ArgumentParser
import MosaicAICore
import Platform

/// The program: `mosaic-ai`.
struct MosaicAI: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mosaic-ai",
    abstract: "Talk about someone's life, and keep every word.",
    discussion: """
      You talk about a legacy, a person whose life is being remembered, with one of two personas: the Biographer, who \
      draws out and orders memories, and the Friend, who listens. Claude answers through Amazon Bedrock. Every word is \
      kept in a database of your own.
      """,
    version: "mosaic-ai \(Release.version)",
    subcommands: [
      PersonasCommand.self, LegaciesCommand.self, ConversationsCommand.self, SendCommand.self, ChatCommand.self,
      InterviewCommand.self, QuestionsCommand.self, HistoryCommand.self, SearchCommand.self, DeleteCommand.self,
      ExportCommand.self, ImportCommand.self, BackupCommand.self, RestoreCommand.self, UsageCommand.self,
      DatabaseCommand.self, DoctorCommand.self, ConfigCommand.self, SetupCommand.self,
    ])
}

/// A subcommand: collects options, calls one service, writes the result.
protocol MosaicCommand: ParsableCommand {
  /// What every command takes.
  var common: CommonOptions { get }
  /// The groups of options with settings among them.
  var options: [any SettingOptions] { get }

  /// Does what the command is for.
  ///
  /// - Throws: `Failure`, which becomes the exit status
  func run(_ session: Session) throws

  /// Resolves the settings and runs. A command that has to go on without them has its own.
  func run(in context: CommandContext) throws
}

extension MosaicCommand {
  func run(in context: CommandContext) throws { try run(Session(common, typedSettings, context)) }

  /// The settings that were typed.
  var typedSettings: TypedSettings {
    var typed = TypedSettings()
    for group in [common] + options { group.add(to: &typed) }
    return typed
  }
}

@main
enum Program {
  /// The program's name and version, for services.
  static let userAgent = "mosaic-ai/\(Release.version)"

  static func main() {
    platform_keep_memory_private()
    StandardStreams.reserve()
    keepFilesUsable()
    Signals.waitForPrograms()
    Signals.ignoreClosedPipes()
    Signals.ignoreFileSizeLimits()
    Signals.explainBusErrors()
    let arguments = ProcessArguments.texts
    // Loading libcurl takes some milliseconds, which pass while the command line is parsed and the database opened.
    if asks(arguments) { _ = detachThread { CurlTransport.preload() } }
    run(arguments, in: .live()).exit()
  }

  /// Whatever the umask says, the owner may use the files and folders that this process makes.
  private static func keepFilesUsable() {
    let mask = umask(0o077)
    _ = umask(mask & 0o077)
  }

  /// Runs a command line. Every error ends here, and becomes lines on standard error and an exit status in one place.
  static func run(_ arguments: [String], in context: CommandContext) -> ExitStatus {
    var context = context.logging(in: CommandWords(arguments).value(of: "--log-format"))
    var status = run(arguments, in: &context)
    // A command has not succeeded if what it wrote is lost.
    if status == .success, let failure = context.output.loss { status = end(with: failure, in: context) }
    // By now everything is stored and reported.
    context.finishTrace(status)
    return status
  }

  private static func run(_ arguments: [String], in context: inout CommandContext) -> ExitStatus {
    do {
      let began = ContinuousClock.now
      let command = try parse(arguments, context)
      context.diagnostics = context.diagnostics.at(
        command.common.level, AdviceWords(repeatedOptions: command.common.repeated))
      if asks(arguments) { context.beginTrace(of: command) }
      defer { context.diagnostics.note("took \(began.duration(to: .now).milliseconds) ms") }
      try command.run(in: context)
      return .success
    } catch let error as RequestedText {
      return show(error.text, in: context)
    } catch let error as ReportedFailure {
      return ExitStatus(error.failure)
    } catch {
      return end(with: .from(error), in: context)
    }
  }

  private static func end(with failure: Failure, in context: CommandContext) -> ExitStatus {
    // A reader that has gone away or a user who pressed Ctrl-C needs no message.
    if failure.signal == nil { context.diagnostics.fail(failure) }
    return ExitStatus(failure)
  }

  private static func parse(_ arguments: [String], _ context: CommandContext) throws -> any MosaicCommand {
    let words = CommandWords(arguments)
    do {
      try ProcessArguments.checkEncoding()
      var command = try MosaicAI.parseAsRoot(words.parsable)
      if let command = command as? any MosaicCommand {
        try context.checkEncoding()
        if command.common.logFormat == nil { try context.checkLogFormat() }
        return command
      }
      try command.run()
      throw Failure(.internal, "a command that does nothing", advice: .reportBug)
    } catch let failure as Failure {
      throw reported(failure, arguments, context)
    } catch {
      // ArgumentParser wraps help for any width it finds, also where no text fits beside the options.
      setenv("COLUMNS", "\(max(40, context.output.width))", 1)
      guard MosaicAI.exitCode(for: error) != .success else {
        if let failure = words.unknownCommand { throw failure }
        throw RequestedText(text: CompletionScript.corrected(MosaicAI.fullMessage(for: error)))
      }
      throw reported(words.failure(MosaicAI.message(for: error)), arguments, context)
    }
  }

  /// What keeps `send` or `interview` from starting is also reported in the format that was asked for.
  private static func reported(
    _ failure: Failure, _ arguments: [String], _ context: CommandContext
  ) -> any Error {
    let isInterview = arguments.first == InterviewCommand._commandName
    guard isInterview || arguments.first == SendCommand._commandName,
      let format = SendCommand.format(in: arguments, context)
    else { return failure }
    let words = context.diagnostics.words
    let receiver =
      isInterview
      ? OutputFormat(rawValue: format.rawValue)?.errorReceiver(context.output, words)
      : format.receiver(context.output, FailureWording(words))
    return Replying.report(failure, to: receiver, context.diagnostics)
  }

  /// Whether the command is one that asks a model.
  private static func asks(_ arguments: [String]) -> Bool {
    [SendCommand._commandName, ChatCommand._commandName, InterviewCommand._commandName].contains(arguments.first)
  }

  private static func show(_ text: String, in context: CommandContext) -> ExitStatus {
    do {
      try context.output.write(text + "\n")
      return .success
    } catch {
      return end(with: .from(error), in: context)
    }
  }
}

/// Help, a version or a script that was asked for.
private struct RequestedText: Error {
  let text: String
}

extension ProcessArguments {
  /// A repaired argument would not be what the user wrote.
  ///
  /// - Throws: `Failure` with code `invalid_input`
  fileprivate static func checkEncoding() throws {
    for pointer in pointers {
      if let pointer, String(validatingCString: pointer) == nil {
        throw Failure(
          .invalidInput, "an argument is not valid UTF-8", advice: "convert it first, for example with `iconv -t UTF-8`"
        )
      }
    }
  }
}
