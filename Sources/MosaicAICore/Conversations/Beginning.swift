/// What became of a message with a key: it is asked, or it was answered before.
package enum Beginning: Sendable {
  case asked(Exchange)
  case answered(StoredReply)
}

/// A complete reply from the database, as if it had just come.
package struct StoredReply: Sendable {
  /// The first event that a receiver gets.
  package let start: ReplyStart
  package let content: String
  /// The last event that a receiver gets.
  package let done: ReplyDone
  /// Who answered, about which legacy, in which conversation.
  package let place: Place

  init(_ reply: Message, to question: StoredQuestion, in conversation: Conversation, personaName: String) {
    start = ReplyStart(
      conversationID: conversation.id, userMessageID: question.id, legacyID: conversation.legacyID,
      personaID: conversation.personaID, modelID: reply.modelID ?? "", isNewConversation: false)
    content = reply.content
    done = ReplyDone(
      messageID: reply.id, conversationID: conversation.id, stopReason: reply.stopReason ?? .endTurn,
      usage: TokenUsage(storedWith: reply), latency: nil, firstChunk: nil, isReplayed: true)
    place = Place(
      legacyID: conversation.legacyID, legacyName: conversation.legacyName, personaID: conversation.personaID,
      personaName: personaName, isPersonaOfLatest: false, missingPersonaID: nil, conversationID: conversation.id,
      name: conversation.name, title: conversation.title)
  }
}

extension TokenUsage {
  /// What is kept with a reply; nil if the service did not say.
  fileprivate init?(storedWith reply: Message) {
    guard let input = reply.inputTokens, let output = reply.tokenCount else { return nil }
    // Cached tokens are not part of the input, but of the total.
    self.init(
      input: input, output: output,
      total: input + output + (reply.cacheReadInputTokens ?? 0) + (reply.cacheWriteInputTokens ?? 0),
      cacheRead: reply.cacheReadInputTokens, cacheWrite: reply.cacheWriteInputTokens)
  }
}
