import Foundation
import TestSupport
import Testing

/// Options, environment, `config.yaml` and `personas.yaml`, and what each beats.
@Suite(.crowd, .inGoodTime) struct SettingsTests {
  @Test(
    "Help and version go to standard output with status 0",
    arguments: [
      ["--help"], ["-h"], ["--version"], ["personas", "--help"], ["personas", "show", "-h"], ["legacies", "--help"],
      ["legacies", "add", "--help"],
      ["legacies", "share", "--help"], ["conversations", "--help"], ["send", "--help"], ["history", "-h"],
      ["delete", "--help"],
      ["help", "send"],
      ["send", "--version"],
    ])
  func help(arguments: [String]) async throws {
    let ended = try await Home().mosaic(arguments).run()
    #expect(ended.status == 0)
    #expect(ended.errors == "")
    #expect(ended.output.hasSuffix("\n"))
    if arguments.contains("--version") {
      #expect(ended.value.wholeMatch(of: /(mosaic-ai )?\d+\.\d+\.\d+/) != nil)
    } else {
      #expect(ended.output.contains("USAGE: mosaic-ai"))
    }
  }

  @Test(
    "An option with nothing after its equals sign does not take the message for its value",
    arguments: ["--title", "--legacy", "--persona", "--conversation", "--model", "--max-tokens", "--timeout"])
  func emptyValue(option: String) async throws {
    let home = try await Home.remembering()
    let ended = try await home.mosaic("send", "\(option)=", "Hello.").reading("Somebody else's lines.").run()
    #expect([64, 65, 66].contains(ended.status), "\(ended.errors)")
    #expect(try await home.conversationCount() == 0)
  }

  @Test("A value that an option cannot have is named by its option", arguments: ["--limit", "-o"])
  func impossibleValue(option: String) async throws {
    let home = try Home()
    let ended = try await home.mosaic("history", option, "zzz").run()
    #expect(ended.status == 64)
    #expect(ended.error.contains("\(option) ") && !ended.errors.contains("'"), "\(ended.errors)")
    #expect(option == "--limit" || ended.hint.contains("ndjson"))
  }

  @Test(
    "What is wrong with a number is said, without what was typed",
    arguments: [
      ("--temperature", "0,5", "must be a number"), ("--timeout", "90s", "must be a number"),
      ("--max-tokens", "1,000", "must be a number"), ("--max-tokens", "1e3", "must be a whole number"),
      ("--max-attempts", "1.5", "must be a whole number"), ("--recall-tokens", "9223372036854775808", "is too large"),
      ("--max-tokens", "She kept bees.", "must be a number"),
    ])
  func noNumber(option: String, value: String, fault: String) async throws {
    let home = try Home()
    let ended = try await home.mosaic("send", option, value, "Hello.").run()
    #expect(ended.status == 64)
    #expect(ended.error.contains("\(option) \(fault)") && !ended.errors.contains(value), "\(ended.errors)")
  }

  @Test(
    "A number has its limits, wherever it is set, and they are said",
    arguments: [
      ("--max-tokens", 1...1_000_000, "1 to 1,000,000"), ("--recall-tokens", 0...100_000, "0 to 100,000"),
    ])
  func limits(option: String, range: ClosedRange<Int>, words: String) async throws {
    for (value, isAllowed) in [
      (range.lowerBound, true), (range.upperBound, true), (range.lowerBound - 1, false), (range.upperBound + 1, false),
      (.max, false),
    ] {
      let home = try await Home.remembering()
      let typed = try await home.mosaic("send", "--dry-run", "\(option)=\(value)", "Hello.").run()
      #expect(typed.status == (isAllowed ? 0 : 64))
      let isSaid = typed.error.contains("\(option) is \(value)") && typed.error.contains(words)
      #expect(isAllowed != isSaid, "\(typed.errors)")
      let key = option.dropFirst(2).replacingOccurrences(of: "-", with: "_")
      try home.write("\(key): \(value)\n", to: ".config/mosaic-ai/config.yaml")
      #expect(try await home.mosaic("send", "--dry-run", "Hello.").run().status == (isAllowed ? 0 : 78))
    }
  }

