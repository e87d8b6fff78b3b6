/// Rows of text: columns that fit a terminal, or fields separated by tabs.
struct Table {
  /// A column's heading, and whether its text may be cut to make the table fit.
  struct Column {
    let heading: String
    var isFlexible = false
  }

  let columns: [Column]
  let rows: [[String]]

  /// For programs: no headings, a tab between fields.
  var tabSeparated: String {
    rows.map { $0.map(SafeText.line).joined(separator: "\t") + "\n" }.joined()
  }

  /// For people: headings, and flexible columns cut so that a line takes `width` columns at the most.
  func fitted(to width: Int, hasColor: Bool) -> String {
    let cells = rows.map { $0.map(SafeText.line) }
    var widths = columns.indices.map { index in
      cells.reduce(TextWidth.of(columns[index].heading)) { max($0, TextWidth.of($1[index])) }
    }
    let gaps = 2 * (columns.count - 1)
    var excess = widths.reduce(gaps, +) - width
    // What may be cut goes first; on a very narrow terminal all columns give way.
    for (mayBeCut, least) in [({ columns[$0].isFlexible }, 8), ({ _ in true }, 5)] as [((Int) -> Bool, Int)] {
      while excess > 0, let widest = columns.indices.filter({ mayBeCut($0) && widths[$0] > least }).max(by: { widths[$0] < widths[$1] }) {
        widths[widest] -= 1
        excess -= 1
      }
    }
    func line(_ fields: [String]) -> String {
      let padded = zip(fields, widths).map { TextWidth.pad(TextWidth.fit($0, in: $1), to: $1) }.joined(separator: "  ")
      return String(padded.reversed().drop { $0 == " " }.reversed())
    }
    let heading = line(columns.map(\.heading))
    return ([hasColor ? "\u{1b}[1m\(heading)\u{1b}[0m" : heading] + cells.map(line)).map { $0 + "\n" }.joined()
  }
}
