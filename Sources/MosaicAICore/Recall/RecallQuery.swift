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
    for word in SearchWord.all(in: text) where !stopWords.contains(word.folded) {
      let clause = SearchQuery.Clause.stems(EnglishStem.all(ofForms: word.folded))
      if !clauses.contains(clause) { clauses.append(clause) }
    }
    return clauses
  }

  /// English words that are in most texts, whatever they are about.
  private static let stopWords = Set(
    """
    a about after again all also am an and any are arent as at be because been before being but by can cant could couldnt \
    did didnt do does doesnt doing dont down during each else ever few for from further get gets getting go goes going got \
    had has have having he her here hers herself hes him himself his how i id if ill im in into is isnt it its itself ive \
    just know let lets like lot made make many may maybe me mean might more most much must my myself no not now of off oh \
    ok okay on once one only or other our ours out over own please quite rather really said same say says she shes should \
    so some something such sure tell than thank thanks that thats the their theirs them themselves then there these they \
    theyre thing things think this those though through to too under until up us use used very want was wasnt way we well \
    were what whats when where which while who whom whose why will with wont would yeah yes yet you your youre yours
    """.split(whereSeparator: \.isWhitespace).map(String.init))
}
