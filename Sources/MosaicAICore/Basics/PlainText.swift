/// A text from elsewhere, made fit for a message: its first line without control characters, cut to `limit` characters.
func printable(_ text: some StringProtocol, limit: Int = 300) -> String {
  let line = text.unicodeScalars.prefix { $0 != "\n" && $0 != "\r" }
  let cleaned = String(
    String.UnicodeScalarView(line.filter { $0 == " " || !$0.properties.isWhitespace && !isInvisible($0) }))
  return cleaned.count > limit ? "\(cleaned.prefix(limit))…" : cleaned
}

/// Whether a scalar controls how others are shown and is not shown itself.
private func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
  [.control, .format].contains(scalar.properties.generalCategory)
}

/// `1 message`, `2 messages`, `2 legacies`; thousands separated above 9,999.
package func counted(_ count: Int, _ thing: String) -> String {
  let plural = thing.hasSuffix("y") && !thing.hasSuffix("ay") ? "\(thing.dropLast())ies" : "\(thing)s"
  return "\(grouped(count)) \(count == 1 ? thing : plural)"
}

/// `9999`, `10,000`: thousands separated above 9,999.
package func grouped(_ number: Int) -> String {
  let digits = Array(String(number.magnitude))
  guard digits.count > 4 else { return String(number) }
  let groups = digits.enumerated().map { index, digit in
    (index > 0 && (digits.count - index) % 3 == 0 ? "," : "") + String(digit)
  }
  return (number < 0 ? "-" : "") + groups.joined()
}

extension Duration {
  /// `2`, `0.5`: seconds, for messages.
  package var secondsText: String {
    milliseconds % 1000 == 0 ? String(milliseconds / 1000) : String(Double(milliseconds) / 1000)
  }

  /// Whole milliseconds, rounded toward zero.
  package var milliseconds: Int { Int(self / .milliseconds(1)) }

  /// That many seconds, to the millisecond: at least one millisecond, at most a billion seconds.
  package static func ofSeconds(_ seconds: Double) -> Duration {
    // What is not a number is not above 0 either.
    guard seconds > 0 else { return .milliseconds(1) }
    return .milliseconds(max(1, Int64(min(seconds, 1e9) * 1000)))
  }
}

/// `text` as one word of a shell.
package func shellQuoted(_ text: String) -> String {
  let isPlain = !text.isEmpty && text.utf8.allSatisfy { isASCIIAlphanumeric($0) || "/._-+@,".utf8.contains($0) }
  return isPlain ? text : "'\(text.replacingScalars("'", with: "'\\''"))'"
}

extension String {
  /// The text with another in place of `part`, also before a mark that combines with its last scalar: to Swift a quote
  /// with an accent is one character and no quote, but not to a shell.
  package func replacingScalars(_ part: String, with other: String) -> String {
    String(unicodeScalars.replacing(part.unicodeScalars, with: other.unicodeScalars))
  }
}
