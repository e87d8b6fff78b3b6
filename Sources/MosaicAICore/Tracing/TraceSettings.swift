/// OpenTelemetry's environment variables, read by its specification. A value that cannot be used is reported, and then
/// ignored: tracing never keeps a message from being sent.
package struct TraceSettings: Equatable, Sendable {
  /// A server that collects traces.
  package struct Collector: Equatable, Sendable {
    /// A header of the requests to a collector.
    package struct Header: Equatable, Sendable {
      package let name: String
      package let value: String
    }

    package var url: String
    /// Perhaps with secrets.
    package var headers: [Header] = []
    /// For one request; nil for no limit.
    package var timeout: Duration?
  }

  /// A name and its value.
  package struct Attribute: Equatable, Sendable {
    package let name: String
    package let value: String
  }

  /// The collector that traces are sent to; nil for none.
  package private(set) var collector: Collector?
  /// Whether traces are written to standard error.
  package private(set) var isConsole = false
  /// A file that traces are added to.
  package private(set) var file: String?
  /// Attributes of the program that the environment adds to its own.
  package private(set) var resource: [Attribute] = []
  /// Which traces are recorded.
  package private(set) var sampler = TraceSampler(ratio: 1, heedsParent: true)
  /// The span to continue from; nil to begin a trace.
  package private(set) var parent: TraceParent?
  /// Whether traces may have the text of messages.
  package private(set) var hasContent = false
  /// What was set but cannot be used.
  package private(set) var problems: [String] = []

  private let variables: [String: String]
  /// Variables that are set, but not to UTF-8.
  private let unreadable: [String]

  /// Whether there is a place that traces can go to.
  package var isOn: Bool { collector != nil || isConsole || file != nil }

  /// Nil if nothing is to be traced, and nothing is wrong with what was set.
  ///
  /// - Parameter unreadable: the names of variables that are not UTF-8
  package init?(_ variables: [String: String], unreadable: [String] = []) {
    self.variables = variables
    self.unreadable = unreadable
    guard [Name.endpoint, Name.tracesEndpoint, Name.exporter, Name.file].contains(where: isSet) else { return nil }
    guard !flag("OTEL_SDK_DISABLED") else { return nil }
    file = readFile()
    let exporters = exporters()
    isConsole = exporters.contains(.console)
    if exporters.contains(.otlp) { collector = readCollector() }
    guard isOn else {
      if problems.isEmpty { return nil }
      return
    }
    resource = readResource()
    sampler = readSampler()
    if let header = value(of: "TRACEPARENT") {
      parent = TraceParent(header: header)
      if parent == nil { problems.append("TRACEPARENT is not valid in W3C Trace Context; it is ignored") }
    }
    hasContent = flag("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT")
  }

  private enum Name {
    static let endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT"
    static let tracesEndpoint = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"
    static let exporter = "OTEL_TRACES_EXPORTER"
    static let file = "MOSAIC_AI_TRACE_FILE"
  }

  /// Whether a variable is set to anything, be it of use or not.
  private func isSet(_ name: String) -> Bool { variables.variable(name) != nil || unreadable.contains(name) }

  /// A variable that is set and not empty.
  private mutating func value(of name: String) -> String? {
    if variables[name] == nil, unreadable.contains(name) {
      problems.append("\(name) is not valid UTF-8; it is ignored")
    }
    return variables.variable(name)
  }

  /// Only `true`, whatever its case, turns something on.
  private mutating func flag(_ name: String) -> Bool {
    guard let value = value(of: name)?.lowercased() else { return false }
    if !["true", "false"].contains(value) { problems.append("\(name) is neither true nor false; false is assumed") }
    return value == "true"
  }

  // MARK: Where traces go

  private enum Exporter: String { case otlp, console, none }

  private mutating func exporters() -> Set<Exporter> {
    let hasEndpoint = [Name.endpoint, Name.tracesEndpoint].contains(where: isSet)
    let usual: Set<Exporter> = hasEndpoint ? [.otlp] : []
    guard let list = value(of: Name.exporter) else { return usual }
    let names = TraceSettings.elements(list).map { $0.lowercased() }
    let known = Set(names.compactMap(Exporter.init))
    if known.count < Set(names).count {
      problems.append("\(Name.exporter) has an exporter other than otlp, console and none; it is ignored")
    }
    return known.isEmpty ? usual : known.contains(.none) ? [] : known
  }

  private mutating func readFile() -> String? {
    let path = value(of: Name.file)
    guard let problem = path.flatMap(FilePath.problem(of:)) else { return path }
    problems.append("\(Name.file) \(problem); it is ignored")
    return nil
  }

  private mutating func readCollector() -> Collector? {
    func address(_ name: String) -> String? {
      guard let url = value(of: name) else { return nil }
      do {
        _ = try EndpointURL.checked(Sourced(url, from: .variable(name)))
        return url
      } catch {
        problems.append("\(Failure.from(error).message); it is ignored")
        return nil
      }
    }
    let base = { (url: String) in url.hasSuffix("/") ? "\(url)v1/traces" : "\(url)/v1/traces" }
    // An exporter that is named without an address has the one that collectors listen on.
    let isAddressed = [Name.endpoint, Name.tracesEndpoint].contains(where: isSet)
    let url = address(Name.tracesEndpoint) ?? address(Name.endpoint).map(base)
    guard let url = url ?? (isAddressed ? nil : base("http://localhost:4318")) else { return nil }
    return Collector(url: url, headers: readHeaders(), timeout: readTimeout())
  }

  private mutating func readHeaders() -> [Collector.Header] {
    let names = ["OTEL_EXPORTER_OTLP_TRACES_HEADERS", "OTEL_EXPORTER_OTLP_HEADERS"]
    guard let name = names.first(where: isSet), let list = value(of: name) else { return [] }
    var isWhole = true
    let headers = TraceSettings.elements(list).compactMap { element -> Collector.Header? in
      guard let (name, value) = TraceSettings.pair(element), TraceSettings.isHeaderName(name),
        value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f || $0 == 0x09 })
      else {
        isWhole = false
        return nil
      }
      return Collector.Header(name: name, value: value)
    }
    // Their values may be secret.
    if !isWhole { problems.append("\(name) has a header that cannot be sent; it is left out") }
    return headers
  }

  private mutating func readTimeout() -> Duration? {
    for name in ["OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "OTEL_EXPORTER_OTLP_TIMEOUT"] {
      guard let text = value(of: name) else { continue }
      if let milliseconds = Int32(text), milliseconds >= 0 {
        return milliseconds == 0 ? nil : .milliseconds(Int(milliseconds))
      }
      problems.append("\(name) is not a number of milliseconds; it is ignored")
    }
    return .seconds(10)
  }

  // MARK: What is traced

  private mutating func readResource() -> [Attribute] {
    var attributes: [Attribute] = []
    if let list = value(of: "OTEL_RESOURCE_ATTRIBUTES") {
      let pairs = TraceSettings.elements(list).map(TraceSettings.pair)
      if pairs.contains(where: { $0 == nil }) {
        problems.append("OTEL_RESOURCE_ATTRIBUTES is not a list of names and values; it is ignored")
      } else {
        for case .some((let name, let value)) in pairs {
          attributes.removeAll { $0.name == name }
          attributes.append(Attribute(name: name, value: value))
        }
      }
    }
    if let name = value(of: "OTEL_SERVICE_NAME") {
      attributes.removeAll { $0.name == "service.name" }
      attributes.append(Attribute(name: "service.name", value: name))
    }
    return attributes
  }

  private mutating func readSampler() -> TraceSampler {
    let usual = TraceSampler(ratio: 1, heedsParent: true)
    guard let name = value(of: "OTEL_TRACES_SAMPLER")?.lowercased() else { return usual }
    let prefix = "parentbased_"
    let heedsParent = name.hasPrefix(prefix)
    switch heedsParent ? String(name.dropFirst(prefix.count)) : name {
    case "always_on": return TraceSampler(ratio: 1, heedsParent: heedsParent)
    case "always_off": return TraceSampler(ratio: 0, heedsParent: heedsParent)
    case "traceidratio": return TraceSampler(ratio: readRatio(), heedsParent: heedsParent)
    default:
      problems.append("OTEL_TRACES_SAMPLER does not name a known sampler; it is ignored")
      return usual
    }
  }

  private mutating func readRatio() -> Double {
    guard let text = value(of: "OTEL_TRACES_SAMPLER_ARG") else { return 1 }
    if let ratio = Double(text), (0...1).contains(ratio) { return ratio }
    problems.append("OTEL_TRACES_SAMPLER_ARG is not a number from 0 to 1; it is ignored")
    return 1
  }

  // MARK: Lists

  /// What stands between commas, without white space around it.
  private static func elements(_ list: String) -> [String] {
    list.split(separator: ",").map(trimmed).filter { !$0.isEmpty }
  }

  /// The decoded sides of `name=value`; nil if it is something else.
  private static func pair(_ element: String) -> (name: String, value: String)? {
    guard let equals = element.unicodeScalars.firstIndex(of: "="),
      let name = percentDecoded(trimmed(element[..<equals])), !name.isEmpty,
      let value = percentDecoded(trimmed(element[element.unicodeScalars.index(after: equals)...]))
    else { return nil }
    return (name, value)
  }

  private static func trimmed(_ text: some StringProtocol) -> String {
    String(decoding: text.utf8.drop(while: isSpace).reversed().drop(while: isSpace).reversed(), as: UTF8.self)
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

  /// Whether it is a token (RFC 9110 §5.6.2), and not the name of a header that says how the request itself is sent.
  private static func isHeaderName(_ name: String) -> Bool {
    let own = ["content-type", "content-length", "transfer-encoding", "connection", "expect", "host"]
    return !own.contains(name.lowercased())
      && name.utf8.allSatisfy { isASCIIAlphanumeric($0) || "!#$%&'*+-.^_`|~".utf8.contains($0) }
  }
}
