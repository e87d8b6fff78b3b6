import TestSupport
import Testing

/// How much of a conversation the service reads from its cache, and where it has none.
@Suite(.crowd, .inGoodTime) struct PromptCacheTests {
  /// What replies cost, in input tokens.
  private struct Tokens {
    var read = 0
    var written = 0
    var other = 0

    init(_ messages: [JSONText]) {
      for message in messages {
        read += message["cache_read_input_tokens"].integer ?? 0
        written += message["cache_write_input_tokens"].integer ?? 0
        other += message["input_tokens"].integer ?? 0
      }
    }

    var share: Double { Double(read) / Double(max(1, read + written + other)) }
  }

  /// Where the cache points of a request are: `system`, or a message's number.
  private func points(_ body: JSONText) -> [String] {
    func hasPoint(_ content: JSONText) -> Bool { content.elements.last?["cachePoint"]["type"].string == "default" }
    return (hasPoint(body["system"]) ? ["system"] : [])
      + body["messages"].elements.enumerated().filter { hasPoint($1["content"]) }.map { "\($0.offset)" }
  }

  @Test(
    "Over 40 turns at least 70 % of the input tokens are cache reads, whether replies are short or long",
    arguments: ["normal", "pieces-40-30", "pieces-80-40"])
  func share(scenario: String) async throws {
    let home = try await Home.remembering()
    let memory = "On Sundays she cooked for everyone who came, and there was always one more chair than we needed."
    var done = JSONText.null
    for turn in 1...40 {
      done = try await home.json(
        "send", "--recall-tokens", "0", "--model", home.model(scenario), "\(turn). \(memory)")
    }
    let messages = try await home.json("history")["messages"].elements
    #expect(messages.count == 80)
    for name in ["input_tokens", "cache_read_input_tokens", "cache_write_input_tokens"] {
      #expect(done["usage"][name].integer ?? 0 > 0 && done["usage"][name] == messages.last?[name])
    }
    let tokens = Tokens(messages)
    #expect(tokens.share >= 0.7, "\(scenario): \(tokens)")
    let sizes = try home.requests().map { $0["body"]["messages"].elements.count }
    #expect(sizes == (1...10).map { $0 * 2 - 1 } + (10..<40).map { 9 + ($0 - 10) % 6 * 2 })
  }

  @Test("Cache points follow the system prompt and the message before the newest, in --dry-run as in what is sent")
  func points() async throws {
    let home = try await Home.remembering()
    func dryRun(_ options: String...) async throws -> [String] {
      let ended = try await home.mosaic(["send", "--dry-run"] + options + ["Next."]).run()
      guard ended.status == 0 else { throw Complaint(ended.errors) }
      return points(try ended.json()["body"])
    }
    #expect(try await dryRun() == ["system"])
    try await home.succeed("send", "--model", home.model("echo"), "One.")
    #expect(try await dryRun() == ["system", "1"])
    try await home.succeed("send", "--model", home.model("echo"), "Two.")
    #expect(try home.requests().map { points($0["body"]) } == [["system"], ["system", "1"]])
    #expect(try await dryRun() == ["system", "3"])
    #expect(try await dryRun("--no-prompt-cache") == [])
    try await home.succeed("config", "set", "prompt_cache", "false")
    #expect(try await dryRun() == [])
    try await home.succeed("send", "--model", home.model("echo"), "Three.")
    #expect(try home.requests().last.map { points($0["body"]) } == [])
  }

  @Test(
    "A model without prompt caching is asked once more without it, even if one attempt is all there is",
    arguments: ["refuse-cache-points", "refuse-cache-points-403"])
  func refused(scenario: String) async throws {
    let home = try await Home.remembering()
    let ended = try await home.mosaic("send", "--model", home.model(scenario), "--max-attempts", "1", "Hello.").run()
    #expect(ended.status == 0)
    #expect(ended.standardError.warnings.count == 1)
    #expect(ended.hint.contains("config set prompt_cache false"))
    #expect(try home.requests().map { points($0["body"]) } == [["system"], []])
    let quiet = try await home.mosaic("send", "--model", home.model(scenario), "--no-prompt-cache", "Again.").run()
    #expect(quiet.status == 0 && quiet.errors == "")
    #expect(try home.requests().count == 3)
  }

  @Test("A model that refuses a temperature too costs two requests more, once for all messages of a command")
  func refusedTwice() async throws {
    let home = try await Home.remembering()
    for text in ["One.", "Two."] { _ = try await home.mosaic("send", "--model", home.model("quota"), text).run() }
    let model = home.model("refuse-both")
    let ended = try await home.mosaic(
      "send", "--retry", "--all", "--model", model, "--temperature", "0.5", "--max-attempts", "1"
    ).run()
    #expect(ended.status == 0)
    #expect(ended.standardError.warnings.count == 2)
    let bodies = try home.requests().filter { $0["model_id"].string == model }.map { $0["body"] }
    #expect(bodies.map { points($0).isEmpty } == [false, false, true, true])
    #expect(bodies.map { $0["inferenceConfig"]["temperature"] == .null } == [false, true, true, true])
  }
}
