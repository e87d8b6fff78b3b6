import LibYAML

/// A value of a YAML file as JSON, its plain words and numbers read by the core schema (YAML 1.2.2 §10.3).
enum YAMLValue {
  /// What JSON does not have.
  struct Unfit: Error {
    let message: String
    let mark: Mark?
  }

  /// The words for null.
  static let nulls: Set = ["", "~", "null", "Null", "NULL"]
  private static let trues: Set = ["true", "True", "TRUE"]
  private static let falses: Set = ["false", "False", "FALSE"]
  /// What the core schema calls numbers, and JSON does not have.
  private static let notNumbers: Set = [
    ".inf", ".Inf", ".INF", "-.inf", "-.Inf", "-.INF", "+.inf", "+.Inf", "+.INF", ".nan", ".NaN", ".NAN",
  ]
  /// The most values in one: aliases of aliases make exponentially many of a few lines.
  private static let maximumCount = 10_000

  /// - Throws: `Unfit`
  static func json(_ node: Node) throws -> JSON {
    var count = 0
    return try json(node, &count)
  }

  private static func json(_ node: Node, _ count: inout Int) throws -> JSON {
    count += 1
    guard count <= maximumCount else { throw Unfit(message: "too many values", mark: node.mark) }
    switch node {
    case .scalar(let scalar): return try json(scalar)
    case .sequence(let sequence): return .array(try sequence.map { try json($0, &count) })
    case .mapping(let mapping):
      return .object(
        try mapping.map { pair in
          guard let name = pair.key.scalar?.string else {
            throw Unfit(message: "a name must be text", mark: pair.key.mark)
          }
          return JSON.Member(name, try json(pair.value, &count))
        })
    }
  }

  /// Whether a scalar is neither in quotes nor tagged as text, so that it may be something else.
  static func isPlain(_ scalar: Node.Scalar) -> Bool {
    scalar.style == .plain && !["tag:yaml.org,2002:str", "!"].contains(scalar.tag)
  }

  private static func json(_ scalar: Node.Scalar) throws -> JSON {
    let text = scalar.string
    guard isPlain(scalar) else { return .string(text) }
    if nulls.contains(text) { return .null }
    if trues.contains(text) { return .bool(true) }
    if falses.contains(text) { return .bool(false) }
    if let integer = integer(text) { return .integer(integer) }
    if let number = number(text) { return JSON(number: number) }
    guard !isLargeInteger(text), !notNumbers.contains(text) else {
      throw Unfit(message: "\(visible(text, limit: 40)) cannot be written in JSON", mark: scalar.mark)
    }
    return .string(text)
  }

  /// A whole number, decimal, `0o17` or `0x1F`; nil for anything else, and for one that is too large.
  private static func integer(_ text: String) -> Int? {
    for (prefix, radix) in [("0o", 8), ("0x", 16)] where text.hasPrefix(prefix) {
      let digits = text.dropFirst(prefix.count)
      return digits.first?.isHexDigit == true ? Int(digits, radix: radix) : nil
    }
    return Int(text)
  }

  /// Whether it is `0o17` or `0x1F` with more digits than `integer` takes.
  private static func isLargeInteger(_ text: String) -> Bool {
    (text.wholeMatch(of: /0o[0-7]+/) ?? text.wholeMatch(of: /0x[0-9a-fA-F]+/)) != nil
  }

  /// A decimal number with the digits that it was written with, as JSON has it: without a plus sign or zeros before it,
  /// and with digits on both sides of a point. Nil for anything else.
  private static func number(_ text: String) -> String? {
    guard let match = text.wholeMatch(of: /([-+]?)0*([0-9]*)(\.[0-9]*)?([eE][-+]?[0-9]+)?/),
      text.utf8.contains(where: { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }),
      text.wholeMatch(of: /[-+]?\.?([eE].*)?/) == nil
    else { return nil }
    let (_, sign, whole, fraction, exponent) = match.output
    let places = fraction.map { $0 == "." ? "" : String($0) } ?? ""
    return "\(sign == "-" ? "-" : "")\(whole.isEmpty ? "0" : String(whole))\(places)\(exponent ?? "")"
  }
}
