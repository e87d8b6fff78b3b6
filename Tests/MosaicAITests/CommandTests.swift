import Foundation
import MosaicAICore
import Testing

@testable import MosaicAI
// Swift Testing has one too.
@testable import enum MosaicAI.ExitStatus

/// Commands run in process, with streams of their own.
@Suite struct CommandTests {
  private let home: TestHome

  init() throws { home = try TestHome() }

  /// An answer of Bedrock's: `Grace was ` and `curious.`, made with botocore's reading as the proof
  /// (Tests/Conformance/eventstream).
  private static func reply() throws -> [UInt8] {
    struct Frame: Decodable {
      let name: String
      let hex: String
    }
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
      "../Conformance/eventstream/frames.json")
    let frames = try JSONDecoder().decode([Frame].self, from: Data(contentsOf: file)).filter {
      $0.name.hasPrefix("reply: ")
    }
    try #require(frames.count == 5)
    return frames.flatMap { frame in
      stride(from: 0, to: frame.hex.count, by: 2).compactMap { UInt8(frame.hex.dropFirst($0).prefix(2), radix: 16) }
    }
  }

  private func lines(_ text: String) -> [String] { text.split(separator: "\n").map(String.init) }

  private func object(_ json: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
  }

  // MARK: Wrong usage

  @Test(
    "wrong usage ends in 64, nothing on standard output, what is wrong on one line of standard error and perhaps a hint on a second",
    arguments: [
      ["frobnicate"], ["legacies", "add"], ["send", "--nonsense", "Hi"], ["send", "--max-tokens", "0", "Hi"],
      ["send", "--max-tokens", "many", "Hi"],
      ["send", "--temperature", "2", "Hi"], ["send", "--guardrail", "gr", "Hi"], ["send", "--retry", "Hi"],
      ["send", "--retry", "--new"],
      ["send", "--new", "--conversation", "last", "Hi"], ["send", "--timeout", "0", "Hi"],
      ["send", "--max-attempts", "0", "Hi"],
      ["send", "--endpoint-url", "no url", "Hi"], ["send", "--region", "no region!", "Hi"],
      ["send", "-o", "xml", "Hi"],
      ["send", "one", "two"],
      ["conversations", "--limit", "-1"], ["history", "--tail", "1", "--limit", "1"], ["history", "--tail", "-1"],
      ["personas", "-o", "sse"], ["send", "--model", "a b", "Hi"],
      ["legacies", "share", "x", "y", "--role", "king"], ["delete"], ["export"], ["export", "last", "-o", "sse"],
      ["backup"],
      ["backup", "-"], ["backup", ""], ["backup", "x", "-o", "html"], ["import"], ["import", "x", "-o", "markdown"],
    ])
  func usage(arguments: [String]) throws {
    let result = home.run(arguments)
    #expect(result.status == .failure(64), "\(result.errors)")
    #expect(result.output == "")
    #expect(result.errors.wholeMatch(of: /mosaic-ai: .+\n(hint: .+\n)?/) != nil, "\(result.errors)")
    #expect(!FileManager.default.fileExists(atPath: "\(home.path)/.local"), "nothing is created by a typo")
  }

  @Test(
    "help and version are data, and the status is 0",
    arguments: [[], ["--help"], ["send", "--help"], ["help", "legacies"], ["--version"], ["legacies", "add", "-h"]])
  func help(arguments: [String]) {
    let result = home.run(arguments)
    #expect(result.status == .success)
    #expect(!result.output.isEmpty)
    #expect(result.errors == "")
  }

  @Test(
    "what is wrong with a command line is told without the words of a message, and what to do about it",
    arguments: [
      (["send", "-Well", "else?"], "put -- before a message that begins with a dash"),
      (["send", "--xyzzyx", "Secret"], "put -- before a message that begins with a dash"),
      (["send", "Secret", "words"], "put the message into quotes: mosaic-ai send \"MESSAGE\""),
      (["send", "- Secret", "words"], "put the message into quotes: mosaic-ai send \"MESSAGE\""),
      (["send", "-o", "Secret"], "see mosaic-ai send --help"),
      (["send", "--max-tokens", "Secret"], "see mosaic-ai send --help"),
      (["send", "--new=Secret"], "see mosaic-ai send --help"),
      (["send", "--persn", "friend"], "did you mean \"--persona\"?"),
      (["send", "--title", "-Secret", "Hi"], "one that begins with a dash needs an equals sign: --title=\"-…\""),
      (
        ["legacies", "add", "Rose", "Secret"],
        "put what belongs together into quotes; see mosaic-ai legacies add --help"
      ),
      (["legacies", "add", "- Secret"], "put -- before a text that begins with a dash"),
      (["legacies", "share", "Rose"], "see mosaic-ai legacies share --help"),
      (["legacies", "ad", "Rose"], "did you mean \"add\"?"),
      (["personas", "shw", "friend"], "did you mean \"show\"?"),
      (["conversations", "show", "last"], "see mosaic-ai conversations --help"),
      (["help", "snd"], "did you mean \"send\"?"), (["snd", "--help"], "did you mean \"send\"?"),
      (["-v", "send", "Secret"], "write mosaic-ai send, and the options behind it"),
    ])
  func usageHints(arguments: [String], hint: String) {
    let result = home.run(arguments)
    #expect(result.status == .failure(64))
    #expect(lines(result.errors).last?.contains(hint) == true, "\(result.errors)")
    #expect(!result.errors.contains("ecret") && !result.errors.contains("Well"), "\(result.errors)")
  }

  @Test(
    "a text that begins with a dash is no option where white space shows it, nor behind --",
    arguments: [
      ["send", "--dry-run", "- Where was she?"], ["send", "- Where was she?", "--dry-run"],
      ["send", "--dry-run", "--", "- Where was she?"],
      ["send", "--dry-run", "--title", "- x", "--", "- Where was she?"],
      ["send", "--title", "--new york", "- Where was she?", "--dry-run"],
    ])
  func dashes(arguments: [String]) throws {
    _ = home.run("legacies", "add", "Grace")
    let result = home.run(arguments)
    #expect(result.status == .success, "\(result.errors)")
    #expect(result.output.contains(#""text":"- Where was she?""#))
    #expect(home.run("send", "--dry-run", "--", "-x").output.contains(#""text":"-x""#))
    #expect(home.run("legacies", "add", "--", "-o").status == .success)
    #expect(home.run("legacies").output.contains("\t-o\t"))
  }

  @Test(
    "every error about a value says what to do about it",
    arguments: [
      ["legacies", "add", ""], ["legacies", "add", String(repeating: "x", count: 201)], ["legacies", "add", "a\nb"],
      ["legacies", "add", "\u{200d}"], ["legacies", "share", "Grace", ""], ["legacies", "--user", ""],
      ["send", "--title", "", "Hi"], ["send", "--title", String(repeating: "x", count: 201), "Hi"],
      ["send", "--max-tokens", "0", "Hi"],
      ["send", "--temperature", "2", "Hi"], ["send", "--timeout", "0", "Hi"], ["send", "--timeout", "1e300", "Hi"],
      ["send", "--max-attempts", "0", "Hi"], ["send", "--model", "", "Hi"], ["conversations", "--limit=-1"],
      ["conversations", "--offset=-1"], ["history", "--tail=-1"],
    ])
  func valueHints(arguments: [String]) {
    _ = home.run("legacies", "add", "Grace")
    let errors = lines(home.run(arguments).errors)
    #expect(errors.count == 2 && errors.last?.hasPrefix("hint: ") == true, "\(errors)")
  }

  @Test("settings of config.yaml that cannot be used store nothing", arguments: ["region: x y", "endpoint_url: foo"])
  func badSettings(line: String) throws {
    _ = home.run("legacies", "add", "Grace")
    try home.write(".config/mosaic-ai/config.yaml", line + "\n")
    let result = home.run("send", "Hi")
    #expect(result.status == .failure(78))
    home.variables["MOSAIC_AI_OUTPUT"] = "json"
    #expect(try object(home.run("send", "Hi").output)["code"] as? String == "config_invalid")
    home.variables["MOSAIC_AI_OUTPUT"] = nil
    #expect(result.errors.contains("config.yaml:1:\(line.prefix { $0 != " " }.count + 2): "))
    try home.write(".config/mosaic-ai/config.yaml", "")
    #expect(home.run("conversations").output == "")
  }

  @Test("verbose tells every setting of a reply, where it was made, and how long all of it took")
  func verbose() throws {
    home.transport = FixedTransport(body: try Self.reply())
    _ = home.run("legacies", "add", "Grace")
    let errors = home.run("send", "-v", "--legacy", "Grace", "--max-tokens", "7", "Hi").errors
    for text in [
      "legacy Grace (--legacy), persona biographer (default)", "(of the persona), at most 7 tokens (--max-tokens)",
      "at most 3 attempts",
    ] { #expect(errors.contains(text), "\(errors)") }
    #expect(lines(errors).last?.wholeMatch(of: /mosaic-ai: took [0-9]+ ms/) != nil)
    #expect(lines(home.run("legacies", "-v").errors).last?.contains("took ") == true)
    #expect(lines(home.run("history", "-v", "ffff").errors).contains { $0.contains("took ") })
  }

  @Test(
    "the format may stand right behind -o",
    arguments: [["legacies"], ["conversations", "list"], ["legacies", "add", "Grace"]])
  func joinedFormat(arguments: [String]) {
    #expect(home.run(arguments + ["-ojson"]).output.wholeMatch(of: /[\[{].*[\]}]\n/) != nil)
  }

  @Test(
    "whatever is wrong, send tells it in the format that holds, wherever that was set",
    arguments: [
      ["-ojson"], ["-o", "text", "-o=json"], ["--output=json"], ["--config", "json.yaml"], ["--config=json.yaml"], [],
    ])
  func formatOfErrors(options: [String]) throws {
    try home.write("json.yaml", "output: json\n")
    try home.write(".config/mosaic-ai/config.yaml", "output: \(options.isEmpty ? "json" : "text")\n")
    let options = options.map { $0.replacing("json.yaml", with: "\(home.path)/json.yaml") }
    for wrong in [["--nonsense"], ["one", "two"], ["--max-tokens", "0", "Hi"]] {
      let result = home.run(["send"] + options + wrong)
      #expect(try object(result.output)["code"] as? String == "usage", "\(result)")
    }
  }

  @Test("what list takes, its command takes too, says in its help, and hands to the subcommand behind it")
  func defaultSubcommands() {
    for option in ["--legacy", "--persona", "--limit", "--offset", "--output", "--database", "--user"] {
      #expect(home.run("conversations", "--help").output.contains("\(option) <"))
    }
    for command in ["legacies", "personas"] {
      #expect(home.run(command, "--help").output.contains("--output <format>"))
    }
    _ = home.run("legacies", "add", "Grace")
    #expect(home.run("legacies", "-ojson", "members", "Grace").output.hasPrefix("[{\"user_id\""))
    #expect(home.run("personas", "--user", "bob", "show", "friend", "--legacy", "Grace").status == .failure(66))
  }

  // MARK: Lists

  @Test("adding a legacy prints its id, and again the same one")
  func addLegacy() throws {
    let first = home.run("legacies", "add", "Grace Hopper")
    #expect(first.status == .success)
    #expect(first.errors == "")
    let id = first.output.trimmingCharacters(in: .newlines)
    #expect(id.wholeMatch(of: /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/) != nil)
    let again = home.run("legacies", "add", "grace hopper", "-o", "json")
    #expect(
      again.output
        == #"{"id":"\#(id)","name":"Grace Hopper","role":"owner","conversation_count":0,"created_at":"2026-11-23T06:13:02.000Z","created":false}"#
        + "\n")
    #expect(home.run("legacies").output == "\(id)\tGrace Hopper\towner\t0\t2026-11-23T06:13:02.000Z\n")
    #expect(home.run("legacies", "-o", "ndjson").output == again.output.replacing(#","created":false"#, with: ""))
  }

  @Test(
    "an empty list is an empty array, no line, and no file",
    arguments: [
      (["legacies", "-o", "json"], "[]\n"), (["conversations", "-o", "json"], "[]\n"), (["legacies"], ""),
      (["conversations", "-o", "ndjson"], ""),
    ])
  func emptyLists(arguments: [String], expected: String) throws {
    let result = home.run(arguments)
    #expect(result.status == .success)
    #expect(result.output == expected)
    #expect(result.errors == "")
    #expect(try FileManager.default.contentsOfDirectory(atPath: home.path).isEmpty)
  }

  @Test("personas are listed with exactly the documented fields, and shown with the prompt")
  func personas() throws {
    let list = try #require(
      try JSONSerialization.jsonObject(with: Data(home.run("personas", "-o", "json").output.utf8)) as? [[String: Any]])
    #expect(list.map { $0["id"] as? String } == ["biographer", "friend"])
    for persona in list {
      #expect(Set(persona.keys) == ["id", "name", "icon", "description", "model_id", "max_tokens"])
    }
    let shown = try object(home.run("personas", "show", "friend", "-o", "json").output)
    #expect((shown["system_prompt"] as? String)?.contains("{legacy_name}") == true)
    _ = home.run("legacies", "add", "Grace")
    #expect(home.run("personas", "show", "friend", "--legacy", "grace").output.contains("talking to you about Grace,"))
  }

  @Test(
    "errors of lists leave standard output empty",
    arguments: [
      (["personas", "show", "freind"], 66), (["history"], 66), (["history", "abcd1234"], 66),
      (["legacies", "rename", "x", "y"], 66),
      (["delete", "last", "--yes"], 66),
      (["conversations", "--legacy", "x"], 66), (["conversations", "--persona", "x"], 66),
      (["legacies", "add", ""], 65),
      (["legacies", "--config", "/nowhere.yaml"], 78),
    ] as [([String], Int32)])
  func errors(arguments: [String], status: Int32) {
    let result = home.run(arguments + ["-o", "json"])
    #expect(result.status == .failure(status))
    #expect(result.output == "")
    #expect(result.errors.hasPrefix("mosaic-ai: "))
  }

  @Test("a configuration that cannot be used is told with its place, and nothing is done")
  func badConfiguration() throws {
    try home.write(".config/mosaic-ai/config.yaml", "user: ada\nmodle: x\n")
    let result = home.run("legacies", "add", "Grace")
    #expect(result.status == .failure(78))
    #expect(
      lines(result.errors) == [
        "mosaic-ai: \(home.path)/.config/mosaic-ai/config.yaml:2:1: unknown: modle", "hint: did you mean \"model\"?",
      ])
    #expect(!FileManager.default.fileExists(atPath: "\(home.path)/.local"))
  }

  // MARK: Sending

  @Test("a reply is printed as it is, with one line break, and nothing else is said")
  func send() throws {
    let transport = FixedTransport(body: try Self.reply())
    home.transport = transport
    _ = home.run("legacies", "add", "Grace")
    let result = home.run("send", "What was she like?")
    #expect(result.status == .success)
    #expect(result.output == "Grace was curious.\n")
    #expect(result.errors == "")
    #expect(
      transport.requests.map(\.url) == [
        "https://bedrock-runtime.us-east-1.amazonaws.com/model/us.anthropic.claude-sonnet-4-5-20250929-v1%3A0/converse-stream"
      ])
    let history = try object(home.run("history", "-o", "json").output)
    #expect(Set(history.keys) == ["messages", "total", "has_more"])
    let messages = try #require(history["messages"] as? [[String: Any]])
    #expect(messages.map { $0["content"] as? String } == ["What was she like?", "Grace was curious."])
    for message in messages {
      #expect(
        Set(message.keys) == [
          "id", "conversation_id", "role", "content", "token_count", "status", "stop_reason", "model_id", "reply_to",
          "created_at",
        ])
    }
    let conversations = try #require(
      try JSONSerialization.jsonObject(with: Data(home.run("conversations", "-o", "json").output.utf8))
        as? [[String: Any]])
    #expect(conversations.count == 1)
    #expect(
      Set(try #require(conversations.first).keys) == [
        "id", "user_id", "legacy_id", "legacy_name", "persona_id", "title", "message_count", "last_message_at",
        "created_at", "updated_at",
      ])
  }

  @Test(
    "the message comes from the argument, or from standard input where there is none or a dash",
    arguments: [
      (["send", "argument"], "input\n", "argument"), (["send"], "input\n\n", "input"),
      (["send", "-"], " two\nlines \n", " two\nlines"),
    ])
  func messageSource(arguments: [String], input: String, stored: String) throws {
    home.transport = FixedTransport(body: try Self.reply())
    _ = home.run("legacies", "add", "Grace")
    #expect(home.run(arguments, input: input).status == .success)
    let messages = try #require(try object(home.run("history", "-o", "json").output)["messages"] as? [[String: Any]])
    #expect(messages.first?["content"] as? String == stored)
  }

  @Test("events come as start, chunks and done", arguments: ["ndjson", "sse"])
  func sendEvents(format: String) throws {
    home.transport = FixedTransport(body: try Self.reply())
    _ = home.run("legacies", "add", "Grace")
    let result = home.run("send", "-o", format, "Hi")
    let events = try lines(result.output).map {
      try object(format == "sse" ? String($0.dropFirst("data: ".count)) : $0)
    }
    #expect(events.map { $0["type"] as? String } == ["start", "chunk", "chunk", "done"])
    #expect(events.compactMap { $0["content"] as? String } == ["Grace was ", "curious."])
    #expect(events.first?["conversation_created"] as? Bool == true)
    #expect(events.last?["token_count"] as? Int == 4)
  }

  @Test(
    "a failure of Bedrock's keeps the message and ends in its status, told once as event and once in words",
    arguments: [
      (400, #"{"message":"no","__type":"ValidationException"}"#, 65, "validation"),
      (403, #"{"message":"no","__type":"AccessDeniedException"}"#, 77, "access_denied"),
      (404, #"{"message":"no","__type":"ResourceNotFoundException"}"#, 69, "model_unavailable"),
      (503, "<html>", 75, "unavailable"),
    ])
  func sendFails(httpStatus: Int, body: String, status: Int32, code: String) throws {
    home.transport = FixedTransport(status: httpStatus, body: Array(body.utf8))
    _ = home.run("legacies", "add", "Grace")
    let result = home.run("send", "-o", "json", "--max-attempts", "1", "Hi")
    #expect(result.status == .failure(status))
    let event = try object(result.output)
    #expect(event["type"] as? String == "error")
    #expect(event["code"] as? String == code)
    #expect(event["exit_status"] as? Int == Int(status))
    #expect(event["content"] as? String == "")
    #expect(lines(result.errors).count == 2)
    #expect(result.errors.contains("--retry"))
    let messages = try #require(try object(home.run("history", "-o", "json").output)["messages"] as? [[String: Any]])
    #expect(messages.map { $0["status"] as? String } == ["failed"])

    home.transport = FixedTransport(body: try Self.reply())
    #expect(home.run("send", "--retry").output == "Grace was curious.\n")
  }

  @Test(
    "a usage error of send is its error event too, in the format asked for",
    arguments: [["--max-tokens", "0"], ["--nonsense"], ["--persona", "nobody"]])
  func sendUsageEvent(arguments: [String]) throws {
    let result = home.run(["send", "-o", "json", "Hi"] + arguments)
    let event = try object(result.output)
    #expect(event["type"] as? String == "error")
    #expect(result.status == .failure(Int32(try #require(event["exit_status"] as? Int))))
    #expect(event["conversation_id"] is NSNull)
  }

  @Test("a rehearsal prints the request, its headers without secrets, and stores nothing")
  func dryRun() throws {
    _ = home.run("legacies", "add", "Grace")
    home.variables = ["AWS_EC2_METADATA_DISABLED": "true"]
    let result = home.run("send", "--dry-run", "--region", "eu-west-1", "--model", "m:0", "Hi")
    #expect(result.status == .success)
    let request = try object(result.output)
    #expect(request["url"] as? String == "https://bedrock-runtime.eu-west-1.amazonaws.com/model/m%3A0/converse-stream")
    #expect((request["headers"] as? [String: String])?.keys.sorted() == ["Content-Type", "Host"])
    #expect((request["body"] as? [String: Any])?["messages"] != nil)
    #expect(home.run("conversations", "-o", "json").output == "[]\n")
  }

  @Test(
    "a message that breaks the rules stores nothing", arguments: ["", " \n ", String(repeating: "x", count: 10_001)])
  func badMessage(text: String) {
    _ = home.run("legacies", "add", "Grace")
    let result = home.run("send", text)
    #expect(result.status == .failure(65))
    #expect(home.run("conversations", "-o", "json").output == "[]\n")
  }

  // MARK: Deleting

  @Test("deleting asks for --yes where nobody can be asked, and then deletes")
  func delete() throws {
    home.transport = FixedTransport(body: try Self.reply())
    _ = home.run("legacies", "add", "Grace")
    _ = home.run("send", "Hi")
    let refused = home.run("delete", "last", input: "y\n")
    #expect(refused.status == .failure(64))
    #expect(refused.errors.contains("--yes"))
    #expect(home.run("history").status == .success)
    let deleted = home.run("delete", "last", "--yes", "-o", "ndjson")
    #expect(deleted.status == .success)
    #expect(try object(deleted.output)["deleted"] as? Bool == true)
    #expect(home.run("history").status == .failure(66))
  }

  @Test("history through a pipe is a line a message, its text escaped and safe")
  func historyLines() throws {
    home.transport = FixedTransport(body: try Self.reply())
    _ = home.run("legacies", "add", "Grace")
    _ = home.run("send", "two\nlines\tand \\ \u{1b}[31mred")
    let fields = lines(home.run("history").output).map {
      $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    }
    #expect(fields.map(\.count) == [5, 5])
    #expect(fields.map { $0[2] } == ["user", "assistant"])
    #expect(fields.map { $0[3] } == ["complete", "complete"])
    #expect(fields.map { $0[4] } == [#"two\nlines\tand \\ [31mred"#, "Grace was curious."])
  }

  @Test("quiet says errors alone, verbose what is being done")
  func levels() throws {
    home.transport = FixedTransport(body: try Self.reply())
    _ = home.run("legacies", "add", "Grace")
    #expect(home.run("send", "-q", "Hi").errors == "")
    let verbose = home.run("send", "-v", "Hi").errors
    #expect(verbose.contains("user ada (default)"))
    #expect(verbose.contains("region us-east-1 (default)"))
    #expect(!verbose.contains("Bearer"))
    #expect(home.run("send", "-q", "--persona", "x", "Hi").errors.hasPrefix("mosaic-ai: there is no persona"))
  }
}
