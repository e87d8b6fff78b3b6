import MosaicAICore
import Platform

/// Reads what someone types at a terminal, however long it is: a terminal's own lines end at 4,095 bytes, and what is
/// beyond is lost without a word.
///
/// The keys of a terminal's own lines work, and those that readline made usual. On a terminal whose cursor is not to be
/// moved, only what is at the end can be changed.
struct LineReader {
  /// What is typed there.
  let input: Int32
  /// Where it is shown.
  let echo: Output
  /// Ends a wait early.
  let cancellation: Cancellation
  /// Whether the cursor stays where text is written.
  var isPlain = false

  /// What the user does at the prompt for a message.
  enum Message: Equatable {
    case message([UInt8])
    /// Clears the text, with Ctrl-C.
    case cleared
    case leave
  }

  /// A text that was being written at cancellation, or when the terminal went.
  struct Unsent: Error {
    let failure: Failure
    let text: [UInt8]
  }

  /// The answer to a question, without its line break; nil at the end of the input.
  ///
  /// - Parameters:
  ///   - isSecret: shows nothing of what is typed
  ///   - isDroppingEarlierKeys: ignores what was typed before the question
  /// - Throws: `Failure` with code `interrupted`, or `invalid_input` if the terminal cannot be read
  func ask(_ question: String, isSecret: Bool = false, isDroppingEarlierKeys: Bool = false) throws -> String? {
    // The answer begins on the last line of the question, after a space.
    let lines = WordWrap.lines(question, width: max(20, echo.width - 12)).split(separator: "\n")
    return try TerminalMode.keys.during(on: input) {
      if isDroppingEarlierKeys { tcflush(input, TCIFLUSH) }
      show(lines.dropLast().map { $0 + "\n" }.joined())
      let prompt = "\(lines.last ?? "") "
      let width = TextWidth.of(prompt)
      let display: any EditorDisplay = isSecret ? HiddenText(prompt: prompt) : display(prompt, width)
      let editor = TextEditor(.line, indent: width, isPlain: isPlain || isSecret)
      var editing = try Editing(self, editor, display)
      guard try editing.run() == .done else { return nil }
      guard let text = String(validating: editing.editor.buffer.bytes, as: UTF8.self) else {
        throw Failure(.invalidInput, "the answer is not valid UTF-8", advice: "set the terminal to UTF-8")
      }
      return text
    }
  }

  /// Everything up to the end, line breaks included.
  ///
  /// - Parameter greeting: shown first, once keys are taken
  /// - Throws: `Unsent`; `Failure` with code `invalid_input` if the terminal cannot be read
  func readText(_ greeting: String) throws -> [UInt8] {
    try TerminalMode.keys.during(on: input) {
      show(greeting)
      return try bracketingPastes {
        var editing = try Editing(self, TextEditor(.text, isPlain: isPlain), display("", 0))
        return try keepingUnsent(&editing) {
          _ = try $0.run()
          return $0.editor.buffer.bytes
        }
      }
    }
  }

  /// A message to send.
  ///
  /// - Parameters:
  ///   - prompt: stands before it, and takes as many columns as the editor's indent has
  ///   - editor: with what is there already
  ///   - problem: why a message cannot be sent, so that it can be changed; nil if it can
  ///   - say: shows the problem
  /// - Throws: `Unsent`; `Failure` with code `invalid_input` if the terminal cannot be read
  func readMessage(
    _ prompt: String, _ editor: TextEditor, problem: ([UInt8]) -> Failure?, say: (Failure) -> Void
  ) throws -> Message {
    try TerminalMode.keys.during(on: input) {
      try bracketingPastes {
        let styled = echo.style.bold(prompt)
        var editing = try Editing(self, editor, display(styled, editor.indent))
        return try keepingUnsent(&editing) { editing in
          while true {
            switch try editing.run(isFinishing: { problem($0) == nil }) {
            case .done:
              let text = editing.editor.buffer.bytes
              guard let problem = problem(text) else { return .message(text) }
              say(problem)
            case .cleared: return .cleared
            default: return .leave
            }
          }
        }
      }
    }
  }

  /// - Throws: `Unsent` instead of `Failure` with code `interrupted`
  private func keepingUnsent<Result>(_ editing: inout Editing, _ body: (inout Editing) throws -> Result) throws
    -> Result
  {
    do {
      return try body(&editing)
    } catch let failure as Failure where failure.code == .interrupted {
      throw Unsent(failure: failure, text: editing.editor.buffer.bytes)
    }
  }

