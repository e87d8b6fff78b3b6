import Synchronization

/// Decides when the requests of a run may be made, for all of its jobs together.
///
/// There are never more than a number of requests in any 60 seconds, if one is given. After the service has refused a
/// request, or cannot be reached, the whole run goes slower: one request at a time tries whether it takes requests
/// again, with a pause between them that doubles each time; then the pause becomes shorter with each request that is
/// taken. So the run also begins: with one request, and with all jobs once that is taken.
package final class RequestLimiter: Sendable {
  /// The permission to make one request.
  struct Turn {
    fileprivate let epoch: Int
    /// Before when no request could be made until this turn was given, and since then.
    fileprivate let notBefore: (earlier: ContinuousClock.Instant?, since: ContinuousClock.Instant)
    /// When the request was begun; nil before that.
    fileprivate var began: ContinuousClock.Instant?
    /// Whether it is known how the service took it.
    fileprivate var isResolved = false
  }

  private struct State {
    /// When the requests of the last minute were begun; only if there is a limit.
    var starts: [ContinuousClock.Instant] = []
    /// How many turns were given whose request has not begun.
    var reserved = 0
    /// The least time between two requests.
    var pause = Duration.zero
    /// No request before then.
    var notBefore: ContinuousClock.Instant?
    /// Counts refusals: what happens to a request that was made before the last one says nothing new.
    var epoch = 0
    /// Whether it is unknown if the service takes requests.
    var isTrying = true
    /// How many turns of this epoch are not resolved.
    var unresolved = 0
    /// The waiting threads, in the order they came.
    var queue: [Int] = []
    var nextTicket = 0
  }

  private let rate: Int?
  private let now: @Sendable () -> ContinuousClock.Instant
  private let state = Mutex(State())

  /// A minute, and what requests may take on their way longer or shorter than each other.
  private static let window = Duration.seconds(61)
  /// The pause after a first refusal.
  private static let firstPause = Duration.milliseconds(250)
  private static let longestPause = Duration.seconds(4)
  /// How much shorter the pause becomes with each request that is taken.
  private static let recovery = 0.8
  /// A shorter pause is none.
  private static let shortestPause = Duration.milliseconds(20)
  /// How often a waiting thread looks whether it is its turn.
  private static let poll = Duration.milliseconds(20)

  /// - Parameters:
  ///   - rate: the most requests in any 60 seconds; nil for any number
  ///   - now: the clock
  package init(rate: Int?, now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }) {
    self.rate = rate
    self.now = now
  }

  /// Waits for the next turn; nil once it is no longer needed. It has to be ended or given back.
  ///
  /// - Throws: `Failure` with code `interrupted` if canceled first
  func wait(_ cancellation: Cancellation, while isNeeded: () -> Bool = { true }) throws -> Turn? {
    if let turn = turnIfFree() { return turn }
    let ticket = state.withLock { state in
      defer { state.nextTicket += 1 }
      state.queue.append(state.nextTicket)
      return state.nextTicket
    }
    var turn: Turn?
    while turn == nil {
      let pause: Duration? = state.withLock { state in
        guard state.queue.first == ticket else { return RequestLimiter.poll }
        if let pause = delay(state) { return min(pause, RequestLimiter.poll) }
        state.queue.removeFirst()
        turn = give(&state)
        return nil
      }
      guard let pause else { break }
      let isCancelled = cancellation.wait(pause)
      guard !isCancelled, isNeeded() else {
        state.withLock { $0.queue.removeAll { $0 == ticket } }
        if isCancelled { throw cancellation.failure }
        return nil
      }
    }
    return turn
  }

  /// The next turn, if it can be had at once and nobody waits for it.
  func turnIfFree() -> Turn? {
    state.withLock { state in state.queue.isEmpty && delay(state) == nil ? give(&state) : nil }
  }

  /// How long the first in the queue has to wait; nil if it need not.
  private func delay(_ state: State) -> Duration? {
    if state.isTrying, state.unresolved > 0 { return RequestLimiter.poll }
    let now = now()
    if let notBefore = state.notBefore, notBefore > now { return now.duration(to: notBefore) }
    guard let rate else { return nil }
    let free = rate - state.reserved
    guard free > 0 else { return RequestLimiter.poll }
    guard state.starts.count >= free else { return nil }
    let oldest = state.starts[state.starts.count - free] + RequestLimiter.window
    return oldest > now ? now.duration(to: oldest) : nil
  }

  private func give(_ state: inout State) -> Turn {
    let notBefore = (earlier: state.notBefore, since: now() + state.pause)
    state.reserved += 1
    state.unresolved += 1
    state.notBefore = notBefore.since
    return Turn(epoch: state.epoch, notBefore: notBefore)
  }

  /// Gives back a turn whose request was not made.
  func giveBack(_ turn: Turn) {
    state.withLock { state in
      state.reserved -= 1
      if turn.epoch == state.epoch { state.unresolved -= 1 }
      if state.notBefore == turn.notBefore.since { state.notBefore = turn.notBefore.earlier }
    }
  }

  /// The request is made now.
  func begin(_ turn: inout Turn) {
    let now = now()
    turn.began = now
    state.withLock { state in
      state.reserved -= 1
      state.notBefore = max(state.notBefore ?? now, now + state.pause)
      guard let rate else { return }
      state.starts.removeAll { $0 + RequestLimiter.window <= now }
      state.starts.append(now)
      state.starts.removeFirst(max(0, state.starts.count - rate))
    }
  }

  /// The service has taken the request.
  func accept(_ turn: inout Turn) {
    guard !turn.isResolved else { return }
    turn.isResolved = true
    state.withLock { state in
      guard turn.epoch == state.epoch else { return }
      state.unresolved -= 1
      state.isTrying = false
      let pause = state.pause * RequestLimiter.recovery
      state.pause = pause < RequestLimiter.shortestPause ? .zero : pause
    }
  }

  /// The request has ended.
  ///
  /// - Parameter refusal: nil if there is no reason to ask less often
  func end(_ turn: inout Turn, _ refusal: Refusal?) {
    guard let refusal else { return accept(&turn) }
    let now = now()
    let took = turn.began.map { $0.duration(to: now) } ?? .zero
    turn.isResolved = true
    state.withLock { state in
      if turn.epoch == state.epoch {
        state.epoch += 1
        state.isTrying = true
        state.unresolved = 0
        // What was refused only after a long time weighs more.
        let longer = max(state.pause * 2, RequestLimiter.firstPause, took / 4)
        state.pause = min(longer, RequestLimiter.longestPause)
      }
      let asked = min(refusal.wait ?? .zero, Backoff.longest)
      state.notBefore = max(state.notBefore ?? now, now + max(state.pause, asked))
    }
  }
}

