/// What is to be sent, to whom, in which conversation, as the user named them.
public struct SendRequest: Equatable, Sendable {
  public enum Target: Equatable, Sendable {
    /// The latest for that legacy and persona, or a new one where there is none.
    case latest
    /// A new one in any case.
    case new
    /// The one named by an id, a beginning of an id or `last`.
    case conversation(String)
  }

  /// A setting, and whether it was asked for just now rather than being there all the time.
  public struct Choice: Equatable, Sendable {
    public let value: String
    /// Whether a flag gave it.
    public let isExplicit: Bool

    public init(_ value: String, isExplicit: Bool) {
      self.value = value
      self.isExplicit = isExplicit
    }
  }

  public var target = Target.latest
  /// A name, id or id prefix; nil: the only legacy there is.
  public var legacy: Choice?
  /// A persona's id.
  public var persona: Choice
  /// The conversation's title from now on; nil: as it is.
  public var title: String?
  /// Beats the persona's own.
  public var modelID: String?
  /// Beats the persona's own.
  public var maximumTokens: Int?
  public var temperature: Double?
  public var guardrail: ConverseRequest.Guardrail?

  public init(persona: Choice) { self.persona = persona }
}
