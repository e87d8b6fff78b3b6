import MosaicAICore
import Platform
import Synchronization

/// A program for reading long output, such as less.
struct Pager {
  /// The command line, as it was named.
  let command: String
  /// The same for the shell. One program takes the shell's place: Ctrl-C is for the pager, and would end the shell too.
  let script: String
  /// The variable that names it; nil for the usual one.
  let variable: String?
  /// `NAME=VALUE` for its environment.
  let environment: [String]

  /// Nil if long output goes straight to the terminal.
  ///
  /// - Parameters:
  ///   - foreign: `NAME=VALUE` of the environment that is not UTF-8
  ///   - canRewrite: whether the terminal can do what less needs
  init?(_ variables: [String: String], foreign: [[UInt8]] = [], canRewrite: Bool) {
    let folders = ProgramFolders(variables, foreign: foreign)
    variable = ["MOSAIC_AI_PAGER", "PAGER"].first { variables[$0] != nil }
    if let variable {
      command = variables[variable, default: ""]
      guard !command.allSatisfy(\.isWhitespace), command != "cat" else { return nil }
    } else {
      command = "less -FRX"
      guard canRewrite, folders.path(of: "less") != nil else { return nil }
    }
    let isOneProgram =
      !command.contains(where: "|&;<>()$`\\\"'=\n".contains)
      && command.split(separator: " ").first.flatMap { folders.path(of: String($0)) } != nil
    script = isOneProgram ? "exec \(command)" : command
    // As in git: a pager that is named without options shows colors too.
    environment = [("LESS", "FRX"), ("LV", "-c")].filter { name, _ in
      variables[name] == nil && !foreign.contains { $0.starts(with: "\(name)=".utf8) }
    }.map { "\($0)=\($1)" }
  }

  /// Whether text fits on a terminal, with a row left for the prompt.
  static func fits(_ bytes: [UInt8], on size: TerminalSize) -> Bool {
    guard bytes.count < 1 << 20 else { return false }
    var rows = 0
    for line in bytes.split(separator: 0x0a, omittingEmptySubsequences: false).dropLast(bytes.last == 0x0a ? 1 : 0) {
      var columns = 0
      var isStyling = false
      var cells = TextWidth.Cells()
      for scalar in String(decoding: line, as: UTF8.self).unicodeScalars {
        switch scalar {
        case "\u{1b}": isStyling = true
        case _ where isStyling: isStyling = scalar != "m"
        case "\t": columns = (columns / 8 + 1) * 8
        default: columns += cells.columns(of: scalar)
        }
      }
      rows += max(1, (columns + size.columns - 1) / size.columns)
      guard rows < size.rows else { return false }
    }
    return true
  }
}

/// Output that goes to a pager if it does not fit on the terminal.
///
/// It is collected first: a pager that is open for an hour must not keep the database from erasing deleted text.
final class Pages: Sendable {
  private enum Phase {
    case collecting
    case paging(Reader)
    /// The pager could not be started.
    case direct
  }

  private struct State {
    var phase = Phase.collecting
    var collected: [UInt8] = []
  }

  /// How much is collected at most. What is longer is read as it comes.
  private static let limit = 8 << 20

  private let terminal: Output
  private let pager: Pager
  private let diagnostics: Diagnostics
  private let watchSignals: @Sendable () throws -> CancellationSource
  private let state = Mutex(State())

  /// - Parameter watchSignals: from now on signals do not end the process
  init(
    _ pager: Pager, on terminal: Output, _ diagnostics: Diagnostics,
    watchSignals: @escaping @Sendable () throws -> CancellationSource
  ) {
    self.pager = pager
    self.terminal = terminal
    self.diagnostics = diagnostics
    self.watchSignals = watchSignals
  }

  /// The pager was closed early.
  struct ReaderLeft: Error {}

  /// - Throws: `ReaderLeft`; `Failure` with code `interrupted` or `output_failed`
  func write(_ bytes: [UInt8]) throws {
    try state.withLock { state in
      switch state.phase {
      case .collecting:
        state.collected += bytes
        if state.collected.count > Pages.limit { try begin(&state) }
      case .paging(let reader): try feed(reader, bytes, &state)
      case .direct: try terminal.write(bytes)
      }
    }
  }

