import Foundation
import TestSupport
import Testing

/// What is larger, deeper or further away than anything of use.
@Suite(.crowd, .inGoodTime) struct HugeTests {
  // MARK: Numbers

  @Test(
    "A terminal that does not say how wide it is has the width that COLUMNS names, if that can be one",
    arguments: ["0", "-1", "1", "40", "65535", "65536", "9223372036854775807", "9223372036854775808", "wide", ""])
  func columns(columns: String) async throws {
    let home = try await Home.remembering()
    try await home.succeed("send", "--model", home.model("echo"), "\(String(repeating: "bees ", count: 19))in the end")
    for arguments in [["history"], ["search", "bees"], ["conversations"], ["usage"], ["--help"]] {
      let ended = try await home.mosaic(arguments).with("COLUMNS", columns).onTerminal(columns: 0).run()
      #expect(ended.status == 0, "\(arguments): \(ended.ending) \(ended.output)")
    }
    let history = try await home.mosaic("history").with("COLUMNS", columns).onTerminal(columns: 0).run().screen
      .components(separatedBy: "\n")
    let isWide = history.contains { $0.contains("bees in the end") && $0.utf8.count > 90 }
    #expect(isWide == (columns == "65535"), "\(history)")
    #expect(history.contains { $0.utf8.count > 60 } == !["1", "40"].contains(columns), "\(history)")
  }

  /// The largest number that every reader of JSON has exactly.
  private static let largest = (1 << 53) - 1

  @Test("An export may count any tokens that JSON can count, and they add up")
  func tokens() async throws {
    let home = try Home()
    let time = "2026-01-01T00:00:00.000Z"
    func lines(_ count: String) -> String {
      let messages = ["user", "assistant"].enumerated().map { index, role in
        """
        {"type":"message","id":"\(Home.id(10 + index))","conversation_id":"\(Home.id(2))","role":"\(role)",\
        "content":"Bees.","token_count":\(index == 0 ? "null" : count),"input_tokens":\(index == 0 ? "null" : count),\
        "cache_read_input_tokens":null,"cache_write_input_tokens":null,"status":"complete","stop_reason":null,\
        "error_code":null,"model_id":null,"reply_to":\(index == 0 ? "null" : "\"\(Home.id(10))\""),\
        "created_at":"\(time)"}
        """
      }
      let end = #"{"type":"end","conversations":1,"messages":2}"#
      return (Home.exportHead(messages: 2, at: time) + messages + [end]).joined(separator: "\n") + "\n"
    }
    for count in ["9007199254740992", "9223372036854775807", "-1", "1.5"] {
      let refused = try await home.mosaic("import", "-").reading(lines(count)).run()
      #expect(refused.status == 65 && refused.error.contains("token"), "\(count): \(refused.errors)")
    }
    let imported = try await home.mosaic("import", "-").reading(lines("\(HugeTests.largest)")).run()
    #expect(imported.status == 0, "\(imported.errors)")
    #expect(try await home.json("usage")[0]["output_tokens"].integer == HugeTests.largest)
    #expect(try await home.mosaic("usage").onTerminal().run().status == 0)
  }

  @Test(
    "Tokens whose sum is larger than any number still have a sum, and a price",
    .enabled(if: Tool.have("sqlite3"), "sqlite3 is not installed"))
  func tokensOfAnEarlierVersion() async throws {
    let home = try await Home.remembering()
    for _ in 0..<3 { try await home.succeed("send", "--new", "--model", home.model("echo"), "Hello.") }
    let changed = try await home.shell(
      "sqlite3 \"$1\" 'UPDATE ai_messages SET token_count = 9223372036854775807, input_tokens = 9007199254740991'",
      home.database
    ).run()
    #expect(changed.status == 0, "\(changed.errors)")
    let prices = "prices:\n  simulator:\n    input: 1000000\n    output: 1000000\n"
    for prices in ["", prices] {
      try home.write(prices, to: ".config/mosaic-ai/config.yaml")
      for key in ["conversation", "legacy", "day", "model"] {
        let usage = try await home.json("usage", "--by", key).elements
        #expect(usage.allSatisfy { $0["output_tokens"].integer == .max }, "\(usage)")
        let ended = try await home.mosaic("usage", "--by", key).onTerminal().run()
        #expect(ended.status == 0, "\(key): \(ended.ending) \(ended.output)")
      }
    }
  }

