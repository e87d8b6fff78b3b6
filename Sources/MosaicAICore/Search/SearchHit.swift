/// A message that a search found.
package struct SearchHit: Equatable, Sendable {
  package let message: Message
  package let conversation: Conversation
  package let excerpt: Excerpt
  /// Counts from 1, the best first.
  package let rank: Int

  package init(message: Message, conversation: Conversation, excerpt: Excerpt, rank: Int) {
    self.message = message
    self.conversation = conversation
    self.excerpt = excerpt
    self.rank = rank
  }
}
