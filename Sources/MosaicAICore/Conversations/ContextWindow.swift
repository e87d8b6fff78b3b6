/// What the model sees of a conversation.
enum ContextWindow {
  /// The most messages the model sees, the new one included.
  private static let maximumMessages = 20

  /// The turns of a request: exchanges with a reply, oldest first, and then the new message. They start and end with the
  /// user and alternate, whatever happened before.
  static func turns(
    before question: StoredQuestion, _ message: String, _ transaction: StoreTransaction
  ) throws -> [ModelRequest.Turn] {
    let exchanges = try transaction.exchanges(before: question, limit: (maximumMessages - 1) / 2)
    return exchanges.flatMap { [.init(.user, $0.question), .init(.assistant, $0.reply)] } + [.init(.user, message)]
  }
}
