import MosaicAICore

/// What is said on standard error.
struct Diagnostics: Sendable {
  /// How much is said.
  enum Level: Comparable, Sendable { case quiet, normal, verbose }

  let output: Output
  var level = Level.normal

  /// With another level.
  func at(_ level: Level) -> Diagnostics { Diagnostics(output: output, level: level) }

  /// A failure: what happened in one line, and a second one with what to do about it.
  func fail(_ failure: Failure) {
    say(failure.message)
    if let hint = failure.hint { write("hint: \(SafeText.line(hint))\n") }
  }

  /// Something one should know; not said with `--quiet`.
  func warn(_ message: String) {
    if level >= .normal { say(message) }
  }

  /// What is being done; said with `--verbose` alone.
  func note(_ message: @autoclosure () -> String) {
    if level == .verbose { say(message()) }
  }

  /// A question, without a line break, for whoever sits at the terminal.
  func ask(_ question: String) { write("\(SafeText.line(question)) ") }

  /// Ends the line of a question that was not answered.
  func endQuestion() { write("\n") }

  private func say(_ message: String) { write("mosaic-ai: \(SafeText.line(message))\n") }

  /// Where standard error itself fails there is nobody left to tell.
  private func write(_ text: String) { try? output.write(text) }
}
