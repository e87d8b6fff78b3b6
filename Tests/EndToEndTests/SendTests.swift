import Foundation
import TestSupport
import Testing

/// `send`: what goes in, what comes out, what is kept.
@Suite(.crowd, .inGoodTime) struct SendTests {
  @Test("A reply streams in, both messages are stored, and the next one continues")
  func exchange() async throws {
    let home = try await Home.remembering("Rose")
    let first = try await home.mosaic("send", "--persona", "friend", "She baked bread on Sundays.").run()
    #expect(first.status == 0)
    #expect(first.output.contains("This is The Friend"))
    #expect(first.output.contains("Rose"))
    #expect(first.output.hasSuffix("\n") && !first.output.hasSuffix("\n\n"))
    #expect(first.errors == "")
    let second = try await home.mosaic("send", "--persona", "friend", "With caraway.").run()
    #expect(second.output.contains("2 earlier messages"))

    let messages = try await home.messages()
    #expect(messages.roles == ["user", "assistant", "user", "assistant"])
    #expect(messages.statuses == ["complete", "complete", "complete", "complete"])
    #expect(messages[0].content == "She baked bread on Sundays.")
    #expect(messages[1].content + "\n" == first.output)
    #expect(messages[1].replyTo == messages[0].id)
    #expect(messages[3].content + "\n" == second.output)
    #expect(try await home.conversationCount() == 1)
  }

  @Test("Another persona and --new start their own conversation")
  func ownConversations() async throws {
    let home = try await Home.remembering()
    let ids = [
      try await home.json("send", "One."), try await home.json("send", "Two.", "--persona", "friend"),
      try await home.json("send", "Three.", "--new"),
      try await home.json("send", "Four."),
    ]
    .map { ($0["conversation_id"].string ?? "", $0["conversation_created"].isTrue) }
    #expect(ids.map(\.1) == [true, true, true, false])
    #expect(Set(ids.map(\.0)).count == 3)
    #expect(ids[3].0 == ids[2].0, "the latest of that persona is continued")
  }

  // MARK: Formats

