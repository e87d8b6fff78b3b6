/// Where a message belongs: who answers it, which legacy it is about, and its conversation.
package struct Place: Equatable, Sendable {
  package let legacyID: LegacyID
  package let legacyName: String
  package let personaID: String
  package let personaName: String
  /// Whether the persona was not chosen, but taken from the latest conversation about the legacy.
  package let isPersonaOfLatest: Bool
  /// The persona of the latest conversation about the legacy, if that is why another one answers: it no longer exists.
  package let missingPersonaID: String?
  /// Nil for a conversation that is yet to begin.
  package let conversationID: ConversationID?
  /// The name that scripts find the conversation by; nil if it has none.
  package let name: String?
  /// Nil for a conversation that has none, or is yet to begin.
  package let title: String?
}
