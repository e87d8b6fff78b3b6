import CLibYAML

/// The only document of a YAML file; nil for an empty file.
///
/// - Throws: `YAMLError`
package func compose(_ bytes: [UInt8]) throws -> Node? {
  try bytes.withUnsafeBufferPointer { buffer in
    let composer = Composer(buffer)
    return try composer.document()
  }
}

/// Calls `body` with each item of the list that is the only document of a YAML file; with none for an empty file.
///
/// - Throws: `YAMLError`; what `body` throws
package func composeItems(_ bytes: UnsafeBufferPointer<UInt8>, _ body: (Node) throws -> Void) throws {
  try Composer(bytes).items(body)
}

/// Makes nodes of libyaml's events.
private final class Composer {
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private var anchors: [String: Value] = [:]
  private var depth = 0
  /// How deep values may be in each other: deeper ones would exhaust the stack.
  private static let maximumDepth = 500

  /// A node, and how much of the stack it needs.
  private struct Value {
    let node: Node
    /// How deep values are in each other in it; 1 for a scalar.
    let height: Int

    init(_ node: Node, _ parts: [Value] = []) {
      self.node = node
      height = 1 + (parts.map(\.height).max() ?? 0)
    }
  }

  /// - Parameter bytes: have to outlive the composer
  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    parser = .allocate(capacity: 1)
    yaml_parser_initialize(parser)
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
  }

  deinit {
    yaml_parser_delete(parser)
    parser.deallocate()
  }

  func document() throws -> Node? {
    _ = try next()
    guard try next().type != YAML_STREAM_END_EVENT else { return nil }
    let node = try value(from: next()).node
    _ = try next()
    let end = try next()
    guard end.type == YAML_STREAM_END_EVENT else {
      throw YAMLError.syntax("but found another document", end.mark)
    }
    return node
  }

  func items(_ body: (Node) throws -> Void) throws {
    _ = try next()
    guard try next().type != YAML_STREAM_END_EVENT else { return }
    let start = try next()
    guard start.type == YAML_SEQUENCE_START_EVENT else { throw YAMLError.syntax("expected a list", start.mark) }
    var item = try next()
    while item.type != YAML_SEQUENCE_END_EVENT {
      try body(value(from: item).node)
      item = try next()
    }
    _ = try next()
    let end = try next()
    guard end.type == YAML_STREAM_END_EVENT else { throw YAMLError.syntax("but found another document", end.mark) }
  }

  private func next() throws -> Event {
    let event = Event()
    if yaml_parser_parse(parser, event.event) == 1 { return event }
    let problem = parser.pointee.problem.map { String(cString: $0) } ?? "cannot be read"
    let hasPlace = [YAML_SCANNER_ERROR, YAML_PARSER_ERROR, YAML_COMPOSER_ERROR].contains(parser.pointee.error)
    throw YAMLError.syntax(problem, hasPlace ? Mark(parser.pointee.problem_mark) : nil)
  }

  private func value(from event: Event) throws -> Value {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Composer.maximumDepth else { throw YAMLError.syntax("nested too deeply", event.mark) }
    switch event.type {
    case YAML_ALIAS_EVENT: return try aliased(event)
    case YAML_SEQUENCE_START_EVENT:
      var items: [Value] = []
      var item = try next()
      while item.type != YAML_SEQUENCE_END_EVENT {
        items.append(try value(from: item))
        item = try next()
      }
      return named(Value(.sequence(.init(nodes: items.map(\.node), mark: event.mark)), items), event)
    case YAML_MAPPING_START_EVENT:
      var pairs: [(key: Value, value: Value)] = []
      var item = try next()
      while item.type != YAML_MAPPING_END_EVENT {
        let key = try value(from: item)
        pairs.append((key, try value(from: next())))
        item = try next()
      }
      let nodes = pairs.map { (key: $0.key.node, value: $0.value.node) }
      try checkKeys(nodes)
      return named(Value(.mapping(.init(pairs: nodes, mark: event.mark)), pairs.flatMap { [$0, $1] }), event)
    default:
      return named(Value(.scalar(event.scalar)), event)
    }
  }

  /// What an alias stands for.
  private func aliased(_ event: Event) throws -> Value {
    guard let value = anchors[event.anchor ?? ""] else {
      throw YAMLError.syntax("found undefined alias", event.mark)
    }
    guard depth - 1 + value.height <= Composer.maximumDepth else {
      throw YAMLError.syntax("nested too deeply", event.mark)
    }
    return value
  }

  private func named(_ value: Value, _ event: Event) -> Value {
    if let anchor = event.anchor { anchors[anchor] = value }
    return value
  }

  private func checkKeys(_ pairs: [(key: Node, value: Node)]) throws {
    var first: [String: Mark] = [:]
    var twice: Set<String> = []
    for case .scalar(let key) in pairs.map(\.key) {
      if first[key.string] == nil { first[key.string] = key.mark } else { twice.insert(key.string) }
    }
    if let name = twice.min(), let mark = first[name] { throw YAMLError.duplicatedKeys(twice.sorted(), mark) }
  }
}

private final class Event {
  let event: UnsafeMutablePointer<yaml_event_t>

  init() {
    event = .allocate(capacity: 1)
    event.initialize(to: yaml_event_t())
  }

  deinit {
    yaml_event_delete(event)
    event.deallocate()
  }

  var type: yaml_event_type_t { event.pointee.type }
  var mark: Mark { Mark(event.pointee.start_mark) }

  /// The name that is given to a value, or that an alias refers to.
  var anchor: String? {
    let data = event.pointee.data
    let name =
      switch type {
      case YAML_ALIAS_EVENT: data.alias.anchor
      case YAML_SCALAR_EVENT: data.scalar.anchor
      case YAML_SEQUENCE_START_EVENT: data.sequence_start.anchor
      case YAML_MAPPING_START_EVENT: data.mapping_start.anchor
      default: nil as UnsafeMutablePointer<yaml_char_t>?
      }
    return name.map { String(cString: $0) }
  }

  var scalar: Node.Scalar {
    let scalar = event.pointee.data.scalar
    let style: Node.Scalar.Style =
      switch scalar.style {
      case YAML_SINGLE_QUOTED_SCALAR_STYLE: .singleQuoted
      case YAML_DOUBLE_QUOTED_SCALAR_STYLE: .doubleQuoted
      case YAML_LITERAL_SCALAR_STYLE: .literal
      case YAML_FOLDED_SCALAR_STYLE: .folded
      default: .plain
      }
    return Node.Scalar(
      string: String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self),
      tag: scalar.tag.map { String(cString: $0) }, style: style, mark: mark)
  }
}

extension Mark {
  fileprivate init(_ mark: yaml_mark_t) { self.init(line: Int(mark.line) + 1, column: Int(mark.column) + 1) }
}
