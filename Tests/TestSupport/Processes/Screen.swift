import CTestSupport

/// What a terminal of a certain size shows of what was written to it: as much of ECMA-48 as programs here use. What it
/// does not know is a fault of the test.
package struct Screen {
  package private(set) var columns: Int
  package private(set) var rows: Int
  /// From the first line that was ever written; those above the screen are not reached any more.
  private var lines: [[Character?]] = [[]]
  private var top = 0
  package private(set) var row = 0
  package private(set) var column = 0
  /// Sequences that were not understood.
  package private(set) var unknown: [String] = []
  /// Whether the terminal tells what is pasted.
  package private(set) var isBracketingPastes = false

  /// Whether it takes each scalar of a character for one by itself, as some terminals do.
  private let isSimple: Bool

  package init(columns: Int, rows: Int = 24, isSimple: Bool = false) {
    (self.columns, self.rows, self.isSimple) = (columns, rows, isSimple)
  }

  /// What is on it, without blank rows at its end.
  package var text: [String] {
    let shown = lines.map { line in
      String(String(line.compactMap { $0 }).reversed().drop { $0 == " " }.reversed())
    }
    return shown.reversed().drop(while: \.isEmpty).reversed()
  }

  /// The longest row, in columns.
  package var widest: Int { lines.map { $0.lastIndex { $0 != " " }.map { $0 + 1 } ?? 0 }.max() ?? 0 }

  package mutating func write(_ text: String) {
    var rest = Substring(text)
    while let character = rest.popFirst() {
      switch character {
      case "\r": column = 0
      case "\n", "\r\n":
        column = 0
        goDown()
      case "\u{8}": column = max(0, column - 1)
      case "\t": column = min(columns - 1, (column / 8 + 1) * 8)
      case "\u{1b}": obey(&rest)
      default: put(character)
      }
    }
  }

  /// Gives it another width. Rows that are too long are broken, as most terminals do it, and the cursor stays with its
  /// character.
  package mutating func resize(columns new: Int) {
    columns = new
    var broken: [[Character?]] = []
    var position = (row: 0, column: column)
    for (index, line) in lines.enumerated() {
      let before = broken.count
      var rest = line[...]
      repeat {
        broken.append(Array(rest.prefix(new)))
        rest = rest.dropFirst(new)
      } while !rest.isEmpty
      if index == row { position = (before + column / new, column % new) }
    }
    lines = broken
    (row, column) = position
    while lines.count <= row { lines.append([]) }
    top = max(0, lines.count - rows)
  }

  private mutating func goDown() {
    row += 1
    if row == lines.count { lines.append([]) }
    top = max(top, row - rows + 1)
  }

  private mutating func put(_ character: Character) {
    let width = width(of: character)
    if width == 0 {
      // Belongs to the one before.
      let last = lines[row].prefix(column).lastIndex { $0 != nil }
      if let last, let before = lines[row][last] { lines[row][last] = (String(before) + String(character)).first }
      return
    }
    if column + width > columns {
      column = 0
      goDown()
    }
    while lines[row].count < column + width { lines[row].append(" ") }
    lines[row][column] = character
    for next in 0..<width where next > 0 { lines[row][column + next] = nil }
    column += width
  }

  private mutating func obey(_ rest: inout Substring) {
    guard rest.first == "[" else {
      unknown.append("ESC \(rest.prefix(1))")
      return
    }
    rest.removeFirst()
    let parameters = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ";" || $0 == "?") }
    rest = rest.dropFirst(parameters.count)
    guard let final = rest.popFirst() else { return }
    let count = Int(parameters) ?? 1
    switch final {
    case "A": row = max(top, row - count)
    case "B": row = min(max(lines.count, top + rows) - 1, row + count)
    case "C": column = min(columns - 1, column + count)
    case "G": column = min(columns, count) - 1
    case "H": (row, column) = (top, 0)
    case "J" where parameters == "2":
      // A terminal keeps what was there above.
      let (first, position) = (lines.count, row - top)
      lines += Array(repeating: [], count: rows)
      top = first
      row = first + position
    case "J":
      clearLine()
      lines.removeSubrange(min(row + 1, lines.count)...)
    case "K": clearLine()
    case "h", "l":
      guard parameters == "?2004" else { return unknown.append("\(parameters)\(final)") }
      isBracketingPastes = final == "h"
    case "m": break
    default: unknown.append("\(parameters)\(final)")
    }
    while lines.count <= row { lines.append([]) }
  }

  private mutating func clearLine() { lines[row].removeSubrange(min(column, lines[row].count)...) }

  /// How many columns a character takes, as the C library sees its scalars.
  private func width(of character: Character) -> Int {
    let scalars = character.unicodeScalars
    if isSimple { return scalars.reduce(0) { $0 + max(0, Int(test_width($1.value))) } }
    // After a joiner, terminals draw over what came before.
    var (columns, isJoined) = (0, false)
    for scalar in scalars {
      if !isJoined { columns += max(0, Int(test_width(scalar.value))) }
      isJoined = scalar.value == 0x200d
    }
    return columns
  }
}
