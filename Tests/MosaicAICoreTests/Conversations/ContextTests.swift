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

  @Test("A long conversation grows to 19 messages, and is then cut to its last four exchanges and the new message")
  func longConversation() throws {
    for number in 1...9 { try service.send("q\(number)", .reply("a\(number)")) }
    let full = try service.context("new")
    #expect(full.count == 19 && full.first == "user: q1")
    try service.send("q10", .reply("a10"))
    let context = try service.context("new")
    #expect(context.count == 9 && context.first == "user: q7")
    #expect(context.suffix(2) == ["assistant: a10", "user: new"])
  }

  @Test("The window grows by one exchange a time, and drops all but four when it would have ten")
  func size() {
    var size = 0
    for count in 0..<1000 {
      #expect(ContextWindow.size(after: count) == size)
      size = size == 9 ? 4 : size + 1
    }
    #expect(ContextWindow.laterSize(after: 0) == 4 && ContextWindow.laterSize(after: 5) == 9)
  }

  @Test("A message that is asked again where it stands sees what it saw before, whatever came after it")
  func retriedInPlace() throws {
    for number in 1...11 { try service.send("q\(number)", .reply("a\(number)")) }
    let before = try service.context("lost")
    let lost = try service.send("lost", .failing(.refused))
    for number in 12...20 { try service.send("q\(number)", .reply("a\(number)")) }
    let again = try service.preview(nil, .to(), personas: builtInPersonas(), retrying: lost.questionID.rawValue)
    #expect(again.turns.map { "\($0.author.rawValue): \($0.text)" } == before)
  }

  @Test("In the next thousand questions the window begins with four exchanges, and goes on in the same way")
  func nextStretch() throws {
    let household = try Household()
    let service = try household.service()
    _ = try service.addLegacy(name: "Grace", evenIfKnown: false)
    let id = try service.send("first", .reply("first")).conversationID
    try household.store.execute(
      """
      WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 998)
      INSERT INTO ai_messages (id, conversation_id, seq, role, content, status, created_at)
      SELECT printf('%036d', i), '\(id.rawValue)', 2 * i - 1, 'user', 'q' || i, 'complete', '2026-01-01T00:00:00.000Z'
      FROM n;
      """)
    try household.store.execute(
      """
      INSERT INTO ai_messages (id, conversation_id, seq, role, content, status, reply_to, created_at)
      SELECT replace(id, '0000', 'aaaa'), conversation_id, seq + 1, 'assistant', 'a', 'complete', id, created_at
      FROM ai_messages WHERE role = 'user' AND content <> 'first';
      """)
    var sizes: [Int] = []
    for number in 999...1010 {
      let sent = try service.send("q\(number)", .reply("a\(number)"))
      sizes.append(sent.exchange.request.turns.count)
      #expect(sent.exchange.request.turns.first?.text == "q\(number - sent.exchange.request.turns.count / 2)")
    }
    // 998 exchanges are before the first of these.
    #expect(sizes == [17, 19, 9, 11, 13, 15, 17, 19, 9, 11, 13, 15])
  }

  @Test(
    "Any context starts with the user, alternates, ends with the new message, has at most 19, and keeps its beginning",
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
    /// What the cache has after the request before, and the model of the window: how many shown exchanges it left out.
    var cached: [String] = []
    var dropped = 0
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

      let shown = past.filter(\.isShown)
      let isFull = shown.count - dropped > 9
      if isFull { dropped = shown.count - 4 }
      let turns = try service.preview("new", .to(), personas: builtInPersonas()).turns
      #expect(turns.count <= 19)
      let texts = turns.dropLast().map(\.text)
      #expect(isFull || isRetry || texts.starts(with: cached))
      cached = texts
      #expect(turns.enumerated().allSatisfy { $1.author == ($0 % 2 == 0 ? .user : .assistant) })
      let expected = shown.dropFirst(dropped).flatMap { [$0.question, $0.reply ?? ""] } + ["new"]
      #expect(turns.map(\.text) == expected)
      #expect(try service.list().first?.messageCount == past.count + past.count { $0.reply != nil })
      #expect(try service.messages().count == past.count + past.count { $0.reply != nil })
    }
  }
}
