/// The documented JSON of everything that is listed or shown. Fields are only ever added.

extension Persona {
  package var record: JSON {
    [
      "id": .string(id), "name": .string(name), "icon": JSON(icon), "description": .string(description),
      "model_id": .string(modelID ?? Persona.defaultModelID),
      "max_tokens": .integer(maximumTokens ?? Persona.defaultMaximumTokens),
    ]
  }
}

extension Legacy {
  package var record: JSON {
    [
      "id": JSON(id), "name": .string(name), "role": .string(role.rawValue),
      "conversation_count": .integer(conversationCount), "created_at": JSON(createdAt),
    ]
  }
}

extension Member {
  package var record: JSON {
    [
      "user_id": JSON(userID), "handle": .string(handle), "role": .string(role.rawValue),
      "created_at": JSON(createdAt),
    ]
  }
}

extension Conversation {
  package var record: JSON {
    [
      "id": JSON(id), "user_id": JSON(userID), "legacy_id": JSON(legacyID), "legacy_name": .string(legacyName),
      "persona_id": .string(personaID), "name": JSON(name), "title": JSON(title),
      "message_count": .integer(messageCount), "last_message_at": JSON(lastMessageAt), "created_at": JSON(createdAt),
      "updated_at": JSON(updatedAt),
    ]
  }
}

extension Message {
  package var record: JSON { .object(members) }

  var members: [JSON.Member] {
    [
      .init("id", JSON(id)), .init("conversation_id", JSON(conversationID)), .init("role", .string(author.rawValue)),
      .init("content", .string(content)), .init("token_count", JSON(tokenCount)),
      .init("input_tokens", JSON(inputTokens)), .init("cache_read_input_tokens", JSON(cacheReadInputTokens)),
      .init("cache_write_input_tokens", JSON(cacheWriteInputTokens)), .init("status", .string(status.rawValue)),
      .init("stop_reason", JSON(stopReason?.rawValue)), .init("error_code", JSON(errorCode?.rawValue)),
      .init("model_id", JSON(modelID)), .init("reply_to", JSON(replyTo)),
      .init("idempotency_key", JSON(idempotencyKey?.rawValue)), .init("created_at", JSON(createdAt)),
    ]
  }
}

extension SearchHit {
  package var record: JSON {
    [
      "message_id": JSON(message.id), "conversation_id": JSON(conversation.id),
      "legacy_id": JSON(conversation.legacyID),
      "legacy_name": .string(conversation.legacyName), "persona_id": .string(conversation.personaID),
      "title": JSON(conversation.title), "role": .string(message.author.rawValue),
      "created_at": JSON(message.createdAt), "excerpt": .string(excerpt.text),
      "highlights": .array(
        excerpt.highlights.map { .array([.integer($0.lowerBound), .integer($0.upperBound)]) }),
      "rank": .integer(rank),
    ]
  }
}

extension Question {
  /// - Parameters:
  ///   - text: as it is asked
  ///   - isUsed: whether it was asked; nil without a legacy
  package func record(text: String, isUsed: Bool?) -> JSON {
    [
      "id": .string(id), "chapter": .string(chapter), "question": .string(text),
      "used": isUsed.map(JSON.bool) ?? .null,
    ]
  }
}

extension UsageGroup {
  package var record: JSON {
    [
      "key": JSON(key), "name": JSON(name), "messages": .integer(messages), "input_tokens": .integer(tokens.input),
      "output_tokens": .integer(tokens.output), "cache_read_input_tokens": .integer(tokens.cacheRead),
      "cache_write_input_tokens": .integer(tokens.cacheWrite), "cost": cost.map { .number($0.value) } ?? .null,
      "currency": JSON(cost?.currency),
    ]
  }
}

extension Backup {
  package var record: JSON { .object(members) }

  fileprivate var members: [JSON.Member] {
    [
      .init("path", .string(path)), .init("size", .integer(size)), .init("version", .integer(version)),
      .init("users", .integer(contents.users)), .init("legacies", .integer(contents.legacies)),
      .init("conversations", .integer(contents.conversations)), .init("messages", .integer(contents.messages)),
    ]
  }
}

extension Restoration {
  /// As a backup's, and the path of the previous database.
  package var record: JSON { .object(database.members + [.init("kept", JSON(kept))]) }
}

extension JSON {
  package init<Kind>(_ id: Identifier<Kind>) { self = .string(id.rawValue) }
  package init<Kind>(_ id: Identifier<Kind>?) { self.init(id?.rawValue) }
  package init(_ time: Timestamp) { self = .string(time.rfc3339) }
  package init(_ time: Timestamp?) { self.init(time?.rfc3339) }
  /// In whole milliseconds.
  package init(_ duration: Duration?) { self.init(duration?.milliseconds) }
}
