import TestSupport
import Testing

/// What is said on standard error, as an object a line.
@Suite(.crowd, .inGoodTime) struct LogFormatTests {
  /// The lines of a log. Each is an object with what every line has.
  private func log(_ ended: Ended) throws -> [JSONText] {
    let lines = try ended.errors.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map {
      try JSONText(String($0))
    }
    for line in lines {
      #expect(line.names.prefix(4) == ["time", "level", "event", "message"], "\(line)")
      #expect(line["time"].string?.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) != nil)
      #expect(["error", "warning", "notice", "info", "debug"].contains(line["level"].string))
      #expect(line["message"].string?.isEmpty == false && line["event"].string?.isEmpty == false)
      #expect(Set(line.names).count == line.names.count)
    }
    return lines
  }

  private func events(_ log: [JSONText]) -> [String] { log.compactMap { $0["event"].string } }

  @Test(
    "An error of the command line is an object, wherever it is found",
    arguments: [
      ["nonsense", "--log-format", "json"], ["send", "--nonsense", "--log-format=json"], ["legacies", "--log-format"],
      ["send", "--log-format", "json", "--max-tokens", "x", "Hi"], ["conversations", "--limit", "-1"], ["delete"],
      ["chat"], ["send", "--log-format", "json", "one", "two"], ["search"],
    ])
  func usage(arguments: [String]) async throws {
    let home = try await Home.remembering()
    let ended = try await home.mosaic(arguments).with("MOSAIC_AI_LOG_FORMAT", "json").run()
    #expect(ended.status == 64)
    let lines = try log(ended)
    #expect(lines.count == 1 && events(lines) == ["error"])
    #expect(lines[0]["level"].string == "error" && lines[0]["code"].string == "usage")
    #expect(lines[0]["exit_status"].integer == 64 && lines[0]["retryable"] == .bool(false))
    #expect(lines[0]["hint"].string?.isEmpty == false)
  }

  @Test("A format that there is not is a usage error", arguments: ["xml", "JSON"])
  func unknownFormat(format: String) async throws {
    let home = try Home()
    let typed = try await home.mosaic("legacies", "--log-format", format).run()
    #expect(typed.status == 64 && typed.standardError.isErrorAndHint && typed.error.contains("--log-format"))
    let variable = try await home.mosaic("legacies").with("MOSAIC_AI_LOG_FORMAT", format).run()
    #expect(variable.status == 64 && variable.standardError.isErrorAndHint)
    #expect(variable.error.contains("MOSAIC_AI_LOG_FORMAT") && variable.hint.contains("json"))
    // An option beats the variable.
    let both = try await home.mosaic("legacies", "--log-format", "text").with("MOSAIC_AI_LOG_FORMAT", format).run()
    #expect(both.status == 0)
    #expect(try await home.mosaic("--version").with("MOSAIC_AI_LOG_FORMAT", format).run().status == 0)
  }

  @Test("Every command writes only objects, with any other options")
  func everyCommand() async throws {
    let home = try await Home.remembering()
    try await home.succeed("send", "--model", home.model("normal"), "Hello.")
    let commands: [[String]] = [
      ["personas"], ["legacies"], ["legacies", "share", "Rose", "bob"], ["conversations"], ["history"],
      ["history", "zz"],
      ["send", "--model", home.model("normal"), "Hi"], ["send", "--retry"], ["send", "--dry-run", "Hi"],
      ["questions"], ["search", "nothingofthekind"], ["export", "last"], ["backup", "\(home.path)/copy"], ["usage"],
      ["doctor"],
      ["config"], ["config", "set", "region", "eu-west-1"], ["config", "unset", "region"],
      ["import", "missing"], ["restore", "missing"], ["delete", "last", "--yes"], ["setup"],
    ]
    for arguments in commands {
      let ended = try await home.mosaic(arguments + ["-v", "--log-format", "json"]).run()
      let lines = try log(ended)
      #expect(lines.last?["message"].string?.contains(" ms") == true || ended.status != 0, "\(arguments)")
      #expect(!ended.errors.contains("mosaic-ai: "), "\(arguments)")
      let plain = try await home.mosaic(arguments + ["-q", "--log-format", "json"]).run()
      #expect(try log(plain).allSatisfy { $0["level"].string == "error" })
    }
  }