  @Test("Completion scripts come from --generate-completion-script", arguments: ["bash", "zsh", "fish"])
  func completions(shell: String) async throws {
    let home = try Home()
    let ended = try await home.mosaic("--generate-completion-script", shell).run()
    #expect(ended.status == 0)
    for command in ["personas", "legacies", "conversations", "send", "history", "delete"] {
      #expect(ended.output.contains(command))
    }
    if shell == "bash" {
      let script = try home.write(ended.output, to: "completions.bash")
      #expect(try await home.shell("bash -n \"$1\"", script).run().status == 0)
    }
  }

  @Test(
    "A wrong command line ends with 64, an error and a hint, and no output",
    arguments: [
      ["--nonsense"], ["nonsense"], ["personas", "--nonsense"], ["personas", "show"], ["legacies", "add"],
      ["legacies", "add", "a", "b"],
      ["legacies", "share", "Rose"], ["legacies", "nonsense"], ["conversations", "--limit", "many"],
      ["conversations", "--limit", "-1"],
      ["history", "a", "b"],
      ["delete"], ["delete", "--force", "last"], ["send", "--nonsense"], ["send", "--model"],
    ])
  func wrongUsage(arguments: [String]) async throws {
    let ended = try await Home().mosaic(arguments).run()
    #expect(ended.status == 64)
    #expect(ended.output == "")
    #expect(ended.standardError.isErrorAndHint, "\(ended.errors)")
    #expect(!ended.error.hasPrefix("Error"))
  }

  @Test(
    "Flags beat the environment, which beats config.yaml, which beats the default",
    arguments: ["user", "legacy", "persona", "model", "database", "output"])
  func precedence(setting: String) async throws {
    let home = try Home()
    for user in ["ada", "bob", "carol"] {
      for name in ["Rose", "Ben"] { try await home.succeed("legacies", "add", name, "--user", user) }
    }
    /// What a command works with: user, legacy, persona, model, database, and whether it writes JSON.
    func effective(_ arguments: [String], _ variable: String?) async throws -> String {
      var command: [String]
      switch setting {
      case "user": command = ["doctor", "-o", "json"]
      case "legacy": command = ["send", "Hi.", "--user", "ada", "--dry-run", "-o", "json"]
      case "database": command = ["doctor", "-o", "json", "--user", "ada"]
      case "output": command = ["legacies", "--user", "ada"]
      default: command = ["send", "-o", "json", "Hi.", "--new", "--user", "ada", "--legacy", "Rose"]
      }
      command += arguments
      let ended = try await home.mosaic(command).with("MOSAIC_AI_\(setting.uppercased())", variable).run()
      switch setting {
      case "user", "database":
        let check = try ended.json()["checks"].elements.first { $0["name"].string == setting }
        return check?["value"].string?.components(separatedBy: "/").last ?? ""
      case "legacy":
        guard ended.status == 0 else { return String(ended.status) }
        return ended.output.contains("Rose") ? "Rose" : ended.output.contains("Ben") ? "Ben" : "nobody"
      case "output": return ended.output.hasPrefix("[") ? "json" : ended.output.hasPrefix("{") ? "ndjson" : "text"
      default: return try ended.json()["\(setting)_id"].string ?? ""
      }
    }
    let values =
      switch setting {
      case "user": ["bob", "carol", "ada"]
      case "legacy": ["Ben", "Rose", "Ben"]
      case "persona": ["friend", "biographer", "friend"]
      case "model": [home.model("normal") + "a", home.model("normal") + "b", home.model("normal") + "c"]
      case "database": ["a.sqlite3", "b.sqlite3", "c.sqlite3"]
      default: ["ndjson", "text", "json"]
      }
    func value(_ index: Int) -> String { setting == "database" ? "\(home.path)/\(values[index])" : values[index] }
    let fallback = try await effective([], nil)
    switch setting {
    case "user": #expect(fallback == (try await home.shell("id -un").run().value), "the login name")
    case "legacy": #expect(fallback == "64", "there are two")
    case "persona": #expect(fallback == "biographer")
    case "model": #expect(fallback == "us.anthropic.claude-sonnet-4-6")
    case "database": #expect(fallback == "mosaic-ai.sqlite3")
    default: #expect(fallback == "text")
    }
    try home.write("\(setting): \"\(value(0))\"\n", to: ".config/mosaic-ai/config.yaml")
    #expect(try await effective([], nil) == values[0])
    #expect(try await effective([], "") == values[0], "an empty variable does not count")
    #expect(try await effective([], value(1)) == values[1])
    #expect(try await effective(["--\(setting)", value(2)], value(1)) == values[2])
    let other = try home.write("\(setting): \"\(value(1))\"\n", to: "other.yaml")
    #expect(try await effective(["--config", other], nil) == values[1], "--config names another file")
  }

