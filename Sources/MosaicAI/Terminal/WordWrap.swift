/// Text as it comes, broken between words so that a line fits a terminal.
///
/// A word that is longer than the line is never broken, so that a URL stays one. Where the cursor may be moved back,
/// nothing is held back: the beginning of a word that turns out not to fit is wiped out again and written on the next
/// line. Elsewhere, a word is written when its place is known. The last column stays free: terminals differ in what
/// they do there.
struct WordWrap {
  private struct Cell {
    var character: Character
    let look: Look
  }

  /// How wide the terminal is now; a line under way keeps to what it began with.
  private let width: () -> Int
  private let canRewrite: Bool
  /// How many columns the line may take; nil before its first character.
  private var limit: Int?
  /// How far lines are set in that go on with the same line of the text.
  var hang = 0
  /// Where the word under way begins with the white space before it, and how many columns both take.
  private var start = 0
  private var wordWidth = 0
  /// The word under way, how many of its cells are white space before it, and how much of it has been written.
  private var word: [Cell] = []
  private var gap = (count: 0, width: 0)
  private var (shown, shownWidth) = (0, 0)
  /// The character before, which the next scalar may belong to.
  private(set) var last: Character?
  /// Whether that one is a word of its own, which may move to the next line.
  private var isLastMovable = false
  /// How the terminal writes now.
  private var look = Look()

  /// - Parameters:
  ///   - width: of the terminal, whenever a line begins
  ///   - canRewrite: whether the cursor may be moved back
  init(canRewrite: Bool = true, width: @escaping () -> Int) {
    self.width = width
    self.canRewrite = canRewrite
  }

  /// A whole text.
  static func lines(_ text: String, width: Int) -> String {
    var wrap = WordWrap(canRewrite: false) { width }
    var written = wrap.add(text)
    wrap.end(&written)
    return written
  }

  /// The next piece of a text, with what makes it fit. Pieces may end anywhere, within a word or a character.
  mutating func add(_ piece: String) -> String {
    var written = ""
    for character in joined(piece, &written) { put(character, Look(), &written) }
    endPiece(&written)
    return written
  }

  /// A piece without what belongs to the character before it, which is written.
  mutating func joined(_ piece: String, _ written: inout String) -> Substring {
    guard let last, let first = piece.first, last.asciiValue == nil || first.asciiValue == nil else {
      return piece[...]
    }
    let whole = String(last) + piece
    let known = last.unicodeScalars.count
    guard let character = whole.first, character.unicodeScalars.count > known else { return piece[...] }
    let added = String(String.UnicodeScalarView(character.unicodeScalars.dropFirst(known)))
    let difference = TextWidth.of(character) - TextWidth.of(last)
    let isTooLong = start + wordWidth + difference > currentLimit()
    if word.isEmpty {
      let width = TextWidth.of(last)
      if isTooLong, canRewrite, isLastMovable, start - width > margin {
        // A character of a script without spaces has grown beyond the line.
        written += String(repeating: "\u{8}", count: width) + "\u{1b}[K\n" + String(repeating: " ", count: margin)
        written += String(character)
        (start, limit) = (margin + width + difference, nil)
      } else {
        start += difference
        written += added
      }
    } else {
      word[word.count - 1].character = character
      wordWidth += difference
      if isTooLong, start > margin {
        moveWord(&written)
      } else if shown == word.count {
        shownWidth += difference
        written += added
      }
    }
    self.last = character
    return whole.dropFirst()
  }

  /// Adds a character.
  mutating func put(_ character: Character, _ look: Look, _ written: inout String) {
    (last, isLastMovable) = (character, false)
    if character.isNewline {
      end(&written)
      written += "\n"
      (start, limit, hang) = (0, nil, 0)
      return
    }
    if WordWrap.isSpace(character) {
      if word.count > gap.count { finish(&written) }
      let width = character == "\t" ? 8 - (start + wordWidth) % 8 : TextWidth.of(character)
      guard start + wordWidth + width <= currentLimit() else {
        // What would stand beyond the end of the line is not missed there, but the line is full.
        start = max(start, currentLimit() - wordWidth)
        return
      }
      word.append(Cell(character: character, look: look))
      wordWidth += width
      gap = (word.count, wordWidth)
      return
    }
    let columns = TextWidth.of(character)
    // Scripts whose characters are wide have no spaces between words.
    let isWide = TextWidth.isWide(character)
    if isWide, word.count > gap.count { finish(&written) }
    if start + wordWidth + columns > currentLimit(), start > 0, start > margin { moveWord(&written) }
    word.append(Cell(character: character, look: look))
    wordWidth += columns
    guard isWide else { return }
    finish(&written)
    isLastMovable = true
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

  /// Adds a character to the line under way however long that is.
  mutating func putUnbroken(_ character: Character, _ written: inout String) {
    finish(&written)
    (last, isLastMovable) = (character, false)
    write(Cell(character: character, look: Look()), &written)
    start += character == "\t" ? 8 - start % 8 : TextWidth.of(character)
  }

  /// Writes what can be taken back again: nothing more may come for a while.
  mutating func endPiece(_ written: inout String) { if canRewrite { writeWord(&written) } }

  private mutating func writeWord(_ written: inout String) {
    // White space is not missed before a word that is yet to come.
    guard word.count > gap.count else { return }
    for cell in word[shown...] { write(cell, &written) }
    (shown, shownWidth) = (word.count, wordWidth)
  }

  /// Writes what is held back, and makes the terminal write as usual.
  mutating func end(_ written: inout String) {
    finish(&written)
    setLook(Look(), &written)
  }

  /// The word under way is at its end.
  private mutating func finish(_ written: inout String) {
    writeWord(&written)
    start += wordWidth
    (word, wordWidth, shown, shownWidth, gap) = ([], 0, 0, 0, (0, 0))
  }

  /// Moves the word under way to a new line.
  private mutating func moveWord(_ written: inout String) {
    setLook(Look(), &written)
    if shownWidth > 0 {
      written += String(repeating: "\u{8}", count: shownWidth) + "\u{1b}[K"
    }
    written += "\n" + String(repeating: " ", count: margin)
    limit = nil
    word.removeFirst(gap.count)
    (start, wordWidth, shown, shownWidth, gap) = (margin, wordWidth - gap.width, 0, 0, (0, 0))
  }

  /// How far a line is indented, which leaves room for words on narrow terminals.
  private var margin: Int { min(hang, max(4, width() - 1) / 2) }

  private mutating func currentLimit() -> Int {
    if let limit { return limit }
    let current = max(4, width() - 1)
    limit = current
    return current
  }

  private mutating func write(_ cell: Cell, _ written: inout String) {
    setLook(cell.look, &written)
    written.append(cell.character)
  }

  private mutating func setLook(_ new: Look, _ written: inout String) {
    guard new != look else { return }
    written += new.sequence(after: look)
    look = new
  }
}
