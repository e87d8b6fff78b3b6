import MosaicAICore

extension Session {
  /// Writes what `doctor` has found.
  ///
  /// - Throws: `Failure` with code `usage` or `output_failed`
  func write(_ report: DoctorReport) throws {
    switch try listFormat() {
    case .json:
      try output.write(["ok": .bool(report.checks.firstFailure == nil), "checks": .array(report.records)])
    case .ndjson: try write(lines: report.records)
    case .text where output.isTerminal:
      try output.write(
        report.forPeople(isComplete: diagnostics.level == .verbose, to: output.width, output.style))
    case .text: try output.write(report.tabSeparated)
    }
  }
}

/// The findings of `doctor`.
struct DoctorReport {
  /// In the order they are shown.
  let checks: [Check]
  let words: AdviceWords

  /// The findings as JSON.
  var records: [JSON] { checks.map { $0.record(hint: hint($0)) } }

  /// For programs: status, name, value, origin, message and hint, separated by tabs.
  var tabSeparated: String {
    checks.map { check in
      [
        check.status.word, check.name, check.value ?? "", check.origin ?? "", check.message ?? "", hint(check) ?? "",
      ]
      .map(SafeText.line).joined(separator: "\t") + "\n"
    }.joined()
  }

  /// For people: the verdict, then the problems, then, if asked for, everything else.
  func forPeople(isComplete: Bool, to width: Int, _ style: Style) -> String {
    let problems = checks.filter { $0.status == .error }
    let warnings = checks.filter { $0.status == .warning }
    let others = checks.filter { $0.status == .ok }
    let verdict =
      switch problems.count {
      case 0: style.green("Ready.")
      case 1: style.red("One thing is missing:")
      case let count: style.red("\(grouped(count)) things are missing:")
      }
    let found = aligned(problems + warnings, to: width, style)
    let rest =
      isComplete
      ? aligned(others, to: width, style)
      : style.faint("\(counted(others.count, "check")) passed; -v shows them.") + "\n"
    return verdict + "\n" + (found.isEmpty ? "" : "\n\(found)") + "\n\(rest)"
  }

  /// In columns, broken between words, with what to do below each finding.
  private func aligned(_ checks: [Check], to width: Int, _ style: Style) -> String {
    let nameWidth = checks.map { TextWidth.of($0.name) }.max() ?? 0
    let statusWidth = 7
    return checks.map { check in
      let number = check.value.flatMap { Int($0) }.map(grouped)
      let value = [number ?? check.value, check.origin.map { "(\($0))" }].compactMap { $0 }.joined(separator: " ")
      let text = [value, check.message ?? ""].filter { !$0.isEmpty }.joined(separator: ": ")
      let indent = statusWidth + nameWidth + 4
      let advice = check.advice.map { words.hint($0).lines(width: width - indent, indent: 0) } ?? []
      let lines =
        WordWrap.lines(SafeText.line(text), width: width - indent).split(separator: "\n").map(String.init) + advice
      return check.status.mark(width: statusWidth, style) + "  " + TextWidth.pad(check.name, to: nameWidth) + "  "
        + lines.joined(separator: "\n" + String(repeating: " ", count: indent)) + "\n"
    }.joined()
  }

  private func hint(_ check: Check) -> String? { check.advice.map(words.text) }
}

extension Check.Status {
  /// For people.
  fileprivate var word: String {
    switch self {
    case .ok: "ok"
    case .warning: "warning"
    case .error: "problem"
    }
  }

  /// The word in its color, in a column of that width.
  fileprivate func mark(width: Int, _ style: Style) -> String {
    let word = TextWidth.pad(word, to: width)
    return switch self {
    case .ok: style.green(word)
    case .warning: style.yellow(word)
    case .error: style.red(word)
    }
  }
}
