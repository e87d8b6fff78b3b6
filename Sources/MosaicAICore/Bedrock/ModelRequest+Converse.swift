/// A request as Bedrock's ConverseStream operation has it (Amazon Bedrock API Reference, "ConverseStream").
extension ModelRequest {
  /// The body that goes over the wire.
  var converseBody: JSON {
    var inference: [JSON.Member] = [.init("maxTokens", .integer(maximumTokens))]
    if let temperature { inference.append(.init("temperature", .number(temperature))) }
    // A point before the newest message: the next request begins with everything up to there.
    let cached = cachesPrompt ? turns.dropLast().indices.last : nil
    let messages = turns.enumerated().map { index, turn -> JSON in
      // The reminder is another one in each request: it is never a part of what is cached.
      let reminder = index == turns.count - 1 ? reminder : nil
      return [
        "role": .string(turn.author.rawValue),
        "content": content([reminder, turn.text].compactMap(\.self), isCached: index == cached),
      ]
    }
    var members: [JSON.Member] = [
      .init("messages", .array(messages)), .init("system", content([system], isCached: cachesPrompt)),
      .init("inferenceConfig", .object(inference)),
    ]
    if let guardrail {
      // Synchronous: no text is shown before the guardrail has passed it.
      let configuration: JSON = [
        "guardrailIdentifier": .string(guardrail.identifier), "guardrailVersion": .string(guardrail.version),
        "streamProcessingMode": "sync",
      ]
      members.append(.init("guardrailConfig", configuration))
    }
    if let fields, !fields.members.isEmpty { members.append(.init("additionalModelRequestFields", fields.json)) }
    return .object(members)
  }

  /// Texts, and a cache point after them.
  private func content(_ texts: [String], isCached: Bool) -> JSON {
    .array(texts.map { ["text": .string($0)] } + (isCached ? [["cachePoint": ["type": "default"]]] : []))
  }

  /// The unsigned request to a Bedrock Runtime endpoint.
  ///
  /// - Parameter endpoint: scheme, host and perhaps a path, without a slash at its end
  func httpRequest(endpoint: String) -> HTTPRequest {
    let url = "\(endpoint)/model/\(percentEncoded(modelID))/converse-stream"
    var body: [UInt8] = []
    converseBody.append(to: &body)
    return HTTPRequest(
      method: "POST", url: url, headers: [("Content-Type", "application/json"), ("Host", URLParts(url).authority)],
      body: body)
  }

  /// The unsigned request as JSON, for people to read.
  ///
  /// - Throws: `Failure`: the first thing that keeps requests from being made, credentials aside
  package func preview(_ access: BedrockAccess) throws -> JSON {
    let request = httpRequest(endpoint: try access.usable().endpoint.url)
    return [
      "method": .string(request.method), "url": .string(request.url),
      "headers": .object(request.headers.map { .init($0.name, .string($0.value)) }), "body": converseBody,
    ]
  }
}
