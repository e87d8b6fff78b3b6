/// What the user may have meant.
package enum Suggestion {
  /// The nearest of `candidates` as advice; nil if none is near.
  package static func advice(for text: String, among candidates: [String]) -> Advice? {
    let near = nearest(to: text, among: candidates)
    return near.isEmpty ? nil : .didYouMean(near)
  }

  /// Up to three candidates that start the same or differ in at most a third of their characters, nearest first.
  static func nearest(to text: String, among candidates: [String]) -> [String] {
    let typed = Array(text.lowercased())
    return candidates.map { candidate in
      let other = Array(candidate.lowercased())
      let startsAlike = typed.count >= 2 && other.starts(with: typed)
      return (
        candidate: candidate, distance: startsAlike ? 1 : distance(typed, other),
        limit: max(1, max(typed.count, other.count) / 3)
      )
    }
    .filter { $0.distance <= $0.limit }
    .sorted { ($0.distance, $0.candidate) < ($1.distance, $1.candidate) }
    .prefix(3).map(\.candidate)
  }

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
