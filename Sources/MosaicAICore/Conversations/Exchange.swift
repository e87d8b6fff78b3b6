/// A message that is stored and waits for its reply.
package struct Exchange: Sendable {
  let question: StoredQuestion
  /// The request to the model.
  package let request: ModelRequest
  /// The first event that a receiver gets.
  package let start: ReplyStart
  /// Who answers, about which legacy, in which conversation.
  package let place: Place
  /// How many earlier messages of the conversation have no reply.
  package let unansweredBefore: Int
  /// How many conversations the model is reminded of.
  package let recalledConversationCount: Int
  /// Whether a reply to another message of the conversation is still arriving.
  package let isAnotherArriving: Bool
  /// Whether the message was stored before, and is asked again.
  package let isRetry: Bool
  /// Whether the message is the last of its conversation.
  let isLast: Bool
  /// Leaves the conversation's place among the user's as it is.
  let isKeepingOrder: Bool
}
