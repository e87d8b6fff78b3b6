extension ConversationService {
  /// The user's legacies, by name, including those in which they are only `pending`.
  ///
  /// - Throws: as `Store.read`
  package func legacies() throws -> [Legacy] {
    try find { transaction, user in try user.map(transaction.legacies) ?? [] }
  }

  /// The legacy with this name, id or beginning of an id.
  ///
  /// - Throws: `Failure` with code `not_found`, `ambiguous` or `forbidden`; as `Store.read`
  package func legacy(_ reference: String) throws -> Legacy {
    try find { transaction, user in try resolveLegacy(reference, for: user, transaction) }
  }

  /// Adds a legacy with the user as its owner, or gives the one of that name that they already talk about.
  ///
  /// - Parameter evenIfKnown: adds a second one of that name
  /// - Throws: `Failure` with code `invalid_input`; as `Store.write`
  package func addLegacy(name: String, evenIfKnown: Bool) throws -> (legacy: Legacy, isNew: Bool) {
    let name = try Rules.name(name, "the name")
    return try store.write { transaction in
      let user = try knownUser(transaction)
      let known = try transaction.legacies(of: user)
      if !evenIfKnown,
        let legacy = known.first(where: { $0.role.mayChat && ConversationService.isSameName($0.name, name) })
      {
        return (legacy, false)
      }
      let (id, time): (LegacyID, Timestamp) = (try ids.next(), now())
      try transaction.insertLegacy(
        Archive.Legacy(id: id, name: name, createdAt: time, updatedAt: time), owner: user, at: time)
      return (try resolveLegacy(id.rawValue, for: user, transaction), true)
    }
  }

  /// Renames a legacy that the user owns.
  ///
  /// - Parameter evenIfKnown: even to the name of another of theirs
  /// - Throws: `Failure` with code `invalid_input`, `usage`, `not_found`, `ambiguous` or `forbidden`; as `Store.write`
  package func renameLegacy(_ reference: String, to name: String, evenIfKnown: Bool = false) throws -> Legacy {
    let name = try Rules.name(name, "the name")
    return try store.write { transaction in
      let (user, legacy) = try ownedLegacy(reference, transaction, rule: .strict)
      let others = try user.map(transaction.legacies) ?? []
      if !evenIfKnown,
        let other = others.first(where: {
          $0.id != legacy.id && $0.role.mayChat && ConversationService.isSameName($0.name, name)
        })
      {
        throw Failure(
          .usage, "you already have a legacy called \(other.name), \(other.id.short(among: others.map(\.id)))",
          advice: .allowSameName)
      }
      try transaction.renameLegacy(id: legacy.id, to: name, at: now())
      return try resolveLegacy(legacy.id.rawValue, for: user, transaction)
    }
  }

  /// A legacy that the user owns, and how much would go with it.
  ///
  /// - Throws: `Failure` with code `not_found`, `ambiguous` or `forbidden`; as `Store.read`
  package func legacyToRemove(_ reference: String) throws -> LegacyContent {
    try store.find { transaction in
      let (_, legacy) = try ownedLegacy(reference, transaction, rule: .strict)
      let count = try transaction.contentCount(ofLegacy: legacy.id)
      return LegacyContent(
        legacy: legacy, conversations: count.conversations, messages: count.messages,
        othersConversations: count.conversations - legacy.conversationCount)
    }
  }

  /// What would go with a legacy.
  package struct LegacyContent: Equatable, Sendable {
    package let legacy: Legacy
    /// Of everyone together.
    package let conversations: Int
    package let messages: Int
    /// Of everyone but the user.
    package let othersConversations: Int
  }

  /// Removes a legacy that the user owns, everything that anyone has said about it, and every trace in the files of the
  /// database.
  ///
  /// - Throws: `Failure` with code `not_found` or `forbidden`; as `Store.write` and `Store.eraseDeleted`
  package func removeLegacy(id: LegacyID) throws {
    try store.write { transaction in
      let (_, legacy) = try ownedLegacy(id.rawValue, transaction)
      try transaction.deleteLegacy(id: legacy.id)
    }
    try store.eraseDeleted()
  }

  /// Who has a role in a legacy that the user may talk about.
  ///
  /// - Throws: `Failure` with code `not_found`, `ambiguous` or `forbidden`; as `Store.read`
  package func members(of reference: String) throws -> [Member] {
    try find { transaction, user in
      let legacy = try resolveLegacy(reference, for: user, transaction)
      return try transaction.members(ofLegacy: legacy.id)
    }
  }

  /// The handles of everyone who has a role in a legacy that the user may talk about, in order.
  ///
  /// - Throws: as `Store.read`
  package func memberHandles() throws -> [String] {
    try find { transaction, user in
      let legacies = try user.map(transaction.legacies)?.filter(\.role.mayChat) ?? []
      return Set(try legacies.flatMap { try transaction.members(ofLegacy: $0.id).map(\.handle) }).sorted()
    }
  }

  /// The known handles nearest to one that the database does not know; nil if it knows it.
  ///
  /// - Throws: `Failure` with code `invalid_input` for one that cannot be a handle; as `Store.read`
  package func nearestHandles(to handle: String) throws -> [String]? {
    let handle = try Rules.name(handle, "the handle")
    return try store.find { transaction in
      guard try transaction.user(handle: handle) == nil else { return nil }
      return Suggestion.nearest(to: handle, among: try transaction.handles())
    }
  }

  /// Gives someone a role in a legacy that the user owns. The database learns their handle.
  ///
  /// - Throws: `Failure` with code `invalid_input`, `not_found`, `ambiguous`, `forbidden`, or `usage` if no owner would
  ///   be left; as `Store.write`
  package func share(_ reference: String, with handle: String, role: Role) throws -> Member {
    let handle = try Rules.name(handle, "the handle")
    return try store.write { transaction in
      let (_, legacy) = try ownedLegacy(reference, transaction)
      var user = try transaction.user(handle: handle)
      if user == nil {
        user = User(id: try ids.next(), handle: handle.composed)
        if let user { try transaction.insertUser(user, at: now()) }
      }
      guard let user else { throw Failure(.internal, "a user that was just added is missing") }
      try transaction.setRole(role, of: user, inLegacy: legacy.id, at: now())
      let members = try transaction.members(ofLegacy: legacy.id)
      try requireOwner(among: members, of: legacy)
      guard let member = members.first(where: { $0.userID == user.id }) else {
        throw Failure(.internal, "a member that was just added is missing")
      }
      return member
    }
  }

  /// Takes someone's role in a legacy away: owners can do it to anyone, everyone to themselves. Their conversations
  /// stay theirs.
  ///
  /// - Throws: as `share`; `Failure` with code `not_found` for someone without a role
  package func unshare(_ reference: String, from handle: String) throws -> Member {
    let handle = handle.asReference
    return try store.write { transaction in
      let user = try transaction.user(handle: self.handle)
      // A proposal can be declined, but never hides another legacy of the same name.
      let legacy =
        try (try? resolveLegacy(reference, for: user, transaction))
        ?? resolveLegacy(reference, among: user.map(transaction.legacies) ?? [], transaction)
      // By id, since a handle can be written in several ways.
      let other = try transaction.user(handle: handle)
      if other == nil || other?.id != user?.id { try requireOwnership(legacy) }
      let members = try transaction.members(ofLegacy: legacy.id)
      guard let member = members.first(where: { $0.userID == other?.id }) else {
        throw Failure(
          .notFound, "\"\(handle)\" is not a member of \(legacy.name)",
          advice: Suggestion.advice(for: handle, among: members.map(\.handle)) ?? .list(.members(of: legacy.id)))
      }
      try transaction.removeMember(member.userID, fromLegacy: legacy.id)
      try requireOwner(among: members.filter { $0.userID != member.userID }, of: legacy)
      return member
    }
  }

  /// - Throws: `Failure` with code `forbidden` for a legacy in which the user is only `pending`
  func requireMembership(_ legacy: Legacy) throws {
    guard legacy.role.mayChat else {
      throw Failure(
        .forbidden, "you are not yet a member of \(legacy.name)",
        advice: .askToShare(legacy: legacy.id, with: handle))
    }
  }

  private func ownedLegacy(
    _ reference: String, _ transaction: StoreTransaction, rule: NamingRule = .lenient
  ) throws -> (User?, Legacy) {
    let user = try transaction.user(handle: handle)
    let legacy = try resolveLegacy(reference, for: user, transaction, rule: rule)
    try requireOwnership(legacy)
    return (user, legacy)
  }

  private func requireOwnership(_ legacy: Legacy) throws {
    guard legacy.role == .owner else {
      throw Failure(
        .forbidden, "only an owner of \(legacy.name) may do this",
        advice: .list(.members(of: legacy.id)))
    }
  }

  private func requireOwner(among members: [Member], of legacy: Legacy) throws {
    guard members.contains(where: { $0.role == .owner }) else {
      throw Failure(.usage, "a legacy needs an owner", advice: .addOwner(legacy: legacy.id))
    }
  }
}
