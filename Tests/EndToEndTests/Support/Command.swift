import Foundation

/// A command line about to be run: what it is given, and where its streams lead.
///
/// Every step gives a changed copy, so that a test reads like what somebody does at a keyboard.
struct Command: Sendable {
  /// One of the three standard streams.
  enum Stream: Int32, CaseIterable, Sendable {
    case input
    case output
    case errors
  }

  /// Where standard input comes from.
  enum Input: Sendable {
    /// `/dev/null`.
    case nothing
    /// These bytes, and then the end.
    case bytes([UInt8])
    /// A pipe that a test writes to, and that stays open until it says otherwise.
    case open
  }

  /// A terminal of so many columns.
  struct Terminal: Sendable {
    let columns: UInt16
    let streams: Set<Stream>
  }

  let program: String
  private(set) var arguments: [[UInt8]]
  private(set) var variables: [String: String]
  private(set) var folder: String
  private(set) var input = Input.nothing
  private(set) var outputPath: String?
  private(set) var outputEnd: String?
  private(set) var isOutputRead = true
  private(set) var terminal: Terminal?
  /// What must live as long as the program runs: its home.
  let owner: AnyObject & Sendable

  init(
    _ program: String, _ arguments: [String], variables: [String: String], folder: String, owner: AnyObject & Sendable
  ) {
    self.program = program
    self.arguments = arguments.map { Array($0.utf8) }
    self.variables = variables
    self.folder = folder
    self.owner = owner
  }

  /// With one more argument, of any bytes.
  func appending(_ argument: [UInt8]) -> Command { changed { $0.arguments.append(argument) } }

  /// With this on standard input, and then its end.
  func reading(_ text: String) -> Command { reading(Array(text.utf8)) }

  /// With these bytes on standard input, and then its end.
  func reading(_ bytes: [UInt8]) -> Command { changed { $0.input = .bytes(bytes) } }

  /// With a standard input that does not end by itself.
  func readingOpenPipe() -> Command { changed { $0.input = .open } }

  /// With this environment variable; nil takes one away.
  func with(_ name: String, _ value: String?) -> Command { changed { $0.variables[name] = value } }

  /// In that folder.
  func inside(_ folder: String) -> Command { changed { $0.folder = folder } }

  /// With standard output going to a file or device.
  func writing(to path: String) -> Command { changed { $0.outputPath = path } }

  /// With a reader of standard output that goes away as soon as it has read that.
  func losingReader(after text: String) -> Command { changed { $0.outputEnd = text } }

  /// With a reader of standard output that is there, but never reads.
  func stallingReader() -> Command { changed { $0.isOutputRead = false } }

  /// With some of its streams, all of them if not said otherwise, on a terminal.
  func onTerminal(columns: UInt16 = 80, _ streams: Set<Stream> = Set(Stream.allCases)) -> Command {
    changed { $0.terminal = Terminal(columns: columns, streams: streams) }
  }

  /// Starts the program.
  func start() throws -> Running { try Running(self) }

  /// Runs the program to its end.
  func run() async throws -> Ended { try await start().end() }

  private func changed(_ change: (inout Command) -> Void) -> Command {
    var command = self
    change(&command)
    return command
  }
}

/// How a program ended, and what it said.
struct Ended: Sendable {
  enum Ending: Equatable, Sendable {
    case exited(Int32)
    case killed(by: Int32)
  }

  let ending: Ending
  let outputBytes: [UInt8]
  let errorBytes: [UInt8]
  /// What stood on the terminal, with line breaks as programs write them.
  let screen: String

  /// The exit status; for a program that a signal ended its negative number.
  var status: Int32 {
    switch ending {
    case .exited(let status): status
    case .killed(let signal): -signal
    }
  }

  var output: String { String(decoding: outputBytes, as: UTF8.self) }
  var errors: String { String(decoding: errorBytes, as: UTF8.self) }
  /// The lines of standard output.
  var lines: [String] { value.isEmpty ? [] : value.components(separatedBy: "\n") }
  /// The lines of standard error.
  var errorLines: [String] { errors.split(separator: "\n").map(String.init) }
  /// The first line of standard error: what went wrong.
  var error: String { errorLines.first ?? "" }
  /// The second line of standard error: what to do about it.
  var hint: String { errorLines.dropFirst().first ?? "" }
  /// Standard output without its last line break.
  var value: String { output.hasSuffix("\n") ? String(output.dropLast()) : output }

  /// Standard output as one JSON value.
  func json() throws -> JSONText { try JSONText(outputBytes) }

  /// Standard output as one JSON value a line.
  func jsonLines() throws -> [JSONText] { try lines.map { try JSONText(Array($0.utf8)) } }

  /// Standard output as server-sent events.
  func serverSentEvents() throws -> [JSONText] {
    guard output.hasSuffix("\n\n") else { throw Complaint("no blank line at the end of: \(output)") }
    return try output.dropLast(2).split(separator: "\n\n", omittingEmptySubsequences: false).map { event in
      guard event.hasPrefix("data: "), !event.contains("\n") else { throw Complaint("no event: \(event)") }
      return try JSONText(Array(event.dropFirst("data: ".count).utf8))
    }
  }
}

/// What is wrong, in a test's own words.
struct Complaint: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
