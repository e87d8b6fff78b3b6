/// A question about someone's life.
package struct Question: Equatable, Sendable {
  /// Never changes, and is never another question's.
  package let id: String
  package let chapter: String
  /// With `{name}` where the person's name goes.
  package let template: String
  /// What stands around the name.
  fileprivate let pieces: [Substring]

  init(id: String, chapter: String, template: String) {
    self.id = id
    self.chapter = chapter
    self.template = template
    pieces = template.split(separator: "{name}", omittingEmptySubsequences: false)
  }

  /// The question about a person.
  package func text(about name: String) -> String { pieces.joined(separator: name) }

  /// Whether a text is the question, about whomever: the name may have been another one.
  func isAsked(by text: String) -> Bool {
    guard text.utf8.starts(with: (pieces.first ?? "").utf8) else { return false }
    let length = pieces.reduce(text.utf8.count) { $0 - $1.utf8.count }
    let count = pieces.count - 1
    guard count > 0 else { return text == template }
    guard length > 0, length % count == 0 else { return false }
    let name = text.utf8.dropFirst(pieces[0].utf8.count).prefix(length / count)
    guard let name = String(name), name.count <= Rules.maximumNameLength else { return false }
    return self.text(about: name) == text
  }
}

/// Finds out which of many questions a text is.
struct QuestionFinder {
  /// By how they begin, before any name.
  private let byBeginning: [[UInt8]: [Question]]
  /// Those with a name too early.
  private let others: [Question]

  /// How many bytes of a beginning are compared.
  private static let length = 8

  init(_ questions: [Question]) {
    func beginning(_ question: Question) -> [UInt8] {
      Array((question.pieces.first ?? "").utf8.prefix(QuestionFinder.length))
    }
    let isLong = Dictionary(grouping: questions) { beginning($0).count == QuestionFinder.length }
    byBeginning = Dictionary(grouping: isLong[true] ?? [], by: beginning)
    others = isLong[false] ?? []
  }

  /// The questions that have this text, about whomever.
  func questions(askedBy text: String) -> [Question] {
    let alike = byBeginning[Array(text.utf8.prefix(QuestionFinder.length))] ?? []
    return (alike + others).filter { $0.isAsked(by: text) }
  }
}
