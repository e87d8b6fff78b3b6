/// A text from elsewhere, made fit for a message: its first line without control characters, cut to `limit` characters.
func printable(_ text: some StringProtocol, limit: Int = 300) -> String {
  let line = text.unicodeScalars.prefix { $0 != "\n" && $0 != "\r" }
  let cleaned = String(
    String.UnicodeScalarView(line.filter { $0 == " " || !$0.properties.isWhitespace && !isInvisible($0) }))
  return cleaned.count > limit ? "\(cleaned.prefix(limit))…" : cleaned
}

/// A value that was set or typed, for a message about what it should have been: characters that cannot be seen are
/// written by their numbers (`U+FEFF`), and it is cut to `limit` characters.
func visible(_ value: some StringProtocol, limit: Int = 300) -> String {
  var shown = ""
  for scalar in value.unicodeScalars {
    let isHidden =
      scalar.properties.isWhitespace || isInvisible(scalar) || scalar.properties.isDefaultIgnorableCodePoint
    let isShown = scalar == " " || !isHidden
    shown += isShown ? String(scalar) : scalar.number
    guard shown.utf8.count <= limit * 8 else { break }
  }
  return shown.count > limit ? "\(shown.prefix(limit))…" : shown
}

extension String {
  /// The text with its invisible characters written by their numbers (`U+FEFF`), so that names that look alike can be
  /// told apart. Joiners and the like stay where they belong to a visible character, as in many scripts and in emoji.
  var showingInvisible: String {
    guard !utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7f || $0 == 0x0a || $0 == 0x09 }) else { return self }
    let scalars = Array(unicodeScalars)
    var shown = String.UnicodeScalarView()
    for (index, scalar) in scalars.enumerated() {
      let isHidden: Bool
      if scalar.properties.generalCategory == .control {
        isHidden = scalar != "\n" && scalar != "\t"
      } else if scalar.properties.isDefaultIgnorableCodePoint {
        let last = index > 0 ? scalars[index - 1] : nil
        let next = index + 1 < scalars.count ? scalars[index + 1] : nil
        isHidden = !scalar.isJoined(after: last, before: next)
      } else {
        isHidden = false
      }
      if isHidden { shown.append(contentsOf: scalar.number.unicodeScalars) } else { shown.append(scalar) }
    }
    return String(shown)
  }
}

extension String {
  /// The number of the first character that cannot be seen (`U+FEFF`); nil if all can.
  package var firstInvisible: String? {
    unicodeScalars.first { isInvisible($0) || $0.properties.isDefaultIgnorableCodePoint || $0 == "\u{a0}" }?.number
  }
}

extension Unicode.Scalar {
  /// `U+FEFF`
  fileprivate var number: String {
    let digits = String(value, radix: 16, uppercase: true)
    return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }

  /// Whether it is a joiner, a variation selector or a tag that changes how the one before it is shown.
  fileprivate func isJoined(after last: Unicode.Scalar?, before next: Unicode.Scalar?) -> Bool {
    switch value {
    case 0x200c, 0x200d, 0x034f, 0x180b...0x180f, 0xfe00...0xfe0f, 0xe0020...0xe007f, 0xe0100...0xe01ef:
      last.map { !$0.isASCII && !$0.isByteOrderMark } == true || next == "\u{20e3}"
    default: false
    }
  }
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
