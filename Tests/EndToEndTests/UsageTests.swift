import TestSupport
import Testing

/// How many tokens conversations took, and what they cost.
@Suite(.crowd, .inGoodTime) struct UsageTests {
  private static let members = [
    "key", "name", "messages", "input_tokens", "output_tokens", "cache_read_input_tokens", "cache_write_input_tokens",
    "cost", "currency",
  ]

  /// A home with a conversation about Rose with the Biographer, and one with the Friend.
  private func home() async throws -> Home {
    let home = try await Home.remembering()
    try await home.succeed("send", "--model", home.model("normal"), "She kept bees.")
    try await home.succeed("send", "--model", home.model("echo"), "And hens.")
    try await home.succeed("send", "--persona", "friend", "--model", home.model("normal"), "I miss her.")
    return home
  }

  @Test("usage has the documented members, and counts what history shows")
  func records() async throws {
    let home = try await home()
    let usage = try await home.json("usage").elements
    #expect(usage.allSatisfy { $0.names == UsageTests.members })
    let conversations = try await home.json("conversations").elements
    #expect(usage.map { $0["key"] } == conversations.map { $0["id"] })
    #expect(usage.map { $0["name"] } == conversations.map { $0["title"] })
    #expect(usage.map { $0["messages"].integer } == [2, 4])
    #expect(usage.allSatisfy { $0["cost"] == .null && $0["currency"] == .null })
    for (group, persona) in zip(usage, ["friend", "biographer"]) {
      let messages = try await home.json("history", "--persona", persona)["messages"].elements
      for (name, counted) in [
        ("input_tokens", "input_tokens"), ("token_count", "output_tokens"),
        ("cache_read_input_tokens", "cache_read_input_tokens"),
        ("cache_write_input_tokens", "cache_write_input_tokens"),
      ] {
        #expect(group[counted].integer == messages.reduce(0) { $0 + ($1[name].integer ?? 0) }, "\(name)")
      }
    }
    #expect(try await home.mosaic("usage", "-o", "ndjson").run().jsonLines() == usage)
  }

  @Test("Every key groups, and every filter narrows down")
  func keys() async throws {
    let home = try await home()
    func keys(_ options: String...) async throws -> [String?] {
      let ended = try await home.mosaic(["usage", "-o", "json"] + options).run()
      guard ended.status == 0 else { throw Complaint(ended.errors) }
      return try ended.json().elements.map { $0["key"].string }
    }
    let legacy = try await home.json("legacies")[0]["id"].string
    #expect(try await keys("--by", "legacy") == [legacy])
    #expect(try await keys("--by", "persona") == ["biographer", "friend"])
    #expect(try await keys("--by", "model") == [home.model("echo"), home.model("normal")])
    #expect(try await keys("--by", "user").count == 1)
    let days = try await keys("--by", "day")
    #expect(days.allSatisfy { $0?.wholeMatch(of: /[0-9]{4}-[0-9]{2}-[0-9]{2}/) != nil } && !days.isEmpty)
    #expect(try await keys("--by", "month") == Array(Set(days.map { $0.map { String($0.prefix(7)) } })))
    let day = try #require(days.last ?? nil)
    #expect(try await keys("--by", "persona", "--since", day, "--until", day) == ["biographer", "friend"])
    #expect(try await keys("--until", "2020") == [])
    #expect(try await keys("--persona", "friend").count == 1)
    #expect(try await keys("--legacy", "rose").count == 2)
    for options in [["--by", "week"], ["--since", "soon"], ["-o", "sse"]] {
      #expect(try await home.mosaic(["usage"] + options).run().status == 64)
    }
    #expect(try await home.mosaic("usage", "--legacy", "Nobody").run().status == 66)
  }

