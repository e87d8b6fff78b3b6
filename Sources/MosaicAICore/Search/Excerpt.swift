/// The part of a message that a search shows.
package struct Excerpt: Equatable, Sendable {
  package let text: String
  /// Where the words are that were searched for, in Unicode scalars of the text.
  package let highlights: [Range<Int>]

  /// The most characters of an excerpt, in Unicode scalars.
  package static let maximumLength = 240

  /// The part around the first match, in one line. Matches side by side are one.
  package init(of content: String, _ query: SearchQuery) {
    let scalars = Array(content.unicodeScalars)
    let words = SearchWord.all(in: content)
    let matches = query.clauses.flatMap { clause in
      clause.matches(in: words).map { match -> Range<Int> in
        if case .part(let part, _) = clause { return Excerpt.place(of: part, in: words[match.lowerBound], scalars) }
        return words[match.lowerBound].range.lowerBound..<words[match.upperBound - 1].range.upperBound
      }
    }
    .sorted { $0.lowerBound < $1.lowerBound }
    .reduce(into: [Range<Int>]()) { merged, match in
      if let last = merged.last, match.lowerBound <= last.upperBound {
        merged[merged.count - 1] = last.lowerBound..<max(last.upperBound, match.upperBound)
      } else {
        merged.append(match)
      }
    }
    let shown = Excerpt.shown(scalars, around: matches.first ?? 0..<0)
    func hasText(_ range: Range<Int>) -> Bool { scalars[range].contains { !$0.properties.isWhitespace } }
    let (isCutBefore, isCutAfter) = (hasText(0..<shown.lowerBound), hasText(shown.upperBound..<scalars.count))
    var text = String.UnicodeScalarView()
    if isCutBefore { text.append("…") }
    for scalar in scalars[shown] { text.append(scalar.properties.isWhitespace ? " " : scalar) }
    if isCutAfter { text.append("…") }
    self.text = String(text)
    highlights = matches.map { $0.clamped(to: shown) }.filter { !$0.isEmpty }.map {
      let offset = (isCutBefore ? 1 : 0) - shown.lowerBound
      return $0.lowerBound + offset..<$0.upperBound + offset
    }
  }

  /// The place of a part of a word, or of the word if the part cannot be found.
  private static func place(of part: String, in word: SearchWord, _ scalars: [Unicode.Scalar]) -> Range<Int> {
    for start in word.range {
      for end in start + 1...word.range.upperBound {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars[start..<end])
        if String(text).foldedForSearch == part { return start..<end }
      }
    }
    return word.range
  }

  /// Which scalars to show: as many as fit, a third of them before the match, from and to white space if it is near.
  private static func shown(_ scalars: [Unicode.Scalar], around match: Range<Int>) -> Range<Int> {
    guard scalars.count > maximumLength else {
      let end = scalars.lastIndex { !$0.properties.isWhitespace }.map { $0 + 1 } ?? 0
      return min(end, scalars.firstIndex { !$0.properties.isWhitespace } ?? 0)..<end
    }
    let room = maximumLength - 2
    func isSpace(_ index: Int) -> Bool { scalars[index].properties.isWhitespace }
    var start = max(0, min(match.lowerBound - room / 3, scalars.count - room))
    if start > 0, let space = (start..<min(start + 30, match.lowerBound)).first(where: isSpace) { start = space + 1 }
    var end = min(scalars.count, start + room)
    if end < scalars.count,
      let space = (max(end - 30, match.upperBound, start + 1)..<max(end, match.upperBound + 1))
        .last(where: { $0 < scalars.count && isSpace($0) })
    {
      end = space
    }
    // No mark is left without what it belongs to.
    while start > 0, start < match.lowerBound, isMark(scalars[start]) { start += 1 }
    while end < scalars.count, end > match.upperBound, isMark(scalars[end]) { end -= 1 }
    return start..<max(start, min(end, start + room))
  }

  private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isGraphemeExtend || scalar == "\u{200d}"
  }
}
