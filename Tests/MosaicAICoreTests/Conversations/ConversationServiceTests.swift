import CSQLite
import Dispatch
import Foundation
import SQLite
import Synchronization
import TestSupport
import Testing

@testable import MosaicAICore

@Suite struct ConversationServiceTests {
  private typealias Answer = ScriptedTransport.Answer

  private let household: Household
  private let service: ConversationService
  private let legacy: Legacy

  init() throws {
    household = try Household()
    service = try household.service()
    legacy = try service.addLegacy(name: "Grace Hopper", evenIfKnown: false).legacy
  }

  // MARK: Beginning and continuing

  @Test("A message starts a conversation and gives it a title, and the next one continues it")
  func beginAndContinue() throws {
    let first = try service.send("What was she like?", .reply("Curious."))
    #expect(first.failure == nil)
    #expect(first.exchange.start.isNewConversation)
    #expect(first.exchange.start.legacyID == legacy.id)
    #expect(first.exchange.start.personaID == "biographer")
    #expect(first.exchange.start.modelID == Persona.defaultModelID)
    let second = try service.send("And later?", .reply("Famous."))
    #expect(!second.exchange.start.isNewConversation)
    #expect(second.conversationID == first.conversationID)

    let conversation = try #require(try service.list().first)
    #expect(try service.list().count == 1)
    #expect(conversation.id == first.conversationID)
    #expect(conversation.title == "What was she like?")
    #expect(conversation.messageCount == 4)
    #expect(conversation.legacyName == "Grace Hopper")
    let messages = try service.messages()
    #expect(messages.map(\.content) == ["What was she like?", "Curious.", "And later?", "Famous."])
    #expect(messages.map(\.author) == [.user, .assistant, .user, .assistant])
    #expect(messages.map(\.status) == [.complete, .complete, .complete, .complete])
    #expect(messages.map(\.replyTo) == [nil, first.questionID, nil, second.questionID])
    #expect(messages.map(\.tokenCount) == [nil, 20, nil, 20])
    #expect(messages.map(\.stopReason) == [nil, "end_turn", nil, "end_turn"])
    #expect(messages.map(\.modelID) == [nil, Persona.defaultModelID, nil, Persona.defaultModelID])
  }

  @Test("An answered key needs no writing: its reply comes while another process keeps the database")
  func replayWhileLocked() throws {
    let key = IdempotencyKey(rawValue: "k1")
    let personas = try builtInPersonas()
    guard case .asked(let exchange) = try service.begin("Hello", key: key, .to(), personas: personas) else {
      throw Complaint("a key that is new has no reply")
    }
    try service.answer(exchange, to: RecordedReply(), .never) { BedrockModel.scripted([.reply("Well.")]) }
    let again = try household.anotherStore().write { _ in
      try service.begin("Hello", key: key, .to(), personas: personas)
    }
    guard case .answered(let reply) = again else { throw Complaint("it is asked again") }
    #expect(reply.content == "Well.")
  }

  @Test("A receiver gets a start, the chunks, and a done that names what is stored")
  func events() throws {
    let sent = try service.send("Hi", .failing(.refused), .stream(bytes: Frame.reply("One ", "two")))
    let done = try #require(sent.reply.done)
    #expect(sent.reply.events.first == .start(sent.exchange.start))
    try #require(sent.reply.events.count == 3)
    guard case .retry(let notice) = sent.reply.events[1] else {
      Issue.record("the second event is not a retry: \(sent.reply.events[1])")
      return
    }
    #expect(notice.attempt == 2)
    #expect(sent.reply.chunks == ["One ", "two"])
    #expect(done.conversationID == sent.conversationID)
    #expect(done.messageID == (try service.messages().last?.id))
    #expect(done.usage == TokenUsage(input: 10, output: 20, total: 30))
    #expect(done.latency == .milliseconds(456))
    #expect(done.firstChunk != nil)
  }

  @Test("What was shown is stored, byte for byte")
  func shownIsStored() throws {
    let pieces = ["\n a\0", "\u{1b}[31m\u{9b}", "e", "\u{301}", " \r\n", "🌻\n\n"]
    let sent = try service.send("Hi", .stream([.start] + pieces.map(Frame.text) + [.stop()]))
    #expect(try service.messages().last?.content.utf8.elementsEqual(pieces.joined().utf8) == true)
    #expect(sent.reply.text.utf8.elementsEqual(pieces.joined().utf8))
  }

