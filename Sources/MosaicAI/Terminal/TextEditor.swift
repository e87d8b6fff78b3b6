import MosaicAICore
import Platform

/// A text written at a terminal, and what each key does to it.
struct TextEditor {
  /// The kind of text.
  enum Kind: Equatable {
    /// The answer to a question.
    case line
    /// A text of any number of lines, which Ctrl-D ends on an empty line, or anywhere if pressed twice.
    case text
    /// A message: Enter sends it.
    case message
  }

  /// What follows from a key.
  enum Outcome: Equatable {
    case goesOn
    /// The text is finished.
    case done
    /// The input ended without a text.
    case end
    /// The text was cleared.
    case cleared
    case interrupt, stop, quit, clearScreen
  }

  private(set) var buffer = EditBuffer()
  /// The column where the text begins on the terminal.
  let indent: Int
  private let kind: Kind
  /// Whether the cursor can only be at the end.
  private let isPlain: Bool
  /// The texts that can be brought back, oldest first, and the one that is being written, as they were changed.
  private var texts: [[UInt8]]
  private var current: Int
  private var last: Key?
  /// The column that up and down keep to, through rows that are shorter.
  private var goal: Int?

  /// - Parameters:
  ///   - text: what is there already
  ///   - earlier: texts that can be brought back, oldest first
  ///   - isAfterInterrupt: whether Ctrl-C was pressed just before
  init(
    _ kind: Kind, text: [UInt8] = [], earlier: [String] = [], indent: Int = 0, isPlain: Bool = false,
    isAfterInterrupt: Bool = false
  ) {
    self.kind = kind
    self.indent = indent
    last = isAfterInterrupt ? .interrupt : nil
    self.isPlain = isPlain
    texts = earlier.map { Array($0.utf8) } + [text]
    current = texts.count - 1
    buffer.replace(with: text)
  }

  /// Does what a key does.
  ///
  /// - Parameter width: of the terminal
  mutating func press(_ key: Key, width: Int) -> Outcome {
    defer {
      last = key
      if key != .up, key != .down { goal = nil }
    }
    switch key {
    case .text(let scalar): buffer.insert(scalar)
    case .invalid(let byte): buffer.insert(invalid: byte)
    case .paste(let bytes): buffer.insert(kind == .line ? bytes.map { $0 == 0x0a ? 0x20 : $0 } : bytes)
    case .enter: return enter()
    case .newLine where kind == .line: return .done
    case .newLine: buffer.insert("\n")
    case .end: return end()
    case .interrupt: return interrupt()
    case .stop: return .stop
    case .quit: return .quit
    case .erase: buffer.erase()
    case .eraseWord: buffer.eraseWord()
    case .eraseWordBack: buffer.eraseWordBack()
    case .eraseToStart: buffer.eraseToStart()
    case .yank: buffer.yank()
    case .eraseForward, .eraseWordForward, .eraseToEnd, .left, .right, .up, .down, .wordLeft, .wordRight, .lineStart,
      .lineEnd, .textStart, .textEnd, .clearScreen:
      return isPlain ? .goesOn : move(key, width)
    }
    return .goesOn
  }

  /// The keys that need a cursor that moves.
  private mutating func move(_ key: Key, _ width: Int) -> Outcome {
    switch key {
    case .eraseForward: buffer.eraseForward()
    case .eraseWordForward: buffer.eraseWordForward()
    case .eraseToEnd: buffer.eraseToEnd()
    case .left: buffer.moveLeft()
    case .right: buffer.moveRight()
    case .up: moveRow(by: -1, width)
    case .down: moveRow(by: 1, width)
    case .wordLeft: buffer.moveWordLeft()
    case .wordRight: buffer.moveWordRight()
    case .lineStart: buffer.moveToLineStart()
    case .lineEnd: buffer.moveToLineEnd()
    case .textStart: buffer.move(to: 0)
    case .textEnd: buffer.move(to: buffer.cells.count)
    default: return .clearScreen
    }
    return .goesOn
  }

  /// To the row above or below; beyond the text, to the text before or after it.
  private mutating func moveRow(by step: Int, _ width: Int) {
    let layout = EditLayout(buffer.cells, indent: indent, width: width)
    let row = layout.row(of: buffer.cursor) + step
    if layout.rows.indices.contains(row) {
      let column = goal ?? layout.column(of: buffer.cursor)
      goal = column
      buffer.move(to: layout.cursor(inRow: row, near: column))
    } else if texts.indices.contains(current + step) {
      texts[current] = buffer.bytes
      current += step
      buffer.replace(with: texts[current])
      goal = nil
    }
  }

  private mutating func enter() -> Outcome {
    switch kind {
    case .line: return .done
    case .text: buffer.insert("\n")
    case .message:
      guard endsWithOpenBackslash else { return .done }
      buffer.erase()
      buffer.insert("\n")
    }
    return .goesOn
  }

  /// Whether the line of the cursor ends with a backslash right before it. Two are one that is meant as such.
  private var endsWithOpenBackslash: Bool {
    let before = buffer.cells[buffer.lineStart..<buffer.cursor].reversed().prefix { $0 == .character("\\") }.count
    return before % 2 == 1 && buffer.cursor == buffer.lineEnd
  }

  private mutating func end() -> Outcome {
    if buffer.isEmpty { return .end }
    switch kind {
    case .line, .text:
      let isLineEmpty = kind == .text && buffer.lineStart == buffer.lineEnd
      if buffer.isCursorAtEnd, isLineEmpty || last == .end { return .done }
    case .message: break
    }
    if !isPlain { buffer.eraseForward() }
    return .goesOn
  }

  private mutating func interrupt() -> Outcome {
    guard kind == .message else { return .interrupt }
    if last == .interrupt { return .end }
    buffer.clear()
    current = texts.count - 1
    texts[current] = []
    return .cleared
  }
}
