/// The names for people of a model and its provider, made from the model's id.
struct ModelName: Sendable {
  /// `Claude Sonnet 4.6`, for `anthropic.claude-sonnet-4-6`.
  let model: String
  let provider: String

  init(_ id: Substring) {
    let parts = id.split(separator: ".", maxSplits: 1)
    provider = parts.first?.capitalizedWord ?? ""
    var words: [String] = []
    for word in (parts.last ?? "").prefix(while: { $0 != ":" }).split(separator: "-") {
      let isNumber = word.allSatisfy(\.isNumber)
      // Dates and versions of the id are not part of the name.
      if isNumber && word.count > 2 || word.first == "v" && word.dropFirst().allSatisfy(\.isNumber) { continue }
      if isNumber, let last = words.last, last.allSatisfy(\.isNumber) {
        words[words.count - 1] = "\(last).\(word)"
      } else {
        words.append(word.capitalizedWord)
      }
    }
    model = words.joined(separator: " ")
  }
}

extension Substring {
  /// With a capital first letter.
  fileprivate var capitalizedWord: String { prefix(1).uppercased() + dropFirst() }
}
