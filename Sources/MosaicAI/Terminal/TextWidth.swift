/// How many columns of a terminal text takes (Unicode Standard Annex #11, as terminals have it).
enum TextWidth {
  static func of(_ text: some StringProtocol) -> Int { text.reduce(0) { $0 + of($1) } }

  /// `text`, cut to `width` columns, its last one then `…`.
  static func fit(_ text: String, in width: Int) -> String {
    guard of(text) > width else { return text }
    var fitted = ""
    var used = 0
    for character in text {
      let next = of(character)
      guard used + next < width else { break }
      fitted.append(character)
      used += next
    }
    return width > 0 ? fitted + "…" : ""
  }

  /// `text`, filled up with spaces to `width` columns.
  static func pad(_ text: String, to width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - of(text)))
  }

  /// How many columns a character takes.
  static func of(_ character: Character) -> Int {
    character.unicodeScalars.contains { $0.properties.isEmojiPresentation || $0.value == 0xfe0f }
      ? 2 : character.unicodeScalars.map(of).max() ?? 0
  }

  private static func of(_ scalar: Unicode.Scalar) -> Int {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control: return 0
    default: break
    }
    switch scalar.value {
    case 0x1100...0x115f, 0x2e80...0x303e, 0x3041...0x4dbf, 0x4e00...0xa4cf, 0xa960...0xa97c, 0xac00...0xd7a3,
      0xf900...0xfaff,
      0xfe30...0xfe6f, 0xff00...0xff60, 0xffe0...0xffe6, 0x1b000...0x1b2ff, 0x1f200...0x1f2ff, 0x20000...0x3fffd:
      return 2
    default: return 1
    }
  }
}