  @Test("A message with a retry has its events, with its ids")
  func sending() async throws {
    let home = try await Home.remembering()
    let model = home.model("throttle-1")
    let ended = try await home.mosaic(
      "send", "-v", "-o", "json", "--log-format", "json", "--model", model, "My secret."
    )
    .run()
    let reply = try ended.json()
    let lines = try log(ended)
    let named = lines.filter { $0["event"].string != "detail" }
    #expect(
      events(named) == [
        "personas.loaded", "ai.conversation.created", "ai.message.saved", "bedrock.throttled", "ai.message.saved",
        "ai.chat.complete",
      ])
    #expect(named[1]["conversation_id"] == reply["conversation_id"] && named[1]["legacy_id"] == reply["legacy_id"])
    #expect(named[2]["message_id"] == reply["user_message_id"] && named[2]["role"].string == "user")
    #expect(named[3]["level"].string == "warning" && named[3]["attempt"].integer == 2)
    #expect(named[3]["code"].string == "throttled")
    #expect(named[4]["message_id"] == reply["message_id"] && named[4]["role"].string == "assistant")
    #expect(named[5]["usage"] == reply["usage"] && named[5]["stop_reason"] == reply["stop_reason"])
    #expect(named.enumerated().allSatisfy { $0 == 3 || $1["level"].string == "info" })
    #expect(!ended.errors.contains("secret") && !ended.errors.contains("trace_id"))
    let again = try await home.mosaic("send", "-v", "--log-format", "json", "--model", home.model("normal"), "More.")
      .run()
    #expect(try events(log(again)).contains("ai.conversation.found"))
    let deleted = try await home.mosaic("delete", "last", "--yes", "-v", "--log-format", "json").run()
    let deletion = try #require(try log(deleted).first { $0["event"].string == "ai.conversation.deleted" })
    #expect(deletion["conversation_id"] == reply["conversation_id"])
  }

  @Test("Without --verbose there are only warnings, remarks and errors")
  func quieter() async throws {
    let home = try await Home.remembering()
    let command = home.mosaic("send", "--log-format", "json", "--model", home.model("throttle-1"), "Hi.")
    #expect(try await events(log(command.run())) == ["bedrock.throttled"])
    let failed = try await home.mosaic("send", "--log-format", "json", "--model", home.model("access-denied"), "Hi.")
      .run()
    let lines = try log(failed)
    #expect(events(lines) == ["ai.chat.error"])
    #expect(lines[0]["code"].string == "access_denied" && lines[0]["user_message_id"].string?.count == 36)
    #expect(lines[0]["hint"].string?.contains("send --retry") == true)
  }

  @Test("An interview tells of each message and each reply, and of those that have none")
  func interview() async throws {
    let home = try await Home.remembering()
    let rows = [
      "id,question,model", "a,My secret?,\(home.model("throttle-1"))", "b,Another secret?,\(home.model("quota"))",
    ]
    try home.write(rows.joined(separator: "\n"), to: "life.csv")
    let command = home.mosaic("interview", "--questions", "life.csv", "-o", "json", "-v", "--log-format", "json")
    let ended = try await command.run()
    let answer = try ended.json()["answers"][0]
    let lines = try log(ended)
    let named = lines.filter { $0["event"].string != "detail" }
    #expect(
      events(named) == [
        "personas.loaded", "ai.conversation.created", "ai.message.saved", "bedrock.throttled", "ai.message.saved",
        "ai.chat.complete", "ai.conversation.found", "ai.message.saved", "ai.chat.error", "error",
      ])
    #expect(named[1]["conversation_id"] == answer["conversation_id"] && named[1]["legacy_id"] == answer["legacy_id"])
    #expect(named[2]["message_id"] == answer["user_message_id"] && named[2]["role"].string == "user")
    #expect(named[3]["level"].string == "warning" && named[3]["attempt"].integer == 2)
    #expect(named[4]["message_id"] == answer["message_id"] && named[4]["role"].string == "assistant")
    #expect(named[5]["usage"] == answer["usage"])
    #expect(named[8]["level"].string == "warning" && named[8]["code"].string == "quota")
    #expect(named[8]["user_message_id"] == named[7]["message_id"])
    #expect(!ended.errors.contains("secret"))
    let again = try log(await command.run())
    #expect(!again.contains { $0["message_id"] == answer["message_id"] }, "nothing was stored")
  }

  @Test("A title, which is words of a message, is in no line")
  func titles() async throws {
    let home = try await Home.remembering()
    for _ in 0..<2 { try await home.succeed("send", "--new", "--model", home.model("normal"), "My secret.") }
    let ended = try await home.mosaic("history", "My secret.", "-v", "--log-format", "json").run()
    #expect(ended.status == 66 && !ended.errors.contains("secret"))
    let ids = try await home.json("conversations").elements.compactMap { $0["id"].string }
    #expect(ids.count == 2 && ids.allSatisfy { ended.errors.contains($0.prefix(8)) })
    let chat = home.mosaic("chat", "-v", "--log-format", "json", "--model", home.model("echo"))
    let talk = try Talk(chat, columns: 400)
    try await talk.prompts()
    try await talk.says("/title My secret song")
    try await talk.says("/new")
    try await talk.says("/title My secret tune")
    try await talk.says("Hello.")
    let shown = try await talk.leave().screen.split(separator: "\n").filter { $0.hasPrefix("{") }
    #expect(shown.count > 4 && shown.allSatisfy { !$0.contains("secret") })
    let titled = try await home.json("conversations").elements.compactMap { $0["title"].string }
    #expect(Set(titled) == ["My secret.", "My secret song", "My secret tune"])
  }

  @Test("The lines name the span that they belong to, while there is a trace")
  func traced() async throws {
    let home = try await Home.remembering()
    let collector = try TraceCollector()
    let ended = try await home.mosaic("send", "-v", "--log-format", "json", "--model", home.model("throttle-1"), "Hi.")
      .with("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url).run()
    let spans = try collector.spans()
    let lines = try log(ended)
    let ids = Dictionary(uniqueKeysWithValues: spans.map { ($0.id, $0.name) })
    #expect(lines.allSatisfy { $0["trace_id"].string == spans.first?.traceID })
    func span(_ event: String) -> String? {
      lines.first { $0["event"].string == event }.flatMap { $0["span_id"].string }.flatMap { ids[$0] }
    }
    #expect(span("bedrock.throttled") == "chat \(home.model("throttle-1"))")
    #expect(span("ai.chat.complete") == "ai.chat.request")
    #expect(span("personas.loaded") == "mosaic-ai send")
  }

  @Test("At a terminal too, standard error has only objects, and questions are asked all the same")
  func terminal() async throws {
    let home = try await Home.remembering()
    try await home.succeed("send", "--model", home.model("normal"), "A title of its own")
    let send = try await home.mosaic("send", "--log-format", "json", "--model", home.model("throttle-1"), "Hi.")
      .onTerminal().run()
    let shown = send.screen.split(separator: "\n").filter { $0.hasPrefix("{") }
    #expect(shown.count == 1 && !send.screen.contains("A title") && !send.screen.contains("·"))
    let delete = try home.mosaic("delete", "last", "--log-format", "json").onTerminal([.input, .output]).start()
    try await delete.shows("[y/N]")
    delete.type("y\r")
    let ended = try await delete.end()
    #expect(ended.status == 0)
    #expect(try events(log(ended)) == ["remark"])
  }
}