  @Test("Paths follow the XDG variables if they are absolute")
  func folders() async throws {
    let home = try Home()
    let add = home.mosaic("legacies", "add", "Rose").with("XDG_DATA_HOME", "\(home.path)/data").with(
      "XDG_CONFIG_HOME", "\(home.path)/config")
    #expect(try await add.run().status == 0)
    #expect(FileManager.default.fileExists(atPath: "\(home.path)/data/mosaic-ai/mosaic-ai.sqlite3"))
    try home.write("nonsense: 1\n", to: "config/mosaic-ai/config.yaml")
    #expect(try await add.run().status == 78)
    #expect(try await home.mosaic("legacies", "add", "Rose").with("XDG_DATA_HOME", "relative").run().status == 0)
    #expect(home.hasDatabase)
    try home.write("database: ~/tilde.sqlite3\n", to: ".config/mosaic-ai/config.yaml")
    try await home.succeed("legacies", "add", "Rose")
    #expect(FileManager.default.fileExists(atPath: "\(home.path)/tilde.sqlite3"))
  }

  @Test(
    "An error in config.yaml names file, line and column, and nothing is stored",
    arguments: [
      ("model: a\nnonsense: 1\n", ":2:1: ", "nonsense"), ("modle: a\n", ":1:1: ", "\"model\""),
      ("user: [a, b]\n", ":1:7: ", "user"),
      ("max_tokens: many\n", ":1:13: ", "max_tokens"), ("max_tokens: 0\n", ":1:13: ", "max_tokens"),
      ("timeout: -1\n", ":1:10: ", "timeout"),
      ("a: b: c\n", ":1:5: ", ": "), ("- list\n", ":1:1: ", ": "), ("user: \"unclosed\n", ":2:1: ", ": "),
      ("output: xml\n", ":1:", "output"),
      ("user: a\nuser: b\n", ":", "user"), ("user:\n", ":1:", "user"), ("\tuser: a\n", ":1:1: ", ": "),
    ])
  func badConfiguration(text: String, place: String, word: String) async throws {
    let home = try await Home.remembering()
    let path = try home.write(text, to: ".config/mosaic-ai/config.yaml")
    for arguments in [["send", "-o", "ndjson", "Hello."], ["legacies"], ["history"], ["delete", "last", "--yes"]] {
      let ended = try await home.mosaic(arguments).run()
      #expect(ended.status == 78, "\(arguments)")
      #expect(ended.error.hasPrefix("\(path)\(place)"), "\(ended.error)")
      #expect(ended.errors.contains(word))
      #expect(ended.standardError.isErrorWithOrWithoutHint)
      if arguments[0] == "send" {
        #expect(try ended.jsonLines().map { $0["code"].string } == ["config_invalid"])
      } else {
        #expect(ended.output == "")
      }
    }
    try FileManager.default.removeItem(atPath: path)
    #expect(try await home.conversationCount() == 0)
  }

