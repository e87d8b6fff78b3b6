extension ConversationService {
  /// All that the user has said about a legacy, or one conversation of theirs.
  ///
  /// - Parameters:
  ///   - conversation: an id, an id prefix or `last`; nil for all about the legacy
  ///   - legacy: a name, id or id prefix; beside a conversation, narrows down which is the last
  /// - Throws: `Failure` with code `usage` where neither is given, `not_found`, `ambiguous` or `forbidden`; as
  ///   `Store.read`
  public func archive(conversation: String?, legacy: String?) throws -> Archive {
    guard conversation != nil || legacy != nil else {
      throw Failure(.usage, "nothing was chosen to export", hint: "name a conversation, or a legacy with --legacy")
    }
    try store.settle()
    return try store.read { transaction in
      let user = try transaction.user(handle: handle)
      var conversations: [Conversation] = []
      let legacyID: String
      if let conversation {
        conversations = [try resolveConversation(conversation, legacy: legacy, personaID: nil, for: user, transaction)]
        legacyID = conversations[0].legacyID
      } else {
        legacyID = try resolveReadableLegacy(legacy ?? "", for: user, transaction).id
        conversations =
          try user.map { try transaction.conversations(of: $0, ConversationFilter(legacyID: legacyID)) } ?? []
      }
      guard let archived = try transaction.archivedLegacy(id: legacyID) else {
        throw Failure(.internal, "a legacy that was just found is missing")
      }
      return Archive(
        legacy: archived,
        conversations: try conversations.reversed().map { conversation in
          Archive.Conversation(
            id: conversation.id, personaID: conversation.personaID, title: conversation.title,
            lastMessageAt: conversation.lastMessageAt,
            createdAt: conversation.createdAt, updatedAt: conversation.updatedAt,
            entries: ConversationService.settled(try transaction.entries(ofConversation: conversation.id).map(\.entry)))
        })
    }
  }

  /// Adds what is not there yet of an archive, in one transaction. The conversations become the user's, and come before
  /// those they have; a legacy that is not there becomes theirs too.
  ///
  /// A conversation that is there with all these messages is left as it is. One that was continued elsewhere is brought
  /// to where it is there. One that went on differently here and there is a conflict.
  ///
  /// - Throws: `Failure` with code `invalid_input` for a conflict, `forbidden` where the legacy is somebody else's,
  ///   `busy` where a message is being answered; as `Store.write`; nothing is stored then
  public func add(_ read: ReadArchive) throws -> ImportSummary {
    try store.settle()
    // Comparing takes long with much that is there already, and others shall be able to write meanwhile.
    let (state, early) = try store.read { (try $0.state(), try plan(read, $0)) }
    guard early.summary.isNewLegacy || !early.changes.isEmpty else { return early.summary }
    return try store.write { transaction in
      let plan = try transaction.state() == state ? early : plan(read, transaction)
      let user = try knownUser(transaction)
      if plan.summary.isNewLegacy { try transaction.insertLegacy(read.archive.legacy, owner: user, at: time) }
      var activity = try transaction.earliestActivity(of: user, count: plan.summary.addedConversations)
      for change in plan.changes {
        if change.isNew {
          try transaction.insertConversation(
            change.conversation, user: user, legacyID: plan.summary.legacyID, activity: activity)
          activity += 1
        }
        for placed in change.entries { try transaction.putEntry(placed) }
        if !change.isNew { try transaction.updateConversation(change.conversation) }
      }
      return plan.summary
    }
  }

  /// What an import would do.
  private struct ImportPlan {
    /// A conversation, and which of its messages are not there yet, or otherwise.
    struct Change {
      let conversation: Archive.Conversation
      let isNew: Bool
      let entries: [PlacedEntry]
    }

    var summary: ImportSummary
    var changes: [Change] = []
  }

  private func plan(_ read: ReadArchive, _ transaction: StoreTransaction) throws -> ImportPlan {
    let user = try transaction.user(handle: handle)
    var plan = ImportPlan(summary: try summary(of: read.archive.legacy, for: user, transaction))
    for conversation in read.archive.conversations {
      let isNew = try isNewConversation(conversation, in: plan.summary.legacyID, of: user, read, transaction)
      try add(conversation, isNew: isNew, read, &plan, transaction)
    }
    return plan
  }

  /// What there is to tell before anything is added.
  private func summary(of legacy: Archive.Legacy, for user: User?, _ transaction: StoreTransaction) throws
    -> ImportSummary
  {
    guard let known = try transaction.archivedLegacy(id: legacy.id) else {
      return ImportSummary(legacyID: legacy.id, legacyName: legacy.name, isNewLegacy: true)
    }
    _ = try resolveLegacy(legacy.id, for: user, transaction)
    return ImportSummary(legacyID: known.id, legacyName: known.name, isNewLegacy: false)
  }

  /// Whether a conversation is not there yet.
  private func isNewConversation(
    _ conversation: Archive.Conversation, in legacyID: String, of user: User?, _ read: ReadArchive,
    _ transaction: StoreTransaction
  ) throws -> Bool {
    guard let owner = try transaction.owner(ofConversation: conversation.id) else { return true }
    guard owner.userID == user?.id else {
      throw read.conflict("the database has this conversation, and it is not yours", about: conversation.id)
    }
    guard owner.legacyID == legacyID, owner.personaID == conversation.personaID else {
      throw read.conflict("the database has another conversation of this id", about: conversation.id)
    }
    return false
  }

  /// Adds to the plan what of a conversation is not there yet.
  private func add(
    _ conversation: Archive.Conversation, isNew: Bool, _ read: ReadArchive, _ plan: inout ImportPlan,
    _ transaction: StoreTransaction
  ) throws {
    let known = isNew ? [] : try transaction.entries(ofConversation: conversation.id)
    let entries = ConversationService.placed(conversation.entries)
    let knownByID = Dictionary(known.map { ($0.entry.message.id, $0) }) { first, _ in first }
    let added = try entries.filter { placed in
      let id = placed.entry.message.id
      guard let other = knownByID[id] else { return true }
      guard other.entry.isSameMessage(as: placed.entry), other.seq == placed.seq, other.attempt == placed.attempt else {
        throw read.conflict("the database has this message, but another text or place of it", about: id)
      }
      return false
    }
    plan.summary.skippedMessages += entries.count - added.count
    guard isNew || !added.isEmpty else {
      plan.summary.skippedConversations += 1
      return
    }
    guard !known.contains(where: { $0.entry.message.status.isUnderWay }) else {
      throw Failure(
        .busy, "a message of a conversation to import is being answered", hint: "wait until it has finished")
    }
    guard known.count == entries.count - added.count else {
      throw read.conflict("the conversation went on differently in the database", about: added[0].entry.message.id)
    }
    for placed in added where try transaction.hasMessage(id: placed.entry.message.id) {
      throw read.conflict(
        "the database has a message of this id in another conversation", about: placed.entry.message.id)
    }
    plan.summary.addedMessages += added.count
    plan.summary.addedConversations += isNew ? 1 : 0
    plan.summary.updatedConversations += isNew ? 0 : 1
    let changed = entries.filter { knownByID[$0.entry.message.id]?.entry != $0.entry }
    plan.changes.append(ImportPlan.Change(conversation: conversation, isNew: isNew, entries: changed))
  }

  /// Messages with their places: odd numbers for questions, the next even one for all replies to each.
  private static func placed(_ entries: [Archive.Entry]) -> [PlacedEntry] {
    var (seq, attempt) = (-1, 1)
    return entries.map { entry in
      if entry.message.author == .user { (seq, attempt) = (seq + 2, 0) } else { attempt += 1 }
      return PlacedEntry(entry: entry, seq: entry.message.author == .user ? seq : seq + 1, attempt: max(1, attempt))
    }
  }

  /// Messages without the replies that are under way, which would be other ones by the time they are there: as if those
  /// had not begun.
  private static func settled(_ entries: [Archive.Entry]) -> [Archive.Entry] {
    let retried = Set(entries.compactMap { $0.message.status == .streaming ? $0.message.replyTo : nil })
    let settled = entries.filter { $0.message.status != .streaming }
    // The last one before stands again.
    let standing = Dictionary(
      settled.compactMap { entry in
        entry.message.replyTo.flatMap { retried.contains($0) ? ($0, entry.message.id) : nil }
      },
      uniquingKeysWith: { _, last in last })
    let answered = Set(settled.compactMap { $0.message.status == .superseded ? nil : $0.message.replyTo }).union(
      standing.keys)
    return settled.map { entry in
      switch entry.message.status {
      case .pending where answered.contains(entry.message.id): entry.ended(.complete, errorCode: nil)
      case .pending: entry.ended(.failed, errorCode: FailureCode.interrupted.rawValue)
      case .superseded where entry.message.replyTo.flatMap { standing[$0] } == entry.message.id:
        entry.ended(
          entry.errorCode == FailureCode.blocked.rawValue ? .blocked : .interrupted, errorCode: entry.errorCode)
      default: entry
      }
    }
  }
}

extension Message.Status {
  /// Whether somebody works on it.
  fileprivate var isUnderWay: Bool { self == .pending || self == .streaming }
}

extension Archive.Entry {
  /// The same message, having ended so.
  fileprivate func ended(_ status: Message.Status, errorCode: String?) -> Archive.Entry {
    var message = message
    message.status = status
    return Archive.Entry(message: message, inputTokens: inputTokens, errorCode: errorCode)
  }
}
