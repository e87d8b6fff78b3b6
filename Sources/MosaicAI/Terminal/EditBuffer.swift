/// A text that is being edited, and where the cursor is in it.
struct EditBuffer {
  /// A unit that the cursor moves over and that is erased as one.
  enum Cell: Equatable {
    case character(Character)
    /// A byte that is not UTF-8. It is kept, so that it can be refused and not silently replaced.
    case invalid(UInt8)

    fileprivate var isSpace: Bool { if case .character(let character) = self { character.isWhitespace } else { false } }
    fileprivate var isPartOfWord: Bool {
      if case .character(let character) = self { character.isLetter || character.isNumber } else { false }
    }
    var isLineBreak: Bool { self == .character("\n") }
    /// Whether a line may end before and after it.
    var isWide: Bool { if case .character(let character) = self { TextWidth.isWide(character) } else { false } }
  }

  private(set) var cells: [Cell] = []
  /// How many cells are before it.
  private(set) var cursor = 0
  /// The word or line that was erased last.
  private var erased: [Cell] = []

  var isEmpty: Bool { cells.isEmpty }
  var isCursorAtEnd: Bool { cursor == cells.count }

  /// The text as it is stored.
  var bytes: [UInt8] {
    cells.reduce(into: []) { bytes, cell in
      switch cell {
      case .character(let character): bytes.append(contentsOf: character.utf8)
      case .invalid(let byte): bytes.append(byte)
      }
    }
  }

  /// Another text, the cursor at its end.
  mutating func replace(with text: [UInt8]) {
    cells = EditBuffer.cells(text)
    cursor = cells.count
  }

  /// Erases everything; it can be yanked.
  mutating func clear() { erase(0..<cells.count, isKept: true) }

  // MARK: Writing

  mutating func insert(_ scalar: Unicode.Scalar) { insert([.character(Character(scalar))]) }

  mutating func insert(invalid byte: UInt8) { insert([.invalid(byte)]) }

  mutating func insert(_ text: [UInt8]) { insert(EditBuffer.cells(text)) }

  mutating func yank() { insert(erased) }

  /// Characters that stand next to each other now may be one, as a letter and its accent are.
  private mutating func insert(_ new: [Cell]) {
    cells.insert(contentsOf: new, at: cursor)
    let end = cursor + new.count
    let after = cells.count - end - (join(at: end) ? 1 : 0)
    join(at: cursor)
    cursor = cells.count - after
  }

  /// Makes the cells before and at an index one, if they are one character.
  @discardableResult
  private mutating func join(at index: Int) -> Bool {
    guard index > 0, index < cells.count, case .character(let left) = cells[index - 1],
      case .character(let right) = cells[index], left != "\r" || right != "\n"
    else { return false }
    let joined = String(left) + String(right)
    guard joined.count == 1, let character = joined.first else { return false }
    cells.replaceSubrange(index - 1...index, with: [.character(character)])
    return true
  }

  private static func cells(_ bytes: [UInt8]) -> [Cell] {
    if let text = String(validating: bytes, as: UTF8.self) {
      // A line break that was typed as two characters stays two.
      return text.reduce(into: []) { cells, character in
        cells += character == "\r\n" ? [.character("\r"), .character("\n")] : [.character(character)]
      }
    }
    var buffer = EditBuffer()
    var rest = bytes[...]
    while let first = rest.first {
      let length = (1...4).first { String(validating: rest.prefix($0), as: UTF8.self) != nil }
      if let length, let scalar = String(decoding: rest.prefix(length), as: UTF8.self).unicodeScalars.first {
        buffer.insert(scalar)
      } else {
        buffer.insert(invalid: first)
      }
      rest = rest.dropFirst(length ?? 1)
    }
    return buffer.cells
  }

  // MARK: Moving

  mutating func move(to index: Int) { cursor = min(max(0, index), cells.count) }
  mutating func moveLeft() { move(to: cursor - 1) }
  mutating func moveRight() { move(to: cursor + 1) }
  mutating func moveWordLeft() { cursor = wordStart }
  mutating func moveWordRight() { cursor = wordEnd }
  mutating func moveToLineStart() { cursor = lineStart }
  mutating func moveToLineEnd() { cursor = lineEnd }

  /// Where the line of the cursor begins.
  var lineStart: Int { cells[..<cursor].lastIndex(where: \.isLineBreak).map { $0 + 1 } ?? 0 }
  /// Where it ends, before its line break.
  var lineEnd: Int { cells[cursor...].firstIndex(where: \.isLineBreak) ?? cells.count }

  private var wordStart: Int {
    let end = cells[..<cursor].lastIndex(where: \.isPartOfWord) ?? 0
    return cells[..<end].lastIndex { !$0.isPartOfWord }.map { $0 + 1 } ?? 0
  }

  private var wordEnd: Int {
    let start = cells[cursor...].firstIndex(where: \.isPartOfWord) ?? cells.count
    return cells[start...].firstIndex { !$0.isPartOfWord } ?? cells.count
  }

  // MARK: Erasing

  mutating func erase() { if cursor > 0 { erase(cursor - 1..<cursor, isKept: false) } }
  mutating func eraseForward() { if !isCursorAtEnd { erase(cursor..<cursor + 1, isKept: false) } }
  mutating func eraseWordBack() { erase(wordStart..<cursor, isKept: true) }
  mutating func eraseWordForward() { erase(cursor..<wordEnd, isKept: true) }

  /// The white space before the cursor, and all before it up to the next white space.
  mutating func eraseWord() {
    let end = cells[..<cursor].lastIndex { !$0.isSpace } ?? 0
    erase((cells[..<end].lastIndex(where: \.isSpace).map { $0 + 1 } ?? 0)..<cursor, isKept: true)
  }

  /// What is before the cursor in its line; at the beginning of a line, the line break.
  mutating func eraseToStart() { erase(min(lineStart, max(0, cursor - 1))..<cursor, isKept: true) }

  /// What is after the cursor in its line; at the end of a line, the line break.
  mutating func eraseToEnd() { erase(cursor..<min(max(lineEnd, cursor + 1), cells.count), isKept: true) }

  private mutating func erase(_ range: Range<Int>, isKept: Bool) {
    guard !range.isEmpty else { return }
    if isKept { erased = Array(cells[range]) }
    cells.removeSubrange(range)
    cursor = range.lowerBound
    join(at: cursor)
    cursor = min(cursor, cells.count)
  }
}
