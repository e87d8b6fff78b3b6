import MosaicAICore

/// What is exported, as `import` reads it: a line for the version of the format, the legacy, each conversation followed
/// by its messages, and the end.
extension Archive {
  /// One object a line.
  var lines: [JSON] {
    var lines = [
      line("export", [.init("format_version", .integer(Archive.formatVersion))]), line("legacy", legacy.members),
    ]
    for conversation in conversations {
      lines.append(line("conversation", conversation.members(legacyID: legacy.id)))
      lines += conversation.entries.map { line("message", $0.members) }
    }
    lines.append(
      line("end", [.init("conversations", .integer(conversations.count)), .init("messages", .integer(messageCount))]))
    return lines
  }

  /// All of it as one value.
  var record: JSON {
    [
      "format_version": .integer(Archive.formatVersion), "legacy": .object(legacy.members),
      "conversations": .array(
        conversations.map { conversation in
          let messages = JSON.Member("messages", .array(conversation.entries.map { .object($0.members) }))
          return .object(conversation.members(legacyID: legacy.id) + [messages])
        }),
    ]
  }

  private func line(_ type: String, _ members: [JSON.Member]) -> JSON {
    .object([.init("type", .string(type))] + members)
  }
}

extension Archive.Legacy {
  fileprivate var members: [JSON.Member] {
    [
      .init("id", .string(id)), .init("name", .string(name)), .init("created_at", .string(createdAt)),
      .init("updated_at", .string(updatedAt)),
    ]
  }
}

extension Archive.Conversation {
  fileprivate func members(legacyID: String) -> [JSON.Member] {
    [
      .init("id", .string(id)), .init("legacy_id", .string(legacyID)), .init("persona_id", .string(personaID)),
      .init("title", JSON(title)), .init("message_count", .integer(messageCount)),
      .init("last_message_at", JSON(lastMessageAt)),
      .init("created_at", .string(createdAt)), .init("updated_at", .string(updatedAt)),
    ]
  }
}

extension Archive.Entry {
  /// As `history` shows a message, and what else there is.
  fileprivate var members: [JSON.Member] {
    message.members + [.init("input_tokens", JSON(inputTokens)), .init("error_code", JSON(errorCode))]
  }
}

extension ImportSummary {
  var record: JSON {
    [
      "legacy_id": .string(legacyID), "legacy_name": .string(legacyName), "legacy_created": .bool(isNewLegacy),
      "conversations_added": .integer(addedConversations), "conversations_updated": .integer(updatedConversations),
      "conversations_skipped": .integer(skippedConversations), "messages_added": .integer(addedMessages),
      "messages_skipped": .integer(skippedMessages),
    ]
  }

  /// For people.
  var text: String {
    func count(_ number: Int, _ thing: String) -> String { "\(number) \(thing)\(number == 1 ? "" : "s")" }
    let updated = updatedConversations == 0 ? "" : ", continued \(updatedConversations)"
    return """
      \(legacyName): added \(count(addedConversations, "conversation"))\(updated), with \(count(addedMessages, "message")); \
      \(count(skippedConversations, "conversation")) and \(count(skippedMessages, "message")) were there already
      """
  }
}

extension Backup {
  var record: JSON {
    [
      "path": .string(path), "size": .integer(size), "version": .integer(version), "users": .integer(contents.users),
      "legacies": .integer(contents.legacies), "conversations": .integer(contents.conversations),
      "messages": .integer(contents.messages),
    ]
  }
}
