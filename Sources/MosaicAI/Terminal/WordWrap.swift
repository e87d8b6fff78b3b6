/// Text as it comes, broken between words so that a line fits a terminal.
///
/// A word that is longer than the line is never broken, so that a URL stays one. Nothing is held back: the beginning of a word that turns out not to fit is wiped out again and written on the next
/// line. The last column stays free, since terminals differ in what they do there.
struct WordWrap {
  /// How many columns a line may take.
  private let limit: Int
  /// Where the word under way begins.
  private var start = 0
  /// The word under way.
  private var word = ""

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
    /// The part of the word that stands on the terminal already, and the part that is in this piece.
    var (shown, fresh) = (word, "")
    func finish() {
      wrapped += fresh
      (start, word) = (start + TextWidth.of(word), "")
      (shown, fresh) = ("", "")
    }
    for character in piece {
      if character.isNewline {
        finish()
        wrapped.append(character)
        start = 0
      } else if character.isWhitespace && character != "\u{a0}" {
        finish()
        let width = character == "\t" ? 8 - start % 8 : 1
        // What would stand beyond the end of the line is not missed there.
        if start + width <= limit {
          wrapped.append(character)
          start += width
        }
      } else {
        // Scripts whose characters are wide have no spaces between words.
        if TextWidth.of(character) == 2 { finish() }
        let longer = word + String(character)
        if start + TextWidth.of(longer) > limit {
          if start > 0 {
            let columns = TextWidth.of(shown)
            wrapped +=
              String(repeating: "\u{8}", count: columns) + String(repeating: " ", count: columns) + "\n" + shown
            start = 0
          }
        }
        word.append(character)
        fresh.append(character)
        if TextWidth.of(character) == 2 { finish() }
      }
    }
    wrapped += fresh
    return wrapped
  }
}
