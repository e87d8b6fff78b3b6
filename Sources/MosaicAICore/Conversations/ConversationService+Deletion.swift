extension ConversationService {
  /// Deletes the user's conversations with those ids, and every trace of them in the files of the database.
  ///
  /// - Throws: as `Store.write` and `Store.eraseDeleted`
  package func deleteConversations(ids: [ConversationID]) throws {
    try store.write { transaction in
      guard let user = try transaction.user(handle: handle) else { return }
      for id in ids where try transaction.conversation(id, of: user) != nil {
        try transaction.deleteConversation(id: id)
      }
    }
    try store.eraseDeleted()
  }

  /// The messages that are meant, each once, and how many go when they are deleted.
  ///
  /// - Parameter references: ids or beginnings of ids
  /// - Throws: `Failure` with code `not_found` or `ambiguous`; as `Store.read`
  package func findMessages(_ references: [String]) throws -> (messages: [DeletableMessage], deletedCount: Int) {
    try find { transaction, user in
      var found: [DeletableMessage] = []
      for reference in references {
        let message = try resolveMessage(reference, for: user, transaction)
        if !found.contains(message) { found.append(message) }
      }
      let deleted = try found.flatMap { try transaction.messagesDeleted(with: $0).map(\.id) }
      return (found, Set(deleted).count)
    }
  }

  /// Deletes messages of the user's, and every trace of them in the files of the database.
  ///
  /// A user's message goes with all replies to it. A reply goes with those it has superseded; the message it answered
  /// becomes `failed`, as one that never had a reply. A title that was made from a deleted message goes too.
  ///
  /// - Throws: `Failure` with code `busy` if a message is being answered; as `Store.write` and `Store.eraseDeleted`
  package func deleteMessages(ids: [MessageID]) throws {
    try store.write { transaction in
      guard let user = try transaction.user(handle: handle) else { return }
      for id in ids {
        // One that went with another is not there any more.
        for message in try transaction.messages(of: user, idPrefix: id.rawValue, limit: 1) {
          try delete(message, of: user, transaction)
        }
      }
    }
    try store.eraseDeleted()
  }

  private func delete(_ message: DeletableMessage, of user: User, _ transaction: StoreTransaction) throws {
    let deleted = try transaction.messagesDeleted(with: message)
    guard let conversation = try transaction.conversation(message.conversationID, of: user) else { return }
    let question = message.replyTo ?? message.id
    guard try !transaction.isUnderWay(question: question) else {
      throw Failure(.busy, "the message is being answered", advice: "wait until the reply has ended, or stop it")
    }
    let last = try transaction.lastMessage(inConversation: conversation.id)
    let isTitleDerived =
      try conversation.title == transaction.content(ofMessage: message.id).map { Rules.title(from: $0) }
    try transaction.deleteMessages(ids: deleted.map(\.id))
    if message.author == .assistant, message.status != .superseded {
      try transaction.settleQuestion(id: question, errorCode: nil)
    }
    var counts = MessageCounts()
    counts.superseded = deleted.count { $0.status == .superseded }
    counts.shown = deleted.count - counts.superseded
    let isLastDeleted = deleted.contains { $0.id == last?.id }
    counts.lastMessageAt =
      isLastDeleted
      ? try transaction.lastMessage(inConversation: conversation.id)?.createdAt : conversation.lastMessageAt
    let title =
      isTitleDerived
      ? try transaction.firstQuestion(inConversation: conversation.id).map { Rules.title(from: $0) }
      : conversation.title
    try transaction.recountConversation(counts, title: title, id: conversation.id, at: now())
  }
}
