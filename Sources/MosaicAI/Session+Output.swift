import MosaicAICore

/// Writing what a command has found.
extension Session {
  /// The format that was chosen, of those that the command can write.
  ///
  /// - Throws: `Failure` with code `usage` for one that it cannot
  func format<Format: RawRepresentable & CaseIterable>(_ type: Format.Type) throws -> Format
  where Format.RawValue == String {
    let chosen = settings.output
    guard let format = Format(rawValue: chosen.value) else {
      // Server-sent events in the configuration are meant for replies alone.
      let isChosenForAll = if case .option = chosen.origin { false } else { true }
      if isChosenForAll, chosen.value == ReplyFormat.sse.rawValue, let text = Format(rawValue: "text") { return text }
      throw Failure(
        .usage, "this command cannot write \(chosen.value) (\(chosen.origin))",
        advice: .choose(.output, from: Format.allCases.map(\.rawValue)))
    }
    return format
  }

  /// The format of a list.
  ///
  /// - Throws: `Failure` with code `usage` for a format that only replies have
  func listFormat() throws -> OutputFormat { try format(OutputFormat.self) }

  /// Writes a list in the format that was chosen.
  ///
  /// - Throws: `Failure` with code `usage` or `output_failed`
  func write<Element>(_ elements: [Element], record: (Element) -> JSON, table: ([Element]) -> Table) throws {
    switch try listFormat() {
    case .json: try output.write(.array(elements.map(record)))
    case .ndjson: try write(lines: elements.map(record))
    case .text: try write(table(elements))
    }
  }

  /// Writes one object a line.
  ///
  /// - Throws: `Failure` with code `output_failed`
  func write(lines: some Sequence<JSON>) throws {
    var bytes: [UInt8] = []
    for line in lines {
      line.append(to: &bytes)
      bytes.append(UInt8(ascii: "\n"))
      if bytes.count > 256 << 10 {
        try output.write(bytes)
        bytes.removeAll(keepingCapacity: true)
      }
    }
    try output.write(bytes)
  }

  /// Writes a table, for people or for programs.
  ///
  /// - Throws: `Failure` with code `output_failed`
  func write(_ table: Table) throws {
    guard output.isTerminal else { return try output.write(table.tabSeparated) }
    guard !table.rows.isEmpty else { return }
    try output.write(table.fitted(to: output.width, output.style))
  }

  /// Writes one value in the format that was chosen.
  ///
  /// - Throws: `Failure` with code `usage` or `output_failed`
  func write(_ record: JSON, text: @autoclosure () -> String) throws {
    switch try listFormat() {
    case .json: try output.write(record)
    case .ndjson: try write(lines: CollectionOfOne(record))
    case .text: try output.write(text())
    }
  }

  /// Reports what was deleted: as records for programs, and as a remark for people.
  ///
  /// - Parameter remark: if anything was deleted
  /// - Throws: `Failure` with code `usage` or `output_failed`
  func writeDeleted<Kind>(_ ids: [Identifier<Kind>], _ remark: String) throws {
    if try listFormat() == .text {
      diagnostics.remark(ids.isEmpty ? "Nothing was deleted." : remark)
    } else {
      try write(ids, record: { ["id": JSON($0), "deleted": true] }, table: { _ in Table(columns: [], rows: []) })
    }
  }

  /// Text wrapped at words on a terminal, otherwise unchanged.
  func wrapped(_ text: String) -> String { output.isTerminal ? WordWrap.lines(text, width: output.width) : text }

  /// A reply formatted for people on a terminal, otherwise unchanged.
  func typeset(_ text: String) -> String {
    output.isTerminal ? Typesetter.lines(text, isStyled: output.style.hasColor, width: output.width) : text
  }

  /// A time for people on a terminal, otherwise unchanged.
  func time(_ time: Timestamp?) -> String {
    guard let time else { return "" }
    return output.isTerminal ? RelativeTime.describe(time, now: context.now(), in: context.zone) : time.rfc3339
  }

  /// A number for people on a terminal, otherwise unchanged.
  func number(_ number: Int) -> String { output.isTerminal ? grouped(number) : String(number) }

  /// An id; on a terminal, only the part that is usually needed.
  func id<Kind>(_ id: Identifier<Kind>) -> String { output.isTerminal ? id.short : id.rawValue }
}
