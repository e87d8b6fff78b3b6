/// The stems of English words (M. F. Porter, "An algorithm for suffix stripping", Program 14(3), 1980; y after a
/// consonant as in his later algorithm).
enum EnglishStem {
  /// The stem of a folded word. Words with anything but the letters a to z are their own stems.
  static func of(_ word: String) -> String {
    guard word.utf8.count > 2, word.utf8.allSatisfy({ (0x61...0x7a).contains($0) }) else { return word }
    var stem = PorterStem(word)
    return stem.strip()
  }

  /// The stems of all forms of a folded word: its own first, and those that irregular verbs and nouns have.
  static func all(ofForms word: String) -> [String] {
    let own = of(word)
    var lines = irregular(word)
    if lines.isEmpty { lines = irregular(own) }
    return [own] + lines.joined().map(of).filter { $0 != own }
  }

  /// The forms of the words that a word is a form of.
  private static func irregular(_ word: String) -> [[String]] {
    irregularForms.lines(withWordFrom: word) { $0 == word }
  }
}

/// One word while its suffixes are stripped. The steps are those of the paper.
private struct PorterStem {
  private var letters: [UInt8]

  init(_ word: String) { letters = Array(word.utf8) }

  mutating func strip() -> String {
    step1a()
    step1b()
    if ends("y"), letters.count > 2, isConsonant(letters.count - 2) { letters[letters.count - 1] = UInt8(ascii: "i") }
    replaceFirst(PorterStem.step2, minimumMeasure: 1)
    replaceFirst(PorterStem.step3, minimumMeasure: 1)
    step4()
    step5()
    return String(decoding: letters, as: UTF8.self)
  }

  private mutating func step1a() {
    if ends("sses") || ends("ies") {
      letters.removeLast(2)
    } else if ends("s"), !ends("ss") {
      letters.removeLast()
    }
  }

  private mutating func step1b() {
    if ends("eed") {
      if measure(letters.count - 3) > 0 { letters.removeLast() }
      return
    }
    guard let suffix = ["ed", "ing"].first(where: { ends($0) && hasVowel(letters.count - $0.utf8.count) }) else {
      return
    }
    letters.removeLast(suffix.utf8.count)
    if ends("at") || ends("bl") || ends("iz") {
      letters.append(UInt8(ascii: "e"))
    } else if endsWithDoubleConsonant, !ends("l"), !ends("s"), !ends("z") {
      letters.removeLast()
    } else if measure(letters.count) == 1, endsWithShortSyllable(letters.count) {
      letters.append(UInt8(ascii: "e"))
    }
  }

  private static let step2 = [
    ("ational", "ate"), ("tional", "tion"), ("enci", "ence"), ("anci", "ance"), ("izer", "ize"), ("bli", "ble"),
    ("alli", "al"), ("entli", "ent"), ("eli", "e"), ("ousli", "ous"), ("ization", "ize"), ("ation", "ate"),
    ("ator", "ate"), ("alism", "al"), ("iveness", "ive"), ("fulness", "ful"), ("ousness", "ous"), ("aliti", "al"),
    ("iviti", "ive"), ("biliti", "ble"), ("logi", "log"),
  ]

  private static let step3 = [
    ("icate", "ic"), ("ative", ""), ("alize", "al"), ("iciti", "ic"), ("ical", "ic"), ("ful", ""), ("ness", ""),
  ]

  private static let step4Suffixes = [
    "ement", "ance", "ence", "able", "ible", "ment", "ant", "ent", "ion", "ism", "ate", "iti", "ous", "ive", "ize",
    "al",
    "er", "ic", "ou",
  ]

  private mutating func replaceFirst(_ suffixes: [(String, String)], minimumMeasure: Int) {
    guard let (suffix, replacement) = suffixes.first(where: { ends($0.0) }),
      measure(letters.count - suffix.utf8.count) >= minimumMeasure
    else { return }
    letters.removeLast(suffix.utf8.count)
    letters.append(contentsOf: replacement.utf8)
  }

  private mutating func step4() {
    guard let suffix = PorterStem.step4Suffixes.first(where: { ends($0) }) else { return }
    let rest = letters.count - suffix.utf8.count
    guard measure(rest) > 1 else { return }
    if suffix == "ion" {
      guard rest > 0, [UInt8(ascii: "s"), UInt8(ascii: "t")].contains(letters[rest - 1]) else { return }
    }
    letters.removeLast(suffix.utf8.count)
  }

  private mutating func step5() {
    if ends("e") {
      let rest = letters.count - 1
      let measure = measure(rest)
      if measure > 1 || measure == 1 && !endsWithShortSyllable(rest) { letters.removeLast() }
    }
    if ends("ll"), measure(letters.count - 1) > 1 { letters.removeLast() }
  }

  private func ends(_ suffix: String) -> Bool {
    let count = suffix.utf8.count
    return count <= letters.count && letters[(letters.count - count)...].elementsEqual(suffix.utf8)
  }

  private func isConsonant(_ index: Int) -> Bool {
    switch letters[index] {
    case UInt8(ascii: "a"), UInt8(ascii: "e"), UInt8(ascii: "i"), UInt8(ascii: "o"), UInt8(ascii: "u"): false
    case UInt8(ascii: "y"): index == 0 || !isConsonant(index - 1)
    default: true
    }
  }

  private func hasVowel(_ count: Int) -> Bool { (0..<count).contains { !isConsonant($0) } }

  private var endsWithDoubleConsonant: Bool {
    letters.count > 1 && letters[letters.count - 1] == letters[letters.count - 2] && isConsonant(letters.count - 1)
  }

  /// Whether the first `count` letters end as in -wil or -hop: consonant, vowel, consonant other than w, x and y.
  private func endsWithShortSyllable(_ count: Int) -> Bool {
    guard count > 2, isConsonant(count - 3), !isConsonant(count - 2), isConsonant(count - 1) else { return false }
    return ![UInt8(ascii: "w"), UInt8(ascii: "x"), UInt8(ascii: "y")].contains(letters[count - 1])
  }

  /// How many times a vowel is followed by a consonant in the first `count` letters.
  private func measure(_ count: Int) -> Int {
    var measure = 0
    var wasVowel = false
    for index in 0..<count {
      let isConsonant = isConsonant(index)
      if wasVowel, isConsonant { measure += 1 }
      wasVowel = !isConsonant
    }
    return measure
  }
}
