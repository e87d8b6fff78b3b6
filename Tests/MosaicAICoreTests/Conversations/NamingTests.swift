import TestSupport
import Testing

@testable import MosaicAICore

/// How legacies, conversations, messages and personas are named.
@Suite struct NamingTests {
  private let household: Household
  private let ada: ConversationService

  init() throws {
    household = try Household()
    ada = try household.service()
  }

  @discardableResult
  private func add(_ name: String) throws -> Legacy { try ada.addLegacy(name: name, evenIfKnown: true).legacy }

  private func code(_ body: () throws -> Void) throws -> FailureCode? {
    do {
      try body()
      return nil
    } catch let failure as Failure { return failure.code }
  }

  @Test(
    "A legacy is found by its name, whatever its case and accents, and by the beginning of a word in it",
    arguments: [
      "Rosé Anne Miller", "rose anne miller", "ROSE ANNE MILLER", " Rosé Anne Miller ", "Rosé", "ros", "ann",
      "Anne mil",
      "miller",
    ])
  func byName(reference: String) throws {
    let rose = try add("Rosé Anne Miller")
    try add("Grandpa Jo")
    #expect(try ada.legacy(reference).id == rose.id)
  }

  @Test("A letter without a decomposition is found by the plain one")
  func plainLetters() throws {
    let legacy = try add("Łukasz Sørensen")
    for reference in ["lukasz sorensen", "LUKASZ", "sor", "łukasz"] {
      #expect(try ada.legacy(reference).id == legacy.id)
    }
  }

  @Test("Two characters, the middle of a word and something else name nobody", arguments: ["ro", "iller", "rosa", ""])
  func unknown(reference: String) throws {
    try add("Rosé Anne Miller")
    #expect(try code { _ = try ada.legacy(reference) } == .notFound)
  }

  @Test("A whole name beats a beginning, and the exact spelling beats another one")
  func precedence() throws {
    let ann = try add("Ann")
    let anna = try add("Anna")
    let accented = try add("Ánn")
    #expect(try ada.legacy("Ann").id == ann.id)
    #expect(try ada.legacy("Ánn").id == accented.id)
    #expect(try ada.legacy("anna").id == anna.id)
    #expect(try code { _ = try ada.legacy("ann") } == .ambiguous)
  }

  @Test("Renaming and removing take whole names alone, or ids")
  func strict() throws {
    let rose = try add("Rose Miller")
    #expect(try code { _ = try ada.renameLegacy("rose", to: "Ruth") } == .notFound)
    #expect(try code { _ = try ada.legacyToRemove("rose") } == .notFound)
    #expect(try ada.legacyToRemove("ROSE MILLER").legacy.id == rose.id)
    #expect(try ada.renameLegacy(rose.id.short, to: "Ruth").name == "Ruth")
  }

  @Test("A name that another legacy has is not taken without saying so")
  func duplicateRename() throws {
    try add("Rose")
    try add("Ruth")
    #expect(try code { _ = try ada.renameLegacy("Ruth", to: "ROSÉ") } == .usage)
    #expect(try ada.renameLegacy("Ruth", to: "RUTH").name == "RUTH", "its own name in another case")
    #expect(try ada.renameLegacy("Ruth", to: "Rose", evenIfKnown: true).name == "Rose")
  }

  @Test("Namesakes are distinguished by id, date and number of conversations")
  func namesakes() throws {
    let (first, second) = (try add("Jo"), try add("Jo"))
    do {
      _ = try ada.legacy("jo")
      Issue.record("\"jo\" names one of two")
    } catch let failure as Failure {
      guard case .useID(let things) = failure.advice else {
        Issue.record("\(String(describing: failure.advice))")
        return
      }
      #expect(things.count == 2)
      for legacy in [first, second] {
        let thing = things.first { $0.contains(legacy.id.short) } ?? ""
        #expect(thing.contains("Jo") && thing.contains("0 conversations") && thing.contains(legacy.createdAt.date))
      }
    }
  }

