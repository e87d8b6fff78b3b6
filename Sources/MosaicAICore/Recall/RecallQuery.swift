/// Which words of a new message earlier ones are looked for by.
package struct RecallQuery: Equatable, Sendable {
  package struct Term: Equatable, Sendable {
    package let clause: SearchQuery.Clause
    /// How much it counts, apart from how rare it is.
    package let weight: Double
  }

  /// Each word once.
  package let terms: [Term]

  /// Fewer words than this say too little by themselves: what was said just before counts as well.
  private static let fewWords = 4
  /// How much what was said just before counts.
  private static let weightOfBefore = 0.3

  /// - Parameters:
  ///   - message: the new message
  ///   - before: what was said just before, the last first
  package init(_ message: String, after before: [String] = []) {
    var terms = RecallQuery.clauses(message).map { Term(clause: $0, weight: 1) }
    if terms.count < RecallQuery.fewWords {
      for clause in before.prefix(2).flatMap(RecallQuery.clauses) where !terms.contains(where: { $0.clause == clause })
      {
        terms.append(Term(clause: clause, weight: RecallQuery.weightOfBefore))
      }
    }
    self.terms = terms
  }

  /// The words that tell texts apart, each once.
  private static func clauses(_ text: String) -> [SearchQuery.Clause] {
    var clauses: [SearchQuery.Clause] = []
    for word in SearchWord.all(in: text) where !StopWords.all.contains(word.folded) {
      let clause = SearchQuery.Clause.stems(EnglishStem.all(ofForms: word.folded))
      if !clauses.contains(clause) { clauses.append(clause) }
    }
    return clauses
  }
}
