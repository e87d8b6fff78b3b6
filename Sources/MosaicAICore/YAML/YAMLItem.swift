import LibYAML

/// An item of a list in a YAML file: a text or a mapping.
struct YAMLItem {
  enum Content {
    case text(String)
    case mapping(YAMLMapping)
  }

  let content: Content
  private let mark: Mark?
  private let path: String
  private let code: FailureCode

  /// - Parameter list: how to call the list in an error
  /// - Throws: `Failure` with `code` for anything else
  init(_ node: Node, of list: String, path: String, code: FailureCode) throws {
    switch node {
    case .mapping: content = .mapping(try YAMLMapping(node, path: path, code: code, what: list))
    case .scalar(let scalar) where !YAMLMapping.isNull(scalar): content = .text(scalar.string)
    case .scalar, .sequence:
      throw YAMLMapping.failure(
        "the items of \(list) must be text or mappings of names to values", at: node.mark, path, code)
    }
    mark = node.mark
    self.path = path
    self.code = code
  }

  /// The line where it begins.
  var line: Int { mark?.line ?? 1 }

  /// A failure that says where it is.
  func failure(_ message: String) -> Failure { YAMLMapping.failure(message, at: mark, path, code) }
}

extension YAMLFile {
  /// Calls `body` with each item of a file that is a list, one after the other: the list is never in memory as a whole.
  ///
  /// - Throws: `Failure` with `code` for what is not YAML, or not a list of texts and mappings; what `body` throws
  static func forEachItem(
    of bytes: UnsafeBufferPointer<UInt8>, path: String, code: FailureCode, _ body: (YAMLItem) throws -> Void
  ) throws {
    do {
      try composeItems(bytes) { try body(YAMLItem($0, of: "the list", path: path, code: code)) }
    } catch let error as YAMLError {
      throw failure(error, in: String(decoding: bytes, as: UTF8.self), path: path, code: code)
    }
  }
}

extension YAMLMapping {
  /// The text under `name` as it is written, be it a number; nil for null.
  ///
  /// - Throws: `Failure` for a list or a mapping
  func scalar(_ name: String) throws -> String? {
    guard let node = value(name) else { return nil }
    guard case .scalar(let scalar) = node else { throw failure("\(name) must be text", aboutValueOf: name) }
    return YAMLMapping.isNull(scalar) ? nil : scalar.string
  }
}
