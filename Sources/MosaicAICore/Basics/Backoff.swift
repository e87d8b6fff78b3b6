/// How long to wait between attempts: exponential, with full jitter (AWS SDKs and Tools Reference Guide, "Retry
/// behavior", standard mode).
package struct Backoff: Sendable {
  /// The longest wait.
  package static let longest = Duration.seconds(20)

  /// At least 0 and below 1.
  private let random: @Sendable () -> Double

  package init(random: @escaping @Sendable () -> Double = { RandomBytes.fraction() }) { self.random = random }

  /// The wait before the attempt of that number; the first retry is 2.
  package func delay(before attempt: Int) -> Duration {
    let seconds = min(Double(1 << min(max(0, attempt - 2), 10)), Backoff.longest / .seconds(1))
    return .milliseconds(Int(random() * seconds * 1000))
  }
}
