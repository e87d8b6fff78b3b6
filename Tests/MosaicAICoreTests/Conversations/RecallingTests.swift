import TestSupport
import Testing

@testable import MosaicAICore

/// What the model is reminded of, and of nothing else.
@Suite struct RecallingTests {
  private let household: Household
  private let ada: ConversationService

  init() throws {
    household = try Household()
    ada = try household.service()
    _ = try ada.addLegacy(name: "Rose", evenIfKnown: false)
  }

  /// The request that a message would make, its reminder empty if there is none.
  private func request(
    _ message: String, to selection: Selection = .to(), _ model: ModelChoice = ModelChoice(),
    retrying id: MessageID? = nil
  ) throws -> (turns: [String], reminder: String) {
    let request = try ada.preview(
      id == nil ? message : nil, selection, model, personas: builtInPersonas(), retrying: id?.rawValue)
    return (request.turns.map(\.text), request.reminder ?? "")
  }

  @Test("What the model sees anyway is not put before it twice, and what it no longer sees is")
  func besideWindow() throws {
    for number in 10..<40 { try ada.send("The kestrel of day \(number).", .reply("A kestrel, seen at \(number).")) }
    let (turns, reminder) = try request("Where was the kestrel?")
    let said = (10..<40).flatMap { ["The kestrel of day \($0).", "A kestrel, seen at \($0)."] }
    let shown = said.filter(turns.contains)
    #expect(shown.count >= 8 && shown.allSatisfy { !reminder.contains($0) }, "\(reminder)")
    #expect(said.filter(reminder.contains).count > 10)
    #expect(!reminder.contains("Where was the kestrel?"))
  }

  @Test("A message that is asked again where it stands is not answered out of what was said after it")
  func askedAgain() throws {
    try ada.send("The kestrel came in spring.", .reply("In spring."))
    for number in 0..<12 { try ada.send("Day \(number).", .reply("Good.")) }
    let asked = try ada.send("When did the kestrel come?", .stream([], then: .lost))
    for number in 0..<12 { try ada.send("The kestrel later, \(number).", .reply("Later.")) }
    let reminder = try request("", retrying: asked.questionID).reminder
    #expect(reminder.contains("The kestrel came in spring."))
    #expect(!reminder.contains("later") && !reminder.contains("When did the kestrel come?"), "\(reminder)")
  }

  @Test(
    "Neither other people's conversations nor those about another legacy are recalled, but all of one's own about it")
  func whose() throws {
    try ada.send("Her kestrel flew.", .reply("Far."), to: .to(persona: "friend", .new))
    _ = try ada.addLegacy(name: "Karl", evenIfKnown: false)
    try ada.send("Karl feared the kestrel.", .reply("Why?"), to: .to(legacy: "Karl"))
    _ = try ada.share("Rose", with: "ben", role: .member)
    let ben = try household.service("ben")
    try ben.send("Ben saw a kestrel.", .reply("When?"), to: .to(legacy: "Rose"))
    let reminder = try request("What of the kestrel?", to: .to(legacy: "Rose", .new)).reminder
    #expect(reminder.contains("Her kestrel flew.") && reminder.contains("Far."))
    #expect(!reminder.contains("Karl") && !reminder.contains("Ben"), "\(reminder)")
  }

  @Test("Replies that were blocked or superseded are not recalled; what the person said is, though it failed")
  func statuses() throws {
    try ada.send("The kestrel and the owl.", .reply("Blocked kestrel.", stop: "guardrail_intervened"), to: .to(.new))
    try ada.send("The kestrel at noon.", .stream([.text("Old kestrel.")], then: .lost), to: .to(.new))
    try ada.send(nil, .reply("New kestrel."))
    try ada.send("The kestrel at night.", .stream([], then: .lost), to: .to(.new))
    let reminder = try request("What of the kestrel?", to: .to(.new)).reminder
    for text in ["The kestrel and the owl.", "The kestrel at noon.", "New kestrel.", "The kestrel at night."] {
      #expect(reminder.contains(text), "\(text)")
    }
    #expect(!reminder.contains("Blocked") && !reminder.contains("Old"), "\(reminder)")
  }

  @Test("The block keeps within the budget, is fenced by a name that is new each time, and is not there without one")
  func budget() throws {
    for number in 0..<20 {
      try ada.send("Kestrel \(number): \(String(repeating: "it flew and flew ", count: 20))", .reply("It did."))
    }
    var fences: Set<String> = []
    for tokens in [100, 300, 1000] {
      var model = ModelChoice()
      model.recallTokens = tokens
      let reminder = try request("What of the kestrel?", to: .to(.new), model).reminder
      #expect(reminder.unicodeScalars.count <= tokens * 4)
      if tokens >= 300 { fences.insert(try #require(reminder.split(separator: "\n").first.map(String.init))) }
    }
    #expect(fences.count == 2)
    var model = ModelChoice()
    model.recallTokens = 0
    #expect(try request("What of the kestrel?", to: .to(.new), model).reminder == "")
  }
}
