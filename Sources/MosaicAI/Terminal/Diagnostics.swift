import MosaicAICore

/// What is said on standard error.
struct Diagnostics: Sendable {
  /// How much is said.
  enum Level: Comparable, Sendable { case quiet, normal, verbose }

  let output: Output
  var level = Level.normal
  var words = AdviceWords()

  /// With another level, and with words for advice.
  func at(_ level: Level, _ words: AdviceWords? = nil) -> Diagnostics {
    Diagnostics(output: output, level: level, words: words ?? self.words)
  }

  /// A failure: what happened in one line, and what to do about it in a second one; on a terminal in as many as are
  /// good to read.
  func fail(_ failure: Failure) {
    write("mosaic-ai: error: ", failure.message, label: output.style.red("mosaic-ai: error: "))
    if let advice = failure.advice { hint(words.hint(advice)) }
  }

  /// Something that the user should know; not with `--quiet`.
  func warn(_ message: String) {
    guard level >= .normal else { return }
    write("mosaic-ai: warning: ", message, label: output.style.yellow("mosaic-ai: warning: "))
  }

  /// Something that the user should know, and what to do about it; not with `--quiet`.
  func warn(_ message: String, _ advice: Advice) {
    guard level >= .normal else { return }
    warn(message)
    hint(words.hint(advice))
  }

  /// A remark about what was done; not with `--quiet`.
  func remark(_ message: String) {
    if level >= .normal { write("", message, label: "") }
  }

  /// A remark with command lines to copy; not with `--quiet`.
  func remark(_ hint: Hint) {
    guard level >= .normal else { return }
    guard output.isTerminal else { return write("\(SafeText.line(hint.line))\n") }
    write(hint.lines(width: output.width, indent: 0).joined(separator: "\n") + "\n")
  }

  /// Something said by the way, on a terminal in faint letters; not with `--quiet`.
  func aside(_ message: String) {
    if level >= .normal { write(output.style.faint(SafeText.line(message)) + "\n") }
  }

  /// How far something is, on a line of a terminal that each call writes over; nil erases it.
  func progress(_ message: String?) {
    guard level >= .normal, output.isTerminal, output.style.hasColor else { return }
    let text = message.map { TextWidth.fit(SafeText.line($0), in: max(1, output.width - 1)) } ?? ""
    write("\r\u{1b}[K" + output.style.faint(text) + (text.isEmpty ? "" : "\r"))
  }

  /// What is being done; only with `--verbose`.
  func note(_ message: @autoclosure () throws -> String) rethrows {
    if level == .verbose { write("mosaic-ai: \(SafeText.line(try message()))\n") }
  }

  private func hint(_ hint: Hint) {
    guard output.isTerminal else { return write("hint: \(SafeText.line(hint.line))\n") }
    let lines = hint.lines(width: output.width, indent: 6)
    write(output.style.bold("hint:") + " " + lines.joined(separator: "\n") + "\n")
  }

  /// A message of one line; on a terminal broken between words, what follows the first line set in.
  ///
  /// - Parameters:
  ///   - start: of the line
  ///   - label: the same, styled
  private func write(_ start: String, _ message: String, label: String) {
    let message = SafeText.line(message)
    guard output.isTerminal else { return write("\(start)\(message)\n") }
    let lines = WordWrap.lines(start + message, width: output.width - (start.isEmpty ? 0 : 2))
    let set = lines.dropFirst(start.count).split(separator: "\n", omittingEmptySubsequences: false)
      .joined(separator: start.isEmpty ? "\n" : "\n  ")
    write("\(label)\(set)\n")
  }

  /// If standard error itself fails, there is nobody left to tell.
  private func write(_ text: String) { try? output.write(text) }
}
