/// What one user and one persona have said about one legacy.
package struct Conversation: Equatable, Sendable {
  package let id: ConversationID
  package let userID: UserID
  package let legacyID: LegacyID
  package let legacyName: String
  package let personaID: String
  /// What a script finds it again by; unique for user, legacy and persona.
  package let name: String?
  package let title: String?
  /// Superseded replies do not count.
  package let messageCount: Int
  /// How many superseded replies it has, which `messageCount` leaves out.
  package let supersededCount: Int
  package let lastMessageAt: Timestamp?
  package let createdAt: Timestamp
  package let updatedAt: Timestamp
}

/// A page of a conversation, whose messages are read one after the other.
package struct HistoryPage: Equatable, Sendable {
  package let conversation: Conversation
  /// How many messages all pages have.
  package let total: Int
  /// How many messages this page has.
  package let count: Int
  /// Whether there are more beyond this page: later ones, or, for a tail, earlier ones.
  package let hasMore: Bool
}
