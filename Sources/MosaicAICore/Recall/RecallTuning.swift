/// How earlier messages are chosen. `make recall` measures what each of these is worth; docs/recall.md has the figures.
package struct RecallTuning: Sendable {
  /// Whether words that are in most texts are left out of the query.
  package var leavesOutStopWords = true
  /// Whether the forms of irregular verbs and nouns are one word.
  package var knowsIrregularForms = true
  /// How much the name of someone counts who is named all the time.
  package var weightOfCommonName = 0.25
  /// How much words count that are often used instead of a word of the query: children for kids, piano for instrument.
  package var weightOfRelated = 0.3
  /// How much words count that share only a part with a word of the query, in languages without known stems.
  package var weightOfPart = 0.5
  /// How much what was said just before counts, for a message that says little by itself.
  package var weightOfBefore = 0.3
  /// How much of its score a message gives to the one right before it, to the one right after it, and to those beyond.
  package var shareBefore = 0.9
  package var shareAfter = 0.6
  package var shareBeyond = 0.2
  /// How much the length of a message counts against it, since others would fit in its place: from 0 to 1.
  package var frugality = 0.3
  /// Of a longer message only the part that fits the query best is shown, in Unicode scalars.
  package var longestPart = 800
  /// How many of the best messages are considered, and how many tokens are worth another one.
  package var considered = 100
  package var tokensForAnother = 20

  package init() {}

  /// The values that `make recall` found best.
  package static let standard = RecallTuning()
}
