/// Reminding the model of what was said long before.
extension ConversationService {
  /// How many occurrences of words are looked at: what that takes is milliseconds, however large the database is.
  private static let postings = 20_000
  /// How many of the best messages are considered.
  private static let considered = 80
  /// Of a text in English, how many characters make a token.
  private static let charactersInToken = 4

  /// Earlier messages about a legacy that fit a new one: those of all the user's conversations, with any persona, apart
  /// from what the model sees anyway.
  ///
  /// - Parameter window: the exchanges that the model sees before the question
  /// - Returns: nil if there are none
  func recall(
    for question: StoredQuestion, _ message: String, about legacyID: LegacyID,
    window: [(seq: Int, question: String, reply: String)], _ model: ModelChoice, _ personas: PersonaCatalog,
    _ transaction: StoreTransaction
  ) throws -> (reminder: String, ids: [MessageID])? {
    guard model.recallTokens > 0, let user = try transaction.user(handle: handle),
      try transaction.messageCount(of: user, about: legacyID) > 2 * window.count + 1
    else { return nil }
    let query = RecallQuery(message, after: window.last.map { [$0.reply, $0.question] } ?? [])
    let shown = Set(window.flatMap { [$0.seq, $0.seq + 1] })
    func isSeen(_ message: EarlierMessage) -> Bool {
      message.conversationID == question.conversationID
        && (message.seq >= question.seq || shown.contains(message.seq))
    }
    var choice = RecallChoice()
    for found in try transaction.messagesToRecall(
      query, of: user, about: legacyID, postings: ConversationService.postings,
      limit: ConversationService.considered)
    {
      guard let earlier = try transaction.earlierMessage(number: found.number), !isSeen(earlier) else { continue }
      choice.add(earlier, score: found.score)
      for neighbor in try transaction.messages(beside: earlier) where !isSeen(neighbor) {
        choice.add(neighbor, beside: found.score)
      }
    }
    let block = RecallBlock(
      name: (try IDGenerator.random.next() as MessageID).short, zone: zone,
      personaName: personas.name(of:))
    let messages = block.fitting(
      choice, query, length: model.recallTokens * ConversationService.charactersInToken)
    return block.text(messages, query).map { ($0, messages.map(\.id)) }
  }
}
