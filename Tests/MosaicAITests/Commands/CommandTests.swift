import Foundation
import MosaicAICore
import TestSupport
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
    let file = URL(fileURLWithPath: "\(TestFiles.conformance)/eventstream/frames.json")
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
    "Wrong usage ends with 64, one error line, perhaps a hint, and no output",
    arguments: [
      ["frobnicate"], ["legacies", "add"], ["send", "--nonsense", "Hi"], ["send", "--max-tokens", "0", "Hi"],
      ["send", "--max-tokens", "many", "Hi"],
      ["send", "--temperature", "2", "Hi"], ["send", "--guardrail", "gr", "Hi"], ["send", "--retry", "Hi"],
      ["send", "--retry", "--new"],
      ["send", "--new", "--conversation", "last", "Hi"], ["send", "--timeout", "0", "Hi"],
      ["send", "--max-attempts", "0", "Hi"],
      ["send", "--endpoint-url", "no url", "Hi"], ["send", "--endpoint-url", "http://127.0.0.1:+80", "Hi"],
      ["doctor", "--endpoint-url", "http://[1:2:3]:80"],
      ["interview", "--endpoint-url", "http://h:0", "--questions", "q"],
      ["send", "--region", "no region!", "Hi"],
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
    #expect(result.standardError.isErrorWithOrWithoutHint, "\(result.errors)")
    #expect(!FileManager.default.fileExists(atPath: "\(home.path)/.local"), "nothing is created by a typo")
  }

  @Test(
    "Help and version go to standard output with status 0",
    arguments: [[], ["--help"], ["send", "--help"], ["help", "legacies"], ["--version"], ["legacies", "add", "-h"]])
  func help(arguments: [String]) {
    let result = home.run(arguments)
    #expect(result.status == .success)
    #expect(!result.output.isEmpty)
    #expect(result.errors == "")
  }

  @Test(
    "A usage error never repeats the message's words, and its hint says what to do",
    arguments: [
      (["send", "-Well", "else?"], " -- "),
      (["send", "--xyzzyx", "Secret"], " -- "),
      (["send", "Secret", "words"], "mosaic-ai send \"MESSAGE\""),
      (["send", "- Secret", "words"], "mosaic-ai send \"MESSAGE\""),
      (["send", "-o", "Secret"], "text, json, ndjson, sse"),
      (["send", "--max-tokens", "Secret"], "digits"),
      (["send", "--new=Secret"], "mosaic-ai send --help"),
      (["usage", "--by", "Secret"], "conversation, legacy, persona, model, user, day, month"),
      (["search", "x", "--role", "Secret"], "user, assistant"), (["legacies", "-o", "Secret"], "text, json, ndjson"),
      (["chat", "-o", "Secret"], "only be text"), (["chat", "-o", "text"], "mosaic-ai send \"MESSAGE\""),
      (["send", "--persn", "friend"], "--persona"),
      (["send", "--title", "-Secret", "Hi"], "--title=\"-…\""),
      (
        ["legacies", "add", "Rose", "Secret"],
        "mosaic-ai legacies add --help"
      ),
      (["legacies", "add", "- Secret"], " -- "),
      (["legacies", "share", "Rose"], "mosaic-ai legacies share --help"),
      (["legacies", "ad", "Rose"], "\"add\""),
      (["personas", "shw", "friend"], "\"show\""),
      (["conversations", "show", "last"], "mosaic-ai conversations --help"),
      (["help", "snd"], "\"send\""), (["snd", "--help"], "\"send\""),
      (["-v", "send", "Secret"], "mosaic-ai send"),
    ])
  func usageHints(arguments: [String], hint: String) {
    let result = home.run(arguments)
    #expect(result.status == .failure(64))
    #expect(result.standardError.hint.contains(hint), "\(result.errors)")
    #expect(!result.errors.contains("ecret") && !result.errors.contains("Well"), "\(result.errors)")
  }

  @Test(
    "Text that starts with a dash is not an option if it has white space or follows --",
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
    "Every error about a text has a hint",
    arguments: [
      ["legacies", "add", ""], ["legacies", "add", String(repeating: "x", count: 201)], ["legacies", "add", "a\nb"],
      ["legacies", "add", "\u{200d}"], ["legacies", "share", "Grace", ""], ["legacies", "--user", ""],
      ["send", "--title", "", "Hi"], ["send", "--title", String(repeating: "x", count: 201), "Hi"],
      ["send", "--model", "", "Hi"], ["send", "--guardrail", "x", "Hi"],
    ])
  func textHints(arguments: [String]) {
    _ = home.run("legacies", "add", "Grace")
    let result = home.run(arguments)
    #expect(result.standardError.isErrorAndHint, "\(result.errors)")
  }

  @Test(
    "An error about a number names the option, the value and what it may be",
    arguments: [
      (["send", "--max-tokens", "0", "Hi"], ["--max-tokens", "0", "1"]),
      (["send", "--temperature", "2", "Hi"], ["--temperature", "2.0", "0", "1"]),
      (["send", "--temperature", "nan", "Hi"], ["--temperature", "nan", "0", "1"]),
      (["send", "--timeout", "0", "Hi"], ["--timeout", "0.0", "86400"]),
      (["send", "--timeout", "1e300", "Hi"], ["--timeout", "1e+300", "86400"]),
      (["send", "--timeout", "nan", "Hi"], ["--timeout", "nan", "86400"]),
      (["send", "--connect-timeout=-1", "Hi"], ["--connect-timeout", "-1.0", "86400"]),
      (["send", "--connect-timeout", "inf", "Hi"], ["--connect-timeout", "inf", "86400"]),
      (["send", "--max-attempts", "0", "Hi"], ["--max-attempts", "0", "1", "100"]),
      (["doctor", "--timeout", "1e300"], ["--timeout", "1e+300", "86400"]),
      (["conversations", "--limit=-1"], ["--limit", "-1"]), (["conversations", "--offset=-1"], ["--offset", "-1"]),
      (["history", "--tail=-1"], ["--tail", "-1"]),
    ])
  func numbers(arguments: [String], facts: [String]) {
    _ = home.run("legacies", "add", "Grace")
    let result = home.run(arguments)
    #expect(result.status == .failure(64), "\(result.errors)")
    let words = Set(result.standardError.error.split { " ,".contains($0) }.map(String.init))
    #expect(words.isSuperset(of: facts), "\(result.errors)")
    #expect(result.standardError.lines.count == 1, "\(result.errors)")
  }

  @Test(
    "Unusable settings in config.yaml store nothing",
    arguments: ["region: x y", "endpoint_url: foo", "endpoint_url: http://h:+1"])
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

  @Test("--verbose shows every setting of a reply, its origin, and the time it took")
  func verbose() throws {
    home.transport = ScriptedTransport(always: .stream(bytes: try Self.reply()))
    _ = home.run("legacies", "add", "Grace")
    let errors = home.run("send", "-v", "--legacy", "Grace", "--max-tokens", "7", "Hi").errors
    for fact in ["Grace", "--legacy", "biographer", "7", "--max-tokens", "3"] {
      #expect(errors.contains(fact), "\(errors)")
    }
    #expect(lines(errors).last?.contains(/[0-9]+ ms/) == true)
    #expect(lines(home.run("legacies", "-v").errors).last?.contains(/[0-9]+ ms/) == true)
    #expect(lines(home.run("history", "-v", "ffff").errors).contains { $0.contains(/[0-9]+ ms/) })
  }

  @Test(
    "The format may follow -o directly",
    arguments: [["legacies"], ["conversations", "list"], ["legacies", "add", "Grace"]])
  func joinedFormat(arguments: [String]) {
    #expect(home.run(arguments + ["-ojson"]).output.wholeMatch(of: /[\[{].*[\]}]\n/) != nil)
  }

  @Test(
    "send reports any error in the format in effect, wherever that was set",
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

  @Test("A command takes, documents and passes on the options of its list subcommand")
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

  @Test("Adding a legacy prints its ID, and adding it again the same one")
  func addLegacy() throws {
    let first = home.run("legacies", "add", "Grace Hopper")
    #expect(first.status == .success)
    #expect(first.errors == "")
    let id = first.output.trimmingCharacters(in: .newlines)
    #expect(id.wholeMatch(of: /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/) != nil)
    let again = home.run("legacies", "add", "grace hopper", "-o", "json")
    #expect(
      again.output
        == #"""
        {"id":"\#(id)","name":"Grace Hopper","role":"owner","conversation_count":0,\#
        "created_at":"2026-11-23T06:13:02.000Z","created":false}
        """#
        + "\n")
    #expect(home.run("legacies").output == "\(id)\tGrace Hopper\towner\t0\t2026-11-23T06:13:02.000Z\n")
    #expect(home.run("legacies", "-o", "ndjson").output == again.output.replacing(#","created":false"#, with: ""))
  }

  @Test(
    "An empty list is an empty array or no line, and creates no file",
    arguments: [
      (["legacies", "-o", "json"], "[]\n"), (["conversations", "-o", "json"], "[]\n"), (["legacies"], ""),
      (["conversations", "-o", "ndjson"], ""),
    ])
  func emptyLists(arguments: [String], expected: String) throws {
    let result = home.run(arguments)
    #expect(result.status == .success)
    #expect(result.output == expected)
    #expect(result.errors == "There is no database yet.\n")
    #expect(try FileManager.default.contentsOfDirectory(atPath: home.path).isEmpty)
  }

  @Test("personas lists exactly the documented fields, and show adds the prompt")
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
    "An error in a list leaves standard output empty",
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
    #expect(result.standardError.isErrorWithOrWithoutHint, "\(result.errors)")
  }

  @Test("An unusable configuration is an error with its place, and nothing is done")
  func badConfiguration() throws {
    try home.write(".config/mosaic-ai/config.yaml", "user: ada\nmodle: x\n")
    let result = home.run("legacies", "add", "Grace")
    #expect(result.status == .failure(78))
    #expect(result.standardError.isErrorAndHint)
    #expect(result.standardError.error.hasPrefix("\(home.path)/.config/mosaic-ai/config.yaml:2:1: "))
    #expect(result.standardError.error.contains("modle") && result.standardError.hint.contains("\"model\""))
    #expect(!FileManager.default.fileExists(atPath: "\(home.path)/.local"))
  }

  // MARK: Sending

  @Test("A reply is printed unchanged with one newline, and nothing else")
  func send() throws {
    let transport = ScriptedTransport(always: .stream(bytes: try Self.reply()))
    home.transport = transport
    _ = home.run("legacies", "add", "Grace")
    let result = home.run("send", "What was she like?")
    #expect(result.status == .success)
    #expect(result.output == "Grace was curious.\n")
    #expect(result.errors == "")
    #expect(
      transport.requests.map(\.url) == [
        "https://bedrock-runtime.us-east-1.amazonaws.com/model/us.anthropic.claude-sonnet-4-6/converse-stream"
      ])
    let history = try object(home.run("history", "-o", "json").output)
    #expect(Set(history.keys) == ["messages", "total", "has_more"])
    let messages = try #require(history["messages"] as? [[String: Any]])
    #expect(messages.map { $0["content"] as? String } == ["What was she like?", "Grace was curious."])
    for message in messages {
      #expect(
        Set(message.keys) == [
          "id", "conversation_id", "role", "content", "token_count", "status", "stop_reason", "model_id", "reply_to",
          "created_at", "input_tokens", "cache_read_input_tokens", "cache_write_input_tokens", "error_code",
          "idempotency_key",
        ])
    }
    let conversations = try #require(
      try JSONSerialization.jsonObject(with: Data(home.run("conversations", "-o", "json").output.utf8))
        as? [[String: Any]])
    #expect(conversations.count == 1)
    #expect(
      Set(try #require(conversations.first).keys) == [
        "id", "user_id", "legacy_id", "legacy_name", "persona_id", "name", "title", "message_count", "last_message_at",
        "created_at", "updated_at",
      ])
  }

  @Test(
    "The message comes from the argument, or from standard input if that is missing or a dash",
    arguments: [
      (["send", "argument"], "input\n", "argument"), (["send"], "input\n\n", "input"),
      (["send", "-"], " two\nlines \n", " two\nlines"),
    ])
  func messageSource(arguments: [String], input: String, stored: String) throws {
    home.transport = ScriptedTransport(always: .stream(bytes: try Self.reply()))
    _ = home.run("legacies", "add", "Grace")
    #expect(home.run(arguments, input: input).status == .success)
    let messages = try #require(try object(home.run("history", "-o", "json").output)["messages"] as? [[String: Any]])
    #expect(messages.first?["content"] as? String == stored)
  }

  @Test("Events are a start, chunks and a done", arguments: ["ndjson", "sse"])
  func sendEvents(format: String) throws {
    home.transport = ScriptedTransport(always: .stream(bytes: try Self.reply()))
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
    "A Bedrock failure keeps the message and its status, as one event and one error line",
    arguments: [
      (400, #"{"message":"no","__type":"ValidationException"}"#, 65, "validation"),
      (403, #"{"message":"no","__type":"AccessDeniedException"}"#, 77, "access_denied"),
      (404, #"{"message":"no","__type":"ResourceNotFoundException"}"#, 69, "model_unavailable"),
      (503, "<html>", 75, "unavailable"),
    ])
  func sendFails(httpStatus: Int, body: String, status: Int32, code: String) throws {
    home.transport = ScriptedTransport(always: .error(httpStatus, [("Content-Type", "application/json")], body))
    _ = home.run("legacies", "add", "Grace")
    let result = home.run("send", "-o", "json", "--max-attempts", "1", "Hi")
    #expect(result.status == .failure(status))
    let event = try object(result.output)
    #expect(event["type"] as? String == "error")
    #expect(event["code"] as? String == code)
    #expect(event["exit_status"] as? Int == Int(status))
    #expect(event["content"] as? String == "")
    #expect(result.standardError.isErrorAndHint)
    #expect(result.standardError.hint.contains("--retry"))
    let messages = try #require(try object(home.run("history", "-o", "json").output)["messages"] as? [[String: Any]])
    #expect(messages.map { $0["status"] as? String } == ["failed"])

    home.transport = ScriptedTransport(always: .stream(bytes: try Self.reply()))
    #expect(home.run("send", "--retry").output == "Grace was curious.\n")
  }

  @Test(
    "A usage error of send is also an error event in the requested format",
    arguments: [["--max-tokens", "0"], ["--nonsense"], ["--persona", "nobody"]])
  func sendUsageEvent(arguments: [String]) throws {
    let result = home.run(["send", "-o", "json", "Hi"] + arguments)
    let event = try object(result.output)
    #expect(event["type"] as? String == "error")
    #expect(result.status == .failure(Int32(try #require(event["exit_status"] as? Int))))
    #expect(event["conversation_id"] is NSNull)
  }

  @Test("A dry run prints the request and its headers without secrets, and stores nothing")
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
    "A message that breaks the rules stores nothing", arguments: ["", " \n ", String(repeating: "x", count: 10_001)])
  func badMessage(text: String) {
    _ = home.run("legacies", "add", "Grace")
    let result = home.run("send", text)
    #expect(result.status == .failure(65))
    #expect(home.run("conversations", "-o", "json").output == "[]\n")
  }

  // MARK: Deleting

  @Test("doctor --online looks the model up with the credentials and the time that its request ended with")
  func lifecycle() throws {
    let key = #"{\"Version\":1,\"AccessKeyId\":\"AKID$(wc -l <runs | tr -d ' ')\",\"SecretAccessKey\":\"s\"}"#
    try home.write("keys", "cd \"$(dirname \"$0\")\"\necho x >>runs\necho \"\(key)\"\n")
    try home.write(".aws/config", "[default]\ncredential_process = sh \(home.path)/keys\n")
    home.variables = [
      "AWS_EC2_METADATA_DISABLED": "true", "AWS_ENDPOINT_URL": "http://bedrock.test",
      "PATH": "/usr/local/bin:/usr/bin:/bin",
    ]
    let skewed = [("x-amzn-ErrorType", "InvalidSignatureException"), ("Date", "Mon, 23 Nov 2026 06:33:02 GMT")]
    let transport = ScriptedTransport([
      .error(403, named: "ExpiredTokenException"), .error(403, skewed, "{}"), .stream(bytes: try Self.reply()),
      .error(200, [], #"{"modelDetails":{"modelLifecycle":{"status":"ACTIVE"}}}"#),
    ])
    home.transport = transport
    let report = home.run("doctor", "--online")
    #expect(lines(report.output).last?.contains("model_lifecycle\tactive") == true, "\(report.output)")
    let request = try #require(transport.requests.last)
    #expect(request.method == "GET" && transport.requests.count == 4)
    #expect(request.headers.contains { $0.name == "Authorization" && $0.value.contains("Credential=AKID2/") })
    #expect(request.headers.contains { $0 == ("X-Amz-Date", "20261123T063302Z") })
  }

  @Test("Deleting needs --yes if nobody can be asked")
  func delete() throws {
    home.transport = ScriptedTransport(always: .stream(bytes: try Self.reply()))
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

  @Test("history through a pipe is one line a message, escaped and safe")
  func historyLines() throws {
    home.transport = ScriptedTransport(always: .stream(bytes: try Self.reply()))
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

  @Test("--quiet shows only errors, --verbose also the steps")
  func levels() throws {
    home.transport = ScriptedTransport(always: .stream(bytes: try Self.reply()))
    _ = home.run("legacies", "add", "Grace")
    #expect(home.run("send", "-q", "Hi").errors == "")
    let verbose = home.run("send", "-v", "Hi").errors
    #expect(verbose.contains("ada") && verbose.contains("us-east-1"))
    #expect(!verbose.contains("Bearer"))
    #expect(home.run("send", "-q", "--persona", "x", "Hi").standardError.error.contains("\"x\""))
  }
}
