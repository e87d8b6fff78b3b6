/// What the user may have meant.
package enum Suggestion {
  /// The nearest of `candidates` as advice; nil if none is near.
  package static func advice(for text: String, among candidates: [String]) -> Advice? {
    let near = nearest(to: text, among: candidates)
    return near.isEmpty ? nil : .didYouMean(near)
  }

  /// Up to three candidates that start the same or differ in at most a third of their characters, in all or in one of
  /// their words, nearest first.
  static func nearest(to text: String, among candidates: [String]) -> [String] {
    let typed = Array(text.folded)
    /// Nil if it is not near.
    func rating(_ candidate: some StringProtocol) -> Int? {
      let other = Array(candidate.folded)
      if typed.count >= 2, other.starts(with: typed) { return 1 }
      let distance = distance(typed, other)
      return distance <= max(1, max(typed.count, other.count) / 3) ? distance : nil
    }
    var near: [(distance: Int, candidate: String)] = []
    for candidate in candidates {
      let words: [Substring] = candidate.split(whereSeparator: \.isWhitespace).filter { $0.count >= shortestWord }
      // A whole name that is as near comes first.
      let whole: [Int] = rating(candidate).map { [2 * $0] } ?? []
      let parts: [Int] = words.compactMap { rating($0) }.map { 2 * $0 + 1 }
      if let distance = (whole + parts).min() { near.append((distance, candidate)) }
    }
    return near.sorted { ($0.distance, $0.candidate) < ($1.distance, $1.candidate) }.prefix(3).map(\.candidate)
  }

  /// Shorter words of a name are near to too much.
  private static let shortestWord = 4

  /// How many insertions, deletions, substitutions and swaps of neighbors lead from one to the other (optimal string
  /// alignment).
  static func distance(_ left: [Character], _ right: [Character]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for row in left.indices {
      var current = [row + 1]
      for column in right.indices {
        var best = min(
          last[column + 1] + 1, current[column] + 1, last[column] + (left[row] == right[column] ? 0 : 1))
        if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
          best = min(best, beforeLast[column - 1] + 1)
        }
        current.append(best)
      }
      (beforeLast, last) = (last, current)
    }
    return last[right.count]
  }
}
