import Foundation
import TestSupport
import Testing

/// What was said, and in which conversations.
@Suite(.crowd, .inGoodTime) struct HistoryTests {
  @Test("Replies are set for a terminal, as they come and later; what the user wrote, and a pipe, is left as it is")
  func typeset() async throws {
    let home = try await Home.remembering("Rose")
    let reply = "- an *item* |that is long |enough for two rows"
    let send = home.mosaic("send", "--model", home.model("text-chunks-20"), reply)
    let sent = try await send.onTerminal(columns: 30).run().screen
    let history = home.mosaic("history")
    let later = try await history.onTerminal(columns: 30).run().screen
    for screen in [sent, later] {
      #expect(screen.contains("- an \u{1b}[3mitem\u{1b}[0m that is long enough\n  for two rows\n"))
    }
    #expect(later.contains("- an *item* |that is long\n|enough for two rows\n"))
    let plain = try await history.with("NO_COLOR", "1").onTerminal(columns: 30).run().screen
    #expect(plain.contains("- an *item* that is long\n  enough for two rows\n"))
    #expect(try await history.run().output.contains("- an *item* that is long enough for two rows\n"))
    let dumb = try await send.with("TERM", "dumb").onTerminal(columns: 30).run().screen
    #expect(dumb.contains("- an *item* that is long\n  enough") && !dumb.contains("\u{1b}") && !dumb.contains("\u{8}"))
  }