  @Test("What was before all years is before everything, and since then is since ever")
  func longAgo() async throws {
    let home = try await Home.remembering()
    try await home.succeed("send", "--model", home.model("echo"), "Hello.")
    for ago in ["9999y", "9999m", "2100y"] {
      #expect(try await home.json("history", "--since", ago)["messages"].elements.count == 2)
      let until = try await home.json("history", "--until", ago)["messages"].elements
      #expect(until.isEmpty, "\(ago)")
      #expect(try await home.json("search", "Hello", "--until", ago).elements.isEmpty)
      #expect(try await home.json("usage", "--until", ago).elements.isEmpty)
    }
  }

  // MARK: Nesting

  private static func brackets(_ count: Int, around inner: String) -> String {
    String(repeating: "[", count: count) + inner + String(repeating: "]", count: count)
  }

  /// A value so many levels deep, a hundred of them written out and each further hundred an alias of the one before.
  private static func nested(_ levels: Int) -> String {
    var names = ""
    var inner = "bees"
    for part in 0..<(levels - 1) / 100 {
      names += "a\(part): &a\(part) \(brackets(100, around: inner))\n"
      inner = "*a\(part)"
    }
    return names + "top: \(brackets((levels - 1) % 100, around: inner))\n"
  }

  @Test("Nesting that aliases add up is refused like any other", arguments: [450, 501, 5_000, 50_000])
  func aliases(levels: Int) async throws {
    let home = try await Home.remembering()
    let text = HugeTests.nested(levels)
    for (name, status, arguments) in [
      ("config.yaml", 78, ["legacies"]), ("personas.yaml", 78, ["personas"]), ("questions.yaml", 78, ["questions"]),
      ("own.yaml", 65, ["interview", "--questions", ".config/mosaic-ai/own.yaml", "--legacy", "Rose", "--dry-run"]),
    ] as [(String, Int32, [String])] {
      try home.write(text, to: ".config/mosaic-ai/\(name)")
      let ended = try await home.mosaic(arguments).run()
      #expect(ended.status == status, "\(name): \(ended.ending) \(ended.errors)")
      // Lists are refused where a list is expected.
      if name != "own.yaml" { #expect(ended.error.contains("nested too deeply") == (levels > 500), "\(ended.errors)") }
      try FileManager.default.removeItem(atPath: "\(home.configurationFolder)/\(name)")
    }
  }

  @Test("So is that of a list of questions, which is read item by item")
  func aliasesOfQuestions() async throws {
    let home = try await Home.remembering()
    var items = ["- &a0 \(HugeTests.brackets(400, around: "bees"))"]
    for number in 1..<200 { items.append("- &a\(number) \(HugeTests.brackets(400, around: "*a\(number - 1)"))") }
    try home.write(items.joined(separator: "\n"), to: "own.yaml")
    let ended = try await home.mosaic("interview", "--questions", "own.yaml", "--legacy", "Rose", "--dry-run").run()
    #expect(ended.status == 65, "\(ended.ending) \(ended.errors)")
  }

  // MARK: Files

  @Test(
    "A time zone that is no file with an end is UTC, as one that is no time zone is", arguments: ["pipe", "zero", "x"])
  func timeZone(kind: String) async throws {
    let home = try await Home.remembering()
    try await home.succeed("send", "--model", home.model("echo"), "Hello.")
    mkfifo("\(home.path)/pipe", 0o600)
    symlink("/dev/zero", "\(home.path)/zero")
    try home.write("bees", to: "x")
    let utc = try await home.mosaic("usage", "--by", "day").with("TZ", "UTC0").run()
    for zone in ["\(home.path)/\(kind)", ":\(home.path)/\(kind)", kind] {
      let ended = try await home.mosaic("usage", "--by", "day").with("TZ", zone).with("TZDIR", home.path).run()
      #expect(ended.status == 0 && ended.output == utc.output, "\(ended.errors)")
      #expect(try await home.mosaic("history").with("TZ", zone).onTerminal().run().status == 0)
    }
  }

  @Test("Of input without an end, no more is copied than can be read")
  func endlessImport() async throws {
    let home = try await Home.remembering()
    let ended = try await home.shell(
      """
      ulimit -f 51200
      mosaic-ai import /dev/zero
      status=$?
      mosaic-ai import - </dev/zero
      status="$status $?"
      yes "She kept bees." | mosaic-ai import -
      echo "$status $?"
      """
    ).run()
    #expect(ended.output == "65 65 65\n", "\(ended.output) \(ended.errors)")
    #expect(ended.errors.contains("standard input:1: this is not an export"))
    #expect(ended.standardError.lines.filter { $0.contains("more than 16 MiB") }.count == 2, "\(ended.errors)")
  }

  @Test("Own questions may be in thousands of chapters")
  func chapters() async throws {
    let home = try await Home.remembering()
    let chapters = (0..<20_000).map { "  Chapter \($0):\n  - What of \($0)?\n" }.joined()
    try home.write("chapters:\n\(chapters)", to: ".config/mosaic-ai/questions.yaml")
    let own = try await home.json("questions", "--chapter", "chapter 19999").elements
    #expect(own.map { $0["question"].string } == ["What of 19999?"])
  }

  @Test(
    "A file that is larger than any of its kind is refused, whatever the file system says of its size",
    arguments: ["sparse", "/dev/zero", "17 MiB"])
  func files(kind: String) async throws {
    let home = try await Home.remembering("Rose", .none)
    let path = kind.hasPrefix("/") ? kind : "\(home.path)/large"
    if kind == "sparse" {
      #expect(try await home.shell("truncate -s 8T large || truncate -s 100G large").run().status == 0)
    }
    if kind == "17 MiB" { try home.write(String(repeating: "# A comment.\n", count: 17 << 20 / 13 + 1), to: "large") }
    try home.write("[default]\naws_access_key_id = AKIDSIMULATOR\naws_secret_access_key = x\n", to: "keys")
    for variables in [
      ["AWS_CA_BUNDLE": path, "AWS_BEARER_TOKEN_BEDROCK": "simulator-api-key"],
      [
        "SSL_CERT_FILE": path, "AWS_BEARER_TOKEN_BEDROCK": "simulator-api-key",
        "AWS_ENDPOINT_URL_BEDROCK_RUNTIME": "https://127.0.0.1:1",
      ],
      ["AWS_CONFIG_FILE": path, "AWS_SHARED_CREDENTIALS_FILE": "keys"],
      ["AWS_SHARED_CREDENTIALS_FILE": path],
      [
        "AWS_WEB_IDENTITY_TOKEN_FILE": path, "AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/x",
        "AWS_ENDPOINT_URL_STS": "http://127.0.0.1:1",
      ],
      [
        "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": path,
        "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:1/creds",
      ],
    ] {
      // The AWS CLI takes only ordinary files for these.
      if kind == "/dev/zero", variables.keys.contains(where: { $0.hasSuffix("_FILE") && $0 != "SSL_CERT_FILE" }) {
        continue
      }
      func run(_ arguments: String...) async throws -> Ended {
        try await variables.reduce(home.mosaic(arguments)) { $0.with($1.key, $1.value) }.run()
      }
      let ended = try await run("send", "--max-attempts", "1", "Hello.")
      #expect(ended.status == 78, "\(variables.keys): \(ended.ending) \(ended.errors)")
      #expect(ended.error.contains("larger than 16 MiB"), "\(ended.errors)")
      let doctor = try await run("doctor")
      #expect(doctor.status > 0, "\(variables.keys): \(doctor.ending) \(doctor.output)")
    }
  }
}
