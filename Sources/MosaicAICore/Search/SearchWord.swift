/// A word of a text, as search compares it.
package struct SearchWord: Equatable, Sendable {
  /// Without case and accents.
  package let folded: String
  /// Where it stands, in Unicode scalars of the text.
  package let range: Range<Int>
  /// Whether it is a single character of a script without spaces between words, or a mark of one.
  package var isCharacter = false

  /// Whether it is a symbol, such as an emoji.
  package var isSymbol: Bool { folded.unicodeScalars.first.map(MosaicAICore.isSymbol) ?? false }

  /// The word's stem, which its forms share.
  package var stem: String { EnglishStem.of(folded) }

  /// Whether it can have one of these stems, by their first two letters, which no form changes.
  func mayHave(one stems: [String]) -> Bool {
    stems.contains { stem in
      stem.utf8.count < 3
        ? stem.utf8.first == folded.utf8.first : folded.utf8.prefix(2).elementsEqual(stem.utf8.prefix(2))
    }
  }

  /// The words of a text, in order.
  ///
  /// Letters and digits make words; an apostrophe within an English contraction belongs to it (`don't` is `dont`,
  /// `Ada's` is `ada`). Of scripts without spaces between words, each pair of neighboring characters is a word, so that
  /// any part of such a text can be found. A symbol is a word, without what changes its looks.
  ///
  /// What this gives is kept in the search index of databases. A change needs a migration that empties the index.
  package static func all(in text: String) -> [SearchWord] {
    var reader = WordReader()
    var text = text
    text.withUTF8 { reader.read($0) }
    return reader.words
  }
}

/// Whether a scalar is a symbol by itself, and neither a letter nor a sign of mathematics or punctuation.
private func isSymbol(_ scalar: Unicode.Scalar) -> Bool {
  let properties = scalar.properties
  guard scalar.value >= 0x80, !properties.isAlphabetic, !properties.isEmojiModifier else { return false }
  return properties.generalCategory == .otherSymbol || properties.isEmoji
}

/// Whether a scalar belongs to a script that has no spaces between words, or puts other words to the end of words.
package func isUnspaced(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.value {
  case 0..<0x0e00: false
  case 0x0e00...0x0eff, 0x0f00...0x0fff, 0x1000...0x109f, 0x1780...0x17ff: true  // Thai, Lao, Tibetan, Burmese, Khmer
  case 0x1100...0x11ff, 0xac00...0xd7ff: true  // Hangul
  case 0x3005...0x3007, 0x3040...0x30ff, 0x31f0...0x31ff, 0xff66...0xff9f: true  // Kana
  case 0x3400...0x4dbf, 0x4e00...0x9fff, 0xf900...0xfaff, 0x20000...0x3ffff: true  // Han
  default: false
  }
}

/// Takes words out of UTF-8.
private struct WordReader {
  var words: [SearchWord] = []
  /// The word so far, folded if it is ASCII.
  private var word: [UInt8] = []
  private var isASCII = true
  /// Where the word began, in scalars.
  private var start = 0
  /// Characters of a script without spaces, and where each began.
  private var run: [(text: String, start: Int)] = []

  mutating func read(_ bytes: UnsafeBufferPointer<UInt8>) {
    word.reserveCapacity(32)
    var index = 0
    var position = 0
    while index < bytes.count {
      let byte = bytes[index]
      if byte < 0x80 {
        if WordReader.isASCIIWordByte(byte) {
          if word.isEmpty { begin(position) }
          word.append((0x41...0x5a).contains(byte) ? byte | 0x20 : byte)
        } else if byte == UInt8(ascii: "'"), let length = contraction(bytes, after: index + 1) {
          endContraction(bytes, index + 1, length, end: position + 1 + length)
          index += length
          position += length
        } else {
          end(position)
        }
        index += 1
      } else {
        let (scalar, length) = WordReader.scalar(bytes, index)
        if scalar == "\u{2019}", let count = contraction(bytes, after: index + length) {
          endContraction(bytes, index + length, count, end: position + 1 + count)
          index += count
          position += count
        } else {
          take(scalar, bytes[index..<index + length], at: position)
        }
        index += length
      }
      position += 1
    }
    end(position)
  }

  private mutating func take(_ scalar: Unicode.Scalar, _ bytes: Slice<UnsafeBufferPointer<UInt8>>, at position: Int) {
    let properties = scalar.properties
    if isUnspaced(scalar), properties.isAlphabetic || properties.generalCategory == .nonspacingMark {
      if !word.isEmpty { end(position) }
      if !run.isEmpty, WordReader.isMark(properties) {
        run[run.count - 1].text.unicodeScalars.append(scalar)
      } else {
        run.append((String(scalar), position))
      }
    } else if WordReader.isMark(properties), !run.isEmpty {
      run[run.count - 1].text.unicodeScalars.append(scalar)
    } else if properties.isAlphabetic || WordReader.isNumber(properties)
      || (WordReader.isMark(properties) || WordReader.isInvisibleJoiner(scalar)) && !word.isEmpty
    {
      if word.isEmpty { begin(position) }
      isASCII = false
      if !WordReader.isInvisibleJoiner(scalar) { word.append(contentsOf: bytes) }
    } else {
      end(position)
      if isSymbol(scalar) {
        words.append(SearchWord(folded: String(scalar), range: position..<position + 1))
      }
    }
  }

