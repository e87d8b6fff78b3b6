import MosaicAICore
import Platform

/// Reads lines that someone types at a terminal, however long they are: a terminal's own lines end at 4,095 bytes, and
/// what is beyond is lost without a word.
///
/// The keys of a terminal's own lines work: Backspace takes away a whole character, Ctrl-W a word, Ctrl-U the line;
/// Ctrl-D ends on an empty line, and anywhere if pressed twice; Ctrl-C interrupts, Ctrl-Z stops.
struct LineReader {
  /// What is typed there.
  let input: Int32
  /// Where it is shown.
  let echo: Output
  /// Ends a wait early.
  let cancellation: Cancellation
  /// Whether the cursor can be moved up.
  var canMoveUp = true

  /// The answer to a question, without its line break; nil at the end of the input.
  ///
  /// - Parameters:
  ///   - isSecret: shows nothing of what is typed
  ///   - isDroppingEarlierKeys: ignores what was typed before the question
  /// - Throws: `Failure` with code `interrupted`, or `invalid_input` if the terminal cannot be read
  func ask(_ question: String, isSecret: Bool = false, isDroppingEarlierKeys: Bool = false) throws -> String? {
    try inRawMode {
      if isDroppingEarlierKeys { tcflush(input, TCIFLUSH) }
      show(question)
      let line = try readLine(after: TextWidth.of(question), isShown: !isSecret)
      show("\n")
      guard let line, !(line.isEnd && line.bytes.isEmpty) else { return nil }
      guard let text = String(validating: line.bytes, as: UTF8.self) else {
        throw Failure(.invalidInput, "the answer is not valid UTF-8", advice: "set the terminal to UTF-8")
      }
      return text
    }
  }

  /// Everything up to the end, line breaks included.
  ///
  /// - Parameter greeting: shown first, once keys are taken
  /// - Throws: as `ask`
  func readText(_ greeting: String) throws -> [UInt8] {
    try inRawMode {
      show(greeting)
      var text: [UInt8] = []
      while let line = try readLine(after: 0, isShown: true) {
        text += line.bytes
        if line.isEnd {
          if !line.bytes.isEmpty { show("\n") }
          return text
        }
        show("\n")
        text.append(UInt8(ascii: "\n"))
      }
      return text
    }
  }

  private func inRawMode<Result>(_ body: () throws -> Result) throws -> Result {
    guard platform_enter_raw_mode(input) == 0 else { throw unreadable }
    defer { platform_leave_raw_mode() }
    return try body()
  }

  private var unreadable: Failure {
    Failure(.invalidInput, "cannot read the terminal: \(LocalFile.SystemError.current)")
  }

  // MARK: One line

  /// A line as it was typed, and whether the input ended with it.
  private struct Line {
    var bytes: [UInt8] = []
    var isEnd = false
  }

  /// The next line; nil if the terminal is gone.
  ///
  /// - Parameter column: where it begins
  private func readLine(after column: Int, isShown: Bool) throws -> Line? {
    var line = Line()
    var shown = ShownLine(start: column, width: echo.currentWidth, canMoveUp: canMoveUp)
    var scalar: [UInt8] = []
    var isEnding = false
    func remove(_ count: Int) {
      line.bytes.removeLast(count)
      if isShown { show(shown.changed(to: line.bytes)) }
    }
    while let byte = try readByte() {
      let wasEnding = isEnding
      isEnding = false
      switch Key(byte) {
      case .enter: return line
      case .end where line.bytes.isEmpty || wasEnding:
        line.isEnd = true
        return line
      case .end: isEnding = true
      case .interrupt:
        show("\n")
        platform_interrupt_group(input)
        throw Failure.interrupted(by: SIGINT)
      case .stop:
        platform_stop()
        if isShown { show(shown.repeated(line.bytes)) }
      case .erase: remove(LineReader.lastCharacter(line.bytes))
      case .eraseWord: remove(LineReader.lastWord(line.bytes))
      case .eraseLine: remove(line.bytes.count)
      case .escape: try skipEscapeSequence()
      case .ignored: break
      case .text:
        line.bytes.append(byte)
        scalar.append(byte)
        guard LineReader.isWhole(scalar) else { continue }
        if isShown { show(shown.added(scalar)) }
        scalar = []
      }
    }
    return line.bytes.isEmpty ? nil : Line(bytes: line.bytes, isEnd: true)
  }

  /// What a byte that comes from the keyboard asks for.
  private enum Key {
    case text, enter, end, erase, eraseWord, eraseLine, interrupt, stop, escape, ignored

    init(_ byte: UInt8) {
      switch byte {
      case 0x0a, 0x0d: self = .enter
      case 0x03: self = .interrupt
      // A Ctrl-D from before the keys were taken is kept by the terminal as a null.
      case 0x00, 0x04: self = .end
      case 0x08, 0x7f: self = .erase
      case 0x15: self = .eraseLine
      case 0x17: self = .eraseWord
      case 0x1a: self = .stop
      case 0x1b: self = .escape
      case 0x09, 0x20...: self = .text
      default: self = .ignored
      }
    }
  }

  /// How many bytes the last character has.
  private static func lastCharacter(_ bytes: [UInt8]) -> Int {
    String(decoding: bytes.suffix(256), as: UTF8.self).last.map { min(bytes.count, max(1, $0.utf8.count)) } ?? 0
  }

