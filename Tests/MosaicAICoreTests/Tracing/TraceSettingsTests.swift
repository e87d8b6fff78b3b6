import TestSupport
import Testing

@testable import MosaicAICore

/// What the variables of OpenTelemetry come to, as its specification reads them.
@Suite struct TraceSettingsTests {
  /// The settings, with a collector by default.
  private func read(_ variables: [String: String]) -> TraceSettings? {
    TraceSettings(["OTEL_EXPORTER_OTLP_ENDPOINT": "http://c:4318"].merging(variables) { $1 })
  }

  @Test(
    "Nothing is traced unless a place for traces is named",
    arguments: [
      [:], ["OTEL_SERVICE_NAME": "x"], ["TRACEPARENT": "x"], ["OTEL_TRACES_SAMPLER": "always_on"],
      ["OTEL_EXPORTER_OTLP_ENDPOINT": ""], ["OTEL_TRACES_EXPORTER": "none"], ["OTEL_EXPORTER_OTLP_HEADERS": "a=b"],
      ["MOSAIC_AI_TRACE_FILE": "f", "OTEL_SDK_DISABLED": "true"],
    ])
  func off(variables: [String: String]) { #expect(TraceSettings(variables) == nil) }

  @Test(
    "The URL of the collector is that for traces as it is, else the common one with a path",
    arguments: [
      (["OTEL_EXPORTER_OTLP_ENDPOINT": "http://c:4318"], "http://c:4318/v1/traces"),
      (["OTEL_EXPORTER_OTLP_ENDPOINT": "https://c/a/"], "https://c/a/v1/traces"),
      (["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://c:4318"], "http://c:4318"),
      (
        ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://c/t/", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://d"], "http://c/t/"
      ),
      (["OTEL_TRACES_EXPORTER": "otlp"], "http://localhost:4318/v1/traces"),
      (["OTEL_EXPORTER_OTLP_ENDPOINT": "http://c", "OTEL_TRACES_EXPORTER": "Otlp,zipkin"], "http://c/v1/traces"),
    ])
  func collector(variables: [String: String], url: String) {
    #expect(TraceSettings(variables)?.collector?.url == url)
  }

  @Test(
    "A place that cannot be used is told, even if it is the only one",
    arguments: [
      ["OTEL_EXPORTER_OTLP_ENDPOINT": "c:4318"], ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "ftp://c"],
      ["OTEL_TRACES_EXPORTER": "zipkin"],
    ])
  func unusable(variables: [String: String]) throws {
    let settings = try #require(TraceSettings(variables))
    #expect(!settings.isOn && settings.problems.count == 1)
  }

  @Test("Files and the console are places too, which can be combined")
  func places() throws {
    let file = try #require(TraceSettings(["MOSAIC_AI_TRACE_FILE": "f", "OTEL_TRACES_EXPORTER": "none"]))
    #expect(file.file == "f" && file.collector == nil && !file.isConsole)
    let all = try #require(read(["MOSAIC_AI_TRACE_FILE": "f", "OTEL_TRACES_EXPORTER": " console , otlp"]))
    #expect(all.file == "f" && all.collector != nil && all.isConsole)
    #expect(read(["OTEL_TRACES_EXPORTER": "console"])?.collector == nil)
  }

