/// Who answers about whom, and in which conversation: where a message belongs.
package struct Place: Equatable, Sendable {
  package let legacyID: LegacyID
  package let legacyName: String
  package let personaID: String
  package let personaName: String
  /// Whether nobody chose the persona, and the latest conversation about the legacy is with it.
  package let isPersonaOfLatest: Bool
  /// Nil for a conversation that is yet to begin.
  package let conversationID: ConversationID?
  /// What the conversation is found again by; nil if nobody gave it a name.
  package let name: String?
  /// Nil for a conversation that has none, or is yet to begin.
  package let title: String?
}
