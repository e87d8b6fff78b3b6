/// What can be named by its name, its id or a beginning of that.
protocol NamedLegacy {
  var id: String { get }
  var name: String { get }
}

extension Legacy: NamedLegacy {}
extension Archive.Legacy: NamedLegacy {}

extension ConversationService {
  /// The shortest beginning of an id that names it.
  private static let minimumPrefix = 4

  /// The legacy that a name (in any case), an id or a beginning of an id names, among those the user may chat about.
  ///
  /// - Parameter user: nil for somebody the database does not know yet
  /// - Throws: `Failure` with code `not_found`, `ambiguous`, or, for the whole id of another, `forbidden`
  func resolveLegacy(_ reference: String, for user: User?, _ transaction: StoreTransaction) throws -> Legacy {
    let legacies = try user.map(transaction.legacies) ?? []
    return try resolveLegacy(reference, among: legacies.filter(\.role.mayChat), transaction)
  }

  /// The legacy that is named, among those the user may chat about or has conversations about: who was unshared keeps
  /// theirs to read.
  ///
  /// - Throws: as `resolveLegacy(_:for:_:)`
  func resolveReadableLegacy(_ reference: String, for user: User?, _ transaction: StoreTransaction) throws
    -> Archive.Legacy
  {
    try resolveLegacy(reference, among: user.map(transaction.readableLegacies) ?? [], transaction)
  }

  /// The one of `legacies` that is named.
  ///
  /// - Throws: as `resolveLegacy(_:for:_:)`
  func resolveLegacy<Candidate: NamedLegacy>(
    _ reference: String, among legacies: [Candidate], _ transaction: StoreTransaction
  ) throws
    -> Candidate
  {
    let named = legacies.filter { ConversationService.isSameName($0.name, reference) }
    if let legacy = named.first {
      guard named.count == 1 else {
        throw ConversationService.ambiguous(reference, "legacies", named.map { ($0.id, $0.name) })
      }
      return legacy
    }
    let id = reference.lowercased()
    if let legacy = legacies.first(where: { $0.id == id }) { return legacy }
    let prefixed = id.count >= ConversationService.minimumPrefix ? legacies.filter { $0.id.hasPrefix(id) } : []
    if let legacy = prefixed.first {
      guard prefixed.count == 1 else {
        throw ConversationService.ambiguous(reference, "legacies", prefixed.map { ($0.id, $0.name) })
      }
      return legacy
    }
    if try transaction.hasLegacy(id: id) {
      throw Failure(
        .forbidden, "you are not a member of that legacy",
        hint: "its owner can add you: mosaic-ai legacies share \(id) \(handle)")
    }
    throw Failure(
      .notFound, "there is no legacy \"\(reference)\"",
      hint: Suggestion.hint(for: reference, among: legacies.map(\.name))
        ?? "`mosaic-ai legacies` lists yours; `mosaic-ai legacies add NAME` adds one")
  }

  /// The user's conversation that an id, a beginning of an id or `last`, the latest of all, names.
  ///
  /// - Parameter reference: nil for the latest about that legacy and with that persona; one that is given must be of
  ///   these
  /// - Throws: `Failure` with code `not_found`, `ambiguous`, `forbidden` or `usage`
  func resolveConversation(
    _ reference: String?, legacy: String?, personaID: String?, for user: User?, _ transaction: StoreTransaction
  ) throws -> Conversation {
    let legacyID = try legacy.map { try resolveReadableLegacy($0, for: user, transaction).id }
    guard let reference else {
      let which = [personaID.map { " with the persona \($0)" }, legacy.map { " about \($0)" }].compactMap { $0 }
        .joined()
      return try latestConversation(
        ConversationFilter(legacyID: legacyID, personaID: personaID, limit: 1), which, for: user, transaction)
    }
    let conversation =
      reference == "last"
      ? try latestConversation(ConversationFilter(limit: 1), "", for: user, transaction)
      : try namedConversation(reference, for: user, transaction)
    if let legacyID, conversation.legacyID != legacyID {
      throw Failure(
        .usage, "the conversation is about \(conversation.legacyName), not about \(legacy ?? "")",
        hint: "leave out --legacy, or the conversation")
    }
    if let personaID, conversation.personaID != personaID {
      throw Failure(
        .usage, "the conversation is with the persona \(conversation.personaID), not \(personaID)",
        hint: "leave out --persona, or the conversation")
    }
    return conversation
  }

  /// The user's latest conversation of those that pass the filter.
  ///
  /// - Parameter which: what the filter means, after a space
  /// - Throws: `Failure` with code `not_found`
  private func latestConversation(
    _ filter: ConversationFilter, _ which: String, for user: User?, _ transaction: StoreTransaction
  ) throws -> Conversation {
    guard let user, let latest = try transaction.conversations(of: user, filter).first else {
      throw Failure(.notFound, "there is no conversation\(which) yet", hint: "`mosaic-ai send MESSAGE` begins one")
    }
    return latest
  }

  /// The user's conversation of that id or beginning of an id.
  ///
  /// - Throws: `Failure` with code `not_found` or `ambiguous`
  private func namedConversation(_ reference: String, for user: User?, _ transaction: StoreTransaction) throws
    -> Conversation
  {
    let id = reference.lowercased()
    let isPrefix =
      id.utf8.count >= ConversationService.minimumPrefix
      && id.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) || $0 == 0x2d }
    let found = isPrefix ? try user.map { try transaction.conversations(of: $0, idPrefix: id) } ?? [] : []
    guard let conversation = found.first else {
      throw Failure(
        .notFound, "there is no conversation \"\(reference)\"", hint: "`mosaic-ai conversations` lists yours")
    }
    guard found.count == 1 else {
      throw ConversationService.ambiguous(reference, "conversations", found.map { ($0.id, $0.title ?? $0.legacyName) })
    }
    return conversation
  }

  /// The user as the database knows them, added if need be.
  func knownUser(_ transaction: StoreTransaction) throws -> User {
    if let user = try transaction.user(handle: handle) { return user }
    let user = User(id: makeID(), handle: handle)
    try transaction.insertUser(user, at: time)
    return user
  }

  /// Whether two names are the same but for case; canonically equivalent ones are. In upper case, since some letters
  /// have two lower ones.
  static func isSameName(_ left: String, _ right: String) -> Bool { left.uppercased() == right.uppercased() }

  static func ambiguous(_ reference: String, _ what: String, _ candidates: [(id: String, name: String)]) -> Failure {
    let list = candidates.prefix(3).map { "\($0.id.prefix(8)) (\($0.name))" }.joined(separator: ", ")
    let more = candidates.count > 3 ? ", …" : ""
    return Failure(
      .ambiguous, "\"\(reference)\" fits \(candidates.count) \(what)", hint: "give more of the id: \(list)\(more)")
  }
}
