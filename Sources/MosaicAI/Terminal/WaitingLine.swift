import MosaicAICore
import Synchronization

/// One line on a terminal that says what a reply waits for, from one second on. The first word erases it.
final class WaitingLine: Sendable {
  /// What is waited for.
  enum Reason: Equatable, Sendable {
    case reply
    /// The model thinks first.
    case thinking
    /// Another attempt, at that moment.
    case attempt(String, at: ContinuousClock.Instant, count: String)
  }

  private struct State {
    var reason = Reason.reply
    var line: StatusLine
    var isOver = false
  }

  private let state: Mutex<State>
  private let ticker = Mutex<Ticker?>(nil)

  /// - Parameter output: a terminal that can be written over
  init(_ output: Output) {
    state = Mutex(State(line: StatusLine(output)))
    // Without a thread nothing is said, and the reply comes all the same.
    ticker.withLock { $0 = Ticker(every: .seconds(1)) { [weak self] in self?.update() } }
  }

  /// From now on something else is waited for.
  func wait(for reason: Reason) {
    state.withLock { $0.reason = reason }
    if case .attempt = reason { update() }
  }

  /// Erases the line for something else that is said; it comes back after a while.
  func makeRoom() { state.withLock { $0.line.erase() } }

  /// Erases the line; nothing comes any more.
  func end() {
    ticker.withLock { $0?.stop() }
    state.withLock { state in
      state.line.erase()
      state.isOver = true
    }
  }

  private func update() {
    state.withLock { state in
      if !state.isOver { state.line.show(WaitingLine.texts(state.reason)) }
    }
  }

  /// What to say, from the longest to the shortest.
  private static func texts(_ reason: Reason) -> [String] {
    switch reason {
    case .reply: return ["…"]
    case .thinking: return ["thinking…"]
    case .attempt(let cause, let moment, let count):
      let seconds = (ContinuousClock.now.duration(to: moment).milliseconds + 999) / 1000
      let time = seconds > 0 ? "trying again in \(seconds) s (\(count))" : "trying again (\(count))"
      return ["\(cause); \(time)", time]
    }
  }
}