  @Test("history in JSON has the documented members in order, with nulls for what is missing")
  func records() async throws {
    let home = try await Home.remembering()
    try await home.succeed("send", "Hello.", "--model", home.model("max-tokens"))
    _ = try await home.mosaic("send", "Fails.", "--model", home.model("quota")).run()
    let history = try await home.json("history")
    #expect(history.names == ["messages", "total", "has_more"])
    let messages = history["messages"].elements
    #expect(messages.count == 3)
    #expect(messages.allSatisfy { $0.names == HistoryTests.messageMembers })
    let (question, reply) = (history["messages"][0], history["messages"][1])
    for name in ["token_count", "stop_reason", "model_id", "reply_to"] { #expect(question[name] == .null) }
    #expect(reply["reply_to"] == question["id"])
    #expect(reply["model_id"].string == home.model("max-tokens"))
    #expect(reply["stop_reason"].string == "max_tokens")
    #expect(reply["token_count"].integer ?? 0 > 0)
    #expect(messages.allSatisfy { $0["created_at"].string?.wholeMatch(of: LegaciesTests.time) != nil })
    #expect(messages.allSatisfy { $0["id"].string?.wholeMatch(of: LegaciesTests.uuid) != nil })
    #expect(Set(messages.map { $0["conversation_id"] }).count == 1)
    let lines = try await home.mosaic("history", "-o", "ndjson").run().jsonLines()
    #expect(lines == messages)
  }

  @Test("--limit, --offset and --tail select a page and say if there is more")
  func pages() async throws {
    let home = try await Home.remembering()
    for number in 1...4 { try await home.succeed("send", "\(number)", "--model", home.model("echo")) }
    let texts = ["1", "1", "2", "2", "3", "3", "4", "4"]
    for (arguments, range, hasMore) in [
      ([], 0..<8, false), (["--limit", "3"], 0..<3, true), (["--limit", "3", "--offset", "3"], 3..<6, true),
      (["--limit", "3", "--offset", "5"], 5..<8, false), (["--offset", "6"], 6..<8, false),
      (["--tail", "3"], 5..<8, true),
      (["--tail", "8"], 0..<8, false), (["--tail", "100"], 0..<8, false), (["--limit", "0"], 0..<0, true),
      (["--offset", "100"], 0..<0, false),
      (["--tail", "0"], 0..<0, true),
    ] as [([String], Range<Int>, Bool)] {
      let ended = try await home.mosaic(["history", "-o", "json"] + arguments).run()
      let page = Messages(try ended.json())
      #expect(page.contents == Array(texts[range]), "\(arguments)")
      #expect(page.hasMore == hasMore, "\(arguments)")
      #expect(page.total == 8)
    }
    for arguments in [
      ["--limit", "-1"], ["--offset", "-1"], ["--tail", "-1"], ["--limit", "x"], ["--tail", "1", "--limit", "1"],
    ] {
      let ended = try await home.mosaic(["history"] + arguments).run()
      #expect(ended.status == 64, "\(arguments)")
      #expect(ended.output == "")
    }
  }

  @Test("Superseded replies are shown and counted only with --all")
  func superseded() async throws {
    let home = try await Home.remembering()
    for _ in 0..<2 { _ = try await home.mosaic("send", "--retry", "--model", home.model("exception-internal-1")).run() }
    _ = try await home.mosaic("send", "Hello.", "--model", home.model("exception-internal-1")).run()
    _ = try await home.mosaic("send", "--retry", "--model", home.model("exception-internal-2")).run()
    try await home.succeed("send", "--retry", "--model", home.model("echo"))
    let shown = try await home.messages()
    #expect(shown.total == 2 && shown.statuses == ["complete", "complete"])
    let all = try await home.messages("--all")
    #expect(all.total == 4 && all.statuses == ["complete", "superseded", "superseded", "complete"])
    #expect(all.contents == ["Hello.", "Part 1.", "Part 1. Part 2.", "Hello."])
    #expect(try await home.messages("--all", "--tail", "2").statuses == ["superseded", "complete"])
    #expect(try await home.json("conversations")[0]["message_count"].integer == 2)
  }

  @Test("The default conversation is the latest within --legacy and --persona")
  func which() async throws {
    let home = try await Home.remembering("Rose")
    try await home.succeed("legacies", "add", "Ben")
    let rose = try await home.json("send", "--legacy", "Rose", "About Rose.")["conversation_id"].string ?? ""
    let friend =
      try await home.json("send", "--legacy", "Rose", "--persona", "friend", "Sad.")["conversation_id"].string ?? ""
    let ben = try await home.json("send", "--legacy", "Ben", "About Ben.")["conversation_id"].string ?? ""
    for (arguments, text) in [
      ([], "About Ben."), (["last"], "About Ben."), (["--legacy", "rose"], "Sad."),
      (["--legacy", "Rose", "--persona", "biographer"], "About Rose."),
      (["--persona", "friend"], "Sad."), ([rose], "About Rose."), ([String(friend.prefix(8))], "Sad."),
      ([ben.uppercased()], "About Ben."),
      (["last", "--legacy", "Ben"], "About Ben."),
    ] as [([String], String)] {
      let ended = try await home.mosaic(["history", "-o", "json"] + arguments).run()
      #expect(Messages(try ended.json())[0].content == text, "\(arguments)")
    }
    #expect(try await home.mosaic("history", "--legacy", "Ben", "--persona", "friend").run().status == 66)
    #expect(try await home.mosaic("history", "Nonsense").run().status == 66)
    #expect(try await home.mosaic("history", rose, "--legacy", "Ben").run().status == 64)
    for arguments in [["history", "last"], ["send", "Hi.", "--conversation", "last"]] {
      let ended = try await home.mosaic(arguments + ["--persona", "friend"]).run()
      #expect(
        ended.status == 64 && ended.error.contains("biographer") && ended.error.contains("friend"),
        "last is the latest of all")
    }
    let none = try await home.mosaic("history", "--legacy", "Ben", "--persona", "friend").run()
    #expect(none.status == 66 && none.error.contains("friend") && none.error.contains("Ben"))
  }

