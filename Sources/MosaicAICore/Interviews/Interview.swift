/// What a script asks about one legacy or several: resolved, and ready to be asked.
package struct Interview: Sendable {
  /// The questions about one legacy, in the order of the file.
  struct Lane: Sendable {
    let legacy: Legacy
    /// The names under which its questions have keys; see `ConversationService.names(ofInterview:about:for:_:)`.
    let names: [String]
    /// The places of its questions in the file; nil for all of them.
    let places: [Int]?
    /// How many questions there are.
    let total: Int
  }

  /// The options of an interview.
  package struct Choices: Sendable {
    /// The legacies for questions that name none.
    package enum Legacies: Sendable {
      /// The only one there is.
      case only
      /// The one that is meant unless anything else is said: a name, an id or a beginning of either.
      case usual(String)
      /// These, in this order, named in the same ways; each must exist, even if no question is about it.
      case these([String])
      /// Every one that the user may talk about.
      case all
    }

    /// The name of its conversations.
    package var name: String
    package var legacies: Legacies
    /// A persona's id.
    package var personaID: String
    package var model: ModelChoice

    package init(name: String, legacies: Legacies, personaID: String, model: ModelChoice) {
      self.name = name
      self.legacies = legacies
      self.personaID = personaID
      self.model = model
    }
  }

  let name: String
  let file: QuestionFile
  let lanes: [Lane]
  let persona: Persona
  let personas: PersonaCatalog
  let model: ModelChoice

  /// How many pairs of a question and a legacy there are.
  package var count: Int { lanes.reduce(0) { $0 + $1.total } }

  /// The legacies that questions are asked about, in their order.
  package var legacyIDs: [LegacyID] { lanes.map(\.legacy.id) }

  /// The first event.
  package func start(jobs: Int) -> InterviewStart {
    InterviewStart(
      name: name, questions: file.questions.count, legacies: lanes.count, personaID: persona.id, jobs: jobs)
  }

  /// The persona that answers a question.
  func persona(of question: FileQuestion) throws -> Persona {
    try question.persona.map { try personas.persona(id: $0) } ?? persona
  }

  /// Calls `body` with each question of a lane, in order, and its index from 1.
  func forEachQuestion(of lane: Lane, _ body: (FileQuestion, _ index: Int) throws -> Void) rethrows {
    if let places = lane.places {
      for (index, place) in places.enumerated() { try body(file.questions[place], index + 1) }
    } else {
      for (index, question) in file.questions.enumerated() { try body(question, index + 1) }
    }
  }

  /// What the key of a question's message is made of: the same for the same name, question and legacy.
  func key(of question: FileQuestion, about legacy: Legacy) -> QuestionKey {
    QuestionKey(interview: name, questionID: question.id, legacyID: legacy.id)
  }
}
