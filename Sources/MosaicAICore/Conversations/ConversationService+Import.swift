/// What an import would do.
package struct ImportPlan: Sendable {
  package fileprivate(set) var summary: ImportSummary
  /// For each conversation of the file, the first line that is to be added or has changed; 0 for nothing.
  fileprivate var firstChanges: [Int] = []
  /// The state of the database it was made for; nil for an empty one.
  fileprivate let mark: [Int]?

  /// Whether there is anything to do.
  package var hasChanges: Bool { summary.isNewLegacy || firstChanges.contains { $0 > 0 } }
}

extension ConversationService {
  /// Adds what is not there yet of an archive, in one transaction. The conversations become the user's, and come before
  /// the ones they have. A legacy that is not there becomes theirs too.
  ///
  /// A conversation that is there with all these messages is left alone. One that was continued elsewhere is brought up
  /// to date. One that went on differently in both places is a conflict.
  ///
  /// - Throws: `Failure` with code `invalid_input` for a file that is not an export, and for a conflict, `forbidden` if
  ///   the legacy is someone else's, `busy` if a message is being answered; as `Store.write`; nothing is stored then
  package func add(_ file: ArchiveFile) throws -> ImportSummary {
    let plan = try planImport(of: file)
    return try plan.hasChanges ? carryOut(plan, file) : plan.summary
  }

  /// Checks all of the file, and compares it with what is there. Others can write meanwhile.
  ///
  /// - Throws: as `add(_:)`
  package func planImport(of file: ArchiveFile) throws -> ImportPlan {
    try store.find { transaction in
      let mark = try transaction.isEmpty() ? nil : transaction.connection.changeMark()
      return try plan(file, mark, transaction)
    }
  }

  /// Carries out the plan; a database that has changed since then is compared again.
  ///
  /// - Parameter plan: made with this database, or with an empty one
  /// - Throws: as `add(_:)`
  package func carryOut(_ plan: ImportPlan, _ file: ArchiveFile) throws -> ImportSummary {
    try store.write(adding: plan.summary.addedMessages) { transaction in
      let mark = try transaction.isEmpty() ? nil : transaction.connection.changeMark()
      let plan = mark == plan.mark ? plan : try self.plan(file, mark, transaction)
      try carryOut(plan, file, transaction)
      return plan.summary
    }
  }

  private func carryOut(_ plan: ImportPlan, _ file: ArchiveFile, _ transaction: StoreTransaction) throws {
    let user = try knownUser(transaction)
    var activity = try transaction.earliestActivity(of: user, count: plan.summary.addedConversations)
    var index = -1
    var (conversation, isNew, superseded): (Archive.Conversation?, Bool, Int) = (nil, false, 0)
    var messages = MessageImport(transaction, of: user)
    func endConversation() throws {
      guard let conversation else { return }
      try transaction.updateConversation(conversation, supersededCount: superseded)
    }
    try file.forEachPart(isFirstTime: false) { part, line in
      switch part {
      case .legacy(let legacy):
        if plan.summary.isNewLegacy { try transaction.insertLegacy(legacy, owner: user, at: now()) }
      case .conversation(let next):
        try endConversation()
        index += 1
        guard plan.firstChanges.indices.contains(index) else {
          throw file.conflict("the file changed while it was being read", line: line)
        }
        (conversation, isNew, superseded) = (plan.firstChanges[index] > 0 ? next : nil, false, 0)
        guard let conversation, try transaction.owner(ofConversation: conversation.id) == nil else { return }
        if let name = conversation.name,
          // Only if the bytes are the same: an earlier version could store and export both ways of writing a name.
          try transaction.conversations(of: user, named: name, about: plan.summary.legacyID).contains(where: {
            $0.personaID == conversation.personaID && $0.name?.hasSameBytes(as: name) == true
          })
        {
          throw file.conflict("the database has another conversation of this name", line: line)
        }
        try transaction.insertConversation(
          conversation, of: user, about: plan.summary.legacyID, activity: activity)
        isNew = true
        activity += 1
      case .message(let found):
        let placed = storable(found)
        guard conversation != nil else { return }
        if placed.message.status == .superseded { superseded += 1 }
        guard line >= plan.firstChanges[index] else { return }
        if let key = placed.message.idempotencyKey, let known = try transaction.exchange(ofKey: key, of: user),
          known.question.id != placed.message.id
        {
          throw file.conflict("the database has another message with this idempotency key", line: line)
        }
        guard try messages.put(placed, isNew: isNew) else {
          throw file.conflict("the database has a message with this id in another place", line: line)
        }
      case .end: try endConversation()
      }
    }
  }

  /// The message as the database can store it.
  private func storable(_ placed: PlacedMessage) -> PlacedMessage {
    var message = placed.message
    message.content = storable(message.content)
    return PlacedMessage(message: message, place: placed.place)
  }

  private func plan(_ file: ArchiveFile, _ mark: [Int]?, _ transaction: StoreTransaction) throws -> ImportPlan {
    let user = try transaction.user(handle: handle)
    var plan: ImportPlan?
    var comparison: ImportComparison?
    try file.forEachPart { part, line in
      switch part {
      case .legacy(let legacy):
        plan = ImportPlan(summary: try summary(of: legacy, for: user, transaction), mark: mark)
      case .conversation(let conversation):
        try comparison?.finish(&plan)
        let isNew = try isNewConversation(
          conversation, in: plan?.summary.legacyID, of: user, file, line: line, transaction)
        comparison = ImportComparison(conversation.id, isNew: isNew, line: line, file, transaction)
      case .message(let placed): try comparison?.add(storable(placed), line: line)
      case .end: try comparison?.finish(&plan)
      }
    }
    guard let plan else { throw Failure(.internal, "an export without a legacy was taken", advice: .reportBug) }
    return plan
  }

