import Foundation
import TestSupport
import Testing

/// Names, handles and ids are found by what they were added by: with a byte order mark from a file, and with accents
/// as one system or the other writes them.
@Suite(.crowd, .inGoodTime) struct SpellingTests {
  private static let mark = "\u{feff}"
  private static let composed = "Zo\u{eb}"
  private static let decomposed = "Zoe\u{308}"

  // MARK: Byte order marks

  @Test("What a file with a mark names is added and found by the same words")
  func marked() async throws {
    let home = try Home()
    let (mark, model) = (SpellingTests.mark, home.model("echo"))
    try home.write("\(mark)Rose\nBen\n", to: "names")
    let script = """
      while read -r name; do
        mosaic-ai legacies add "$name" && mosaic-ai send --legacy "$name" --model "$1" Hello || exit 1
      done < names
      """
    let ended = try await home.shell(script, model).run()
    #expect(ended.status == 0, "\(ended.errors)")
    #expect(try await home.json("legacies").elements.compactMap { $0["name"].string } == ["Ben", "Rose"])
    try await home.succeed("legacies", "share", "\(mark)Rose", "\(mark)eve")
    #expect(try await home.succeed("legacies", "members", "Rose \(mark)").lines.count == 2)
    try await home.succeed("legacies", "unshare", "Rose", "\(mark)eve")
    try await home.succeed("legacies", "rename", "\(mark)Rose", "\(mark)Rosa")
    try await home.succeed("send", "--legacy", "Rosa", "--persona", "\(mark)friend", "--model", model, "Hi.")
    try await home.succeed("send", "--legacy", "Rosa", "--model", "\(mark)\(model)", "Hi.")
    #expect(try home.requests().count == 4)
    let ids = try await home.json("conversations").elements.compactMap { $0["id"].string }
    #expect(ids.count == 3)
    #expect(try await home.messages("\(mark)\(ids[0])").count > 0)
    #expect(try await home.messages("\(mark)last").count > 0)
    let message = try await home.messages(ids[1])[0].id
    try await home.succeed("delete", "--message", "\(mark)\(message)", "--yes")
    try await home.succeed("delete", "\(mark)\(ids[1])", "\(ids[2])\(mark)", "--yes")
    #expect(try await home.conversationCount() == 1)
  }

  @Test("Names of conversations have no mark, and questions name legacies and chapters with one")
  func markedNames() async throws {
    let home = try await Home.remembering()
    let mark = SpellingTests.mark
    for name in ["\(mark)n1", "n1", "n1\(mark)"] {
      try await home.succeed("send", "--name", name, "--model", home.model("echo"), "Hello.")
    }
    let names = try await home.json("conversations").elements.map { $0["name"].string }
    #expect(names.map { $0.map { Array($0.utf8) } } == [Array("n1".utf8)])
    #expect(try await home.messages("\(mark)n1").count == 6)
    // White space counts.
    #expect(try await home.mosaic("history", " n1").run().status == 66)
    try home.write("question,legacy\nOne?,\(mark)Rose\n", to: "q.csv")
    let interview = try await home.mosaic(
      "interview", "--questions", "q.csv", "--name", "\(mark)n1", "--model", home.model("echo")
    ).run()
    #expect(interview.status == 0, "\(interview.errors)")
    #expect(try await home.messages("n1").count == 8)
    #expect(try await home.json("questions", "--chapter", "\(mark)Roots").elements.count > 0)
  }

