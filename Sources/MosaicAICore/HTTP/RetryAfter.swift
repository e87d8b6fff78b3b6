/// How long a server asks to wait before the next request.
enum RetryAfter: Equatable, Sendable {
  case delay(Duration)
  /// Until then, by this machine's clock.
  case until(Timestamp)

  /// `x-amz-retry-after` in milliseconds, else `Retry-After` in seconds or as a date (RFC 9110 §10.2.3), which is
  /// compared with the server's own `Date`. Fractions count. Nil if neither is there, or what is there means nothing.
  init?(_ head: HTTPResponseHead) {
    if let milliseconds = head["x-amz-retry-after"].flatMap({ RetryAfter.milliseconds($0, in: 1) }) {
      self = .delay(milliseconds)
    } else if let seconds = head["Retry-After"].flatMap({ RetryAfter.milliseconds($0, in: 1000) }) {
      self = .delay(seconds)
    } else if let time = head["Retry-After"].flatMap({ Timestamp(httpDate: $0) }) {
      self = head["Date"].flatMap { Timestamp(httpDate: $0) }.map { .delay(time.since($0)) } ?? .until(time)
    } else {
      return nil
    }
  }

  /// How long that is from now on.
  func delay(at now: Timestamp) -> Duration {
    switch self {
    case .delay(let delay): max(.zero, delay)
    case .until(let time): max(.zero, time.since(now))
    }
  }

  /// What to tell about it; nil if there is nothing to wait for.
  func advice(at now: Timestamp) -> Advice? {
    let wait = delay(at: now)
    guard wait > .zero else { return nil }
    let seconds = wait.components.seconds + (wait.components.attoseconds > 0 ? 1 : 0)
    return "the server asks to wait \(seconds) s; try again then"
  }

  /// A decimal number of units, rounded up to milliseconds; at most a thousand years, so that it can be reckoned with.
  private static func milliseconds(_ text: String, in unit: Double) -> Duration? {
    guard text.utf8.allSatisfy("+-.0123456789".utf8.contains), let number = Double(text) else { return nil }
    return .milliseconds(Int64(min(max(number * unit, 0), 3.2e13).rounded(.up)))
  }
}

extension Timestamp {
  /// How long after an earlier moment it is.
  fileprivate func since(_ earlier: Timestamp) -> Duration { .milliseconds(milliseconds - earlier.milliseconds) }
}
