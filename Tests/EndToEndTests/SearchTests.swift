import Foundation
import TestSupport
import Testing

/// Everything that was said can be found again.
@Suite(.crowd, .inGoodTime) struct SearchTests {
  /// A home in which these were said to an echo.
  private func home(saying messages: String...) async throws -> Home {
    let home = try await Home.remembering("Rose")
    for message in messages { try await home.succeed("send", "--model", home.model("echo"), message) }
    return home
  }

  /// What the user said, of what was found.
  private func found(_ query: String, in home: Home, _ options: String...) async throws -> [String] {
    let ended = try await home.mosaic(["search", query, "--role", "user", "-o", "json"] + options).run()
    #expect(ended.status == 0)
    return try ended.json().elements.compactMap { $0["excerpt"].string }
  }

  @Test(
    "Whoever searches waits for nobody who writes",
    .enabled(if: Tool.have("sqlite3", "stdbuf"), "sqlite3 or stdbuf is not installed"))
  func besideWriter() async throws {
    let home = try await home(saying: "We picked mirabelles.")
    let holder = try await home.holdDatabase()
    #expect(try await found("mirabelle", in: home) == ["We picked mirabelles."])
    holder.endInput()
    _ = try await holder.end()
  }

  private static let members = [
    "message_id", "conversation_id", "legacy_id", "legacy_name", "persona_id", "title", "role", "created_at", "excerpt",
    "highlights", "rank",
  ]

  @Test("A search in JSON has the documented members in order")
  func records() async throws {
    let home = try await home(saying: "We picked mirabelles in Zoë's garden.")
    let hits = try await home.json("search", "mirabelle").elements
    #expect(hits.count == 2)
    #expect(hits.allSatisfy { $0.names == SearchTests.members })
    #expect(hits.map { $0["rank"].integer } == [1, 2])
    #expect(Set(hits.compactMap { $0["role"].string }) == ["user", "assistant"])
    let messages = try await home.json("history")["messages"].elements
    #expect(Set(hits.map { $0["message_id"] }) == Set(messages.map { $0["id"] }))
    let hit = try #require(hits.first)
    #expect(hit["legacy_name"].string == "Rose" && hit["persona_id"].string == "biographer")
    #expect(hit["excerpt"].string == "We picked mirabelles in Zoë's garden.")
    #expect(hit["highlights"].elements.map { $0.elements.compactMap(\.integer) } == [[10, 20]])
    let lines = try await home.mosaic("search", "mirabelle", "-o", "ndjson").run().jsonLines()
    #expect(lines == hits)
  }

  @Test("A query means what a person would expect")
  func queries() async throws {
    let texts = [
      "I don’t know which song she sang.", "My aunt moved to New York in 1962?", "from York to a new haven",
      "x a-b \"c\" y",
      "Zoë was there", "東京に住んでいました。", "100% of Al's plums", "We sing every day.",
      "Her sunflowers🌻🌻 and my 👍🏽!",
    ]
    let home = try await Home.remembering("Rose")
    for text in texts { try await home.succeed("send", "--model", home.model("echo"), text) }
    for (query, indexes) in [
      ("don't", [0]), ("\"New York?\"", [1]), ("New York", [2, 1]), ("a-b \"c", [3]), ("Zoë", [4]), ("zoe", [4]),
      ("東京", [5]), ("住", [5]), ("sing", [0, 7]), ("sang", [0, 7]), ("al", [6]), ("plum", [6]), ("ha*", [2]),
      ("🌻", [8]), ("👍", [8]), ("👍🏿 sunflowers", [8]), ("\"sunflowers 🌻\"", [8]), ("🌷", []),
    ] {
      #expect(Set(try await found(query, in: home)) == Set(indexes.map { texts[$0] }), "\(query)")
    }
  }

  @Test("No text is an error")
  func anyQuery() async throws {
    let home = try await home(saying: "We picked mirabelles.")
    for query in [
      "", " ", "\"", "\"\"", "*", "**", "a*b*", "NEAR(a, b)", "a AND", "OR", "NOT", "col:mirabelles", "^a", "{a b}: c",
      "(", ")",
      "'", "''", ";--", "%", "_", "\\", "\t", "\n", "\u{1}", "\u{feff}", "\u{200d}", "👩‍👧", "é", "e\u{301}", "\u{301}",
      "ﷺ",
      "東", "-- x", "+a -b", "a\"b\"c", "\"a", "a\"", "…", "--", String(repeating: "x", count: 5000),
      String(repeating: "a b ", count: 2000),
    ] {
      let ended = try await home.mosaic("search", "-o", "json", "--", query).run()
      #expect(ended.status == 0, "\(query.prefix(20).debugDescription)")
      #expect(try ended.json().elements.count <= 2)
    }
  }

