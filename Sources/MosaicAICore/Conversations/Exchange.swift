/// A message that is stored, and whose reply is to come.
package struct Exchange: Sendable {
  let question: StoredQuestion
  /// What the model is asked.
  package let request: ModelRequest
  /// What a receiver is told first.
  package let start: ReplyStart
  /// Who answers about whom.
  package let place: Place
  /// How many earlier messages of the conversation have no reply.
  package let unansweredBefore: Int
  /// How many conversations the messages are from that the model is reminded of.
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
