import Synchronization

/// A server that takes traces over OTLP, as strictly as Protobuf's JSON mapping and OTLP's exceptions from it allow.
package final class TraceCollector: Sendable {
  private let server: LoopbackServer

  /// - Parameter answer: to each request, counted from 0; nil for the usual one
  package init(_ answer: @escaping @Sendable (Int) -> LoopbackServer.Answer? = { _ in nil }) throws {
    server = try LoopbackServer { _, number in answer(number) ?? .text(200, "{}") }
  }

  /// The base of its URLs.
  package var url: String { server.url }

  package var requests: [LoopbackServer.Request] { server.requests }

  /// All spans so far, each request checked.
  package func spans() throws -> [TracedSpan] {
    try server.requests.flatMap { request in
      guard request.method == "POST", request.headers["content-type"] == "application/json" else {
        throw Complaint("\(request.method) with \(request.headers["content-type"] ?? "no type") is not OTLP in JSON")
      }
      return try TracedSpan.all(in: JSONText(request.body))
    }
  }
}

/// A span as it was exported.
package struct TracedSpan: Sendable {
  package let traceID: String
  package let id: String
  package let parentID: String?
  package let name: String
  package let kind: Int
  /// Nanoseconds since 1970.
  package let times: ClosedRange<UInt64>
  /// Integers, truths and texts as texts, lists with commas.
  package let attributes: [String: String]
  package let events: [(name: String, attributes: [String: String])]
  /// 0 if it is not set, 1 for success, 2 for an error.
  package let status: Int
  package let resource: [String: String]
  package let scope: String

  /// The spans of an `ExportTraceServiceRequest`.
  ///
  /// - Throws: `Complaint` for whatever a strict reader would not take
  package static func all(in request: JSONText) throws -> [TracedSpan] {
    try list(request, "resourceSpans", only: ["resourceSpans"]).flatMap { resourceSpans in
      let resource = try member(resourceSpans, "resource", only: ["resource", "scopeSpans"])
      let attributes = try attributes(list(resource, "attributes", only: ["attributes"]))
      return try list(resourceSpans, "scopeSpans").flatMap { scopeSpans in
        let scope = try member(scopeSpans, "scope", only: ["scope", "spans"])
        let name = try text(scope, "name", only: ["name", "version"])
        let title = "\(name) \(try text(scope, "version"))"
        return try list(scopeSpans, "spans").map { try TracedSpan($0, attributes, title) }
      }
    }
  }

  private init(_ span: JSONText, _ resource: [String: String], _ scope: String) throws {
    let known = [
      "traceId", "spanId", "parentSpanId", "flags", "name", "kind", "startTimeUnixNano", "endTimeUnixNano",
      "attributes", "events", "status",
    ]
    traceID = try TracedSpan.id(TracedSpan.text(span, "traceId", only: known), digits: 32)
    id = try TracedSpan.id(TracedSpan.text(span, "spanId"), digits: 16)
    parentID =
      span["parentSpanId"] == .null ? nil : try TracedSpan.id(TracedSpan.text(span, "parentSpanId"), digits: 16)
    guard let flags = span["flags"].integer, (0...255).contains(flags) else { throw Complaint("no flags") }
    name = try TracedSpan.text(span, "name")
    guard !name.isEmpty, let kind = span["kind"].integer, (1...5).contains(kind) else {
      throw Complaint("\(name) has no kind")
    }
    self.kind = kind
    let start = try TracedSpan.nanoseconds(span, "startTimeUnixNano")
    let end = try TracedSpan.nanoseconds(span, "endTimeUnixNano")
    guard start <= end else { throw Complaint("\(name) ends before it begins") }
    times = start...end
    attributes = try TracedSpan.attributes(TracedSpan.list(span, "attributes"))
    events = try (span["events"] == .null ? [] : TracedSpan.list(span, "events")).map { event in
      let name = try TracedSpan.text(event, "name", only: ["timeUnixNano", "name", "attributes"])
      guard (start...end).contains(try TracedSpan.nanoseconds(event, "timeUnixNano")) else {
        throw Complaint("\(name) is outside its span")
      }
      return (name, try TracedSpan.attributes(TracedSpan.list(event, "attributes")))
    }
    try TracedSpan.check(span["status"], only: ["code", "message"])
    status = span["status"]["code"].integer ?? 0
    guard (0...2).contains(status) else { throw Complaint("\(name) has the status \(status)") }
    self.resource = resource
    self.scope = scope
  }

  // MARK: Reading strictly

  private static func check(_ object: JSONText, only names: [String]) throws {
    guard case .object = object else { throw Complaint("no object: \(object)") }
    guard Set(object.names).isSubset(of: names), Set(object.names).count == object.names.count else {
      throw Complaint("unknown or repeated members: \(object.names)")
    }
  }

  private static func member(_ object: JSONText, _ name: String, only names: [String]) throws -> JSONText {
    try check(object, only: names)
    return object[name]
  }

  private static func list(_ object: JSONText, _ name: String, only names: [String]? = nil) throws -> [JSONText] {
    if let names { try check(object, only: names) }
    guard case .array(let elements) = object[name] else { throw Complaint("\(name) is no array: \(object[name])") }
    return elements
  }

  private static func text(_ object: JSONText, _ name: String, only names: [String]? = nil) throws -> String {
    if let names { try check(object, only: names) }
    guard let text = object[name].string else { throw Complaint("\(name) is no text: \(object[name])") }
    return text
  }

  private static func id(_ text: String, digits: Int) throws -> String {
    guard text.count == digits, text.allSatisfy({ "0123456789abcdef".contains($0) }),
      text.contains(where: { $0 != "0" })
    else { throw Complaint("no id: \(text)") }
    return text
  }

  /// A 64-bit integer, which is a text.
  private static func nanoseconds(_ object: JSONText, _ name: String) throws -> UInt64 {
    let digits = try text(object, name)
    guard let number = UInt64(digits), String(number) == digits else { throw Complaint("no time: \(digits)") }
    return number
  }

  private static func attributes(_ list: [JSONText]) throws -> [String: String] {
    let pairs = try list.map { attribute in
      (try text(attribute, "key", only: ["key", "value"]), try value(attribute["value"]))
    }
    guard Set(pairs.map(\.0)).count == pairs.count else { throw Complaint("repeated keys: \(pairs)") }
    return Dictionary(uniqueKeysWithValues: pairs)
  }

  private static func value(_ value: JSONText) throws -> String {
    guard case .object(let members) = value, members.count == 1 else { throw Complaint("no value: \(value)") }
    switch (members[0].name, members[0].value) {
    case ("stringValue", .string(let text)): return text
    case ("boolValue", .bool(let truth)): return "\(truth)"
    case ("intValue", .string(let digits)) where Int64(digits).map { "\($0)" } == digits: return digits
    case ("doubleValue", .number(let number)): return number
    case ("arrayValue", let array):
      return try list(array, "values", only: ["values"]).map(self.value).joined(separator: ",")
    default: throw Complaint("no value: \(value)")
    }
  }
}

extension [TracedSpan] {
  /// The spans of that name.
  package func named(_ name: String) -> [TracedSpan] { filter { $0.name == name } }

  /// The only span of that name.
  package func only(_ name: String) throws -> TracedSpan {
    let found = named(name)
    guard found.count == 1 else { throw Complaint("\(found.count) spans are called \(name)") }
    return found[0]
  }

  /// The tree, a line for each span, by time, indented by two spaces.
  package var tree: [String] {
    func lines(below parent: String?, _ indent: String) -> [String] {
      filter { $0.parentID == parent }.sorted { $0.times.lowerBound < $1.times.lowerBound }.flatMap {
        [indent + $0.name] + lines(below: $0.id, indent + "  ")
      }
    }
    let ids = Set(map(\.id))
    let roots = Set(map(\.parentID)).filter { $0.map { !ids.contains($0) } ?? true }
    return roots.flatMap { lines(below: $0, "") }
  }
}
