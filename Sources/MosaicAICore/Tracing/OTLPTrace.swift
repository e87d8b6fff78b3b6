import Tracing

/// Spans as OTLP has them in JSON: ids in hexadecimal, 64-bit integers as strings, enumerations as numbers.
struct OTLPTrace {
  /// What describes the program.
  let resource: [TraceSettings.Attribute]
  /// Who made the spans.
  let scope: (name: String, version: String)

  /// An `ExportTraceServiceRequest`.
  func json(_ spans: [RecordedSpan]) -> JSON {
    let resource: JSON = [
      "attributes": .array(resource.map { OTLPTrace.attribute($0.name, ["stringValue": .string($0.value)]) })
    ]
    let scopeSpans: JSON = [
      "scope": ["name": .string(scope.name), "version": .string(scope.version)],
      "spans": .array(spans.map(OTLPTrace.json)),
    ]
    return ["resourceSpans": [["resource": resource, "scopeSpans": [scopeSpans]]]]
  }

  private static func json(_ span: RecordedSpan) -> JSON {
    let state = span.snapshot
    var members = [
      JSON.Member("traceId", .string(span.identity.traceID)), JSON.Member("spanId", .string(span.identity.spanID)),
    ]
    if let parent = span.parentID { members.append(JSON.Member("parentSpanId", .string(parent))) }
    members += [
      // The lowest bits are those of W3C Trace Context.
      JSON.Member("flags", .integer(span.identity.isSampled ? 1 : 0)), JSON.Member("name", .string(state.name)),
      JSON.Member("kind", .integer(number(span.kind))), JSON.Member("startTimeUnixNano", decimal(span.start)),
      JSON.Member("endTimeUnixNano", decimal(state.end ?? span.start)),
      JSON.Member("attributes", attributes(state.attributes)),
    ]
    if !state.events.isEmpty { members.append(JSON.Member("events", .array(state.events.map(json)))) }
    members.append(JSON.Member("status", state.status.map(json) ?? [:]))
    return .object(members)
  }

  private static func json(_ event: SpanEvent) -> JSON {
    [
      "timeUnixNano": decimal(event.nanosecondsSinceEpoch), "name": .string(event.name),
      "attributes": attributes(event.attributes),
    ]
  }

  private static func json(_ status: SpanStatus) -> JSON {
    let code: JSON.Member = JSON.Member("code", .integer(status.code == .ok ? 1 : 2))
    return .object(status.message.map { [JSON.Member("message", .string($0)), code] } ?? [code])
  }

  private static func number(_ kind: SpanKind) -> Int {
    switch kind {
    case .internal: 1
    case .server: 2
    case .client: 3
    case .producer: 4
    case .consumer: 5
    }
  }

  private static func decimal(_ number: UInt64) -> JSON { .string(String(number)) }

  /// In the order of their names, so that the same span is always the same text.
  private static func attributes(_ attributes: SpanAttributes) -> JSON {
    var list: [(name: String, value: SpanAttribute)] = []
    attributes.forEach { list.append(($0, $1)) }
    return .array(list.sorted { $0.name < $1.name }.map { attribute($0.name, value($0.value)) })
  }

  private static func attribute(_ name: String, _ value: JSON) -> JSON { ["key": .string(name), "value": value] }

  /// An `AnyValue`.
  private static func value(_ attribute: SpanAttribute) -> JSON {
    func list<Element>(_ elements: [Element], _ value: (Element) -> JSON) -> JSON {
      ["arrayValue": ["values": .array(elements.map(value))]]
    }
    func integer(_ number: some BinaryInteger) -> JSON { ["intValue": .string(String(number))] }
    func text(_ text: String) -> JSON { ["stringValue": .string(text)] }
    func truth(_ value: Bool) -> JSON { ["boolValue": .bool(value)] }
    // JSON has no infinity; Protobuf's has it as text.
    func number(_ number: Double) -> JSON {
      let special = number.isNaN ? "NaN" : number > 0 ? "Infinity" : "-Infinity"
      return ["doubleValue": number.isFinite ? .number(number) : .string(special)]
    }
    switch attribute {
    case .int32(let value): return integer(value)
    case .int64(let value): return integer(value)
    case .double(let value): return number(value)
    case .bool(let value): return truth(value)
    case .string(let value): return text(value)
    case .stringConvertible(let value): return text("\(value)")
    case .int32Array(let values): return list(values) { integer($0) }
    case .int64Array(let values): return list(values) { integer($0) }
    case .doubleArray(let values): return list(values, number)
    case .boolArray(let values): return list(values, truth)
    case .stringArray(let values): return list(values, text)
    case .stringConvertibleArray(let values): return list(values) { text("\($0)") }
    default: return text("")
    }
  }
}
