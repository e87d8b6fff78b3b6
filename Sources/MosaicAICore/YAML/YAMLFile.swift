import Yams

/// A configuration file in YAML whose every error tells its line and column.
struct YAMLFile {
  /// The mapping at the top; nil for an empty file.
  let root: YAMLMapping?

  /// - Throws: `Failure` with `code` for what is not YAML, or no mapping
  init(_ bytes: [UInt8], path: String, code: FailureCode) throws {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Failure(code, "\(path): not valid UTF-8", hint: "save it as UTF-8")
    }
    let node: Node?
    do {
      // The basic resolver leaves scalars as they are: the default one compiles regular expressions at every start.
      node = try Yams.compose(yaml: text, .basic)
    } catch let error as YamlError {
      throw YAMLFile.failure(error, in: text, path: path, code: code)
    }
    root = try node.flatMap { node in
      if case .scalar(let scalar) = node, scalar.string.isEmpty { return nil }
      return try YAMLMapping(node, path: path, code: code, what: "the file")
    }
  }

  private static func failure(_ error: YamlError, in text: String, path: String, code: FailureCode) -> Failure {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      return Failure(code, "\(path):\(mark.line):\(mark.column): \(problem)", hint: "correct the file")
    case .duplicatedKeysInMapping(let names, let context):
      let line = names.first.flatMap { lineOfSecond($0, after: context.mark, in: text) } ?? context.mark.line
      return Failure(
        code, "\(path):\(line):\(context.mark.column): given twice: \(names.joined(separator: ", "))",
        hint: "leave one of them out")
    default:
      return Failure(code, "\(path): not valid YAML", hint: "correct the file")
    }
  }
}

extension YAMLFile {
  /// The line where a name stands again in its mapping; nil for a mapping within braces.
  ///
  /// - Parameter mark: of the first, below which the second stands
  private static func lineOfSecond(_ name: String, after mark: Mark, in text: String) -> Int? {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let indent = String(repeating: " ", count: mark.column - 1)
    return lines.indices.dropFirst(mark.line).first { index in
      ["", "'", "\""].contains { quote in
        let key = "\(indent)\(quote)\(name)\(quote)"
        return lines[index].hasPrefix(key) && lines[index].dropFirst(key.count).first { $0 != " " } == ":"
      }
    }.map { $0 + 1 }
  }
}

/// A mapping of a YAML file, its values read by name.
struct YAMLMapping {
  private let pairs: [(key: Node, value: Node)]
  private let path: String
  private let code: FailureCode
  private let mark: Mark?

  /// - Parameter what: how to call it in the error for a value that is no mapping
  fileprivate init(_ node: Node, path: String, code: FailureCode, what: String) throws {
    guard case .mapping(let mapping) = node else {
      throw YAMLMapping.failure("\(what) must be a mapping of names to values", at: node.mark, path, code)
    }
    if let key = mapping.keys.first(where: { $0.scalar == nil }) {
      throw YAMLMapping.failure("a name must be a text", at: key.mark, path, code)
    }
    pairs = mapping.map { ($0.key, $0.value) }
    self.path = path
    self.code = code
    mark = node.mark
  }

  /// The names, in the order of the file.
  var keys: [String] { pairs.compactMap { $0.key.scalar?.string } }

  /// - Throws: `Failure` for a name that is none of `known`
  func checkKeys(_ known: [String]) throws {
    for pair in pairs {
      let name = pair.key.scalar?.string ?? "a name that is no text"
      guard known.contains(name) else {
        throw failure(
          "unknown: \(name)", at: pair.key.mark,
          hint: Suggestion.hint(for: name, among: known) ?? "known: \(known.joined(separator: ", "))"
        )
      }
    }
  }

  /// The text under `name`, nil where it is missing.
  ///
  /// - Throws: `Failure` for what is no text, or a blank one
  func text(_ name: String) throws -> String? {
    guard let node = value(name) else { return nil }
    guard case .scalar(let scalar) = node, !YAMLMapping.isNull(scalar),
      scalar.string.contains(where: { !$0.isWhitespace })
    else {
      throw failure("\(name) must be a text", at: node.mark)
    }
    return scalar.string
  }

  /// The number under `name`, nil where it is missing.
  ///
  /// - Throws: `Failure` for what is no number within `range`
  func integer(_ name: String, in range: ClosedRange<Int>) throws -> Int? {
    guard let node = value(name) else { return nil }
    guard case .scalar(let scalar) = node, let number = Int(scalar.string), range.contains(number) else {
      throw failure("\(name) must be a whole number from \(range.lowerBound) to \(range.upperBound)", at: node.mark)
    }
    return number
  }

  /// The number of seconds under `name`, nil where it is missing.
  ///
  /// - Throws: `Failure` for what is no number above zero
  func seconds(_ name: String) throws -> Duration? {
    guard let node = value(name) else { return nil }
    guard case .scalar(let scalar) = node, let number = Double(scalar.string), number > 0, number <= 86_400 else {
      throw failure("\(name) must be a number of seconds", at: node.mark)
    }
    return .milliseconds(Int64(number * 1000))
  }

  /// The mapping under `name`, nil where it is missing.
  ///
  /// - Throws: `Failure` for what is none
  func mapping(_ name: String) throws -> YAMLMapping? {
    try value(name).map { try YAMLMapping($0, path: path, code: code, what: name) }
  }

  /// A failure that tells where the value under `name` stands.
  func failure(_ message: String, aboutValueOf name: String) -> Failure {
    failure(message, at: value(name)?.mark ?? mark)
  }

  /// A failure that tells where `name` stands, or, without a name, the mapping.
  func failure(_ message: String, about name: String? = nil) -> Failure {
    failure(message, at: name.flatMap { name in pairs.first { $0.key.scalar?.string == name }?.key.mark } ?? mark)
  }

  private func failure(_ message: String, at mark: Mark?, hint: String? = "correct the file") -> Failure {
    YAMLMapping.failure(message, at: mark, path, code, hint: hint)
  }

  private static func failure(
    _ message: String, at mark: Mark?, _ path: String, _ code: FailureCode, hint: String? = "correct the file"
  ) -> Failure {
    Failure(code, "\(path):\(mark?.line ?? 1):\(mark?.column ?? 1): \(message)", hint: hint)
  }

  /// Whether a scalar means that there is nothing (YAML 1.2, core schema).
  private static func isNull(_ scalar: Node.Scalar) -> Bool {
    scalar.style == .plain && ["", "~", "null", "Null", "NULL"].contains(scalar.string)
  }

  private func value(_ name: String) -> Node? { pairs.first { $0.key.scalar?.string == name }?.value }
}
