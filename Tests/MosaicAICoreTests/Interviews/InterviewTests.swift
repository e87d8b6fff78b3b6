import Dispatch
import Platform
import Synchronization
import TestSupport
import Testing

@testable import MosaicAICore

/// Interviews with a model that follows a script.
@Suite struct InterviewTests {
  private let household: Household
  private let ada: ConversationService
  private let personas: PersonaCatalog

  init() throws {
    household = try Household()
    ada = try household.service()
    personas = try builtInPersonas()
    for name in ["Rose", "Ben", "Carl"] { _ = try ada.addLegacy(name: name, evenIfKnown: false) }
  }

  /// Keeps the events that it gets.
  private final class Recorder: InterviewReceiver {
    private let told = Mutex<[InterviewEvent]>([])
    /// Called with each event.
    let onEvent: @Sendable (InterviewEvent) throws -> Void

    init(onEvent: @escaping @Sendable (InterviewEvent) throws -> Void = { _ in }) { self.onEvent = onEvent }

    func receive(_ event: InterviewEvent) throws {
      told.withLock { $0.append(event) }
      try onEvent(event)
    }

    var events: [InterviewEvent] { told.withLock { $0 } }
    var answers: [(question: InterviewQuestion, answer: InterviewAnswer)] {
      events.compactMap { if case .answer(let question, let answer) = $0 { (question, answer) } else { nil } }
    }
    var failures: [(question: InterviewQuestion, failure: Failure)] {
      events.compactMap {
        if case .failure(let question, let failure) = $0 { (question, failure.failure) } else { nil }
      }
    }
    /// The answers about a legacy, in the order they came.
    func texts(_ legacy: String) -> [String] {
      answers.filter { $0.question.legacyName == legacy }.map(\.question.text)
    }
  }

  /// Answers each question as a test says; everything else with its own words.
  private final class Oracle: LanguageModel {
    private let answer: @Sendable (_ question: String) throws -> String
    private let asked = Mutex<[ModelRequest]>([])

    init(_ answer: @escaping @Sendable (String) throws -> String = { "\($0) Yes." }) { self.answer = answer }

    var requests: [ModelRequest] { asked.withLock { $0 } }
    var questions: [String] { requests.map { $0.turns.last?.text ?? "" } }

    func reply(
      to request: ModelRequest, _ receiver: any ReplyReceiver, _ cancellation: Cancellation
    ) throws -> ModelReply {
      asked.withLock { $0.append(request) }
      let text = try answer(request.turns.last?.text ?? "")
      try receiver.receive([text])
      try cancellation.check()
      return ModelReply(
        stopReason: text.hasPrefix("Blocked") ? .contentFiltered : .endTurn,
        usage: TokenUsage(input: 70, output: 20, total: 100, cacheRead: 10), latency: .milliseconds(5))
    }
  }

  /// An oracle as one job asks it.
  private struct PacedOracle: LanguageModel {
    let oracle: Oracle
    let pace: any RequestPace

    func reply(
      to request: ModelRequest, _ receiver: any ReplyReceiver, _ cancellation: Cancellation
    ) throws -> ModelReply {
      try pace.begin(cancellation)
      defer { pace.end(refusal: nil) }
      pace.accept()
      return try oracle.reply(to: request, receiver, cancellation)
    }
  }

  private func file(_ text: String, _ format: QuestionFormat = .lines) throws -> QuestionFile {
    try QuestionFile(Array(text.utf8), name: "life.txt", format: format)
  }

  private func choices(_ legacies: [String]?, name: String = "life", persona: String = "biographer")
    -> Interview.Choices
  {
    Interview.Choices(
      name: name, legacies: legacies.map { .these($0) } ?? .only, personaID: persona, model: ModelChoice())
  }

