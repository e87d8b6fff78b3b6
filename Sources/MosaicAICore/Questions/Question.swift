/// A question about someone's life.
package struct Question: Equatable, Sendable {
  /// Never changes, and is never another question's.
  package let id: String
  package let chapter: String
  package let template: QuestionTemplate

  init(id: String, chapter: String, template: String) {
    self.id = id
    self.chapter = chapter
    self.template = QuestionTemplate(template)
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
      Array(question.template.beginning.utf8.prefix(QuestionFinder.length))
    }
    let isLong = Dictionary(grouping: questions) { beginning($0).count == QuestionFinder.length }
    byBeginning = Dictionary(grouping: isLong[true] ?? [], by: beginning)
    others = isLong[false] ?? []
  }

  /// The questions that have this text, with any name.
  func questions(askedBy text: String) -> [Question] {
    let alike = byBeginning[Array(text.utf8.prefix(QuestionFinder.length))] ?? []
    return (alike + others).filter { $0.template.isAsked(by: text) }
  }
}
