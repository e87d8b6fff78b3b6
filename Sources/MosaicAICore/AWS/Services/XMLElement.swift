/// An element of an XML document with what AWS's answers need: names without their prefix, no attributes.
///
/// Hand-written: STS answers in XML only, and the one library at hand, FoundationXML, brings libxml2 and all of
/// Foundation.
struct XMLElement: Equatable, Sendable {
  /// Without its prefix.
  let name: String
  /// In the order of the document.
  private(set) var children: [XMLElement] = []
  /// The character data of the element itself.
  private(set) var text = ""

  /// The document's root; nil if `bytes` are not one well-formed document.
  init?(_ bytes: [UInt8]) {
    guard let text = String(validating: bytes.withoutByteOrderMark, as: UTF8.self) else { return nil }
    var reader = XMLReader(text)
    guard let root = reader.document() else { return nil }
    self = root
  }

  fileprivate init(name: String) { self.name = name }

  /// The first element of that name: this one, or the first inside it.
  func first(_ name: String) -> XMLElement? {
    if self.name == name { return self }
    return children.lazy.compactMap { $0.first(name) }.first
  }

  /// The text of the first child of that name, if it is not empty.
  func value(_ name: String) -> String? {
    guard let text = children.first(where: { $0.name == name })?.text, !text.isEmpty else { return nil }
    return text
  }

  fileprivate mutating func append(_ child: XMLElement) { children.append(child) }
  fileprivate mutating func append(_ more: String) { text += more }
}

/// Reads XML 1.0. A document with a document type definition is refused.
private struct XMLReader {
  private var rest: Substring

  init(_ text: String) { rest = text[...] }

  /// The root element; nil if the document is not well-formed.
  mutating func document() -> XMLElement? {
    var open: [XMLElement] = []
    var root: XMLElement?
    func add(_ text: String) -> Bool {
      guard !open.isEmpty else { return text.allSatisfy(\.isWhitespace) }
      open[open.count - 1].append(text)
      return true
    }
    func close() {
      let element = open.removeLast()
      if open.isEmpty { root = element } else { open[open.count - 1].append(element) }
    }
    while !rest.isEmpty {
      if skip("<!--") {
        guard take(until: "-->") != nil else { return nil }
      } else if skip("<?") {
        guard take(until: "?>") != nil else { return nil }
      } else if skip("<![CDATA[") {
        guard !open.isEmpty, let text = take(until: "]]>"), add(text) else { return nil }
      } else if skip("</") {
        guard let tag = take(until: ">"), let last = open.last, localName(tag) == last.name else { return nil }
        close()
      } else if skip("<") {
        guard root == nil, var tag = take(until: ">") else { return nil }
        let isEmpty = tag.hasSuffix("/")
        if isEmpty { tag.removeLast() }
        guard let name = localName(tag), open.count < 64 else { return nil }
        open.append(XMLElement(name: name))
        if isEmpty { close() }
      } else {
        let text = rest.prefix { $0 != "<" }
        rest = rest[text.endIndex...]
        guard let plain = unescaped(text), add(plain) else { return nil }
      }
    }
    return open.isEmpty ? root : nil
  }

  /// Moves past `text` if it comes next; false if it does not.
  private mutating func skip(_ text: String) -> Bool {
    guard rest.hasPrefix(text) else { return false }
    rest.removeFirst(text.count)
    return true
  }

  /// The text before `end`, after moving past both; nil if `end` does not come.
  private mutating func take(until end: String) -> String? {
    guard let range = rest.firstRange(of: end) else { return nil }
    defer { rest = rest[range.upperBound...] }
    return String(rest[..<range.lowerBound])
  }

  /// The name in a tag without its namespace prefix.
  private func localName(_ tag: String) -> String? {
    let name = tag.prefix { !$0.isWhitespace }
    let local = name.split(separator: ":", omittingEmptySubsequences: false).last ?? ""
    guard let first = local.first, first.isLetter || first == "_" else { return nil }
    return local.allSatisfy { $0.isLetter || $0.isNumber || "-_.".contains($0) } ? String(local) : nil
  }

  /// Character data with its entities replaced; nil if one is unknown.
  private func unescaped(_ text: Substring) -> String? {
    let entities: [Substring: Character] = ["amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'"]
    var result = ""
    var rest = text
    while let ampersand = rest.firstIndex(of: "&") {
      result += rest[..<ampersand]
      guard let end = rest[ampersand...].firstIndex(of: ";") else { return nil }
      let name = rest[rest.index(after: ampersand)..<end]
      if let character = entities[name] {
        result.append(character)
      } else if name.hasPrefix("#"), let scalar = number(name.dropFirst()).flatMap(Unicode.Scalar.init) {
        result.unicodeScalars.append(scalar)
      } else {
        return nil
      }
      rest = rest[rest.index(after: end)...]
    }
    return result + rest
  }

  /// The number of a character reference.
  private func number(_ text: Substring) -> UInt32? {
    text.first == "x" ? UInt32(text.dropFirst(), radix: 16) : UInt32(text)
  }
}