  /// The summary before anything is added.
  private func summary(of legacy: Archive.Legacy, for user: User?, _ transaction: StoreTransaction) throws
    -> ImportSummary
  {
    guard let known = try transaction.archivedLegacy(id: legacy.id) else {
      return ImportSummary(legacyID: legacy.id, legacyName: legacy.name, isNewLegacy: true)
    }
    _ = try resolveLegacy(legacy.id.rawValue, for: user, transaction)
    return ImportSummary(legacyID: known.id, legacyName: known.name, isNewLegacy: false)
  }

  /// Whether a conversation is missing.
  private func isNewConversation(
    _ conversation: Archive.Conversation, in legacyID: LegacyID?, of user: User?, _ file: ArchiveFile, line: Int,
    _ transaction: StoreTransaction
  ) throws -> Bool {
    guard let owner = try transaction.owner(ofConversation: conversation.id) else { return true }
    guard owner.userID == user?.id else {
      throw file.conflict("the database has this conversation, and it is not yours", line: line)
    }
    guard owner.legacyID == legacyID, owner.personaID == conversation.personaID else {
      throw file.conflict("the database has another conversation with this id", line: line)
    }
    return false
  }
}

/// Compares the messages of a conversation with those in the database, both in their order, a few at a time.
private struct ImportComparison {
  private let id: ConversationID
  private let isNew: Bool
  private let file: ArchiveFile
  private let transaction: StoreTransaction

  private var addedCount = 0
  private var skippedCount = 0
  /// The line of the first message that is missing.
  private var firstAdded: Int?
  /// The line of the first message that is missing or different.
  private var firstChange: Int?
  /// Whether the database has a message that the file does not have.
  private var hasMore = false
  /// The next messages in the database, the last one first.
  private var known: [PlacedMessage] = []
  private var lastKnown: MessagePlace? = .start

  private static let batch = 200

  init(_ id: ConversationID, isNew: Bool, line: Int, _ file: ArchiveFile, _ transaction: StoreTransaction) {
    self.id = id
    self.isNew = isNew
    self.file = file
    self.transaction = transaction
    if isNew { firstChange = line }
  }

  /// Takes the next message of the file.
  ///
  /// - Throws: `Failure` with code `invalid_input` for a conflict
  mutating func add(_ placed: PlacedMessage, line: Int) throws {
    // In a new conversation, ids are checked when they are inserted.
    guard !isNew else {
      addedCount += 1
      return
    }
    while let next = try nextKnown(), next.place < placed.place {
      hasMore = true
      known.removeLast()
    }
    if let next = try nextKnown(), next.place == placed.place, next.message.id == placed.message.id {
      known.removeLast()
      guard next.message.isSame(as: placed.message) else { throw conflictingText(line) }
      skippedCount += 1
      if firstChange == nil, next.message != placed.message { firstChange = line }
      return
    }
    if let conversation = try transaction.conversation(ofMessage: placed.message.id) {
      throw conversation == id
        ? conflictingText(line)
        : file.conflict("the database has a message with this id in another conversation", line: line)
    }
    addedCount += 1
    firstAdded = firstAdded ?? line
    firstChange = firstChange ?? line
  }

  /// Adds to the plan what was found.
  ///
  /// - Throws: `Failure` with code `invalid_input` for a conflict, `busy` if a message is being answered
  mutating func finish(_ plan: inout ImportPlan?) throws {
    plan?.summary.skippedMessages += skippedCount
    guard isNew || addedCount > 0 else {
      plan?.summary.skippedConversations += 1
      plan?.firstChanges.append(0)
      return
    }
    if !isNew, try transaction.isUnderWay(conversation: id) {
      throw Failure(
        .busy, "a message of a conversation to import is being answered", advice: "wait until it has finished")
    }
    if let firstAdded {
      let isLonger = try nextKnown() != nil
      guard !hasMore, !isLonger else {
        throw file.conflict("the conversation went on differently in the database", line: firstAdded)
      }
    }
    plan?.summary.addedMessages += addedCount
    plan?.summary.addedConversations += isNew ? 1 : 0
    plan?.summary.updatedConversations += isNew ? 0 : 1
    plan?.firstChanges.append(firstChange ?? 0)
  }

  private func conflictingText(_ line: Int) -> Failure {
    file.conflict("the database has this message with another text or in another place", line: line)
  }

  private mutating func nextKnown() throws -> PlacedMessage? {
    if known.isEmpty, let place = lastKnown {
      known = try transaction.placedMessages(
        inConversation: id, after: place, limit: ImportComparison.batch
      ).reversed()
      lastKnown = known.first?.place
    }
    return known.last
  }
}

extension Message {
  /// Whether the two are the same message, byte for byte, apart from what may still become of one.
  fileprivate func isSame(as other: Message) -> Bool {
    id == other.id && conversationID == other.conversationID && author == other.author && replyTo == other.replyTo
      && createdAt == other.createdAt && content.hasSameBytes(as: other.content)
  }
}
