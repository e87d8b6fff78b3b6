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

/// `text` with every `%XX` as its byte; nil if an escape is incomplete or the result is not UTF-8.
func percentDecoded(_ text: some StringProtocol) -> String? {
  var bytes: [UInt8] = []
  var rest = Array(text.utf8)[...]
  while let byte = rest.popFirst() {
    guard byte == UInt8(ascii: "%") else {
      bytes.append(byte)
      continue
    }
    let digits = String(decoding: rest.prefix(2), as: UTF8.self)
    guard rest.count >= 2, digits.allSatisfy(\.isHexDigit), let escaped = UInt8(digits, radix: 16) else { return nil }
    bytes.append(escaped)
    rest = rest.dropFirst(2)
  }
  return String(validating: bytes, as: UTF8.self)
}

/// `text` in quotes for an error message, at most 80 characters of it.
func quotedShort(_ text: String) -> String { text.count > 80 ? "'\(text.prefix(80))…'" : "'\(text)'" }
