/// Which conversation a message belongs to, as the user named it.
package struct Selection: Equatable, Sendable {
  /// How the conversation was named.
  package enum Target: Equatable, Sendable {
    /// The latest one for that legacy and persona, or a new one if there is none.
    case latest
    /// A new one in any case.
    case new
    /// The one with this id, this beginning of an id, this name or this title, or `last`.
    case conversation(String)
    /// The one of exactly this name for that legacy and persona, or a new one of this name if there is none.
    case named(String)
  }

  /// A legacy or a persona.
  package struct Choice: Equatable, Sendable {
    package let value: String
    /// Whether a named conversation must match it. What is merely configured applies to new conversations only.
    package let isBinding: Bool

    package init(_ value: String, isBinding: Bool) {
      self.value = value
      self.isBinding = isBinding
    }

    /// The value, if it is binding.
    var bindingValue: String? { isBinding ? value : nil }
  }

  package var target = Target.latest
  /// A name, an id or a beginning of an id; nil: the only legacy there is.
  package var legacy: Choice?
  /// A persona's id; nil: that of the latest conversation about the legacy.
  package var persona: Choice?
  /// The conversation's title from now on; nil: unchanged.
  package var title: String?

  package init(persona: Choice? = nil) { self.persona = persona }
}

/// Parameters of the request. Nil means the persona's own, or the default.
package struct ModelChoice: Equatable, Sendable {
  package var modelID: String?
  package var maximumTokens: Int?
  package var temperature: Double?
  package var guardrail: ModelRequest.Guardrail?
  package var fields: ModelFields?
  /// Whether the service is asked to keep prompts for the next request.
  package var cachesPrompt = true
  /// How many tokens earlier messages may take that the model is reminded of; 0 for none.
  package var recallTokens = ModelChoice.defaultRecallTokens

  /// How many tokens earlier messages may take unless set otherwise.
  package static let defaultRecallTokens = 2000

  package init() {}
}
