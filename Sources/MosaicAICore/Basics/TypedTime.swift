/// A span of time.
package struct TimeSpan: Equatable, Sendable {
  /// The first moment; nil for no limit.
  package var start: Timestamp?
  /// The first moment after it; nil for no limit.
  package var end: Timestamp?

  package init(start: Timestamp? = nil, end: Timestamp? = nil) {
    self.start = start
    self.end = end
  }

  /// From the beginning of time to its end.
  package static let always = TimeSpan()

  /// The first moment and the last, to the millisecond, as far as timestamps go.
  var bounds: (first: Timestamp, last: Timestamp) {
    (start ?? .earliest, end.map { Timestamp(milliseconds: $0.milliseconds - 1) } ?? .latest)
  }
}

/// A time as people type it: `2026-01-31`, `2026-01`, `2026`, `2026-01-31T18:00:00Z`, or how long ago: `7d`, `2w`,
/// `3m`, `1y`.
package enum TypedTime: Equatable, Sendable {
  /// A year, a month or a day in the user's time zone.
  case date(year: Int, month: Int? = nil, day: Int? = nil)
  case moment(Timestamp)
  /// As many days, at the same time of day.
  case daysAgo(Int)
  /// As many months, on the same day, or on the last one of a shorter month.
  case monthsAgo(Int)

  /// Nil for a text that is no such time.
  package init?(_ text: String) {
    if let ago = TypedTime.ago(text) ?? TypedTime.date(text) {
      self = ago
    } else if let moment = Timestamp(rfc3339: text) {
      self = .moment(moment)
    } else {
      return nil
    }
  }

  /// The span it stands for: all of the day, month or year; for a moment, one millisecond.
  package func span(now: Timestamp, in zone: Zone) -> TimeSpan {
    switch self {
    case .date(let year, let month, let day):
      let start = Timestamp(year: year, month: month ?? 1, day: day ?? 1)
      let end =
        if day != nil {
          start.map { $0 + TypedTime.day }
        } else {
          TypedTime.firstDay(ofMonth: year * 12 + (month ?? 12))
        }
      // What comes before the first day there is, or after the last one, in this zone is shown as theirs.
      return TimeSpan(
        start: start == .earliest ? nil : start.map(zone.moment),
        end: end.flatMap { $0 > .latest ? nil : zone.moment(of: $0) })
    case .moment(let time): return TypedTime.span(of: time)
    case .daysAgo(let days):
      return TypedTime.span(of: zone.moment(of: zone.clock(at: now) + -Int64(days) * TypedTime.day))
    case .monthsAgo(let months):
      let clock = zone.clock(at: now)
      let (year, month, day) = clock.day
      let target = year * 12 + month - 1 - months
      guard let first = TypedTime.firstDay(ofMonth: target) else { return TypedTime.span(of: .earliest) }
      let lastDay = TypedTime.firstDay(ofMonth: target + 1).map { $0 + -TypedTime.day } ?? .latest
      let midnight = min(first + Int64(day - 1) * TypedTime.day, lastDay)
      let time = Timestamp(year: year, month: month, day: day).map { clock.milliseconds - $0.milliseconds } ?? 0
      return TypedTime.span(of: zone.moment(of: Timestamp(milliseconds: midnight.milliseconds + time)))
    }
  }

  /// In seconds.
  private static let day: Int64 = 86_400

  private static func span(of time: Timestamp) -> TimeSpan {
    TimeSpan(start: time, end: Timestamp(milliseconds: time.milliseconds + 1))
  }

  /// - Parameter month: since the year 0, from 0
  private static func firstDay(ofMonth month: Int) -> Timestamp? {
    month < 0 ? nil : Timestamp(year: month / 12, month: month % 12 + 1, day: 1)
  }

  private static func ago(_ text: String) -> TypedTime? {
    guard let match = text.wholeMatch(of: /([0-9]{1,4})([dwmy])/), let count = Int(match.1) else { return nil }
    return switch match.2 {
    case "d": .daysAgo(count)
    case "w": .daysAgo(count * 7)
    case "m": .monthsAgo(count)
    default: .monthsAgo(count * 12)
    }
  }

  private static func date(_ text: String) -> TypedTime? {
    guard let match = text.wholeMatch(of: /([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?/), let year = Int(match.1) else {
      return nil
    }
    let (month, day) = (match.2.flatMap { Int($0) }, match.3.flatMap { Int($0) })
    return Timestamp(year: year, month: month ?? 1, day: day ?? 1) == nil
      ? nil : .date(year: year, month: month, day: day)
  }
}
