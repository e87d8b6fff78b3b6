/// What is searched for. Any text is a query.
///
/// Each word has to be there, in any form. Words between double quotes have to be there in that order, as do the parts
/// of a word with a hyphen. A word that ends in `*` stands for all words that begin so. Words of one or two characters,
/// and text of scripts without spaces between words, are found within words too. Emoji and other symbols are words.
package struct SearchQuery: Equatable, Sendable {
  /// One thing that has to be there.
  package enum Clause: Equatable, Sendable {
    /// A word with one of these stems.
    case stems([String])
    /// A word that begins so.
    case prefix(String)
    /// A word that contains this, or has one of these stems.
    case part(String, orStems: [String] = [])
    /// These in a row.
    case phrase([Clause])

    /// Whether one word is meant. A phrase is never one.
    package func matches(_ word: SearchWord) -> Bool {
      switch self {
      case .stems(let stems): word.mayHave(one: stems) && stems.contains(word.stem)
      case .prefix(let prefix): word.folded.utf8.starts(with: prefix.utf8)
      case .part(let part, let stems):
        word.folded.contains(part: part) || word.mayHave(one: stems) && stems.contains(word.stem)
      case .phrase: false
      }
    }

    /// The words of a text that it matches, as positions in `words`: of a phrase, all its words.
    package func matches(in words: [SearchWord]) -> [Range<Int>] {
      switch self {
      case .phrase(let clauses):
        guard words.count >= clauses.count else { return [] }
        return (0...(words.count - clauses.count)).filter { start in
          clauses.enumerated().allSatisfy { $0.element.matches(words[start + $0.offset]) }
        }.map { $0..<$0 + clauses.count }
      default: return words.indices.filter { matches(words[$0]) }.map { $0..<$0 + 1 }
      }
    }

    /// What each word of it has to match; more than one of a phrase.
    package var words: [Clause] { if case .phrase(let clauses) = self { clauses } else { [self] } }

    /// The words of a phrase by themselves, but text without spaces between words as it is.
    fileprivate var apart: [Clause] { words.contains { $0.isUnspaced } ? [self] : words }

    private var isUnspaced: Bool {
      switch self {
      case .stems(let stems): stems.first.map(Clause.isUnspaced) ?? false
      case .prefix(let text), .part(let text, _): Clause.isUnspaced(text)
      case .phrase(let clauses): clauses.contains { $0.isUnspaced }
      }
    }

    private static func isUnspaced(_ text: String) -> Bool {
      text.unicodeScalars.first.map(MosaicAICore.isUnspaced) ?? false
    }
  }

  /// Each once, in the order they were typed.
  package let clauses: [Clause]
  /// What messages may have any of if none has everything: the same, but each part of a word with a hyphen by itself.
  package let loosened: [Clause]

  package init(clauses: [Clause]) { (self.clauses, loosened) = (clauses, clauses) }

  package init(_ text: String) {
    var (clauses, loosened): ([Clause], [Clause]) = ([], [])
    // By scalars: a mark after a space or a quote does not make it another character.
    for (index, part) in text.unicodeScalars.split(
      omittingEmptySubsequences: false, whereSeparator: SearchQuery.quotes.contains
    ).enumerated() {
      let isQuoted = index % 2 == 1
      let texts = isQuoted ? [part] : part.split(whereSeparator: \.properties.isWhitespace)
      let next = texts.compactMap { SearchQuery.clause(String($0), isQuoted: isQuoted) }
      clauses += next
      loosened += isQuoted ? next : next.flatMap(\.apart)
    }
    func eachOnce(_ clauses: [Clause]) -> [Clause] {
      clauses.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }
    (self.clauses, self.loosened) = (eachOnce(clauses), eachOnce(loosened))
  }

  /// Whether a text has everything that is searched for.
  package func isMet(by text: String) -> Bool {
    let words = SearchWord.all(in: text)
    return clauses.allSatisfy { !$0.matches(in: words).isEmpty }
  }

  private static let quotes: Set<Unicode.Scalar> = ["\"", "\u{201c}", "\u{201d}", "\u{201e}", "\u{ab}", "\u{bb}"]

  /// What was typed between two spaces or quotes; nil if it has no letter, digit or symbol.
  private static func clause(_ text: String, isQuoted: Bool) -> Clause? {
    let words = SearchWord.all(in: text)
    guard let last = words.last else { return nil }
    let isPrefix = !isQuoted && text.hasSuffix("*")
    let end: Clause? = isPrefix ? .prefix(last.folded) : nil
    guard words.count > 1 else { return end ?? .single(last) }
    return .phrase(words.dropLast().map(Clause.neighbor) + [end ?? .neighbor(last)])
  }
}

extension SearchQuery.Clause {
  /// A word by itself: also a part of one if it is short.
  fileprivate static func single(_ word: SearchWord) -> SearchQuery.Clause {
    let stems = EnglishStem.all(ofForms: word.folded)
    let isShort = word.range.count < 3 && !isPair(word) && !word.isSymbol
    guard word.isCharacter || isShort else { return .stems(stems) }
    return .part(word.folded, orStems: Array(stems.dropFirst()))
  }

  /// A word beside others.
  fileprivate static func neighbor(_ word: SearchWord) -> SearchQuery.Clause {
    // In the text that is searched, the character may be the first of a pair.
    word.isCharacter ? .prefix(word.folded) : .stems(EnglishStem.all(ofForms: word.folded))
  }

  private static func isPair(_ word: SearchWord) -> Bool {
    word.folded.unicodeScalars.first.map(MosaicAICore.isUnspaced) ?? false
  }
}

extension String {
  /// Whether `part` occurs in it, compared by bytes.
  package func contains(part: String) -> Bool {
    let (bytes, part) = (Array(utf8), Array(part.utf8))
    guard let first = part.first, bytes.count >= part.count else { return false }
    return (0...(bytes.count - part.count)).contains { start in
      bytes[start] == first && bytes[start..<start + part.count].elementsEqual(part)
    }
  }
}