  @Test(
    "Headers are decoded, and those for traces replace the others",
    arguments: [
      ("a=b", ["a: b"], 0), (" a = b ,c=d%2Ce%3D%C3%A9", ["a: b", "c: d,e=é"], 0), ("a=", ["a: "], 0),
      ("a=b=c", ["a: b=c"], 0),
      ("a", [], 1), ("=b,c=d", ["c: d"], 1), ("a=%", [], 1), ("a=%0Ab", [], 1), ("a b=c", [], 1), ("a=%FF", [], 1),
      ("Content-Length=3", [], 1), (",,", [], 0), ("a%2Db=c", ["a-b: c"], 0),
    ])
  func headers(list: String, expected: [String], problems: Int) throws {
    let settings = try #require(read(["OTEL_EXPORTER_OTLP_HEADERS": list]))
    #expect(settings.collector?.headers.map { "\($0.name): \($0.value)" } == expected)
    #expect(settings.problems.count == problems)
    let traces = try #require(
      read(["OTEL_EXPORTER_OTLP_HEADERS": list, "OTEL_EXPORTER_OTLP_TRACES_HEADERS": "t=1"]))
    #expect(traces.collector?.headers.map(\.name) == ["t"] && traces.problems.isEmpty)
  }

  @Test(
    "A timeout is a whole number of milliseconds, and 0 is none",
    arguments: [
      ("1500", .milliseconds(1500), 0), ("0", nil, 0), ("-1", .seconds(10), 1), ("1.5", .seconds(10), 1),
      ("1s", .seconds(10), 1), ("99999999999", .seconds(10), 1), (" 5", .seconds(10), 1),
    ] as [(String, Duration?, Int)])
  func timeout(text: String, expected: Duration?, problems: Int) throws {
    let settings = try #require(read(["OTEL_EXPORTER_OTLP_TIMEOUT": text]))
    #expect(settings.collector?.timeout == expected && settings.problems.count == problems)
    let both = read(["OTEL_EXPORTER_OTLP_TIMEOUT": text, "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT": "7"])
    #expect(both?.collector?.timeout == .milliseconds(7))
  }

  @Test(
    "Attributes of the resource are decoded; one that is broken discards them all; the service's name counts more",
    arguments: [
      ("a=b,c%20d=e%2Cf", ["a=b", "c d=e,f"], 0), ("a=b,c", [], 1), ("a=b,c=%zz", [], 1), ("a=b,=c", [], 1),
      ("a=1,a=2", ["a=2"], 0), ("service.name=x", ["service.name=x"], 0), ("a=", ["a="], 0),
    ])
  func resource(list: String, expected: [String], problems: Int) throws {
    let settings = try #require(read(["OTEL_RESOURCE_ATTRIBUTES": list]))
    #expect(settings.resource.map { "\($0.name)=\($0.value)" } == expected && settings.problems.count == problems)
    let named = read(["OTEL_RESOURCE_ATTRIBUTES": list, "OTEL_SERVICE_NAME": "s"])
    #expect(named?.resource.filter { $0.name == "service.name" }.map(\.value) == ["s"])
  }

  @Test(
    "A sampler has a ratio and may heed the trace's beginning",
    arguments: [
      ("always_on", nil, 1, false, 0), ("always_off", nil, 0, false, 0), ("Parentbased_Always_Off", "x", 0, true, 0),
      ("traceidratio", "0.25", 0.25, false, 0), ("parentbased_traceidratio", "1e-2", 0.01, true, 0),
      ("traceidratio", "2", 1, false, 1), ("traceidratio", "nan", 1, false, 1), ("traceidratio", "", 1, false, 0),
      ("parentbased_jaeger_remote", nil, 1, true, 1), ("on", "0", 1, true, 1), ("", "0", 1, true, 0),
    ] as [(String, String?, Double, Bool, Int)])
  func sampler(name: String, argument: String?, ratio: Double, heedsParent: Bool, problems: Int) throws {
    var variables = ["OTEL_TRACES_SAMPLER": name]
    variables["OTEL_TRACES_SAMPLER_ARG"] = argument
    let settings = try #require(read(variables))
    #expect(settings.sampler == TraceSampler(ratio: ratio, heedsParent: heedsParent))
    #expect(settings.problems.count == problems)
  }

  @Test("A ratio keeps the traces that other programs keep: those with the lowest of 63 bits")
  func ratio() {
    let sampler = TraceSampler(ratio: 0.5, heedsParent: true)
    func isSampled(_ end: String) -> Bool { sampler.isSampled("ffffffffffffffff" + end, parent: nil) }
    #expect(isSampled("0000000000000000") && isSampled("7fffffffffffffff") && !isSampled("8000000000000000"))
    #expect(!isSampled("ffffffffffffffff"))
    #expect(TraceSampler(ratio: 1, heedsParent: false).isSampled(String(repeating: "f", count: 32), parent: nil))
    #expect(!TraceSampler(ratio: 0, heedsParent: false).isSampled(String(repeating: "0", count: 32), parent: nil))
  }

  @Test(
    "A traceparent is read as W3C Trace Context says",
    arguments: [
      ("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", true),
      ("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-03", true),
      ("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00", false),
      ("cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-what-comes-later", true),
      ("cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", true),
    ])
  func parent(header: String, isSampled: Bool) throws {
    let parent = try #require(read(["TRACEPARENT": header])?.parent)
    #expect(parent.traceID == "0af7651916cd43dd8448eb211c80319c" && parent.spanID == "b7ad6b7169203331")
    #expect(parent.isSampled == isSampled)
  }

  @Test(
    "A traceparent that is wrong begins a trace anew",
    arguments: [
      "x", "00", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
      "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
      "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
      "00-00000000000000000000000000000000-b7ad6b7169203331-01",
      "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
      "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-x",
      "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1",
      "0-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
      "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0g",
      " 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
      "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01x",
      "00-0af7651916cd43dd8448eb211c80319é-b7ad6b7169203331-01",
    ])
  func wrongParent(header: String) throws {
    let settings = try #require(read(["TRACEPARENT": header]))
    #expect(settings.parent == nil && settings.problems.count == 1)
  }

  @Test(
    "Only true turns something on",
    arguments: [
      ("true", true, 0), ("TRUE", true, 0), ("1", false, 1), ("yes", false, 1), ("False", false, 0), ("", false, 0),
    ])
  func flags(text: String, isOn: Bool, problems: Int) throws {
    let settings = try #require(read(["OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT": text]))
    #expect(settings.hasContent == isOn && settings.problems.count == problems)
    #expect((read(["OTEL_SDK_DISABLED": text]) == nil) == isOn)
  }
}
