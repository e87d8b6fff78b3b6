/// Rows of text: columns that fit a terminal, or fields separated by tabs.
struct Table {
  /// A column's heading, and how it gives way on a narrow terminal.
  struct Column {
    let heading: String
    /// Its text may be cut down to so many columns before another is left out; nil: it is not cut until all others are
    /// left out.
    var least: Int?
    /// The column with the lowest of these is left out first; nil: it always stays.
    var rank: Int?
  }

  let columns: [Column]
  let rows: [[String]]

  /// For programs: no headings, a tab between fields.
  var tabSeparated: String {
    rows.map { $0.map(SafeText.line).joined(separator: "\t") + "\n" }.joined()
  }

  /// For people: headings, and texts cut and columns left out so that a line takes `width` columns at the most.
  func fitted(to width: Int, hasColor: Bool) -> String {
    let cells = rows.map { $0.map(SafeText.line) }
    var widths = columns.indices.map { index in
      cells.reduce(TextWidth.of(columns[index].heading)) { max($0, TextWidth.of($1[index])) }
    }
    var shown = Array(columns.indices)
    func needed(_ minimum: (Int) -> Int) -> Int { shown.reduce(2 * (shown.count - 1)) { $0 + minimum($1) } }
    while needed({ min(widths[$0], columns[$0].least ?? widths[$0]) }) > width,
      let first = shown.filter({ columns[$0].rank != nil }).min(by: { columns[$0].rank ?? 0 < columns[$1].rank ?? 0 })
    {
      shown.removeAll { $0 == first }
    }
    // Ids keep the eight characters that are commonly needed; on a very narrow terminal all the rest gives way.
    let floors: [(Int) -> Int] = [
      { columns[$0].least ?? .max }, { columns[$0].least == nil ? .max : 8 }, { _ in 8 }, { $0 > 0 ? 1 : 8 },
    ]
    for floor in floors {
      while needed({ widths[$0] }) > width,
        let widest = shown.filter({ widths[$0] > floor($0) }).max(by: { widths[$0] < widths[$1] })
      {
        widths[widest] -= 1
      }
    }
    func line(_ fields: [String]) -> String {
      let padded = shown.map { TextWidth.pad(TextWidth.fit(fields[$0], in: widths[$0]), to: widths[$0]) }.joined(
        separator: "  ")
      return String(padded.reversed().drop { $0 == " " }.reversed())
    }
    let heading = line(columns.map(\.heading))
    return ([hasColor ? "\u{1b}[1m\(heading)\u{1b}[0m" : heading] + cells.map(line)).map { $0 + "\n" }.joined()
  }
}
