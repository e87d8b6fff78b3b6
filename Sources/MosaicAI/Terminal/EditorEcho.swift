import MosaicAICore

/// A text that is being edited, on a terminal whose cursor is not to be moved: what is added at the end is written, and
/// what is erased is wiped out, as a terminal's own lines do it. What cannot be wiped out is written again.
struct EditorEcho: EditorDisplay {
  private let prompt: String
  private let promptWidth: Int
  private var width: Int
  /// The text that was written last; nil if something else came after it.
  private var cells: [EditBuffer.Cell]?

  /// - Parameters:
  ///   - prompt: one line, as it is written
  ///   - promptWidth: how many columns the prompt takes
  ///   - width: of the terminal
  init(prompt: String, promptWidth: Int, width: Int) {
    self.prompt = prompt
    self.promptWidth = promptWidth
    self.width = max(2, width)
  }

  mutating func show(_ buffer: EditBuffer) -> String {
    defer { cells = buffer.cells }
    guard let cells else { return prompt + EditorEcho.text(of: buffer.cells[...], at: promptWidth) }
    let common = zip(cells, buffer.cells).prefix { $0 == $1 }.count
    let (from, to) = (column(after: cells[...]), column(after: cells[..<common]))
    let new = EditorEcho.text(of: buffer.cells[common...], at: to)
    if common == cells.count { return new }
    // Only on the row of the cursor can anything be wiped out.
    let isOneLine = !cells[common...].contains(where: \.isLineBreak)
    let isOnRow = isOneLine && (to..<from).allSatisfy { $0 / width == from / width }
    guard isOnRow else { return "\n" + prompt + EditorEcho.text(of: buffer.cells[...], at: promptWidth) }
    let back = String(repeating: "\u{8}", count: from - to)
    return back + String(repeating: " ", count: from - to) + back + new
  }

  mutating func finish(_ buffer: EditBuffer) -> String { show(buffer) + leave() }
  mutating func clear() -> String { leave() }

  mutating func leave() -> String {
    forget()
    return "\n"
  }

  mutating func forget() { cells = nil }

  mutating func resize(_ size: TerminalSize) -> String {
    width = max(2, size.columns)
    return ""
  }

  private static func text(of cells: ArraySlice<EditBuffer.Cell>, at column: Int) -> String {
    var (text, column) = ("", column)
    for cell in cells {
      let shown = EditLayout.shown(cell, at: column)
      text += cell.isLineBreak ? "\n" : shown.text
      column = cell.isLineBreak ? 0 : column + shown.width
    }
    return text
  }

  /// How many columns the last line takes.
  private func column(after cells: ArraySlice<EditBuffer.Cell>) -> Int {
    let line = cells.lastIndex(where: \.isLineBreak).map { $0 + 1 } ?? 0
    return cells[line...].reduce(line == 0 ? promptWidth : 0) { $0 + EditLayout.shown($1, at: $0).width }
  }
}

/// A text that is not shown.
struct HiddenText: EditorDisplay {
  private let prompt: String
  private var isShown = false

  /// - Parameter prompt: one line, as it is written
  init(prompt: String) { self.prompt = prompt }

  mutating func show(_ buffer: EditBuffer) -> String {
    defer { isShown = true }
    return isShown ? "" : prompt
  }

  mutating func finish(_ buffer: EditBuffer) -> String { show(buffer) + leave() }
  mutating func clear() -> String { leave() }

  mutating func leave() -> String {
    forget()
    return "\n"
  }

  mutating func forget() { isShown = false }
  mutating func resize(_ size: TerminalSize) -> String { "" }
}