  @Test("A setting that is a name is kept without a mark")
  func settings() async throws {
    let home = try await Home.remembering()
    let mark = SpellingTests.mark
    try await home.succeed("config", "set", "\(mark)legacy", "\(mark)Rose")
    try await home.succeed("config", "set", "region", "\(mark)eu-west-1")
    let file = String(
      decoding: try #require(home.folder.contents(".config/mosaic-ai/config.yaml")), as: UTF8.self)
    #expect(file == "legacy: Rose\nregion: eu-west-1\n")
    // In a file that was written by hand, too.
    try home.write("legacy: '\(mark)Rose'\npersona: \"friend\\uFEFF\"\n", to: ".config/mosaic-ai/config.yaml")
    try await home.succeed("send", "--model", home.model("echo"), "Hello.")
  }

  @Test(
    "An error about a value that looks right shows what is wrong with it",
    arguments: [
      (["send", "--region", "\u{feff}us-east-1", "Hi."], "U+FEFFus-east-1"),
      (["send", "--region", "us-east-1\u{a0}", "Hi."], "us-east-1U+00A0"),
      (["send", "--endpoint-url", "\u{feff}http://127.0.0.1", "Hi."], "U+FEFF"),
      (["legacies", "--database", "\u{feff}postgresql://u:secret@h/d"], "postgresql:"),
      (["history", "--limit", "\u{feff}5"], "U+FEFF"), (["legacies", "-o", "\u{200b}json"], "U+200B"),
      (["send", "--legacy", "Ro\u{200b}se", "Hi."], "RoU+200Bse"), (["history", "n\u{ad}1"], "nU+00AD1"),
      (["send", "--persona", "fri\u{200d}end", "Hi."], "friU+200Dend"),
      (["config", "set", "reg\u{2060}ion", "x"], "regU+2060ion"),
      (["send", "--profile", "wo\u{200b}rk", "Hi."], "woU+200Brk"),
      (["personas", "show", "fri\u{7}end"], "friU+0007end"),
    ])
  func invisible(arguments: [String], shown: String) async throws {
    let home = try await Home.remembering()
    let ended = try await home.mosaic(arguments).run()
    #expect(ended.status != 0 && ended.error.contains(shown), "\(ended.errors)")
    #expect(!ended.errors.contains("secret"))
    #expect(try home.list() == [".local"])
  }

  // MARK: Accents

  @Test(
    "A conversation is found by its name however its accents are written",
    arguments: PostgresServer.shared == nil ? [false] : [false, true])
  func conversationName(isOnServer: Bool) async throws {
    let schema = try isOnServer ? #require(PostgresServer.shared).freshSchema() : nil
    let home = try Home(database: schema)
    try await home.succeed("legacies", "add", "Rose")
    let (composed, decomposed) = (SpellingTests.composed, SpellingTests.decomposed)
    try await home.succeed("send", "--name", decomposed, "--model", home.model("echo"), "One.")
    try await home.succeed("send", "--name", composed, "--model", home.model("echo"), "Two.")
    let found = try await home.json("conversations").elements
    #expect(found.count == 1)
    // As it was typed first.
    #expect(found.first?["name"].string.map { Array($0.utf8) } == Array(decomposed.utf8))
    for name in [composed, decomposed] { #expect(try await home.messages(name).count == 4) }
    for other in ["zo\u{eb}", "Zoe", " \(composed)"] {
      #expect(try await home.mosaic("history", other).run().status == 66)
    }
    try await home.succeed("conversations", "rename", composed, "Kitchen")
    try await home.succeed("send", "--conversation", composed, "--model", home.model("echo"), "Three.")
    try await home.succeed("delete", composed, "--yes")
    #expect(try await home.conversationCount() == 0)
  }

  @Test(
    "Names that an earlier version told apart stay apart, each found as it is written",
    .enabled(if: Tool.have("sqlite3"), "sqlite3 is not installed"))
  func earlierNames() async throws {
    let home = try await Home.remembering()
    let (composed, decomposed) = (SpellingTests.composed, SpellingTests.decomposed)
    for (name, text) in [(composed, "One."), ("other", "Two.")] {
      try await home.succeed("send", "--name", name, "--model", home.model("echo"), text)
    }
    let change = "sqlite3 \"$1\" \"UPDATE ai_conversations SET name = '$2' WHERE name = '$3'\""
    #expect(try await home.shell(change, home.database, decomposed, "other").run().status == 0)
    #expect(try await home.messages(composed).contents == ["One.", "One."])
    #expect(try await home.messages(decomposed).contents == ["Two.", "Two."])
    try await home.succeed("send", "--name", composed, "--model", home.model("echo"), "Three.")
    #expect(try await home.messages(composed).count == 4)
    // An export of both comes back.
    let archive = try await home.succeed("export", "--legacy", "Rose", "-o", "ndjson").output
    try await home.succeed("import", home.write(archive, to: "archive"), "--database", "other.db")
    #expect(try await home.json("conversations", "--database", "other.db").elements.count == 2)
    // A mark, too, is no reason to lose one.
    let mark = SpellingTests.mark
    #expect(try await home.shell(change, home.database, "\(mark)marked", composed).run().status == 0)
    for name in ["marked", "\(mark)marked"] { #expect(try await home.messages(name).count == 4) }
  }

  @Test("An interview is the same run however the accents of its name and of its questions are written")
  func interview() async throws {
    let home = try await Home.remembering()
    let (composed, decomposed) = (SpellingTests.composed, SpellingTests.decomposed)
    func run(_ name: String, _ text: String, more: String = "") async throws -> Ended {
      try home.write("id,question\nq1,\(text)?\n\(more)", to: "questions.csv")
      return try await home.mosaic(
        "interview", "--questions", "questions.csv", "--name", name, "--model", home.model("echo"), "-o", "ndjson"
      ).run()
    }
    func asked(_ ended: Ended) throws -> [Int?] {
      let summary = try #require(ended.jsonLines().last)
      return [summary["answered"].integer, summary["replayed"].integer]
    }
    #expect(try asked(try await run(decomposed, "And {name}'s \(composed)")) == [1, 0])
    let again = try await run(composed, "And {name}'s \(decomposed)", more: "q2,Then?\n")
    #expect(try asked(again) == [1, 1], "\(again.errors)")
    #expect(try asked(try await run(decomposed, "And {name}'s \(decomposed)", more: "q2,Then?\n")) == [0, 2])
    #expect(try home.requests().count == 2)
    #expect(try await home.conversationCount() == 1)
    // Other words are other words.
    let other = try await run(composed, "And {name}'s Zoe")
    #expect(other.status == 65, "\(other.errors)")
  }

  @Test("A question of an interview that failed is asked again under the name that is there")
  func failedInterview() async throws {
    let home = try await Home.remembering()
    let (composed, decomposed) = (SpellingTests.composed, SpellingTests.decomposed)
    try home.write("One \(composed)?\nTwo?\n", to: "\(composed).txt")
    func run(_ name: String, _ scenario: String) async throws -> Ended {
      try await home.mosaic(
        "interview", "--questions", "\(composed).txt", "--name", name, "--model", home.model(scenario),
        "--max-attempts", "1"
      ).run()
    }
    #expect(try await run(decomposed, "throttle").status == 75)
    let better = try await run(composed, "echo")
    #expect(better.status == 0, "\(better.errors)")
    #expect(try await home.messages(composed).contents == ["One \(composed)?", "One \(composed)?", "Two?", "Two?"])
  }

  @Test("A question of the bank counts as used however it was asked")
  func bank() async throws {
    let home = try await Home.remembering(SpellingTests.composed)
    try home.write(
      "chapters:\n  Own:\n  - id: own\n    question: Did {name} go to the caf\u{e9}?\n",
      to: ".config/mosaic-ai/questions.yaml")
    func isUsed() async throws -> Bool {
      try await home.json("questions", "--chapter", "Own", "--all").elements.first?["used"].isTrue == true
    }
    #expect(try await !isUsed())
    try await home.succeed(
      "send", "--model", home.model("echo"), "Did \(SpellingTests.decomposed) go to the cafe\u{301}?")
    #expect(try await isUsed())
    try await home.succeed("delete", "last", "--yes")
    #expect(try await !isUsed())
    // In an interview whose name is written in either way.
    try home.write("id,question\nown,Other words?\n", to: "q.csv")
    for name in [SpellingTests.composed, SpellingTests.decomposed] {
      try await home.succeed("interview", "--questions", "q.csv", "--name", name, "--model", home.model("echo"))
      #expect(try await isUsed())
    }
  }
}
