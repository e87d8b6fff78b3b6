import MosaicAICore
import Synchronization
import TestSupport
import Testing

@testable import MosaicAI
@testable import MosaicAICore
@testable import enum MosaicAI.ExitStatus

/// Whatever the variables of OpenTelemetry say, a message is sent as if they said nothing.
@Suite struct OddVariablesTests {
  private let home: TestHome
  private let collector = Collector()

  /// Answers Bedrock's requests, and takes everyone else's.
  private final class Collector: HTTPTransport {
    private let bodies = Mutex<[[UInt8]]>([])

    /// What was exported since the last call.
    func take() -> [[UInt8]] {
      bodies.withLock { bodies in
        defer { bodies = [] }
        return bodies
      }
    }

    func send(
      _ request: HTTPRequest, timeouts: HTTPTimeouts, cancellation: Cancellation, to receiver: any HTTPResponseReceiver
    ) throws {
      let isBedrock = request.url.contains("/converse-stream")
      if !isBedrock { bodies.withLock { $0.append(request.body) } }
      let answer = isBedrock ? ScriptedTransport.Answer.reply("A reply.") : .error(200)
      try ScriptedTransport(always: answer).send(
        request, timeouts: timeouts, cancellation: cancellation, to: receiver)
    }
  }

  init() throws {
    home = try TestHome()
    home.transport = collector
    #expect(home.run("legacies", "add", "Rose").status == .success)
  }

  private static let names = [
    "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_HEADERS",
    "OTEL_EXPORTER_OTLP_TRACES_HEADERS", "OTEL_EXPORTER_OTLP_TIMEOUT", "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT",
    "OTEL_SERVICE_NAME", "OTEL_RESOURCE_ATTRIBUTES", "OTEL_SDK_DISABLED", "OTEL_TRACES_EXPORTER",
    "OTEL_TRACES_SAMPLER", "OTEL_TRACES_SAMPLER_ARG", "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT",
    "TRACEPARENT",
  ]

  private static let values = [
    "", " ", "\t", ",", ",,,", "=", "==", "a=", "=a", "a=b=c", "%", "%%", "%4", "%zz", "%00", "%ff", "a=%0d%0ab",
    "a=%F0%9F%92%94", "💔", "é=é", "\u{202e}", "\u{1b}[2J", "\u{0}", "true", "TRUE", "false", "1", "0", "-1", "-0",
    "+1", "1e999", "-1e999", "nan", "inf", "0x10", "9223372036854775807", "9223372036854775808", "2147483648", "1.5",
    ".", "..", "/", "//", "http", "http:", "http://", "http:///", "http://:", "http://:1", "http://a:99999",
    "http://[::1", "http://[::1]:4318", "http://a b", "http://u:p@h", "http://h?q", "http://h#f", "ftp://h",
    "https://h/", "HTTP://H", "none", "console", "otlp", "none,otlp", "otlp,otlp,console", "logging", "always_on",
    "always_off", "traceidratio", "parentbased_", "parentbased_traceidratio", "parentbased_parentbased_always_on",
    "00", "00-", "----", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-",
    "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    String(repeating: "a", count: 5000), String(repeating: "a=b,", count: 2000), String(repeating: "%2C", count: 2000),
  ]

  /// Sends a message. It must be as without tracing, and what is exported must be right.
  private func send(_ variables: [String: String], sourceLocation: SourceLocation = #_sourceLocation) throws {
    let own = ["AWS_BEARER_TOKEN_BEDROCK": "key", "AWS_EC2_METADATA_DISABLED": "true"]
    home.variables = own.merging(variables) { $1 }
    let result = home.run("send", "--new", "Hi.")
    #expect(result.status == .success && result.output == "A reply.\n", "\(variables)", sourceLocation: sourceLocation)
    for line in result.standardError.lines where !line.hasPrefix("{") {
      #expect(StandardError(line).warnings.count == 1, "\(variables): \(line)", sourceLocation: sourceLocation)
    }
    for body in collector.take() {
      let spans = try TracedSpan.all(in: JSONText(body))
      #expect(spans.count == 8, "\(variables)", sourceLocation: sourceLocation)
    }
  }

  @Test("Odd values of all of them at once change nothing, nor does the status of an error")
  func send() throws {
    let (names, values) = (OddVariablesTests.names, OddVariablesTests.values)
    // Each value is in another variable each time.
    for first in values.indices {
      var variables = ["OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318"]
      for (index, name) in names.enumerated() where (first + index) % 3 == 0 {
        variables[name] = values[(first + index * 11) % values.count]
      }
      try send(variables)
    }
    #expect(home.run("send", "--legacy", "Nobody", "Hi.").status == .failure(66))
  }

  @Test("Whatever any of them says is a setting, or a problem that does not quote it", arguments: names)
  func settings(name: String) throws {
    for value in OddVariablesTests.values {
      for usual in ["http://collector:4318", ""] {
        var variables = ["OTEL_EXPORTER_OTLP_ENDPOINT": usual, "MOSAIC_AI_TRACE_FILE": "f"]
        variables["OTEL_TRACES_SAMPLER"] = "traceidratio"
        variables[name] = value
        check(TraceSettings(variables), variables)
      }
    }
  }

  @Test("The same is true of thousands of combinations")
  func combinations() throws {
    var random = Lehmer(seed: 20_261_126)
    for _ in 0..<3000 {
      var variables: [String: String] = [:]
      for name in OddVariablesTests.names {
        variables[name] = OddVariablesTests.values.randomElement(using: &random)
      }
      check(TraceSettings(variables), variables)
    }
  }

  private func check(_ settings: TraceSettings?, _ variables: [String: String]) {
    guard let settings else { return }
    let places = [settings.collector != nil, settings.isConsole, settings.file != nil]
    #expect(places.contains(true) == settings.isOn && (settings.isOn || !settings.problems.isEmpty), "\(variables)")
    #expect(settings.collector?.url.contains("://") != false && (0...1).contains(settings.sampler.ratio))
    for problem in settings.problems {
      #expect(problem.hasPrefix("OTEL_") || problem.hasPrefix("TRACEPARENT") || problem.hasPrefix("the endpoint URL"))
      #expect(!variables.values.contains { $0.count > 12 && problem.contains($0) }, "\(problem)")
    }
  }
}
