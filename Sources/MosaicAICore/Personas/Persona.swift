/// Who answers.
public struct Persona: Equatable, Sendable {
  public let id: String
  public let name: String
  /// The name of an icon, for programs with pictures.
  public let icon: String?
  public let description: String
  /// Its own model; nil: whatever else is set, or the default one.
  public let modelID: String?
  /// Its own limit of output tokens; nil: whatever else is set, or the default one.
  public let maximumTokens: Int?
  /// With `{legacy_name}` where the person's name goes.
  public let systemPrompt: String

  /// The model of personas that name none.
  public static let defaultModelID = "us.anthropic.claude-sonnet-4-5-20250929-v1:0"
  /// The limit of output tokens of personas that set none.
  public static let defaultMaximumTokens = 1024
}

/// What a persona is told before a conversation.
enum SystemPrompt {
  /// Rules, a blank line, the persona's prompt with the name put in literally.
  ///
  /// The name has one line and no control characters (`Rules.name`), so that it adds no lines of its own.
  static func build(rules: String, persona: Persona, legacyName: String) -> String {
    let prompt = persona.systemPrompt.split(separator: "{legacy_name}", omittingEmptySubsequences: false)
      .joined(separator: legacyName)
    return "\(rules)\n\n\(prompt)"
  }
}
