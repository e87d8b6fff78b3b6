import Foundation
import TestSupport
import Testing

import Platform

/// `interview`: what is asked, what comes out, what is kept.
@Suite(.crowd, .inGoodTime) struct InterviewTests {
  /// A home with these legacies.
  private func home(_ legacies: String..., credentials: Home.Credentials = .accessKey) async throws -> Home {
    let home = try Home(credentials)
    for name in legacies { try await home.succeed("legacies", "add", name) }
    return home
  }

  private func interview(_ home: Home, _ file: String, _ arguments: String...) -> Command {
    home.mosaic(["interview", "--questions", file] + arguments)
  }

  // MARK: Formats

  @Test("ndjson tells the beginning, each question with its answer, and the end, with the documented members in order")
  func events() async throws {
    let home = try await home("Rose", "Ben")
    try home.write("Where was {name} born?\nAnd then?\n", to: "life.txt")
    let ended = try await interview(
      home, "life.txt", "--all-legacies", "-o", "ndjson", "--model", home.model("echo")
    ).run()
    #expect(ended.status == 0 && ended.errors == "", "\(ended.errors)")
    let events = try ended.jsonLines()
    let pairs = ["question", "answer", "question", "answer", "question", "answer", "question", "answer"]
    #expect(events.map { $0["type"].string ?? "" } == ["interview"] + pairs + ["summary"])
    #expect(events[0].names == ["type", "name", "questions", "legacies", "persona_id", "jobs"])
    #expect(events[0]["name"].string == "life" && events[0]["persona_id"].string == "biographer")
    #expect(events[0]["questions"].integer == 2 && events[0]["legacies"].integer == 2)
    let question = events[1]
    #expect(question.names == InterviewTests.questionMembers)
    #expect(question["question"].string == "Where was Ben born?" && question["legacy_name"].string == "Ben")
    #expect(question["index"].integer == 1 && question["total"].integer == 2)
    let answer = events[2]
    #expect(answer.names == InterviewTests.answerMembers)
    #expect(answer["content"].string == "Where was Ben born?" && answer["replayed"] == .bool(false))
    #expect(answer["usage"].names == SendTests.usageMembers && answer["latency_ms"].integer != nil)
    for name in ["id", "legacy_id", "conversation_id"] { #expect(answer[name] == question[name]) }
    let summary = try #require(events.last)
    #expect(summary.names == InterviewTests.summaryMembers)
    #expect(
      ["questions", "answered", "replayed", "failed", "remaining"].map { summary[$0].integer } == [4, 4, 0, 0, 0])
    #expect(summary["exit_status"].integer == 0)
    let used = events.compactMap { $0["type"].string == "answer" ? $0["usage"]["total_tokens"].integer : nil }
    #expect(summary["usage"]["total_tokens"].integer == used.reduce(0, +))
    // The events have what is stored.
    let messages = try await home.json("history", "life", "--legacy", "Ben")["messages"].elements
    #expect(
      messages.map { $0["content"].string } == ["Where was Ben born?", "Where was Ben born?", "And then?", "And then?"])
    #expect(messages[0]["id"] == answer["user_message_id"] && messages[1]["id"] == answer["message_id"])
    #expect(messages[0]["idempotency_key"].string?.isEmpty == false)
    #expect(try await home.json("conversations").elements.allSatisfy { $0["name"].string == "life" })
  }

  @Test("Run again, nothing is sent, and the output is whole: the same answers, replayed")
  func again() async throws {
    let home = try await home("Rose", "Ben")
    try home.write("One, {name}?\nTwo?\n", to: "life.md")
    let command = interview(home, "life.md", "--all-legacies", "-o", "ndjson", "--model", home.model("echo"))
    let first = try await command.run()
    let again = try await command.run()
    #expect(again.status == 0)
    func answers(_ ended: Ended) throws -> [[JSONText]] {
      try ended.jsonLines().filter { $0["type"].string == "answer" }.map { answer in
        answer.names.filter { !["latency_ms", "replayed"].contains($0) }.map { answer[$0] }
      }
    }
    #expect(try answers(first) == answers(again))
    #expect(try again.jsonLines().filter { $0["type"].string == "answer" }.allSatisfy { $0["replayed"].isTrue })
    #expect(try again.jsonLines().last?["replayed"].integer == 4)
    #expect(try home.requests().count == 4)
  }

  @Test("json is one object, also if something failed")
  func object() async throws {
    let home = try await home("Rose")
    try home.write("One?\nTwo?\nThree?\n", to: "life.txt")
    let ended = try await interview(
      home, "life.txt", "-o", "json", "--model", home.model("quota"), "--max-attempts", "1"
    ).run()
    #expect(ended.status == 69)
    let object = try ended.json()
    #expect(object.names == ["interview", "answers", "failures", "summary"])
    #expect(object["interview"].names == ["name", "questions", "legacies", "persona_id", "jobs"])
    #expect(object["answers"] == .array([]))
    #expect(object["failures"].elements.map(\.names) == [Array(InterviewTests.failureMembers.dropFirst())])
    #expect(object["failures"][0]["code"].string == "quota" && object["failures"][0]["exit_status"].integer == 69)
    #expect(object["summary"]["remaining"].integer == 2 && object["summary"]["exit_status"].integer == 69)
    #expect(ended.standardError.lines.count == 3, "the failure, and the error with its hint: \(ended.errors)")
    let better = try await home.json("interview", "--questions", "life.txt", "--model", home.model("echo"))
    #expect(better["answers"].elements.map { $0["question"].string } == ["One?", "Two?", "Three?"])
    #expect(better["failures"] == .array([]) && better["summary"]["answered"].integer == 3)
  }

  @Test("text is Markdown: a heading for each legacy, one for each question, the answer below it", arguments: [1, 3])
  func markdown(jobs: Int) async throws {
    let home = try await home("Rose *R*", "Ben", "Carl")
    try home.write("One, {name}?\n[Two]?\n", to: "life.txt")
    try home.write("", to: "temporary/empty")
    let command = interview(
      home, "life.txt", "--all-legacies", "--jobs", String(jobs), "--model", home.model("echo")
    ).with("TMPDIR", "\(home.path)/temporary")
    let first = try await command.run()
    #expect(first.status == 0 && first.errors == "")
    let expected = ["Ben", "Carl", "Rose *R*"].map { name in
      let title = name.replacingOccurrences(of: "*", with: "\\*")
      return "# \(title)\n\n## One, \(title)?\n\nOne, \(name)?\n\n## \\[Two\\]?\n\n\\[Two\\]?\n"
    }.joined(separator: "\n")
    #expect(first.output == expected)
    #expect(try await command.run().output == expected)
    // No answer that had to wait for its turn is left there.
    #expect(try FileManager.default.contentsOfDirectory(atPath: "\(home.path)/temporary") == ["empty"])
  }

  @Test("Answers cannot drive the terminal, nor make headings of their own")
  func harmless() async throws {
    let home = try await home("Rose")
    try home.write(
      "id,question\n1,\"# Not a heading\nunder\n=== \n```\n\u{1b}[31mred\u{202e}\"\n2,Next?\n", to: "life.csv")
    let command = interview(home, "life.csv", "--model", home.model("echo"))
    let ended = try await command.run()
    #expect(ended.status == 0)
    #expect(
      ended.output.hasSuffix(
        "\n\n\\# Not a heading\nunder\n\\=== \n\\```\n\\[31mred\n\n## Next?\n\nNext?\n"), "\(ended.output)")
    #expect(ended.output.contains("## \\# Not a heading under ===  \\`\\`\\` \\[31mred\n"))
    let screen = try await command.onTerminal().with("NO_COLOR", "1").run().screen
    #expect(!screen.contains("\u{1b}") && !screen.contains("\u{202e}"))
  }

  // MARK: Files

  @Test("Questions come from every kind of file, and from standard input")
  func files() async throws {
    let home = try await home("Rose")
    try home.write("\u{feff}# Life\r\nOne?\r\nTwo?\r\n", to: "a.txt")
    try home.write("id,question\r\n1,One?\r\n2,Two?\r\n", to: "b.csv")
    try home.write("{\"question\":\"One?\",\"chapter\":\"x\",\"used\":false}\n{\"question\":\"Two?\"}\n", to: "c.jsonl")
    try home.write("[{\"question\":\"One?\"},{\"question\":\"Two?\"}]", to: "d.json")
    try home.write("- One?\n- question: Two?\n", to: "e.yaml")
    for (file, name) in [("a.txt", "a"), ("b.csv", "b"), ("c.jsonl", "c"), ("d.json", "d"), ("./e.yaml", "e")] {
      let ended = try await interview(home, file, "-o", "json", "--model", home.model("echo")).run()
      #expect(ended.status == 0, "\(ended.errors)")
      #expect(try ended.json()["interview"]["name"].string == name)
      #expect(try ended.json()["answers"].elements.map { $0["question"].string } == ["One?", "Two?"])
    }
    let input = try await interview(home, "-", "--name", "f", "-o", "json", "--model", home.model("echo"))
      .reading("One?\nTwo?\n").run()
    #expect(try input.json()["answers"].elements.count == 2)
    let objects = try await interview(
      home, "-", "--name", "g", "--format", "jsonl", "-o", "json", "--model", home.model("echo")
    ).reading("{\"question\":\"One?\"}\n").run()
    #expect(try objects.json()["answers"].elements.count == 1)
    let pipe = try await interview(
      home, "/dev/stdin", "--name", "h", "--format", "lines", "-o", "json", "--model", home.model("echo")
    ).reading("One?\nTwo?\n").run()
    #expect(try pipe.json()["answers"].elements.count == 2)
    #expect(try await home.conversationCount() == 8)
  }

  @Test(
    "A file that is not as it should be is named with its line, and nothing is sent or stored",
    arguments: [
      ("bad.csv", "question,id\nOne?,1\nTwo?\n", "bad.csv:3:"), ("bad.csv", "text\nOne?\n", "bad.csv:1:"),
      ("bad.csv", "question\nOne?\n\"Two?\n", "bad.csv:3:"), ("bad.csv", "question,id\nOne?,1\nTwo?,1\n", "bad.csv:3:"),
      ("bad.ndjson", "{\"question\":\"One?\"}\nTwo?\n", "bad.ndjson:2:"),
      ("bad.ndjson", "{\"question\":\"One?\"}\n{\"question\":\"Two?\",\"extra\":1}\n", "bad.ndjson:2:"),
      ("bad.json", "[{\"question\":\"One?\"},\n{\"id\":\"1\"}]", "bad.json:2:"),
      ("bad.yaml", "- One?\n- x: y\n", "bad.yaml:2:"),
      ("bad.txt", "One?\nTwo?\nOne?\n", "bad.txt:3:"), ("bad.txt", "# Nothing\n", "bad.txt:1:"),
      ("bad.txt", "", "bad.txt:1:"),
      ("bad.txt", "One?\na\0b\n", "bad.txt:2:"), ("missing.txt", nil, "missing.txt"),
    ] as [(String, String?, String)])
  func badFile(name: String, text: String?, place: String) async throws {
    let home = try await home("Rose")
    if let text { try home.write(text, to: name) }
    try await expectRefusal(home, [name], "invalid_input", 65, naming: place)
  }

  @Test("An unknown legacy or persona in a row, and a question that changed, are named with their line")
  func badRows() async throws {
    let home = try await home("Rose")
    try home.write("question,legacy,persona\nOne?,Rose,\nTwo?,Nobody,\n", to: "legacy.csv")
    try home.write("question,legacy,persona\nOne?,Rose,\nTwo?,,frend\n", to: "persona.csv")
    try await expectRefusal(home, ["legacy.csv"], "not_found", 66, naming: "legacy.csv:3:")
    try await expectRefusal(home, ["persona.csv"], "not_found", 66, naming: "persona.csv:3:")
    try home.write("question,legacy\nOne?,Rose\n", to: "rose.csv")
    try await expectRefusal(home, ["rose.csv", "--legacy", "Rosie"], "not_found", 66, naming: "Rosie")
    try home.write("id,question\n1,One?\n2,Two?\n", to: "life.csv")
    try await home.succeed("interview", "--questions", "life.csv", "--model", home.model("echo"))
    let before = try await home.json("export", "--legacy", "Rose")
    try home.write("id,question\n0,None?\n1,One?\n2,Another?\n", to: "life.csv")
    let ended = try await interview(home, "life.csv", "-o", "ndjson", "--model", home.model("echo")).run()
    #expect(ended.status == 65 && ended.error.contains("life.csv:4:"))
    #expect(try await home.json("export", "--legacy", "Rose") == before)
    #expect(try home.requests().count == 2)
  }

  @Test(
    "Wrong usage is refused before anything is read or stored",
    arguments: [
      [], ["--questions", "life.txt", "--jobs", "0"], ["--questions", "life.txt", "--rate", "0"],
      ["--questions", "life.txt", "--budget", "0"], ["--questions", "life.txt", "--jobs", "many"],
      ["--questions", "life.txt", "--all-legacies", "--legacy", "Rose"], ["--questions", "life.doc"],
      ["--questions", "-"], ["--questions", "/dev/stdin", "--format", "lines"], ["--questions", "file:///life.txt"],
      ["--questions", ""], ["--questions", "life.txt", "--format", "xml"], ["--questions", "life.txt", "-o", "sse"],
      ["--questions", "life.txt", "--max-tokens", "0"], ["--questions", "life.txt", "--region", "no region"],
      ["--questions", "life.txt", "extra"],
    ])
  func usage(arguments: [String]) async throws {
    let home = try await home("Rose")
    try home.write("One?\n", to: "life.txt")
    let ended = try await home.mosaic(["interview"] + arguments).run()
    #expect(ended.status == 64, "\(ended.errors)")
    #expect(ended.output == "" && ended.standardError.isErrorWithOrWithoutHint, "\(ended.errors)")
    let events = try await home.mosaic(["interview"] + arguments).with("MOSAIC_AI_OUTPUT", "ndjson").run()
    #expect(events.status == 64)
    if !arguments.contains("-o") { #expect(try events.jsonLines().map { $0["code"].string } == ["usage"]) }
    #expect(try await home.conversationCount() == 0)
  }

  /// Runs an interview that must not begin.
  private func expectRefusal(
    _ home: Home, _ arguments: [String], _ code: String, _ status: Int32, naming fact: String
  ) async throws {
    for format in ["text", "json", "ndjson"] {
      let ended = try await home.mosaic(
        ["interview", "-o", format, "--model", home.model("echo"), "--questions"] + arguments
      ).run()
      #expect(ended.status == status, "\(ended.errors)")
      #expect(ended.standardError.isErrorWithOrWithoutHint && ended.error.contains(fact), "\(ended.errors)")
      guard format != "text" else {
        #expect(ended.output == "")
        continue
      }
      let event = try ended.json()
      #expect(event["type"].string == "error" && event["code"].string == code)
      #expect(event["exit_status"].integer == Int(status) && event["message"].string == ended.error)
    }
    #expect(try await home.conversationCount() == 0)
    #expect(try home.requests().isEmpty)
  }

  // MARK: What is asked of the model

  @Test("The options of send about model and connection reach every request")
  func options() async throws {
    let home = try await home("Rose")
    try home.write("question,model\nOne?,\nTwo?,\(home.model("normal"))\n", to: "life.csv")
    try await home.succeed(
      "interview", "--questions", "life.csv", "--model", home.model("echo"), "--max-tokens", "77", "--temperature",
      "0.5", "--guardrail", "gr-abc123:7", "--region", "eu-west-1", "--persona", "friend", "--timeout", "50")
    let requests = try home.requests()
    #expect(requests.map { $0["model_id"].string } == [home.model("echo"), home.model("normal")])
    for request in requests {
      #expect(request["body"]["inferenceConfig"] == (try JSONText(#"{"maxTokens":77,"temperature":0.5}"#)))
      #expect(request["body"]["guardrailConfig"]["guardrailIdentifier"].string == "gr-abc123")
      #expect(request["body"]["system"][0]["text"].string?.contains("The Friend") == true)
    }
    #expect(requests[1]["body"]["messages"].elements.count == 3, "the second question follows the first")
    #expect(requests[1]["body"]["system"].elements.count == 2, "the second is a cache point")
    #expect(try await home.json("conversations")[0]["persona_id"].string == "friend")
    // The latest conversation does not count.
    try home.write("One?\n", to: "more.txt")
    let more = try await home.json("interview", "--questions", "more.txt", "--model", home.model("echo"))
    #expect(more["interview"]["persona_id"].string == "biographer")
    let configured = try await interview(home, "more.txt", "--name", "x", "-o", "json", "--model", home.model("echo"))
      .with("MOSAIC_AI_PERSONA", "friend").run()
    #expect(try configured.json()["interview"]["persona_id"].string == "friend")
  }

  @Test("Earlier conversations are recalled and prompts cached, unless that is turned off")
  func recall() async throws {
    let home = try await home("Rose")
    try await home.succeed("send", "--model", home.model("normal"), "Her bicycle was called Esmeralda.")
    try home.write("What was her bicycle called?\n", to: "life.txt")
    for (name, options) in [("on", []), ("off", ["--recall-tokens", "0", "--no-prompt-cache"])] {
      let ended = try await home.mosaic(
        ["interview", "--questions", "life.txt", "--name", name, "--model", home.model("normal")] + options
      ).run()
      #expect(ended.status == 0, "\(ended.errors)")
      let request = try #require(try home.requests().last)["body"]
      #expect(request["messages"].elements.last?["content"].elements.count == (name == "on" ? 2 : 1))
      #expect("\(request)".contains("Esmeralda") == (name == "on"))
      #expect(request["system"].elements.count == (name == "on" ? 2 : 1))
    }
  }

  @Test("Over 40 questions at least 70 % of the input tokens are cache reads")
  func cache() async throws {
    let home = try await home("Rose")
    let questions = (1...40).map { number in
      "\(number). What did {name} do on an ordinary day of her year \(number), from the first light to the last?\n"
    }
    try home.write(questions.joined(), to: "life.txt")
    let ended = try await interview(
      home, "life.txt", "--recall-tokens", "0", "-o", "ndjson", "--model", home.model("pieces-40-30")
    ).run()
    #expect(ended.status == 0, "\(ended.errors)")
    let summary = try #require(try ended.jsonLines().last)
    #expect(summary["answered"].integer == 40)
    func tokens(_ name: String) -> Int { summary["usage"][name].integer ?? 0 }
    let read = tokens("cache_read_input_tokens")
    let all = read + tokens("cache_write_input_tokens") + tokens("input_tokens")
    #expect(all > 0 && Double(read) / Double(all) >= 0.7, "\(read) of \(all)")
  }

  @Test("Without credentials, one message is stored, one failure reported, and the run stops with 78")
  func noCredentials() async throws {
    let home = try await home("Rose", "Ben", "Carl", credentials: .none)
    try home.write("One?\nTwo?\n", to: "life.txt")
    let ended = try await interview(home, "life.txt", "--all-legacies", "--jobs", "3", "-o", "ndjson").run()
    #expect(ended.status == 78)
    let events = try ended.jsonLines()
    #expect(events.map { $0["type"].string } == ["interview", "question", "failure", "summary"])
    #expect(events[2].names == InterviewTests.failureMembers)
    #expect(events[2]["code"].string == "no_credentials" && events[2]["retryable"] == .bool(false))
    #expect(events[3]["failed"].integer == 1 && events[3]["remaining"].integer == 5)
    #expect(events[3]["exit_status"].integer == 78)
    #expect(try await home.conversationCount() == 1)
  }

  @Test("A temperature that the model refuses is warned about once, and asked without")
  func refusedTemperature() async throws {
    let home = try await home("Rose", "Ben")
    try home.write("One?\nTwo?\n", to: "life.txt")
    let ended = try await interview(
      home, "life.txt", "--all-legacies", "--temperature", "0.5", "--model", home.model("refuse-temperature")
    ).run()
    #expect(ended.status == 0 && ended.standardError.warnings.count == 1, "\(ended.errors)")
    #expect(try home.requests().count == 5)
  }

  // MARK: Failures

  @Test("A question that fails for good is recorded and the next is asked; the status is that of the first failure")
  func forGood() async throws {
    let home = try await home("Rose")
    try home.write("question,model\nOne?,\(home.model("guardrail-1-1"))\nTwo?,\n", to: "life.csv")
    let command = interview(home, "life.csv", "-o", "ndjson", "--model", home.model("echo"))
    let ended = try await command.run()
    #expect(ended.status == 65)
    #expect(
      try ended.jsonLines().map { $0["type"].string } == [
        "interview", "question", "failure", "question", "answer", "summary",
      ])
    #expect(ended.standardError.warnings.count == 1 && ended.error.contains("1 of 2"))
    let again = try await command.run()
    #expect(again.status == 0)
    let answers = try again.jsonLines().filter { $0["type"].string == "answer" }
    #expect(
      answers.map { $0["question"].string } == ["One?", "Two?"]
        && answers.map { $0["replayed"].isTrue } == [false, true])
  }

  @Test("After a failure that may pass, the other conversations go on, and the status is 75")
  func mayPass() async throws {
    let home = try await home("Rose", "Ben")
    try home.write("question,legacy,model\nOne?,Rose,\(home.model("cut-2-1"))\nTwo?,,\n", to: "life.csv")
    let command = interview(
      home, "life.csv", "--all-legacies", "-o", "ndjson", "--model", home.model("throttle-1"))
    let ended = try await command.run()
    #expect(ended.status == 75)
    let events = try ended.jsonLines()
    #expect(events.compactMap { $0["type"].string == "failure" ? $0["code"].string : nil } == ["connection"])
    let retry = try #require(events.first { $0["type"].string == "retry" })
    #expect(retry.names == ["type", "id", "legacy_id", "attempt", "max_attempts", "delay_ms", "code", "message"])
    #expect(events.last?["answered"].integer == 1 && events.last?["remaining"].integer == 1)
    #expect(ended.hint.contains("again"))
    #expect(try await command.run().status == 0)
    #expect(
      try await home.messages("life", "--legacy", "Rose").contents.enumerated().filter { $0.offset % 2 == 0 }
        .map(\.element) == ["One?", "Two?"])
  }

  @Test("Once the budget is spent, no further question is begun, and running it again goes on")
  func budget() async throws {
    let home = try await home("Rose")
    try home.write("One?\nTwo?\nThree?\n", to: "life.txt")
    let command = interview(home, "life.txt", "--budget", "1", "-o", "ndjson", "--model", home.model("echo"))
    for remaining in [2, 1, 0] {
      let ended = try await command.run()
      #expect(ended.status == (remaining > 0 ? 75 : 0), "\(ended.errors)")
      let summary = try #require(try ended.jsonLines().last)
      #expect(summary["answered"].integer == 1 && summary["remaining"].integer == remaining)
      #expect(ended.standardError.isErrorAndHint == (remaining > 0))
    }
  }

  @Test("There are no more requests than the rate allows")
  func rate() async throws {
    let home = try await home("Rose", "Ben")
    try home.write((1...5).map { "\($0)?\n" }.joined(), to: "life.txt")
    let running = try interview(
      home, "life.txt", "--all-legacies", "--jobs", "2", "--rate", "3", "-o", "ndjson", "--model", home.model("echo")
    ).start()
    while running.outputSoFar.components(separatedBy: "\"answer\"").count < 4, !running.hasEnded {
      try await Task.sleep(for: .milliseconds(5))
    }
    try await Task.sleep(for: .seconds(2))
    #expect(!running.hasEnded)
    running.signal(SIGTERM)
    let ended = try await running.end()
    #expect(ended.ending == .killed(by: SIGTERM))
    #expect(try home.requests().count == 3)
    #expect(try await home.json("export", "--legacy", "Rose")["conversations"][0]["messages"].elements.count < 8)
  }

  @Test("A signal saves what has arrived, tells the end, and ends the process", arguments: [SIGTERM, SIGINT, SIGHUP])
  func signals(signal: Int32) async throws {
    let home = try await home("Rose", "Ben")
    try home.write("question,model\nOne?,\(home.model("hang-2"))\nTwo?,\n", to: "life.csv")
    let command = interview(
      home, "life.csv", "--all-legacies", "--jobs", "2", "-o", "ndjson", "--model", home.model("echo"))
    let running = try command.start()
    for name in ["Ben", "Rose"] { try await running.shows("\"legacy_name\":\"\(name)\"") }
    func hasBegun() async throws -> Bool {
      for name in ["Ben", "Rose"] {
        let status = try await home.mosaic("history", "life", "--legacy", name, "-o", "json").run()
        guard status.status == 0, try Messages(status.json()).statuses == ["pending", "streaming"] else { return false }
      }
      return true
    }
    while try await !hasBegun() { try await Task.sleep(for: .milliseconds(20)) }
    running.signal(signal)
    let ended = try await running.end()
    #expect(ended.ending == .killed(by: signal))
    let summary = try #require(try ended.jsonLines().last)
    #expect(summary["type"].string == "summary" && summary["exit_status"].integer == 128 + Int(signal))
    #expect(summary["failed"].integer == 2 && summary["remaining"].integer == 2)
    for name in ["Ben", "Rose"] {
      let messages = try await home.messages("life", "--legacy", name)
      #expect(messages.statuses == ["complete", "interrupted"] && messages[1].content == "Part 1. Part 2.")
    }
    try home.write("question,model\nOne?,\nTwo?,\n", to: "life.csv")
    #expect(try await command.run().status == 0)
    #expect(try await home.messages("life", "--legacy", "Rose").contents == ["One?", "One?", "Two?", "Two?"])
  }

  @Test("A reader that goes away ends the run quietly, and nothing is lost")
  func rudeReader() async throws {
    let home = try await home("Rose")
    try home.write((1...5).map { "\($0)?\n" }.joined(), to: "life.txt")
    let command = interview(home, "life.txt", "-o", "ndjson", "--model", home.model("echo"))
    let ended = try await command.losingReader(after: "\"answer\"").run()
    #expect(ended.ending == .killed(by: SIGPIPE) && ended.errors == "", "\(ended.errors)")
    #expect(try await command.run().status == 0)
    #expect(try await home.messages("life").count == 10)
  }

  // MARK: Progress

  @Test("On a terminal, one line shows how far it is; -q shows neither that nor failures")
  func progress() async throws {
    let home = try await home("Rose")
    try home.write("One?\nTwo?\n", to: "life.txt")
    let command = interview(home, "life.txt", "--model", home.model("hang-2"))
    let running = try command.onTerminal(columns: 80, [.errors]).start()
    try await running.shows("0 of 2 answered, 2 waiting")
    running.signal(SIGTERM)
    let screen = try await running.end().screen
    #expect(screen.contains("error:") && screen.contains("2 of 2"))
    let quiet = try await interview(home, "life.txt", "-q", "--model", home.model("quota")).run()
    #expect(quiet.status == 69 && quiet.standardError.isErrorWithOrWithoutHint)
    let done = try await interview(home, "life.txt", "--model", home.model("echo")).onTerminal(columns: 80, [.errors])
      .run()
    #expect(done.screen.contains("2 of 2") && done.output.hasPrefix("# Rose\n"))
  }

  // MARK: Dry runs

  @Test("A dry run lists what would be asked and what is answered, and stores and sends nothing")
  func dryRun() async throws {
    let home = try await home("Rose", "Ben")
    try home.write("id,question\na,\"One, {name}?\"\nb,Two?\n", to: "life.csv")
    let text = try await interview(home, "life.csv", "--all-legacies", "--dry-run").run()
    #expect(text.status == 0)
    #expect(
      text.lines.map { $0.components(separatedBy: "\t") } == [
        ["to ask", "Ben", "a", "One, Ben?"], ["to ask", "Ben", "b", "Two?"], ["to ask", "Rose", "a", "One, Rose?"],
        ["to ask", "Rose", "b", "Two?"],
      ])
    #expect(try await home.conversationCount() == 0)
    try await home.succeed("interview", "--questions", "life.csv", "--legacy", "Ben", "--model", home.model("echo"))
    let events = try await interview(home, "life.csv", "--all-legacies", "--dry-run", "-o", "ndjson").run().jsonLines()
    #expect(
      events.map { $0["type"].string } == ["interview", "question", "question", "question", "question", "summary"])
    #expect(events[1].names == InterviewTests.questionMembers + ["answered"])
    #expect(events[1..<5].map { $0["answered"].isTrue } == [true, true, false, false])
    #expect(events[1]["conversation_id"].string != nil && events[3]["conversation_id"] == .null)
    #expect(events[5]["replayed"].integer == 2 && events[5]["remaining"].integer == 2)
    let object = try await interview(home, "life.csv", "--all-legacies", "--dry-run", "-o", "json").run().json()
    #expect(object.names == ["interview", "questions", "summary"] && object["questions"].elements.count == 4)
    #expect(try home.requests().count == 2)
    let fresh = try Home()
    try fresh.write("One?\n", to: "life.txt")
    #expect(try await fresh.mosaic("interview", "--questions", "life.txt", "--dry-run").run().status == 64)
    #expect(!fresh.hasDatabase)
  }

  @Test("A dry run over 100,000 questions takes bounded memory", .enabled(if: isLinux))
  func manyQuestions() async throws {
    let home = try await home("Rose")
    try home.write(
      (1...100_000).map { "What do you remember about {name} in the year \($0), and who was there?\n" }.joined(),
      to: "life.txt")
    let peak = try await home.peakMemory(
      "interview", "--questions", "life.txt", "--dry-run", "-o", "ndjson", output: "\(home.path)/out")
    #expect((1..<128).contains(peak))
    let lines = (home.folder.contents("out") ?? Data()).split(separator: UInt8(ascii: "\n"))
    #expect(lines.count == 100_002)
  }

  static let questionMembers = [
    "type", "id", "legacy_id", "legacy_name", "conversation_id", "question", "index", "total",
  ]
  static let answerMembers = [
    "type", "id", "legacy_id", "legacy_name", "conversation_id", "user_message_id", "message_id", "question", "content",
    "stop_reason", "usage", "latency_ms", "replayed",
  ]
  static let failureMembers = [
    "type", "id", "legacy_id", "legacy_name", "question", "code", "message", "hint", "retryable", "exit_status",
  ]
  static let summaryMembers = [
    "type", "questions", "answered", "replayed", "failed", "remaining", "usage", "duration_ms", "exit_status",
  ]
}
