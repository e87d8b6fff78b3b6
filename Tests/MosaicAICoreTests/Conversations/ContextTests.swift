import TestSupport
import Testing

@testable import MosaicAICore

/// What of a conversation the model is shown.
@Suite struct ContextTests {
  private let service: ConversationService

  init() throws {
    service = try ConversationService(store: SQLiteStore.inMemory(), handle: "ada")
    _ = try service.addLegacy(name: "Grace", evenIfKnown: false)
  }

  @Test("The context has complete exchanges and interrupted replies, not failed, blocked or superseded ones")
  func selection() throws {
    try service.send("1", .reply("one"))
    try service.send("2", .failing(.refused))
    try service.send("3", .stream([.start, .text("thr")], then: .lost))
    try service.send("4", .reply("no", stop: "guardrail_intervened"))
    try service.send("5", .reply("fi", stop: "max_tokens"))
    try service.send("6", .stream([.start, .text("old")], then: .lost))
    try service.send(nil, .reply("six"))
    #expect(
      try service.context("7") == [
        "user: 1", "assistant: one", "user: 3", "assistant: thr", "user: 5", "assistant: fi", "user: 6",
        "assistant: six", "user: 7",
      ])
  }

  @Test("A retried exchange appears without its earlier reply")
  func retryContext() throws {
    try service.send("1", .reply("one"))
    try service.send("2", .stream([.start, .text("half")], then: .lost))
    #expect(try service.preview(nil, .to(), personas: builtInPersonas()).turns.map(\.text) == ["1", "one", "2"])
  }

  @Test("A long conversation is cut to the last nine exchanges and the new message")
  func longConversation() throws {
    for number in 1...12 { try service.send("q\(number)", .reply("a\(number)")) }
    let context = try service.context("new")
    #expect(context.count == 19)
    #expect(context.first == "user: q4")
    #expect(context.suffix(2) == ["assistant: a12", "user: new"])
  }

  @Test(
    "Any context starts with the user, alternates, ends with the new message and has at most 20",
    arguments: 0..<12)
  func anyHistoryAtLength(seed: Int) throws {
    struct Past {
      let question: String
      var reply: String?
      var isShown = false
      var isComplete = false
    }
    var generator = Lehmer(seed: UInt64(seed))
    var past: [Past] = []
    for step in 0..<40 {
      let isRetry = past.last.map { !$0.isComplete } == true && Bool.random(using: &generator)
      if !isRetry { past.append(Past(question: "q\(step)")) }
      let text = "a\(step)"
      // What comes back, the reply as it is then stored, whether it is shown later, and whether the exchange is
      // complete.
      let ending =
        [
          (ScriptedTransport.Answer.reply(text), text, true, true),
          (.reply(text, stop: "max_tokens"), text, true, true),
          (.stream([.start, .text(text)], then: .lost), text, true, false),
          (.reply(text, stop: "content_filtered"), text, false, false),
          (.reply(text, stop: "malformed_model_output"), text, true, false), (.failing(.refused), nil, false, false),
          (.stream([.start, .text(" \n"), .stop()]), nil, false, false),
          (.stream([.start, .stop("guardrail_intervened")]), nil, false, false),
        ].randomElement(using: &generator) as (ScriptedTransport.Answer, String?, Bool, Bool)?
      let (answer, reply, isShown, isComplete) = try #require(ending)
      try service.send(isRetry ? nil : "q\(step)", answer)
      if reply != nil {
        past[past.count - 1].reply = reply
        past[past.count - 1].isShown = isShown
        past[past.count - 1].isComplete = isComplete
      }

      let turns = try service.preview("new", .to(), personas: builtInPersonas()).turns
      #expect(turns.count <= 20)
      #expect(turns.enumerated().allSatisfy { $1.author == ($0 % 2 == 0 ? .user : .assistant) })
      let expected = past.filter(\.isShown).suffix(9).flatMap { [$0.question, $0.reply ?? ""] } + ["new"]
      #expect(turns.map(\.text) == expected)
      #expect(try service.list().first?.messageCount == past.count + past.count { $0.reply != nil })
      #expect(try service.messages().count == past.count + past.count { $0.reply != nil })
    }
  }
}
