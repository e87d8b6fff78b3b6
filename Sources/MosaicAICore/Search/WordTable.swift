import Platform

/// Lines of lowercase words in ASCII, which are looked through as they are: a command looks up a few words only, and
/// to make a dictionary first takes longer than that.
struct WordTable: Sendable {
  private let text: StaticString

  /// - Parameter text: a line for each group of words; what separates words is anything but a letter
  init(_ text: StaticString) { self.text = text }

  /// The words of each line with a word that has this beginning, of one letter at least, and that `isMatch` accepts.
  func lines(withWordFrom beginning: String, where isMatch: (String) -> Bool) -> [[String]] {
    let beginning = Array(beginning.utf8)
    guard let first = beginning.first else { return [] }
    return text.withUTF8Buffer { bytes in
      var lines: [[String]] = []
      var position = 0
      while let word = WordTable.position(of: first, in: bytes, from: position) {
        position = word + 1
        let isBeginning = word == 0 || !WordTable.isLetter(bytes[word - 1])
        guard isBeginning, bytes[word...].starts(with: beginning) else { continue }
        let end = bytes[word...].firstIndex { !WordTable.isLetter($0) } ?? bytes.endIndex
        position = end
        guard isMatch(WordTable.text(bytes[word..<end])) else { continue }
        let lineBreak = UInt8(ascii: "\n")
        let start = bytes[..<word].lastIndex(of: lineBreak).map { $0 + 1 } ?? 0
        position = WordTable.position(of: lineBreak, in: bytes, from: end) ?? bytes.endIndex
        lines.append(bytes[start..<position].split { !WordTable.isLetter($0) }.map(WordTable.text))
      }
      return lines
    }
  }

  /// Where a byte is next. The system's search for one takes many at a time.
  private static func position(of byte: UInt8, in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
    guard let base = bytes.baseAddress, let found = memchr(base + start, Int32(byte), bytes.count - start) else {
      return nil
    }
    return UnsafeRawPointer(base).distance(to: found)
  }

  private static func isLetter(_ byte: UInt8) -> Bool { byte >= 0x61 && byte <= 0x7a }

  private static func text(_ word: Slice<UnsafeBufferPointer<UInt8>>) -> String {
    String(decoding: word, as: UTF8.self)
  }
}
