extension StringProtocol {
  /// What follows `prefix`; nil if this does not start with it.
  func dropping(prefix: String) -> SubSequence? { hasPrefix(prefix) ? dropFirst(prefix.count) : nil }

  /// Without white space at either end.
  var trimmed: SubSequence {
    guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace }) else {
      return self[endIndex...]
    }
    return self[first...last]
  }
}

/// `text` in quotes for an error message, at most 80 characters of it.
func quotedShort(_ text: String) -> String { text.count > 80 ? "'\(text.prefix(80))…'" : "'\(text)'" }
