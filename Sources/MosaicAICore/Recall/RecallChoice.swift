/// An earlier message, as far as recalling it is concerned.
package struct EarlierMessage: Equatable, Sendable {
  package let id: MessageID
  package let conversationID: ConversationID
  /// Its place in the conversation.
  package let seq: Int
  package let author: Message.Author
  /// Who answers in its conversation.
  package let personaID: String
  package let content: String
  package let createdAt: Timestamp

  package init(
    id: MessageID, conversationID: ConversationID, seq: Int, author: Message.Author, personaID: String, content: String,
    createdAt: Timestamp
  ) {
    self.id = id
    self.conversationID = conversationID
    self.seq = seq
    self.author = author
    self.personaID = personaID
    self.content = content
    self.createdAt = createdAt
  }
}

/// Chooses which earlier messages are put before the model.
package struct RecallChoice: Sendable {
  /// Messages that fit the query, with their scores, and those beside them.
  private var values: [MessageID: Double] = [:]
  private var messages: [MessageID: EarlierMessage] = [:]

  /// How much of its score a message gives to those right beside it.
  private static let share = 0.5

  package init() {}

  /// Adds a message that fits the query.
  package mutating func add(_ message: EarlierMessage, score: Double) {
    messages[message.id] = message
    values[message.id, default: 0] += score
  }

  /// Adds a message right beside one that fits with this score. Both may fit.
  package mutating func add(_ message: EarlierMessage, beside score: Double) {
    messages[message.id] = message
    values[message.id, default: 0] += score * RecallChoice.share
  }

  /// The messages to recall, the best first, as many as fit.
  ///
  /// - Parameter fits: whether the messages chosen so far, and another, fit
  package func chosen(_ fits: ([EarlierMessage]) -> Bool) -> [EarlierMessage] {
    var chosen: [EarlierMessage] = []
    var texts: Set<String> = []
    var misses = 0
    for (id, _) in values.sorted(by: { ($0.value, $0.key.rawValue) > ($1.value, $1.key.rawValue) }) {
      guard let message = messages[id], texts.insert(message.content).inserted else { continue }
      if fits(chosen + [message]) { chosen.append(message) } else { misses += 1 }
      // What comes later hardly fits either, and is worth less.
      if misses > 20 { break }
    }
    return chosen
  }
}
