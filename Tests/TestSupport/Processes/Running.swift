import CTestSupport
import Foundation
import Synchronization

import Platform

/// A program that was started. It is killed once nobody refers to it any more.
package final class Running: Sendable {
  package let pid: pid_t
  private let command: Command
  private let output: Collector?
  /// Keeps a pipe open that nobody reads.
  private let unreadOutput: Descriptor?
  private let errors: Collector?
  private let screen: Collector?
  private let keyboard: Mutex<Descriptor?>
  private let terminal: Descriptor?
  private let ending = Awaited<Ended.Ending>()

  /// How long to wait, in seconds, for what should come at once. Sanitizers take their time.
  package static let patience = Command.sanitizerOptions.isEmpty ? 60.0 : 600.0

  package init(_ command: Command) throws {
    self.command = command
    let terminal = try command.terminal.map(PseudoTerminal.init)
    var routes: [Route] = []
    var ownEnds: [Descriptor?] = [nil, nil, nil]
    for stream in Command.Stream.allCases {
      if let terminal, terminal.streams.contains(stream) {
        routes.append(.file(terminal.path, flags: O_RDWR))
      } else if stream == .output, let path = command.outputPath {
        routes.append(.file(path, flags: O_WRONLY))
      } else if stream == .input, case .nothing = command.input {
        routes.append(.file("/dev/null", flags: O_RDONLY))
      } else {
        let pipe = try Descriptor.pipe()
        if stream == .input, !command.isInputBlocking { _ = fcntl(pipe.reading.rawValue, F_SETFL, O_NONBLOCK) }
        ownEnds[Int(stream.rawValue)] = stream == .input ? pipe.writing : pipe.reading
        routes.append(.descriptor(stream == .input ? pipe.reading : pipe.writing))
      }
    }
    pid = try command.spawn(routes)
    terminal?.closeSlave()
    unreadOutput = command.isOutputRead ? nil : ownEnds[1]
    output = command.isOutputRead ? ownEnds[1].map { Collector($0, until: command.outputEnd) } : nil
    errors = ownEnds[2].map { Collector($0) }
    screen = terminal.map { Collector($0.master) }
    self.terminal = terminal?.master
    keyboard = Mutex(terminal?.streams.contains(.input) == true ? terminal?.master : ownEnds[0])
    let (pid, ending) = (pid, ending)
    Thread.detachNewThread {
      var status: Int32 = 0
      while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
      ending.set(status & 0x7f == 0 ? .exited(status >> 8 & 0xff) : .killed(by: status & 0x7f))
    }
    if case .bytes(let bytes) = command.input, let pipe = ownEnds[0] {
      // A program need not read its input: writing must not keep a test waiting.
      Thread.detachNewThread { pipe.write(bytes) }
      keyboard.withLock { $0 = nil }
    }
  }

  deinit { if ending.value == nil { kill(pid, SIGKILL) } }

  /// Waits for the program to end.
  package func end(within seconds: Double = patience) async throws -> Ended {
    guard let ending = await ending.wait(seconds) else {
      kill(pid, SIGKILL)
      throw Complaint("\(description) has not ended after \(seconds) s; so far:\n\(shownSoFar)")
    }
    keyboard.withLock { $0 = nil }
    for collector in [output, errors, screen] { await collector?.waitForEnd(seconds) }
    return Ended(
      ending: ending, outputBytes: output?.bytes ?? [], errorBytes: errors?.bytes ?? [],
      screen: (screen?.text ?? "").replacingOccurrences(of: "\r\n", with: "\n"))
  }

  /// Whether it has ended.
  package var hasEnded: Bool { ending.value != nil }

  /// What is on standard output so far.
  package var outputSoFar: String { output?.text ?? "" }

  /// Waits until this is on standard output, standard error or the terminal.
  @discardableResult
  package func shows(_ text: String, within seconds: Double = patience) async throws -> Running {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while !shownSoFar.contains(text) {
      // Its last words may be on their way.
      if hasEnded { for collector in [output, errors, screen] { await collector?.waitForEnd(seconds) } }
      guard ContinuousClock.now < deadline, !hasEnded || shownSoFar.contains(text) else {
        throw Complaint("\(description) does not show \"\(text)\", but:\n\(shownSoFar)")
      }
      try await Task.sleep(for: .milliseconds(5))
    }
    return self
  }

  /// Types this again and again until the text is shown: for a program that may drop what is typed too early.
  package func type(_ keys: String, untilShown text: String) async throws {
    let deadline = ContinuousClock.now + .seconds(Running.patience)
    while !shownSoFar.contains(text), !hasEnded, ContinuousClock.now < deadline {
      type(keys)
      try await Task.sleep(for: .milliseconds(500))
    }
    try await shows(text)
  }

  /// Types, or writes to standard input.
  package func type(_ text: String) { type(Array(text.utf8)) }

  /// Types bytes, or writes them to standard input.
  package func type(_ bytes: [UInt8]) { keyboard.withLock { $0 }?.write(bytes) }

  /// Ends standard input: at a terminal with Ctrl-D.
  package func endInput() {
    if screen != nil { type("\u{4}") } else { keyboard.withLock { $0 = nil } }
  }

  /// Gives the terminal another width.
  package func resize(columns: Int) {
    if let terminal { _ = test_resize_terminal(terminal.rawValue, Int32(columns)) }
  }

  /// What is on the terminal so far.
  package var screenSoFar: String { screen?.text ?? "" }

  /// Sends a signal.
  package func signal(_ signal: Int32) { kill(pid, signal) }

  private var shownSoFar: String { [output, errors, screen].compactMap { $0?.text }.joined(separator: "\n") }
  private var description: String {
    ([command.program.split(separator: "/").last.map(String.init) ?? ""]
      + command.arguments.map { String(decoding: $0.prefix(80), as: UTF8.self) })
      .joined(separator: " ")
  }
}

