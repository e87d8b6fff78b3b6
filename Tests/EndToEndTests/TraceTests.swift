import Foundation
import TestSupport
import Testing

import Platform

/// Traces of what a command did, sent to a collector, written to a file, or shown.
@Suite(.crowd, .inGoodTime) struct TraceTests {
  private func send(_ home: Home, _ scenario: String, _ arguments: String...) -> Command {
    home.mosaic(["send", "--model", home.model(scenario)] + arguments + ["I miss her secretly."])
  }

  /// The spans in a trace file, of which each line is whole.
  private func spans(in path: String) throws -> [TracedSpan] {
    let text = try String(contentsOfFile: path, encoding: .utf8)
    guard text.hasSuffix("\n") else { throw Complaint("the last line is not whole") }
    return try text.split(separator: "\n").flatMap { try TracedSpan.all(in: JSONText(String($0))) }
  }

  // MARK: What is in a trace

  @Test("A message with two retries is one trace: a span for every step and every request")
  func tree() async throws {
    let home = try await Home.remembering()
    let collector = try TraceCollector()
    let ended = try await send(home, "throttle-2").with("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url).run()
    #expect(ended.status == 0)
    #expect(collector.requests.map(\.target) == ["/v1/traces"])
    let spans = try collector.spans()
    let chat = "chat \(home.model("throttle-2"))"
    #expect(
      spans.tree == [
        "mosaic-ai send", "  ai.chat.request", "    ai.conversation.get_or_create", "    ai.message.save",
        "    ai.chat.context_load", "    \(chat)", "      POST", "      POST", "      POST", "    ai.message.save",
      ])
    #expect(Set(spans.map(\.traceID)).count == 1 && Set(spans.map(\.id)).count == spans.count)
    #expect(spans.allSatisfy { $0.scope.hasPrefix("mosaic-ai ") && $0.resource["service.name"] == "mosaic-ai" })
    #expect(spans.named("POST").map { $0.attributes["http.response.status_code"] } == ["429", "429", "200"])
    #expect(spans.named("POST").map { $0.attributes["error.type"] } == ["429", "429", nil])
    #expect(spans.named("POST").map(\.status) == [2, 2, 0] && spans.named("POST").allSatisfy { $0.kind == 3 })
    let events = try spans.only(chat).events
    #expect(events.map(\.name) == ["bedrock.throttled", "bedrock.throttled"])
    #expect(events.map { $0.attributes["attempt"] } == ["2", "3"])
    #expect(try spans.only("mosaic-ai send").attributes == ["process.exit.code": "0"])
    #expect(spans.filter { $0.status == 2 }.count == 2)
  }

