import MosaicAICore
import Synchronization

/// Passes on an interview's events, and reports its progress and each failure on standard error: on one line of a
/// terminal, otherwise every half minute.
final class InterviewProgress: InterviewReceiver {
  private struct State {
    var counts: InterviewSummary
    /// How many tokens this run has taken.
    var tokens = 0
    /// Why the last attempt failed, as long as no answer has come since.
    var trouble: String?
    /// Only on a terminal that can be written over.
    var line: StatusLine?
    var leftOut: Set<OptionalPart> = []
    var isOver = false
  }

  private let receiver: any InterviewReceiver
  private let diagnostics: Diagnostics
  /// Whether answers and progress may go to the same terminal.
  private let isSharingTerminal: Bool
  private let state: Mutex<State>
  private let began = ContinuousClock.now
  private let ticker = Mutex<Ticker?>(nil)

  /// - Parameters:
  ///   - output: where the receiver writes
  ///   - count: how many questions there are, of all legacies
  ///   - interval: how often it is said; nil for every second on a terminal, and every half minute elsewhere
  init(
    _ receiver: any InterviewReceiver, _ diagnostics: Diagnostics, beside output: Output, count: Int,
    every interval: Duration? = nil
  ) {
    self.receiver = receiver
    self.diagnostics = diagnostics
    isSharingTerminal = output.isTerminal && diagnostics.output.isTerminal
    let isRewriting = diagnostics.level >= .normal && diagnostics.output.canRewrite
    state = Mutex(
      State(
        counts: InterviewSummary(questions: count), line: isRewriting ? StatusLine(diagnostics.output) : nil))
    let interval = interval ?? .seconds(isRewriting ? 1 : 30)
    // Without a thread, the interview goes on without progress.
    ticker.withLock { $0 = Ticker(every: interval) { [weak self] in self?.update() } }
  }

  func receive(_ event: InterviewEvent) throws {
    try state.withLock { state in
      note(event, &state)
      guard isSharingTerminal else { return }
      state.line?.erase()
      try receiver.receive(event)
    }
    if !isSharingTerminal { try receiver.receive(event) }
  }

  private func note(_ event: InterviewEvent, _ state: inout State) {
    switch event {
    case .retry(let question, let notice):
      state.trouble = notice.failure.code.cause
      let event = Diagnostics.Event(name: notice.eventName, fields: notice.fields)
      let message =
        "\(InterviewProgress.name(question)): \(notice.failure.message) (\(notice.failure.code.rawValue)); trying again in "
        + "\(notice.delay.secondsText) s (\(notice.attempt) of \(notice.maximumAttempts))"
      // People see on the line of the progress what the trouble is.
      if diagnostics.format == .json {
        diagnostics.warn(message, nil, event)
      } else {
        diagnostics.note(event, message)
      }
    case .leftOut(let part) where state.leftOut.insert(part).inserted:
      state.line?.erase()
      diagnostics.warn(about: part)
    case .asked(let start):
      diagnostics.record(.conversation(of: start), "conversation \(start.conversationID)")
      diagnostics.recordSaved(start.userMessageID, .user, in: start.conversationID)
    case .answer(let question, let answer):
      guard !answer.done.isReplayed else { return state.counts.replayed += 1 }
      state.counts.answered += 1
      state.tokens += answer.done.usage?.total ?? 0
      state.trouble = nil
      comment(on: answer.done, question, &state)
      diagnostics.recordSaved(answer.done.messageID, .assistant, in: answer.done.conversationID)
      diagnostics.record(
        .complete(answer.done, diagnostics.words), "\(InterviewProgress.name(question)) is answered")
    case .failure(let question, let failure):
      state.counts.failed += 1
      state.tokens += failure.usage?.total ?? 0
      // Whoever stopped the run needs no message.
      guard failure.failure.code != .interrupted else { return }
      state.line?.erase()
      diagnostics.warn(
        "no answer to \(InterviewProgress.name(question)): \(failure.failure.message)", nil,
        .failed(failure, otherwise: "warning").adding(failure.failure))
    case .ended:
      ticker.withLock { $0?.stop() }
      state.line?.erase()
      state.isOver = true
    case .began, .question, .leftOut, .finished: break
    }
  }

  private func comment(on done: ReplyDone, _ question: InterviewQuestion, _ state: inout State) {
    let what: String
    switch done.stopReason {
    case .endTurn: return
    case .maximumTokens: what = "was cut at the limit of tokens; --max-tokens allows longer ones"
    case .stopSequence: what = "ended at a stop sequence"
    case .contextWindowExceeded: what = "was cut: the model's context window is full"
    default: what = "ended for an unknown reason: \(done.stopReason.rawValue)"
    }
    state.line?.erase()
    diagnostics.warn("the answer to \(InterviewProgress.name(question)) \(what)")
  }

  private static func name(_ question: InterviewQuestion) -> String {
    "question \(grouped(question.index)) about \(question.legacyName)"
  }

  private func update() {
    state.withLock { state in
      guard !state.isOver else { return }
      let text = text(state)
      if state.line == nil { return diagnostics.remark(text) }
      state.line?.show([text])
    }
  }

  private func text(_ state: State) -> String {
    let counts = state.counts
    var parts = ["\(grouped(counts.answered + counts.replayed)) of \(grouped(counts.questions)) answered"]
    if counts.failed > 0 { parts.append("\(grouped(counts.failed)) failed") }
    if counts.remaining > 0 { parts.append("\(grouped(counts.remaining)) waiting") }
    parts.append(counted(state.tokens, "token"))
    if counts.answered > 0, counts.remaining > 0 {
      let left = began.duration(to: .now) / counts.answered * counts.remaining
      parts.append("about \(InterviewProgress.describe(left)) left")
    }
    return parts.joined(separator: ", ") + (state.trouble.map { "; \($0)" } ?? "")
  }

  /// A time for people: `40 s`, `12 min`, `3 h`.
  static func describe(_ time: Duration) -> String {
    let seconds = Int(time / .seconds(1))
    if seconds < 100 { return "\(seconds) s" }
    return seconds < 100 * 60 ? "\((seconds + 30) / 60) min" : "\((seconds + 1800) / 3600) h"
  }
}
