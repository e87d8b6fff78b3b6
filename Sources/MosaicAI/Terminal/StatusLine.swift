import MosaicAICore

/// A faint line on a terminal that is written over again and again.
struct StatusLine: Sendable {
  private let output: Output
  /// How many columns of it stand on the terminal.
  private var columns = 0

  /// - Parameter output: a terminal that can be written over
  init(_ output: Output) { self.output = output }

  /// Shows a text in the place of the one before. A question, for a one-time code for example, is not written over.
  ///
  /// - Parameter texts: from the longest to the shortest: the first that fits is shown, or the last, cut
  mutating func show(_ texts: [String]) {
    guard !TerminalMode.isTakingKeys else { return }
    let room = max(1, output.width - 1)
    let texts = texts.map(SafeText.line)
    let text = TextWidth.fit(texts.first { TextWidth.of($0) <= room } ?? texts.last ?? "", in: room)
    erase()
    try? output.write(output.style.faint(text))
    columns = TextWidth.of(text)
  }

  /// Makes room for another line.
  mutating func erase() {
    guard columns > 0 else { return }
    try? output.write("\r" + String(repeating: " ", count: columns) + "\r")
    columns = 0
  }
}
