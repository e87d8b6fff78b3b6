import MosaicAICore

/// What `doctor` writes.
extension Session {
  /// Writes what `doctor` has found.
  ///
  /// - Throws: `Failure` with code `usage` or `output_failed`
  func write(_ checks: [Check]) throws {
    switch try listFormat() {
    case .json:
      try context.output.write(["ok": .bool(checks.firstFailure == nil), "checks": .array(checks.map(\.record))])
    case .ndjson: try context.output.write(checks.map { $0.record.compact + "\n" }.joined())
    case .text:
      let output = context.output
      let report = DoctorReport(checks: checks)
      try output.write(
        output.isTerminal ? report.aligned(to: output.width, hasColor: output.hasColor) : report.tabSeparated)
    }
  }
}

/// The findings of `doctor` as text.
struct DoctorReport {
  /// In the order they are shown.
  let checks: [Check]

  /// For programs: status, name, value, origin, message and hint, a tab between them.
  var tabSeparated: String {
    checks.map { check in
      [check.status.word, check.name, check.value ?? "", check.origin ?? "", check.message ?? "", check.hint ?? ""]
        .map(SafeText.line).joined(separator: "\t") + "\n"
    }.joined()
  }

  /// For people: each in a column of its own, broken between words, and below it what to do.
  func aligned(to width: Int, hasColor: Bool) -> String {
    let nameWidth = checks.map { TextWidth.of($0.name) }.max() ?? 0
    let statusWidth = 7
    return checks.map { check in
      let status = TextWidth.pad(check.status.word, to: statusWidth)
      let mark = hasColor ? "\u{1b}[\(check.status.color)m\(status)\u{1b}[0m" : status
      let value = [check.value, check.origin.map { "(\($0))" }].compactMap { $0 }.joined(separator: " ")
      let text = [value, check.message ?? ""].filter { !$0.isEmpty }.joined(separator: ": ")
      let indent = statusWidth + nameWidth + 4
      let lines = [text, check.hint ?? ""].filter { !$0.isEmpty }.flatMap { text in
        WordWrap.lines(SafeText.line(text), width: width - indent).split(separator: "\n")
      }
      return "\(mark)  \(TextWidth.pad(check.name, to: nameWidth))  "
        + lines.joined(separator: "\n" + String(repeating: " ", count: indent)) + "\n"
    }.joined()
  }
}

/// How a status is shown.
extension Check.Status {
  /// For people.
  fileprivate var word: String {
    switch self {
    case .ok: "ok"
    case .warning: "warning"
    case .error: "problem"
    }
  }

  /// Green, yellow, red (ECMA-48).
  fileprivate var color: Int {
    switch self {
    case .ok: 32
    case .warning: 33
    case .error: 31
    }
  }
}
