extension ConversationService {
  /// The user's legacies, by name; those they are only `pending` in among them.
  ///
  /// - Throws: as `Store.read`
  public func legacies() throws -> [Legacy] {
    try store.read { transaction in try transaction.user(handle: handle).map(transaction.legacies) ?? [] }
  }

  /// The legacy that a name, an id or a beginning of an id names.
  ///
  /// - Throws: `Failure` with code `not_found`, `ambiguous` or `forbidden`; as `Store.read`
  public func legacy(_ reference: String) throws -> Legacy {
    try store.read { transaction in try resolveLegacy(reference, for: transaction.user(handle: handle), transaction) }
  }

  /// Adds a legacy, its owner the user; or gives the one of that name they already chat about.
  ///
  /// - Parameter evenIfKnown: adds a second one of that name
  /// - Throws: `Failure` with code `invalid_input`; as `Store.write`
  public func addLegacy(name: String, evenIfKnown: Bool) throws -> (legacy: Legacy, isNew: Bool) {
    let name = try Rules.name(name, "the name")
    return try store.write { transaction in
      let user = try knownUser(transaction)
      let known = try transaction.legacies(of: user)
      if !evenIfKnown,
        let legacy = known.first(where: { $0.role.mayChat && ConversationService.isSameName($0.name, name) })
      {
        return (legacy, false)
      }
      let (id, time) = (makeID(), time)
      try transaction.insertLegacy(
        Archive.Legacy(id: id, name: name, createdAt: time, updatedAt: time), owner: user, at: time)
      return (try resolveLegacy(id, for: user, transaction), true)
    }
  }

  /// Renames a legacy that the user owns.
  ///
  /// - Throws: `Failure` with code `invalid_input`, `not_found`, `ambiguous` or `forbidden`; as `Store.write`
  public func renameLegacy(_ reference: String, to name: String) throws -> Legacy {
    let name = try Rules.name(name, "the name")
    return try store.write { transaction in
      let (user, legacy) = try ownedLegacy(reference, transaction)
      try transaction.renameLegacy(id: legacy.id, to: name, at: time)
      return try resolveLegacy(legacy.id, for: user, transaction)
    }
  }

  /// A legacy the user owns, and how much would go with it.
  ///
  /// - Throws: `Failure` with code `not_found`, `ambiguous` or `forbidden`; as `Store.read`
  public func legacyToRemove(_ reference: String) throws -> (legacy: Legacy, conversations: Int, messages: Int) {
    try store.read { transaction in
      let (_, legacy) = try ownedLegacy(reference, transaction)
      let count = try transaction.contentCount(ofLegacy: legacy.id)
      return (legacy, count.conversations, count.messages)
    }
  }

  /// Removes a legacy that the user owns, all that anybody has said about it, and every trace in the files of the
  /// database.
  ///
  /// - Throws: `Failure` with code `not_found` or `forbidden`; as `Store.write` and `Store.truncateLog`
  public func removeLegacy(id: String) throws {
    try store.write { transaction in
      let (_, legacy) = try ownedLegacy(id, transaction)
      try transaction.deleteLegacy(id: legacy.id)
    }
    try store.truncateLog()
  }

  /// Who has a role in a legacy that the user may chat about.
  ///
  /// - Throws: `Failure` with code `not_found`, `ambiguous` or `forbidden`; as `Store.read`
  public func members(of reference: String) throws -> [Member] {
    try store.read { transaction in
      let legacy = try resolveLegacy(reference, for: transaction.user(handle: handle), transaction)
      return try transaction.members(ofLegacy: legacy.id)
    }
  }

  /// Gives somebody a role in a legacy that the user owns; whoever they are becomes known to the database.
  ///
  /// - Throws: `Failure` with code `invalid_input`, `not_found`, `ambiguous`, `forbidden`, or `usage` where no owner
  ///   would be left; as `Store.write`
  public func share(_ reference: String, with handle: String, role: Role) throws -> Member {
    let handle = try Rules.name(handle, "the handle")
    return try store.write { transaction in
      let (_, legacy) = try ownedLegacy(reference, transaction)
      var user = try transaction.user(handle: handle)
      if user == nil {
        user = User(id: makeID(), handle: handle)
        if let user { try transaction.insertUser(user, at: time) }
      }
      guard let user else { throw Failure(.internal, "a user that was just added is missing") }
      try transaction.setRole(role, of: user, inLegacy: legacy.id, at: time)
      let members = try transaction.members(ofLegacy: legacy.id)
      try requireOwner(among: members)
      guard let member = members.first(where: { $0.userID == user.id }) else {
        throw Failure(.internal, "a member that was just added is missing")
      }
      return member
    }
  }

  /// Takes somebody's role in a legacy away: an owner anybody's, everybody their own. Their conversations stay theirs.
  ///
  /// - Throws: as `share`; `Failure` with code `not_found` for somebody without a role
  public func unshare(_ reference: String, from handle: String) throws -> Member {
    try store.write { transaction in
      let user = try transaction.user(handle: self.handle)
      // What was only proposed can be declined, but is in the way of nothing else of its name.
      let legacy =
        try (try? resolveLegacy(reference, for: user, transaction))
        ?? resolveLegacy(reference, among: user.map(transaction.legacies) ?? [], transaction)
      // The database tells handles apart byte by byte; Swift would take canonically equivalent ones for one.
      let other = try transaction.user(handle: handle)
      if other == nil || other?.id != user?.id { try requireOwnership(legacy) }
      let members = try transaction.members(ofLegacy: legacy.id)
      guard let member = members.first(where: { $0.userID == other?.id }) else {
        throw Failure(
          .notFound, "\"\(handle)\" is no member of \(legacy.name)",
          hint: Suggestion.hint(for: handle, among: members.map(\.handle)) ?? "`mosaic-ai legacies members` lists them")
      }
      try transaction.removeMember(member.userID, fromLegacy: legacy.id)
      try requireOwner(among: members.filter { $0.userID != member.userID })
      return member
    }
  }

  /// - Throws: `Failure` with code `forbidden` for a legacy the user is only `pending` in
  func requireMembership(_ legacy: Legacy) throws {
    guard legacy.role.mayChat else {
      throw Failure(
        .forbidden, "you are not yet a member of \(legacy.name)",
        hint: "its owner can make you one: mosaic-ai legacies share \(legacy.id) \(handle)")
    }
  }

  private func ownedLegacy(_ reference: String, _ transaction: StoreTransaction) throws -> (User?, Legacy) {
    let user = try transaction.user(handle: handle)
    let legacy = try resolveLegacy(reference, for: user, transaction)
    try requireOwnership(legacy)
    return (user, legacy)
  }

  private func requireOwnership(_ legacy: Legacy) throws {
    guard legacy.role == .owner else {
      throw Failure(
        .forbidden, "only an owner of \(legacy.name) may do this",
        hint: "`mosaic-ai legacies members` tells who owns it")
    }
  }

  private func requireOwner(among members: [Member]) throws {
    guard members.contains(where: { $0.role == .owner }) else {
      throw Failure(.usage, "a legacy needs an owner", hint: "make somebody else one first, with --role owner")
    }
  }
}
