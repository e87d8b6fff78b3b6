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

extension RelativeTime {
  private static let weekdays = ["Thursday", "Friday", "Saturday", "Sunday", "Monday", "Tuesday", "Wednesday"]
  private static let months = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
  ]

  /// `Today`, `Yesterday`, or `Monday, November 23, 2026`.
  static func day(of time: Timestamp, now: Timestamp, in zone: Zone) -> String {
    let clock = zone.clock(at: time)
    let number = dayNumber(clock)
    switch dayNumber(zone.clock(at: now)) - number {
    case 0: return "Today"
    case 1: return "Yesterday"
    default:
      let day = clock.day
      return "\(weekdays[((number % 7) + 7) % 7]), \(months[day.month - 1]) \(day.day), \(day.year)"
    }
  }

  /// When it was, below a line that says the day: how long ago if that is today, else `18:04`.
  static func withinDay(_ time: Timestamp, now: Timestamp, in zone: Zone) -> String {
    let clock = zone.clock(at: time)
    return dayNumber(clock) == dayNumber(zone.clock(at: now))
      ? describe(time, now: now, in: zone) : String(clock.rfc3339.dropFirst(11).prefix(5))
  }

  /// Days since January 1, 1970, which was a Thursday.
  private static func dayNumber(_ clock: Timestamp) -> Int {
    Int((Double(clock.milliseconds) / 86_400_000).rounded(.down))
  }
}
