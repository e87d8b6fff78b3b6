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
      var (line, isFound) = (0, false)
      var word = 0
      // Most words have another beginning: a plain loop, since this takes most of the time.
      for index in 0...bytes.count {
        let byte = index < bytes.count ? bytes[index] : UInt8(ascii: "\n")
        if byte >= 0x61, byte <= 0x7a { continue }
        if !isFound, index > word, index - word >= beginning.count, beginning.isEmpty || bytes[word] == beginning[0] {
          let word = bytes[word..<index]
          isFound = word.starts(with: beginning) && isMatch(WordTable.text(word))
        }
        word = index + 1
        guard byte == UInt8(ascii: "\n") else { continue }
        if isFound {
          let words = bytes[line..<index].split { $0 < 0x61 || $0 > 0x7a }
          lines.append(words.map(WordTable.text))
        }
        (line, isFound) = (index + 1, false)
      }
      return lines
    }
  }

  private static func text(_ word: Slice<UnsafeBufferPointer<UInt8>>) -> String {
    String(decoding: word, as: UTF8.self)
  }
}
