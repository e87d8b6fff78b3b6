import TestSupport
import Testing

@testable import MosaicAICore

/// What of everything that was ever said may be put before the model again.
@Suite struct RecallHistoryTests {
  private let household: Household
  private let ada: ConversationService

  init() throws {
    household = try Household()
    ada = try household.service()
    _ = try ada.addLegacy(name: "Rose", evenIfKnown: false)
  }

  /// The request for a message, with room for everything.
  private func request(
    _ message: String?, _ service: ConversationService? = nil, _ selection: Selection = .to(legacy: "Rose", .new),
    tokens: Int = 100_000, retrying: MessageID? = nil
  ) throws -> ModelRequest {
    var choice = ModelChoice()
    choice.recallTokens = tokens
    return try (service ?? ada).preview(
      message, selection, choice, personas: builtInPersonas(), retrying: retrying?.rawValue)
  }

  // MARK: Random histories

  /// What one message may become.
  private enum Fate: CaseIterable {
    case answered, failed, blocked, interrupted, superseded, deleted, replyDeleted, conversationDeleted
  }

  @Test("Whatever has happened, exactly what may be recalled is, and nothing else", arguments: 1...6)
  func history(seed: UInt64) throws {
    var generator = Lehmer(seed: seed)
    _ = try ada.addLegacy(name: "Karl", evenIfKnown: false)
    for legacy in ["Rose", "Karl"] { _ = try ada.share(legacy, with: "bob", role: .member) }
    let bob = try household.service("bob")
    var (allowed, forbidden): (Set<String>, Set<String>) = ([], [])
    // Each text has a word that all have, and one of its own.
    func word(_ number: Int, _ kind: String) -> String { "\(kind)\(number)x" }
    for number in 0..<40 {
      household.clock.now = household.clock.now + 3600
      let isBob = Int.random(in: 0..<5, using: &generator) == 0
      let isKarl = Int.random(in: 0..<5, using: &generator) == 0
      let persona = Bool.random(using: &generator) ? "friend" : "biographer"
      let target: Selection.Target = Int.random(in: 0..<4, using: &generator) == 0 ? .new : .latest
      let fate = Fate.allCases[Int.random(in: Fate.allCases.indices, using: &generator)]
      let selection = Selection.to(
        legacy: isKarl ? "Karl" : "Rose", persona: persona, fate == .conversationDeleted ? .new : target)
      let service = isBob ? bob : ada
      let (said, answer, second) = (word(number, "said"), word(number, "answer"), word(number, "second"))
      let message = "The kestrel \(said) flew."
      let reply = "A kestrel \(answer) indeed."
      var (isSaidAllowed, isAnswerAllowed) = (true, true)
      switch fate {
      case .answered: try service.send(message, .reply(reply), to: selection)
      case .failed:
        try service.send(message, .failing(.refused), to: selection)
        isAnswerAllowed = false
      case .blocked:
        try service.send(message, .reply(reply, stop: "guardrail_intervened"), to: selection)
        isAnswerAllowed = false
      case .interrupted: try service.send(message, .stream([.start, .text(reply)], then: .lost), to: selection)
      case .superseded:
        let sent = try service.send(message, .stream([.start, .text(reply)], then: .lost), to: selection)
        try service.send(nil, .reply("The kestrel \(second)."), to: .conversation(sent.conversationID))
        isAnswerAllowed = false
        if !isBob, !isKarl { allowed.insert(second) } else { forbidden.insert(second) }
      case .deleted:
        let sent = try service.send(message, .reply(reply), to: selection)
        try service.deleteMessages(ids: [sent.questionID])
        (isSaidAllowed, isAnswerAllowed) = (false, false)
      case .replyDeleted:
        let sent = try service.send(message, .reply(reply), to: selection)
        let answers = try service.messages(sent.conversationID).filter { $0.content == reply }
        try service.deleteMessages(ids: answers.map(\.id))
        isAnswerAllowed = false
      case .conversationDeleted:
        let sent = try service.send(message, .reply(reply), to: selection)
        try service.deleteConversations(ids: [sent.conversationID])
        (isSaidAllowed, isAnswerAllowed) = (false, false)
      }
      let isHers = !isBob && !isKarl
      if isHers, isSaidAllowed { allowed.insert(said) } else { forbidden.insert(said) }
      if isHers, isAnswerAllowed { allowed.insert(answer) } else { forbidden.insert(answer) }
    }
    // Indexed or not.
    if seed % 2 == 0 { try ada.indexMessages() }
    for (message, selection) in [
      ("Where was the kestrel?", Selection.to(legacy: "Rose", .new)),
      ("Where was the kestrel?", .to(legacy: "Rose", persona: "friend")),
    ] {
      let request = try request(message, nil, selection)
      let reminder = request.reminder ?? ""
      let window = request.turns.dropLast().map(\.text).joined(separator: "\n")
      #expect(forbidden.filter { reminder.contains($0) } == [])
      #expect(allowed.filter { reminder.contains($0) == window.contains($0) } == [])
    }
  }

  // MARK: Each rule

