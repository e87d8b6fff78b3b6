import LibYAML

/// A configuration file in YAML. Every error says at which line and column.
struct YAMLFile {
  /// The mapping at the top; nil for an empty file.
  let root: YAMLMapping?

  /// - Throws: `Failure` with `code` for what is not YAML, or not a mapping
  init(_ bytes: [UInt8], path: String, code: FailureCode) throws {
    let bytes = Array(bytes.withoutByteOrderMark)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Failure(code, "\(path): not valid UTF-8", advice: "save it as UTF-8")
    }
    let node: Node?
    do {
      node = try compose(bytes)
    } catch let error as YAMLError {
      throw YAMLFile.failure(error, in: text, path: path, code: code)
    }
    root = try node.flatMap { node in
      if case .scalar(let scalar) = node, scalar.string.isEmpty { return nil }
      return try YAMLMapping(node, path: path, code: code, what: "the file")
    }
  }

  static func failure(_ error: YAMLError, in text: String, path: String, code: FailureCode) -> Failure {
    switch error {
    case .syntax(let problem, let mark?): return Failure(code, "\(path):\(mark.line):\(mark.column): \(problem)")
    case .syntax(_, nil): return Failure(code, "\(path): not valid YAML")
    case .duplicatedKeys(let names, let mark):
      let line = names.first.flatMap { lineOfSecond($0, after: mark, in: text) } ?? mark.line
      return Failure(
        code, "\(path):\(line):\(mark.column): \(names.joined(separator: ", ")) is given twice",
        advice: "remove one of them")
    }
  }
}

