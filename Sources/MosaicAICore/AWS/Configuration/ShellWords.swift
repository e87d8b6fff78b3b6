/// Splits `text` into words as a POSIX shell and Python's `shlex.split` do: with quotes and backslashes, but without
/// variables, globs and comments. Nil if a quote is left open or a backslash ends the text.
package func shellWords(_ text: String) -> [String]? {
  /// The part of a word that comes next.
  enum State {
    case between, word, single, double
    case escaped(inDoubleQuotes: Bool)
  }
  var state = State.between
  var words: [String] = []
  var word = String.UnicodeScalarView()
  for scalar in text.unicodeScalars {
    switch (state, scalar) {
    case (.between, " "), (.between, "\t"), (.between, "\r"), (.between, "\n"): break
    case (.word, " "), (.word, "\t"), (.word, "\r"), (.word, "\n"):
      words.append(String(word))
      word = String.UnicodeScalarView()
      state = .between
    case (.between, "\\"), (.word, "\\"): state = .escaped(inDoubleQuotes: false)
    case (.between, "'"), (.word, "'"): state = .single
    case (.between, "\""), (.word, "\""): state = .double
    case (.single, "'"), (.double, "\""): state = .word
    case (.double, "\\"): state = .escaped(inDoubleQuotes: true)
    case (.escaped(inDoubleQuotes: true), _):
      if scalar != "\\" && scalar != "\"" { word.append("\\") }
      word.append(scalar)
      state = .double
    case (.single, _), (.double, _): word.append(scalar)
    case (.between, _), (.word, _), (.escaped, _):
      word.append(scalar)
      state = .word
    }
  }
  switch state {
  case .between: return words
  case .word: return words + [String(word)]
  case .single, .double, .escaped: return nil
  }
}