  @Test("What a message was asked with before is all that it is reminded of when it is asked again")
  func retriedInPlace() throws {
    try ada.send("The kestrel nested above the barn.", .reply("Above the barn."), to: .to(legacy: "Rose", .new))
    household.clock.now = household.clock.now + 60
    let lost = try ada.send("Which kestrel was it?", .failing(.refused), to: .to(legacy: "Rose", .new))
    household.clock.now = household.clock.now + 60
    try ada.send("The kestrel came back in spring.", .reply("In spring."), to: .conversation(lost.conversationID))
    try ada.send("The kestrel died in autumn.", .reply("In autumn."), to: .to(legacy: "Rose", .new))
    let reminder = try #require(
      try request(nil, nil, .conversation(lost.conversationID), retrying: lost.questionID).reminder)
    #expect(reminder.contains("above the barn"))
    #expect(!reminder.contains("spring") && !reminder.contains("autumn") && !reminder.contains("Which kestrel"))
    let later = try #require(try request("Which kestrel was it?").reminder)
    #expect(later.contains("spring") && later.contains("autumn"))
  }

  @Test("Turning recall on leaves every byte before the newest message as it was, and what is typed")
  func prefix() throws {
    for number in 1...14 {
      try ada.send("Kestrel number \(number).", .reply("I see \(number)."), to: .to(legacy: "Rose"))
    }
    let personas = try builtInPersonas()
    func body(_ tokens: Int) throws -> (JSON, ModelRequest) {
      let request = try request("Which kestrel was the first?", nil, .to(legacy: "Rose"), tokens: tokens)
      return (request.converseBody, request)
    }
    let ((off, offRequest), (on, onRequest)) = (try body(0), try body(2000))
    #expect(offRequest.reminder == nil && onRequest.reminder?.contains("number 1.") == true)
    #expect(offRequest.system == onRequest.system && personas["friend"] != nil)
    #expect(off["system"] == on["system"])
    let (offMessages, onMessages) = (try #require(off["messages"]?.elements), try #require(on["messages"]?.elements))
    #expect(offMessages.count == onMessages.count && offMessages.dropLast() == onMessages.dropLast())
    #expect(onMessages.last?["content"]?.elements?.last == offMessages.last?["content"]?.elements?.last)
    #expect(onMessages.last?["content"]?.elements?.count == 2)
  }

  @Test("The stored message is what was typed, and what is in the window is not recalled")
  func stored() throws {
    for number in 1...14 {
      try ada.send("Kestrel number \(number).", .reply("I see \(number)."), to: .to(legacy: "Rose"))
    }
    let sent = try ada.send("Which kestrel was the first?", .reply("Number 1."), to: .to(legacy: "Rose"))
    #expect(try ada.messages().suffix(2).first?.content == "Which kestrel was the first?")
    let reminder = try #require(sent.exchange.request.reminder)
    let window = sent.exchange.request.turns.dropLast().map(\.text)
    #expect(!window.isEmpty && window.allSatisfy { !reminder.contains(": \($0)\n") })
    #expect(sent.exchange.start.recalled.count > 5 && sent.exchange.recalledConversationCount == 1)
    let recalled = Set(sent.exchange.start.recalled)
    let contents = try ada.messages().filter { recalled.contains($0.id) }.map(\.content)
    #expect(contents.count == recalled.count && contents.allSatisfy { reminder.contains(": \($0)\n") })
  }

  @Test("Nothing is looked for while the window shows everything, or when recall is off")
  func nothing() throws {
    for number in 1...4 { try ada.send("Kestrel \(number).", .reply("Yes."), to: .to(legacy: "Rose")) }
    #expect(try request("Which kestrel?", nil, .to(legacy: "Rose")).reminder == nil)
    #expect(try request("Which kestrel?", tokens: 0).reminder == nil)
    #expect(try request("Which kestrel?").reminder != nil)
    #expect(try request("Of what?").reminder == nil)
  }

  @Test("What was imported later is recalled by a message from before, since it is older")
  func imported() throws {
    household.clock.now = household.clock.now + 86_400
    let lost = try ada.send("Which kestrel was it?", .failing(.refused), to: .to(legacy: "Rose", .new))
    household.clock.now = household.clock.now + -43_200
    try ada.send("The kestrel nested above the barn.", .reply("Above the barn."), to: .to(legacy: "Rose", .new))
    let reminder = try request(nil, nil, .conversation(lost.conversationID), retrying: lost.questionID).reminder
    #expect(reminder?.contains("above the barn") == true)
  }

  // MARK: Other languages

  @Test(
    "Other forms and parts of words find what was said, whatever the language",
    arguments: [
      ("Sonntags gab es Apfelkuchen mit Zimt.", "Was war das für ein Kuchen?"),
      ("Die Häuser am Fluss waren gelb.", "Welche Farbe hatte das Haus?"),
      ("Mummolassa meitä odotti maitoa.", "Mitä mummolan pöydällä oli?"),
      ("Kahvipannu oli sininen.", "Kuka rikkoi kahvipannun?"),
      ("祖父は灯台守でした。", "おじいさんは灯台で何をしていた？"),
      ("外公看守灯塔。", "谁看守灯塔？"),
      ("ตาเฝ้าประภาคารอยู่ทางเหนือ", "ใครเฝ้าประภาคาร"),
      ("לאמא היו אופניים ירוקים.", "איפה האופניים?"),
      ("كانت لأمي دراجة خضراء.", "أين الدراجة؟"),
      ("У бабушки был зелёный велосипед.", "Какого цвета были велосипеды?"),
      ("Η γιαγιά είχε ένα πράσινο ποδήλατο.", "Πού είναι τα ποδήλατα;"),
      ("할머니의 자전거는 초록색이었다.", "자전거를 누가 탔나요?"),
    ])
  func languages(said: String, asked: String) throws {
    try ada.send(said, .reply("…"), to: .to(legacy: "Rose", .new))
    for isIndexed in [false, true] {
      if isIndexed {
        for number in 0..<140 { try ada.send("\(number)", .reply("\(number)"), to: .to(legacy: "Rose", .new)) }
        try ada.indexMessages()
      }
      #expect(try request(asked).reminder?.contains(said) == true, "\(isIndexed)")
    }
  }
}
