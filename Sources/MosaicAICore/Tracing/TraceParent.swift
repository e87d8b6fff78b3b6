/// The span that a trace continues from, as W3C Trace Context names it.
package struct TraceParent: Equatable, Sendable {
  /// 32 hexadecimal digits.
  package let traceID: String
  /// 16 hexadecimal digits.
  package let spanID: String
  /// Whether the spans of the trace are recorded where it began.
  package let isSampled: Bool

  init(traceID: String, spanID: String, isSampled: Bool) {
    self.traceID = traceID
    self.spanID = spanID
    self.isSampled = isSampled
  }

  /// Reads a `traceparent` header; nil for one that W3C Trace Context says to ignore. Later versions may have more at
  /// the end.
  package init?(header: String) {
    let parts = header.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count >= 4, parts[0].utf8.count == 2, parts[0] != "ff", parts[0] != "00" || parts.count == 4,
      parts[1].utf8.count == 32, parts[2].utf8.count == 16, parts[3].utf8.count == 2,
      parts[..<4].allSatisfy({ $0.utf8.allSatisfy(TraceParent.isDigit) }),
      [parts[1], parts[2]].allSatisfy({ $0.contains { $0 != "0" } }), let flags = UInt8(parts[3], radix: 16)
    else { return nil }
    self.init(traceID: String(parts[1]), spanID: String(parts[2]), isSampled: flags & 1 == 1)
  }

  /// Hexadecimal, in lower case alone.
  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte) }
}

/// Which traces are recorded.
package struct TraceSampler: Equatable, Sendable {
  /// Of the traces that begin here, or of all, from 0 to 1.
  package var ratio: Double
  /// Whether a trace that began elsewhere is recorded if it is there.
  package var heedsParent: Bool

  /// - Parameter traceID: 32 hexadecimal digits
  func isSampled(_ traceID: String, parent: TraceParent?) -> Bool {
    if heedsParent, let parent { return parent.isSampled }
    // The same part of the id that other programs decide by, so that they keep the same traces.
    guard ratio < 1, let number = UInt64(traceID.suffix(16), radix: 16) else { return true }
    return number >> 1 < UInt64(ratio * Double(UInt64(1) << 63))
  }
}