  @Test("A search without results is not an error, and says so")
  func nothing() async throws {
    let home = try await home(saying: "We picked mirabelles.")
    let text = try await home.mosaic("search", "quince").run()
    #expect(text.status == 0 && text.output == "" && text.errorLines.count == 1)
    #expect(try await home.json("search", "quince").elements.isEmpty)
    #expect(try await home.mosaic("search", "mirabelles", "--limit", "0").run().errors == "")
    #expect(try await home.mosaic("search", "mirabelles", "--offset", "9").run().errors.contains("Nothing more"))
    let quiet = try await home.mosaic("search", "quince", "-q").run()
    #expect(quiet.status == 0 && quiet.output == "" && quiet.errors == "")
  }

  @Test("If no message has every word, those with some are shown, and that is said")
  func someWords() async throws {
    let home = try await home(saying: "We picked mirabelles.", "She baked quinces.")
    let ended = try await home.mosaic("search", "mirabelles quinces", "-o", "ndjson").run()
    #expect(try ended.jsonLines().count == 4)
    #expect(ended.errorLines.count == 1)
    let joined = try await home.mosaic("search", "mirabelles/quinces", "-o", "ndjson").run()
    #expect(try joined.jsonLines().count == 4 && joined.errorLines.count == 1)
    let every = try await home.mosaic("search", "picked mirabelles", "-o", "ndjson").run()
    #expect(try every.jsonLines().count == 2 && every.errors == "")
  }

  @Test("Options narrow a search down")
  func options() async throws {
    let home = try await home(saying: "Plums, the first.")
    try await home.succeed("legacies", "add", "Karl")
    try await home.succeed(
      "send", "--legacy", "Karl", "--persona", "friend", "--model", home.model("echo"), "Plums, the second.")
    #expect(try await found("plums", in: home).count == 2)
    #expect(try await found("plums", in: home, "--legacy", "Karl") == ["Plums, the second."])
    #expect(try await found("plums", in: home, "--persona", "biographer") == ["Plums, the first."])
    #expect(try await found("plums", in: home, "--conversation", "last") == ["Plums, the second."])
    #expect(try await found("plums", in: home, "--limit", "1").count == 1)
    #expect(try await found("plums", in: home, "--offset", "1").count == 1)
    #expect(try await found("plums", in: home, "--since", "1d").count == 2)
    #expect(try await found("plums", in: home, "--until", "1d").isEmpty)
    #expect(try await home.mosaic("search", "plums", "--legacy", "Nobody").run().status == 66)
    #expect(try await home.mosaic("search", "plums", "--role", "nobody").run().status == 64)
    #expect(try await home.mosaic("search", "plums", "--limit", "-1").run().status == 64)
    #expect(try await home.mosaic("search").run().status == 64)
  }

  @Test("Through a pipe each message is a line; on a terminal messages stand below their conversation, matches in bold")
  func text() async throws {
    let home = try await home(saying: "We picked\tmirabelles.\nAll day.")
    let piped = try await home.mosaic("search", "mirabelles", "--role", "user").run()
    let fields = piped.output.split(separator: "\t", omittingEmptySubsequences: false)
    #expect(fields.count == 5)
    #expect(fields[3] == "user" && fields[4] == "We picked mirabelles. All day.\n")
    let shown = try await home.mosaic("search", "mirabelles").onTerminal(columns: 40).run()
    #expect(shown.screen.contains("\u{1b}[1mmirabelles\u{1b}[0m"))
    #expect(shown.screen.contains("Rose"))
  }

  @Test(
    "A search does not wait for another program that keeps the database",
    .enabled(if: Tool.have("sqlite3", "stdbuf"), "sqlite3 or stdbuf is not installed"))
  func whileKept() async throws {
    let home = try await Home.remembering()
    try await home.succeed("send", "--model", home.model("echo"), "She sang.")
    let holder = try await home.holdDatabase()
    // Less than the wait would take.
    let ended = try await home.mosaic("search", "sang").start().end(within: 15)
    #expect(ended.status == 0 && ended.output.contains("She sang."), "\(ended.errors)")
    holder.endInput()
    _ = try await holder.end()
  }

  @Test("After a deletion nothing is found, and no byte is left in any file")
  func erasure() async throws {
    let home = try await home(saying: "The marmalade.", "The quinces.")
    #expect(try await found("marmalade", in: home).count == 1)
    let id = try #require(try await home.json("history")["messages"][0]["id"].string)
    try await home.succeed("delete", "--message", id, "--yes")
    #expect(try await found("marmalade", in: home).isEmpty)
    let bytes = try home.databaseBytes()
    #expect(!bytes.contains(text: "marmalade") && bytes.contains(text: "quinces"))
  }

