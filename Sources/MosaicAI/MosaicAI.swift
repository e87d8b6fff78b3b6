import ArgumentParser
import CSystem
import Dispatch
import MosaicAICore

/// The program: `mosaic-ai`.
struct MosaicAI: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mosaic-ai",
    abstract: "Talk about someone's life, and keep every word.",
    discussion: """
      You talk about a legacy, a person whose life is being remembered, with one of two personas: the Biographer, who draws out and \
      orders memories, and the Friend, who listens. Claude answers through Amazon Bedrock; every word is kept in a database of your own.
      """,
    version: "mosaic-ai \(Program.version)",
    subcommands: [
      PersonasCommand.self, LegaciesCommand.self, ConversationsCommand.self, SendCommand.self, HistoryCommand.self,
      DeleteCommand.self,
      ExportCommand.self, ImportCommand.self, BackupCommand.self, DoctorCommand.self,
    ])
}

/// A subcommand: collects what was typed, calls one service, writes.
protocol MosaicCommand: ParsableCommand {
  /// What every command takes.
  var common: CommonOptions { get }

  /// Does what the command is for.
  ///
  /// - Throws: `Failure`, which becomes the exit status
  func run(in context: CommandContext) throws
}

@main
enum Program {
  static let version = "0.1.0"
  /// What services see of the program.
  static let userAgent = "mosaic-ai/\(version)"

  static func main() {
    sys_keep_memory_private()
    StandardStreams.reserve()
    Signals.ignoreClosedPipes()
    let arguments = CommandLine.arguments.dropFirst().map { $0 }
    // Loading libcurl takes some milliseconds: they pass while the command line is parsed and the database opened.
    if arguments.first == SendCommand._commandName { DispatchQueue.global().async { CurlTransport.preload() } }
    run(arguments, in: .live()).exit()
  }

  /// Runs a command line. Every error ends here, and becomes lines on standard error and an exit status in one go.
  static func run(_ arguments: [String], in context: CommandContext) -> ExitStatus {
    do {
      let began = ContinuousClock.now
      let command = try parse(arguments, context)
      defer {
        context.diagnostics.at(command.common.level).note("took \(Int(began.duration(to: .now) / .milliseconds(1))) ms")
      }
      try command.run(in: context)
      return .success
    } catch let error as ShownText {
      return show(error.text, in: context)
    } catch let error as ReportedFailure {
      return ExitStatus(error.failure)
    } catch {
      return end(with: .from(error), in: context)
    }
  }

  private static func end(with failure: Failure, in context: CommandContext) -> ExitStatus {
    // A reader who has gone away, or a user who pressed Ctrl-C, knows.
    if failure.signal == nil { context.diagnostics.fail(failure) }
    return ExitStatus(failure)
  }

  private static func parse(_ arguments: [String], _ context: CommandContext) throws -> any MosaicCommand {
    let words = CommandWords(arguments)
    do {
      try CommandLine.checkEncoding()
      var command = try MosaicAI.parseAsRoot(words.parsable)
      if let command = command as? any MosaicCommand { return command }
      try command.run()
      throw Failure(.internal, "a command that does nothing")
    } catch let failure as Failure {
      throw told(failure, arguments, context)
    } catch {
      guard MosaicAI.exitCode(for: error) != .success else {
        if let failure = words.unknownCommand { throw failure }
        throw ShownText(text: CompletionScript.mended(MosaicAI.fullMessage(for: error)))
      }
      throw told(words.failure(MosaicAI.message(for: error)), arguments, context)
    }
  }

  /// What keeps `send` from starting is told in the format that was asked for, too.
  private static func told(_ failure: Failure, _ arguments: [String], _ context: CommandContext) -> any Error {
    guard arguments.first == SendCommand._commandName, let format = SendCommand.format(in: arguments, context) else {
      return failure
    }
    return SendCommand.report(failure, format.renderer(context.output), context)
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
private struct ShownText: Error {
  let text: String
}

/// A failure that has been told already, and now only ends the process.
struct ReportedFailure: Error {
  let failure: Failure
}

extension CommandLine {
  /// Swift mends arguments that are not UTF-8 without a word; a memory must not be mended so.
  ///
  /// - Throws: `Failure` with code `invalid_input`
  fileprivate static func checkEncoding() throws {
    for pointer in UnsafeBufferPointer(start: unsafeArgv, count: Int(argc)) {
      if let pointer, String(validatingCString: pointer) == nil {
        throw Failure(
          .invalidInput, "an argument is not valid UTF-8", hint: "convert it first, for example with iconv -t UTF-8")
      }
    }
  }
}
