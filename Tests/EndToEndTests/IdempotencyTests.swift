import TestSupport
import Testing

import Platform

/// `send --idempotency-key` and `send --name`: a message that is asked once, and a conversation that is found again.
@Suite(.crowd, .inGoodTime) struct IdempotencyTests {
  @Test(
    "An answered message is printed as if its reply had just come, and nothing is sent", arguments: ["ndjson", "sse"])
  func replay(format: String) async throws {
    let home = try await Home.remembering()
    func send(_ more: String...) async throws -> [JSONText] {
      let ended = try await home.mosaic(
        ["send", "Hello.", "--idempotency-key", "k", "-o", format, "--model", home.model("controls")] + more
      ).run()
      #expect(ended.status == 0 && ended.errors == "", "\(ended.errors)")
      return format == "sse" ? try ended.serverSentEvents() : try ended.jsonLines()
    }
    let first = try await send()
    let stored = try await home.json("history")
    #expect(stored["messages"][0]["idempotency_key"].string == "k")
    #expect(stored["messages"][1]["idempotency_key"] == .null)
    let second = try await send()
    #expect(second.map { $0["type"].string } == ["start", "chunk", "done"])
    #expect(second[1]["content"].string == first.compactMap { $0["content"].string }.joined())
    #expect(second[0].names == first[0].names && second[2].names == first.last?.names)
    let (start, done) = (try #require(first.first), try #require(first.last))
    for name in ["conversation_id", "user_message_id", "legacy_id", "persona_id", "model_id"] {
      #expect(second[0][name] == start[name], "\(name)")
    }
    for name in ["message_id", "token_count", "conversation_id", "stop_reason", "usage"] {
      #expect(second[2][name] == done[name], "\(name)")
    }
    #expect(done["replayed"] == .bool(false) && second[2]["replayed"].isTrue)
    #expect(second[0]["conversation_created"] == .bool(false))
    #expect(try home.requests().count == 1)
    #expect(try await home.json("history") == stored)
  }

  @Test("The reply is the same in text and as one object")
  func otherFormats() async throws {
    let home = try await Home.remembering()
    let arguments = ["send", "Hello.", "--idempotency-key", "k", "--model", home.model("echo")]
    let first = try await home.mosaic(arguments).run()
    #expect(try await home.mosaic(arguments).run().outputBytes == first.outputBytes)
    let object = try await home.mosaic(arguments + ["-o", "json"]).run().json()
    #expect(object["type"].string == "done" && object["content"].string == "Hello." && object["replayed"].isTrue)
    // A warning about the reply is one about the stored reply too.
    let cut = ["send", "At length.", "--idempotency-key", "l", "--model", home.model("max-tokens")]
    for _ in 0..<2 { #expect(try await home.mosaic(cut).run().standardError.warnings.count == 1) }
    #expect(try home.requests().count == 2)
  }

  @Test("Whatever else is selected, nothing new is made")
  func otherSelections() async throws {
    let home = try await Home.remembering()
    try await home.succeed("legacies", "add", "Ben")
    let arguments = ["send", "Hello.", "--idempotency-key", "k", "-o", "json"]
    let first = try await home.mosaic(arguments + ["--legacy", "Rose"]).run().json()
    let list = try await home.json("conversations")
    for selection in [
      ["--new"], ["--persona", "friend"], ["--name", "letters"], ["--title", "Another"], ["--legacy", "Ben"],
      ["--legacy", "Nobody"], ["--persona", "nobody"], ["--conversation", "nothing"],
    ] {
      let again = try await home.mosaic(arguments + selection).run()
      #expect(again.status == 0, "\(selection): \(again.errors)")
      #expect(try again.json()["message_id"] == first["message_id"])
      #expect(try again.json()["persona_id"].string == "biographer")
    }
    #expect(try await home.json("conversations") == list)
    // No credentials are needed for what is stored.
    let offline = try await home.mosaic(arguments).with("AWS_ACCESS_KEY_ID", nil).run()
    #expect(offline.status == 0)
  }

  @Test(
    "A reply that failed, broke off or was blocked is asked for again, where the message stands",
    arguments: [("http-503-1", 75), ("exception-internal-1-1", 75), ("content-filtered-1-1", 65)])
  func retried(scenario: String, status: Int32) async throws {
    let home = try await Home.remembering()
    let arguments = [
      "send", "Hello.", "--idempotency-key", "k", "--model", home.model(scenario), "--max-attempts", "1", "-o", "json",
    ]
    let failed = try await home.mosaic(arguments).run()
    #expect(failed.status == status)
    try await home.succeed("send", "Another.")
    let latest = try await home.json("send", "In a new one.", "--new")["conversation_id"]
    let again = try await home.mosaic(arguments + ["--new", "--title", "Another"]).run()
    #expect(again.status == 0, "\(again.errors)")
    #expect(try again.json()["user_message_id"] == failed.json()["user_message_id"])
    #expect(try again.json()["replayed"] == .bool(false))
    #expect(try await home.conversationCount() == 2)
    let conversation = try again.json()["conversation_id"].string ?? ""
    #expect(conversation != latest.string)
    #expect(try await home.messages(conversation).contents.filter { $0 == "Hello." }.count == 1)
    #expect(try await home.messages(conversation).statuses == ["complete", "complete", "complete", "complete"])
  }

  @Test("The key decides and not the text: another text is a usage error, another key another message")
  func keyDecides() async throws {
    let home = try await Home.remembering()
    let model = home.model("http-503-2")
    func send(_ text: String, _ key: String, _ status: Int32) async throws -> Ended {
      let ended = try await home.mosaic(
        "send", text, "--idempotency-key", key, "--model", model, "--max-attempts", "1", "-o", "json"
      ).run()
      #expect(ended.status == status, "\(text), \(key): \(ended.errors)")
      return ended
    }
    // The same text after an error would be the same message without a key.
    _ = try await send("Hello.", "a", 75)
    _ = try await send("Hello.", "b", 75)
    #expect(try await home.messages().contents == ["Hello.", "Hello."])
    let other = try await send("Good morning.", "a", 64)
    #expect(try other.json()["code"].string == "usage")
    #expect(other.standardError.isErrorAndHint && !other.errors.contains("Hello"))
    _ = try await send("Hello.", "a", 0)
    // What white space is trimmed from a message makes no difference.
    #expect(try await send("Hello. \n", "a", 0).json()["replayed"].isTrue)
    _ = try await send("Good morning.", "a", 64)
    _ = try await send("hello.", "a", 64)
    _ = try await send("Hello.", "A", 0)
    #expect(try await home.messages().contents.filter { $0 == "Hello." }.count == 3)
    // Keys are unique for each user.
    try await home.succeed("legacies", "share", "Rose", "bob")
    let bobs = try await home.json("send", "From Bob.", "--idempotency-key", "a", "--user", "bob")
    #expect(bobs["replayed"] == .bool(false))
  }

  @Test("While a living process answers the message, it is busy; killed, it is asked again")
  func busy() async throws {
    let home = try await Home.remembering()
    let arguments = ["send", "Hello.", "--idempotency-key", "k", "-o", "json", "--model"]
    let first = try home.mosaic(["send", "Hello.", "--idempotency-key", "k", "--model", home.model("hang-2")]).start()
    try await first.shows("Part 2.")
    let second = try await home.mosaic(arguments + [home.model("echo")]).run()
    #expect(second.status == 75)
    #expect(try second.json()["code"].string == "busy" && second.json()["retryable"].isTrue)
    let stored = try await home.json("history")["messages"].elements.first
    #expect(try second.json()["user_message_id"] == stored?["id"])
    first.signal(SIGKILL)
    _ = try await first.end()
    let third = try await home.mosaic(arguments + [home.model("echo")]).run()
    #expect(third.status == 0)
    #expect(try await home.messages().contents == ["Hello.", "Hello."])
    #expect(try await home.messages("--all").statuses == ["complete", "superseded", "complete"])
  }

  @Test("Of eight processes with the same key one asks, and the others are busy or print its reply")
  func crowd() async throws {
    let home = try await Home.remembering()
    for round in 0..<3 {
      let sends = try (0..<8).map { _ in
        try home.mosaic(
          "send", "Round \(round).", "--idempotency-key", "k\(round)", "--name", "crowd", "-o", "json", "--model",
          home.model("echo")
        ).start()
      }
      var asked = 0
      for send in sends {
        let ended = try await send.end()
        #expect([0, 75].contains(ended.status), "\(ended.errors)")
        if ended.status == 0, try ended.json()["replayed"] == .bool(false) { asked += 1 }
      }
      #expect(asked == 1)
    }
    #expect(try await home.conversationCount() == 1)
    let messages = try await home.messages()
    #expect(messages.contents == (0..<3).flatMap { ["Round \($0).", "Round \($0)."] })
    #expect(try home.requests().count == 3)
  }

  @Test("A key that cannot be one, and a key beside --retry, are refused and nothing is stored")
  func wrongUse() async throws {
    let home = try await Home.remembering()
    for (arguments, status) in [
      (["send", "Hello.", "--idempotency-key", ""], 65),
      (["send", "Hello.", "--idempotency-key", String(repeating: "k", count: 256)], 65),
      (["send", "--retry", "--idempotency-key", "k"], 64),
      (["send", "--retry", "--all", "--idempotency-key", "k"], 64),
      (["send", "--retry", "--name", "letters"], 64),
      (["send", "Hello.", "--name", "letters", "--new"], 64),
      (["send", "Hello.", "--name", "letters", "--conversation", "last"], 64),
      (["send", "Hello.", "--name", ""], 65), (["send", "Hello.", "--name", " "], 65),
      (["send", "Hello.", "--name", "a\nb"], 65), (["send", "Hello.", "--name", "a\u{7}b"], 65),
      (["send", "Hello.", "--name", String(repeating: "n", count: 201)], 65),
    ] as [([String], Int32)] {
      let ended = try await home.mosaic(arguments).run()
      #expect(ended.status == status, "\(arguments): \(ended.errors)")
      #expect(ended.output == "" && ended.standardError.isErrorWithOrWithoutHint)
    }
    #expect(try await home.conversationCount() == 0)
    try await home.succeed("send", "Hello.", "--idempotency-key", String(repeating: "é", count: 255))
    try await home.succeed("send", "Hello.", "--name", String(repeating: "n", count: 200))
  }

  @Test("A dry run says what would be sent: nothing, if the message has its reply")
  func dryRun() async throws {
    let home = try await Home.remembering()
    let arguments = ["send", "Hello.", "--idempotency-key", "k", "--dry-run"]
    let before = try await home.mosaic(arguments).run()
    #expect(try before.json()["body"]["messages"].elements.count == 1)
    #expect(try await home.conversationCount() == 0)
    try await home.succeed("send", "Hello.", "--idempotency-key", "k")
    let after = try await home.mosaic(arguments).run()
    #expect(after.status == 0 && after.output == "" && after.errorLines.count == 1)
    #expect(try await home.messages().count == 2)
  }

  @Test("A deleted message's key can be used again")
  func deleted() async throws {
    let home = try await Home.remembering()
    let first = try await home.json("send", "Hello.", "--idempotency-key", "k")
    try await home.succeed("delete", "--message", first["user_message_id"].string ?? "", "--yes")
    #expect(try await home.json("send", "Another.", "--idempotency-key", "k")["replayed"] == .bool(false))
  }

  // MARK: Names

  @Test("A name finds the conversation of exactly that name for that legacy and persona, or starts it")
  func names() async throws {
    let home = try await Home.remembering("Rose")
    try await home.succeed("legacies", "add", "Ben")
    func send(_ arguments: String...) async throws -> (id: String, isNew: Bool, persona: String) {
      let ended = try await home.mosaic(["send", "Hello.", "-o", "json"] + arguments).run()
      #expect(ended.status == 0, "\(ended.errors)")
      let reply = try ended.json()
      return (
        reply["conversation_id"].string ?? "", reply["conversation_created"].isTrue, reply["persona_id"].string ?? ""
      )
    }
    let letters = try await send("--legacy", "Rose", "--name", "letters")
    #expect(letters.isNew)
    #expect(try await send("--legacy", "Rose", "--name", "letters").id == letters.id)
    var ids = [letters.id]
    for arguments in [
      ["--legacy", "Rose", "--name", "Letters"], ["--legacy", "Rose", "--name", " letters"],
      ["--legacy", "Rose", "--name", "l\u{e9}tters"],
      ["--legacy", "Rose", "--name", "letters", "--persona", "friend"], ["--legacy", "Ben", "--name", "letters"],
    ] {
      let ended = try await home.mosaic(["send", "Hello.", "-o", "json"] + arguments).run().json()
      #expect(ended["conversation_created"].isTrue, "\(arguments)")
      ids.append(ended["conversation_id"].string ?? "")
    }
    #expect(Set(ids).count == 6)
    #expect(try await ids.contains(send("--legacy", "Rose", "--name", "le\u{301}tters").id))
    // Another user has names of their own.
    try await home.succeed("legacies", "share", "Rose", "bob")
    #expect(try await send("--legacy", "Rose", "--name", "letters", "--user", "bob").isNew)
    let list = try await home.json("conversations", "--legacy", "Rose", "--persona", "biographer").elements
    #expect(list.map { $0["name"].string }.filter { $0 == "letters" }.count == 1)
    #expect(list[0].names == IdempotencyTests.conversationMembers)
  }

  @Test("Without --persona, a name finds its conversation again whoever was talked to meanwhile")
  func personaOfName() async throws {
    let home = try await Home.remembering()
    let first = try await home.json("send", "Hello.", "--name", "letters", "--persona", "biographer")
    try await home.succeed("send", "Hello.", "--persona", "friend")
    let again = try await home.json("send", "Again.", "--name", "letters")
    #expect(again["conversation_id"] == first["conversation_id"])
    // A new name goes on with the latest persona, as every new conversation does.
    try await home.succeed("send", "Hello.", "--persona", "friend")
    #expect(try await home.json("send", "Hello.", "--name", "notes")["persona_id"].string == "friend")
  }

  @Test("C may be a conversation's name, which the legacy and the persona tell apart from others")
  func reference() async throws {
    let home = try await Home.remembering("Rose")
    try await home.succeed("legacies", "add", "Ben")
    var ids: [String] = []
    for legacy in ["Rose", "Ben"] {
      ids.append(
        try await home.json("send", "About \(legacy).", "--legacy", legacy, "--name", "Letters home")["conversation_id"]
          .string ?? "")
    }
    try await home.succeed("send", "Titled.", "--legacy", "Rose", "--new", "--title", "letters home")
    let ambiguous = try await home.mosaic("history", "Letters home").run()
    #expect(ambiguous.status == 66)
    #expect(ambiguous.hint.contains("Rose") && ambiguous.hint.contains("Ben"))
    for (legacy, id) in zip(["Rose", "Ben"], ids) {
      #expect(try await home.messages("Letters home", "--legacy", legacy)[0].content == "About \(legacy).")
      let reply = try await home.json("send", "More.", "--conversation", "Letters home", "--legacy", legacy)
      #expect(reply["conversation_id"].string == id)
      #expect(
        try await home.json("export", "Letters home", "--legacy", legacy)["conversations"][0]["name"].string
          == "Letters home")
    }
    // Names are compared exactly; anything else may be a title.
    #expect(try await home.messages("LETTERS HOME")[0].content == "Titled.")
    try await home.succeed("delete", ids[1], "--yes")
    #expect(try await home.messages("Letters home")[0].content == "About Rose.")
    try await home.succeed("delete", "Letters home", "--yes")
    #expect(try await home.mosaic("history", ids[0]).run().status == 66)
  }

  @Test("Eight processes at once start one conversation of a name")
  func nameCrowd() async throws {
    let home = try await Home.remembering()
    let sends = try (0..<8).map {
      try home.mosaic("send", "Message \($0).", "--name", "letters", "--model", home.model("echo")).start()
    }
    for send in sends { #expect(try await send.end().status == 0) }
    #expect(try await home.conversationCount() == 1)
    #expect(try await home.messages().count == 16)
  }

  @Test("Names and keys survive an export and an import, byte for byte")
  func export() async throws {
    let home = try await Home.remembering()
    try await home.succeed("send", "Hello.", "--name", "a \"name\" 🌻", "--idempotency-key", "a\nkey\t\u{1b}")
    try await home.succeed("send", "Without.", "--new")
    let export = try await home.mosaic("export", "--legacy", "Rose", "-o", "ndjson").run()
    try home.write(export.output, to: "rose.ndjson")
    let away = try Home()
    #expect(try await away.mosaic("import", "\(home.path)/rose.ndjson").run().status == 0)
    let again = try await away.mosaic("export", "--legacy", "Rose", "-o", "ndjson").run()
    #expect(again.outputBytes == export.outputBytes)
    let conversations = try await away.json("export", "--legacy", "Rose")["conversations"].elements
    #expect(conversations.map { $0["name"].string } == ["a \"name\" 🌻", nil])
    #expect(conversations[0]["messages"][0]["idempotency_key"].string == "a\nkey\t\u{1b}")
    let replay = try await away.json("send", "Hello.", "--idempotency-key", "a\nkey\t\u{1b}")
    #expect(replay["replayed"].isTrue)
    #expect(try away.requests().isEmpty)
  }

  static let conversationMembers = [
    "id", "user_id", "legacy_id", "legacy_name", "persona_id", "name", "title", "message_count", "last_message_at",
    "created_at", "updated_at",
  ]
}