  @Test("ndjson sends start, chunks and done, a line each, with the documented members in order")
  func events() async throws {
    let home = try await Home.remembering()
    let ended = try await home.mosaic("send", "-o", "ndjson", "Hello.").run()
    #expect(ended.status == 0)
    let events = try ended.jsonLines()
    #expect(events.first?.names == SendTests.startMembers)
    #expect(events.last?.names == SendTests.doneMembers)
    #expect(
      events.dropFirst().dropLast().allSatisfy { $0.names == ["type", "content"] && $0["type"].string == "chunk" })
    #expect(events.count > 4)
    let start = try #require(events.first)
    let done = try #require(events.last)
    let text = events.compactMap { $0["content"].string }.joined()
    let messages = try await home.messages()
    #expect(messages[1].content == text)
    #expect(start["user_message_id"].string == messages[0].id)
    #expect(done["message_id"].string == messages[1].id)
    #expect(start["conversation_id"] == done["conversation_id"])
    #expect(start["persona_id"].string == "biographer")
    #expect(start["model_id"].string == "us.anthropic.claude-sonnet-4-6")
    #expect(start["conversation_created"].isTrue)
    #expect(done["stop_reason"].string == "end_turn")
    #expect(done["usage"].names == SendTests.usageMembers)
    #expect(done["token_count"] == done["usage"]["output_tokens"])
    #expect(done["latency_ms"].integer != nil && done["first_chunk_ms"].integer != nil)
  }

  @Test("sse sends the same events, each as data and a blank line")
  func serverSentEvents() async throws {
    let home = try await Home.remembering()
    let events = try await home.mosaic("send", "--output", "sse", "Hello.").run().serverSentEvents()
    #expect(events.first?.names == SendTests.startMembers)
    #expect(events.last?.names == SendTests.doneMembers)
    #expect(try await home.messages()[1].content == events.compactMap { $0["content"].string }.joined())
  }

  @Test("json writes one object with the IDs, the content and the end")
  func oneObject() async throws {
    let home = try await Home.remembering()
    let reply = try await home.json("send", "Hello.")
    let expected = SendTests.startMembers + ["content"] + SendTests.doneMembers
    #expect(Set(reply.names) == Set(expected))
    #expect(reply.names.count == Set(reply.names).count)
    #expect(reply["type"].string == "done")
    #expect(try await home.messages()[1].content == reply["content"].string)
  }

  @Test("An error ends the events, and is also on standard error", arguments: ["ndjson", "sse", "json"])
  func errorEvent(format: String) async throws {
    let home = try await Home.remembering()
    let ended = try await home.mosaic("send", "-o", format, "--model", home.model("exception-internal-2"), "Hello.")
      .run()
    #expect(ended.status == 75)
    let events =
      switch format {
      case "ndjson": try ended.jsonLines()
      case "sse": try ended.serverSentEvents()
      default: [try ended.json()]
      }
    let error = try #require(events.last)
    if format != "json" {
      #expect(error.names == SendTests.errorMembers)
      #expect(events.map { $0["type"].string } == ["start", "chunk", "chunk", "error"])
    } else {
      #expect(Set(error.names) == Set(SendTests.startMembers + ["content"] + SendTests.errorMembers))
      #expect(error["content"].string == "Part 1. Part 2.")
    }
    #expect(error["code"].string == "unavailable")
    #expect(error["retryable"].isTrue)
    #expect(error["exit_status"].integer == 75)
    let messages = try await home.messages()
    #expect(error["user_message_id"].string == messages[0].id)
    #expect(error["message_id"].string == messages[1].id)
    #expect(messages[1].status == "interrupted")
    #expect(ended.standardError.isErrorAndHint)
    #expect(ended.hint.contains("send --retry"))
  }

  @Test("Retries are events, and are on standard error unless --quiet is given")
  func retryEvents() async throws {
    let home = try await Home.remembering()
    let ended = try await home.mosaic("send", "-o", "ndjson", "--model", home.model("throttle-1"), "Hello.").run()
    #expect(ended.status == 0)
    let events = try ended.jsonLines()
    let retry = try #require(events.dropFirst().first)
    #expect(retry.names == ["type", "attempt", "max_attempts", "delay_ms", "code", "message"])
    #expect(retry["type"].string == "retry")
    #expect(retry["attempt"].integer == 2)
    #expect(retry["max_attempts"].integer == 3)
    #expect(retry["code"].string == "throttled")
    #expect((0...1000).contains(retry["delay_ms"].integer ?? -1))
    #expect(ended.errorLines.count == 1)
    let quiet = try await home.mosaic("send", "-q", "--model", home.model("http-503-1"), "Hello.").run()
    #expect(quiet.status == 0)
    #expect(quiet.errors == "")
  }

  @Test(
    "A reply that stopped early is done, with a remark on standard error",
    arguments: [
      ("max-tokens", "max_tokens"), ("stop-sequence", "stop_sequence"),
      ("context-window", "model_context_window_exceeded"),
      ("unknown-stop", "moon_phase"),
    ])
  func earlyStop(scenario: String, reason: String) async throws {
    let home = try await Home.remembering()
    let ended = try await home.mosaic("send", "-o", "ndjson", "--model", home.model(scenario), "Hello.").run()
    #expect(ended.status == 0)
    #expect(try ended.jsonLines().last?["stop_reason"].string == reason)
    let said = ended.standardError
    #expect(said.warnings.count == 1 && said.lines.count == (said.hint.isEmpty ? 1 : 2))
    #expect(try await home.messages()[1].stopReason == reason)
  }

  @Test("Each chunk can be read before the next one is sent", arguments: ["text", "ndjson", "sse"])
  func immediacy(format: String) async throws {
    let home = try await Home.remembering()
    let send = try home.mosaic("send", "-o", format, "--model", home.model("hang-2"), "Hello.").start()
    // No third sentence comes that could push the second one out of a buffer.
    try await send.shows("Part 1.").shows(" Part 2.")
    #expect(!send.hasEnded)
    send.signal(SIGTERM)
    _ = try await send.end()
  }

  @Test("Token counts of a gateway that writes fractions are whole numbers or null, in events, history and JSON alike")
  func oddUsage() async throws {
    let home = try await Home.remembering()
    let done = try await home.json("send", "--model", home.model("odd-usage"), "Hello.")
    #expect(done["token_count"].integer == 34 && done["latency_ms"].integer == 5)
    let usage = done["usage"]
    #expect(usage["input_tokens"].integer == 12 && usage["output_tokens"].integer == 34)
    for name in ["total_tokens", "cache_read_input_tokens", "cache_write_input_tokens"] {
      #expect(usage[name] == .null, "\(name)")
    }
    let reply = try await home.json("history")["messages"].elements.last ?? .null
    #expect(reply["token_count"].integer == 34 && reply["input_tokens"].integer == 12)
    #expect(reply["cache_read_input_tokens"] == .null && reply["cache_write_input_tokens"] == .null)
  }

  @Test(
    "An answer that is cut in its head is a lost connection, and is tried again",
    arguments: ["HTTP/1.1 20", "HTTP/1.1 200 OK\r\nContent-Ty", "HTTP/1.1 503 No\r\nRetry-After: 30\r\n"])
  func brokenHead(answer: String) async throws {
    let home = try await Home.remembering()
    let server = try LoopbackServer { _, _ in .raw(answer) }
    let ended = try await home.mosaic("send", "Hello.", "-o", "ndjson", "--endpoint-url", server.url).run()
    #expect(ended.status == 75)
    let events = try ended.jsonLines()
    #expect(events.map { $0["type"].string } == ["start", "retry", "retry", "error"])
    #expect(events.last?["code"].string == "connection")
    #expect(server.requests.count == 3)
    #expect(try await home.messages().statuses == ["failed"])
  }

  @Test(
    "A wait that the service asks for is kept, and one of more than 20 s ends the call at once",
    arguments: [("0.2", 200), ("30.5", nil), ("99999999999999999999", nil), ("date", nil)] as [(String, Int?)])
  func retryAfter(value: String, milliseconds: Int?) async throws {
    let home = try await Home.remembering()
    let later = Date(timeIntervalSinceNow: 3600)
    let date = later.formatted(
      Date.VerbatimFormatStyle(
        format: """
          \(weekday: .abbreviated), \(day: .twoDigits) \(month: .abbreviated) \(year: .defaultDigits) \
          \(hour: .twoDigits(clock: .twentyFourHour, hourCycle: .zeroBased)):\(minute: .twoDigits):\
          \(second: .twoDigits) GMT
          """, locale: Locale(identifier: "en_US_POSIX"), timeZone: .gmt, calendar: Calendar(identifier: .gregorian)))
    let header = value == "date" ? date : value
    let server = try LoopbackServer { _, _ in
      .raw("HTTP/1.1 429 No\r\nRetry-After: \(header)\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
    }
    let ended = try await home.mosaic(
      "send", "Hello.", "-o", "ndjson", "--max-attempts", "2", "--endpoint-url", server.url
    ).run()
    #expect(ended.status == 75)
    let events = try ended.jsonLines()
    #expect(server.requests.count == (milliseconds == nil ? 1 : 2))
    #expect(events.last?["code"].string == "throttled" && ended.hint.contains(" s;"))
    if let milliseconds { #expect(events[1]["delay_ms"].integer ?? 0 >= milliseconds) }
  }

  @Test(
    "The chunks are exactly what is stored, and JSON escapes what a terminal would obey",
    arguments: [
      "controls", "emoji", "surrogates", "bytewise", "many-frames", "content-length", "close-delimited",
      "unknown-events", "reasoning",
      "no-padding",
      "no-metadata", "odd-usage", "tiny-5000", "large-1000000",
    ])
  func faithfulText(scenario: String) async throws {
    let home = try await Home.remembering()
    let ended = try await home.mosaic("send", "-o", "ndjson", "--model", home.model(scenario), "Hello.").run()
    #expect(ended.status == 0)
    let text = try ended.jsonLines().filter { $0["type"].string == "chunk" }.compactMap { $0["content"].string }
      .joined()
    let stored = try await home.messages()[1].content
    #expect(Array(stored.utf8) == Array(text.utf8))
    #expect(
      !ended.output.unicodeScalars.contains { $0 != "\n" && ($0.value < 0x20 || (0x7f...0x9f).contains($0.value)) })
    switch scenario {
    case "controls":
      #expect(
        text.contains("\u{1b}[2J") && text.contains("\0") && text.contains("\u{9b}31m") && text.contains("\u{202e}"))
    case "emoji", "surrogates": #expect(text.contains("👵🏽") && text.contains("👨‍👩‍👧‍👦") && text.contains("🇫🇷"))
    case "tiny-5000": #expect(text.utf8.count == 5000 && text.hasPrefix("abcdefghijklmnopqrstuvwxyzab"))
    case "large-1000000": #expect(text.utf8.count == 1_000_000)
    case "content-length", "close-delimited": #expect(text.contains("This is The Biographer"))
    default: #expect(text == "Part 1. Part 2. Part 3. Part 4. Part 5.")
    }
  }

  @Test("Text output loses control characters and bidirectional overrides, and keeps newline and tab")
  func harmlessText() async throws {
    let home = try await Home.remembering()
    let ended = try await home.mosaic("send", "--model", home.model("controls"), "Hello.").run()
    #expect(
      ended.output
        == """
        clear[2J colour[31m red[0m title]0;owned bell back return nul del c131m bididesrever isolatex tab\tnewline\n\
        end.\n
        """
    )
    let history = try await home.mosaic("history").run()
    #expect(
      history.output.unicodeScalars.allSatisfy {
        $0 == "\n" || $0 == "\t" || $0.value >= 0x20 && !(0x7f...0x9f).contains($0.value)
      })
    let screen = try await home.mosaic("history").with("NO_COLOR", "1").onTerminal().run().screen
    #expect(!screen.contains("\u{1b}") && screen.contains("tab\tnewline\nend."))
  }

  @Test("A reply in text ends with exactly one newline", arguments: ["a|b\n|\n\n", "a|b", "\n\na\n\n|b\n"])
  func oneNewline(message: String) async throws {
    let home = try await Home.remembering()
    let ended = try await home.mosaic("send", "--model", home.model("text-chunks"), message + "x").run()
    #expect(ended.status == 0)
    #expect(ended.output == message.replacingOccurrences(of: "|", with: "") + "x\n")
  }

  // MARK: Where the message comes from

  @Test("The message comes from the argument, or from standard input if that is - or missing")
  func sources() async throws {
    let home = try await Home.remembering()
    let model = home.model("echo")
    #expect(
      try await home.mosaic("send", "--model", model, "From the argument.").run().output == "From the argument.\n")
    #expect(
      try await home.mosaic("send", "--model", model, "-").reading("From input.\n").run().output == "From input.\n")
    #expect(try await home.mosaic("send", "--model", model).reading("Two\nlines.\n\n").run().output == "Two\nlines.\n")
    #expect(
      try await home.mosaic("send", "--model", model, "--", "--not an option").run().output == "--not an option\n")
    #expect(try await home.messages().contents.contains("Two\nlines."), "the end is trimmed, nothing else")
  }

  @Test("With a message argument, standard input is never read")
  func loop() async throws {
    let home = try await Home.remembering()
    let script = """
      printf 'one\\ntwo\\nthree\\n' | while read -r line; do
        mosaic-ai send --model "$1" "$line" || exit 1
      done
      """
    let ended = try await home.shell(script, home.model("echo")).run()
    #expect(ended.output == "one\ntwo\nthree\n")
    // And it does not wait for input that never ends.
    let send = try home.mosaic("send", "--model", home.model("echo"), "Four.").readingOpenPipe().start()
    #expect(try await send.end().output == "Four.\n")
  }

  @Test("A message of 10,000 characters is sent, and a longer one is refused and not stored")
  func length() async throws {
    let home = try await Home.remembering()
    let longest = String(repeating: "é", count: 10_000)
    #expect(
      try await home.mosaic("send", "--model", home.model("normal"), "-").reading(longest + "  \n").run().status == 0)
    #expect(try await home.messages()[0].content == longest)
    for command in [home.mosaic("send", "-").reading(longest + "é"), home.mosaic("send", longest + "é")] {
      try await expectRefusal(command, home, "invalid_input", 65)
    }
    #expect(try await home.messages().count == 2)
  }

  @Test("An empty message, or one that is not UTF-8, is refused and not stored")
  func unusableMessages() async throws {
    let home = try await Home.remembering()
    for command in [
      home.mosaic("send", ""), home.mosaic("send", " \n\t "), home.mosaic("send", "-").reading(""),
      home.mosaic("send").reading("\n\n"),
      home.mosaic("send", "-").reading([0x61, 0xff, 0x62]), home.mosaic("send", "-").reading([0xc3]),
      home.mosaic("send").appending([0x61, 0xff]),
      home.mosaic("send").appending([0xed, 0xa0, 0x80]), home.mosaic("send", "-").reading([0x61, 0x00, 0x62]),
    ] {
      try await expectRefusal(command, home, "invalid_input", 65)
    }
    #expect(try await home.conversationCount() == 0)
  }

  @Test("On a terminal without a message, it is a usage error and does not wait")
  func noMessage() async throws {
    let home = try await Home.remembering()
    let ended = try await home.mosaic("send").onTerminal(columns: 80, [.input]).run()
    #expect(ended.status == 64)
    #expect(ended.standardError.isErrorAndHint)
    let typed = try home.mosaic("send", "--model", home.model("echo"), "-").onTerminal(columns: 80, [.input]).start()
    typed.type("Typed.\n")
    typed.endInput()
    #expect(try await typed.end().output == "Typed.\n")
  }

  // MARK: Which conversation

  @Test("--conversation continues the conversation with that ID, start of an ID, or last")
  func namedConversation() async throws {
    let home = try await Home.remembering()
    let first = try await home.json("send", "One.")["conversation_id"].string ?? ""
    let second = try await home.json("send", "Two.", "--new", "--persona", "friend")["conversation_id"].string ?? ""
    for (reference, id) in [
      (first, first), (first.uppercased(), first), (String(second.prefix(8)), second), ("last", second),
    ] {
      let reply = try await home.json("send", "More.", "--conversation", reference)
      #expect(reply["conversation_id"].string == id)
      #expect(reply["conversation_created"] == .bool(false))
      #expect(reply["persona_id"].string == (id == first ? "biographer" : "friend"))
    }
  }

  @Test(
    "A conversation with another persona or legacy is a usage error, a missing one is not found")
  func wrongSelection() async throws {
    let home = try await Home.remembering("Rose")
    let id = try await home.json("send", "One.")["conversation_id"].string ?? ""
    try await home.succeed("legacies", "add", "Ben")
    for arguments in [
      ["--conversation", id, "--persona", "friend"], ["--conversation", id, "--legacy", "Ben"],
      ["--conversation", id, "--new"],
    ] {
      try await expectRefusal(home.mosaic(["send", "More."] + arguments), home, "usage", 64)
    }
    for reference in [
      "00000000", "0000000-", id.replacingOccurrences(of: "4", with: "5"), "nonsense", String(id.prefix(3)),
    ] {
      try await expectRefusal(home.mosaic("send", "More.", "--conversation", reference), home, "not_found", 66)
    }
    // The nearest names are suggested; titles are words of messages, so those are suggested by ids.
    let sent = try await home.json("send", "--legacy", "Ben", "--name", "evening", "Two.")
    let named = sent["conversation_id"].string ?? ""
    try await home.succeed("conversations", "rename", named, "The garden behind the mill")
    let misspelled = try await home.mosaic("history", "evning").run()
    #expect(misspelled.status == 66 && misspelled.hint.contains("evening"))
    let half = try await home.mosaic("history", "The gardn behind the mill").run()
    #expect(half.status == 66 && half.hint.contains(named.prefix(8)) && !half.errors.contains("garden"))
    try await home.succeed("delete", named, "--yes")
    // Settings that are there all the time do not contradict what is named.
    let configured = home.mosaic("send", "More.", "--conversation", id).with("MOSAIC_AI_PERSONA", "friend").with(
      "MOSAIC_AI_LEGACY", "Ben")
    #expect(try await configured.run().status == 0)
    #expect(try await home.messages(id).count == 4)
  }

  @Test("Without a clear choice of legacy, nothing is sent and nothing is created")
  func legacyChoice() async throws {
    let home = try Home()
    try await expectRefusal(home.mosaic("send", "Hello."), home, "usage", 64)
    #expect(try await home.mosaic("send", "Hello.").run().hint.contains("legacies add"))
    try await home.succeed("legacies", "add", "Rose")
    try await home.succeed("legacies", "add", "Ben")
    try await expectRefusal(home.mosaic("send", "Hello."), home, "usage", 64)
    let typo = try await home.mosaic("send", "Hello.", "--legacy", "Rsoe").run()
    #expect(typo.status == 66)
    #expect(typo.hint.contains("\"Rose\""))
    let persona = try await home.mosaic("send", "Hello.", "--legacy", "Rose", "--persona", "freind").run()
    #expect(persona.status == 66)
    #expect(persona.hint.contains("\"friend\""))
    #expect(try await home.conversationCount() == 0)
    #expect(try await home.json("legacies").elements.count == 2)
    #expect(try await home.json("send", "Hello.", "--legacy", "rOSE")["persona_id"].string == "biographer")
  }

  @Test("On a terminal without a legacy, send asks whose life it is about")
  func asking() async throws {
    let home = try Home()
    let send = try home.mosaic("send", "--model", home.model("echo"), "Hello.").onTerminal().start()
    try await send.shows("?")
    send.type("Rose Miller\n")
    try await send.shows("[Y/n]")
    send.type("\n")
    let ended = try await send.end()
    #expect(ended.status == 0)
    #expect(ended.screen.contains("Hello.\n"))
    let legacies = try await home.json("legacies").elements
    #expect(legacies.map { $0["name"].string } == ["Rose Miller"])
    #expect(legacies.map { $0["conversation_count"].integer } == [1])

    let shy = try Home()
    let silent = try shy.mosaic("send", "Hello.").onTerminal().start()
    try await silent.shows("?")
    silent.endInput()
    #expect(try await silent.end().status == 64)
    #expect(try await shy.json("legacies") == .array([]))
  }

  @Test("A reply of white space alone is not shown in any format", arguments: ["text", "json", "ndjson", "sse"])
  func whiteSpace(format: String) async throws {
    let home = try await Home.remembering()
    let ended = try await home.mosaic(
      "send", "Hello.", "--model", home.model("blank"), "--max-attempts", "1", "-o", format
    ).run()
    #expect(ended.status == 75 && !ended.output.contains("\\t"))
    if format == "text" { #expect(ended.output == "") }
    if format == "json" { #expect(try ended.json()["content"].string == "") }
  }

  @Test("The title is the first message, cut at a word, until one is set")
  func titles() async throws {
    let home = try await Home.remembering()
    let message = "She kept bees behind the house, and every September the whole street came to help with the honey."
    try await home.succeed("send", message)
    var title = try await home.json("conversations")[0]["title"].string ?? ""
    #expect(
      title.count <= 80 && !title.isEmpty && message.hasPrefix(title) && message.dropFirst(title.count).hasPrefix(" "))
    try await home.succeed("send", "More.", "--title", "The bees")
    title = try await home.json("conversations")[0]["title"].string ?? ""
    #expect(title == "The bees")
    try await home.succeed("send", "And more.")
    #expect(try await home.json("conversations")[0]["title"].string == "The bees")
    for bad in ["", "a\nb", String(repeating: "x", count: 201)] {
      try await expectRefusal(home.mosaic("send", "No.", "--title", bad), home, "invalid_input", 65)
    }
    #expect(try await home.messages().count == 6)
  }

  // MARK: What is asked of the model

  @Test("Options reach the request")
  func options() async throws {
    let home = try await Home.remembering()
    try await home.succeed(
      "send", "Hello.", "--model", home.model("normal"), "--max-tokens", "77", "--temperature", "0.5", "--guardrail",
      "gr-abc123:7",
      "--region",
      "eu-west-1")
    let request = try #require(try home.requests().first)
    let body = request["body"]
    #expect(body["inferenceConfig"] == (try JSONText(#"{"maxTokens":77,"temperature":0.5}"#)))
    #expect(body["guardrailConfig"]["guardrailIdentifier"].string == "gr-abc123")
    #expect(body["guardrailConfig"]["guardrailVersion"].string == "7")
    #expect(SendTests.sorted(body["messages"]) == (try JSONText(#"[{"content":[{"text":"Hello."}],"role":"user"}]"#)))
    #expect(body["system"][0]["text"].string?.contains("Rose") == true)
    #expect(request["headers"]["content-type"].string == "application/json")
    #expect(request["headers"]["x-amz-date"].string != nil)
    try await home.succeed("send", "Hello.", "--model", home.model("normal"))
    let plain = try #require(try home.requests().last)["body"]
    #expect(plain["inferenceConfig"] == (try JSONText(#"{"maxTokens":4096}"#)), "no temperature unless asked")
    #expect(plain["guardrailConfig"] == .null)
  }

  @Test("The context holds complete exchanges and interrupted replies, at most 19 messages, and then the last nine")
  func context() async throws {
    let home = try await Home.remembering()
    try await home.succeed("send", "Whole.", "--model", home.model("normal"))
    #expect(try await home.mosaic("send", "Broken.", "--model", home.model("exception-internal-1")).run().status == 75)
    #expect(try await home.mosaic("send", "Failed.", "--model", home.model("quota")).run().status == 69)
    #expect(try await home.mosaic("send", "Blocked.", "--model", home.model("guardrail-1")).run().status == 65)
    #expect(
      try await home.mosaic("send", "Empty.", "--model", home.model("empty"), "--max-attempts", "1").run().status == 75)
    try await home.succeed("send", "Last.", "--model", home.model("normal"))
    var turns = try #require(try home.requests().last)["body"]["messages"].elements
    #expect(turns.map { $0["role"].string } == ["user", "assistant", "user", "assistant", "user"])
    #expect(
      turns.map { $0["content"][0]["text"].string }.enumerated().filter { $0.offset % 2 == 0 }.map(\.element) == [
        "Whole.", "Broken.", "Last.",
      ])
    #expect(turns[3]["content"][0]["text"].string == "Part 1.")
    for number in 0..<10 { try await home.succeed("send", "Number \(number).", "--model", home.model("echo")) }
    let requests = try home.requests().map { $0["body"]["messages"].elements }
    #expect(requests.suffix(10).map(\.count) == [7, 9, 11, 13, 15, 17, 19, 9, 11, 13])
    turns = try #require(requests.last)
    #expect(
      turns.first?["role"].string == "user" && turns.last?["content"].elements.last?["text"].string == "Number 9.")
  }

  @Test("--dry-run shows the request without secrets, stores nothing and needs no credentials")
  func dryRun() async throws {
    let home = try await Home.remembering("Rose", .none)
    let ended = try await home.mosaic(
      "send", "--dry-run", "Hello.", "--model",
      "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude:0",
      "--max-tokens", "5"
    ).with("AWS_SECRET_ACCESS_KEY", "very-secret").with("AWS_ACCESS_KEY_ID", "AKIDVERYSECRET").run()
    #expect(ended.status == 0)
    let request = try ended.json()
    #expect(
      request["url"].string
        == """
        \(home.simulator.endpoint)/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A123456789012%3Ainference-profile%2Fus.anth\
        ropic.claude%3A0/converse-stream
        """
    )
    #expect(request["headers"].names.map { $0.lowercased() }.contains("content-type"))
    #expect(request["body"].names == ["messages", "system", "inferenceConfig"])
    #expect(request["body"]["messages"] == (try JSONText(#"[{"role":"user","content":[{"text":"Hello."}]}]"#)))
    #expect(request["body"]["inferenceConfig"] == (try JSONText(#"{"maxTokens":5}"#)))
    #expect(
      !ended.output.contains("very-secret") && !ended.output.contains("AKIDVERYSECRET")
        && !ended.output.lowercased().contains("signature"))
    #expect(try await home.conversationCount() == 0)
    #expect(try await home.mosaic("send", "--dry-run", "Hello.").run().status == 0, "no credentials needed")
  }

  @Test("The body of a dry run is the body that is sent")
  func dryRunIsExact() async throws {
    let home = try await Home.remembering()
    try await home.succeed("send", "First.", "--model", home.model("normal"))
    let preview = try await home.mosaic(
      "send", "--dry-run", "Second.", "--model", home.model("normal"), "--temperature", "0.1"
    ).run()
      .json()
    try await home.succeed("send", "Second.", "--model", home.model("normal"), "--temperature", "0.1")
    #expect(try home.requests().count == 2)
    #expect(SendTests.sorted(preview["body"]) == SendTests.sorted(try #require(try home.requests().last)["body"]))
  }

  // MARK: Retry

  @Test("--retry answers the last message again and supersedes the old reply")
  func retry() async throws {
    let home = try await Home.remembering()
    #expect(try await home.mosaic("send", "Hello.", "--model", home.model("exception-internal-2-1")).run().status == 75)
    let broken = try await home.messages()
    try #require(broken.statuses == ["complete", "interrupted"])
    let retry = try await home.json("send", "--retry", "--model", home.model("exception-internal-2-1"))
    #expect(retry["user_message_id"].string == broken[0].id)
    let messages = try await home.messages()
    #expect(messages.statuses == ["complete", "complete"])
    #expect(messages[0] == broken[0])
    #expect(messages[1].content == retry["content"].string)
    let all = try await home.messages("--all")
    #expect(all.statuses == ["complete", "superseded", "complete"])
    #expect(all[1].content == "Part 1. Part 2." && all[1].id == broken[1].id)
    #expect(try await home.json("conversations")[0]["message_count"].integer == 2)
    let nothing = try await home.mosaic("send", "--retry").run()
    #expect(nothing.status == 66)
    try await expectRefusal(home.mosaic("send", "--retry", "With a message."), home, "usage", 64)
  }

  @Test("A blocked reply can be retried, a conversation without messages cannot")
  func retryBlocked() async throws {
    let home = try await Home.remembering()
    try await expectRefusal(home.mosaic("send", "--retry"), home, "not_found", 66)
    #expect(try await home.mosaic("send", "Hello.", "--model", home.model("content-filtered-1-1")).run().status == 65)
    #expect(try await home.messages().statuses == ["complete", "blocked"])
    try await home.succeed("send", "--retry", "--model", home.model("content-filtered-1-1"))
    #expect(try await home.messages("--all").statuses == ["complete", "superseded", "complete"])
  }

  @Test("--verbose shows the settings and the time, but no secret and no word of the message")
  func verbose() async throws {
    let home = try await Home.remembering()
    let ended = try await home.mosaic("send", "-v", "--model", home.model("normal"), "A private thing.").run()
    #expect(ended.status == 0)
    #expect(
      ended.errors.contains(home.database) && ended.errors.contains("us-east-1")
        && ended.errors.contains(home.simulator.endpoint))
    #expect(ended.errors.contains(" ms"))
    #expect(!ended.errors.contains("simulator-secret") && !ended.errors.contains("private"))
  }

  // MARK: Usage errors

  @Test(
    "A wrong option is a usage error, with an error event if events are asked for",
    arguments: [
      ["--nonsense"], ["--max-tokens", "none"], ["--max-tokens", "0"], ["--temperature", "warm"],
      ["--temperature", "7"],
      ["--guardrail", "gr-1"],
      ["--timeout", "0"], ["--timeout", "-1"], ["--connect-timeout", "soon"], ["--max-attempts", "0"],
      ["--region", "not a region"],
      ["--endpoint-url", "ftp://example.com"], ["--endpoint-url", "nonsense"], ["--model", ""], ["a second message"],
    ])
  func wrongOptions(arguments: [String]) async throws {
    let home = try await Home.remembering()
    try await expectRefusal(home.mosaic(["send", "Hello."] + arguments), home, "usage", 64)
    #expect(try await home.conversationCount() == 0)
  }

  /// Runs `send` with ndjson, and expects one error event without any IDs, and one error on standard error.
  private func expectRefusal(_ command: Command, _ home: Home, _ code: String, _ status: Int32) async throws {
    let ended = try await command.with("MOSAIC_AI_OUTPUT", "ndjson").run()
    #expect(ended.status == status)
    let events = try ended.jsonLines()
    #expect(events.count == 1)
    let event = events.first ?? .null
    #expect(event.names == SendTests.errorMembers)
    #expect(event["code"].string == code)
    #expect(event["exit_status"].integer == Int(status))
    #expect(event["retryable"] == .bool(false))
    #expect(event["conversation_id"] == .null && event["user_message_id"] == .null && event["message_id"] == .null)
    #expect(ended.standardError.isErrorWithOrWithoutHint, "\(ended.errors)")
  }

  private static func sorted(_ json: JSONText) -> JSONText {
    switch json {
    case .object(let members):
      .object(members.map { .init(name: $0.name, value: sorted($0.value)) }.sorted { $0.name < $1.name })
    case .array(let elements): .array(elements.map(sorted))
    default: json
    }
  }

  static let startMembers = [
    "type", "conversation_id", "user_message_id", "legacy_id", "persona_id", "model_id", "conversation_created",
    "recalled",
  ]
  static let doneMembers = [
    "type", "message_id", "token_count", "conversation_id", "stop_reason", "usage", "latency_ms", "first_chunk_ms",
    "replayed",
  ]
  static let usageMembers = [
    "input_tokens", "output_tokens", "total_tokens", "cache_read_input_tokens", "cache_write_input_tokens",
  ]
  static let errorMembers = [
    "type", "message", "hint", "retryable", "code", "exit_status", "conversation_id", "user_message_id", "message_id",
  ]
}

