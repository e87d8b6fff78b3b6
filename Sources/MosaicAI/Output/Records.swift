import MosaicAICore

/// The documented JSON of everything that is listed. Fields are only ever added.

extension Persona {
  var record: JSON {
    [
      "id": .string(id), "name": .string(name), "icon": JSON(icon), "description": .string(description),
      "model_id": .string(modelID ?? Persona.defaultModelID),
      "max_tokens": .integer(maximumTokens ?? Persona.defaultMaximumTokens),
    ]
  }
}

extension Legacy {
  var record: JSON {
    [
      "id": .string(id), "name": .string(name), "role": .string(role.rawValue),
      "conversation_count": .integer(conversationCount),
      "created_at": .string(createdAt),
    ]
  }
}

extension Member {
  var record: JSON {
    [
      "user_id": .string(userID), "handle": .string(handle), "role": .string(role.rawValue),
      "created_at": .string(createdAt),
    ]
  }
}

extension Conversation {
  var record: JSON {
    [
      "id": .string(id), "user_id": .string(userID), "legacy_id": .string(legacyID), "legacy_name": .string(legacyName),
      "persona_id": .string(personaID), "title": JSON(title), "message_count": .integer(messageCount),
      "last_message_at": JSON(lastMessageAt), "created_at": .string(createdAt), "updated_at": .string(updatedAt),
    ]
  }
}

extension Message {
  var record: JSON { .object(members) }

  var members: [JSON.Member] {
    [
      .init("id", .string(id)), .init("conversation_id", .string(conversationID)),
      .init("role", .string(author.rawValue)),
      .init("content", .string(content)), .init("token_count", JSON(tokenCount)),
      .init("status", .string(status.rawValue)),
      .init("stop_reason", JSON(stopReason)), .init("model_id", JSON(modelID)), .init("reply_to", JSON(replyTo)),
      .init("created_at", .string(createdAt)),
    ]
  }
}

extension Check {
  /// One of `doctor`'s findings; `code` is what `send` would fail with.
  var record: JSON {
    [
      "name": .string(name), "status": .string(status.rawValue), "value": JSON(value), "origin": JSON(origin),
      "message": JSON(message),
      "hint": JSON(hint), "code": JSON(failure?.code.rawValue),
    ]
  }
}

extension ReplyStart {
  /// All of the `start` event but its type.
  var members: [JSON.Member] {
    [
      .init("conversation_id", .string(conversationID)), .init("user_message_id", .string(userMessageID)),
      .init("legacy_id", .string(legacyID)), .init("persona_id", .string(personaID)),
      .init("model_id", .string(modelID)),
      .init("conversation_created", .bool(isNewConversation)),
    ]
  }
}

extension RetryNotice {
  /// All of the `retry` event but its type.
  var members: [JSON.Member] {
    [
      .init("attempt", .integer(attempt)), .init("max_attempts", .integer(maximumAttempts)),
      .init("delay_ms", .integer(delayMilliseconds)), .init("code", .string(failure.code.rawValue)),
      .init("message", .string(failure.message)),
    ]
  }
}

extension ReplyDone {
  /// All of the `done` event but its type.
  var members: [JSON.Member] {
    [
      .init("message_id", .string(messageID)), .init("token_count", JSON(usage?.output)),
      .init("conversation_id", .string(conversationID)), .init("stop_reason", .string(stopReason.rawValue)),
      .init("usage", usage?.record ?? .null), .init("latency_ms", JSON(latency)),
      .init("first_chunk_ms", JSON(firstChunk)),
    ]
  }
}

extension TokenUsage {
  var record: JSON {
    [
      "input_tokens": .integer(input), "output_tokens": .integer(output), "total_tokens": .integer(total),
      "cache_read_input_tokens": JSON(cacheRead), "cache_write_input_tokens": JSON(cacheWrite),
    ]
  }
}

/// The `error` event of `send`: what went wrong, and what is stored.
struct ErrorEvent {
  let failure: Failure
  let conversationID: String?
  let userMessageID: String?
  let messageID: String?

  /// All of the event but its type.
  var members: [JSON.Member] {
    [
      .init("message", .string(failure.message)), .init("retryable", .bool(failure.isRetryable)),
      .init("code", .string(failure.code.rawValue)), .init("exit_status", .integer(Int(failure.exitStatus))),
      .init("conversation_id", JSON(conversationID)), .init("user_message_id", JSON(userMessageID)),
      .init("message_id", JSON(messageID)),
    ]
  }
}

extension ErrorEvent {
  /// Any error of `send`, with what it tells of things stored.
  init(_ error: any Error) {
    if let error = error as? ReplyFailure {
      self.init(
        failure: error.failure, conversationID: error.conversationID, userMessageID: error.userMessageID,
        messageID: error.messageID)
    } else {
      self.init(failure: .from(error), conversationID: nil, userMessageID: nil, messageID: nil)
    }
  }
}
