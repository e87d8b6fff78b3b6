import TestSupport
import Testing

/// The bank of questions, as it is asked.
@Suite(.crowd, .inGoodTime) struct QuestionsTests {
  @Test("The bank needs no database and no legacy, and has the documented members")
  func bank() async throws {
    let home = try Home()
    let all = try await home.json("questions").elements
    #expect(all.count >= 150)
    #expect(Set(all.map { $0["chapter"] }).count >= 10)
    #expect(all.allSatisfy { $0.names == ["id", "chapter", "question", "used"] && $0["used"] == .null })
    #expect(all.allSatisfy { $0["question"].string?.contains("{name}") == true })
    #expect(try await home.mosaic("questions", "list", "-o", "ndjson").run().jsonLines() == all)
    let rows = try await home.mosaic("questions").run().lines.map { $0.components(separatedBy: "\t") }
    #expect(
      rows.map { $0[0] } == all.compactMap { $0["id"].string } && rows.allSatisfy { $0.count == 4 && $0[3] == "" })
    let chapter = try await home.json("questions", "--chapter", "childhood").elements
    #expect(chapter.count > 5 && chapter.allSatisfy { $0["chapter"].string == "Childhood" })
    #expect(!home.hasDatabase)
    let next = try await home.mosaic("questions", "next").run()
    #expect(next.status == 64 && next.hint.contains("legacies add"))
    let unknown = try await home.mosaic("questions", "--chapter", "Chilhood").run()
    #expect(unknown.status == 66 && unknown.hint.contains("Childhood"))
  }

  @Test("A question that was sent or skipped is not the next one again, and is listed with --all")
  func next() async throws {
    let home = try await Home.remembering("Rose Miller")
    let all = try await home.json("questions").elements
    #expect(all.allSatisfy { $0["used"] == .bool(false) })
    #expect(all[0]["question"].string?.contains("Rose Miller") == true)
    let first = try await home.json("questions", "next")
    #expect(first == all[0])
    let sent = try await home.shell(#"mosaic-ai send "$(mosaic-ai questions next)""#).run()
    #expect(sent.status == 0)
    #expect(try await home.json("questions", "next") == all[1])
    #expect(try await home.json("questions", "next", "--skip") == all[1])
    #expect(try await home.mosaic("questions", "next").run().value == all[2]["question"].string)
    #expect(try await home.json("questions").elements == Array(all.dropFirst(2)))
    let listed = try await home.json("questions", "--all").elements
    #expect(listed.map { $0["id"] } == all.map { $0["id"] })
    #expect(listed.map(\.isUsed) == [true] + Array(repeating: false, count: all.count - 1))
    #expect(try await home.mosaic("questions", "--all").run().lines[0].hasSuffix("\tused"))
    try await home.succeed("legacies", "share", "Rose", "bob")
    #expect(try await home.json("questions", "next", "--user", "bob", "--legacy", "Rose") == all[0])
  }

  @Test("An interview asks what the list gives, and what it has asked counts as asked, even in other words")
  func interview() async throws {
    let home = try await Home.remembering("Rose")
    try await home.succeed("legacies", "add", "Ben")
    func write(_ first: String) throws {
      try home.write(
        "chapters: {Own: [{id: own-1, question: '\(first)'}, {id: own-2, question: 'And of {name}?'}]}\n",
        to: ".config/mosaic-ai/questions.yaml")
    }
    try write("What of {name}?")
    let ask = home.shell(
      #"""
      mosaic-ai questions list --chapter own -o ndjson "$@" |
        mosaic-ai interview --questions - --format ndjson --name bank --legacy Rose -o json
      """#, "--all"
    ).with("MOSAIC_AI_MODEL", home.model("echo"))
    for run in 0..<2 {
      let answers = try await ask.run().json()["answers"].elements
      #expect(answers.map { $0["id"].string } == ["own-1", "own-2"])
      #expect(answers.map { $0["question"].string } == ["What of Rose?", "And of Rose?"])
      #expect(answers.allSatisfy { $0["replayed"].isTrue == (run == 1) })
    }
    #expect(try home.requests().count == 2)
    try write("What else of {name}?")
    #expect(try await home.mosaic("questions", "next", "--chapter", "own", "--legacy", "Rose").run().status == 66)
    let listed = try await home.json("questions", "--chapter", "own", "--all", "--legacy", "Rose").elements
    #expect(listed.map(\.isUsed) == [true, true])
    #expect(listed[0]["question"].string == "What else of Rose?")
    #expect(try await home.json("questions", "--chapter", "own", "--legacy", "Ben").elements.count == 2)
    // Without --all the list has nothing left.
    #expect(
      try await home.mosaic("questions", "--chapter", "own", "--legacy", "Rose", "-o", "ndjson").run().output == "")
  }

  @Test("Every question of the bank can be asked in an interview as it is listed")
  func wholeBank() async throws {
    let home = try await Home.remembering("Rose")
    let listed = try await home.mosaic("questions", "-o", "ndjson").run()
    let ended = try await home.mosaic(
      "interview", "--questions", "-", "--format", "ndjson", "--name", "bank", "--dry-run", "-o", "ndjson"
    ).reading(listed.output).run()
    #expect(ended.status == 0, "\(ended.errors)")
    let asked = try ended.jsonLines().filter { $0["type"].string == "question" }
    #expect(asked.map { $0["question"] } == (try listed.jsonLines().map { $0["question"] }))
  }

  @Test("When every question was asked or skipped, there is none left")
  func none() async throws {
    let home = try await Home.remembering()
    try home.write("chapters: {Own: ['Who is {name}?']}\n", to: ".config/mosaic-ai/questions.yaml")
    #expect(try await home.mosaic("questions", "next", "--chapter", "own").run().value == "Who is Rose?")
    #expect(try await home.json("questions", "next", "--chapter", "own", "--skip")["id"].string == "who-is-name")
    let ended = try await home.mosaic("questions", "next", "--chapter", "own", "-o", "json").run()
    #expect(ended.status == 66 && ended.output == "" && ended.hint.contains("questions --all"))
    #expect(try await home.mosaic("questions", "--chapter", "own").run().output == "")
  }

  @Test("With several legacies one has to be chosen for the next question, by an option, a variable or config.yaml")
  func legacies() async throws {
    let home = try await Home.remembering("Rose")
    try await home.succeed("legacies", "add", "Ben")
    #expect(try await home.mosaic("questions", "next").run().status == 64)
    #expect(try await home.json("questions")[0]["used"] == .null)
    func asked(_ command: Command) async throws -> String { try await command.run().value }
    #expect(try await asked(home.mosaic("questions", "next", "--legacy", "ben")).contains("Ben"))
    #expect(try await asked(home.mosaic("questions", "next").with("MOSAIC_AI_LEGACY", "Rose")).contains("Rose"))
    try await home.succeed("config", "set", "legacy", "Ben")
    #expect(try await asked(home.mosaic("questions", "next")).contains("Ben"))
    #expect(try await home.mosaic("questions", "--legacy", "Nobody").run().status == 66)
  }

  @Test("An error in questions.yaml names file, line and column")
  func wrongFile() async throws {
    let home = try await Home.remembering()
    let path = try home.write("chapters:\n  Own:\n    - {id: x}\n", to: ".config/mosaic-ai/questions.yaml")
    for command in [["questions"], ["questions", "next"]] {
      let ended = try await home.mosaic(command).run()
      #expect(ended.status == 78 && ended.output == "" && ended.error.contains("\(path):3:7: "))
    }
    try await home.succeed("send", "It does not matter to this.")
  }

  @Test("A terminal gets chapters with their questions, wrapped at words", arguments: [40, 100] as [UInt16])
  func terminal(columns: UInt16) async throws {
    let home = try await Home.remembering()
    try await home.succeed("questions", "next", "--skip")
    let screen = try await home.mosaic("questions", "--all").onTerminal(columns: columns).with("NO_COLOR", "1").run()
      .screen
    let lines = screen.split(separator: "\n")
    #expect(lines.allSatisfy { $0.count <= Int(columns) })
    #expect(lines.contains("Childhood") && lines.contains { $0.hasPrefix("- ") && $0.contains("Rose") })
    #expect(screen.contains("(skipped)"))
    let question = try await home.mosaic("questions", "next").onTerminal(columns: columns).run().screen
    #expect(question.split(separator: "\n").count <= 3)
  }
}

extension JSONText {
  fileprivate var isUsed: Bool { self["used"].isTrue }
}
