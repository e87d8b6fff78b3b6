import Platform
// The standard library decomposes text for its own comparisons; Foundation, which offers it openly, brings ICU along.
@_spi(_Unicode) import Swift

extension StringProtocol {
  /// The text as people compare names: without case and accents (Unicode: case folded, in canonical decomposition,
  /// combining marks removed), and with the plain letters that people type for those that Unicode does not take apart.
  ///
  /// Marks that make another letter stay: those of kana, nuktas, viramas, and vowels that are written as marks.
  package var folded: String {
    // By way of upper case, since some letters have two lower ones: ß and ss, σ and ς.
    let lower = lowercased().uppercased().lowercased()
    guard !lower.utf8.allSatisfy({ $0 < 0x80 }) else { return lower }
    var folded = String.UnicodeScalarView()
    for scalar in lower._nfd where !isAccent(scalar) {
      if let plain = plainLetters(for: scalar) {
        folded.append(contentsOf: plain.unicodeScalars)
      } else {
        folded.append(scalar)
      }
    }
    return String(folded)
  }
}

extension String {
  /// The text in canonical composition (NFC), as most systems write it.
  package var composed: String {
    guard !utf8.allSatisfy({ $0 < 0x80 }) else { return self }
    var composed = String.UnicodeScalarView()
    for scalar in _nfc { composed.append(scalar) }
    return String(composed)
  }

  /// Whether the two are the same byte for byte; for `==`, so are those that differ only in how accents are written.
  package func hasSameBytes(as other: String) -> Bool {
    guard utf8.count == other.utf8.count else { return false }
    let isSame = utf8.withContiguousStorageIfAvailable { bytes in
      other.utf8.withContiguousStorageIfAvailable { others in
        guard let start = bytes.baseAddress, let otherStart = others.baseAddress else { return true }
        return memcmp(start, otherStart, bytes.count) == 0
      }
    }
    return (isSame ?? nil) ?? utf8.elementsEqual(other.utf8)
  }

  /// Whether there is a NUL in it, at which C ends a text.
  var containsNUL: Bool {
    let found = utf8.withContiguousStorageIfAvailable { bytes in
      bytes.baseAddress.map { memchr($0, 0, bytes.count) != nil } ?? false
    }
    return found ?? utf8.contains(0)
  }
}

/// What people type for a letter that has no decomposition; nil for any other.
private func plainLetters(for scalar: Unicode.Scalar) -> String? {
  switch scalar {
  case "ø": "o"
  case "ł": "l"
  case "đ", "ð": "d"
  case "ħ": "h"
  case "æ": "ae"
  case "œ": "oe"
  case "þ": "th"
  default: nil
  }
}

/// Whether a scalar is a combining mark that people leave out.
private func isAccent(_ scalar: Unicode.Scalar) -> Bool {
  let combiningClass = scalar.properties.canonicalCombiningClass.rawValue
  return combiningClass == 1 || combiningClass >= 10
}
