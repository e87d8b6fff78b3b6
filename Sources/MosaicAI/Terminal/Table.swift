/// Rows of text: columns that fit a terminal, or fields separated by tabs.
struct Table {
  /// A column's heading, and how it gives way on a narrow terminal.
  struct Column {
    let heading: String
    /// Its text may be cut to this width before another column is dropped; nil: not before all others are dropped.
    var minimumWidth: Int?
    /// The column with the lowest number is dropped first; nil: it always stays.
    var dropOrder: Int?
    /// Whether its text stands at its right edge.
    var isNumber: Bool

    init(_ heading: String, minimumWidth: Int? = nil, dropOrder: Int? = nil, isNumber: Bool = false) {
      self.heading = heading
      self.minimumWidth = minimumWidth
      self.dropOrder = dropOrder
      self.isNumber = isNumber
    }
  }

  let columns: [Column]
  let rows: [[String]]

  /// For programs: no headings, a tab between fields.
  var tabSeparated: String {
    rows.map { $0.map(SafeText.line).joined(separator: "\t") + "\n" }.joined()
  }

  /// For people: with headings, texts cut and columns dropped so that a line fits into `width`.
  func fitted(to width: Int, _ style: Style) -> String {
    let cells = rows.map { $0.map(SafeText.line) }
    var widths = columns.indices.map { index in
      cells.reduce(TextWidth.of(columns[index].heading)) { max($0, TextWidth.of($1[index])) }
    }
    var shown = Array(columns.indices)
    func needed(_ minimum: (Int) -> Int) -> Int { shown.reduce(2 * (shown.count - 1)) { $0 + minimum($1) } }
    while needed({ min(widths[$0], columns[$0].minimumWidth ?? widths[$0]) }) > width,
      let first = shown.filter({ columns[$0].dropOrder != nil }).min(by: {
        columns[$0].dropOrder ?? 0 < columns[$1].dropOrder ?? 0
      })
    {
      shown.removeAll { $0 == first }
    }
    // Ids keep the eight characters that are usually needed; on a very narrow terminal everything else gives way.
    let floors: [(Int) -> Int] = [
      { columns[$0].minimumWidth ?? .max }, { columns[$0].minimumWidth == nil ? .max : 8 }, { _ in 8 },
      { $0 > 0 ? 1 : 8 },
    ]
    for floor in floors {
      while needed({ widths[$0] }) > width,
        let widest = shown.filter({ widths[$0] > floor($0) }).max(by: { widths[$0] < widths[$1] })
      {
        widths[widest] -= 1
      }
    }
    func line(_ fields: [String]) -> String {
      let padded = shown.map { index in
        let text = TextWidth.fit(fields[index], in: widths[index])
        return TextWidth.pad(text, to: widths[index], isAtEnd: columns[index].isNumber)
      }.joined(separator: "  ")
      return String(padded.reversed().drop { $0 == " " }.reversed())
    }
    let heading = line(columns.map(\.heading))
    return ([style.bold(heading)] + cells.map(line)).map { $0 + "\n" }.joined()
  }
}