  /// Shows what was collected, and returns once it was read.
  ///
  /// - Throws: as `write(_:)`
  func end() throws {
    try state.withLock { state in
      if case .collecting = state.phase {
        guard !Pager.fits(state.collected, on: terminal.size) else { return try terminal.write(state.collected) }
        try begin(&state)
      }
      if case .paging(let reader) = state.phase { try leave(reader, &state) }
    }
  }

  private func begin(_ state: inout State) throws {
    let reader: Reader
    do {
      reader = try Reader(pager, watchSignals())
    } catch let error as LocalFile.SystemError {
      return try goOnWithout(&state, ": \(error)")
    }
    state.phase = .paging(reader)
    try feed(reader, state.collected, &state)
    // It has taken more than a pipe holds, so it is there.
    if state.collected.count > Pages.limit { state.collected = [] }
  }

  private func feed(_ reader: Reader, _ bytes: [UInt8], _ state: inout State) throws {
    guard try !reader.write(bytes) else { return }
    try leave(reader, &state)
    if case .paging = state.phase { throw ReaderLeft() }
  }

  private func leave(_ reader: Reader, _ state: inout State) throws {
    let ending: ProgramEnding
    do {
      ending = try reader.end()
    } catch let error as LocalFile.SystemError {
      // Nobody knows whether it has shown anything.
      return try goOnWithout(&state, ": \(error)")
    }
    if let signal = ending.signal { throw Failure.interrupted(by: signal) }
    if ending.isNotStarted, !state.collected.isEmpty { try goOnWithout(&state) }
  }

  private func goOnWithout(_ state: inout State, _ reason: String = "") throws {
    state.phase = .direct
    diagnostics.warn(
      "the pager \(pager.command) could not be started\(reason)",
      pager.variable.map { .text("correct \($0), or leave out the pager with --no-pager") } ?? "use --no-pager")
    try terminal.write(state.collected)
    state.collected = []
  }
}

/// Finds out when a pager has ended, on a thread of its own; without one, whenever it is asked.
private final class ReaderEnd: Sendable {
  private let program: TerminalProgram
  private let source: CancellationSource
  private let ending = Mutex<Result<ProgramEnding, any Error>?>(nil)

  init(of program: TerminalProgram, _ source: CancellationSource) {
    self.program = program
    self.source = source
  }

  /// Readable once it has ended.
  var descriptor: Int32 { source.cancellation.descriptor }

  /// How it ended.
  ///
  /// - Throws: `LocalFile.SystemError` if the system does not say it
  func get() throws -> ProgramEnding {
    try ending.withLock { $0 }?.get() ?? ProgramEnding(waitingFor: program.pid)
  }

  /// Returns once it has ended.
  func wait() { note(Result { try ProgramEnding(waitingFor: program.pid) }) }

  /// Returns at once.
  func look() {
    guard ending.withLock({ $0 }) == nil else { return }
    do {
      if let ended = try ProgramEnding(ofProgramIfEnded: program.pid) { note(.success(ended)) }
    } catch {
      note(.failure(error))
    }
  }

  private func note(_ result: Result<ProgramEnding, any Error>) {
    ending.withLock { $0 = result }
    source.request()
  }
}

/// A pager that was started.
private final class Reader: Sendable {
  private let program: TerminalProgram
  private let pipe: Int32
  private let signals: CancellationSource
  private let ended: ReaderEnd
  /// Whether a thread waits for its end.
  private let isWatched: Bool
  private let isPipeOpen = Mutex(true)

  /// How often to look whether it has ended, without a thread.
  private static let interval = Duration.milliseconds(50)

