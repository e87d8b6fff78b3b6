/// Text as it comes, broken between words so that a line fits a terminal.
///
/// A word that is longer than the line is never broken, so that a URL stays one. Nothing is held back: the beginning of a
/// word that turns out not to fit is wiped out again and written on the next line. The last column stays free, since
/// terminals differ in what they do there.
struct WordWrap {
  /// How many columns a line may take.
  private let limit: Int
  /// Where the word under way begins.
  private var start = 0
  /// The word under way, and how many columns it takes.
  private var word = ""
  private var columns = 0

  /// - Parameter width: of the terminal
  init(width: Int) { limit = max(4, width - 1) }

  /// A whole text.
  static func lines(_ text: String, width: Int) -> String {
    var wrap = WordWrap(width: width)
    return wrap.add(text)
  }

  /// The next piece of the text, with what makes it fit. Pieces may end anywhere, within a word or a character.
  mutating func add(_ piece: String) -> String {
    var wrapped = ""
    /// What of the word stands on the terminal already, its columns, and what of it is in this piece.
    var (shown, shownColumns, fresh) = (word, columns, "")
    func finish() {
      wrapped += fresh
      start += columns
      (word, columns) = ("", 0)
      (shown, shownColumns, fresh) = ("", 0, "")
    }
    /// Adds what belongs to the word, and the columns that it takes there.
    func add(_ text: String, _ added: Int) {
      if start > 0, start + columns + added > limit {
        wrapped +=
          String(repeating: "\u{8}", count: shownColumns) + String(repeating: " ", count: shownColumns) + "\n" + shown
        start = 0
      }
      word += text
      fresh += text
      columns += added
    }
    // The first scalars of a piece may belong to the last character of the piece before.
    let last = word.last.map { String($0) } ?? ""
    var characters = (last + piece)[...]
    if !last.isEmpty, let first = characters.popFirst(), first.unicodeScalars.count > last.unicodeScalars.count {
      let rest = String(String.UnicodeScalarView(first.unicodeScalars.dropFirst(last.unicodeScalars.count)))
      add(rest, TextWidth.of(first) - TextWidth.of(last))
    }
    for character in characters {
      if character.isNewline {
        finish()
        wrapped += "\n"
        start = 0
      } else if WordWrap.isSpace(character) {
        finish()
        let width = character == "\t" ? 8 - start % 8 : TextWidth.of(character)
        if start + width <= limit {
          wrapped.append(character)
          start += width
        } else {
          // What would stand beyond the end of the line is not missed there, but the line is full.
          start = max(start, limit)
        }
      } else {
        // Scripts whose characters are wide have no spaces between words.
        if let before = word.last, TextWidth.isWide(before) || TextWidth.isWide(character) { finish() }
        let before = word.last.map { String($0) } ?? ""
        add(String(character), TextWidth.of(before + String(character)) - TextWidth.of(before))
      }
    }
    wrapped += fresh
    return wrapped
  }

  /// Whether a line may end after a character that is not missed there: a space, or one without width.
  private static func isSpace(_ character: Character) -> Bool {
    guard character.unicodeScalars.count == 1, let scalar = character.unicodeScalars.first else { return false }
    switch scalar.value {
    // The spaces that keep words together.
    case 0xa0, 0x2007, 0x202f: return false
    case 0x200b: return true
    default: return scalar.properties.isWhitespace
    }
  }
}
