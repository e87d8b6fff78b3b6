import MosaicAICore
import Platform

/// How long ago something was, for people.
enum RelativeTime {
  /// `3 minutes ago`; the date where the user is for anything more than a month old.
  static func describe(_ time: Timestamp, now: Timestamp) -> String {
    let seconds = Int((now.milliseconds - time.milliseconds) / 1000)
    switch seconds {
    case ..<60: return "just now"
    case ..<3600: return "\(counted(seconds / 60, "minute")) ago"
    case ..<86_400: return "\(counted(seconds / 3600, "hour")) ago"
    case ..<(30 * 86_400): return "\(counted(seconds / 86_400, "day")) ago"
    default: return localDate(time)
    }
  }

  /// `2026-11-23`, where the user is.
  private static func localDate(_ time: Timestamp) -> String {
    tzset()
    var seconds = time_t(time.milliseconds / 1000)
    var local = tm()
    guard localtime_r(&seconds, &local) != nil else { return time.date }
    // What Greenwich calls that date and time.
    let shifted = Timestamp(milliseconds: time.milliseconds + Int64(local.tm_gmtoff) * 1000)
    return shifted.date
  }
}