  private mutating func begin(_ position: Int) {
    endRun(position)
    start = position
    isASCII = true
  }

  private mutating func end(_ position: Int) {
    endRun(position)
    guard !word.isEmpty else { return }
    let text = String(decoding: word, as: UTF8.self)
    words.append(SearchWord(folded: isASCII ? text : text.foldedForSearch, range: start..<position))
    word.removeAll(keepingCapacity: true)
  }

  private mutating func endRun(_ position: Int) {
    guard !run.isEmpty else { return }
    let folded = run.map { $0.text.foldedForSearch }
    for (index, character) in run.enumerated() where run.count == 1 || index + 1 < run.count {
      let isPair = index + 1 < run.count
      let end = index + 2 < run.count ? run[index + 2].start : position
      words.append(
        SearchWord(
          folded: isPair ? folded[index] + folded[index + 1] : folded[index], range: character.start..<end,
          isCharacter: !isPair))
    }
    run.removeAll(keepingCapacity: true)
  }

  /// The length of the letters after an apostrophe, if they are the end of an English contraction or a possessive.
  private func contraction(_ bytes: UnsafeBufferPointer<UInt8>, after index: Int) -> Int? {
    guard !word.isEmpty else { return nil }
    var length = 0
    while length < 3, index + length < bytes.count, WordReader.isASCIIWordByte(bytes[index + length]) { length += 1 }
    let isFollowedByWord =
      index + length < bytes.count && bytes[index + length] >= 0x80
      && WordReader.scalar(bytes, index + length).0.properties.isAlphabetic
    guard !isFollowedByWord else { return nil }
    let letters = (0..<length).map { bytes[index + $0] | 0x20 }
    return WordReader.contractions.contains(letters) ? length : nil
  }

  private static let contractions = Set(["t", "s", "d", "m", "ll", "re", "ve"].map { Array($0.utf8) })

  private mutating func endContraction(
    _ bytes: UnsafeBufferPointer<UInt8>, _ index: Int, _ length: Int, end position: Int
  ) {
    // A possessive is a form of its noun, which the noun alone stands for.
    if length != 1 || bytes[index] | 0x20 != UInt8(ascii: "s") {
      for offset in 0..<length { word.append(bytes[index + offset] | 0x20) }
    }
    end(position)
  }

  private static func isASCIIWordByte(_ byte: UInt8) -> Bool {
    (0x61...0x7a).contains(byte) || (0x41...0x5a).contains(byte) || (0x30...0x39).contains(byte)
  }

  private static func isMark(_ properties: Unicode.Scalar.Properties) -> Bool {
    switch properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark: true
    default: false
    }
  }

  private static func isNumber(_ properties: Unicode.Scalar.Properties) -> Bool {
    switch properties.generalCategory {
    case .decimalNumber, .letterNumber, .otherNumber: true
    default: false
    }
  }

  /// A soft hyphen, or a joiner between letters.
  private static func isInvisibleJoiner(_ scalar: Unicode.Scalar) -> Bool {
    [0xad, 0x200c, 0x200d, 0x2060].contains(scalar.value)
  }

  /// The scalar at `index` of valid UTF-8, and its length in bytes.
  private static func scalar(_ bytes: UnsafeBufferPointer<UInt8>, _ index: Int) -> (Unicode.Scalar, Int) {
    let byte = UInt32(bytes[index])
    func rest(_ offset: Int) -> UInt32 { UInt32(bytes[index + offset]) & 0x3f }
    let (value, length): (UInt32, Int) =
      switch byte {
      case ..<0x80: (byte, 1)
      case ..<0xe0: ((byte & 0x1f) << 6 | rest(1), 2)
      case ..<0xf0: ((byte & 0x0f) << 12 | rest(1) << 6 | rest(2), 3)
      default: ((byte & 0x07) << 18 | rest(1) << 12 | rest(2) << 6 | rest(3), 4)
      }
    return (Unicode.Scalar(value) ?? "\u{fffd}", length)
  }
}

extension String {
  /// The text as search compares it: `folded`, full-width forms of ASCII as ASCII.
  package var foldedForSearch: String {
    let folded = folded
    guard !folded.utf8.allSatisfy({ $0 < 0x80 }) else { return folded }
    var narrow = String.UnicodeScalarView()
    for scalar in folded.unicodeScalars {
      let isWide = ("\u{ff01}"..."\u{ff5e}").contains(scalar)
      narrow.append(isWide ? Unicode.Scalar(scalar.value - 0xfee0) ?? scalar : scalar)
    }
    return String(narrow)
  }
}