  /// How many bytes the last word has, with the white space after it.
  private static func lastWord(_ bytes: [UInt8]) -> Int {
    func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
    let end = bytes.lastIndex { !isSpace($0) }.map { $0 + 1 } ?? 0
    let start = bytes[..<end].lastIndex(where: isSpace).map { $0 + 1 } ?? 0
    return bytes.count - start
  }

  /// Whether these are all bytes of a scalar, or can never become one.
  private static func isWhole(_ bytes: [UInt8]) -> Bool {
    switch bytes[0] {
    case ..<0xc0: true
    case 0xc0..<0xe0: bytes.count >= 2
    case 0xe0..<0xf0: bytes.count >= 3
    default: bytes.count >= 4
    }
  }

  /// What the keys send that have no character (ECMA-48): the arrows and the like.
  private func skipEscapeSequence() throws {
    guard let next = try readByte(within: .milliseconds(50)) else { return }
    guard next == UInt8(ascii: "[") || next == UInt8(ascii: "O") else { return }
    while let byte = try readByte(within: .milliseconds(50)) {
      if (0x40...0x7e).contains(byte) { return }
    }
  }

  // MARK: Input and output

  /// The next byte; nil if there is none, or none in time. One by one, so that nothing after the line is taken from
  /// whoever reads next.
  private func readByte(within time: Duration? = nil) throws -> UInt8? {
    if let time {
      var polled = pollfd(fd: input, events: Int16(POLLIN), revents: 0)
      var count: Int32
      repeat { count = poll(&polled, 1, Int32(clamping: time.milliseconds)) } while count < 0 && errno == EINTR
      guard count > 0 else { return nil }
    } else if cancellation.descriptor >= 0 {
      try cancellation.waitUntilReadable(input)
    }
    var byte: UInt8 = 0
    while true {
      let count = read(input, &byte, 1)
      if count == 1 { return byte }
      if count == 0 || errno == EIO { return nil }
      switch errno {
      case EINTR: try cancellation.check()
      case EAGAIN: try cancellation.waitUntilReadable(input)
      default: throw unreadable
      }
    }
  }

  /// If the terminal itself fails, there is nobody left to see.
  private func show(_ text: String) { if !text.isEmpty { try? echo.write(text) } }
}

/// A line under way as it stands on the terminal, over as many rows as it takes.
struct ShownLine {
  private struct Position: Equatable {
    var row = 0
    var column: Int
  }

  private let start: Int
  private let width: Int
  private let canMoveUp: Bool
  private var position: Position
  private var bytes: [UInt8] = []
  private var cells = TextWidth.Cells()

  /// - Parameter start: the column where it begins
  init(start: Int, width: Int, canMoveUp: Bool) {
    self.width = max(2, width)
    self.start = start % self.width
    self.canMoveUp = canMoveUp
    position = Position(column: self.start)
  }

  /// Adds a scalar. Gives what shows it.
  mutating func added(_ scalar: [UInt8]) -> String {
    bytes += scalar
    let text = String(decoding: scalar, as: UTF8.self)
    guard !isHidden(text) else { return "" }
    for scalar in text.unicodeScalars { ShownLine.advance(&position, by: scalar, &cells, width) }
    guard position.column == width else { return text }
    position = Position(row: position.row + 1, column: 0)
    // Terminals differ in where the cursor is after the last column; after this it is on the next row.
    return canMoveUp ? text + " \r" : text
  }

  /// Takes away all that is beyond `kept`. Gives what shows it.
  mutating func changed(to kept: [UInt8]) -> String {
    let from = layout(bytes)
    bytes = kept
    position = layout(kept)
    if from == position { return "" }
    if from.row == position.row {
      let columns = from.column - position.column
      return String(repeating: "\u{8}", count: columns) + String(repeating: " ", count: columns)
        + String(repeating: "\u{8}", count: columns)
    }
    guard canMoveUp else { return "\n" + String(decoding: kept, as: UTF8.self) }
    let right = position.column > 0 ? "\u{1b}[\(position.column)C" : ""
    return "\r\u{1b}[\(from.row - position.row)A\(right)\u{1b}[J"
  }

  /// What shows the line again, somewhere else.
  func repeated(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  private mutating func layout(_ bytes: [UInt8]) -> Position {
    var position = Position(column: start)
    cells = TextWidth.Cells()
    for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars where !isHidden(String(scalar)) {
      ShownLine.advance(&position, by: scalar, &cells, width)
      if position.column == width { position = Position(row: position.row + 1, column: 0) }
    }
    return position
  }

  private static func advance(
    _ position: inout Position, by scalar: Unicode.Scalar, _ cells: inout TextWidth.Cells, _ width: Int
  ) {
    let columns = cells.columns(of: scalar)
    if scalar == "\t" {
      position.column = min(width - 1, (position.column / 8 + 1) * 8)
      return
    }
    if position.column + columns > width { position = Position(row: position.row + 1, column: 0) }
    position.column += columns
  }

  /// Whether a text would drive the terminal: it is kept, but not shown.
  private func isHidden(_ text: String) -> Bool { SafeText.lines(text) != text }
}
