import Foundation

/// A command line to run: its arguments, its environment, and where its streams lead.
///
/// Every step returns a changed copy, so that a test reads like what somebody does at a keyboard.
package struct Command: Sendable {
  /// One of the three standard streams.
  package enum Stream: Int32, CaseIterable, Sendable {
    case input
    case output
    case errors
  }

  /// Where standard input comes from.
  package enum Input: Sendable {
    /// `/dev/null`.
    case nothing
    /// These bytes, and then the end.
    case bytes([UInt8])
    /// A pipe that a test writes to, and that stays open until the test ends it.
    case open
  }

  /// A terminal and the streams on it.
  package struct Terminal: Sendable {
    package let columns: UInt16
    package let streams: Set<Stream>
  }

  package private(set) var program: String
  package private(set) var arguments: [[UInt8]]
  package private(set) var variables: [String: String]
  package private(set) var folder: String
  package private(set) var input = Input.nothing
  /// Whether reading from a pipe waits for what is to come, as it usually does.
  package private(set) var isInputBlocking = true
  package private(set) var outputPath: String?
  package private(set) var outputEnd: String?
  package private(set) var isOutputRead = true
  package private(set) var terminal: Terminal?
  /// What must live as long as the program runs: its home.
  package let owner: AnyObject & Sendable

  package init(
    _ program: String, _ arguments: [String], variables: [String: String], folder: String, owner: AnyObject & Sendable
  ) {
    self.program = program
    self.arguments = arguments.map { Array($0.utf8) }
    self.variables = variables
    self.folder = folder
    self.owner = owner
  }

  /// With one more argument, of any bytes.
  package func appending(_ argument: [UInt8]) -> Command { changed { $0.arguments.append(argument) } }

  /// Run by another program, whose arguments come first.
  package func run(by program: String, _ arguments: [String]) -> Command {
    changed { command in
      command.arguments = (arguments + [command.program]).map { Array($0.utf8) } + command.arguments
      command.program = program
    }
  }

  /// With this on standard input, and then its end.
  package func reading(_ text: String) -> Command { reading(Array(text.utf8)) }

  /// With these bytes on standard input, and then its end.
  package func reading(_ bytes: [UInt8]) -> Command { changed { $0.input = .bytes(bytes) } }

  /// With a standard input that does not end by itself.
  package func readingOpenPipe() -> Command { changed { $0.input = .open } }

  /// With a standard input that does not end by itself, and that some other program reads from without waiting.
  package func readingOpenPipeWithoutWaiting() -> Command {
    changed {
      $0.input = .open
      $0.isInputBlocking = false
    }
  }

  /// With this environment variable, or without it if the value is nil.
  package func with(_ name: String, _ value: String?) -> Command { changed { $0.variables[name] = value } }

  /// In this folder.
  package func inside(_ folder: String) -> Command { changed { $0.folder = folder } }

  /// With standard output going to a file or device.
  package func writing(to path: String) -> Command { changed { $0.outputPath = path } }

  /// With a reader of standard output that goes away once it has read this.
  package func losingReader(after text: String) -> Command { changed { $0.outputEnd = text } }

  /// With a reader of standard output that never reads.
  package func stallingReader() -> Command { changed { $0.isOutputRead = false } }

  /// With these streams, by default all, on a terminal.
  package func onTerminal(columns: UInt16 = 80, _ streams: Set<Stream> = Set(Stream.allCases)) -> Command {
    changed { $0.terminal = Terminal(columns: columns, streams: streams) }
  }

  /// Starts the program.
  package func start() throws -> Running { try Running(self) }

  /// Runs the program to its end.
  package func run() async throws -> Ended { try await start().end() }

  private func changed(_ change: (inout Command) -> Void) -> Command {
    var command = self
    change(&command)
    return command
  }
}