  @Test("A legacy that is only proposed is said to be that")
  func proposed() throws {
    try add("Rose")
    _ = try ada.share("Rose", with: "bob", role: .pending)
    let bob = try household.service("bob")
    do {
      _ = try bob.legacy("rose")
      Issue.record("a proposed legacy was found")
    } catch let failure as Failure {
      #expect(failure.code == .notFound && failure.message.contains("not yet a member"))
      #expect(failure.advice.map { if case .askToShare = $0 { true } else { false } } == true)
    }
  }

  @Test("A conversation is found by its whole title if only one has it")
  func byTitle() throws {
    try add("Rose")
    let garden = try ada.send("The garden", .reply("x"), to: .to(.new)).conversationID
    let house = try ada.send("The house", .reply("x"), to: .to(.new)).conversationID
    #expect(try ada.history(of: "THE GARDEN").conversation.id == garden)
    #expect(try ada.history(of: "the house").conversation.id == house)
    #expect(try code { _ = try ada.history(of: "the") } == .notFound)
    _ = try ada.send("The garden", .reply("x"), to: .to(.new))
    #expect(try code { _ = try ada.history(of: "the garden") } == .ambiguous)
  }

  @Test("A persona is found whatever its case")
  func personas() throws {
    let personas = try builtInPersonas()
    #expect(personas["Friend"]?.id == "friend")
    #expect(try personas.persona(id: "BIOGRAPHER").id == "biographer")
    try add("Rose")
    let sent = try ada.send("Hi", .reply("x"), to: .to(persona: "Friend"))
    #expect(try ada.list().map(\.personaID) == ["friend"])
    let again = try ada.send("And", .reply("x"), to: .to(persona: "FRIEND"))
    #expect(again.conversationID == sent.conversationID)
  }

  @Test("The known handles nearest to one that is not known are offered")
  func handles() throws {
    try add("Rose")
    _ = try ada.share("Rose", with: "barbara", role: .member)
    #expect(try ada.nearestHandles(to: "barbra") == ["barbara"])
    #expect(try ada.nearestHandles(to: "zzz") == [])
    #expect(try ada.nearestHandles(to: "barbara") == nil)
  }
}

/// Who answers if nobody says who should.
@Suite struct PersonaChoiceTests {
  private let household: Household
  private let ada: ConversationService

  init() throws {
    household = try Household()
    ada = try household.service()
    _ = try ada.addLegacy(name: "Rose", evenIfKnown: false)
    _ = try ada.addLegacy(name: "Jo", evenIfKnown: false)
  }

  private func selection(_ legacy: String, _ target: Selection.Target = .latest) -> Selection {
    var selection = Selection()
    selection.legacy = .init(legacy, isBinding: true)
    selection.target = target
    return selection
  }

  @Test("It is the persona of the latest conversation about the legacy, else the Biographer")
  func latest() throws {
    #expect(try ada.send("1", .reply("x"), to: selection("Rose")).exchange.start.personaID == "biographer")
    let friend = try ada.send("2", .reply("x"), to: .to(legacy: "Rose", persona: "friend"))
    let next = try ada.send("3", .reply("x"), to: selection("Rose"))
    #expect(next.conversationID == friend.conversationID)
    #expect(next.exchange.place.isPersonaOfLatest && next.exchange.place.personaName == "The Friend")
    #expect(try ada.send("4", .reply("x"), to: selection("Rose", .new)).exchange.start.personaID == "friend")
    #expect(try ada.send("5", .reply("x"), to: selection("Jo")).exchange.start.personaID == "biographer")
  }
}

/// Asking again.
@Suite struct RetryTests {
  private let household: Household
  private let ada: ConversationService
  private let personas: PersonaCatalog

  init() throws {
    household = try Household()
    ada = try household.service()
    personas = try builtInPersonas()
    _ = try ada.addLegacy(name: "Rose", evenIfKnown: false)
  }

  private func retry(_ message: MessageID, _ answer: ScriptedTransport.Answer, isKeepingOrder: Bool = false) throws {
    let exchange = try ada.beginRetry(
      ofMessage: message.rawValue, personas: personas, isKeepingOrder: isKeepingOrder)
    try ada.answer(exchange, to: RecordedReply(), .never) { BedrockModel.scripted([answer]) }
  }

