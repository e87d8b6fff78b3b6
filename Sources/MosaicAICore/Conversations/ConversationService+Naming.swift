/// Finding things by their name, their id or a beginning of either.
protocol NamedLegacy {
  var id: LegacyID { get }
  var name: String { get }
  var createdAt: Timestamp { get }
  /// How many conversations the user has about it, if that is known.
  var knownConversationCount: Int? { get }
}

extension Legacy: NamedLegacy {
  var knownConversationCount: Int? { conversationCount }
}

extension Archive.Legacy: NamedLegacy {
  var knownConversationCount: Int? { nil }
}

/// How exactly something has to be named.
enum NamingRule {
  /// The beginning of a name, or of a word in it, is enough.
  case lenient
  /// Its whole name, its id or a beginning of the id.
  case strict
}

extension ConversationService {
  /// The shortest beginning of an id that names it.
  private static let minimumPrefix = 4
  /// The shortest beginning of a name that names it.
  private static let minimumNamePrefix = 3

  /// Finds a legacy among those that the user may talk about: by its name in any case and with any accents, its id, or
  /// a beginning of the id; if none matches and the rule is lenient, by the beginning of its name or of a word in it.
  ///
  /// - Parameter user: nil for someone the database does not know yet
  /// - Throws: `Failure` with code `not_found`, `ambiguous`, or `forbidden` for the whole id of someone else's
  func resolveLegacy(
    _ reference: String, for user: User?, _ transaction: StoreTransaction, rule: NamingRule = .lenient
  ) throws -> Legacy {
    let legacies = try user.map(transaction.legacies) ?? []
    do {
      return try resolveLegacy(reference, among: legacies.filter(\.role.mayChat), transaction, rule: rule)
    } catch let failure as Failure where failure.code == .notFound {
      // It is in the user's own list: it is not missing, but not theirs yet.
      let proposed = legacies.filter { !$0.role.mayChat }
      guard let legacy = try? resolveLegacy(reference, among: proposed, transaction, rule: .strict) else {
        throw failure
      }
      throw Failure(
        .notFound, "you are not yet a member of \(legacy.name)",
        advice: .askToShare(legacy: legacy.id, with: handle))
    }
  }

  /// Finds a legacy among those that the user may talk about or has conversations about: users who were unshared can
  /// still read theirs.
  ///
  /// - Throws: as `resolveLegacy(_:for:_:)`
  func resolveReadableLegacy(_ reference: String, for user: User?, _ transaction: StoreTransaction) throws
    -> Archive.Legacy
  {
    try resolveLegacy(reference, among: user.map(transaction.readableLegacies) ?? [], transaction)
  }

  /// The one of `legacies` with that name or id.
  ///
  /// - Throws: as `resolveLegacy(_:for:_:)`
  func resolveLegacy<Candidate: NamedLegacy>(
    _ reference: String, among legacies: [Candidate], _ transaction: StoreTransaction, rule: NamingRule = .lenient
  ) throws -> Candidate {
    let reference = reference.asReference
    let (id, folded) = (reference.lowercased(), reference.folded)
    /// The only one that passes; nil if none does.
    func only(_ isMeant: (Candidate) -> Bool) throws -> Candidate? {
      let found = legacies.filter(isMeant)
      guard found.count > 1 else { return found.first }
      throw Failure(
        .ambiguous, "\"\(reference)\" matches \(found.count) legacies",
        advice: .useID(ConversationService.describe(found, among: legacies)))
    }
    // A user with both a Rose and a Rosé can still name either.
    if let legacy = try only({ $0.name.asReference == reference }) { return legacy }
    if let legacy = try only({ $0.name.asReference.folded == folded }) { return legacy }
    if let legacy = try only({ $0.id.rawValue == id }) { return legacy }
    if id.count >= ConversationService.minimumPrefix, let legacy = try only({ $0.id.rawValue.hasPrefix(id) }) {
      return legacy
    }
    if rule == .lenient, folded.count >= ConversationService.minimumNamePrefix,
      let legacy = try only({ ConversationService.hasBeginning(folded, in: $0.name.folded) })
    {
      return legacy
    }
    if LegacyID.isValid(id), try transaction.hasLegacy(id: LegacyID(rawValue: id)) {
      throw Failure(
        .forbidden, "you are not a member of that legacy",
        advice: .askToShare(legacy: LegacyID(rawValue: id), with: handle))
    }
    throw Failure(
      .notFound, "unknown legacy \"\(reference)\"",
      advice: ConversationService.nearest(to: reference, among: legacies) ?? .either([.list(.legacies), .addLegacy]))
  }