/// A value that one thread sets and others wait for.
package final class Awaited<Value: Sendable>: Sendable {
  private let state = Mutex<Value?>(nil)

  package init() {}

  package var value: Value? { state.withLock { $0 } }

  package func set(_ value: Value) { state.withLock { $0 = value } }

  /// The value, or nil if it has not come in time.
  package func wait(_ seconds: Double) async -> Value? {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while ContinuousClock.now < deadline {
      if let value { return value }
      try? await Task.sleep(for: .milliseconds(2))
    }
    return value
  }
}

/// Reads a descriptor to its end, on a thread of its own.
package final class Collector: Sendable {
  private struct State {
    var bytes: [UInt8] = []
    var hasEnded = false
  }

  private let state = Mutex(State())

  /// - Parameter mark: stops reading, and closes the descriptor, once this has come
  package init(_ descriptor: Descriptor, until mark: String? = nil) {
    let mark = mark.map { Array($0.utf8) }
    Thread.detachNewThread { [self] in
      while let piece = descriptor.read() {
        let isEnough = state.withLock { state in
          state.bytes += piece
          return mark.map { String(decoding: state.bytes, as: UTF8.self).contains(String(decoding: $0, as: UTF8.self)) }
            ?? false
        }
        if isEnough { break }
      }
      descriptor.close()
      state.withLock { $0.hasEnded = true }
    }
  }

  package var bytes: [UInt8] { state.withLock { $0.bytes } }
  package var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Waits for the end. A grandchild may keep a pipe open forever: then what has come must do.
  package func waitForEnd(_ seconds: Double) async {
    let deadline = ContinuousClock.now + .seconds(min(seconds, 5))
    while !state.withLock({ $0.hasEnded }), ContinuousClock.now < deadline {
      try? await Task.sleep(for: .milliseconds(2))
    }
  }
}
