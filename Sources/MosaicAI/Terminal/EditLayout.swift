import MosaicAICore

/// Where the cells of a text that is being edited stand on a terminal: in rows that end between words, if a word fits
/// into a row at all. The last column stays free, since terminals differ in what they do there.
struct EditLayout {
  /// A row: which cells are in it, without a line break at its end.
  struct Row: Equatable {
    var cells: Range<Int>
    /// The column where they begin.
    let start: Int
    /// Whether the next row goes on with the same line.
    var isContinued = false
  }

  /// What a cell looks like.
  struct Shown: Equatable {
    let text: String
    let width: Int
    /// Whether terminals may give it another width than we do: they differ about emoji of several scalars.
    var isDoubtful = false
  }

  private(set) var rows: [Row] = []
  private let cells: [EditBuffer.Cell]
  private let limit: Int

  /// - Parameters:
  ///   - indent: the column where the first row begins, after a prompt
  ///   - width: of the terminal
  init(_ cells: [EditBuffer.Cell], indent: Int, width: Int) {
    self.cells = cells
    limit = max(indent + 2, width - 1)
    // Below a question there is room.
    let hang = indent > 4 ? 0 : indent
    rows.append(Row(cells: 0..<0, start: indent))
    var column = indent
    /// Where the row may end: after white space, and on both sides of a wide character, whose scripts have no spaces.
    var end = 0
    func begin(at index: Int) {
      rows.append(Row(cells: index..<index, start: hang))
      column = hang
      end = index
    }
    for (index, cell) in cells.enumerated() {
      if cell.isLineBreak {
        begin(at: index + 1)
        continue
      }
      let isSpace = EditLayout.isSpace(cell)
      var width = EditLayout.shown(cell, at: column).width
      if cell.isWide { end = index }
      if column + width > limit, !isSpace, index > rows[rows.count - 1].cells.lowerBound {
        let from = end > rows[rows.count - 1].cells.lowerBound ? end : index
        rows[rows.count - 1].cells = rows[rows.count - 1].cells.lowerBound..<from
        rows[rows.count - 1].isContinued = true
        begin(at: from)
        for moved in from..<index { column += EditLayout.shown(cells[moved], at: column).width }
        width = EditLayout.shown(cell, at: column).width
      }
      // White space that does not fit stays at the end of its row, unseen.
      column = min(limit, column + width)
      rows[rows.count - 1].cells = rows[rows.count - 1].cells.lowerBound..<index + 1
      if isSpace || cell.isWide { end = index + 1 }
    }
  }

  /// The row of the cursor.
  func row(of cursor: Int) -> Int {
    // A cursor between two rows of a line is at the beginning of the second one.
    var (low, high) = (0, rows.count - 1)
    while low < high {
      let middle = (low + high + 1) / 2
      if rows[middle].cells.lowerBound <= cursor { low = middle } else { high = middle - 1 }
    }
    return low
  }

  /// The column of the cursor, in its row.
  func column(of cursor: Int) -> Int { column(of: cursor, in: rows[row(of: cursor)]) }

  private func column(of cursor: Int, in row: Row) -> Int {
    row.cells.lowerBound >= cursor
      ? row.start
      : cells[row.cells.lowerBound..<cursor].reduce(row.start) {
        min(limit, $0 + EditLayout.shown($1, at: $0).width)
      }
  }

  /// The place in a row that is nearest to a column from the left.
  func cursor(inRow index: Int, near column: Int) -> Int {
    let row = rows[index]
    var reached = row.start
    for cell in row.cells {
      reached += EditLayout.shown(cells[cell], at: reached).width
      if reached > column { return cell }
    }
    // The end of a row that goes on is the beginning of the next one.
    return row.isContinued ? max(row.cells.lowerBound, row.cells.upperBound - 1) : row.cells.upperBound
  }

  /// The last column that a row takes, and what shows the row, without a beginning.
  func text(ofRow index: Int) -> (text: String, end: Int) {
    var (text, column) = ("", rows[index].start)
    for cell in rows[index].cells {
      let shown = EditLayout.shown(cells[cell], at: column)
      guard column + shown.width <= limit else { break }
      column += shown.width
      text += shown.text
      // However wide the terminal thinks it is, what follows stands at the expected column.
      if shown.isDoubtful { text += "\u{1b}[\(column + 1)G" }
    }
    return (text, column)
  }

  private static func isSpace(_ cell: EditBuffer.Cell) -> Bool {
    if case .character(let character) = cell { character.isWhitespace && character != "\u{a0}" } else { false }
  }

  /// What shows a cell in that column: nothing of it can drive the terminal.
  static func shown(_ cell: EditBuffer.Cell, at column: Int) -> Shown {
    guard case .character(let character) = cell else { return Shown(text: "\u{fffd}", width: 1) }
    if character == "\t" {
      let width = 8 - column % 8
      return Shown(text: String(repeating: " ", count: width), width: width)
    }
    if let ascii = character.asciiValue, ascii >= 0x20, ascii < 0x7f { return Shown(text: String(character), width: 1) }
    let text = SafeText.line(String(character))
    let width = TextWidth.of(character)
    // A character of its own that cannot be seen can neither be found nor erased.
    guard width > 0, text == String(character) else { return Shown(text: "\u{fffd}", width: 1) }
    return Shown(text: text, width: width, isDoubtful: width > 1 && character.unicodeScalars.count > 1)
  }
}
