import Platform

/// How well a message fits a query (Okapi BM25, with k1 = 1.2 and b = 0.75).
package enum Relevance {
  /// The weight of a word that `count` of `total` messages have. Rare words weigh more.
  package static func weight(count: Int, total: Int) -> Double {
    log(1 + (Double(max(0, total - count)) + 0.5) / (Double(count) + 0.5))
  }

  /// What a word adds to the score of a message.
  ///
  /// - Parameters:
  ///   - count: how often the message has the word
  ///   - length: of the message, in words
  ///   - average: length of all messages
  package static func score(weight: Double, count: Int, length: Int, average: Double) -> Double {
    let count = Double(count)
    return weight * count * 2.2 / (count + 1.2 * (0.25 + 0.75 * Double(length) / max(1, average)))
  }
}