/// `send` in front of a terminal.
@Suite(.crowd, .inGoodTime) struct SendOnTerminalTests {
  @Test("On a terminal, a reply is wrapped between words as it comes")
  func wrapped() async throws {
    let home = try await Home.remembering()
    let words = (1...40).map { "word\($0)" }.joined(separator: " ")
    let reply = home.mosaic("send", "--model", home.model("echo"), words)
    #expect(try await reply.run().output == words + "\n")
    let screen = try await reply.onTerminal(columns: 30).run().screen
    let lines = screen.split(separator: "\n").map { $0.split { $0 == " " || $0 == "\u{8}" }.joined(separator: " ") }
    let header = lines.prefix { !$0.hasPrefix("word") }
    #expect(header.first?.contains("The Biographer") == true && header.count <= 2)
    #expect(lines.count > 8 && lines.allSatisfy { $0.count < 60 })
    #expect(
      lines.dropFirst(header.count).dropLast().allSatisfy {
        words.contains(String($0.split(separator: " ").first ?? "") + " ")
      })
  }

  @Test("On a terminal, a tab in the last columns is a line break, and a word of Hindi stays whole")
  func oddWidths() async throws {
    let home = try await Home.remembering()
    for (text, lines) in [
      ("We sang in the big garden.\tAnd more", ["We sang in the big garden.", "And more"]),
      ("मेरी दादी हर सुबह बगीचे में गाती थीं", ["मेरी दादी हर सुबह बगीचे में गाती", "थीं"]),
    ] {
      let reply = home.mosaic("send", "-q", "--new", "--model", home.model("echo"), text)
      let screen = try await reply.onTerminal(columns: 29).run().screen
      #expect(screen.split(separator: "\n").map { String($0.reversed().drop { $0 == " " }.reversed()) } == lines)
    }
  }

  @Test("The question about the legacy is repeated until answered, and Ctrl-D ends it")
  func asksForLegacy() async throws {
    let home = try Home()
    let send = try home.mosaic("send", "Hello.").onTerminal().start()
    try await send.shows("?")
    send.type("\n")
    try await send.shows("hint:")
    send.type("Rose\n")
    try await send.shows("[Y/n]")
    send.type("\n")
    let ended = try await send.end()
    #expect(ended.status == 0)
    #expect(try await home.messages()[0].content == "Hello.")
    let refused = try Home().mosaic("send", "Hello.").onTerminal().start()
    try await refused.shows("?")
    refused.endInput()
    let screen = try await refused.end().screen
    let lines = screen.split(separator: "\n")
    let question = try #require(lines.firstIndex { $0.contains("?") })
    #expect(
      lines[(question + 1)...].first?.contains("mosaic-ai: error: ") == true,
      "the error has a line of its own: \(screen)")
  }

  @Test("The hint of a failure is a command that works when pasted")
  func hints() async throws {
    let home = try await Home.remembering()
    let closed = try await home.shell("mosaic-ai send <&-").run()
    #expect(closed.status == 65 && closed.standardError.isErrorAndHint)
    let failed = try await home.mosaic(
      "send", "--model", home.model("exception-internal-1"), "--database", "\(home.dataFolder)/mosaic-ai.sqlite3", "Hi."
    ).run()
    #expect(failed.hint.contains(" --database=\(home.database)`"))
    let command =
      failed.hint.split(separator: "`").first { $0.hasPrefix("mosaic-ai send --retry") }.map(String.init) ?? "false"
    #expect(try await home.shell(command).run().status == 0)
  }
}