  @Test("Whoever searches or looks on, before and after, no byte of what was deleted is left in any file")
  func erasureAmongOthers() async throws {
    let home = try await home(saying: "The quinces.", "The marmalade, and Zanzibar.")
    try await home.succeed("legacies", "add", "Karl")
    for (legacy, text) in [("Rose", "The damsons, 東京駅."), ("Karl", "The medlars.")] {
      try await home.succeed("send", "--new", "--legacy", legacy, "--model", home.model("echo"), text)
    }
    // These have the database open all the time.
    let lookers = try ["The quinces.", "The damsons, 東京駅."].map {
      try home.mosaic("history", $0, "--follow").start()
    }
    for looker in lookers { try await looker.shows("\tassistant\t") }
    func search() async throws -> [Int] {
      try await withThrowingTaskGroup(of: (Int, Int).self) { group in
        for (index, query) in ["marmalade", "Zanzibar", "damson", "東京", "medlar", "quinces"].enumerated() {
          group.addTask {
            let ended = try await home.mosaic("search", query, "-o", "json").run()
            return (index, ended.status == 0 ? try ended.json().elements.count : -1)
          }
        }
        return try await group.reduce(into: Array(repeating: -1, count: 6)) { $0[$1.0] = $1.1 }
      }
    }
    #expect(try await search() == [2, 2, 2, 2, 2, 2])
    let id = try #require(
      try await home.json("history", "The quinces.")["messages"].elements.first {
        $0["content"].string?.contains("marmalade") == true
      }?["id"].string)
    for (command, words, counts) in [
      (["delete", "--message", id], ["marmalade", "Zanzibar"], [0, 0, 2, 2, 2, 2]),
      (["delete", "The damsons, 東京駅."], ["damson", "東京駅"], [0, 0, 0, 0, 2, 2]),
      (["legacies", "remove", "Karl"], ["medlar", "Karl"], [0, 0, 0, 0, 0, 2]),
    ] {
      #expect(try home.databaseBytes().contains(text: words[0]))
      async let meanwhile = search()
      let ended = try await home.mosaic(command + ["--yes"]).run()
      #expect(ended.status == 0, "\(command): \(ended.errors)")
      #expect(try await meanwhile.allSatisfy { $0 >= 0 })
      #expect(try await search() == counts)
      for word in words { #expect(try !home.databaseBytes().contains(text: word), "\(word)") }
    }
    #expect(try home.databaseBytes().contains(text: "quinces"))
    lookers[0].signal(SIGINT)
    #expect(try await lookers[0].end().ending == .killed(by: SIGINT))
    #expect(try await lookers[1].end().status == 66)
    for word in ["marmalade", "damson", "medlar"] { #expect(try !home.databaseBytes().contains(text: word), "\(word)") }
  }

  @Test("What was imported is found")
  func importing() async throws {
    let home = try await home(saying: "We picked mirabelles.")
    let export = try await home.succeed("export", "--legacy", "Rose", "-o", "ndjson").output
    let other = try Home()
    #expect(try await other.mosaic("import", "-").reading(export).run().status == 0)
    #expect(try await found("mirabelle", in: other) == ["We picked mirabelles."])
  }

  @Test("A conversation gets another title, and is listed by words of it and by its time")
  func titles() async throws {
    let home = try await home(saying: "Plums in the garden.")
    try await home.succeed("send", "--new", "--model", home.model("echo"), "Quinces.")
    let id = try #require(try await home.json("conversations")[1]["id"].string)
    let renamed = try await home.json("conversations", "rename", id, "Summers at Zoë's")
    #expect(renamed["title"].string == "Summers at Zoë's" && renamed["id"].string == id)
    func titles(_ options: String...) async throws -> [String] {
      let ended = try await home.mosaic(["conversations", "-o", "json"] + options).run()
      return try ended.json().elements.compactMap { $0["title"].string }
    }
    #expect(try await titles() == ["Quinces.", "Summers at Zoë's"], "its place stays")
    #expect(try await titles("--search", "summer zoe") == ["Summers at Zoë's"])
    #expect(try await titles("--search", "ummer oe's") == ["Summers at Zoë's"], "parts of words")
    #expect(try await titles("--search", "'") == ["Summers at Zoë's"])
    #expect(try await titles("--search", "plums").isEmpty)
    #expect(try await titles("--since", "1d", "--limit", "1") == ["Quinces."])
    #expect(try await titles("--until", "1d").isEmpty)
    for title in ["", "  ", "a\nb", String(repeating: "x", count: 201)] {
      #expect(try await home.mosaic("conversations", "rename", id, title).run().status == 65)
    }
    #expect(try await home.mosaic("conversations", "rename", "ffffffff", "x").run().status == 66)
  }
}
