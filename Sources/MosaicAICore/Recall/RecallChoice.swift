import Platform

/// An earlier message, as far as recalling it is concerned.
package struct EarlierMessage: Equatable, Sendable {
  package let id: MessageID
  /// Counts up with each message that is stored, in any conversation.
  package let number: Int
  package let conversationID: ConversationID
  /// Its place in the conversation.
  package let seq: Int
  package let author: Message.Author
  /// Who answers in its conversation.
  package let personaID: String
  package let content: String
  package let createdAt: Timestamp

  package init(
    id: MessageID, number: Int, conversationID: ConversationID, seq: Int, author: Message.Author, personaID: String,
    content: String, createdAt: Timestamp
  ) {
    self.id = id
    self.number = number
    self.conversationID = conversationID
    self.seq = seq
    self.author = author
    self.personaID = personaID
    self.content = content
    self.createdAt = createdAt
  }
}

/// The worth of each message that may be put before the model.
///
/// What someone means is often in the message beside the one that has the words: a question and its answer, a story and
/// what was said to it. So each message that fits gives a share of its score to those around it.
package struct RecallChoice: Sendable {
  private var worth: [MessageID: Double] = [:]
  private var messages: [MessageID: EarlierMessage] = [:]
  private let tuning: RecallTuning

  /// How many places away from a message those around it may be.
  package static let reach = 4
  /// A message of fewer words, such as "Thank you!", does not stand between others.
  private static let (fewWords, fewBytes) = (3, 60)

  private static func saysLittle(_ text: String) -> Bool {
    text.utf8.count < fewBytes && SearchWord.all(in: text).count { !$0.isSymbol } < fewWords
  }

  package init(_ tuning: RecallTuning = .standard) { self.tuning = tuning }

  /// Adds a message that fits the query, and those around it.
  ///
  /// - Parameters:
  ///   - score: how well it fits
  ///   - others: the messages of the same conversation that are at most `reach` places away
  package mutating func add(_ message: EarlierMessage, score: Double, among others: [EarlierMessage]) {
    add(message, worth: score)
    let others = others.sorted { $0.seq < $1.seq }
    give(score, [tuning.shareBefore, tuning.shareBeyond], to: others.filter { $0.seq < message.seq }.reversed())
    give(score, [tuning.shareAfter, tuning.shareBeyond], to: others.filter { $0.seq > message.seq })
  }

  /// - Parameter shares: of the first message, the second and so on, those not counted that say little
  private mutating func give(_ score: Double, _ shares: [Double], to others: [EarlierMessage]) {
    var distance = 0
    for message in others where distance < shares.count {
      add(message, worth: score * shares[distance])
      if !RecallChoice.saysLittle(message.content) { distance += 1 }
    }
  }

  private mutating func add(_ message: EarlierMessage, worth more: Double) {
    messages[message.id] = message
    worth[message.id, default: 0] += more
  }

  /// The messages that are worth anything, those first that are worth most for the room they take, each text once.
  func ranked() -> [EarlierMessage] {
    let ranked = messages.values.map { message -> (message: EarlierMessage, worth: Double) in
      let worth = worth[message.id] ?? 0
      let length = RecallChoice.leastLength + min(tuning.longestPart, message.content.unicodeScalars.count)
      return (message, worth / pow(Double(length), tuning.frugality))
    }.filter { $0.worth > 0 }
    var texts: Set<String> = []
    return ranked.sorted { ($0.worth, $0.message.id.rawValue) > ($1.worth, $1.message.id.rawValue) }.map(\.message)
      .filter { texts.insert($0.content).inserted }
  }

  /// The length of a message in the block in addition to its text.
  private static let leastLength = 60
}