  @Test("conversations shows the documented members, latest activity first, paged and filtered")
  func conversations() async throws {
    let home = try await Home.remembering("Rose")
    try await home.succeed("legacies", "add", "Ben")
    #expect(try await home.mosaic("conversations").run().output == "")
    #expect(try await home.mosaic("conversations", "-o", "json").run().value == "[]")
    for (index, (legacy, persona)) in [("Rose", "biographer"), ("Ben", "biographer"), ("Rose", "friend")].enumerated() {
      try await home.succeed("send", "--legacy", legacy, "--persona", persona, "Number \(index)")
    }
    try await home.succeed("send", "--legacy", "Rose", "--persona", "biographer", "Number 3")
    let list = try await home.json("conversations").elements
    #expect(list.allSatisfy { $0.names == HistoryTests.conversationMembers })
    #expect(list.map { $0["title"].string } == ["Number 0", "Number 2", "Number 1"])
    #expect(list.map { $0["message_count"].integer } == [4, 2, 2])
    #expect(list.map { $0["legacy_name"].string } == ["Rose", "Rose", "Ben"])
    for name in ["last_message_at", "created_at", "updated_at"] {
      #expect(list.allSatisfy { $0[name].string?.wholeMatch(of: LegaciesTests.time) != nil })
    }
    for (arguments, titles) in [
      (["list"], ["Number 0", "Number 2", "Number 1"]), (["--limit", "1"], ["Number 0"]),
      (["--limit", "1", "--offset", "1"], ["Number 2"]),
      (["--offset", "2"], ["Number 1"]), (["--offset", "9"], []), (["--limit", "0"], []),
      (["--legacy", "Rose"], ["Number 0", "Number 2"]),
      (["--persona", "friend"], ["Number 2"]), (["--legacy", "Ben", "--persona", "friend"], []),
    ] as [([String], [String])] {
      let ended = try await home.mosaic(["conversations"] + arguments + ["-o", "json"]).run()
      #expect(try ended.json().elements.compactMap { $0["title"].string } == titles, "\(arguments)")
    }
    #expect(try await home.mosaic("conversations", "-o", "ndjson").run().jsonLines() == list)
    let rows = try await home.mosaic("conversations").run().lines.map { $0.components(separatedBy: "\t") }
    #expect(rows.map { $0[0] } == list.compactMap { $0["id"].string })
    #expect(Set(rows.map(\.count)).count == 1)
  }

  @Test("A renamed legacy shows its new name, and failed messages count")
  func afterwards() async throws {
    let home = try await Home.remembering("Rose")
    _ = try await home.mosaic("send", "Hello.", "--model", home.model("quota")).run()
    try await home.succeed("legacies", "rename", "Rose", "Rosa")
    let conversation = try await home.json("conversations")[0]
    #expect(conversation["legacy_name"].string == "Rosa")
    #expect(conversation["message_count"].integer == 1)
    #expect(conversation["last_message_at"] != .null)
  }

  @Test("Text through a pipe is one escaped line a message, on a terminal a transcript")
  func text() async throws {
    let home = try await Home.remembering()
    try await home.succeed("send", "--model", home.model("echo"), "one\ntwo\tthree \\ four")
    let lines = try await home.mosaic("history").run().lines
    #expect(lines.count == 2)
    #expect(lines.allSatisfy { $0.hasSuffix("\tcomplete\tone\\ntwo\\tthree \\\\ four") })
    let screen = try await home.mosaic("history").onTerminal().with("NO_COLOR", "1").run().screen
    #expect(screen.contains("You  just now\none\ntwo\tthree \\ four\n"))
    #expect(screen.contains("The Biographer  just now\n"))
  }

  @Test("On a terminal, text is wrapped, and only the last exchange says how to retry")
  func transcript() async throws {
    let home = try await Home.remembering()
    let words = (1...30).map { "word\($0)" }.joined(separator: " ")
    let first = try await home.mosaic("send", "-o", "json", "--model", home.model("exception-internal-1"), words).run()
      .json()
    let id = first["conversation_id"].string ?? ""
    func screen(_ arguments: String...) async throws -> String {
      try await home.mosaic(["history"] + arguments).onTerminal(columns: 40).with("NO_COLOR", "1").run().screen
    }
    let retry = "mosaic-ai send --retry --conversation \(id.prefix(8))"
    let shown = try await screen()
    #expect(shown.contains("\n  \(retry)\n"), "on a line of its own")
    #expect(shown.split(separator: "\n").allSatisfy { $0.count <= 40 || $0.contains(retry) }, "broken between words")
    let text = shown.split(separator: "\n").filter { $0.hasPrefix("word") }
    #expect(text.count > 4 && text.allSatisfy { $0.count < 40 } && text.joined(separator: " ") == words)
    #expect(try await screen("--database", home.database).contains("\(retry) --database=\(home.database)"))
    _ = try await home.mosaic("send", "Another.", "--model", home.model("exception-internal-0")).run()
    try await home.succeed("send", "Third.", "--new")
    let later = try await screen(id)
    #expect(later.components(separatedBy: retry).count == 2, "not the first message's reply")
    #expect(!(try await screen(id, "--limit", "2").contains("--retry")))
  }

