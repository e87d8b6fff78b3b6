import Foundation
import TestSupport
import Testing

/// How lists look: for people, for pipes, for programs.
@Suite(.crowd, .inGoodTime) struct ListsTests {
  @Test("personas lists the two built-in ones in every format")
  func personas() async throws {
    let home = try Home()
    let list = try await home.json("personas")
    #expect(list.elements.map { $0["id"].string } == ["biographer", "friend"])
    #expect(list.elements.map { $0["name"].string } == ["The Biographer", "The Friend"])
    #expect(list.elements.map { $0["icon"].string } == ["BookOpen", "Heart"])
    #expect(list.elements.allSatisfy { $0.names == ListsTests.personaMembers })
    #expect(
      list.elements.allSatisfy {
        $0["model_id"].string == "us.anthropic.claude-sonnet-4-6" && $0["max_tokens"].integer == 4096
      })
    #expect(try await home.json("personas", "list") == list)
    #expect(try await home.mosaic("personas", "-o", "ndjson").run().jsonLines() == list.elements)
    let rows = try await home.mosaic("personas").run().lines.map { $0.components(separatedBy: "\t") }
    #expect(rows.map { Array($0.prefix(2)) } == [["biographer", "The Biographer"], ["friend", "The Friend"]])
    #expect(!home.hasDatabase)
  }

  @Test("personas show adds the system prompt, with the name in its place")
  func showPersona() async throws {
    let home = try await Home.remembering("Rose {legacy_name}")
    let shown = try await home.json("personas", "show", "biographer", "--legacy", "Rose {legacy_name}")
    #expect(shown.names == ListsTests.personaMembers + ["system_prompt"])
    let prompt = shown["system_prompt"].string ?? ""
    let general = try await home.json("personas", "show", "biographer")["system_prompt"].string ?? ""
    #expect(
      general.contains("{legacy_name}")
        && prompt == general.replacingOccurrences(of: "{legacy_name}", with: "Rose {legacy_name}"))
    let friend = try await home.json("personas", "show", "friend")["system_prompt"].string ?? ""
    let rules = general.commonPrefix(with: friend)
    #expect(rules.contains("\n\nYou are The ") && rules.count > 1000, "the base rules are the same for both")
    let text = try await home.mosaic("personas", "show", "friend").run().output
    #expect(text.contains(friend) && text.contains("The Friend"))
    #expect(try await home.mosaic("personas", "show", "nobody").run().status == 66)
  }

  @Test(
    "On a terminal, columns fit the width, times are relative, and there are headings",
    arguments: [40, 60, 80, 200] as [UInt16])
  func width(columns: UInt16) async throws {
    let home = try await Home.remembering(
      "Rosemary Elizabeth Featherstonehaugh-Cholmondeley of Inverness, called Grandma 山田花子 👵🏽")
    try await home.succeed("legacies", "add", "Ben")
    try await home.succeed(
      "send", "--legacy", "Ben",
      "A very long first message that would not fit on any line of a terminal of common width, nor on two of them.")
    for arguments in [["legacies"], ["conversations"], ["personas"], ["legacies", "members", "Ben"]] {
      let ended = try await home.mosaic(arguments).onTerminal(columns: columns).with("NO_COLOR", "1").run()
      #expect(ended.status == 0)
      let lines = ended.screen.split(separator: "\n")
      #expect(lines.count >= 2)
      #expect(lines.first?.hasPrefix(arguments == ["conversations"] ? "TITLE" : "ID") == true)
      for line in lines { #expect(ListsTests.width(line) <= Int(columns), "\(line)") }
      #expect(!ended.screen.contains("\u{1b}") && !ended.screen.contains("\t"))
    }
    #expect(try await home.mosaic("legacies").onTerminal(columns: 200).run().screen.contains("now"))
  }

  @Test("Color is only for terminals, respects NO_COLOR and TERM=dumb, and is never in JSON")
  func colour() async throws {
    let home = try await Home.remembering()
    try await home.succeed("send", "Hello.")
    for arguments in [["legacies"], ["conversations"], ["personas"], ["history"]] {
      let terminal = home.mosaic(arguments).onTerminal()
      #expect(try await terminal.run().screen.contains("\u{1b}["))
      #expect(try await !terminal.with("NO_COLOR", "1").run().screen.contains("\u{1b}"))
      #expect(try await !terminal.with("TERM", "dumb").run().screen.contains("\u{1b}"))
      #expect(try await !home.mosaic(arguments).run().output.contains("\u{1b}"))
      let json = try await home.mosaic(arguments + ["-o", "json"]).onTerminal(columns: 20).run().screen
      #expect(!json.contains("\u{1b}"))
      #expect(try JSONText(json) == (try await home.mosaic(arguments + ["-o", "json"]).run().json()))
    }
    #expect(
      try await home.mosaic("legacies").onTerminal().with("NO_COLOR", "").run().screen.contains("\u{1b}["),
      "an empty NO_COLOR does not count")
  }

  @Test("With nothing to show, a terminal gets a suggestion and a pipe gets nothing")
  func nothing() async throws {
    let home = try Home()
    for command in ["legacies", "conversations"] {
      let terminal = try await home.mosaic(command).onTerminal().run()
      #expect(terminal.status == 0 && terminal.screen.contains("mosaic-ai "))
      let pipe = try await home.mosaic(command).run()
      #expect(pipe.status == 0 && pipe.output == "" && pipe.errors == "There is no database yet.\n")
    }
    let history = try await home.mosaic("history").run()
    #expect(history.status == 66 && history.output == "" && history.standardError.isErrorAndHint)
  }

  @Test("Stored text cannot drive the terminal through a list")
  func harmless() async throws {
    let home = try await Home.remembering()
    try await home.succeed(
      "send", "Look: \u{1b}]0;owned\u{7}\u{1b}[2J\u{202e}evil\u{9b}31m", "--model", home.model("echo"))
    for arguments in [["conversations"], ["history"], ["send", "--retry"]] {
      for command in [home.mosaic(arguments), home.mosaic(arguments).onTerminal().with("NO_COLOR", "1")] {
        let ended = try await command.run()
        let shown = (ended.output + ended.errors + ended.screen).unicodeScalars
        #expect(!shown.contains { [0x1b, 0x07, 0x202e, 0x9b].contains($0.value) })
      }
    }
    #expect(try await home.messages()[0].content.contains("\u{1b}[2J"), "JSON keeps it")
  }

  @Test("A format that a list does not have is a usage error with no output")
  func wrongFormat() async throws {
    let home = try await Home.remembering()
    for arguments in [["personas"], ["legacies"], ["conversations"], ["history"], ["delete", "last", "--yes"]] {
      for format in ["sse", "xml", ""] {
        let ended = try await home.mosaic(arguments + ["-o", format]).run()
        #expect(ended.status == 64)
        #expect(ended.output == "" && ended.standardError.isErrorAndHint)
      }
    }
  }

  @Test("An unknown format from the environment or config.yaml is an error that names its origin")
  func wrongFormatElsewhere() async throws {
    let home = try await Home.remembering()
    for arguments in [["legacies"], ["send", "Hello."]] {
      let ended = try await home.mosaic(arguments).with("MOSAIC_AI_OUTPUT", "xml").run()
      #expect(ended.status == 64)
      #expect(ended.error.contains("xml") && ended.error.contains("MOSAIC_AI_OUTPUT"))
    }
    #expect(try await home.conversationCount() == 0)
  }

  @Test(
    "An empty name is not found",
    arguments: [
      ["history", ""], ["delete", "", "--yes"], ["legacies", "members", ""], ["send", "Hi.", "--legacy", ""],
      ["send", "Hi.", "--conversation", ""],
      ["send", "Hi.", "--persona", ""], ["conversations", "--legacy", ""], ["personas", "show", ""],
      ["legacies", "remove", "", "--yes"],
    ])
  func emptyNames(arguments: [String]) async throws {
    let home = try await Home.remembering()
    try await home.succeed("send", "Hello.")
    let ended = try await home.mosaic(arguments).run()
    #expect(ended.status == 66)
    #expect(try await home.messages().count == 2)
    #expect(try await home.json("legacies").elements.count == 1)
  }

  /// How many columns that takes: two for the wide characters of these tests, none for what modifies them.
  private static func width(_ text: Substring) -> Int {
    text.reduce(0) { $0 + ("山田花子👵🏽".contains($1) ? 2 : 1) }
  }

  static let personaMembers = ["id", "name", "icon", "description", "model_id", "max_tokens"]
}
