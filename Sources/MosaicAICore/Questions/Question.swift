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

/// Finds out which of many questions a text is, however its accents are written.
struct QuestionFinder {
  /// A question, and its template in canonical composition.
  private typealias Entry = (question: Question, composed: QuestionTemplate)

  /// By how they begin, before any name.
  private let byBeginning: [[UInt8]: [Entry]]
  /// Those with a name too early.
  private let others: [Entry]

  /// How many bytes of a beginning are compared.
  private static let length = 8

  init(_ questions: [Question]) {
    func beginning(_ entry: Entry) -> [UInt8] {
      Array(entry.composed.beginning.utf8.prefix(QuestionFinder.length))
    }
    let entries: [Entry] = questions.map { ($0, $0.template.composed) }
    let isLong = Dictionary(grouping: entries) { beginning($0).count == QuestionFinder.length }
    byBeginning = Dictionary(grouping: isLong[true] ?? [], by: beginning)
    others = isLong[false] ?? []
  }

  /// The questions that have this text, with any name.
  func questions(askedBy text: String) -> [Question] {
    let text = text.composed
    let alike = byBeginning[Array(text.utf8.prefix(QuestionFinder.length))] ?? []
    return (alike + others).filter { $0.composed.hasBytes(of: text) }.map(\.question)
  }
}