/// The turns of one job, whose thread alone uses it. A turn can be waited for before there is anything to ask, so that
/// no message is stored before its request may be made.
final class JobPace: RequestPace {
  private let limiter: RequestLimiter
  private let turn = Mutex<RequestLimiter.Turn?>(nil)

  init(_ limiter: RequestLimiter) { self.limiter = limiter }

  /// Waits for the turn of the next request. False if it is no longer needed.
  ///
  /// - Throws: `Failure` with code `interrupted` if canceled first
  func reserve(_ cancellation: Cancellation, while isNeeded: () -> Bool) throws -> Bool {
    guard let next = try limiter.wait(cancellation, while: isNeeded) else { return false }
    turn.withLock { $0 = next }
    return true
  }

  /// Gives back a turn whose request was not made.
  func giveBack() {
    turn.withLock { turn in
      if let given = turn, given.began == nil { limiter.giveBack(given) }
      turn = nil
    }
  }

  func begin(_ cancellation: Cancellation) throws {
    let reserved = turn.withLock { $0 }
    guard var next = try reserved ?? limiter.wait(cancellation) else { return }
    limiter.begin(&next)
    turn.withLock { $0 = next }
  }

  func accept() {
    turn.withLock { turn in
      guard var current = turn else { return }
      limiter.accept(&current)
      turn = current
    }
  }

  func end(refusal: Refusal?) {
    turn.withLock { turn in
      if var current = turn { limiter.end(&current, refusal) }
      turn = nil
    }
  }
}
