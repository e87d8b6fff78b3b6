import MosaicAICore
import Synchronization

extension OutputFormat {
  /// What writes an interview in this format.
  ///
  /// - Parameter order: the legacies in the order in which text is about them
  func receiver(_ session: Session, order: [LegacyID]) -> any InterviewReceiver {
    switch self {
    case .text: TextInterviewRenderer(session.output, order, temporaryFolder: session.context.temporaryFolder)
    case .json: JSONInterviewRenderer(session.output, session.wording)
    case .ndjson: EventInterviewRenderer(session.output, session.wording)
    }
  }
}

/// Every event as JSON on a line of its own.
private final class EventInterviewRenderer: InterviewReceiver {
  private let output: Output
  private let wording: FailureWording
  /// Held while a line is written, which may be longer than a pipe takes at once.
  private let turn = Mutex(())

  init(_ output: Output, _ wording: FailureWording) {
    self.output = output
    self.wording = wording
  }

  func receive(_ event: InterviewEvent) throws {
    guard let record = event.record(wording) else { return }
    var bytes: [UInt8] = []
    record.append(to: &bytes)
    bytes.append(UInt8(ascii: "\n"))
    try turn.withLock { _ in try output.write(bytes) }
  }
}

/// One object: answers are written as they come, failures after them.
private final class JSONInterviewRenderer: InterviewReceiver {
  private struct State {
    var writer: JSONWriter
    var failures: [JSON] = []
  }

  private let output: Output
  private let wording: FailureWording
  private let state: Mutex<State>

  init(_ output: Output, _ wording: FailureWording) {
    self.output = output
    self.wording = wording
    state = Mutex(State(writer: JSONWriter(isIndented: output.isTerminal)))
  }

  func receive(_ event: InterviewEvent) throws {
    try state.withLock { state in
      var bytes: [UInt8] = []
      let record = JSON.object(event.members(wording))
      switch event {
      case .began:
        state.writer.beginObject(to: &bytes)
        state.writer.add(record, "interview", to: &bytes)
        state.writer.beginArray("answers", to: &bytes)
      case .answer: state.writer.add(record, to: &bytes)
      case .failure: state.failures.append(record)
      case .ended:
        state.writer.end(to: &bytes)
        state.writer.add(.array(state.failures), "failures", to: &bytes)
        state.writer.add(record, "summary", to: &bytes)
        state.writer.end(to: &bytes)
        bytes.append(UInt8(ascii: "\n"))
      case .question, .asked, .retry, .leftOut, .finished: return
      }
      try output.write(bytes)
    }
  }
}

/// Markdown: a heading for each legacy, one for each question, the answer below it. What comes about a legacy while it
/// is another one's turn waits.
private final class TextInterviewRenderer: InterviewReceiver {
  private struct State: ~Copyable {
    /// The place in the order of the legacy whose turn it is.
    var front = 0
    /// The legacies for which everything has come.
    var finished: Set<LegacyID> = []
    var waiting: [LegacyID: [Spool.Piece]] = [:]
    /// Nil as long as nothing had to wait.
    var spool: Spool?
    /// The one whose heading was written last.
    var headed: LegacyID?
  }

  private let output: Output
  private let order: [LegacyID]
  private let temporaryFolder: String
  private let state = Mutex(State())

  init(_ output: Output, _ order: [LegacyID], temporaryFolder: String) {
    self.output = output
    self.order = order
    self.temporaryFolder = temporaryFolder
  }

  func receive(_ event: InterviewEvent) throws {
    switch event {
    case .answer(let question, let answer):
      try write(heading(2, question.text) + "\n" + body(answer.content), about: question)
    case .failure(let question, let failure):
      let reason = SafeText.line(failure.failure.message)
      let text = output.isTerminal ? reason : Markdown.literal(reason)
      try write(heading(2, question.text) + "\n*No answer: \(text)*\n", about: question)
    case .finished(let legacy):
      try state.withLock { state in
        state.finished.insert(legacy)
        try advance(&state)
      }
    case .began, .question, .asked, .retry, .leftOut, .ended: break
    }
  }

  private func write(_ text: String, about question: InterviewQuestion) throws {
    try state.withLock { state in
      let title = heading(1, question.legacyName)
      guard order.indices.contains(state.front), order[state.front] == question.legacyID else {
        let spool = try state.spool ?? Spool(in: temporaryFolder)
        state.spool = spool
        let isFirst = state.waiting[question.legacyID] == nil
        state.waiting[question.legacyID, default: []].append(try spool.keep((isFirst ? title : "") + text))
        return
      }
      if state.headed != question.legacyID { try begin(title, question.legacyID, &state) }
      try output.write(text)
    }
  }

  private func begin(_ title: String, _ legacy: LegacyID, _ state: inout State) throws {
    // Nothing stands above the first.
    try output.write(state.headed == nil ? String(title.dropFirst()) : title)
    state.headed = legacy
  }

  /// Goes on to the next legacy as long as all about the present one is written, with what waits about it.
  private func advance(_ state: inout State) throws {
    while order.indices.contains(state.front), state.finished.contains(order[state.front]) {
      state.front += 1
      guard order.indices.contains(state.front) else { return }
      let legacy = order[state.front]
      for piece in state.waiting.removeValue(forKey: legacy) ?? [] {
        var bytes = try state.spool?.text(piece) ?? []
        if state.headed == nil { bytes.removeFirst() }
        state.headed = legacy
        try output.write(bytes)
      }
    }
  }

  /// A heading, with an empty line before it.
  private func heading(_ level: Int, _ text: String) -> String {
    let marks = String(repeating: "#", count: level)
    let line = SafeText.line(text)
    return output.isTerminal
      ? "\n" + output.style.bold(wrapped("\(marks) \(line)")) + "\n"
      : "\n\(marks) \(Markdown.literal(line))\n"
  }

  /// An answer, ending with exactly one line break.
  private func body(_ text: String) -> String {
    var text = SafeText.lines(text)
    while text.last?.isNewline == true { text.removeLast() }
    return (output.isTerminal ? wrapped(text) : Markdown.body(text)) + "\n"
  }

  private func wrapped(_ text: String) -> String { WordWrap.lines(text, width: output.width) }
}
