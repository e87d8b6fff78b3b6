import Platform

/// Runs a program to its end and collects its output. Its standard input is empty: ours may be a message or the input
/// of a script.
struct ChildProcess: Sendable {
  /// How the program ended.
  enum Outcome: Sendable {
    /// The program does not exist or may not be run.
    case missing
    /// The system could not start it, or does not say how it ended.
    case failed(LocalFile.SystemError)
    case tookTooLong
    /// It wrote more than `limit` to standard output, and perhaps would never have ended.
    case wroteTooMuch
    /// Its exit status, or 128 and the signal that ended it; what it wrote to standard output and to standard error.
    case ended(status: Int32, output: [UInt8], errors: [UInt8])
  }

  /// The most bytes that it may write to standard output, and that are kept of standard error.
  static let limit = 1 << 20

  /// The program and its arguments.
  let words: [String]
  /// Its environment. The program is looked up in its `PATH`.
  let variables: [String: String]
  /// More of it: `NAME=VALUE`, of any bytes.
  var foreignVariables: [[UInt8]] = []
  let timeLimit: Duration

  /// - Throws: `Failure` with code `interrupted`, after ending the program
  func run(_ cancellation: Cancellation) throws -> Outcome {
    guard let path = ProgramFolders(variables, foreign: foreignVariables).path(of: words[0]) else { return .missing }
    do {
      return try run(path, cancellation)
    } catch let error as LocalFile.SystemError {
      return .failed(error)
    }
  }

  private func run(_ path: [UInt8], _ cancellation: Cancellation) throws -> Outcome {
    // In a sandbox, there may be no /dev/null.
    let input = try Pipe()
    defer { input.close() }
    input.closeWriter()
    let output = try Pipe()
    defer { output.close() }
    let errors = try Pipe()
    defer { errors.close() }
    let child = try startProgram(
      path, words, environment: variables.map { Array("\($0.key)=\($0.value)".utf8) } + foreignVariables,
      routes: [(input.reader, STDIN_FILENO), (output.writer, STDOUT_FILENO), (errors.writer, STDERR_FILENO)],
      defaults: [SIGPIPE, SIGXFSZ, SIGXCPU, SIGHUP, SIGINT, SIGTERM])
    output.closeWriter()
    errors.closeWriter()
    var isRunning = true
    defer { if isRunning { end(child) } }
    let deadline = ContinuousClock.now + timeLimit
    guard let collected = try collect([output.reader, errors.reader], deadline, cancellation) else {
      return .tookTooLong
    }
    guard collected[0].count <= ChildProcess.limit else { return .wroteTooMuch }
    while true {
      if let ending = try ProgramEnding(ofProgramIfEnded: child) {
        isRunning = false
        return .ended(
          status: ending.signal.map { 128 + $0 } ?? ending.exitStatus, output: collected[0], errors: collected[1])
      }
      // It has closed its output, and ends at any moment now.
      guard ContinuousClock.now < deadline else { return .tookTooLong }
      if cancellation.wait(.milliseconds(1)) { throw cancellation.failure }
    }
  }

  /// Everything that comes from `descriptors` until both are closed, or more than the limit from the first; nil if that
  /// takes too long.
  private func collect(
    _ descriptors: [Int32], _ deadline: ContinuousClock.Instant, _ cancellation: Cancellation
  ) throws -> [[UInt8]]? {
    var collected = [[UInt8]](repeating: [], count: descriptors.count)
    var polled = (descriptors + [cancellation.descriptor]).map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    var buffer = [UInt8](repeating: 0, count: 1 << 14)
    while polled.dropLast().contains(where: { $0.fd >= 0 }) {
      let milliseconds = ContinuousClock.now.duration(to: deadline).milliseconds
      if milliseconds <= 0 { return nil }
      if poll(&polled, nfds_t(polled.count), Int32(clamping: milliseconds)) < 0 && errno != EINTR { return nil }
      try cancellation.check()
      for index in descriptors.indices where polled[index].fd >= 0 && polled[index].revents != 0 {
        let count = read(polled[index].fd, &buffer, buffer.count)
        if count > 0 {
          let room = max(0, ChildProcess.limit + 1 - collected[index].count)
          collected[index].append(contentsOf: buffer.prefix(min(count, room)))
          if index == 0, collected[index].count > ChildProcess.limit { return collected }
        } else if count == 0 || ![EINTR, EAGAIN].contains(errno) {
          polled[index].fd = -1
        }
      }
    }
    return collected
  }

  /// Ends the program: SIGTERM first, then SIGKILL.
  private func end(_ child: pid_t) {
    for (signal, attempts) in [(SIGTERM, 20), (SIGKILL, 200)] {
      kill(child, signal)
      for _ in 0..<attempts {
        if waitpid(child, nil, WNOHANG) != 0 { return }
        usleep(5000)
      }
    }
  }
}

/// A pipe that no other program inherits.
private final class Pipe {
  let reader: Int32
  /// -1 once closed.
  private(set) var writer: Int32

  /// - Throws: `LocalFile.SystemError`
  init() throws {
    var ends: [Int32] = [-1, -1]
    guard platform_pipe(&ends) == 0 else { throw LocalFile.SystemError.current }
    (reader, writer) = (ends[0], ends[1])
  }

  /// Lets the reader see the end.
  func closeWriter() {
    guard writer >= 0 else { return }
    _ = systemClose(writer)
    writer = -1
  }

  func close() {
    closeWriter()
    _ = systemClose(reader)
  }
}

/// close(2) under another name, since a method above is called `close`.
private func systemClose(_ descriptor: Int32) -> Int32 { close(descriptor) }
