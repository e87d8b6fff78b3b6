/// Questions about someone's life, in chapters: the built-in ones, with the user's own after them.
package struct QuestionBank: Equatable, Sendable {
  /// Chapter by chapter.
  package private(set) var questions: [Question] = []
  package private(set) var chapters: [String] = []
  private var ids: Set<String> = []
  /// The chapters by their names as they are compared.
  private var folded: [String: String] = [:]

  /// The embedded questions.
  private static let builtIn = Result {
    var bank = QuestionBank()
    try bank.add(PackageResources.questions_yaml, path: "questions.yaml")
    return bank
  }

  /// The embedded questions, and those of the user's file: at the end of the chapter of that name, or in chapters of
  /// their own after all others.
  ///
  /// - Parameters:
  ///   - own: the contents of the user's file; nil if there is none
  ///   - path: its path, for errors
  /// - Throws: `Failure` with code `config_invalid`: file, line, column and problem
  package static func load(own: [UInt8]?, path: String) throws -> QuestionBank {
    var bank = try builtIn.get()
    if let own { try bank.add(own, path: path) }
    let places = Dictionary(uniqueKeysWithValues: bank.chapters.enumerated().map { ($1, $0) })
    // Stable: within a chapter the order of the files stays.
    bank.questions = bank.questions.enumerated().sorted {
      (places[$0.element.chapter] ?? 0, $0.offset) < (places[$1.element.chapter] ?? 0, $1.offset)
    }.map(\.element)
    return bank
  }

  /// The questions of one chapter.
  ///
  /// - Parameter name: of the chapter, whatever its case and accents, or the beginning of only one
  /// - Throws: `Failure` with code `not_found` or `ambiguous`
  package func questions(inChapter name: String) throws -> [Question] {
    let name = name.asReference
    let folded = name.folded
    let found =
      chapters.first { $0.folded == folded }.map { [$0] }
      ?? chapters.filter { !folded.isEmpty && $0.folded.hasPrefix(folded) }
    guard let chapter = found.first else {
      throw Failure(
        .notFound, "unknown chapter \"\(name)\"",
        advice: Suggestion.advice(for: name, among: chapters)
          ?? .text("choose one of \(chapters.joined(separator: "; "))"))
    }
    guard found.count == 1 else {
      throw Failure(.ambiguous, "\"\(name)\" matches \(found.count) chapters", advice: .didYouMean(found))
    }
    return questions.filter { $0.chapter == chapter }
  }

  private mutating func add(_ bytes: [UInt8], path: String) throws {
    guard let root = try YAMLFile(bytes, path: path, code: .configInvalid).root else { return }
    try root.checkKeys(["chapters"])
    guard let list = try root.mapping("chapters") else { return }
    for name in list.keys {
      guard (try? Rules.name(name, "")) == name else {
        throw list.failure("a chapter must be 1 to \(Rules.maximumNameLength) characters on one line", about: name)
      }
      let key = name.folded
      let chapter = folded[key] ?? name
      if folded[key] == nil {
        folded[key] = name
        chapters.append(name)
      }
      for item in try list.items(name) ?? [] { try add(item, to: chapter) }
    }
  }

  private mutating func add(_ item: YAMLItem, to chapter: String) throws {
    let (id, text): (String?, String)
    switch item.content {
    case .text(let question): (id, text) = (nil, question)
    case .mapping(let mapping):
      try mapping.checkKeys(["id", "question"])
      guard let question = try mapping.text("question") else { throw item.failure("\"question\" is missing") }
      (id, text) = (try mapping.text("id"), question)
    }
    guard let question = try? Rules.message(text) else {
      throw item.failure("a question must be 1 to \(grouped(Rules.maximumMessageLength)) characters")
    }
    let chosen = id ?? QuestionBank.id(of: question)
    guard (try? Rules.name(chosen, "")) == chosen else {
      throw item.failure(
        id == nil
          ? "this question needs an id" : "an id must be 1 to \(Rules.maximumNameLength) characters on one line")
    }
    guard ids.insert(chosen).inserted else { throw item.failure("there is another question with the id \(chosen)") }
    questions.append(Question(id: chosen, chapter: chapter, template: question))
  }

  /// The id of a question that is given none: its words.
  private static func id(of text: String) -> String {
    let words = text.folded.split { !$0.isLetter && !$0.isNumber }
    return String(words.joined(separator: "-").prefix(Rules.maximumNameLength))
  }
}
