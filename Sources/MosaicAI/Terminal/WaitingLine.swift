import MosaicAICore
import Synchronization

/// One line on a terminal that says what a reply waits for, from one second on. The first word erases it.
final class WaitingLine: Sendable {
  /// What the program waits for.
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
    // Without a thread, the reply comes without this line.
    ticker.withLock { $0 = Ticker(every: .seconds(1)) { [weak self] in self?.update() } }
  }

  /// Changes what the line says.
  func wait(for reason: Reason) {
    state.withLock { $0.reason = reason }
    if case .attempt = reason { update() }
  }

  /// Erases the line to make room for another; it comes back after a while.
  func makeRoom() { state.withLock { $0.line.erase() } }

  /// Erases the line for good.
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

  /// The texts to choose from, the longest first.
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