  /// The legacies with the nearest names as advice, by their ids if two have the same name; nil if none is near.
  private static func nearest(to reference: String, among legacies: [some NamedLegacy]) -> Advice? {
    let names = Suggestion.nearest(to: reference, among: Array(Set(legacies.map(\.name))))
    let named = legacies.filter { names.contains($0.name) }
    guard !names.isEmpty else { return nil }
    return named.count > names.count ? .useID(describe(named, among: legacies)) : .didYouMean(names)
  }

  /// Whether a folded name, or a word in it, begins with `beginning`.
  private static func hasBeginning(_ beginning: String, in name: String) -> Bool {
    name.hasPrefix(beginning)
      || name.indices.contains { index in
        !isPartOfWord(name[index]) && name[name.index(after: index)...].hasPrefix(beginning)
      }
  }

  private static func isPartOfWord(_ character: Character) -> Bool { character.isLetter || character.isNumber }

  /// How to choose one of several legacies: by its name, or by its id if the name is another's too.
  static func advice(toChooseFrom legacies: [Legacy]) -> Advice {
    guard Set(legacies.map(\.name.folded)).count < legacies.count else {
      return .choose(.legacy, from: legacies.map(\.name))
    }
    return Advice.choose(.legacy, from: []).then(.useID(describe(legacies, among: legacies)))
  }

  /// Legacies, distinguished from others of the same name.
  ///
  /// - Parameter all: those that their ids have to be told apart from
  private static func describe<Candidate: NamedLegacy>(
    _ legacies: [Candidate], among all: [Candidate]
  ) -> [String] {
    let ids = all.map(\.id)
    return legacies.map { legacy in
      let count = legacy.knownConversationCount.map { ", \(counted($0, "conversation"))" } ?? ""
      return "\(legacy.id.short(among: ids)) (\(legacy.name), added \(legacy.createdAt.date)\(count))"
    }
  }

