import MosaicAICore

/// How long ago something was, for people.
enum RelativeTime {
  /// `3 minutes ago` for an RFC 3339 time; the date for what is more than a month old.
  static func describe(_ time: String?, now: Timestamp) -> String {
    guard let time, let then = Timestamp(rfc3339: time) else { return "" }
    let seconds = (now.milliseconds - then.milliseconds) / 1000
    switch seconds {
    case ..<60: return "just now"
    case ..<3600: return count(seconds / 60, "minute")
    case ..<86_400: return count(seconds / 3600, "hour")
    case ..<(30 * 86_400): return count(seconds / 86_400, "day")
    default: return String(time.prefix(10))
    }
  }

  private static func count(_ number: Int64, _ unit: String) -> String {
    "\(number) \(unit)\(number == 1 ? "" : "s") ago"
  }
}
