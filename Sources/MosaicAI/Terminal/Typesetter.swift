/// A reply as it comes, set for people who read it on a terminal: broken between words, the lines of list items and
/// quotes hanging, headings and emphasis (Markdown's) shown as such if color is allowed, code left alone.
///
/// Only what may be the beginning of a mark is held back, until it is known whether it is one.
struct Typesetter {
  private enum Place: Equatable {
    /// At the beginning of a line, whose marks are not complete.
    case lineStart
    case text
    /// In a line that is left alone.
    case code
    /// In the line that begins a block of code; with a backtick in it, it does not.
    case fence
  }

  private let isStyled: Bool
  private var wrap: WordWrap
  private var place = Place.lineStart
  /// What may be, or be part of, a mark.
  private var held: [Character] = []
  /// What begins and ends the block of code under way.
  private var fence: (character: Character, count: Int)?
  /// The mark that emphasis under way began with.
  private var (bold, italic): (Character?, Character?) = (nil, nil)
  private var isHeading = false
  /// How many backticks code within a line began with, and how many have come just now.
  private var codeTicks: Int?
  private var ticks = 0
  private var previous: Character?
  /// Whether lines that are set in belong to a list, and are not code.
  private var isInList = false

  /// - Parameters:
  ///   - isStyled: whether headings and emphasis are shown as such, without their marks
  ///   - canRewrite: whether the cursor may be moved back
  ///   - width: of the terminal, whenever a line begins
  init(isStyled: Bool, canRewrite: Bool, width: @escaping () -> Int) {
    self.isStyled = isStyled
    wrap = WordWrap(canRewrite: canRewrite, width: width)
  }

  /// A whole text.
  static func lines(_ text: String, isStyled: Bool, width: Int) -> String {
    var typesetter = Typesetter(isStyled: isStyled, canRewrite: false) { width }
    return typesetter.add(text) + typesetter.end()
  }

  /// The next piece of the reply. It may end anywhere, within a word or a character.
  mutating func add(_ piece: String) -> String {
    var written = ""
    var rest = piece[...]
    if held.isEmpty {
      rest = wrap.joined(piece, &written)
    } else if let last = held.last, let first = piece.first, case let both = String(last) + String(first),
      both.count == 1, let character = both.first
    {
      held.removeLast()
      take(character, &written)
      rest = rest.dropFirst()
    }
    for character in rest { take(character, &written) }
    wrap.endPiece(&written)
    return written
  }

  /// What was held back: nothing more comes.
  mutating func end() -> String {
    var written = ""
    switch place {
    case .lineStart: for character in held { wrap.put(character, Look(), &written) }
    case .text: endRun(before: "\n", &written)
    case .code, .fence: break
    }
    held = []
    wrap.end(&written)
    return written
  }

  private mutating func take(_ character: Character, _ written: inout String) {
    switch place {
    case .lineStart:
      held.append(character)
      beginLine(&written)
    case .text: text(character, &written)
    case .fence where character == "`":
      // Code within a line after all.
      (codeTicks, ticks, fence, place) = (fence?.count, 0, nil, .text)
      text(character, &written)
    case .code, .fence:
      if character.isNewline { endLine(character, &written) } else { wrap.putUnbroken(character, &written) }
    }
  }

  private mutating func endLine(_ character: Character, _ written: inout String) {
    wrap.put(character, look, &written)
    place = .lineStart
    isHeading = false
    previous = nil
  }

  // MARK: The beginning of a line

  /// Writes what is held back if it is known what the line is.
  private mutating func beginLine(_ written: inout String) {
    if fence != nil { return goOnWithCode(&written) }
    guard let marks = LineMarks(held) else { return }
    let line = held
    held = []
    if marks.isBlank || marks.isBlock {
      // No emphasis goes on in another paragraph.
      (bold, italic, codeTicks, ticks) = (nil, nil, nil, 0)
    }
    if marks.hasListItem { isInList = true } else if marks.indent == 0, !marks.isBlank { isInList = false }
    if let found = marks.fence {
      fence = (found.character, found.count)
      place = found.character == "`" ? .fence : .code
    } else if marks.indent >= 4, !isInList, !marks.isBlock, !marks.isBlank {
      place = .code
    } else {
      place = .text
    }
    isHeading = isStyled && marks.heading != nil
    let hidden = isStyled ? marks.heading : nil
    for (index, character) in line[..<marks.end].enumerated() where hidden?.contains(index) != true {
      if place == .text { wrap.put(character, Look(), &written) } else { wrap.putUnbroken(character, &written) }
    }
    wrap.hang = hidden == nil ? marks.hang : 0
    previous = nil
    for character in line[marks.end...] { take(character, &written) }
  }

  /// A line within a block of code: the mark that ends it, or anything else.
  private mutating func goOnWithCode(_ written: inout String) {
    guard let fence else { return }
    let mark = held.drop { $0 == " " }
    let after = mark.drop { $0 == fence.character }
    let isLongEnough = mark.count - after.count >= fence.count
    let mayEnd = after.isEmpty || isLongEnough && after.allSatisfy { $0 == " " || $0.isNewline }
    if mayEnd, held.last?.isNewline != true { return }
    if mayEnd, isLongEnough { self.fence = nil }
    let line = held
    held = []
    place = .code
    for character in line { take(character, &written) }
  }

  // MARK: Within a line

