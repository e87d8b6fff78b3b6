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
  private var anchors: [String: Node] = [:]
  private var depth = 0
  /// How deep values may be in each other: deeper ones would exhaust the stack.
  private static let maximumDepth = 500

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
    let node = try node(from: next())
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
      try body(node(from: item))
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

  private func node(from event: Event) throws -> Node {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Composer.maximumDepth else { throw YAMLError.syntax("nested too deeply", event.mark) }
    switch event.type {
    case YAML_ALIAS_EVENT:
      guard let node = anchors[event.anchor ?? ""] else {
        throw YAMLError.syntax("found undefined alias", event.mark)
      }
      return node
    case YAML_SEQUENCE_START_EVENT:
      var nodes: [Node] = []
      var item = try next()
      while item.type != YAML_SEQUENCE_END_EVENT {
        nodes.append(try node(from: item))
        item = try next()
      }
      return named(.sequence(.init(nodes: nodes, mark: event.mark)), event)
    case YAML_MAPPING_START_EVENT:
      var pairs: [(key: Node, value: Node)] = []
      var item = try next()
      while item.type != YAML_MAPPING_END_EVENT {
        let key = try node(from: item)
        pairs.append((key, try node(from: next())))
        item = try next()
      }
      try checkKeys(pairs)
      return named(.mapping(.init(pairs: pairs, mark: event.mark)), event)
    default:
      return named(.scalar(event.scalar), event)
    }
  }

  private func named(_ node: Node, _ event: Event) -> Node {
    if let anchor = event.anchor { anchors[anchor] = node }
    return node
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