extension YAMLFile {
  /// The line where a name comes again in its mapping; nil for a mapping in braces.
  ///
  /// - Parameter mark: where the first one is; the second is below it
  private static func lineOfSecond(_ name: String, after mark: Mark, in text: String) -> Int? {
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
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
struct YAMLMapping: Sendable {
  private let pairs: [(key: Node, value: Node)]
  /// Where each name is among them.
  private let places: [String: Int]
  private let path: String
  private let code: FailureCode
  private let mark: Mark?

  /// - Parameter what: how to call it in the error for a value that is not a mapping
  init(_ node: Node, path: String, code: FailureCode, what: String) throws {
    guard case .mapping(let mapping) = node else {
      throw YAMLMapping.failure("\(what) must be a mapping of names to values", at: node.mark, path, code)
    }
    if let key = mapping.keys.first(where: { $0.scalar == nil }) {
      throw YAMLMapping.failure("a name must be text", at: key.mark, path, code)
    }
    pairs = mapping.map { ($0.key, $0.value) }
    // A name that is given twice is an error of the file before this.
    places = Dictionary(uniqueKeysWithValues: pairs.enumerated().map { ($1.key.scalar?.string ?? "", $0) })
    self.path = path
    self.code = code
    mark = node.mark
  }

  /// The names, in the order of the file.
  var keys: [String] { pairs.compactMap { $0.key.scalar?.string } }

  /// - Throws: `Failure` for a name that is not one of `known`
  func checkKeys(_ known: [String]) throws {
    for pair in pairs {
      let name = pair.key.scalar?.string ?? "a name that is not text"
      guard known.contains(name) else {
        throw failure(
          "unknown name: \(name)", at: pair.key.mark,
          advice: Suggestion.advice(for: name, among: known) ?? "use one of \(known.joined(separator: ", "))"
        )
      }
    }
  }

  /// The text under `name`; nil if it is missing.
  ///
  /// - Throws: `Failure` for anything but text, and for blank text
  func text(_ name: String) throws -> String? {
    guard let node = value(name) else { return nil }
    guard case .scalar(let scalar) = node, !YAMLMapping.isNull(scalar) else {
      throw failure("\(name) must be text", at: node.mark)
    }
    guard scalar.string.unicodeScalars.contains(where: { !$0.properties.isWhitespace }) else {
      throw failure("\(name) must not be empty", at: node.mark)
    }
    return scalar.string
  }

  /// The number under `name`; nil if it is missing.
  ///
  /// - Throws: `Failure` for anything but a whole number in `range`
  func integer(_ name: String, in range: ClosedRange<Int>) throws -> Int? {
    guard let node = value(name) else { return nil }
    guard case .scalar(let scalar) = node, let number = Int(scalar.string), range.contains(number) else {
      throw failure("\(name) must be a whole number from \(range.lowerBound) to \(range.upperBound)", at: node.mark)
    }
    return number
  }

  /// The number under `name`, whole or not; nil if it is missing.
  ///
  /// - Throws: `Failure` for anything but a number in `range`
  func number(_ name: String, in range: ClosedRange<Double>) throws -> Double? {
    guard let node = value(name) else { return nil }
    guard case .scalar(let scalar) = node, let number = Double(scalar.string), range.contains(number) else {
      let (least, most) = (Int(range.lowerBound), Int(range.upperBound))
      throw failure("\(name) must be a number from \(least) to \(most)", at: node.mark)
    }
    return number
  }

  /// The `true` or `false` under `name`; nil if it is missing.
  ///
  /// - Throws: `Failure` for anything else
  func boolean(_ name: String) throws -> Bool? {
    guard let node = value(name) else { return nil }
    guard let value = try? YAMLValue.json(node), case .bool(let isTrue) = value else {
      throw failure("\(name) must be true or false", at: node.mark)
    }
    return isTrue
  }

  /// The number of seconds under `name`; nil if it is missing.
  ///
  /// - Throws: `Failure` for anything but a number above 0, at most a day
  func seconds(_ name: String) throws -> Duration? {
    guard let node = value(name) else { return nil }
    guard case .scalar(let scalar) = node, let number = Double(scalar.string), number > 0, number <= 86_400 else {
      throw failure("\(name) must be a number of seconds, at most 86400", at: node.mark)
    }
    return .ofSeconds(number)
  }

  /// The mapping under `name`; nil if it is missing.
  ///
  /// - Throws: `Failure` for anything but a mapping
  func mapping(_ name: String) throws -> YAMLMapping? {
    try value(name).map { try YAMLMapping($0, path: path, code: code, what: name) }
  }

  /// The items of the list under `name`; nil if it is missing.
  ///
  /// - Throws: `Failure` for anything but a list of texts and mappings
  func items(_ name: String) throws -> [YAMLItem]? {
    guard let node = value(name) else { return nil }
    guard case .sequence(let sequence) = node else { throw failure("\(name) must be a list", at: node.mark) }
    return try sequence.map { try YAMLItem($0, of: name, path: path, code: code) }
  }

  /// The value under `name`, whatever it is, as JSON; nil if it is missing.
  ///
  /// - Throws: `Failure` for what JSON does not have
  func json(_ name: String) throws -> JSON? {
    guard let node = value(name) else { return nil }
    do {
      return try YAMLValue.json(node)
    } catch let error as YAMLValue.Unfit {
      throw failure(error.message, at: error.mark)
    }
  }

  /// A failure that says where the value under `name` is.
  func failure(_ message: String, aboutValueOf name: String) -> Failure {
    failure(message, at: value(name)?.mark ?? mark)
  }

  /// A failure that says where `name` is; without a name, where the mapping is.
  func failure(_ message: String, about name: String? = nil) -> Failure {
    failure(message, at: name.flatMap { name in places[name].flatMap { pairs[$0].key.mark } } ?? mark)
  }

  private func failure(_ message: String, at mark: Mark?, advice: Advice? = nil) -> Failure {
    YAMLMapping.failure(message, at: mark, path, code, advice: advice)
  }

  static func failure(
    _ message: String, at mark: Mark?, _ path: String, _ code: FailureCode, advice: Advice? = nil
  ) -> Failure {
    Failure(code, "\(path):\(mark?.line ?? 1):\(mark?.column ?? 1): \(message)", advice: advice)
  }

  /// Whether a scalar means nothing (YAML 1.2.2 §10.3, core schema).
  static func isNull(_ scalar: Node.Scalar) -> Bool {
    YAMLValue.isPlain(scalar) && YAMLValue.nulls.contains(scalar.string)
  }

  func value(_ name: String) -> Node? { places[name].map { pairs[$0].value } }
}
