/// How many columns of a terminal text takes.
///
/// As terminals do, it adds up scalars and knows no clusters: a vowel sign of Devanagari takes a column of its own, and
/// so does SARA AM. tmux is the judge.
enum TextWidth {
  static func of(_ text: some StringProtocol) -> Int {
    var cells = Cells()
    return text.unicodeScalars.reduce(0) { $0 + cells.columns(of: $1) }
  }

  /// How many columns a character takes.
  static func of(_ character: Character) -> Int {
    var cells = Cells()
    return character.unicodeScalars.reduce(0) { $0 + cells.columns(of: $1) }
  }

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
  ///
  /// - Parameter isAtEnd: puts the spaces before the text
  static func pad(_ text: String, to width: Int, isAtEnd: Bool = false) -> String {
    let spaces = String(repeating: " ", count: max(0, width - of(text)))
    return isAtEnd ? spaces + text : text + spaces
  }

  /// Whether a character belongs to a script that is written in wide characters, without spaces between words.
  static func isWide(_ character: Character) -> Bool {
    character.unicodeScalars.first.map { columns(of: $0) == 2 } ?? false
  }

  /// Counts the columns of one scalar after another.
  struct Cells {
    /// Whether a zero width joiner came last: terminals draw what follows over what came before it.
    private var isJoined = false

    mutating func columns(of scalar: Unicode.Scalar) -> Int {
      defer { isJoined = scalar.value == 0x200d }
      return isJoined && !scalar.isASCII ? 0 : TextWidth.columns(of: scalar)
    }
  }

  private static func columns(of scalar: Unicode.Scalar) -> Int {
    if scalar.isASCII { return (0x20..<0x7f).contains(scalar.value) ? 1 : 0 }
    switch scalar.value {
    // Signs that stand before a number, and the soft hyphen.
    case 0xad, 0x600...0x605, 0x6dd, 0x70f, 0x890...0x891, 0x8e2, 0x110bd, 0x110cd: return 1
    // Vowels and final consonants of Hangul, drawn into the cell of the first consonant.
    case 0x1160...0x11ff, 0xd7b0...0xd7ff: return 0
    default: break
    }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control, .lineSeparator, .paragraphSeparator: return 0
    default: return isWide(scalar) ? 2 : 1
    }
  }

  /// Whether a scalar takes two columns (Unicode Standard Annex #11).
  private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x1100...0x115f, 0x2329...0x232a, 0x2e80...0x303e, 0x3041...0xa4cf, 0xa960...0xa97c, 0xac00...0xd7a3,
      0xf900...0xfaff, 0xfe10...0xfe19, 0xfe30...0xfe6f, 0xff01...0xff60, 0xffe0...0xffe6, 0x16fe0...0x1b2ff,
      0x1f200...0x1f2ff, 0x20000...0x3fffd:
      true
    // Each half of a flag takes one.
    case 0x1f1e6...0x1f1ff: false
    default: scalar.properties.isEmojiPresentation
    }
  }
}
