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
  package static let local = Zone { local(at: $0).offset }

  private static func local(at time: Timestamp) -> (offset: Int64, name: String?) {
    tzset()
    var seconds = time_t(time.milliseconds / 1000)
    var local = tm()
    guard localtime_r(&seconds, &local) != nil else { return (0, nil) }
    return (Int64(local.tm_gmtoff), local.tm_zone.map { String(cString: $0) })
  }

  /// How many seconds the user's clocks are ahead of UTC when they show this and their zone has this name, such as CET
  /// or CEST; nil if it has another name then.
  ///
  /// - Parameter clock: as `clock(at:)` gives it
  static func localOffset(named name: String, clock: Timestamp) -> Int64? {
    // Clocks are changed at most once in two days.
    [-86_400, 86_400].lazy.map { local(at: clock + $0).offset }.first { local(at: clock + -$0) == ($0, name) }
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
