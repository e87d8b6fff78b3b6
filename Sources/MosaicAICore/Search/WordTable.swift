/// Lines of lowercase words in ASCII, which are looked through as they are: a command looks up a few words only, and
/// to make a dictionary first takes longer than that.
struct WordTable: Sendable {
  private let text: StaticString

  /// - Parameter text: a line for each group of words; what separates words is anything but a letter
  init(_ text: StaticString) { self.text = text }

  /// The words of each line with a word that has this beginning and that `isMatch` accepts.
  func lines(withWordFrom beginning: String, where isMatch: (String) -> Bool) -> [[String]] {
    let beginning = Array(beginning.utf8)
    return text.withUTF8Buffer { bytes in
      var lines: [[String]] = []
      var index = 0
      while index < bytes.count {
        let line = bytes[index...].prefix { $0 != UInt8(ascii: "\n") }
        if WordTable.words(line).contains(where: { $0.starts(with: beginning) && isMatch(WordTable.text($0)) }) {
          lines.append(WordTable.words(line).map(WordTable.text))
        }
        index = line.endIndex + 1
      }
      return lines
    }
  }

  private typealias Bytes = Slice<UnsafeBufferPointer<UInt8>>

  private static func words(_ line: Bytes) -> some Sequence<Bytes> {
    sequence(state: line.startIndex) { start in
      guard let first = line[start...].firstIndex(where: isLetter) else { return nil }
      let word = line[first...].prefix(while: isLetter)
      start = word.endIndex
      return word
    }
  }

  private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7a).contains(byte) }

  private static func text(_ word: Bytes) -> String { String(decoding: word, as: UTF8.self) }
}
