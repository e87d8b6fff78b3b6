import MosaicAICore
import Platform

/// A random UUID (RFC 9562, version 4) in lower case, as AWS numbers its answers.
func randomUUID() -> String {
  enum AnswerKind {}
  let id: Identifier<AnswerKind> = IDGenerator.random.next()
  return id.rawValue
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
