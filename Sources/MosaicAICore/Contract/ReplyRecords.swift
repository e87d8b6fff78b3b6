/// The documented JSON of a reply's events. Fields are only ever added.

extension ReplyEvent {
  /// The event with its type; nil for one that is shown only to people who wait.
  ///
  /// - Parameter wording: how the program words advice, and which exit status it gives a failure
  package func record(_ wording: FailureWording) -> JSON? {
    type.map { .object([JSON.Member("type", .string($0))] + members(wording)) }
  }

  /// `start`, `retry`, `done` or `error`; nil for an event that is shown only to people who wait.
  package var type: String? {
    switch self {
    case .start: "start"
    case .retry: "retry"
    case .done: "done"
    case .failure: "error"
    case .leftOut, .thinking: nil
    }
  }

  /// All of the event but its type.
  package func members(_ wording: FailureWording) -> [JSON.Member] {
    switch self {
    case .start(let start): start.members
    case .retry(let notice): notice.members
    case .done(let done): done.members
    case .failure(let failure): failure.members(wording)
    case .leftOut, .thinking: []
    }
  }
}

/// What a program adds to a failure: its own words and its own numbers.
package struct FailureWording: Sendable {
  /// What to do, in the program's terms; nil if nothing can be done.
  package let hint: @Sendable (Failure) -> String?
  package let exitStatus: @Sendable (Failure) -> Int

  package init(
    hint: @escaping @Sendable (Failure) -> String?, exitStatus: @escaping @Sendable (Failure) -> Int
  ) {
    self.hint = hint
    self.exitStatus = exitStatus
  }
}

extension ReplyStart {
  fileprivate var members: [JSON.Member] {
    [
      .init("conversation_id", JSON(conversationID)), .init("user_message_id", JSON(userMessageID)),
      .init("legacy_id", JSON(legacyID)), .init("persona_id", .string(personaID)), .init("model_id", .string(modelID)),
      .init("conversation_created", .bool(isNewConversation)),
      .init("recalled", .array(recalled.map { JSON($0) })),
    ]
  }
}

extension RetryNotice {
  var members: [JSON.Member] { fields + [.init("message", .string(failure.message))] }
}

extension ReplyDone {
  fileprivate var members: [JSON.Member] {
    [
      .init("message_id", JSON(messageID)), .init("token_count", JSON(usage?.output)),
      .init("conversation_id", JSON(conversationID)), .init("stop_reason", .string(stopReason.rawValue)),
      .init("usage", usage?.record ?? .null), .init("latency_ms", JSON(latency)),
      .init("first_chunk_ms", JSON(firstChunk)), .init("replayed", .bool(isReplayed)),
    ]
  }
}

extension ReplyFailure {
  fileprivate func members(_ wording: FailureWording) -> [JSON.Member] {
    [
      .init("message", .string(failure.message)), .init("hint", JSON(wording.hint(failure))),
      .init("retryable", .bool(failure.code.isRetryable)), .init("code", .string(failure.code.rawValue)),
      .init("exit_status", .integer(wording.exitStatus(failure))), .init("conversation_id", JSON(conversationID)),
      .init("user_message_id", JSON(userMessageID)), .init("message_id", JSON(messageID)),
    ]
  }
}

extension TokenUsage {
  package var record: JSON {
    [
      "input_tokens": JSON(input), "output_tokens": JSON(output), "total_tokens": JSON(total),
      "cache_read_input_tokens": JSON(cacheRead), "cache_write_input_tokens": JSON(cacheWrite),
    ]
  }
}
