import TestSupport
import Testing

@testable import MosaicAICore

/// Which questions were asked and skipped, for each user and legacy.
@Suite struct QuestionsTests {
  private let household: Household
  private let service: ConversationService
  private let questions = ["a", "b", "c", "d"].map {
    Question(id: $0, chapter: "Chapter", template: "What of \($0) in {name}?")
  }

  init() throws {
    household = try Household()
    service = try household.service()
    _ = try service.addLegacy(name: "Rose", evenIfKnown: false)
  }

  private func next(
    _ legacy: String? = nil, skipping isSkipping: Bool = false, by service: ConversationService? = nil
  ) throws -> String? {
    try (service ?? self.service).nextQuestion(of: questions, about: legacy, skipping: isSkipping)?.question.id
  }

  @Test("The next question is the first that was neither asked nor skipped, even if its reply failed")
  func next() throws {
    #expect(try next() == "a")
    try service.send("What of a in Rose?", .reply("Well."))
    #expect(try next() == "b")
    try service.send("What of c in Rose?", .failing(.refused), to: .to(legacy: "Rose", persona: "friend"))
    #expect(try next(skipping: true) == "b")
    #expect(try next() == "d")
    #expect(try next(skipping: true) == "d")
    #expect(try next() == nil && next(skipping: true) == nil)
    let listed = try service.questions(questions, about: "rose")
    #expect(listed.map(\.isUsed) == [true, false, true, false])
    #expect(listed.map(\.isSkipped) == [false, true, false, true])
    #expect(listed.map(\.text).first == "What of a in Rose?")
  }

  @Test("What was asked is known after the legacy is renamed, and forgotten with its message")
  func renamed() throws {
    let sent = try service.send("What of a in Rose?", .reply("Well."))
    _ = try service.renameLegacy("Rose", to: "Rosa Luz")
    #expect(try next() == "b")
    #expect(try service.questions(questions, about: nil)[0].text == "What of a in Rosa Luz?")
    try service.deleteConversations(ids: [sent.conversationID])
    #expect(try next() == "a")
  }

  @Test("What an interview has asked is known by its key, in whatever words, and only by the name of its conversation")
  func byKey() throws {
    let rose = try #require(try service.legacies().first).id
    func ask(_ text: String, _ id: String, interview: String, named name: String, of legacy: LegacyID) throws {
      let key = IdempotencyKey(interview: interview, questionID: id, legacyID: legacy)
      guard
        case .asked(let exchange) = try service.begin(
          text, key: key, .to(legacy: "Rose", .named(name)), personas: builtInPersonas())
      else { throw Complaint("it has a reply") }
      try? service.answer(exchange, to: RecordedReply(), .never) { throw Failure(.timeout, "slow") }
    }
    try ask("What else?", "a", interview: "life", named: "life", of: rose)
    #expect(try next() == "b")
    try ask("What more?", "b", interview: "elsewhere", named: "life", of: rose)
    try ask("And then?", "b", interview: "life", named: "life", of: "00000000-0000-4000-8000-000000000001")
    #expect(try next() == "b", "these are the keys of something else")
    try ask("What now?", "b", interview: "other", named: "other", of: rose)
    #expect(try next() == "c")
    #expect(try service.questions(questions, about: "Rose").map(\.isUsed) == [true, true, false, false])
  }

  @Test("Each user and each legacy has questions of its own")
  func apart() throws {
    _ = try service.addLegacy(name: "Ben", evenIfKnown: false)
    _ = try service.share("Rose", with: "bob", role: .member)
    let bob = try household.service("bob")
    try service.send("What of a in Rose?", .reply("Well."), to: .to(legacy: "Rose"))
    #expect(try next("Rose", skipping: true) == "b")
    #expect(try next("Rose") == "c")
    #expect(try next("Ben", skipping: true) == "a")
    #expect(try next("Ben") == "b", "it is skipped for Rose alone")
    #expect(try next("Rose", by: bob) == "a")
    #expect(try next("Rose", skipping: true, by: bob) == "a")
    #expect(try next("Rose") == "c")
  }

  @Test("Without a legacy, or with several and none chosen, all are listed with the placeholder, and none is the next")
  func noLegacy() throws {
    let stranger = try household.service("eve")
    _ = try service.addLegacy(name: "Ben", evenIfKnown: false)
    for service in [service, stranger] {
      let listed = try service.questions(questions, about: nil)
      #expect(listed.map(\.text) == questions.map(\.template.text))
      #expect(listed.allSatisfy { $0.isUsed == nil && !$0.isSkipped })
      #expect(try failure { try next(by: service) }.code == .usage)
    }
    #expect(try failure { try service.questions(questions, about: "Nobody") }.code == .notFound)
    #expect(try failure { try next("Rose", by: stranger) }.code == .notFound)
  }

  @Test("What was skipped goes with its legacy")
  func removed() throws {
    #expect(try next(skipping: true) == "a")
    func count() throws -> Int? {
      try household.store.read { try $0.connection.integer("SELECT count(*) FROM skipped_questions") }
    }
    #expect(try count() == 1)
    try service.removeLegacy(id: #require(try service.legacies().first).id)
    #expect(try count() == 0)
  }
}
