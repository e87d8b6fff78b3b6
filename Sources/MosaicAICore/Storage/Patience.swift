import Platform
import Synchronization

/// How long to wait for a database that others keep locked, and what may end the wait.
final class Patience: Sendable {
  /// As long as others may need it.
  static let long = Duration.seconds(30)
  /// For looking only.
  static let short = Duration.seconds(5)

  private struct State {
    var cancellation: Cancellation
    /// Until when waits go on even after cancellation.
    var lingeringEnd: ContinuousClock.Instant?
    /// Of the wait that a busy database is the reason for.
    var began = ContinuousClock.now
  }

  private let limit: Duration
  private let state: Mutex<State>

  init(_ limit: Duration, _ cancellation: Cancellation = .never) {
    self.limit = limit
    state = Mutex(State(cancellation: cancellation))
  }

  /// From now on this ends waits.
  func observe(_ cancellation: Cancellation) { state.withLock { $0.cancellation = cancellation } }

  /// For that long, waits go on even after cancellation.
  func linger(_ time: Duration) { state.withLock { $0.lingeringEnd = ContinuousClock.now + time } }

  /// Nil unless canceled.
  var interruption: Failure? {
    let cancellation = state.withLock { $0.cancellation }
    return cancellation.isRequested ? cancellation.failure : nil
  }

  /// Whether there was a cancellation, and nothing is left to be done first.
  var isOver: Bool {
    let (cancellation, lingeringEnd) = state.withLock { ($0.cancellation, $0.lingeringEnd) }
    return cancellation.isRequested && lingeringEnd.map { $0 <= .now } ?? true
  }

  /// SQLite's busy handler: waits a little, and says whether to try again.
  ///
  /// - Parameter tries: how often there was a wait already
  func isWaiting(tries: Int) -> Bool {
    let began = state.withLock { state in
      if tries == 0 { state.began = .now }
      return state.began
    }
    // At random, so that those who wait do not wake together.
    return began.duration(to: .now) < limit && pause(.milliseconds(1 + Int(RandomBytes.fraction() * 23)))
  }

  /// Waits until `body` gives something. Nil if that takes too long, or after cancellation.
  func wait<Result>(_ step: Duration = .milliseconds(10), until body: () throws -> Result?) rethrows -> Result? {
    let end = ContinuousClock.now + limit
    while true {
      if let result = try body() { return result }
      guard ContinuousClock.now < end, pause(step) else { return nil }
    }
  }

  /// Waits until a descriptor can be read or written, as poll(2) has `events`. After cancellation, an
  /// answer that is under way gets some more time.
  ///
  /// - Returns: false once `end` has come
  /// - Throws: `Failure` with code `interrupted`
  func wait(_ descriptor: Int32, _ events: Int16, until end: ContinuousClock.Instant?) throws -> Bool {
    let asked = state.withLock { $0.cancellation }
    var (isInterrupted, last) = (false, end)
    while true {
      var polled = [
        pollfd(fd: descriptor, events: events, revents: 0),
        pollfd(fd: isInterrupted ? -1 : asked.descriptor, events: Int16(POLLIN), revents: 0),
      ]
      let left = last.map { max(.zero, ContinuousClock.now.duration(to: $0)) + .nanoseconds(999_999) }
      let count = poll(&polled, 2, left.map { Int32(clamping: $0.milliseconds) } ?? -1)
      guard count >= 0 else { continue }
      if polled[0].revents != 0 { return true }
      if polled[1].revents != 0 {
        isInterrupted = true
        let grace = max(ContinuousClock.now + Patience.grace, state.withLock { $0.lingeringEnd } ?? .now)
        last = min(end ?? grace, grace)
      } else if count == 0 {
        guard !isInterrupted || last == end else { throw asked.failure }
        return false
      }
    }
  }

  /// For an answer that is under way at cancellation.
  private static let grace = Duration.seconds(2)

  /// Waits that long. False after cancellation, if nothing is left to be done first.
  func pause(_ time: Duration) -> Bool {
    let (cancellation, lingeringEnd) = state.withLock { ($0.cancellation, $0.lingeringEnd) }
    guard cancellation.wait(time) else { return true }
    guard let lingeringEnd, ContinuousClock.now < lingeringEnd else { return false }
    _ = Cancellation.never.wait(time)
    return true
  }
}
