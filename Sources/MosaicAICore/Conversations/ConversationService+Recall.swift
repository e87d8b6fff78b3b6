/// Earlier messages that the model is reminded of.
struct Recalled {
  /// As it is put before the model.
  let reminder: String
  let messages: [MessageID]
  /// How many conversations they are from.
  let conversationCount: Int
}

/// Reminding the model of earlier conversations.
extension ConversationService {
  /// How many occurrences of words are looked at, which takes milliseconds in a database of any size.
  private static let postings = 20_000
  /// How many characters of English make a token.
  private static let charactersInToken = 4

  /// Earlier messages about a legacy that fit a new one: those of all the user's conversations, with any persona, apart
  /// from what the model sees anyway, and from what was said after the message if it is asked again.
  ///
  /// - Parameter window: the exchanges that the model sees before the question
  /// - Returns: nil if there are none
  func recall(
    for question: StoredQuestion, _ message: String, about legacyID: LegacyID,
    window: [(seq: Int, question: String, reply: String)], _ model: ModelChoice, _ personas: PersonaCatalog,
    _ transaction: StoreTransaction
  ) throws -> Recalled? {
    guard model.recallTokens > 0, let user = try transaction.user(handle: handle) else { return nil }
    let count = try transaction.messageCount(of: user, about: legacyID)
    guard count > 2 * window.count + 1 else { return nil }
    let query = RecallQuery(message, after: window.last.map { [$0.reply, $0.question] } ?? [], recallTuning)
    let found = try transaction.messagesToRecall(
      query, of: user, about: legacyID, counted: count, postings: ConversationService.postings,
      limit: max(recallTuning.considered, model.recallTokens / recallTuning.tokensForAnother))
    guard !found.isEmpty, let asked = try transaction.moment(of: question) else { return nil }
    let shown = Set(window.flatMap { [$0.seq, $0.seq + 1] })
    func mayBeRecalled(_ message: EarlierMessage) -> Bool {
      guard message.conversationID == question.conversationID else {
        // What was imported later may be older.
        return message.number < asked.number || message.createdAt < asked.time
      }
      return message.seq < question.seq && !shown.contains(message.seq)
    }
    var choice = RecallChoice(recallTuning)
    for found in found {
      let messages = try transaction.earlierMessages(around: found.number, reach: RecallChoice.reach)
      guard let match = messages.first(where: { $0.number == found.number }), mayBeRecalled(match) else { continue }
      choice.add(match, score: found.score, among: messages.filter(mayBeRecalled))
    }
    let block = RecallBlock(
      name: (try IDGenerator.random.next() as MessageID).short, zone: zone, recallTuning,
      personaName: personas.name(of:))
    let recalled = block.text(
      choice, query, length: model.recallTokens * ConversationService.charactersInToken)
    return recalled.map { text, messages in
      Recalled(
        reminder: text, messages: messages.map(\.id), conversationCount: Set(messages.map(\.conversationID)).count)
    }
  }
}
