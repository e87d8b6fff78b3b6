/// The documented JSON of an interview's events. Fields are only ever added.

extension InterviewEvent {
  /// The event with its type; nil for one that is shown only to people who wait.
  package func record(_ wording: FailureWording) -> JSON? {
    type.map { .object([JSON.Member("type", .string($0))] + members(wording)) }
  }

  /// Nil for an event that is shown only to people who wait.
  private var type: String? {
    switch self {
    case .began: "interview"
    case .question: "question"
    case .retry: "retry"
    case .answer: "answer"
    case .failure: "failure"
    case .ended: "summary"
    case .asked, .leftOut, .finished: nil
    }
  }

  /// All of the event but its type.
  package func members(_ wording: FailureWording) -> [JSON.Member] {
    switch self {
    case .began(let start): start.members
    case .question(let question): question.members
    case .retry(let question, let notice):
      [.init("id", .string(question.id)), .init("legacy_id", JSON(question.legacyID))] + notice.members
    case .answer(let question, let answer): members(question, answer)
    case .failure(let question, let failure):
      question.place + [.init("question", .string(question.text))] + failure.failure.members(wording)
    case .ended(let summary): summary.members(wording)
    case .asked, .leftOut, .finished: []
    }
  }

  private func members(_ question: InterviewQuestion, _ answer: InterviewAnswer) -> [JSON.Member] {
    question.place + [
      .init("conversation_id", JSON(question.conversationID)), .init("user_message_id", JSON(answer.userMessageID)),
      .init("message_id", JSON(answer.done.messageID)), .init("question", .string(question.text)),
      .init("content", .string(answer.content)), .init("stop_reason", .string(answer.done.stopReason.rawValue)),
      .init("usage", answer.done.usage?.record ?? .null), .init("latency_ms", JSON(answer.done.latency)),
      .init("replayed", .bool(answer.done.isReplayed)),
    ]
  }
}

extension InterviewStart {
  fileprivate var members: [JSON.Member] {
    [
      .init("name", .string(name)), .init("questions", .integer(questions)), .init("legacies", .integer(legacies)),
      .init("persona_id", .string(personaID)), .init("jobs", .integer(jobs)),
    ]
  }
}

extension InterviewQuestion {
  package var members: [JSON.Member] {
    place + [
      .init("conversation_id", JSON(conversationID)), .init("question", .string(text)), .init("index", .integer(index)),
      .init("total", .integer(total)),
    ]
  }

  fileprivate var place: [JSON.Member] {
    [.init("id", .string(id)), .init("legacy_id", JSON(legacyID)), .init("legacy_name", .string(legacyName))]
  }
}

extension Failure {
  fileprivate func members(_ wording: FailureWording) -> [JSON.Member] {
    [
      .init("code", .string(code.rawValue)), .init("message", .string(message)),
      .init("hint", JSON(wording.hint(self))),
      .init("retryable", .bool(code.isRetryable)), .init("exit_status", .integer(wording.exitStatus(self))),
    ]
  }
}

extension InterviewSummary {
  fileprivate func members(_ wording: FailureWording) -> [JSON.Member] {
    [
      .init("questions", .integer(questions)), .init("answered", .integer(answered)),
      .init("replayed", .integer(replayed)), .init("failed", .integer(failed)),
      .init("remaining", .integer(remaining)), .init("usage", usage.record), .init("duration_ms", JSON(duration)),
      .init("exit_status", .integer(failure.map(wording.exitStatus) ?? 0)),
    ]
  }
}
