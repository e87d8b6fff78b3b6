/// Reads one answer of ConverseStream as it arrives: HTTP head, frames, events.
final class ConverseStreamReader: HTTPResponseReceiver {
  /// Called once the service has accepted the request.
  var didAccept: () -> Void = {}
  /// Whether text has come; after that, the request is not sent again.
  private(set) var hasText = false
  private(set) var head: HTTPResponseHead?
  private var isThinking = false

  private let request: ModelRequest
  private let region: String
  private let secrets: [Secret]
  private let receiver: any ReplyReceiver
  private var decoder = EventStreamDecoder()
  private var errorBody: [UInt8] = []
  private var stopReason: StopReason?
  private var usage: TokenUsage?
  private var latency: Duration?
  /// Text that has come since it was last passed on, and where each piece ends.
  private var text: [UInt8] = []
  private var ends: [Int] = []
  /// The headers of a piece of text, which are always the same: this avoids comparing strings for each piece.
  private var deltaHeaders: EventStreamHeaders?

  /// How much of an error's body is read: AWS's are short, and a proxy's page is of no use.
  private static let maximumErrorBody = 64 << 10
  /// How long the metadata may take once the reply is complete.
  private static let metadataTimeout = Duration.seconds(5)

  /// - Parameter secrets: what goes along with the request and must not be shown if an error quotes it
  init(_ request: ModelRequest, region: String, hiding secrets: [Secret] = [], to receiver: any ReplyReceiver) {
    self.request = request
    self.region = region
    self.secrets = secrets
    self.receiver = receiver
  }

  var idleTimeout: Duration? { stopReason == nil ? nil : ConverseStreamReader.metadataTimeout }

  func receive(head: HTTPResponseHead) throws {
    self.head = head
    if head.status == 200 {
      let type = head["Content-Type"] ?? "no type"
      guard type.lowercased().hasPrefix("application/vnd.amazon.eventstream") else {
        throw AttemptError(
          Failure(
            .protocolError, "the answer does not come from Amazon Bedrock: it is \(type)",
            advice: .check([.endpointURL])))
      }
      didAccept()
    }
  }

  func receive(body: UnsafeRawBufferPointer) throws {
    guard head?.status == 200 else {
      errorBody.append(contentsOf: body.prefix(ConverseStreamReader.maximumErrorBody - errorBody.count))
      if errorBody.count == ConverseStreamReader.maximumErrorBody { throw httpError }
      return
    }
    // What came before damage counts.
    defer { clearText() }
    do {
      try decoder.decode(body, receive(message:))
    } catch {
      try handOver()
      switch error {
      case let error as EventStreamError: throw damaged("\(error)", framesBefore: decoder.count)
      case let error as JSONCursor.Malformed:
        throw damaged("malformed JSON at byte \(error.offset) of an event", framesBefore: decoder.count - 1)
      default: throw error
      }
    }
    try handOver()
  }

  /// Gives the receiver the text that has come.
  private func handOver() throws {
    guard let end = ends.last else { return }
    hasText = true
    // The start of a damaged piece's text may follow the whole ones.
    try text.withUnsafeBufferPointer {
      try receiver.receive(ReplyChunks(UnsafeBufferPointer(rebasing: $0[..<end]), ends: ends))
    }
  }

  private func clearText() {
    text.removeAll(keepingCapacity: true)
    ends.removeAll(keepingCapacity: true)
  }

  /// How the reply ended, once the connection has ended.
  ///
  /// - Parameter error: why it ended, if it broke off
  /// - Throws: `Failure` if the answer is not complete
  func finish(after error: (any Error)?) throws -> ModelReply {
    if let error, error is Failure { throw error }
    if let stopReason { return ModelReply(stopReason: stopReason, usage: usage, latency: latency) }
    // The status of a refusal says more than how its body ended.
    if let head, head.status != 200 { throw httpError }
    if let error { throw error }
    let isTruncated = (try? decoder.finish()) == nil
    throw AttemptError(
      Failure(
        .connection,
        "the connection ended \(isTruncated ? "in the middle of a piece of the reply" : "before the reply did")"))
  }

  private var httpError: AttemptError {
    AttemptError(
      head: head ?? HTTPResponseHead(status: 0), body: errorBody, modelID: request.modelID, region: region,
      hiding: secrets)
  }

  /// If not even the first frame can be read, the stream is not Bedrock's; later it is damaged.
  private func damaged(_ detail: String, framesBefore: Int) -> AttemptError {
    guard framesBefore > 0 else {
      return AttemptError(
        Failure(
          .protocolError, "the answer is not an event stream of Amazon Bedrock (\(detail))",
          advice: .check([.endpointURL]))
      )
    }
    return AttemptError(Failure(.corruptStream, "the stream was damaged on the way (\(detail))"))
  }

