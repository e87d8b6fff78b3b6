/// A terminal's size.
struct TerminalSize: Equatable, Sendable {
  var columns: Int
  var rows: Int
}

/// A text that is being edited as a terminal shows it. Each function gives what has to be written.
protocol EditorDisplay {
  /// Shows the text as it is now.
  mutating func show(_ buffer: EditBuffer) -> String
  /// Shows all of the text, and goes to the row after it.
  mutating func finish(_ buffer: EditBuffer) -> String
  /// Takes the text off the terminal, if that is possible, for something else to be written.
  mutating func clear() -> String
  /// Goes to the row after the text, which stays on the screen.
  mutating func leave() -> String
  /// Something else was written: the text is shown next where the cursor is.
  mutating func forget()
  /// The terminal has another size.
  mutating func resize(_ size: TerminalSize) -> String
}

/// A text that is being edited, over as many rows as it takes, and as many of these as there is room for.
struct EditorScreen: EditorDisplay {
  /// What stands before the text, on its first row.
  private let prompt: String
  private let promptWidth: Int
  private var size: TerminalSize

  private struct Row: Equatable {
    var text: String
    /// The last column that it takes.
    var end: Int
  }

  private struct Frame: Equatable {
    var rows: [Row] = [Row(text: "", end: 0)]
    /// Of the cursor.
    var row = 0
    var column = 0
  }

  /// What the terminal shows.
  private var frame = Frame()
  /// The first row of the text that is shown.
  private var top = 0

  /// - Parameters:
  ///   - prompt: one line, as it is written
  ///   - promptWidth: how many columns the prompt takes
  init(prompt: String, promptWidth: Int, _ size: TerminalSize) {
    self.prompt = prompt
    self.promptWidth = promptWidth
    self.size = size
  }

  private func layout(_ buffer: EditBuffer) -> EditLayout {
    EditLayout(buffer.cells, indent: promptWidth, width: size.columns)
  }

  mutating func show(_ buffer: EditBuffer) -> String {
    let layout = layout(buffer)
    let row = layout.row(of: buffer.cursor)
    let height = max(1, size.rows - 1)
    top = min(top, row, max(0, layout.rows.count - height))
    top = max(top, row - height + 1)
    var next = Frame(rows: rows(layout, top..<min(layout.rows.count, top + height)))
    (next.row, next.column) = (row - top, layout.column(of: buffer.cursor))
    return change(to: next)
  }

  mutating func finish(_ buffer: EditBuffer) -> String {
    let layout = layout(buffer)
    var whole = Frame(rows: rows(layout, 0..<layout.rows.count))
    (whole.row, whole.column) = (whole.rows.count - 1, whole.rows[whole.rows.count - 1].end)
    top = 0
    // If there are more than there is room for, others of them stand there.
    let cleared = whole.rows.count > max(1, size.rows - 1) ? clear() : ""
    let written = cleared + change(to: whole) + "\n"
    forget()
    return written
  }

  mutating func clear() -> String {
    let up = frame.row
    frame = Frame()
    return (up > 0 ? "\u{1b}[\(up)A" : "") + "\r\u{1b}[J"
  }

  mutating func leave() -> String {
    let down = frame.rows.count - 1 - frame.row
    forget()
    return (down > 0 ? "\u{1b}[\(down)B" : "") + "\n"
  }

  mutating func forget() { frame = Frame() }

  /// The terminal has broken the rows that are too long now. Takes the text off it.
  mutating func resize(_ new: TerminalSize) -> String {
    func height(_ columns: Int) -> Int { max(0, columns - 1) / max(1, new.columns) + 1 }
    let above = frame.rows[..<frame.row].reduce(0) { $0 + height($1.end) } + frame.column / max(1, new.columns)
    size = new
    frame = Frame(rows: frame.rows, row: min(above, new.rows - 1), column: frame.column)
    return clear()
  }

  private func rows(_ layout: EditLayout, _ range: Range<Int>) -> [Row] {
    range.map { index in
      let (text, end) = layout.text(ofRow: index)
      return Row(text: (index == 0 ? prompt : String(repeating: " ", count: layout.rows[index].start)) + text, end: end)
    }
  }

  /// Writes what is different.
  private mutating func change(to next: Frame) -> String {
    let first = zip(frame.rows, next.rows).prefix { $0 == $1 }.count
    var written = ""
    if first < max(frame.rows.count, next.rows.count) {
      written = rewrite(from: first, next.rows)
      frame.row = max(first, next.rows.count - 1)
      frame.column = first < next.rows.count ? next.rows[next.rows.count - 1].end : 0
    }
    written += EditorScreen.vertically(from: frame.row, to: next.row)
    if frame.column != next.column { written += "\r" + (next.column > 0 ? "\u{1b}[\(next.column)C" : "") }
    frame = next
    return written
  }

  /// Writes rows again. This leaves the cursor at the end of the last row, or at the beginning of the first if there
  /// are none.
  private func rewrite(from first: Int, _ rows: [Row]) -> String {
    var written = ""
    let old = frame.rows.indices.contains(first) ? frame.rows[first] : nil
    let new = rows.indices.contains(first) ? rows[first] : nil
    if let old, let new, frame.row == first, frame.column == old.end, new.text.hasPrefix(old.text) {
      // Most of the time something was typed at the end.
      written += String(decoding: new.text.utf8.dropFirst(old.text.utf8.count), as: UTF8.self)
    } else {
      let isThere = old != nil
      written += EditorScreen.vertically(from: frame.row, to: isThere ? first : first - 1)
      // Cleared from its beginning, a row is no longer than what it shows if the terminal breaks it later.
      written += (isThere ? "\r\u{1b}[K" : "\n") + (new?.text ?? "")
    }
    for index in rows.indices.dropFirst(first + 1) {
      written += "\n" + (index < frame.rows.count ? "\u{1b}[K" : "") + rows[index].text
    }
    return written + (frame.rows.count > rows.count ? "\u{1b}[J" : "")
  }

  private static func vertically(from: Int, to: Int) -> String {
    from == to ? "" : from > to ? "\u{1b}[\(from - to)A" : "\u{1b}[\(to - from)B"
  }
}
