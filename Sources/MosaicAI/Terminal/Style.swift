/// Emphasis on a terminal (ECMA-48, SGR); nothing if color is not welcome.
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
