/// What a user may do with a legacy.
package enum Role: String, CaseIterable, Sendable {
  /// Added the legacy, or was made its owner: talks about it, renames, shares and removes it.
  case owner
  /// Talks about it.
  case member
  /// Was proposed, and may do nothing yet.
  case pending

  /// Whether the user may talk about the legacy.
  package var mayChat: Bool { self != .pending }
}

/// A person whose life is being remembered, as one user sees them.
package struct Legacy: Equatable, Sendable {
  package let id: LegacyID
  package var name: String
  /// The user's role in it.
  package let role: Role
  /// How many conversations the user has about it.
  package let conversationCount: Int
  package let createdAt: Timestamp
}

/// A user's place in a legacy.
package struct Member: Equatable, Sendable {
  package let userID: UserID
  package let handle: String
  package let role: Role
  package let createdAt: Timestamp
}