  @Test("--new starts another conversation, which is then the latest")
  func newConversation() throws {
    let first = try service.send("One", .reply("x"))
    let second = try service.send("Two", .reply("x"), to: .to(.new))
    #expect(second.exchange.start.isNewConversation)
    #expect(second.conversationID != first.conversationID)
    #expect(try service.send("Three", .reply("x")).conversationID == second.conversationID)
    #expect(
      try service.send("Four", .reply("x"), to: .conversation(first.conversationID)).conversationID
        == first.conversationID)
    #expect(try service.send("Five", .reply("x")).conversationID == first.conversationID)
  }

  @Test("Each persona, legacy and user has separate conversations")
  func separateConversations() throws {
    let other = try service.addLegacy(name: "Ada", evenIfKnown: false).legacy
    _ = try service.share(legacy.id.rawValue, with: "bob", role: .member)
    let bob = try household.service("bob")
    let ids = [
      try service.send("1", .reply("x"), to: .to(legacy: legacy.id.rawValue)),
      try service.send("2", .reply("x"), to: .to(legacy: legacy.id.rawValue, persona: "friend")),
      try service.send("3", .reply("x"), to: .to(legacy: other.id.rawValue)),
      try bob.send("4", .reply("x"), to: .to(legacy: legacy.id.rawValue)),
    ].map(\.conversationID)
    #expect(Set(ids).count == 4)
    #expect(try service.list().map(\.id) == [ids[2], ids[1], ids[0]])
    #expect(try bob.list().map(\.id) == [ids[3]])
    #expect(
      try service.conversations(legacy: "grace hopper", personaID: nil, limit: nil, offset: nil).map(\.id) == [
        ids[1], ids[0],
      ])
    #expect(
      try service.conversations(legacy: nil, personaID: "biographer", limit: nil, offset: nil).map(\.id) == [
        ids[2], ids[0],
      ])
    #expect(try service.conversations(legacy: nil, personaID: nil, limit: 1, offset: 1).map(\.id) == [ids[1]])
  }

  @Test("Many connections that start at once create one conversation")
  func concurrentBegin() throws {
    let personas = try builtInPersonas()
    let starts = Mutex<[ReplyStart]>([])
    let errors = Mutex<[String]>([])
    DispatchQueue.concurrentPerform(iterations: 12) { number in
      do {
        let own = try household.service(store: household.anotherStore())
        let exchange = try own.begin("Message \(number)", .to(), personas: personas)
        starts.withLock { $0.append(exchange.start) }
      } catch {
        errors.withLock { $0.append("\(error)") }
      }
    }
    #expect(errors.withLock { $0 } == [])
    let all = starts.withLock { $0 }
    #expect(Set(all.map(\.conversationID)).count == 1)
    #expect(all.filter(\.isNewConversation).count == 1)
    #expect(Set(all.map(\.userMessageID)).count == 12)
    #expect(try service.list().map(\.messageCount) == [12])
  }

  @Test("A title can be set with any message and stays")
  func titles() throws {
    var request = Selection.to()
    request.title = "  Her youth "
    try service.send("A long story", .reply("x"), to: request)
    #expect(try service.list().first?.title == "Her youth")
    try service.send("More", .reply("x"))
    #expect(try service.list().first?.title == "Her youth")
    request.title = "two\nlines"
    #expect(try failure { try service.send("Again", to: request) }.code == .invalidInput)
    #expect(try service.messages().count == 4, "a refused title stores nothing")
  }

  @Test(
    "Any message is stored, whatever its title becomes",
    arguments: [
      "e" + String(repeating: "\u{301}", count: 9_999), "\u{1}a", "\u{200b}a", String(repeating: "🌻", count: 10_000),
      "'); DROP TABLE users; --",
    ])
  func oddMessages(text: String) throws {
    #expect(try service.send(text, .reply("x")).failure == nil)
    #expect(try service.messages().first?.content.utf8.elementsEqual(text.utf8) == true)
  }

  @Test("The model, limit, temperature and guardrail go into the request")
  func choices() throws {
    var choice = ModelChoice()
    choice.modelID = "other:1"
    choice.maximumTokens = 7
    choice.temperature = 0.5
    choice.guardrail = .init("gr:1")
    let converse = try service.preview("Hi", .to(), choice, personas: builtInPersonas())
    #expect(converse.modelID == "other:1")
    #expect(converse.maximumTokens == 7)
    #expect(converse.temperature == 0.5)
    #expect(converse.guardrail == .init("gr:1"))
    let personas = try builtInPersonas()
    #expect(
      try converse.system == personas.systemPrompt(of: personas.persona(id: "biographer"), legacyName: "Grace Hopper"))
  }

  // MARK: What stores nothing

  @Test("A preview stores nothing and locks nothing")
  func preview() throws {
    #expect(try service.context("Hello") == ["user: Hello"])
    #expect(try service.list().isEmpty)
    let sent = try service.send("Hi", .failing(.refused))
    let again = try service.preview(nil, .to(), personas: builtInPersonas())
    #expect(again.turns.map(\.text) == ["Hi"])
    #expect(try service.messages().map(\.status) == [.failed])
    // Another process may retry what was only previewed here.
    let other = try household.service(store: household.anotherStore())
    #expect(try other.send(nil, .reply("x")).questionID == sent.questionID)
  }

  @Test(
    "An unknown name stores nothing",
    arguments: [
      (Selection.to(legacy: "Nobody"), FailureCode.notFound), (.to(persona: "nobody"), .notFound),
      (.conversation("00000000"), .notFound),
      (.conversation("nonsense"), .notFound), (.to(.conversation("last")), .notFound),
    ])
  func nothingStored(request: Selection, expected: FailureCode) throws {
    #expect(try code { try service.send("Hi", to: request) } == expected)
    #expect(try service.list().isEmpty)
    #expect(try household.store.read { try $0.connection.integer("SELECT count(*) FROM ai_messages") } == 0)
  }

  @Test("Without a clear choice of legacy, the advice is how to choose")
  func noLegacyChosen() throws {
    let bob = try household.service("bob")
    let none = try failure { try bob.send("Hi") }
    #expect(none.code == .usage)
    #expect(none.advice == .addLegacy)
    _ = try service.addLegacy(name: "Ada", evenIfKnown: false)
    let several = try failure { try service.send("Hi") }
    #expect(several.code == .usage)
    #expect(several.advice == .choose(.legacy, from: ["Ada", "Grace Hopper"]))
  }

  @Test("A conversation with another persona or legacy is wrong usage")
  func mismatch() throws {
    let sent = try service.send("Hi", .reply("x"))
    _ = try service.addLegacy(name: "Ada", evenIfKnown: false)
    var request = Selection.conversation(sent.conversationID)
    request.persona = .init("friend", isBinding: true)
    #expect(try code { try service.send("Hi", to: request) } == .usage)
    request.persona = .init("friend", isBinding: false)
    request.legacy = .init("Ada", isBinding: true)
    #expect(try code { try service.send("Hi", to: request) } == .usage)
    request.legacy = .init("Ada", isBinding: false)
    #expect(try service.send("Hi", .reply("x"), to: request).conversationID == sent.conversationID)
  }

  // MARK: What becomes of an exchange

  struct Ending: Sendable, CustomTestStringConvertible {
    let what: String
    let answer: ScriptedTransport.Answer
    let code: FailureCode?
    let question: Message.Status
    let reply: Message.Status?
    var testDescription: String { what }
  }

  static let endings = [
    Ending(what: "whole", answer: .reply("text"), code: nil, question: .complete, reply: .complete),
    Ending(
      what: "cut at max_tokens", answer: .reply("text", stop: "max_tokens"), code: nil, question: .complete,
      reply: .complete),
    Ending(
      what: "stop sequence", answer: .reply("text", stop: "stop_sequence"), code: nil, question: .complete,
      reply: .complete),
    Ending(
      what: "context window", answer: .reply("text", stop: "model_context_window_exceeded"), code: nil,
      question: .complete,
      reply: .complete),
    Ending(
      what: "unknown reason", answer: .reply("text", stop: "tomorrow"), code: nil, question: .complete, reply: .complete
    ),
    Ending(
      what: "no metadata", answer: .stream([.start, .text("text"), .stop()]), code: nil, question: .complete,
      reply: .complete),
    Ending(
      what: "cut", answer: .stream([.start, .text("text")], then: .lost), code: .connection, question: .complete,
      reply: .interrupted),
    Ending(
      what: "just ended", answer: .stream([.start, .text("text")]), code: .connection, question: .complete,
      reply: .interrupted),
    Ending(
      what: "idle", answer: .stream([.start, .text("text")], then: .idleTimeout), code: .timeout, question: .complete,
      reply: .interrupted),
    Ending(
      what: "exception after text", answer: .stream([.start, .text("text"), .exception("throttlingException", "{}")]),
      code: .throttled,
      question: .complete, reply: .interrupted),
    Ending(
      what: "guardrail after text", answer: .reply("text", stop: "guardrail_intervened"), code: .blocked,
      question: .complete,
      reply: .blocked),
    Ending(
      what: "filter after text", answer: .reply("text", stop: "content_filtered"), code: .blocked, question: .complete,
      reply: .blocked),
    Ending(
      what: "malformed output", answer: .reply("text", stop: "malformed_model_output"), code: .modelError,
      question: .complete,
      reply: .interrupted),
    Ending(
      what: "malformed tool use", answer: .reply("text", stop: "malformed_tool_use"), code: .modelError,
      question: .complete,
      reply: .interrupted),
    Ending(
      what: "tool use", answer: .reply("text", stop: "tool_use"), code: .protocolError, question: .complete,
      reply: .interrupted),
    Ending(
      what: "filter without text", answer: .stream([.start, .stop("content_filtered")]), code: .blocked,
      question: .failed, reply: nil),
    Ending(
      what: "empty", answer: .stream([.start, .blockStop, .stop(), .metadata]), code: .emptyReply, question: .failed,
      reply: nil),
    Ending(
      what: "white space", answer: .stream(bytes: Frame.reply(" ", "\n\t", "\u{a0}")), code: .emptyReply,
      question: .failed, reply: nil),
    Ending(
      what: "invisible", answer: .stream(bytes: Frame.reply("\u{feff}", " \n\u{feff}", "\u{200b}\u{2060}\u{7}")),
      code: .emptyReply, question: .failed, reply: nil),
    Ending(
      what: "white space, then cut", answer: .stream([.start, .text(" \n")], then: .lost), code: .connection,
      question: .failed, reply: nil),
    Ending(what: "refused", answer: .failing(.refused), code: .connection, question: .failed, reply: nil),
    Ending(
      what: "validation", answer: .error(400, named: "ValidationException"), code: .validation, question: .failed,
      reply: nil),
  ]

  @Test(
    "Text that arrives together with the end of the reply is stored",
    arguments: [
      Frame.exception("throttlingException", "{}").encoded, Frame.event("metadata", "no JSON").encoded,
      Frame.event("messageStop", "[]").encoded, [UInt8](repeating: 0, count: 40),
      Array(Frame.metadata.encoded.dropLast(2) + [0, 0]),
    ])
  func behindTheEnd(rest: [UInt8]) throws {
    let first = [Frame.start, .text("Hello ")].flatMap(\.encoded)
    let last = [Frame.text("dear world"), .blockStop, .stop()].flatMap(\.encoded) + rest
    for pieces in [[first, last], [first + last]] {
      var answer = Answer.stream([])
      answer.body = pieces
      let sent = try service.send("Hi", answer, to: .to(.new))
      #expect(sent.failure == nil)
      #expect(sent.reply.text == "Hello dear world")
      #expect(try service.messages().map(\.content) == ["Hi", "Hello dear world"])
      #expect(try service.messages().map(\.status) == [.complete, .complete])
    }
  }

  @Test("However an exchange ends, both messages have their status, and the text is kept", arguments: endings)
  func status(ending: Ending) throws {
    let sent = try service.send("Hi", ending.answer)
    #expect(sent.failure?.failure.code == ending.code)
    let messages = try service.messages()
    #expect(messages.first?.status == ending.question)
    #expect(messages.dropFirst().first?.status == ending.reply)
    #expect(messages.count == (ending.reply == nil ? 1 : 2))
    #expect(try service.list().first?.messageCount == messages.count)
    if ending.reply != nil { #expect(messages.last?.content == "text") }
    if let failure = sent.failure {
      #expect(failure.conversationID == sent.conversationID)
      #expect(failure.userMessageID == sent.questionID)
      #expect(failure.messageID == (ending.reply == nil ? nil : messages.last?.id))
      let saved: Advice.Saved =
        ending.reply != nil ? .partOfReply : ending.code == .validation ? .refusedMessage : .message
      #expect(failure.failure.advises(.retry(sent.conversationID, saved: saved)))
    }
  }

  @Test(
    "Only an incomplete exchange can be retried, and the message is not stored twice",
    arguments: endings)
  func retry(ending: Ending) throws {
    let first = try service.send("Hi", ending.answer)
    guard ending.code != nil else {
      let failure = try failure { try service.send(nil) }
      #expect(failure.code == .notFound)
      return
    }
    let again = try service.send(nil, .reply("better"))
    #expect(again.failure == nil)
    #expect(again.questionID == first.questionID)
    #expect(!again.exchange.start.isNewConversation)
    #expect(try service.messages().map(\.content) == ["Hi", "better"])
    #expect(try service.messages().map(\.status) == [.complete, .complete])
    #expect(try service.list().first?.messageCount == 2)
    let all = try service.history(of: nil, .init(all: true))
    #expect(
      all.messages.map(\.status)
        == (ending.reply == nil ? [.complete, .complete] : [.complete, .superseded, .complete]))
    #expect(all.total == all.messages.count)
    if ending.reply != nil { #expect(all.messages[1].content == "text") }
    #expect(try code { try service.send(nil) } == .notFound)
  }

  @Test("An old reply stays until the first word of the new one")
  func supersedingWaits() throws {
    try service.send("Hi", .stream([.start, .text("half")], then: .lost))
    #expect(try service.send(nil, .failing(.refused)).failure?.failure.code == .connection)
    #expect(try service.send(nil, .stream([.start, .stop()])).failure?.failure.code == .emptyReply)
    #expect(try service.messages().map(\.content) == ["Hi", "half"])
    #expect(try service.messages().map(\.status) == [.complete, .interrupted])
    for text in ["second", "third", "fourth"] { try service.send(nil, .stream([.start, .text(text)], then: .lost)) }
    #expect(try service.messages().map(\.content) == ["Hi", "fourth"])
    #expect(try service.messages(all: true).map(\.content) == ["Hi", "half", "second", "third", "fourth"])
    #expect(
      try service.messages(all: true).map(\.status) == [.complete, .superseded, .superseded, .superseded, .interrupted])
    #expect(try service.list().first?.messageCount == 2)
  }

  @Test("Only the last exchange can be retried")
  func onlyLast() throws {
    try service.send("One", .failing(.refused))
    try service.send("Two", .reply("x"))
    #expect(try code { try service.send(nil) } == .notFound)
  }

  @Test("A retry that fails because its persona is gone releases the message")
  func retryWithoutPersona() throws {
    let own = "personas:\n  poet: {name: Poet, description: d, system_prompt: s}"
    let personas = try PersonaCatalog.load(overlay: Array(own.utf8), path: "p.yaml")
    let exchange = try service.begin("Hi", .to(persona: "poet"), personas: personas)
    #expect(throws: ReplyFailure.self) {
      try service.answer(exchange, to: RecordedReply(), .never) { BedrockModel.scripted([.failing(.refused)]) }
    }
    #expect(try code { try service.send(nil) } == .notFound)
    #expect(try service.messages().map(\.status) == [.failed])
    let other = try household.service(store: household.anotherStore())
    #expect(throws: Never.self) { try other.beginRetry(.to(), personas: personas) }
  }

  @Test("Without a conversation there is nothing to retry")
  func retryWithoutConversation() throws {
    #expect(try code { try service.send(nil) } == .notFound)
    #expect(try code { try household.service("nobody").send(nil) } == .notFound)
  }

  @Test("A message that another process is answering is neither settled nor answered twice")
  func heldElsewhere() throws {
    let other = try household.service(store: household.anotherStore())
    let exchange = try service.begin("Hi", .to(), personas: builtInPersonas())
    #expect(try other.messages().map(\.status) == [.pending])
    #expect(try service.messages().map(\.status) == [.pending], "nor settled by who answers it")
    #expect(try code { try service.send(nil) } == .busy)
    let failure = try failure { try other.send(nil) }
    #expect(failure.code == .busy)
    let reply = RecordedReply()
    reply.onChunks = {
      let (refused, status) = (try code { try other.send(nil) }, try other.messages().first?.status)
      #expect(refused == .busy)
      #expect(status == .pending)
    }
    try service.answer(exchange, to: reply, .never) { BedrockModel.scripted([.reply("x")]) }
    #expect(try other.messages().map(\.status) == [.complete, .complete])
    #expect(try code { try other.send(nil) } == .notFound)
  }

  @Test("A new message may follow one that is still being answered, and both get a reply")
  func overlappingExchanges() throws {
    let other = try household.service(store: household.anotherStore())
    let first = try service.begin("One", .to(), personas: builtInPersonas())
    try other.send("Two", .reply("2"))
    try service.answer(first, to: RecordedReply(), .never) { BedrockModel.scripted([.reply("1")]) }
    #expect(try service.messages().map(\.content) == ["One", "1", "Two", "2"])
    #expect(try service.list().first?.messageCount == 4)
  }

  @Test(
    "A failing output ends the exchange, and what was shown is kept",
    arguments: ["start", "chunks", "done"])
  func receiverFails(at moment: String) throws {
    let reply = RecordedReply()
    let full = Failure(.outputFailed, "full")
    reply.onEvent = { if $0.type == moment { throw full } }
    if moment == "chunks" { reply.onChunks = { throw full } }
    let sent = try service.send("Hi", .reply("text"), reply: reply)
    #expect(sent.failure?.failure.code == .outputFailed)
    let expected: [Message.Status] =
      moment == "start" ? [.failed] : moment == "done" ? [.complete, .complete] : [.complete, .interrupted]
    #expect(try service.messages().map(\.status) == expected)
  }

  @Test("If no model can be made, the message is kept")
  func noModel() throws {
    let exchange = try service.begin("Hi", .to(), personas: builtInPersonas())
    let reply = RecordedReply()
    let failure = try #require(throws: ReplyFailure.self) {
      try service.answer(exchange, to: reply, .never) { throw Failure(.noCredentials, "none", advice: "get some") }
    }
    #expect(failure.failure.code == .noCredentials)
    #expect(failure.failure.advice == .steps(["get some", .retry(exchange.start.conversationID, saved: .message)]))
    #expect(reply.events == [.start(exchange.start)], "the start comes before the search for credentials")
    #expect(try service.messages().map(\.status) == [.failed])
  }

  @Test("A database that fails later is reported before any earlier failure")
  func storeFails() throws {
    let reply = RecordedReply()
    reply.onChunks = { try household.setDiskFull(true) }
    let sent = try service.send(
      "Hi", .stream([.start, .text(String(repeating: "x", count: 100_000))], then: .lost), reply: reply)
    #expect(sent.failure?.failure.code == .storageFailed)
    #expect(sent.failure?.messageID == nil)
  }

  // MARK: Lists

  @Test("The latest activity comes first, even if the clock goes backward")
  func orderByCounter() throws {
    let ids = try (1...3).map { number in
      household.clock.now = Timestamp(milliseconds: 1_795_414_382_000 - Int64(number) * 1_000_000)
      return try service.send("\(number)", .reply("x"), to: .to(.new)).conversationID
    }
    #expect(try service.list().map(\.id) == ids.reversed())
    household.clock.now = Timestamp(milliseconds: 0)
    try service.send("again", .reply("x"), to: .conversation(ids[0]))
    #expect(try service.list().map(\.id) == [ids[0], ids[2], ids[1]])
    #expect(try service.list().first?.lastMessageAt == "1970-01-01T00:00:00.000Z")
    #expect(try service.messages("last").map(\.content) == ["1", "x", "again", "x"])
  }

  @Test("A list of conversations takes one query, however long it is")
  func oneQuery() throws {
    func statements() throws -> [String] {
      let statements = Statements()
      try household.store.queue.writeWithoutTransaction { statements.watch($0) }
      _ = try service.list()
      _ = try household.store.queue.writeWithoutTransaction { sqlite3_trace_v2($0.sqliteConnection, 0, nil, nil) }
      return statements.all
    }
    try service.send("Hi", .reply("x"))
    let few = try statements()
    for _ in 0..<30 { _ = try service.begin("Hi", .to(.new), personas: builtInPersonas()) }
    #expect(try service.list().count == 31)
    let many = try statements()
    #expect(many == few)
    #expect(many.filter { $0.contains("FROM ai_conversations") }.count == 1)
  }

  @Test(
    "A page of a history has the total and says if there is more",
    arguments: [
      (ConversationService.Page(), [1, 2, 3, 4, 5, 6], false), (.init(limit: 2), [1, 2], true),
      (.init(limit: 2, offset: 4), [5, 6], false),
      (.init(offset: 5), [6], false), (.init(offset: 9), [], false), (.init(limit: 0), [], true),
      (.init(tail: 2), [5, 6], true),
      (.init(tail: 6), [1, 2, 3, 4, 5, 6], false),
      (.init(tail: 99), [1, 2, 3, 4, 5, 6], false), (.init(tail: 0), [], true),
    ])
  func pages(page: ConversationService.Page, expected: [Int], hasMore: Bool) throws {
    for number in [1, 3, 5] { try service.send("\(number)", .reply("\(number + 1)")) }
    let history = try service.history(of: nil, page)
    #expect(history.messages.map(\.content) == expected.map(String.init))
    #expect(history.total == 6)
    #expect(history.hasMore == hasMore)
  }

  // MARK: Deleting

  @Test("Deleted text leaves no byte in any file, whoever else has the database open")
  func deletingDeletes() throws {
    let other = try household.anotherStore()
    let words = ["xylophone-question", "xylophone-reply", "xylophone-broken", "xylophone-title", "xylophone-legacy"]
    let doomed = try service.addLegacy(name: words[4], evenIfKnown: false).legacy
    var request = Selection.to(legacy: doomed.id.rawValue)
    request.title = words[3]
    let filler = String(repeating: " and more of it", count: 600)
    let sent = try service.send(
      words[0] + filler, .stream([.start, .text(words[2] + filler)], then: .lost), to: request)
    try service.send(nil, .reply(words[1] + filler), to: .conversation(sent.conversationID))
    try service.send("kept", .reply("kept too"), to: .to(legacy: legacy.id.rawValue))
    #expect(traces(of: words) != [], "what is there must be found, or this test proves nothing")

    try service.deleteConversations(ids: [sent.conversationID])
    #expect(traces(of: Array(words[..<4])) == [])
    try service.removeLegacy(id: doomed.id)
    #expect(traces(of: words) == [])
    #expect(try service.list().map(\.title) == ["kept"])
    #expect(try household.service(store: other).messages().map(\.content) == ["kept", "kept too"])
  }

  /// Which of `words` can be found in the files of the database.
  private func traces(of words: [String]) -> Set<String> {
    let files = ["db", "db-wal", "db-shm", "db-journal", "db-lock"].compactMap(household.folder.contents)
    return Set(words.filter { word in files.contains { $0.contains(text: word) } })
  }

  @Test("Nobody can delete another user's conversation")
  func deletingOthers() throws {
    _ = try service.share(legacy.id.rawValue, with: "bob", role: .owner)
    let sent = try service.send("Hi", .reply("x"))
    let bob = try household.service("bob")
    #expect(try code { try bob.findConversations([sent.conversationID.rawValue]) } == .notFound)
    try bob.deleteConversations(ids: [sent.conversationID])
    #expect(try service.list().count == 1)
  }

  @Test("A conversation named twice is found once, and a missing one fails the whole request")
  func findConversations() throws {
    let first = try service.send("1", .reply("x")).conversationID
    let second = try service.send("2", .reply("x"), to: .to(.new)).conversationID
    #expect(
      try service.findConversations([first.rawValue, "last", String(first.rawValue.prefix(13)), second.rawValue]).map(
        \.id)
        == [first, second])
    #expect(try code { try service.findConversations([first.rawValue, "ffffffff"]) } == .notFound)
  }
}

/// SQL as it was run.
private final class Statements: Sendable {
  private let list = Mutex<[String]>([])
  var all: [String] { list.withLock { $0 } }

  /// Notes every statement of a connection from now on.
  func watch(_ database: Database) {
    sqlite3_trace_v2(
      database.sqliteConnection, UInt32(SQLITE_TRACE_STMT),
      { _, statements, statement, _ in
        guard let statements, let statement, let sql = sqlite3_sql(OpaquePointer(statement)) else { return 0 }
        let noted = Unmanaged<Statements>.fromOpaque(statements).takeUnretainedValue()
        noted.list.withLock { $0.append(String(cString: sql)) }
        return 0
      }, Unmanaged.passUnretained(self).toOpaque())
  }
}