  @Test("The span of a reply says what was asked, and what came of it")
  func attributes() async throws {
    let home = try await Home.remembering()
    let collector = try TraceCollector()
    let ended = try await send(home, "normal", "--max-tokens", "77", "--guardrail", "gr-1:2", "-o", "json")
      .with("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", collector.url + "/some/where").run()
    let reply = try ended.json()
    #expect(collector.requests.map(\.target) == ["/some/where"])
    let spans = try collector.spans()
    let span = try spans.only("chat \(home.model("normal"))")
    let conversation = try #require(try await home.json("conversations").elements.first)
    func number(_ name: String) -> Int { reply["usage"][name].integer ?? 0 }
    let input = number("input_tokens") + number("cache_read_input_tokens") + number("cache_write_input_tokens")
    let endpoint = try #require(URL(string: home.simulator.endpoint))
    let expected = [
      "gen_ai.operation.name": "chat", "gen_ai.provider.name": "aws.bedrock", "gen_ai.request.stream": "true",
      "gen_ai.request.model": home.model("normal"), "gen_ai.request.max_tokens": "77",
      "gen_ai.response.finish_reasons": "end_turn", "gen_ai.usage.input_tokens": "\(input)",
      "gen_ai.usage.output_tokens": "\(number("output_tokens"))",
      "gen_ai.usage.cache_read.input_tokens": "\(number("cache_read_input_tokens"))",
      "gen_ai.usage.cache_creation.input_tokens": "\(number("cache_write_input_tokens"))",
      "gen_ai.conversation.id": reply["conversation_id"].string, "server.address": endpoint.host,
      "server.port": endpoint.port.map { "\($0)" }, "aws.bedrock.guardrail.id": "gr-1",
      "user_id": conversation["user_id"].string, "legacy_id": reply["legacy_id"].string, "persona_id": "biographer",
    ]
    var attributes = span.attributes
    let first = try #require(attributes.removeValue(forKey: "gen_ai.response.time_to_first_chunk").flatMap(Double.init))
    #expect(first > 0 && first < 60)
    #expect(attributes == expected.compactMapValues { $0 })
    #expect(try spans.only("ai.conversation.get_or_create").attributes["conversation_created"] == "true")
    #expect(
      try spans.only("ai.chat.context_load").attributes == ["message_count": "1", "recalled_count": "0"])
    let saved = spans.named("ai.message.save").map { [$0.attributes["role"], $0.attributes["message_id"]] }
    #expect(saved == [["user", reply["user_message_id"].string], ["assistant", reply["message_id"].string]])
  }

  @Test("Tokens that the service keeps in its cache are input tokens too")
  func cachedTokens() async throws {
    let home = try await Home.remembering()
    let collector = try TraceCollector()
    // Long enough to be cached with the next message.
    let memory = String(repeating: "She sang in the kitchen. ", count: 300)
    try await home.succeed("send", "--model", home.model("normal"), memory)
    let ended = try await send(home, "normal", "-o", "json").with("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url).run()
    let usage = try ended.json()["usage"]
    let cached = ["cache_read_input_tokens", "cache_write_input_tokens"].compactMap { usage[$0].integer }
    let input = try #require(usage["input_tokens"].integer)
    try #require(cached.contains { $0 > 0 })
    let span = try collector.spans().only("chat \(home.model("normal"))")
    #expect(span.attributes["gen_ai.usage.input_tokens"] == "\(cached.reduce(input, +))")
  }

  @Test(
    "A failure is in the spans that it ended, as a kind of error and an exception",
    arguments: [
      ("access-denied", "access_denied", 77), ("exception-throttling-1", "throttled", 75),
      ("guardrail-1", "blocked", 65),
    ])
  func failure(scenario: String, code: String, status: Int) async throws {
    let home = try await Home.remembering()
    let collector = try TraceCollector()
    let ended = try await send(home, scenario).with("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url + "/").run()
    #expect(ended.status == Int32(status))
    let spans = try collector.spans()
    let request = try spans.only("ai.chat.request")
    #expect(request.status == 2 && request.attributes["error.type"] == code)
    #expect(request.events.map(\.name) == ["exception"])
    #expect(request.events.first?.attributes == ["exception.type": code])
    let root = try spans.only("mosaic-ai send")
    #expect(root.status == 2 && root.attributes == ["process.exit.code": "\(status)"])
    // The model did what was asked of it, if a guardrail stopped the reply.
    #expect(try spans.only("chat \(home.model(scenario))").status == (code == "blocked" ? 0 : 2))
  }

  @Test("A trace goes on that began elsewhere, and describes the program as the environment says")
  func surroundings() async throws {
    let home = try await Home.remembering()
    let collector = try TraceCollector()
    let (trace, span) = ("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331")
    let ended = try await send(home, "normal").with("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
      .with("TRACEPARENT", "00-\(trace)-\(span)-01").with("OTEL_SERVICE_NAME", "memories")
      .with("OTEL_RESOURCE_ATTRIBUTES", "service.name=other, host.name=a%20b%2Cc ,x=1=2")
      .with("OTEL_EXPORTER_OTLP_HEADERS", "authorization=Basic%20YTpi,X-Odd = 1=2 ,=,broken,e%0d%0avil=1").run()
    #expect(ended.status == 0 && ended.standardError.warnings.count == 1)
    #expect(ended.errors.contains("OTEL_EXPORTER_OTLP_HEADERS") && !ended.errors.contains("YTpi"))
    let headers = try #require(collector.requests.first).headers
    #expect(headers["authorization"] == "Basic YTpi" && headers["x-odd"] == "1=2" && headers["evil"] == nil)
    let spans = try collector.spans()
    #expect(spans.allSatisfy { $0.traceID == trace })
    let root = try spans.only("mosaic-ai send")
    #expect(root.parentID == span)
    #expect(root.resource["service.name"] == "memories" && root.resource["host.name"] == "a b,c")
    #expect(root.resource["x"] == "1=2" && root.resource["telemetry.sdk.language"] == "swift")
  }

  @Test(
    "Not every trace is recorded",
    arguments: [
      ("always_off", nil, nil, false), ("parentbased_always_on", nil, "00", false),
      ("parentbased_always_off", nil, "01", true), ("ALWAYS_ON", nil, "00", true), ("traceidratio", "0", "01", false),
      ("parentbased_traceidratio", "0", nil, false), ("traceidratio", "1.0", nil, true), ("xray", nil, nil, true),
    ] as [(String, String?, String?, Bool)])
  func sampling(sampler: String, argument: String?, flags: String?, isRecorded: Bool) async throws {
    let home = try await Home.remembering()
    let collector = try TraceCollector()
    let ended = try await send(home, "normal").with("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
      .with("OTEL_TRACES_SAMPLER", sampler).with("OTEL_TRACES_SAMPLER_ARG", argument)
      .with("TRACEPARENT", flags.map { "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-\($0)" }).run()
    #expect(ended.status == 0)
    #expect(try collector.spans().isEmpty != isRecorded)
    #expect(ended.standardError.warnings.count == (sampler == "xray" ? 1 : 0))
  }

  @Test("The text of a message is in a trace only if that is asked for", arguments: [nil, "1", "yes", "True"])
  func content(value: String?) async throws {
    let home = try await Home.remembering()
    let collector = try TraceCollector()
    let ended = try await send(home, "normal", "--title", "An unspoken title")
      .with("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
      .with("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", value).run()
    #expect(ended.status == 0)
    let body = try #require(collector.requests.first).body
    let attributes = try collector.spans().only("chat \(home.model("normal"))").attributes
    #expect(body.contains("secretly") == (value == "True"))
    #expect(!body.contains("unspoken") && body.contains("Rose") == (value == "True"))
    guard value == "True" else { return }
    let messages = try JSONText(try #require(attributes["gen_ai.input.messages"]))
    #expect(messages[0]["role"].string == "user")
    #expect(messages[0]["parts"][0]["content"].string == "I miss her secretly.")
    let reply = try JSONText(try #require(attributes["gen_ai.output.messages"]))
    #expect(reply[0]["parts"][0]["content"].string.map { $0 + "\n" } == ended.output)
    #expect(attributes["gen_ai.system_instructions"]?.contains("Rose") == true)
  }

  @Test("A conversation at a terminal is one trace, and what is over is sent while it goes on")
  func conversation() async throws {
    let home = try await Home.remembering()
    let collector = try TraceCollector()
    let chat = try Talk(
      home.mosaic("chat", "--model", home.model("echo")).with("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url))
    try await chat.prompts()
    try await chat.says("First words.")
    try await chat.says("Second words.")
    try await home.eventually { collector.requests.count == 1 }
    #expect(try await chat.leave().status == 0)
    let spans = try collector.spans()
    #expect(spans.tree.filter { $0.hasPrefix("  ai") } == ["  ai.chat.request", "  ai.chat.request"])
    #expect(spans.tree.first == "mosaic-ai chat" && collector.requests.count == 2)
  }

  @Test("An interview is one trace, on however many threads it asks")
  func interview() async throws {
    let home = try await Home.remembering()
    try await home.succeed("legacies", "add", "Grace")
    try home.write("Where did she live?\nWhat did she sing?\n", to: "questions.txt")
    let path = "\(home.path)/traces.jsonl"
    let ended = try await home.mosaic(
      "interview", "--questions", "questions.txt", "--all-legacies", "--jobs", "2", "--model", home.model("throttle-1"),
      "--log-format", "json", "-v"
    ).with("MOSAIC_AI_TRACE_FILE", path).run()
    #expect(ended.status == 0)
    let spans = try spans(in: path)
    #expect(spans.tree.first == "mosaic-ai interview" && Set(spans.map(\.traceID)).count == 1)
    #expect(spans.tree.filter { $0 == "  ai.chat.request" }.count == 4 && spans.named("POST").count == 5)
    for line in ended.errors.split(separator: "\n") {
      #expect(try JSONText(String(line))["trace_id"].string == spans[0].traceID)
    }
  }

  // MARK: Where traces go

  @Test("A trace file has a line for each command, readable by its owner alone, however many write at once")
  func file() async throws {
    let home = try await Home.remembering()
    let path = "\(home.path)/traces.jsonl"
    try await withThrowingTaskGroup(of: Ended.self) { group in
      for _ in 0..<8 {
        group.addTask { try await send(home, "normal", "--new").with("MOSAIC_AI_TRACE_FILE", path).run() }
      }
      for try await ended in group { #expect(ended.status == 0 && ended.errors == "") }
    }
    let spans = try spans(in: path)
    #expect(spans.named("mosaic-ai send").count == 8 && Set(spans.map(\.traceID)).count == 8)
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect(mode == 0o600)
  }

  @Test("An address that is none is a warning, and nothing is traced")
  func unusableAddress() async throws {
    let home = try await Home.remembering()
    let ended = try await home.mosaic("send", "--model", home.model("normal"), "Hi.")
      .with("OTEL_EXPORTER_OTLP_ENDPOINT", "localhost:4318").run()
    #expect(ended.status == 0 && ended.standardError.warnings.count == 1)
    #expect(ended.errors.contains("OTEL_EXPORTER_OTLP_ENDPOINT"))
  }

  @Test(
    "A collector is trusted with the certificates that Amazon Bedrock is trusted with",
    .enabled(if: Tool.have("openssl", "python3"), "openssl or python3 is not installed"),
    arguments: ["AWS_CA_BUNDLE", "SSL_CERT_FILE", "ca_bundle"])
  func certificates(setting: String) async throws {
    let home = try await Home.remembering()
    let authority = try PrivateAuthority.shared.get()
    let collector = try TraceCollector()
    let front = try await TLSFront(to: try #require(Int(collector.url.split(separator: ":").last ?? "")))
    let command = send(home, "normal").with("OTEL_EXPORTER_OTLP_ENDPOINT", front.url)
    #expect(try await command.run().status == 0)
    #expect(try collector.spans().isEmpty)
    if setting == "ca_bundle" {
      try home.write("[default]\nca_bundle = \(authority.certificate)\n", to: ".aws/config")
    }
    let ended = try await command.with(setting, authority.certificate).run()
    #expect(ended.status == 0)
    #expect(try !collector.spans().isEmpty)
  }

  @Test("A file that cannot be written is a warning", arguments: ["/dev/full", "missing/folder/x", "."])
  func brokenFile(path: String) async throws {
    let home = try await Home.remembering()
    let ended = try await send(home, "normal").with("MOSAIC_AI_TRACE_FILE", path).run()
    #expect(ended.status == 0 && ended.standardError.warnings.count == 1 && ended.errors.contains(path))
    let quiet = try await send(home, "normal", "-q").with("MOSAIC_AI_TRACE_FILE", path).run()
    #expect(quiet.status == 0 && quiet.errors == "")
  }

  @Test("A pipe that nobody reads is a warning, and not waited for")
  func pipe() async throws {
    let home = try await Home.remembering()
    let path = "\(home.path)/pipe"
    try #require(mkfifo(path, 0o600) == 0)
    let ended = try await send(home, "normal").with("MOSAIC_AI_TRACE_FILE", path).run()
    #expect(ended.status == 0 && ended.standardError.warnings.count == 1)
  }

  @Test("No trace is added to a database")
  func database() async throws {
    let home = try await Home.remembering()
    try await home.succeed("backup", "copy")
    let copy = home.folder.contents("copy")
    symlink(home.database, "\(home.path)/link")
    for path in [home.database, "copy", "link"] {
      let ended = try await send(home, "normal").with("MOSAIC_AI_TRACE_FILE", path).run()
      #expect(ended.status == 0 && ended.standardError.warnings.count == 1)
      #expect(ended.errors.contains("\(path): it is a database"), "\(ended.errors)")
    }
    #expect(home.folder.contents("copy") == copy)
    let checks = try await home.mosaic("doctor", "--deep", "-o", "json").run().json()["checks"].elements
    #expect(checks.first { $0["name"].string == "database_integrity" }?["status"].string == "ok")
  }

  @Test("A trace for which a pipe has no room is a warning that says why, and ends its line")
  func fullPipe() async throws {
    let home = try await Home.remembering()
    let path = "\(home.path)/pipe"
    try #require(mkfifo(path, 0o600) == 0)
    // Of its 16 pages one is left, which is less than a trace.
    let reader = Descriptor(open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC))
    reader.write(Array(repeating: UInt8(ascii: "-"), count: 15 * 4096))
    let ended = try await send(home, "normal").with("MOSAIC_AI_TRACE_FILE", path).run()
    #expect(ended.status == 0 && ended.standardError.warnings.count == 1)
    #expect(ended.errors.contains("\(path): \(String(cString: strerror(EAGAIN)))"), "\(ended.errors)")
  }

  @Test(
    "A trace of which a part is written first is written whole", .enabled(if: OddMachine.hasFaults, "no C compiler"))
  func shortWrite() async throws {
    let home = try await Home.remembering()
    let path = "\(home.path)/traces.jsonl"
    let ended = try await send(home, "normal").with("MOSAIC_AI_TRACE_FILE", path).with("FAULT_FOLDER", path)
      .with("FAULT_DO", "short").with(fault: "FAULT_AT", "1").run()
    #expect(ended.status == 0 && ended.errors == "", "\(ended.errors)")
    #expect(try !spans(in: path).isEmpty)
  }

  @Test("The console shows a trace on standard error, and file and collector get it too")
  func console() async throws {
    let home = try await Home.remembering()
    let collector = try TraceCollector()
    let path = "\(home.path)/traces.jsonl"
    let command = send(home, "normal").with("OTEL_TRACES_EXPORTER", "console, OTLP")
      .with("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url).with("MOSAIC_AI_TRACE_FILE", path)
    let ended = try await command.run()
    let shown = try TracedSpan.all(in: JSONText(ended.errors))
    #expect(shown.tree.count == 8)
    #expect(try shown.map(\.id) == collector.spans().map(\.id))
    #expect(try shown.map(\.id) == spans(in: path).map(\.id))
    let logged = try await command.with("MOSAIC_AI_LOG_FORMAT", "json").run()
    let lines = try logged.errors.split(separator: "\n").map { try JSONText(String($0)) }
    #expect(lines.count == 1 && lines[0]["event"].string == "trace" && lines[0]["resourceSpans"].elements.count == 1)
    #expect(try await command.appending(Array("-q".utf8)).run().errors == "")
  }

  @Test(
    "Nothing is sent if nothing is asked for, or if tracing is turned off",
    arguments: [("OTEL_SDK_DISABLED", "TRUE"), ("OTEL_TRACES_EXPORTER", "none")])
  func off(name: String, value: String) async throws {
    let home = try await Home.remembering()
    let collector = try TraceCollector()
    let ended = try await send(home, "normal", "-v").with("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
      .with(name, value).run()
    #expect(ended.status == 0 && collector.requests.isEmpty && !ended.errors.contains("trace "))
  }

  @Test("Other commands have no trace")
  func otherCommands() async throws {
    let home = try await Home.remembering()
    let collector = try TraceCollector()
    for arguments in [["legacies"], ["doctor"], ["--version"], ["history"], ["send", "--nonsense"]] {
      _ = try await home.mosaic(arguments).with("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url).run()
    }
    #expect(collector.requests.isEmpty)
  }

  // MARK: When the collector fails

  @Test(
    "A collector that fails changes nothing, and is told with --verbose",
    arguments: ["silent", "error", "hang up", "nonsense", "away"])
  func failingCollector(fault: String) async throws {
    let home = try await Home.remembering()
    let collector = try TraceCollector { _ in
      switch fault {
      case "silent": .silence(milliseconds: 20_000)
      case "error": .text(503, "busy")
      case "hang up": .hangUp
      default: .raw("nonsense\r\n\r\n")
      }
    }
    let url = fault == "away" ? "http://127.0.0.1:9" : collector.url
    let plain = try await send(home, "echo", "--new").run()
    let ended = try await send(home, "echo", "--new").with("OTEL_EXPORTER_OTLP_ENDPOINT", url).run()
    #expect(ended.status == 0 && ended.output == plain.output && ended.errors == "")
    let verbose = try await send(home, "echo", "--new", "-v").with("OTEL_EXPORTER_OTLP_ENDPOINT", url).run()
    #expect(verbose.status == 0 && verbose.output == plain.output)
    #expect(verbose.standardError.warnings.count == 1 && verbose.errors.contains(url))
    let failed = try await send(home, "access-denied").with("OTEL_EXPORTER_OTLP_ENDPOINT", url).run()
    #expect(failed.status == 77 && failed.standardError.isErrorAndHint)
  }

  @Test("A reply is stored and shown before its trace is sent, and the program ends though nothing limits a request")
  func afterwards() async throws {
    let home = try await Home.remembering()
    // Longer than the test waits for the program.
    let collector = try TraceCollector { _ in .silence(milliseconds: 1_000_000) }
    let running = try send(home, "echo").with("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
      .with("OTEL_EXPORTER_OTLP_TIMEOUT", "0").start()
    try await running.shows("secretly.\n")
    try await home.eventually { !collector.requests.isEmpty }
    #expect(try await home.messages().statuses == ["complete", "complete"])
    #expect(try await running.end().status == 0)
  }

  @Test("A signal ends a traced reply as any other, and the wait for a collector early")
  func signal() async throws {
    let home = try await Home.remembering()
    let collector = try TraceCollector { _ in .silence(milliseconds: 20_000) }
    let path = "\(home.path)/traces.jsonl"
    let running = try home.mosaic("send", "--model", home.model("hang-2"), "Hello.")
      .with("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url).with("MOSAIC_AI_TRACE_FILE", path).start()
    try await running.shows(" Part 2.")
    running.signal(SIGTERM)
    #expect(try await running.end().ending == .killed(by: SIGTERM))
    #expect(try await home.messages().statuses == ["complete", "interrupted"])
    #expect(try spans(in: path).only("ai.chat.request").attributes["error.type"] == "interrupted")
  }

  // MARK: As others read it

  @Test(
    "OpenTelemetry's own definitions take what is exported",
    .enabled(if: Python.has("opentelemetry.proto.collector.trace.v1.trace_service_pb2", "google.protobuf.json_format")))
  func official() async throws {
    let home = try await Home.remembering()
    let path = "\(home.path)/traces.jsonl"
    for scenario in ["throttle-1", "access-denied"] {
      _ = try await send(home, scenario).with("MOSAIC_AI_TRACE_FILE", path).run()
    }
    let script = """
      import base64, json, sys
      from google.protobuf import json_format
      from opentelemetry.proto.collector.trace.v1 import trace_service_pb2
      def base64s(value):  # The one way in which OTLP differs from Protobuf's mapping.
          if isinstance(value, list): return [base64s(v) for v in value]
          if not isinstance(value, dict): return value
          return {k: base64.b64encode(bytes.fromhex(v)).decode() if k in ("traceId", "spanId", "parentSpanId")
                  else base64s(v) for k, v in value.items()}
      for line in open(sys.argv[1]):
          request = trace_service_pb2.ExportTraceServiceRequest()
          json_format.ParseDict(base64s(json.loads(line)), request, ignore_unknown_fields=False)
          for span in request.resource_spans[0].scope_spans[0].spans:
              assert len(span.trace_id) == 16 and len(span.span_id) == 8 and span.end_time_unix_nano
              print(span.name, span.kind, span.status.code)
      """
    let ended = try await Command(
      try Tool.path("python3"), ["-c", script, path], variables: ProcessInfo.processInfo.environment,
      folder: home.path, owner: home
    ).run()
    #expect(ended.status == 0, "\(ended.errors)")
    #expect(ended.lines.filter { $0 == "POST 3 2" }.count == 2 && ended.lines.contains("mosaic-ai send 1 2"))
  }
}

/// What Python can import.
private enum Python {
  static func has(_ modules: String...) -> Bool {
    guard let python = try? Tool.path("python3") else { return false }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: python)
    process.arguments = ["-c", "import " + modules.joined(separator: ", ")]
    process.standardError = FileHandle.nullDevice
    do { try process.run() } catch { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }
}
