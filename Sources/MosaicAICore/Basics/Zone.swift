import Platform

/// A time zone: how far the clocks of a place are ahead of UTC.
package struct Zone: Sendable {
  /// In seconds, at a moment.
  private let offset: @Sendable (Timestamp) -> Int64

  /// - Parameter offset: how many seconds the clocks are ahead of UTC at a moment
  package init(offset: @escaping @Sendable (Timestamp) -> Int64) { self.offset = offset }

  /// Coordinated Universal Time.
  package static let utc = Zone { _ in 0 }

  /// Where the user is.
  package static let local = Zone { time in
    tzset()
    var seconds = time_t(time.milliseconds / 1000)
    var local = tm()
    return localtime_r(&seconds, &local) == nil ? 0 : Int64(local.tm_gmtoff)
  }

  /// What the clocks of the place show at a moment, as if they showed UTC; at the least the first moment that can be
  /// written, at the most the last, so that a day and the time of day are of the same moment.
  package func clock(at time: Timestamp) -> Timestamp { min(max(time + offset(time), .earliest), .latest) }

  /// The first moment at which the clocks of the place show this, or, if they skip it, the moment at which they do.
  ///
  /// - Parameter clock: as `clock(at:)` gives it
  package func moment(of clock: Timestamp) -> Timestamp {
    let day: Int64 = 86_400
    // Clocks are changed at most once in two days.
    let before = offset(clock + -day)
    let moments = [before, offset(clock + day)].map { clock + -$0 }
    return moments.filter { $0 + offset($0) == clock }.min() ?? clock + -before
  }
}
