/// What the model sees of a conversation: the latest exchanges that have a reply, and the new message.
///
/// The window grows with each exchange and, once it is full, drops its older half at once: in between, each request
/// begins as the one before did, and the service can read that from its cache. Where the window starts follows from
/// what is stored alone, so that every process, and every retry, finds the same.
enum ContextWindow {
  /// The most exchanges: 19 messages, with the new one.
  static let most = 9
  /// What is left when another would be one too many: 9 messages, with the new one.
  static let kept = 4
  /// How many questions of a conversation are counted together. Each of these stretches starts with a window of the
  /// kept exchanges, so that a conversation of any length needs no count from its beginning.
  static let stretch = 1000

  /// How many exchanges the model sees after `count` of them in the first stretch of a conversation.
  static func size(after count: Int) -> Int {
    count <= most ? count : kept + (count - most - 1) % (most + 1 - kept)
  }

  /// How many exchanges the model sees after `count` of them in a later stretch.
  static func laterSize(after count: Int) -> Int { size(after: count + most + 1) }

  /// The exchanges with a reply that the model sees before a question, oldest first.
  static func exchanges(
    before question: StoredQuestion, _ transaction: StoreTransaction
  ) throws -> [(seq: Int, question: String, reply: String)] {
    // Questions have odd numbers.
    let first = question.seq - (question.seq - 1) % (2 * stretch)
    let count = try transaction.exchangeCount(before: question, from: first)
    return try transaction.exchanges(
      before: question, limit: first == 1 ? size(after: count) : laterSize(after: count))
  }
}
