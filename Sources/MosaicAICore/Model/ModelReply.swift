/// A request to a model.
package struct ModelRequest: Equatable, Sendable {
  /// One turn of the conversation.
  package struct Turn: Equatable, Sendable {
    package let author: Message.Author
    package let text: String

    package init(_ author: Message.Author, _ text: String) {
      self.author = author
      self.text = text
    }
  }

  /// A guardrail that checks what is said.
  package struct Guardrail: Equatable, Sendable {
    /// Its id or ARN.
    package let identifier: String
    /// A number, or `DRAFT`.
    package let version: String

    /// Reads `ID:VERSION`, where the id may be an ARN; nil if one of them is missing.
    package init?(_ text: String) {
      guard let colon = text.lastIndex(of: ":") else { return nil }
      identifier = String(text[..<colon])
      version = String(text[text.index(after: colon)...])
      guard !identifier.isEmpty,
        version == "DRAFT" || (!version.isEmpty && version.allSatisfy { $0.isASCII && $0.isNumber })
      else { return nil }
    }
  }

  /// A model id, an inference profile's id, or an ARN.
  package var modelID: String
  package var system: String
  /// Starts with the user, alternates, ends with the user.
  package var turns: [Turn]
  /// Earlier messages that the model is reminded of, as a part of the newest turn before its text.
  package var reminder: String?
  package var maximumTokens: Int
  /// Nil: not sent, since newer models refuse it.
  package var temperature: Double?
  package var guardrail: Guardrail?
  /// The model's own parameters.
  package var fields: ModelFields?
  /// Whether the service is asked to keep the system prompt and all turns but the newest for the next request.
  package var cachesPrompt: Bool

  package init(
    modelID: String, system: String, turns: [Turn], maximumTokens: Int, temperature: Double? = nil,
    guardrail: Guardrail? = nil, fields: ModelFields? = nil, cachesPrompt: Bool = false,
    reminder: String? = nil
  ) {
    self.modelID = modelID
    self.system = system
    self.turns = turns
    self.maximumTokens = maximumTokens
    self.temperature = temperature
    self.guardrail = guardrail
    self.fields = fields
    self.cachesPrompt = cachesPrompt
    self.reminder = reminder
  }
}

extension ModelRequest {
  /// Whether a text can be a model id, an inference profile's id, or an ARN.
  package static func isModelID(_ text: String) -> Bool {
    (1...2048).contains(text.utf8.count) && !text.contains(where: \.isWhitespace)
  }
}

/// How a model's reply ended.
package struct ModelReply: Equatable, Sendable {
  package let stopReason: StopReason
  /// Nil if the stream ended without its metadata.
  package let usage: TokenUsage?
  /// The service's own measure; nil if the stream ended without its metadata.
  package let latency: Duration?

  package init(stopReason: StopReason, usage: TokenUsage?, latency: Duration?) {
    self.stopReason = stopReason
    self.usage = usage
    self.latency = latency
  }
}

/// Why the model stopped. Open: new reasons come without notice.
package struct StopReason: RawRepresentable, Hashable, Sendable {
  package let rawValue: String

  package init(rawValue: String) { self.rawValue = rawValue }

  /// The reply is as long as the model wanted it.
  package static let endTurn = StopReason(rawValue: "end_turn")
  /// The reply reached the limit of tokens.
  package static let maximumTokens = StopReason(rawValue: "max_tokens")
  /// The model wrote a stop sequence.
  package static let stopSequence = StopReason(rawValue: "stop_sequence")
  /// A guardrail stepped in.
  package static let guardrailIntervened = StopReason(rawValue: "guardrail_intervened")
  /// A content filter stepped in.
  package static let contentFiltered = StopReason(rawValue: "content_filtered")
  /// The model's output made no sense.
  package static let malformedModelOutput = StopReason(rawValue: "malformed_model_output")
  /// The model's call of a tool made no sense.
  package static let malformedToolUse = StopReason(rawValue: "malformed_tool_use")
  /// The conversation fills the model's context window.
  package static let contextWindowExceeded = StopReason(rawValue: "model_context_window_exceeded")
  /// The model wants a tool, though none was offered.
  package static let toolUse = StopReason(rawValue: "tool_use")
}

/// What a reply cost, in tokens.
package struct TokenUsage: Equatable, Sendable {
  /// Those that were neither read from the service's cache nor written to it.
  package var input: Int?
  package var output: Int?
  package var total: Int?
  package var cacheRead: Int?
  package var cacheWrite: Int?

  package init(
    input: Int? = nil, output: Int? = nil, total: Int? = nil, cacheRead: Int? = nil, cacheWrite: Int? = nil
  ) {
    self.input = input
    self.output = output
    self.total = total
    self.cacheRead = cacheRead
    self.cacheWrite = cacheWrite
  }
}

/// What answers: Amazon Bedrock, or a script in tests.
package protocol LanguageModel: Sendable {
  /// Asks the model, and gives its reply to `receiver` as it comes: chunks, and before the first one what it waits for.
  /// Returns once the reply has ended properly.
  ///
  /// - Throws: `Failure`; whatever `receiver` throws, which ends the reply
  func reply(to request: ModelRequest, _ receiver: any ReplyReceiver, _ cancellation: Cancellation) throws -> ModelReply
}