  @Test("The same text after a failure is the same message, and anything else is not")
  func sameText() throws {
    let failed = try ada.send("Hi", .error(500))
    let again = try ada.send("Hi", .reply("x"))
    #expect(again.questionID == failed.questionID && again.exchange.isRetry)
    #expect(try ada.messages().map(\.content) == ["Hi", "x"])
    let answered = try ada.send("Hi", .reply("y"))
    #expect(answered.questionID != failed.questionID, "it has a reply")
    let other = try ada.send("Ho", .error(500))
    #expect(try ada.send("ho", .error(500)).questionID != other.questionID)
    #expect(try ada.send("Ho", .error(500), to: .to(.new)).questionID != other.questionID)
  }

  @Test("The same text after a reply that broke off is a new message")
  func brokenReply() throws {
    let broken = try ada.send("Hi", .stream([.start, .text("half")], then: .lost))
    #expect(try ada.send("Hi", .reply("x")).questionID != broken.questionID)
  }

  @Test("A message is answered where it stands, with what came before it as context")
  func inTheMiddle() throws {
    try ada.send("1", .reply("one"))
    let failed = try ada.send("2", .error(500))
    let last = try ada.send("3", .reply("three"))
    #expect(last.exchange.unansweredBefore == 1)
    let exchange = try ada.beginRetry(ofMessage: failed.questionID.short, personas: personas)
    #expect(exchange.request.turns.map(\.text) == ["1", "one", "2"])
    try ada.answer(exchange, to: RecordedReply(), .never) { BedrockModel.scripted([.reply("two")]) }
    #expect(try ada.messages().map(\.content) == ["1", "one", "2", "two", "3", "three"])
    #expect(try ada.list()[0].messageCount == 6)
    #expect(throws: Failure.self) { try ada.beginRetry(ofMessage: failed.questionID.rawValue, personas: personas) }
  }

  @Test("A failed retry in the middle says how to ask for that message again")
  func advice() throws {
    let failed = try ada.send("1", .error(500))
    try ada.send("2", .reply("two"))
    do {
      try retry(failed.questionID, .error(500))
      Issue.record("it did not fail")
    } catch let failure as ReplyFailure {
      let expected = Advice.retryMessage(failed.questionID, saved: .message)
      let steps: [Advice] =
        if case .steps(let steps) = failure.failure.advice { steps } else { [failure.failure.advice].compactMap { $0 } }
      #expect(steps.contains(expected))
    }
  }

  @Test("Unanswered messages are listed oldest first, and answering them leaves the latest conversation the latest")
  func all() throws {
    let first = try ada.send("a", .error(500), to: .to(.new))
    let second = try ada.send("b", .error(500), to: .to(.new))
    household.clock.now = Timestamp(milliseconds: 1_000_000)
    let third = try ada.send("c", .error(500), to: .conversation(first.conversationID))
    let latest = try ada.send("d", .reply("x"), to: .to(.new))
    let unanswered = try ada.unansweredMessages()
    #expect(Set(unanswered) == [first.questionID, second.questionID, third.questionID])
    let order = unanswered.filter { [first.questionID, third.questionID].contains($0) }
    #expect(order == [first.questionID, third.questionID], "in a conversation by their order, whatever the clock said")
    for message in unanswered { try retry(message, .reply("y"), isKeepingOrder: true) }
    #expect(try ada.unansweredMessages() == [])
    #expect(try ada.list().map(\.id)[0] == latest.conversationID)
    #expect(try ada.list().map(\.messageCount).sorted() == [2, 2, 4])
  }

  @Test("Nobody asks again for somebody else's message, nor about a legacy that is not theirs any more")
  func others() throws {
    let failed = try ada.send("a", .error(500))
    _ = try ada.share("Rose", with: "bob", role: .owner)
    let bob = try household.service("bob")
    #expect(throws: Failure.self) { try bob.beginRetry(ofMessage: failed.questionID.rawValue, personas: personas) }
    #expect(try bob.unansweredMessages() == [])
    _ = try bob.unshare("Rose", from: "ada")
    #expect(try ada.unansweredMessages() == [])
  }
}
