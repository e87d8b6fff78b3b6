import MosaicAICore

/// How long ago something was, for people.
enum RelativeTime {
  /// `3 minutes ago`; the date for anything more than a month old, and for what a clock that was wrong has put into the
  /// future.
  static func describe(_ time: Timestamp, now: Timestamp, in zone: Zone) -> String {
    let seconds = Int((now.milliseconds - time.milliseconds) / 1000)
    switch seconds {
    case ..<(-60): return zone.clock(at: time).date
    case ..<60: return "just now"
    case ..<3600: return "\(counted(seconds / 60, "minute")) ago"
    case ..<86_400: return "\(counted(seconds / 3600, "hour")) ago"
    case ..<(30 * 86_400): return "\(counted(seconds / 86_400, "day")) ago"
    default: return zone.clock(at: time).date
    }
  }
}
