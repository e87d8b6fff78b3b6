import MosaicAICore

/// What a log says of messages and their replies: ids and numbers, never a word of them.
extension Diagnostics.Event {
  /// The conversation of a message is known.
  static func conversation(of start: ReplyStart) -> Diagnostics.Event {
    Diagnostics.Event(
      name: start.isNewConversation ? "ai.conversation.created" : "ai.conversation.found",
      fields: [
        JSON.Member("conversation_id", JSON(start.conversationID)), JSON.Member("legacy_id", JSON(start.legacyID)),
        JSON.Member("persona_id", .string(start.personaID)),
      ])
  }

  /// A reply is whole.
  static func complete(_ done: ReplyDone, _ words: AdviceWords) -> Diagnostics.Event {
    Diagnostics.Event(name: "ai.chat.complete", fields: ReplyEvent.done(done).members(FailureWording(words)))
  }

  /// There is no whole reply to a stored message; another error if none was stored.
  static func failed(_ failure: ReplyFailure, otherwise name: String) -> Diagnostics.Event {
    guard failure.userMessageID != nil else { return Diagnostics.Event(name: name) }
    return Diagnostics.Event(
      name: "ai.chat.error",
      fields: [
        JSON.Member("conversation_id", JSON(failure.conversationID)),
        JSON.Member("user_message_id", JSON(failure.userMessageID)), JSON.Member("message_id", JSON(failure.messageID)),
      ])
  }

  /// The same with the code of a failure, and what follows from it.
  func adding(_ failure: Failure) -> Diagnostics.Event {
    let own = [
      JSON.Member("code", .string(failure.code.rawValue)),
      JSON.Member("exit_status", .integer(Int(ExitStatus(failure).number))),
      JSON.Member("retryable", .bool(failure.code.isRetryable)),
    ]
    return Diagnostics.Event(name: name, fields: own + fields)
  }
}

extension Diagnostics {
  /// Records that a message was stored.
  func recordSaved(_ id: MessageID, _ author: Message.Author, in conversation: ConversationID) {
    record(
      Event(
        name: "ai.message.saved",
        fields: [
          JSON.Member("message_id", JSON(id)), JSON.Member("conversation_id", JSON(conversation)),
          JSON.Member("role", .string(author.rawValue)),
        ]), "message \(id) saved (\(author.rawValue))")
  }
}
