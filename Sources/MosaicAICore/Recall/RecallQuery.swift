/// The words of a new message that earlier ones are searched for.
package struct RecallQuery: Equatable, Sendable {
  /// A word to look for, and how much it counts.
  package struct Term: Equatable, Sendable {
    package let clause: SearchQuery.Clause
    /// How much it counts, apart from how rare it is.
    let importance: Double
    /// How much it counts if it is anything but rare.
    var importanceIfCommon: Double?

    /// Whether it only helps to find what the words of the message itself are about.
    package var isSecondary: Bool { importance < 1 }

    /// How much it counts if `count` of `total` messages have it.
    package func weight(count: Int, total: Int) -> Double {
      let isCommon = count > max(Term.few, total * Term.commonPercentage / 100)
      return Relevance.weight(count: count, total: total) * (isCommon ? importanceIfCommon ?? importance : importance)
    }

    private static let (few, commonPercentage) = (8, 3)
  }

  /// Each word once.
  package let terms: [Term]

  /// At most this many words of a message are looked for, the first ones.
  private static let mostWords = 150
  /// A message of more words than this needs no others to say what it is about.
  private static let manyWords = 15
  /// Fewer words than this say too little by themselves: what was said just before counts as well.
  private static let fewWords = 2

  /// - Parameters:
  ///   - message: the new message
  ///   - before: what was said just before, the last first
  package init(_ message: String, after before: [String] = [], _ tuning: RecallTuning = .standard) {
    var terms = RecallQuery.terms(message, tuning)
    if terms.count < RecallQuery.fewWords, tuning.weightOfBefore > 0 {
      for text in before.prefix(2) {
        for term in RecallQuery.terms(text, tuning) where !terms.contains(where: { $0.clause == term.clause }) {
          terms.append(Term(clause: term.clause, importance: tuning.weightOfBefore))
        }
      }
    }
    if terms.count <= RecallQuery.manyWords { terms += RecallQuery.more(message, except: terms, tuning) }
    self.terms = terms
  }

  /// The words that tell texts apart, each once.
  private static func terms(_ text: String, _ tuning: RecallTuning) -> [Term] {
    let language = Language.of(text)
    let names = language == .english ? RecallQuery.names(text) : []
    var terms: [Term] = []
    var known: Set<[String]> = []
    for word in SearchWord.all(in: text)
    where !word.isSymbol && (!tuning.leavesOutStopWords || !language.stopWords.contains(word.folded)) {
      let stems =
        tuning.knowsIrregularForms ? EnglishStem.all(ofForms: word.folded) : [EnglishStem.of(word.folded)]
      guard known.insert(stems).inserted else { continue }
      let isName = names.contains(word.folded)
      terms.append(
        Term(clause: .stems(stems), importance: 1, importanceIfCommon: isName ? tuning.weightOfCommonName : nil))
      if terms.count == mostWords { break }
    }
    return terms
  }

  /// Other words that earlier messages may use instead of those of a text.
  private static func more(_ text: String, except terms: [Term], _ tuning: RecallTuning) -> [Term] {
    let known = terms.reduce(into: Set<String>()) { known, term in
      if case .stems(let stems) = term.clause { known.formUnion(stems) }
    }
    let language = Language.of(text)
    var more: [Term] = []
    for word in SearchWord.all(in: text) where !language.stopWords.contains(word.folded) {
      if language == .english, tuning.weightOfRelated > 0 {
        let related = RelatedWords.stems(relatedTo: word.folded).filter { !known.contains($0) }
        if !related.isEmpty { more.append(Term(clause: .stems(related), importance: tuning.weightOfRelated)) }
      }
      if tuning.weightOfPart > 0, let part = WordPart.part(of: word, isEnglish: language == .english) {
        more.append(Term(clause: .part(part), importance: tuning.weightOfPart))
      }
    }
    return more.reduce(into: []) { terms, term in if !terms.contains(term) { terms.append(term) } }
  }

  /// The words that begin with a capital letter and not a sentence, folded.
  private static func names(_ text: String) -> Set<String> {
    let scalars = Array(text.unicodeScalars)
    return Set(
      SearchWord.all(in: text).filter { word in
        guard scalars[word.range.lowerBound].properties.isUppercase else { return false }
        let before = scalars[..<word.range.lowerBound].last { !$0.properties.isWhitespace && $0 != "\"" && $0 != "(" }
        return before.map { ![".", "!", "?", ":", "\u{2026}"].contains($0) } ?? false
      }.map(\.folded))
  }
}

/// The part of a word that its forms have in common, in languages whose forms we do not know.
enum WordPart {
  /// - Returns: nil if the forms of the word are known, or a part would say too little
  static func part(of word: SearchWord, isEnglish: Bool) -> String? {
    let scalars = Array(word.folded.unicodeScalars)
    guard let first = scalars.first, !isUnspaced(first), first.properties.isAlphabetic else { return nil }
    switch first.value {
    case 0x0590...0x05ff: return text(strip(scalars, hebrewParticles), least: 3, cut: 2)
    case 0x0600...0x06ff: return text(strip(scalars, arabicParticles), least: 3, cut: 2)
    case ..<0x0250: return isEnglish ? nil : text(scalars[...], least: 4, cut: 3)
    default: return text(scalars[...], least: 4, cut: 3)
    }
  }

  /// The beginning of a word, without as many letters as an ending may have.
  private static func text(_ scalars: ArraySlice<Unicode.Scalar>, least: Int, cut: Int) -> String? {
    guard scalars.count >= least else { return nil }
    var text = String.UnicodeScalarView()
    text.append(contentsOf: scalars.prefix(max(least, scalars.count - cut)))
    return String(text)
  }

  /// The word without what is written together with it: "the", "and", "in" and the like.
  private static func strip(_ scalars: [Unicode.Scalar], _ particles: [[Unicode.Scalar]]) -> ArraySlice<Unicode.Scalar>
  {
    let particle = particles.first { scalars.count >= $0.count + 3 && scalars.starts(with: $0) }
    return scalars.dropFirst(particle?.count ?? 0)
  }

  private static func scalars(_ words: String) -> [[Unicode.Scalar]] {
    words.split(separator: " ").map { Array($0.unicodeScalars) }
  }

  private static let hebrewParticles = scalars("וה שה מה כשה ה ו ב ל מ ש כ")
  private static let arabicParticles = scalars("وال بال كال فال لل ال و ب ل ف ك")
}