  private func receive(message: EventStreamMessage) throws {
    if message.headers === deltaHeaders {
      var payload = JSONCursor(message.payload)
      try readDelta(&payload)
      return try payload.finish()
    }
    switch message.headers.messageType {
    case "event":
      if message.headers.eventType == "contentBlockDelta" { deltaHeaders = message.headers }
      try receive(event: message.headers.eventType, JSONCursor(message.payload))
    case "exception":
      throw attemptError(
        ServiceError(exception: message.headers.exceptionType, payload: message.payload, hiding: secrets))
    case "error":
      let strings = message.headers.strings
      throw attemptError(
        ServiceError(errorCode: strings[":error-code"], message: strings[":error-message"], hiding: secrets))
    default: break
    }
  }

  private func attemptError(_ error: ServiceError) -> AttemptError {
    AttemptError(inStream: error, modelID: request.modelID, region: region)
  }

  private func receive(event: String?, _ payload: JSONCursor) throws {
    var payload = payload
    switch event {
    case "contentBlockDelta": try readDelta(&payload)
    case "messageStop": try readStop(&payload)
    case "metadata": try readMetadata(&payload)
    // The payload of an event that is of no use here, or unknown, may be anything.
    default: return
    }
    try payload.finish()
  }

  private func readDelta(_ payload: inout JSONCursor) throws {
    let start = text.count
    var usual = payload
    if try readUsualDelta(&usual) {
      payload = usual
    } else {
      text.removeLast(text.count - start)
      try readAnyDelta(&payload)
    }
    if text.count > start { ends.append(text.count) }
  }

  /// Reads a piece of text in the very form that Bedrock writes, padding included; false for any other. Of a long reply
  /// all pieces have it, and comparing it whole takes half the time of taking it apart.
  private func readUsualDelta(_ payload: inout JSONCursor) throws -> Bool {
    guard payload.skipIfNext(#"{"contentBlockIndex":0,"delta":{"text":"#) else { return false }
    guard (try? payload.readString(into: &text)) != nil else { return false }
    guard payload.skipIfNext(#"},"p":"#) else { return payload.skipIfNext("}}") }
    try payload.skipValue()
    return payload.skipIfNext("}")
  }

  /// Reads a delta of any kind, with members in any order, known or not.
  private func readAnyDelta(_ payload: inout JSONCursor) throws {
    try payload.beginObject()
    var isFirst = true
    while let key = try payload.nextKey(isFirst: &isFirst) {
      guard key == "delta" else {
        try payload.skipValue()
        continue
      }
      if try payload.skipNull() { continue }
      try payload.beginObject()
      var isFirstOfDelta = true
      while let key = try payload.nextKey(isFirst: &isFirstOfDelta) {
        // Gateways write the kinds that a delta is not as null.
        if try payload.skipNull() { continue }
        if key == "text" {
          try payload.readString(into: &text)
        } else {
          if key == "reasoningContent" { try noteThinking() }
          try payload.skipValue()
        }
      }
    }
  }

  /// Reports once that the model is thinking, unless it has begun to answer.
  private func noteThinking() throws {
    guard !isThinking, !hasText, text.isEmpty else { return }
    isThinking = true
    try receiver.receive(.thinking)
  }

  private func readStop(_ payload: inout JSONCursor) throws {
    try payload.beginObject()
    var isFirst = true
    var reason: String?
    while let key = try payload.nextKey(isFirst: &isFirst) {
      if key == "stopReason" { reason = try payload.readStringOrSkip() } else { try payload.skipValue() }
    }
    stopReason = StopReason(rawValue: reason ?? "unknown")
  }

  private func readMetadata(_ payload: inout JSONCursor) throws {
    try payload.beginObject()
    var isFirst = true
    while let key = try payload.nextKey(isFirst: &isFirst) {
      if key == "usage" {
        try readUsage(&payload)
      } else if key == "metrics", try payload.beginObjectOrSkip() {
        var isFirstOfMetrics = true
        while let key = try payload.nextKey(isFirst: &isFirstOfMetrics) {
          if key == "latencyMs" {
            latency = try payload.readCountOrSkip().map { .milliseconds($0) }
          } else {
            try payload.skipValue()
          }
        }
      } else if !(key == "metrics") {
        try payload.skipValue()
      }
    }
  }

  private func readUsage(_ payload: inout JSONCursor) throws {
    guard try payload.beginObjectOrSkip() else { return }
    var usage = TokenUsage()
    var isFirst = true
    while let key = try payload.nextKey(isFirst: &isFirst) {
      let count = try payload.readCountOrSkip()
      if key == "inputTokens" { usage.input = count }
      if key == "outputTokens" { usage.output = count }
      if key == "totalTokens" { usage.total = count }
      if key == "cacheReadInputTokens" { usage.cacheRead = count }
      if key == "cacheWriteInputTokens" { usage.cacheWrite = count }
    }
    self.usage = usage
  }
}