  private func display(_ prompt: String, _ promptWidth: Int) -> any EditorDisplay {
    isPlain
      ? EditorEcho(prompt: prompt, promptWidth: promptWidth, width: echo.width)
      : EditorScreen(prompt: prompt, promptWidth: promptWidth, echo.size)
  }

  /// Asks the terminal to mark pasted text (bracketed paste) if it may support that.
  private func bracketingPastes<Result>(_ body: () throws -> Result) rethrows -> Result {
    guard echo.canRewrite else { return try body() }
    platform_bracket_pastes(echo.descriptor)
    defer { platform_bracket_pastes(-1) }
    return try body()
  }

  /// If the terminal itself fails, the failure cannot be shown.
  fileprivate func show(_ text: String) { if !text.isEmpty { try? echo.write(text) } }
}

/// One text from its first key to its last.
private struct Editing {
  private(set) var editor: TextEditor
  private let reader: LineReader
  private var display: any EditorDisplay
  private var decoder = KeyDecoder()
  private let redraws: RedrawSignals

  init(_ reader: LineReader, _ editor: TextEditor, _ display: any EditorDisplay) throws {
    self.reader = reader
    self.editor = editor
    self.display = display
    redraws = try RedrawSignals()
  }

  /// Does what the keys do until one has an outcome.
  ///
  /// - Parameter isFinishing: whether a text that is done may stay on the terminal
  /// - Throws: `Failure` with code `interrupted`, or `invalid_input` if the terminal cannot be read
  mutating func run(isFinishing: ([UInt8]) -> Bool = { _ in true }) throws -> TextEditor.Outcome {
    show()
    while true {
      guard let byte = try readByte() else {
        reader.show(display.leave())
        // Whoever was about to write more has not said yes to what is there, nor sent it.
        throw Failure.interrupted(by: SIGHUP)
      }
      for key in decoder.decode(byte) {
        let outcome = editor.press(key, width: reader.echo.width)
        switch outcome {
        case .goesOn: break
        case .clearScreen:
          reader.show("\u{1b}[H\u{1b}[2J")
          display.forget()
        case .stop: suspend(platform_stop)
        case .quit: suspend(platform_quit)
        case .interrupt:
          reader.show(display.finish(editor.buffer))
          platform_interrupt_group(reader.input)
          throw Failure.interrupted(by: SIGINT)
        case .cleared where !reader.isPlain, .done where !isFinishing(editor.buffer.bytes):
          reader.show(display.clear())
          return outcome
        case .done, .end, .cleared:
          reader.show(display.finish(editor.buffer))
          return outcome
        }
      }
      if !isReadable(within: .zero) { show() }
    }
  }

  private mutating func show() { reader.show(display.show(editor.buffer)) }

  /// Leaves the terminal to others for a while.
  private mutating func suspend(_ stop: () -> Void) {
    reader.show(display.show(editor.buffer) + display.leave())
    stop()
    _ = redraws.take()
    display.forget()
  }

  // MARK: Input

  /// The next byte; nil if the terminal is gone. One by one, so that nothing after the text is taken from whoever reads
  /// next.
  private mutating func readByte() throws -> UInt8? {
    if let patience = decoder.patience, !isReadable(within: patience) { decoder.endEscape() }
    while true {
      if try wait() {
        var byte: UInt8 = 0
        let count = read(reader.input, &byte, 1)
        if count == 1 { return byte }
        if count == 0 || errno == EIO { return nil }
        guard errno == EINTR || errno == EAGAIN else { throw TerminalMode.failure }
      }
      switch redraws.take() {
      case .resized: reader.show(display.resize(reader.echo.size))
      case .continued: display.forget()
      case nil: continue
      }
      show()
    }
  }

  /// Waits for a key, or until the text has to be shown again. True if there is a key.
  private mutating func wait() throws -> Bool {
    var polled = [reader.cancellation.descriptor, reader.input, redraws.descriptor].map {
      pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
    }
    while poll(&polled, 3, -1) < 0 && errno == EINTR {}
    if polled[0].revents != 0 {
      reader.show(display.leave())
      throw reader.cancellation.failure
    }
    return polled[2].revents == 0
  }

  private func isReadable(within time: Duration) -> Bool {
    var polled = pollfd(fd: reader.input, events: Int16(POLLIN), revents: 0)
    var count: Int32
    repeat { count = poll(&polled, 1, Int32(clamping: time.milliseconds)) } while count < 0 && errno == EINTR
    return count > 0
  }
}