  private mutating func text(_ character: Character, _ written: inout String) {
    if character == "`", held.isEmpty {
      ticks += 1
      return put(character, &written)
    }
    if ticks > 0 {
      codeTicks = codeTicks == nil ? ticks : codeTicks == ticks ? nil : codeTicks
      ticks = 0
    }
    guard isStyled, codeTicks == nil else { return putText(character, &written) }
    if held.first == "\\" {
      held = []
      if !(character.isASCII && (character.isPunctuation || character.isSymbol)) { put("\\", &written) }
      return putText(character, &written)
    }
    if let mark = held.first {
      if character == mark { return held.append(character) }
      endRun(before: character, &written)
      return text(character, &written)
    }
    if character == "*" || character == "_" || character == "\\" { return held.append(character) }
    putText(character, &written)
  }

  private mutating func putText(_ character: Character, _ written: inout String) {
    if character.isNewline { endLine(character, &written) } else { put(character, &written) }
  }

  private mutating func put(_ character: Character, _ written: inout String) {
    wrap.put(character, look, &written)
    previous = character
  }

  private var look: Look {
    var look = Look()
    if bold != nil || isHeading { look.insert(.bold) }
    if italic != nil { look.insert(.italic) }
    return look
  }

  /// What the asterisks or underscores that are held back mean (CommonMark, "Emphasis and strong emphasis").
  private mutating func endRun(before next: Character, _ written: inout String) {
    guard let mark = held.first else { return }
    let count = held.count
    held = []
    func isSpace(_ character: Character?) -> Bool { character?.isWhitespace ?? true }
    func isSign(_ character: Character?) -> Bool { character.map { $0.isPunctuation || $0.isSymbol } ?? false }
    let opens = !isSpace(next) && (!isSign(next) || isSpace(previous) || isSign(previous))
    let closes = !isSpace(previous) && (!isSign(previous) || isSpace(next) || isSign(next))
    // Within a word an underscore is one.
    let mayOpen = opens && (mark == "*" || !closes || isSign(previous))
    let mayClose = closes && (mark == "*" || !opens || isSign(next))
    let isBold = count >= 2
    let isItalic = count != 2
    if mark == "\\" || count > 3 {
      for _ in 0..<count { put(mark, &written) }
    } else if mayClose, !isBold || bold == mark, !isItalic || italic == mark {
      if isBold { bold = nil }
      if isItalic { italic = nil }
      previous = mark
    } else if mayOpen, !isBold || bold == nil, !isItalic || italic == nil {
      if isBold { bold = mark }
      if isItalic { italic = mark }
      previous = mark
    } else {
      for _ in 0..<count { put(mark, &written) }
    }
  }
}

/// What the beginning of a line says about it (CommonMark, "Container blocks" and "Leaf blocks").
struct LineMarks: Equatable {
  /// How many characters the marks take.
  private(set) var end = 0
  /// How far the lines are set in that go on with it, in columns.
  private(set) var hang = 0
  /// How far it is set in itself.
  private(set) var indent = 0
  private(set) var isBlank = false
  private(set) var hasListItem = false
  private var isQuote = false
  /// Where the mark of a heading is, with the space after it.
  private(set) var heading: Range<Int>?
  /// Begins a block of code.
  private(set) var fence: Fence?

  struct Fence: Equatable {
    let character: Character
    let count: Int
  }

  /// Whether a block begins with it.
  var isBlock: Bool { hasListItem || isQuote || heading != nil || fence != nil }

  /// - Parameter line: the beginning of a line, or all of it
  /// - Returns: nil if more has to be known
  init?(_ line: [Character]) { if !read(line) { return nil } }

  /// False if more has to be known.
  private mutating func read(_ line: [Character]) -> Bool {
    func count(from index: Int, _ isCounted: (Character) -> Bool) -> Int {
      line[index...].prefix(while: isCounted).count
    }
    while true {
      let spaces = count(from: end) { $0 == " " }
      let index = end + spaces
      guard index < line.count else { return false }
      if line[index].isNewline {
        isBlank = end == 0
        return true
      }
      if end == 0 { indent = line[index] == "\t" ? 4 : spaces }
      let character = line[index]
      var mark = index
      switch character {
      case ">": mark += 1
      case "-", "*", "+": mark += 1
      case "0"..."9":
        mark += count(from: index) { ("0"..."9").contains($0) }
        if mark - index > 9 { return finish(at: index, spaces) }
        guard mark < line.count else { return false }
        guard line[mark] == "." || line[mark] == ")" else { return finish(at: index, spaces) }
        mark += 1
      case "#": mark += count(from: index) { $0 == "#" }
      case "`", "~": mark += count(from: index) { $0 == character }
      default: return finish(at: index, spaces)
      }
      guard mark < line.count else { return false }
      switch character {
      case "`", "~":
        if mark - index >= 3 { fence = Fence(character: character, count: mark - index) }
        return finish(at: fence == nil ? index : mark, spaces)
      case "#":
        guard line[mark] == " ", mark - index <= 6 else { return finish(at: index, spaces) }
        let after = mark + count(from: mark) { $0 == " " }
        guard after < line.count else { return false }
        heading = index..<after
        return finish(at: after, spaces + after - index)
      case ">":
        isQuote = true
        mark += line[mark] == " " ? 1 : 0
      default:
        guard line[mark] == " " else { return finish(at: index, spaces) }
        hasListItem = true
        mark += 1
      }
      hang += mark - end
      end = mark
    }
  }

  private mutating func finish(at index: Int, _ columns: Int) -> Bool {
    end = index
    hang += columns
    return true
  }
}
