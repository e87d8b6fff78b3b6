/// A persona, which answers messages.
package struct Persona: Equatable, Sendable {
  package let id: String
  package let name: String
  /// The name of an icon, for programs with pictures.
  package let icon: String?
  package let description: String
  /// Its own model; nil: whatever else is set, or the default.
  package let modelID: String?
  /// Its own limit of output tokens; nil: whatever else is set, or the default.
  package let maximumTokens: Int?
  /// The fields of its own that its model gets; nil: whatever else is set.
  package var modelFields: ModelFields?
  /// With `{legacy_name}` where the person's name goes.
  package let systemPrompt: String

  /// The model of personas that name none.
  package static let defaultModelID = "us.anthropic.claude-sonnet-4-6"
  /// The limit of output tokens of personas that set none.
  package static let defaultMaximumTokens = 4096
  /// The persona if none is chosen.
  package static let defaultID = "biographer"
  /// The longest id, in characters.
  package static let maximumIDLength = 50

  /// What ids of the same persona have in common, however they are capitalized. SQL has it from `lower`.
  static func key(_ id: String) -> String { id.lowercased() }
}
