import MosaicAICore

// Typed values as they are written in tests.

extension Identifier: ExpressibleByStringLiteral {
  package init(stringLiteral text: String) { self.init(rawValue: text) }
}

extension Timestamp: ExpressibleByStringLiteral {
  /// - Parameter text: an RFC 3339 time
  package init(stringLiteral text: String) {
    guard let time = Timestamp(rfc3339: text) else { preconditionFailure("not a time: \(text)") }
    self = time
  }
}

extension StopReason: ExpressibleByStringLiteral {
  package init(stringLiteral text: String) { self.init(rawValue: text) }
}

extension ErrorCode: ExpressibleByStringLiteral {
  package init(stringLiteral text: String) { self.init(rawValue: text) }
}
