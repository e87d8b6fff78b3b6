import MosaicAICore

/// A valid body of ConverseStream, reduced to what replies depend on.
struct ConverseInput: Equatable, Sendable {
  /// A turn of the conversation, its text blocks joined by newlines.
  struct Message: Equatable, Sendable {
    let isFromUser: Bool
    let text: String
    /// Its last text block: of the newest message, the words that were typed after whatever else comes with them.
    var lastText: String?
  }

  /// The system prompts, joined by blank lines.
  let system: String
  /// Never empty: starts and ends with the user, who alternates with the assistant.
  let messages: [Message]
  let maxTokens: Int?
  /// Whether `inferenceConfig` has a temperature.
  var setsTemperature = false
  /// The same blocks again, for the cache.
  var prompt = CacheablePrompt()
  /// What is read from the cache and written to it.
  var cacheUse = CacheUse()
  /// `additionalModelRequestFields`, which the model understands and Bedrock does not.
  var modelFields: JSON = [:]

  /// The user's newest message.
  var question: String { messages.last.map { $0.lastText ?? $0.text } ?? "" }

  /// Whether the model is asked not to think.
  var disablesThinking: Bool { modelFields["thinking"]?["type"] == "disabled" }

  /// Whether there is a `cachePoint` anywhere.
  var hasCachePoints: Bool { !prompt.points.isEmpty }

  /// The tokens of the whole prompt, roughly, whether cached or not.
  var inputTokens: Int {
    approximateTokens(system)
      + messages.reduce(0) { $0 + approximateTokens($1.text) + ConverseInput.tokensPerMessage }
  }

  /// How many tokens a message costs on top of its text.
  static let tokensPerMessage = 4
}

/// How many tokens `text` has, roughly: one for every four bytes of UTF-8.
func approximateTokens(_ text: String) -> Int { (text.utf8.count + 3) / 4 }