  @discardableResult
  private func run(
    _ text: String, _ format: QuestionFormat = .lines, about legacies: [String]? = ["Rose"], name: String = "life",
    persona: String = "biographer", jobs: Int = 1, budget: Int? = nil, to recorder: Recorder = Recorder(),
    stoppedBy source: CancellationSource? = nil, by model: Oracle = Oracle()
  ) throws -> (summary: InterviewSummary, told: Recorder) {
    let interview = try ada.interview(
      file(text, format), choices(legacies, name: name, persona: persona), personas: personas)
    let run = InterviewRun(
      interview, ada, InterviewRun.Options(jobs: jobs, budget: budget), RequestLimiter(rate: nil), to: recorder,
      try source ?? CancellationSource(), model: { PacedOracle(oracle: model, pace: $0) })
    return (run.run(), recorder)
  }

  @Test("Every question is asked about every legacy, in order, in the conversation of that name")
  func asks() throws {
    let oracle = Oracle()
    let (summary, told) = try run("Where was {name} born?\nAnd then?\n", about: ["Rose", "Ben"], jobs: 2, by: oracle)
    #expect(summary.answered == 4 && summary.failure == nil && summary.remaining == 0)
    #expect(summary.usage == TokenUsage(input: 280, output: 80, total: 400, cacheRead: 40, cacheWrite: 0))
    for name in ["Rose", "Ben"] {
      #expect(told.texts(name) == ["Where was \(name) born?", "And then?"])
      let messages = try ada.history(of: "life", legacy: name, personaID: nil).messages
      #expect(
        messages.map(\.content)
          == told.answers.filter { $0.question.legacyName == name }.flatMap {
            [$0.question.text, $0.answer.content]
          })
      #expect(messages.filter { $0.author == .user }.allSatisfy { $0.idempotencyKey != nil })
    }
    #expect(try ada.list().allSatisfy { $0.name == "life" && $0.personaID == "biographer" })
    #expect(told.answers.map(\.question.index).sorted() == [1, 1, 2, 2])
    #expect(told.answers.allSatisfy { $0.question.total == 2 && !$0.answer.done.isReplayed })
    guard case .began(let start) = told.events.first, case .ended(let end) = told.events.last else {
      throw Complaint("no beginning or no end")
    }
    #expect(start == InterviewStart(name: "life", questions: 2, legacies: 2, personaID: "biographer", jobs: 2))
    #expect(end == summary)
  }

  @Test("Run again, nothing is asked, and everything is reported in order")
  func again() throws {
    try run("One?\nTwo?\nThree?\n")
    let before = try ada.messages()
    let oracle = Oracle()
    let (summary, told) = try run("One?\nTwo?\nThree?\n", by: oracle)
    #expect(oracle.requests.isEmpty)
    #expect(summary.replayed == 3 && summary.answered == 0 && summary.failure == nil)
    #expect(summary.usage.total == 0)
    #expect(told.texts("Rose") == ["One?", "Two?", "Three?"])
    #expect(told.answers.map(\.answer.content) == ["One? Yes.", "Two? Yes.", "Three? Yes."])
    #expect(told.answers.allSatisfy { $0.answer.done.isReplayed })
    #expect(try ada.messages() == before)
  }

  @Test("A failure that may be tried again ends its conversation's turn, and the others go on")
  func retryable() throws {
    let oracle = Oracle { question in
      if question.hasPrefix("Two") { throw Failure(.throttled, "too many requests") }
      return "Yes."
    }
    let (summary, told) = try run("One?\nTwo, {name}?\nThree?\n", about: ["Rose", "Ben"], by: oracle)
    #expect(summary.answered == 2 && summary.failed == 2 && summary.remaining == 2)
    #expect(summary.failure?.code == .throttled)
    #expect(told.failures.map(\.question.text) == ["Two, Rose?", "Two, Ben?"])
    #expect(told.failures.allSatisfy { $0.failure.advice == .runAgain })
    // The next run goes on in place.
    let (second, again) = try run("One?\nTwo, {name}?\nThree?\n", about: ["Rose", "Ben"])
    #expect(second.failure == nil && second.answered == 4 && second.replayed == 2)
    #expect(again.texts("Rose") == ["One?", "Two, Rose?", "Three?"])
    #expect(
      try ada.history(of: "life", legacy: "Rose", personaID: nil).messages.filter { $0.author == .user }.map(\.content)
        == ["One?", "Two, Rose?", "Three?"])
  }

  @Test("Earlier answers are reported even if a question before them fails")
  func replaysAfterFailure() throws {
    let oracle = Oracle { $0.hasPrefix("Two") ? "Blocked" : "Yes." }
    let (first, told) = try run("One?\nTwo?\nThree?\n", by: oracle)
    #expect(first.failure?.code == .blocked && first.answered == 2 && first.failed == 1)
    #expect(told.texts("Rose") == ["One?", "Three?"], "one that fails for good is recorded, and the next is asked")
    let down = Oracle { _ in throw Failure(.connection, "lost") }
    let (second, again) = try run("One?\nTwo?\nThree?\n", by: down)
    #expect(second.failure?.code == .connection && second.replayed == 2 && second.failed == 1)
    #expect(again.texts("Rose") == ["One?", "Three?"])
    #expect(down.questions == ["Two?"])
  }

  @Test(
    "A failure that every question would have stops the run",
    arguments: [.accessDenied, .noCredentials, .modelUnavailable, .configInvalid, .storageFailed] as [FailureCode])
  func stops(code: FailureCode) throws {
    let oracle = Oracle { _ in throw Failure(code, "no") }
    let (summary, told) = try run("One?\nTwo?\n", about: ["Rose", "Ben", "Carl"], by: oracle)
    #expect(summary.failure?.code == code && summary.failed == 1 && summary.remaining == 5)
    #expect(oracle.requests.count == 1 && told.failures.count == 1)
  }

  @Test("Several jobs ask at once, and one conversation's questions still follow each other")
  func jobs() throws {
    let atOnce = Mutex((now: 0, most: 0))
    let oracle = Oracle { _ in
      atOnce.withLock { state in
        state.now += 1
        state.most = max(state.most, state.now)
      }
      usleep(20_000)
      atOnce.withLock { $0.now -= 1 }
      return "Yes."
    }
    let questions = (1...8).map { "\($0), {name}?\n" }.joined()
    let (summary, told) = try run(questions, about: ["Rose", "Ben", "Carl"], jobs: 3, by: oracle)
    #expect(summary.answered == 24 && summary.failure == nil)
    #expect(atOnce.withLock { $0.most } > 1)
    for name in ["Rose", "Ben", "Carl"] {
      #expect(told.texts(name) == (1...8).map { "\($0), \(name)?" })
      let messages = try ada.history(of: "life", legacy: name, personaID: nil).messages
      #expect(messages.filter { $0.author == .user }.map(\.content) == (1...8).map { "\($0), \(name)?" })
      #expect(messages.map(\.status).allSatisfy { $0 == .complete })
    }
  }

  @Test("Once the budget is spent, no further question is begun, and earlier answers are reported")
  func budget() throws {
    let (summary, _) = try run("One?\nTwo?\nThree?\nFour?\n", budget: 101)
    #expect(summary.answered == 2 && summary.remaining == 2)
    #expect(summary.failure?.code == .budget)
    let (second, told) = try run("One?\nTwo?\nThree?\nFour?\n", budget: 1)
    #expect(second.replayed == 2 && second.answered == 1 && second.failure?.code == .budget)
    #expect(told.texts("Rose") == ["One?", "Two?", "Three?"])
    // Spent with the last question, it is enough.
    #expect(try run("One?\nTwo?\nThree?\nFour?\n", budget: 100).summary.failure == nil)
    // What was read from the cache counts, and a budget that is spent to the last token is spent.
    let (exact, _) = try run("Seven?\nEight?\n", name: "exact", budget: 100)
    #expect(exact.answered == 1 && exact.remaining == 1 && exact.failure?.code == .budget)
    // A reply that is blocked costs too.
    let (blocked, _) = try run("Five?\nSix?\n", name: "more", budget: 50, by: Oracle { _ in "Blocked" })
    #expect(blocked.failed == 1 && blocked.remaining == 1 && blocked.failure?.code == .budget)
  }

  @Test("A request for an end stops everything, and what was said stays")
  func cancellation() throws {
    let source = try CancellationSource(signal: { SIGTERM })
    let oracle = Oracle { question in
      if question == "Two?" { source.request() }
      return "Yes."
    }
    let (summary, told) = try run("One?\nTwo?\nThree?\n", about: ["Rose", "Ben"], stoppedBy: source, by: oracle)
    #expect(summary.failure?.signal == SIGTERM)
    #expect(summary.answered == 1 && summary.failed == 1 && summary.remaining == 4)
    #expect(told.failures.map(\.failure.code) == [.interrupted])
    #expect(try ada.messages().map(\.status) == [.complete, .complete, .complete, .interrupted])
    let (second, _) = try run("One?\nTwo?\nThree?\n", about: ["Rose", "Ben"])
    #expect(second.failure == nil && second.replayed == 1)
    #expect(try ada.list().map(\.messageCount) == [6, 6])
  }

  @Test("An output that fails stops everything", arguments: ["question", "answer"])
  func output(event: String) throws {
    let recorder = Recorder { told in
      switch told {
      case .question(let question) where event == "question" && question.index == 2,
        .answer(let question, _) where event == "answer" && question.index == 2:
        throw Failure(.outputFailed, "no space left")
      default: break
      }
    }
    let (summary, _) = try run("One?\nTwo?\nThree?\n", to: recorder)
    #expect(summary.failure?.code == .outputFailed)
    #expect(summary.remaining >= 1)
    #expect(try run("One?\nTwo?\nThree?\n").summary.failure == nil)
  }

  // MARK: What is meant

  @Test("Rows may name a legacy, a persona and a model of their own")
  func rows() throws {
    let oracle = Oracle()
    let text = """
      question,legacy,persona,model
      For all?,,,
      Of Ben, {name}?,ben,,
      A friend?,,friend,model.x
      """.replacing("Of Ben, {name}?", with: "\"Of Ben, {name}?\"")
    let (summary, told) = try run(text, .csv, about: ["Rose"], persona: "Biographer", by: oracle)
    #expect(summary.questions == 3 && summary.failure == nil)
    #expect(told.texts("Rose") == ["For all?", "A friend?"])
    #expect(told.texts("Ben") == ["Of Ben, Ben?"])
    #expect(told.answers.map(\.question.total) == [2, 2, 1])
    #expect(
      Set(try ada.list().map { "\($0.legacyName) \($0.personaID)" }) == [
        "Rose biographer", "Rose friend", "Ben biographer",
      ])
    #expect(oracle.requests.filter { $0.modelID == "model.x" }.map { $0.turns.last?.text } == ["A friend?"])
    // A failing friend does not keep the biographer from going on.
    let down = Oracle { question in
      if question.hasPrefix("F") { throw Failure(.timeout, "slow") }
      return "Yes."
    }
    let (mixed, again) = try run(
      "question,persona\nF1?,friend\nB1?,\nF2?,friend\nB2?,\n", .csv, about: ["Carl"], name: "mixed", by: down)
    #expect(again.texts("Carl") == ["B1?", "B2?"])
    #expect(mixed.failed == 1 && mixed.remaining == 1)
  }

  @Test("Questions about one legacy keep their places among those about all, in one conversation")
  func rowsInOrder() throws {
    let text = "question,legacy\nOne?,Rose\nTwo?,\nThree?,Rose\nFour?,\n"
    let (_, told) = try run(text, .csv, about: ["Ben", "Rose"])
    #expect(told.texts("Rose") == ["One?", "Two?", "Three?", "Four?"])
    #expect(told.texts("Ben") == ["Two?", "Four?"])
  }

  @Test("Without a choice, the only legacy is meant; if every row names one, none has to be chosen")
  func onlyLegacy() throws {
    #expect(try failure { try run("One?\n", about: nil) }.code == .usage)
    #expect(try run("question,legacy\nOne?,Rose\n", .csv, about: nil).summary.answered == 1)
    let usual = Interview.Choices(
      name: "usual", legacies: .usual("Gone"), personaID: "biographer", model: ModelChoice())
    #expect(
      try ada.interview(file("question,legacy\nOne?,Rose\n", .csv), usual, personas: personas).count == 1,
      "what is configured counts only if it is needed")
    #expect(try failure { try ada.interview(file("One?\n"), usual, personas: personas) }.code == .notFound)
    for name in ["Ben", "Carl"] { try ada.removeLegacy(id: ada.legacy(name).id) }
    #expect(try run("Two?\n", about: nil).summary.answered == 1)
  }

  @Test("All legacies are those that the user may talk about, each asked once however it is named")
  func legacies() throws {
    let bob = try household.service("bob")
    _ = try bob.addLegacy(name: "Zoe", evenIfKnown: false)
    _ = try bob.share("Zoe", with: "ada", role: .pending)
    var choices = choices(nil)
    choices.legacies = .all
    let all = try ada.interview(file("One?\n"), choices, personas: personas)
    #expect(Set(all.lanes.map(\.legacy.name)) == ["Rose", "Ben", "Carl"])
    let rose = try #require(all.lanes.first { $0.legacy.name == "Rose" }).legacy.id.rawValue
    #expect(try ada.interview(file("One?\n"), self.choices(["Rose", "rose", rose]), personas: personas).count == 1)
    let twice = "question,legacy\nOne?,Rose\nOne?,\(rose)\n"
    let failure = try failure { try ada.interview(file(twice, .csv), self.choices(nil), personas: personas) }
    #expect(failure.code == .invalidInput && failure.message.hasPrefix("life.txt:3:"))
  }

  @Test("An unknown legacy or persona in a row is named with its line, and nothing is sent")
  func unknown() throws {
    for (text, fact) in [
      ("question,legacy\nOne?,Rose\nTwo?,Nobody\n", "Nobody"), ("question,persona\nOne?,\nTwo?,frend\n", "frend"),
    ] {
      let oracle = Oracle()
      let failure = try failure { try run(text, .csv, by: oracle) }
      #expect(failure.code == .notFound && failure.message.hasPrefix("life.txt:3:") && failure.message.contains(fact))
      #expect(oracle.requests.isEmpty)
    }
    for (text, format) in [("One?\n", .lines), ("question,legacy\nOne?,Rose\n", .csv)] as [(String, QuestionFormat)] {
      #expect(try failure { try run(text, format, about: ["Nobody"]) }.code == .notFound)
    }
    #expect(try failure { try run("One?\n", persona: "nobody") }.code == .notFound)
    #expect(try failure { try run("One?\n", name: "a\nb") }.code == .invalidInput)
    #expect(try ada.list().isEmpty)
  }

  @Test("A question whose words changed since it was asked is refused, whatever became of it, and nothing is sent")
  func changed() throws {
    let down = Oracle { question in
      if question.hasPrefix("Two") { throw Failure(.timeout, "slow") }
      return "Yes."
    }
    try run("id,question\n1,One?\n2,Two?\n", .csv, by: down)
    for text in ["id,question\n0,None?\n1,Another?\n2,Two?\n", "id,question\n0,None?\n1,One?\n2,Another?\n"] {
      let oracle = Oracle()
      let failure = try failure { try run(text, .csv, by: oracle) }
      #expect(failure.code == .invalidInput)
      #expect(failure.message.hasPrefix(text.contains("2,Two") ? "life.txt:3:" : "life.txt:4:"))
      #expect(oracle.requests.isEmpty)
    }
    // Another name is another interview, and so is another id.
    #expect(try run("id,question\n1,Another?\n", .csv, name: "other").summary.answered == 1)
    #expect(try run("id,question\n1,One?\n2,Two?\n1b,Another?\n", .csv).summary.failure == nil)
  }

  @Test("A legacy that was renamed keeps its answers")
  func renamed() throws {
    let down = Oracle { question in
      if question.hasPrefix("And") { throw Failure(.timeout, "slow") }
      return "Yes."
    }
    try run("Where was {name} born?\nAnd {name}?\n", by: down)
    _ = try ada.renameLegacy("Rose", to: "Rose Miller")
    let (summary, told) = try run("Where was {name} born?\nAnd {name}?\nLast, {name}?\n")
    #expect(summary.failure == nil && summary.replayed == 1 && summary.answered == 2)
    #expect(told.texts("Rose Miller") == ["Where was Rose born?", "And Rose?", "Last, Rose Miller?"])
  }

  @Test("Another process that asks the same makes the conversation busy, and nothing is asked twice")
  func busy() throws {
    let other = try household.service(store: household.anotherStore())
    let interview = try ada.interview(file("One?\nTwo?\n"), choices(["Rose"]), personas: personas)
    let key = IdempotencyKey(
      interview: "life", questionID: FileQuestion(id: nil, text: "One?", line: 1).id,
      legacyID: interview.lanes[0].legacy.id
    )
    var selection = Selection.to(legacy: "Rose", .named("life"))
    selection.persona = .init("biographer", isBinding: true)
    guard case .asked(let exchange) = try other.begin("One?", key: key, selection, personas: personas) else {
      throw Complaint("it has a reply")
    }
    let (summary, told) = try run("One?\nTwo?\n")
    #expect(summary.failure?.code == .busy && told.failures.count == 1 && summary.remaining == 1)
    try other.answer(exchange, to: RecordedReply(), .never) { Oracle() }
    let (second, _) = try run("One?\nTwo?\n")
    #expect(second.failure == nil && second.replayed == 1)
    #expect(try ada.messages().count == 4)
  }

  @Test("Two runs at once ask every question once")
  func twoRuns() throws {
    let questions = (1...20).map { "\($0)?\n" }.joined()
    let oracle = Oracle()
    try DispatchQueue.concurrently(2) {
      let service = try household.service(store: household.anotherStore())
      for _ in 0..<200 {
        let interview = try service.interview(file(questions), choices(["Rose", "Ben"]), personas: personas)
        let run = InterviewRun(
          interview, service, InterviewRun.Options(jobs: 2, budget: nil), RequestLimiter(rate: nil), to: Recorder(),
          try CancellationSource(), model: { PacedOracle(oracle: oracle, pace: $0) })
        if run.run().failure == nil { return }
      }
      throw Complaint("it never ends")
    }
    #expect(oracle.requests.count == 40)
    for name in ["Rose", "Ben"] {
      let messages = try ada.history(of: "life", legacy: name, personaID: nil).messages
      #expect(messages.filter { $0.author == .user }.map(\.content) == (1...20).map { "\($0)?" })
    }
  }

  @Test("A preview stores nothing")
  func preview() throws {
    func list() throws -> [String] {
      var lines: [String] = []
      let interview = try ada.interview(
        file("One?\nTwo, {name}?\n"), choices(["Rose", "Ben"]), personas: personas)
      try ada.forEachQuestion(of: interview) { question, isAnswered in
        lines.append(
          "\(isAnswered) \(question.legacyName) \(question.index)/\(question.total) \(question.text) "
            + "\(question.conversationID != nil)")
      }
      return lines
    }
    #expect(
      try list() == [
        "false Rose 1/2 One? false", "false Rose 2/2 Two, Rose? false", "false Ben 1/2 One? false",
        "false Ben 2/2 Two, Ben? false",
      ])
    #expect(try ada.list().isEmpty)
    try run("One?\n")
    #expect(try list().prefix(2) == ["true Rose 1/2 One? true", "false Rose 2/2 Two, Rose? true"])
  }
}