  /// The user's conversation with this id, beginning of an id, name or title, or `last`: the latest of all.
  ///
  /// - Parameter reference: nil for the latest about that legacy and with that persona; one that is given must be of
  ///   these, which also tell conversations of the same name or title apart
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
      reference.asReference == "last"
      ? try latestConversation(ConversationFilter(limit: 1), "", for: user, transaction)
      : try namedConversation(reference, for: user, transaction) {
        [$0.legacyID, nil].contains(legacyID) && [Persona.key($0.personaID), nil].contains(personaID.map(Persona.key))
      }
    if let legacyID, conversation.legacyID != legacyID {
      throw Failure(
        .usage, "the conversation is about \(conversation.legacyName), not about \(legacy ?? "")",
        advice: .omit(.legacy))
    }
    if let personaID, Persona.key(conversation.personaID) != Persona.key(personaID) {
      throw Failure(
        .usage, "the conversation is with the persona \(conversation.personaID), not \(personaID)",
        advice: .omit(.persona))
    }
    return conversation
  }

  /// The user's latest conversation that passes the filter.
  ///
  /// - Parameter which: what the filter means, after a space
  /// - Throws: `Failure` with code `not_found`
  private func latestConversation(
    _ filter: ConversationFilter, _ which: String, for user: User?, _ transaction: StoreTransaction
  ) throws -> Conversation {
    guard let user, let latest = try transaction.conversations(of: user, filter).first else {
      throw Failure(.notFound, "no conversation\(which) has begun yet", advice: .startConversation)
    }
    return latest
  }

  /// The user's conversation of that id, that beginning of an id, that name, or that title.
  ///
  /// - Parameter isExpected: chooses among several
  /// - Throws: `Failure` with code `not_found` or `ambiguous`
  private func namedConversation(
    _ reference: String, for user: User?, _ transaction: StoreTransaction, where isExpected: (Conversation) -> Bool
  ) throws -> Conversation {
    let id = reference.asReference.lowercased()
    let found =
      ConversationService.isIDPrefix(id)
      ? try user.map { try transaction.conversations(of: $0, idPrefix: id) } ?? [] : []
    let named = try found.isEmpty ? user.map { try transaction.conversations(of: $0, named: reference) } ?? [] : found
    let all = try named.isEmpty ? conversations(titled: reference, of: user, transaction) : named
    let expected = all.filter(isExpected)
    let candidates = expected.isEmpty ? all : expected
    // An earlier version told names apart by their bytes: each of those can still be named as it was typed then.
    let exact = candidates.filter { $0.name?.hasSameBytes(as: reference) == true }
    let meant = exact.isEmpty ? candidates : exact
    guard let conversation = meant.first else {
      throw Failure(
        .notFound, "unknown conversation \"\(reference.withoutByteOrderMarks)\"",
        advice: try nearestConversations(to: reference.asReference, of: user, transaction) ?? .list(.conversations))
    }
    guard meant.count == 1 else {
      throw Failure(
        .ambiguous,
        named.isEmpty
          ? "\(meant.count) conversations have this title" : "\"\(reference)\" matches \(meant.count) conversations",
        advice: .useID(try meant.map { try ConversationService.describe($0, for: user, transaction) }))
    }
    return conversation
  }

  /// The conversations with the nearest names, or titles, as advice; nil if none is near. Titles are words of messages,
  /// which do not belong in errors: those conversations are named by their ids.
  private func nearestConversations(
    to reference: String, of user: User?, _ transaction: StoreTransaction
  ) throws -> Advice? {
    guard let user else { return nil }
    let names = try transaction.conversationNames(of: user)
    if let advice = Suggestion.advice(for: reference, among: names) { return advice }
    let titles = try transaction.titles(ofConversationsOf: user)
    let near = Suggestion.nearest(to: reference, among: Array(Set(titles.map(\.title))))
    let meant = try titles.filter { near.contains($0.title) }.prefix(ConversationService.mostSuggested)
      .compactMap { try transaction.conversation($0.id, of: user) }
    return meant.isEmpty
      ? nil : .useID(try meant.map { try ConversationService.describe($0, for: user, transaction) })
  }

  /// At most this many conversations are suggested.
  private static let mostSuggested = 3

  /// The user's message of that id or beginning of an id.
  ///
  /// - Parameter author: nil for either
  /// - Throws: `Failure` with code `not_found` or `ambiguous`
  func resolveMessage(
    _ reference: String, by author: Message.Author? = nil, for user: User?, _ transaction: StoreTransaction
  ) throws -> DeletableMessage {
    let reference = reference.asReference
    let id = reference.lowercased()
    let found =
      ConversationService.isIDPrefix(id)
      ? try user.map { try transaction.messages(of: $0, idPrefix: id, by: author, limit: 4) } ?? [] : []
    guard let message = found.first else {
      throw Failure(.notFound, "unknown message \"\(reference)\"", advice: .list(.messages))
    }
    guard found.count == 1 else {
      throw Failure(
        .ambiguous, "\"\(reference)\" matches several messages", advice: .useID(found.map(\.id.rawValue)))
    }
    return message
  }

  /// The id of a persona that exists, or that no longer exists but has conversations.
  ///
  /// - Throws: `Failure` with code `not_found`; as `Store.read`
  package func personaID(_ reference: String, in personas: PersonaCatalog) throws -> String {
    try find { transaction, user in
      try ConversationService.personaID(reference, in: personas, for: user, transaction)
    }
  }

  /// - Throws: `Failure` with code `not_found`
  static func personaID(
    _ reference: String, in personas: PersonaCatalog, for user: User?, _ transaction: StoreTransaction
  ) throws -> String {
    if let persona = personas[reference] { return persona.id }
    let used = try user.map(transaction.personaIDs) ?? []
    let key = Persona.key(reference.asReference)
    return try used.first { Persona.key($0) == key } ?? personas.persona(id: reference, suggesting: used).id
  }

  /// Whether a text can be the beginning of an id, and is long enough to name it.
  private static func isIDPrefix(_ text: String) -> Bool {
    text.utf8.count >= minimumPrefix
      && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) || $0 == 0x2d }
  }

  /// The user's conversations of that whole title, whatever its case.
  private func conversations(
    titled title: String, of user: User?, _ transaction: StoreTransaction
  ) throws -> [Conversation] {
    guard let user else { return [] }
    let wanted = title.asReference.uppercased()
    return try transaction.titles(ofConversationsOf: user).filter { $0.title.uppercased() == wanted }.compactMap {
      try transaction.conversation($0.id, of: user)
    }
  }

  /// A conversation, told apart from others of the same name or title. A title is words of a message, which belong
  /// neither in errors nor in logs.
  private static func describe(
    _ conversation: Conversation, for user: User?, _ transaction: StoreTransaction
  ) throws -> String {
    let time = (conversation.lastMessageAt ?? conversation.createdAt).minute
    let alike = try user.map { try transaction.conversations(of: $0, idPrefix: conversation.id.short) } ?? []
    return "\(conversation.id.short(among: alike.map(\.id))) (about \(conversation.legacyName), with the persona "
      + "\(conversation.personaID), \(time), \(counted(conversation.messageCount, "message")))"
  }

  /// Whether two names are the same but for case and accents.
  static func isSameName(_ left: String, _ right: String) -> Bool { left.folded == right.folded }
}
