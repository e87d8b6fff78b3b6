/// Emphasis on a terminal (ECMA-48, SGR); nothing if color is not allowed.
struct Style: Sendable {
  let hasColor: Bool

  func bold(_ text: String) -> String { styled(text, 1) }
  func faint(_ text: String) -> String { styled(text, 2) }
  func red(_ text: String) -> String { styled(text, 31) }
  func green(_ text: String) -> String { styled(text, 32) }
  func yellow(_ text: String) -> String { styled(text, 33) }

  private func styled(_ text: String, _ code: Int) -> String {
    hasColor ? "\u{1b}[\(code)m\(text)\u{1b}[0m" : text
  }
}

/// How a character of a text is written.
struct Look: OptionSet {
  let rawValue: Int

  static let bold = Look(rawValue: 1)
  static let italic = Look(rawValue: 2)

  /// What makes a terminal write so from now on.
  ///
  /// - Parameter before: how it has written so far
  func sequence(after before: Look) -> String {
    var codes = isSuperset(of: before) ? [] : ["0"]
    let new = codes.isEmpty ? subtracting(before) : self
    if new.contains(.bold) { codes.append("1") }
    if new.contains(.italic) { codes.append("3") }
    return "\u{1b}[\(codes.joined(separator: ";"))m"
  }
}