  @Test("A --config file that is missing or not text is an error, an empty one is not")
  func configFlag() async throws {
    let home = try await Home.remembering()
    for (arguments, status) in [
      (["--config", "\(home.path)/missing.yaml"], 78), (["--config", home.path], 78),
      (["--config", try home.write("", to: "empty.yaml")], 0),
      (["--config", try home.write("# nothing\n---\n", to: "comment.yaml")], 0),
    ] as [([String], Int32)] {
      let ended = try await home.mosaic(["send", "-o", "ndjson", "Hello."] + arguments).run()
      #expect(ended.status == status, "\(arguments) \(ended.errors)")
      if status == 78 { #expect(try ended.jsonLines().map { $0["code"].string } == ["config_invalid"]) }
    }
    #expect(try await home.messages().count == 4)
  }

  @Test("max_tokens of config.yaml beats the persona's, and a flag beats both")
  func maximumTokens() async throws {
    let home = try await Home.remembering()
    try home.write("personas:\n  friend:\n    max_tokens: 300\n", to: ".config/mosaic-ai/personas.yaml")
    func tokens(_ arguments: String...) async throws -> Int? {
      try await home.mosaic(["send", "--dry-run", "Hi.", "--persona", "friend"] + arguments).run().json()["body"][
        "inferenceConfig"][
          "maxTokens"
        ].integer
    }
    #expect(try await tokens() == 300)
    try home.write("max_tokens: 200\n", to: ".config/mosaic-ai/config.yaml")
    #expect(try await tokens() == 200)
    #expect(try await tokens("--max-tokens", "100") == 100)
  }

  // MARK: personas.yaml

  @Test("personas.yaml adds personas, overrides fields and adds rules for all")
  func ownPersonas() async throws {
    let home = try await Home.remembering()
    try home.write(
      """
      extra_rules: |
        Always mention the garden.
      personas:
        friend:
          description: Listens, in the garden.
          model_id: simulator.echo:\(home.mark)
        poet:
          name: The Poet
          description: Writes verses about {legacy_name}.
          system_prompt: You write verses about {legacy_name}.
      """, to: ".config/mosaic-ai/personas.yaml")
    let personas = try await home.json("personas").elements
    #expect(personas.map { $0["id"].string } == ["biographer", "friend", "poet"])
    #expect(personas[1]["description"].string == "Listens, in the garden.")
    #expect(personas[1]["name"].string == "The Friend" && personas[1]["model_id"].string == home.model("echo"))
    #expect(
      personas[2].names == ListsTests.personaMembers && personas[2]["icon"] == .null
        && personas[2]["max_tokens"].integer == 4096)
    for id in ["biographer", "friend", "poet"] {
      let prompt = try await home.json("personas", "show", id)["system_prompt"].string ?? ""
      #expect(
        prompt.contains("Never pretend to be the person remembered")
          && prompt.contains("\n\nAlways mention the garden.\n\n"))
    }
    #expect(try await home.mosaic("send", "--persona", "friend", "Echo.").run().output == "Echo.\n", "its own model")
    try await home.succeed("send", "--persona", "poet", "--model", home.model("normal"), "A verse.")
    let system = try #require(try home.requests().last)["body"]["system"][0]["text"].string ?? ""
    #expect(system.hasSuffix("\n\nYou write verses about Rose."))
    #expect(try await home.json("conversations")[0]["persona_id"].string == "poet")
    // A persona that goes away leaves its conversations to be read.
    try FileManager.default.removeItem(atPath: "\(home.configurationFolder)/personas.yaml")
    #expect(try await home.messages()[0].content == "A verse.")
    #expect(try await home.mosaic("send", "--conversation", "last", "More.").run().status == 66)
  }

  @Test("Conversations are found with their persona though the case of its id has changed in personas.yaml")
  func renamedCase() async throws {
    let home = try await Home.remembering()
    func own(_ id: String) throws {
      let persona = "{name: Gardener, description: d, system_prompt: s}"
      try home.write("personas:\n  \(id): \(persona)\n", to: ".config/mosaic-ai/personas.yaml")
    }
    try own("Gardener")
    try await home.succeed("send", "--persona", "gardener", "--model", home.model("echo"), "Roses.")
    try own("gardener")
    for persona in ["Gardener", "gardener", "GARDENER"] {
      #expect(try await home.json("conversations", "--persona", persona).elements.count == 1)
      #expect(try await home.json("search", "roses", "--persona", persona).elements.count == 2)
      #expect(try await home.json("usage", "--persona", persona, "--by", "persona")[0]["messages"].integer == 2)
      #expect(try await home.json("history", "--persona", persona)["total"].integer == 2)
    }
    try await home.succeed("send", "--persona", "gardener", "--model", home.model("echo"), "Tulips.")
    try await home.succeed("send", "--model", home.model("echo"), "Lilies.")
    try await home.succeed(
      "send", "--conversation", "last", "--persona", "gardener", "--model", home.model("echo"), "Daisies.")
    #expect(try await home.conversationCount() == 1)
    for persona in ["Gardener", "gardener"] {
      try await home.succeed("send", "--persona", persona, "--name", "n", "--model", home.model("echo"), "Asters.")
      try own(persona.lowercased())
    }
    #expect(try await home.conversationCount() == 2)
    for id in ["Gardener", "gardener"] {
      try own(id)
      let usage = try await home.json("usage", "--by", "persona").elements.map { ($0["key"].string, $0["name"].string) }
      #expect(usage.filter { $0.1 == "Gardener" }.map(\.0) == [id])
    }
  }

  @Test("A persona of personas.yaml is a built-in one whatever the case of its id")
  func overriddenInAnotherCase() async throws {
    let home = try Home()
    try home.write("personas:\n  FRIEND:\n    max_tokens: 300\n", to: ".config/mosaic-ai/personas.yaml")
    let personas = try await home.json("personas").elements
    #expect(personas.map { $0["id"].string } == ["biographer", "friend"])
    #expect(personas[1]["max_tokens"].integer == 300)
  }

  @Test(
    "An error in personas.yaml names file, line and column, and nothing is stored",
    arguments: [
      ("personas:\n  friend:\n    max_tokens: 1\n  Friend:\n    max_tokens: 2\n", ":4:3: ", "Friend"),
      ("base_rules: none\n", ":1:1: ", "extra_rules"),
      ("personas:\n  poet:\n    name: The Poet\n", ":3:5: ", "description"),
      ("personas:\n  friend:\n    nmae: X\n", ":3:5: ", "\"name\""), ("rules: x\n", ":1:1: ", "rules"),
      ("personas: poet\n", ":1:11: ", ": "),
      ("personas:\n  friend:\n    max_tokens: lots\n", ":3:17: ", "max_tokens"),
      ("personas:\n  \"a b\":\n    name: X\n", ":2:3: ", "id"),
      ("personas:\n  friend: {name: \"\"}\n", ":2:", "name"), ("personas: [\n", ":2:1: ", ": "),
      ("extra_rules: 1\n extra: 2\n", ":", ": "),
    ])
  func badPersonas(text: String, place: String, word: String) async throws {
    let home = try await Home.remembering()
    let path = try home.write(text, to: ".config/mosaic-ai/personas.yaml")
    for arguments in [["personas"], ["personas", "show", "friend"], ["send", "-o", "ndjson", "Hello."]] {
      let ended = try await home.mosaic(arguments).run()
      #expect(ended.status == 78, "\(arguments)")
      #expect(ended.error.hasPrefix("\(path)\(place)"), "\(ended.error)")
      #expect(ended.errors.contains(word), "\(ended.errors)")
      #expect(ended.standardError.isErrorWithOrWithoutHint)
      if arguments[0] == "send" { #expect(try ended.jsonLines().map { $0["code"].string } == ["persona_invalid"]) }
    }
    #expect(try await home.conversationCount() == 0)
  }

  // MARK: How much is said

  @Test("--quiet shows only errors, and --verbose the steps and settings")
  func levels() async throws {
    let home = try await Home.remembering()
    let remark = home.mosaic("send", "--model", home.model("max-tokens"), "Hello.")
    let said = try await remark.run().standardError
    #expect(said.lines.count == 2 && said.warnings.count == 1 && said.hint.contains("--max-tokens"))
    #expect(try await home.mosaic("send", "-q", "--model", home.model("max-tokens"), "Hello.").run().errors == "")
    #expect(
      try await home.mosaic("send", "--quiet", "--model", home.model("quota"), "Hello.").run().errorLines.count == 2)
    let verbose = try await home.mosaic("legacies", "--verbose").run()
    #expect(verbose.errors.contains(home.database))
    #expect(verbose.output == (try await home.mosaic("legacies").run().output))
  }

  @Test("An invalid user handle is refused", arguments: ["", " ", "a\nb", String(repeating: "x", count: 201)])
  func badHandle(handle: String) async throws {
    let home = try Home()
    #expect(try await home.mosaic("legacies", "add", "Rose", "--user", handle).run().status == 65)
    #expect(try await home.mosaic("send", "Hi.", "--user", handle).run().status == 65)
  }

  @Test(
    "Every error is one line, followed by a hint",
    arguments: [
      ["legacies", "members", "Nobody"], ["history"], ["delete", "last"], ["send", ""],
      ["send", "Hi.", "--persona", "nobody"],
      ["personas", "show", "nobody"], ["conversations", "--persona", "nobody"], ["legacies", "rename", "a", "b"],
      ["send", "--retry"],
    ])
  func twoLines(arguments: [String]) async throws {
    let ended = try await Home().mosaic(arguments).run()
    #expect(ended.status >= 64)
    #expect(ended.output == "")
    #expect(ended.standardError.isErrorAndHint, "\(ended.errors)")
  }
}
