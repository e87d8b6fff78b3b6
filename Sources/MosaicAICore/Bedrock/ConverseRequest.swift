/// What Bedrock's ConverseStream operation is asked (Amazon Bedrock API Reference, "ConverseStream").
public struct ConverseRequest: Equatable, Sendable {
  /// One turn of the conversation.
  public struct Turn: Equatable, Sendable {
    public enum Role: String, Sendable { case user, assistant }

    public let role: Role
    public let text: String

    public init(_ role: Role, _ text: String) {
      self.role = role
      self.text = text
    }
  }

  /// A guardrail that reads along.
  public struct Guardrail: Equatable, Sendable {
    /// Its id or ARN.
    public let identifier: String
    /// A number, or `DRAFT`.
    public let version: String

    /// Reads `ID:VERSION`, where the id may be an ARN; nil where one of them is missing.
    public init?(_ text: String) {
      guard let colon = text.lastIndex(of: ":") else { return nil }
      identifier = String(text[..<colon])
      version = String(text[text.index(after: colon)...])
      guard !identifier.isEmpty,
        version == "DRAFT" || (!version.isEmpty && version.allSatisfy { $0.isASCII && $0.isNumber })
      else { return nil }
    }
  }

  /// A model id, an inference profile's id, or an ARN.
  public var modelID: String
  public var system: String
  /// Starts with the user, alternates, ends with the user.
  public var turns: [Turn]
  public var maximumTokens: Int
  /// Nil: not sent, since newer models refuse it.
  public var temperature: Double?
  public var guardrail: Guardrail?

  public init(
    modelID: String, system: String, turns: [Turn], maximumTokens: Int, temperature: Double? = nil,
    guardrail: Guardrail? = nil
  ) {
    self.modelID = modelID
    self.system = system
    self.turns = turns
    self.maximumTokens = maximumTokens
    self.temperature = temperature
    self.guardrail = guardrail
  }

  /// The body as it goes over the wire.
  public var body: JSON {
    var inference: [JSON.Member] = [.init("maxTokens", .integer(maximumTokens))]
    if let temperature { inference.append(.init("temperature", .number(temperature))) }
    var members: [JSON.Member] = [
      .init(
        "messages", .array(turns.map { ["role": .string($0.role.rawValue), "content": [["text": .string($0.text)]]] })),
      .init("system", [["text": .string(system)]]),
      .init("inferenceConfig", .object(inference)),
    ]
    if let guardrail {
      // Synchronous: nothing is shown before the guardrail has passed it.
      members.append(
        .init(
          "guardrailConfig",
          [
            "guardrailIdentifier": .string(guardrail.identifier), "guardrailVersion": .string(guardrail.version),
            "streamProcessingMode": "sync",
          ]))
    }
    return .object(members)
  }

  /// The unsigned request to a Bedrock Runtime endpoint.
  ///
  /// - Parameter endpoint: scheme, host and perhaps a path, without a slash at its end
  public func httpRequest(endpoint: String) -> HTTPRequest {
    let url = "\(endpoint)/model/\(percentEncoded(modelID))/converse-stream"
    return HTTPRequest(
      method: "POST", url: url,
      headers: [("Content-Type", "application/json"), ("Host", URLParts(url).authority)],
      body: Array(body.compact.utf8))
  }
}
