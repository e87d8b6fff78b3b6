/// Every new model may refuse other parts, so we keep no list of models: if a refusal names a part, the same request
/// follows without it.
extension OptionalPart {
  /// Whether an error says that the model does not take the part. An error about its value does not: that is the
  /// user's to correct.
  func isRefused(by error: ServiceError) -> Bool {
    let quotes: Set<Character> = ["`", "'", "\"", "’"]
    let words = (error.message?.lowercased() ?? "").filter { !quotes.contains($0) }
    return refusals.contains { words.contains($0) }
  }

  /// What services have been seen to answer, in lower case and without quotation marks.
  private var refusals: [String] {
    switch self {
    case .temperature:
      [
        // Claude from Opus 4.7 on.
        "temperature is deprecated for this model",
        // Claude with thinking turned on.
        "temperature may only be set to 1 when thinking is enabled",
        // Converse, for models of other providers.
        "support the temperature field", "extraneous key [temperature]",
        "temperature is not supported with this model", "unsupported parameter: temperature",
      ]
    case .cachePoints:
      [
        // Converse, for models and regions without prompt caching.
        "did not allow prompt caching", "extraneous key [cachepoint]", "support the cachepoint field",
        // Claude, served without prompt caching.
        "cache_control: extra inputs are not permitted",
      ]
    }
  }
}

extension ModelRequest {
  /// Whether the part is in the request.
  func has(_ part: OptionalPart) -> Bool {
    switch part {
    case .temperature: temperature != nil
    case .cachePoints: cachesPrompt
    }
  }

  /// The request without these parts.
  func leavingOut(_ parts: Set<OptionalPart>) -> ModelRequest {
    var request = self
    for part in parts {
      switch part {
      case .temperature: request.temperature = nil
      case .cachePoints: request.cachesPrompt = false
      }
    }
    return request
  }
}