  /// - Throws: `LocalFile.SystemError`; `Failure` with code `storage_failed` if the process has no descriptors left
  init(_ pager: Pager, _ signals: CancellationSource) throws {
    self.signals = signals
    let source = try CancellationSource()
    var ends: [Int32] = [-1, -1]
    guard platform_pipe(&ends) == 0 else { throw LocalFile.SystemError.current }
    defer { close(ends[0]) }
    pipe = ends[1]
    _ = fcntl(pipe, F_SETFL, O_NONBLOCK)
    do {
      program = try TerminalProgram(
        ["/bin/sh", "-c", pager.script], input: ends[0], variables: pager.environment)
    } catch {
      close(pipe)
      throw error
    }
    // Ctrl-\ is the pager's, as Ctrl-C is.
    signal(SIGQUIT, SIG_IGN)
    let ended = ReaderEnd(of: program, source)
    self.ended = ended
    isWatched = detachThread { ended.wait() }
  }

  /// Gives it more to show. False if it takes no more.
  ///
  /// - Throws: `Failure` with code `interrupted` after a signal that ends the process, and the pager with it
  func write(_ bytes: [UInt8]) throws -> Bool {
    try bytes.withUnsafeBytes { buffer in
      var rest = buffer[...]
      while !rest.isEmpty {
        let next = UnsafeRawBufferPointer(rebasing: rest)
        let count = Platform.write(pipe, next.baseAddress, next.count)
        if count >= 0 {
          rest = rest.dropFirst(count)
        } else if errno == EAGAIN {
          try wait(for: pipe, Int16(POLLOUT))
        } else if errno != EINTR {
          return false
        }
      }
      return true
    }
  }

  /// Tells it that this was all, and waits until it has ended.
  ///
  /// - Throws: as `write(_:)`; `LocalFile.SystemError` if the system does not say how it ended
  func end() throws -> ProgramEnding {
    closePipe()
    try wait(for: ended.descriptor, Int16(POLLIN))
    signal(SIGQUIT, SIG_DFL)
    return try ended.get()
  }

  private func closePipe() {
    isPipeOpen.withLock { isOpen in
      if isOpen { close(pipe) }
      isOpen = false
    }
  }

  /// Ctrl-C meanwhile is the pager's. Any other signal ends it, so that it leaves the terminal as it was.
  private func wait(for descriptor: Int32, _ events: Int16) throws {
    while true {
      var polled = [
        pollfd(fd: signals.cancellation.descriptor, events: Int16(POLLIN), revents: 0),
        pollfd(fd: descriptor, events: events, revents: 0),
      ]
      let count = poll(&polled, 2, isWatched ? -1 : Int32(clamping: Reader.interval.milliseconds))
      if !isWatched { ended.look() }
      guard count > 0 else { continue }
      guard polled[0].revents != 0 else { return }
      let failure = signals.cancellation.failure
      guard failure.signal == SIGINT else {
        closePipe()
        kill(program.pid, SIGTERM)
        let deadline = ContinuousClock.now + .seconds(2)
        while ContinuousClock.now < deadline, !hasEnded(within: Reader.interval) {}
        throw failure
      }
      signals.rearm()
      if polled[1].revents != 0 { return }
    }
  }

  private func hasEnded(within time: Duration) -> Bool {
    if !isWatched { ended.look() }
    var polled = pollfd(fd: ended.descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&polled, 1, Int32(clamping: time.milliseconds)) > 0
  }
}

extension Session {
  /// Does something whose output goes to the user's pager if it does not fit on the terminal.
  ///
  /// - Throws: what `body` throws; `Failure` with code `interrupted` or `output_failed`
  func paging(_ option: PagerOption, _ body: (Session) throws -> Void) throws {
    guard output.isTerminal, !option.noPager,
      let pager = Pager(context.variables, foreign: context.foreignVariables, canRewrite: output.canRewrite)
    else { return try body(self) }
    let pages = Pages(pager, on: output, diagnostics, watchSignals: context.watchSignals)
    defer { context.unwatchSignals() }
    do {
      try body(writing(to: Output(output) { try pages.write($0) }))
      try pages.end()
    } catch is Pages.ReaderLeft {
      // The user closed the pager.
    } catch {
      // What there is comes first.
      if (error as? Failure)?.signal == nil { try? pages.end() }
      throw error
    }
  }
}