  @Test("On a terminal each day has a line, and messages of other days the time of day")
  func days() async throws {
    let home = try await Home.remembering("Rose")
    for number in 1...4 { try await home.succeed("send", "--model", home.model("echo"), "Number \(number).") }
    let export = try await home.succeed("export", "last", "-o", "ndjson").output
    let times = ["2026-03-01T23:30:00.000Z", "2026-03-02T00:30:00.000Z", "2026-03-02T10:00:00.000Z"]
    var lines = export.split(separator: "\n").map(String.init)
    var places = lines.indices.filter { lines[$0].contains(#""type":"message""#) }.makeIterator()
    for time in times {
      for _ in 0..<2 {
        guard let place = places.next() else { continue }
        lines[place].replace(/"created_at":"[^"]*"/, with: "\"created_at\":\"\(time)\"")
      }
    }
    let other = try Home()
    #expect(try await other.mosaic("import", "-").reading(lines.joined(separator: "\n") + "\n").run().status == 0)
    let history = other.mosaic("history").with("NO_COLOR", "1").with("PAGER", "")
    func shown(_ zone: String) async throws -> [String] {
      try await history.with("TZ", zone).onTerminal().run().screen.split(separator: "\n")
        .filter { $0.hasPrefix("──") || $0.hasPrefix("You") }.map(String.init)
    }
    #expect(
      try await shown("UTC") == [
        "── Sunday, March 1, 2026 ──", "You  23:30", "── Monday, March 2, 2026 ──", "You  00:30", "You  10:00",
        "── Today ──", "You  just now",
      ])
    #expect(
      try await shown("XYZ-2") == [
        "── Monday, March 2, 2026 ──", "You  01:30", "You  02:30", "You  12:00", "── Today ──", "You  just now",
      ], "two hours ahead")
    #expect(!(try await history.run().output.contains("──")))
  }

  @Test("On a terminal, conversations show title, legacy, persona, time and missing replies")
  func conversationsForPeople() async throws {
    let home = try await Home.remembering("Rose")
    try await home.succeed("send", "--model", home.model("echo"), "She sang while she made jam.")
    let list = home.mosaic("conversations").with("NO_COLOR", "1")
    let answered = try await list.onTerminal(columns: 100).run().screen.split(separator: "\n")
    #expect(answered.count == 2 && !answered[0].contains("NO REPLY"))
    #expect(answered[1].hasPrefix("She sang while she made jam."))
    for text in ["Rose", "The Biographer", "just now"] { #expect(answered[1].contains(text)) }
    for _ in 0..<2 { _ = try await home.mosaic("send", "--new", "Fails.", "--model", home.model("quota")).run() }
    for text in ["More.", "Fails again."] {
      _ = try await home.mosaic("send", text, "--model", home.model("quota")).run()
    }
    for columns in [100, 80, 40, 20] as [UInt16] {
      let screen = try await list.onTerminal(columns: columns).run().screen.split(separator: "\n")
      let shown = screen.prefix(4)
      #expect(shown.allSatisfy { $0.count <= columns }, "\(screen)")
      if columns < 40 { continue }
      #expect(shown[0].hasPrefix("TITLE") && shown[0].contains("NO REPLY"))
      #expect(shown[1].hasPrefix("Fails.") && shown[1].contains(" 3 ") && shown[2].contains(" 1 "))
      #expect(
        screen.joined(separator: " ").contains("4 messages") && screen.last?.contains("send --retry --all") == true)
      if columns >= 80 { #expect(shown[1].contains("The Biographer") && shown[1].contains("just now")) }
    }
    let rows = try await home.mosaic("conversations").run().lines.map { $0.components(separatedBy: "\t") }
    #expect(rows.count == 3 && rows.allSatisfy { $0.count == 6 && $0[0].count == 36 && $0[3] == "biographer" })
    #expect(rows.map { $0[4] } == ["3", "1", "2"])
  }

  static let messageMembers = [
    "id", "conversation_id", "role", "content", "token_count", "input_tokens", "cache_read_input_tokens",
    "cache_write_input_tokens", "status", "stop_reason", "error_code", "model_id", "reply_to",
    "idempotency_key", "created_at",
  ]
  static let conversationMembers = [
    "id", "user_id", "legacy_id", "legacy_name", "persona_id", "name", "title", "message_count", "last_message_at",
    "created_at", "updated_at",
  ]
}
