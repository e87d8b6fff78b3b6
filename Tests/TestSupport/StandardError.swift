/// What a program said on standard error. This is the only place in the tests that knows how its lines begin.
package struct StandardError: Sendable {
  private static let errorPrefix = "mosaic-ai: error: "
  private static let warningPrefix = "mosaic-ai: warning: "
  private static let hintPrefix = "hint: "
  /// Of every other line but remarks: what is being done, with `--verbose`.
  private static let notePrefix = "mosaic-ai: "

  /// The remark that comes first if the database does not exist yet.
  private static let noDatabase = "There is no database yet."

  package let lines: [String]
  /// The lines without the remark that the database does not exist yet.
  private var said: ArraySlice<String> { lines.first == StandardError.noDatabase ? lines.dropFirst() : lines[...] }

  package init(_ text: String) { lines = text.split(separator: "\n").map(String.init) }

  /// The first error, without its prefix; empty if there is none.
  package var error: String {
    lines.lazy.compactMap { StandardError.text(of: $0, after: StandardError.errorPrefix) }.first ?? ""
  }

  /// The warnings, without their prefix.
  package var warnings: [String] {
    lines.compactMap { StandardError.text(of: $0, after: StandardError.warningPrefix) }
  }

  /// What was done, said without a prefix.
  package var remarks: [String] {
    lines.filter { line in
      ![StandardError.notePrefix, StandardError.hintPrefix].contains { line.hasPrefix($0) }
    }
  }

  /// The first hint, without its prefix; empty if there is none.
  package var hint: String {
    lines.lazy.compactMap { StandardError.text(of: $0, after: StandardError.hintPrefix) }.first ?? ""
  }

  /// Whether there is exactly one error, then its hint, and nothing else.
  package var isErrorAndHint: Bool { said.count == 2 && isErrorFirst && isHint(said.startIndex + 1) }

  /// Whether there is exactly one error, perhaps with a hint, and nothing else.
  package var isErrorWithOrWithoutHint: Bool { isErrorFirst && (said.count == 1 || isErrorAndHint) }

  private var isErrorFirst: Bool {
    said.first.flatMap { StandardError.text(of: $0, after: StandardError.errorPrefix) }.map { !$0.isEmpty } ?? false
  }

  private func isHint(_ index: Int) -> Bool {
    StandardError.text(of: lines[index], after: StandardError.hintPrefix).map { !$0.isEmpty } ?? false
  }

  private static func text(of line: String, after prefix: String) -> String? {
    line.hasPrefix(prefix) ? String(line.dropFirst(prefix.count)) : nil
  }
}