  @Test("Costs follow from the prices in config.yaml, and are left out where one is missing")
  func costs() async throws {
    let home = try await home()
    let model = home.model("normal")
    try home.write(
      """
      prices:
        simulator.: {input: 1000000, output: 1000000, cache_read: 1000000, cache_write: 1000000, currency: EUR}
        "\(model)": {input: 2, output: 10}
      """, to: ".config/mosaic-ai/config.yaml")
    let usage = try await home.json("usage", "--by", "model").elements
    try #require(usage.map { $0["key"].string } == [home.model("echo"), model])
    func tokens(_ group: JSONText, _ names: String...) -> Int { names.reduce(0) { $0 + (group[$1].integer ?? 0) } }
    let all = tokens(
      usage[0], "input_tokens", "output_tokens", "cache_read_input_tokens", "cache_write_input_tokens")
    #expect(usage[0]["cost"].integer == all && usage[0]["currency"].string == "EUR")
    // The longest beginning has the price, and none for cached tokens.
    let isCached = tokens(usage[1], "cache_read_input_tokens", "cache_write_input_tokens") > 0
    let cost = Double(tokens(usage[1], "input_tokens") * 2 + tokens(usage[1], "output_tokens") * 10) / 1e6
    #expect(usage[1]["cost"] == (isCached ? .null : .number("\(cost)")))

    let ended = try await home.mosaic("usage").run()
    let rows = ended.lines.map { $0.components(separatedBy: "\t") }
    #expect(rows.count == 3 && rows.allSatisfy { $0.count == 9 })
    #expect(rows.last?.first == "total" && rows.last?.suffix(2) == ["", ""], "in two currencies")

    try home.write("prices: {simulator.echo: {input: 1, output: 1}}\n", to: ".config/mosaic-ai/config.yaml")
    let unpriced = try await home.mosaic("usage", "--by", "persona").run()
    #expect(unpriced.status == 0 && unpriced.standardError.warnings.count == 1)
    #expect(unpriced.errors.contains(model) && unpriced.hint.contains("prices"))
    #expect(unpriced.lines.allSatisfy { $0.hasSuffix("\t\t") })
    #expect(try await home.mosaic("usage", "-q").run().errors == "")
  }

  @Test(
    "A terminal gets a table with a total, and with costs if there are prices", arguments: [40, 80, 160] as [UInt16])
  func terminal(columns: UInt16) async throws {
    let home = try await home()
    func screen(_ options: String...) async throws -> [Substring] {
      let ended = try await home.mosaic(["usage"] + options).onTerminal(columns: columns).with("NO_COLOR", "1").run()
      #expect(ended.status == 0)
      return ended.screen.split(separator: "\n")
    }
    for key in ["conversation", "legacy", "persona", "model", "user", "day", "month"] {
      let lines = try await screen("--by", key)
      #expect(lines.first?.hasPrefix(key.uppercased()) == true && lines.last?.hasPrefix("Total") == true)
      #expect(lines.allSatisfy { $0.count <= Int(columns) })
      #expect(lines.first?.contains("COST") == false)
    }
    try home.write(
      "prices: {simulator: {input: 1, output: 1, cache_read: 1, cache_write: 1}}\n", to: ".config/mosaic-ai/config.yaml"
    )
    let lines = try await screen()
    #expect(lines.first?.hasSuffix("COST") == true && lines.last?.hasSuffix("< 0.01 USD") == true)
    #expect(lines.allSatisfy { $0.count <= Int(columns) })
  }

  @Test("Without anything to count, a terminal gets a remark and a pipe nothing")
  func nothing() async throws {
    let home = try await Home.remembering()
    #expect(try await home.mosaic("usage").run().output == "")
    #expect(try await home.json("usage").elements.isEmpty)
    let terminal = try await home.mosaic("usage").onTerminal().run()
    #expect(terminal.status == 0 && !terminal.screen.contains("Total") && !terminal.screen.isEmpty)
  }

  @Test("config shows the prices and sets them on one line")
  func config() async throws {
    let home = try await Home.remembering()
    let prices = "{us.anthropic: {input: 3, output: 15}}"
    let json = #"{"us.anthropic":{"input":3,"output":15}}"# + "\n"
    try await home.succeed("config", "set", "prices", prices)
    #expect(try await home.mosaic("config", "get", "prices").run().output == json)
    let ended = try await home.mosaic("config", "set", "prices", "{us.anthropic: {input: 3}}").run()
    #expect(ended.status == 64 && ended.error.contains("output"))
    #expect(try await home.mosaic("config", "get", "prices").run().output == json)
  }
}
