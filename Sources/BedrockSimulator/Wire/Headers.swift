import MosaicAICore
import Platform

/// A random UUID (RFC 9562, version 4) in lower case, as AWS numbers its answers.
func randomUUID() -> String {
  var bytes = (0..<16).map { _ in UInt8.random(in: 0...255) }
  bytes[6] = bytes[6] & 0x0f | 0x40
  bytes[8] = bytes[8] & 0x3f | 0x80
  let digits = hexadecimal(bytes)
  return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { digits.dropFirst($0.lowerBound).prefix($0.count) }
    .joined(separator: "-")
}

extension Timestamp {
  /// `Mon, 23 Nov 2026 06:13:02 GMT` (RFC 9110, IMF-fixdate). Fractions of a second are dropped.
  var httpDate: String {
    var seconds = time_t(milliseconds / 1000)
    var parts = tm()
    gmtime_r(&seconds, &parts)
    // The names are English: the program never calls `setlocale`, so the locale is "C".
    var text = [CChar](repeating: 0, count: 64)
    let count = strftime(&text, text.count, "%a, %d %b %Y %H:%M:%S GMT", &parts)
    return String(decoding: text.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
