/// What a search found.
package struct SearchResult: Equatable, Sendable {
  package var hits: [SearchHit] = []
  /// Whether messages with all of the words were found; else those have any of them.
  package var hasEveryWord = true
  /// Whether older messages were left out.
  package var isLimited = false
}

extension ConversationService {
  /// Where to search, as it was typed.
  package struct SearchPlace: Equatable, Sendable {
    package var legacy: String?
    package var personaID: String?
    package var conversation: String?
    package var author: Message.Author?
    package var time = TimeSpan.always

    package init() {}
  }

  /// How many messages are ranked: the newest of those that match.
  package static let rankedMessages = 5000

  /// Searches the user's conversations, those about legacies that were unshared from them too. Messages with every word
  /// come first, the best first; if there are none, those with any.
  ///
  /// - Throws: `Failure` with code `not_found`, `ambiguous`, `forbidden` or `usage`; as `Store.read`
  package func search(
    _ query: SearchQuery, in place: SearchPlace = SearchPlace(), limit: Int, offset: Int = 0
  ) throws -> SearchResult {
    try find { transaction, user in
      let scope = try scope(place, for: user, transaction)
      var result = SearchResult()
      guard let user else { return result }
      var query = query
      var found = try transaction.search(
        query.clauses, isAnyEnough: false, of: user, scope, limit: ConversationService.rankedMessages)
      if found.messages.isEmpty, query.loosened.count > 1 {
        query = SearchQuery(clauses: query.loosened)
        found = try transaction.search(
          query.clauses, isAnyEnough: true, of: user, scope, limit: ConversationService.rankedMessages)
        result.hasEveryWord = found.messages.isEmpty
      }
      result.isLimited = found.isLimited
      let page = found.messages.dropFirst(offset).prefix(limit)
      var conversations: [ConversationID: Conversation] = [:]
      for found in page {
        guard let message = try transaction.message(number: found.number) else { continue }
        let known =
          try conversations[message.conversationID] ?? transaction.conversation(message.conversationID, of: user)
        guard let conversation = known else { continue }
        conversations[conversation.id] = conversation
        result.hits.append(
          SearchHit(
            message: message, conversation: conversation, excerpt: Excerpt(of: message.content, query),
            rank: offset + result.hits.count + 1))
      }
      return result
    }
  }

  private func scope(
    _ place: SearchPlace, for user: User?, _ transaction: StoreTransaction
  ) throws -> SearchScope {
    var scope = SearchScope()
    scope.legacyID = try place.legacy.map { try resolveReadableLegacy($0, for: user, transaction).id }
    scope.conversationID = try place.conversation.map {
      try resolveConversation(
        $0, legacy: place.legacy, personaID: place.personaID, for: user, transaction
      ).id
    }
    (scope.personaID, scope.author, scope.time) = (place.personaID, place.author, place.time)
    return scope
  }

  /// How many messages, at most, can only be found by reading all of them, since they are not indexed yet.
  package func unindexedMessages() throws -> Int { try store.find { try $0.unindexedCount() } }

  /// Indexes messages for `search`, one block in each transaction, until no block is full. Another process may do the
  /// same at the same time. What cannot be indexed, since the database is locked or cannot be written, is found
  /// anyway.
  ///
  /// - Parameter progress: is given how many messages are left, and ends the work by throwing
  /// - Throws: as `Store.read`; what `progress` throws
  package func indexMessages(_ progress: (_ left: Int) throws -> Void = { _ in }) throws {
    guard store.isWritable else { return }
    // A search does not wait for others to write.
    while try unindexedMessages() >= StoreTransaction.smallBlock, try indexNextBlock() {
      try progress(unindexedMessages())
    }
  }

  private func indexNextBlock() throws -> Bool {
    do {
      return try store.write { try $0.indexNextBlock() }
    } catch let failure as Failure where [.busy, .storageFailed, .databaseUnavailable].contains(failure.code) {
      return false
    }
  }

  /// Indexes the next block of messages if it is full. What cannot be indexed now is found anyway, and indexed
  /// after a later message.
  func indexIfDue() {
    guard let count = try? unindexedMessages(), count >= StoreTransaction.smallBlock else { return }
    _ = try? store.write { try $0.indexNextBlock() }
  }
}
