import Foundation
import TestSupport
import Testing

/// What was said long ago is put before the model again when it belongs to the new message.
@Suite(.crowd, .inGoodTime) struct RecallTests {
  /// A home in which this was said first, and then much else.
  private func home(saying first: String, then count: Int = 12) async throws -> Home {
    let home = try await Home.remembering("Rose")
    try await home.succeed("send", "--model", home.model("normal"), first)
    for number in 0..<count {
      try await home.succeed("send", "--model", home.model("normal"), "Nothing much happened on day \(number).")
    }
    return home
  }

  /// The blocks of the newest message of the request that would be sent.
  private func blocks(_ home: Home, _ arguments: String...) async throws -> [String] {
    let ended = try await home.mosaic(["send", "--dry-run"] + arguments).run()
    guard ended.status == 0 else { throw Complaint(ended.errors) }
    return try ended.json()["body"]["messages"].elements.last?["content"].elements.compactMap { $0["text"].string }
      ?? []
  }

  @Test("A fact from before the window stands in the newest message, fenced, and the words typed follow it")
  func recalled() async throws {
    let home = try await home(saying: "Her bicycle was called Esmeralda.")
    let blocks = try await blocks(home, "What was the name of her bicycles?")
    #expect(blocks.count == 2)
    let fence = try #require(blocks[0].split(separator: "\n").first.map(String.init))
    #expect(fence.wholeMatch(of: #/<earlier-conversations-[0-9a-f]{8}>/#) != nil)
    #expect(blocks[0].hasSuffix("</\(fence.dropFirst())"))
    #expect(blocks[0].contains("not instructions") && blocks[0].contains("User: Her bicycle was called Esmeralda."))
    #expect(blocks[1] == "What was the name of her bicycles?")
    #expect(
      try await self.blocks(home, "What was the name of her bicycles?")[0].hasPrefix(fence) == false, "new each time")
  }

  @Test("start says what was recalled, and only the words typed are stored")
  func events() async throws {
    let home = try await home(saying: "Her bicycle was called Esmeralda.")
    let sent = try await home.mosaic(
      "send", "-o", "ndjson", "-v", "--model", home.model("normal"), "Which bicycle did she have?"
    ).run()
    let start = try #require(try sent.jsonLines().first)
    let messages = try await home.json("history")["messages"].elements
    #expect(start["recalled"].elements.contains(try #require(messages.first)["id"]))
    #expect(messages.dropLast().last?["content"].string == "Which bicycle did she have?")
    #expect(sent.errors.contains("recalled"))
    let request = try #require(try home.requests().last)
    #expect(request["body"]["messages"].elements.last?["content"].elements.count == 2)
    #expect(!"\(request["body"]["system"])".contains("Esmeralda"))
  }

  @Test("Nothing is recalled while the window shows everything, without related words, or if it is turned off")
  func nothing() async throws {
    let short = try await home(saying: "Her bicycle was called Esmeralda.", then: 1)
    #expect(try await blocks(short, "Which bicycle?").count == 1)
    let home = try await home(saying: "Her bicycle was called Esmeralda.")
    #expect(try await blocks(home, "Zzyzx?", "--new").count == 1)
    #expect(try await blocks(home, "Which bicycle?", "--recall-tokens", "0").count == 1)
    try await home.succeed("config", "set", "recall_tokens", "0")
    #expect(try await blocks(home, "Which bicycle?").count == 1)
    #expect(try await blocks(home, "Which bicycle?", "--recall-tokens", "500").count == 2)
    #expect(try await home.mosaic("send", "--dry-run", "--recall-tokens", "-1", "Hello.").run().status == 64)
  }

  @Test("The block keeps within its tokens, of four characters each", arguments: [60, 100, 500, 2000])
  func budget(tokens: Int) async throws {
    let home = try await Home.remembering("Rose")
    let filler = String(repeating: "the bicycle and the road ", count: 60)
    for number in 0..<14 {
      try await home.succeed("send", "--model", home.model("normal"), "Bicycle \(number): \(filler)")
    }
    let blocks = try await blocks(home, "--new", "Which bicycle on the road?", "--recall-tokens", "\(tokens)")
    #expect(tokens < 500 || blocks.count == 2)
    #expect(blocks.count == 1 || blocks[0].unicodeScalars.count <= tokens * 4)
  }

  @Test("What the person said is recalled though it failed; blocked and superseded replies, and others' words, are not")
  func whatIsRecalled() async throws {
    let home = try await Home.remembering("Rose")
    _ = try await home.mosaic("send", "--model", home.model("quota"), "The kestrel nested above the barn.").run()
    _ = try await home.mosaic("send", "--model", home.model("guardrail-2"), "The kestrel came back in spring.").run()
    try await home.succeed("legacies", "share", "Rose", "bob")
    try await home.succeed("send", "--user", "bob", "--model", home.model("echo"), "Bob saw a kestrel at sea.")
    try await home.succeed("legacies", "add", "Karl")
    try await home.succeed("send", "--legacy", "Karl", "--model", home.model("echo"), "Karl feared the kestrel.")
    try await home.succeed(
      "send", "--legacy", "Rose", "--persona", "friend", "--model", home.model("echo"), "The kestrel was her favorite.")
    let text = try await blocks(home, "--legacy", "Rose", "--new", "Tell me about the kestrel.")[0]
    #expect(text.contains("nested above the barn") && text.contains("came back in spring"))
    #expect(text.contains("her favorite") && text.contains("The Friend"))
    #expect(!text.contains("Bob") && !text.contains("Karl"))
    let blocked = try await home.json("history", "--persona", "biographer", "--legacy", "Rose")["messages"].elements
      .first { $0["status"].string == "blocked" }?["content"].string
    #expect(!text.contains(try #require(blocked)))
    let id = try #require(try await home.json("search", "favorite", "--role", "user")[0]["message_id"].string)
    try await home.succeed("delete", "--message", id, "--yes")
    #expect(
      !(try await blocks(home, "--legacy", "Rose", "--new", "Tell me about the kestrel.")[0].contains("favorite")))
  }

  @Test("chat says that it remembers, only when it does")
  func chat() async throws {
    let home = try await Home.remembering("Rose")
    try await home.succeed("send", "--model", home.model("echo"), "Her bicycle was called Esmeralda.")
    try await home.succeed("send", "--new", "--model", home.model("echo"), "The bicycle was green.")
    let talk = try Talk(home.mosaic("chat", "--new", "--model", home.model("echo")))
    try await talk.prompts()
    try await talk.says("Zzyzx?")
    try await talk.says("Which bicycle did she have?")
    let ended = try await talk.leave()
    #expect(ended.screen.components(separatedBy: "remembering 2 earlier conversations").count == 2)
    let request = try #require(try home.requests().last)
    #expect(request["body"]["messages"].elements.last?["content"].elements.count == 2)
    let quiet = try Talk(home.mosaic("chat", "--new", "--recall-tokens", "0", "--model", home.model("echo")))
    try await quiet.prompts()
    try await quiet.says("Which bicycle did she have?")
    #expect(try await !quiet.leave().screen.contains("remembering"))
  }

  @Test("What was imported is remembered at once, however much it is")
  func imported() async throws {
    let (home, count) = (try Home(), 12_000)
    let time = "2026-01-06T06:13:02.123Z"
    var lines = Home.exportHead(messages: count, at: time)
    for number in 0..<count {
      let isQuestion = number % 2 == 0
      lines.append(
        """
        {"type":"message","id":"\(Home.id(number + 3))","conversation_id":"\(Home.id(2))","role":"\(isQuestion ? "user" : "assistant")",\
        "content":"\(number == 40 ? "Her bicycle was called Esmeralda." : "Nothing much.")","token_count":null,\
        "input_tokens":null,"cache_read_input_tokens":null,"cache_write_input_tokens":null,"status":"complete",\
        "stop_reason":null,"error_code":null,"model_id":null,\
        "reply_to":\(isQuestion ? "null" : "\"\(Home.id(number + 2))\""),"created_at":"\(time)"}
        """)
    }
    lines.append(#"{"type":"end","conversations":1,"messages":\#(count)}"#)
    #expect(try await home.mosaic("import", "-").reading(lines.joined(separator: "\n") + "\n").run().status == 0)
    let blocks = try await blocks(home, "--new", "What was her bicycle called?")
    #expect(blocks.count == 2 && blocks[0].contains("Esmeralda"))
  }

  @Test("Asked again later, an older message is reminded of nothing that was said after it")
  func retried() async throws {
    let home = try await home(saying: "The kestrel nested above the barn.")
    _ = try await home.mosaic("send", "--new", "--model", home.model("quota"), "Which kestrel was it?").run()
    let id = try #require(try await home.json("history")["messages"].elements.first?["id"].string)
    try await home.succeed("send", "--model", home.model("normal"), "The kestrel came back in spring.")
    try await home.succeed("send", "--new", "--model", home.model("normal"), "The kestrel died in autumn.")
    let ended = try await home.mosaic("send", "--retry", "--message", id, "--dry-run").run()
    let blocks = try ended.json()["body"]["messages"].elements.last?["content"].elements ?? []
    let text = try #require(blocks.first?["text"].string)
    #expect(blocks.count == 2 && text.contains("nested above the barn"))
    #expect(!text.contains("spring") && !text.contains("autumn"))
  }
}
