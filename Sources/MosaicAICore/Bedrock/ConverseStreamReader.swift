/// Reads one answer of ConverseStream as it comes: HTTP head, frames, events.
final class ConverseStreamReader: HTTPResponseReceiver {
  /// Whether a piece of text has been handed over, after which there is no second attempt.
  private(set) var hasText = false

  private let request: ConverseRequest
  private let region: String
  private let secrets: [Secret]
  private let receiver: any ConverseReceiver
  private var head: HTTPResponseHead?
  private var decoder = EventStreamDecoder()
  private var errorBody: [UInt8] = []
  private var stopReason: StopReason?
  private var usage: TokenUsage?
  private var latency: Int?
  private var text: [UInt8] = []
  /// The headers of a piece of text, all of which are the same: the way past comparing strings for each.
  private var deltaHeaders: EventStreamHeaders?

  /// How much of an error's body is read: AWS's are short, a proxy's page is of no use.
  private static let maximumErrorBody = 64 << 10
  /// How long the metadata may take once the reply is complete.
  private static let metadataTimeout = Duration.seconds(5)

  /// - Parameter secrets: what goes along with the request, and is told to nobody, should an error quote it
  init(_ request: ConverseRequest, region: String, hiding secrets: [Secret] = [], to receiver: any ConverseReceiver) {
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
          Failure(.protocolError, "the answer is not Bedrock's: it is \(type)", hint: AttemptError.endpointHint))
      }
    }
  }

  func receive(body: UnsafeRawBufferPointer) throws {
    guard head?.status == 200 else {
      errorBody.append(contentsOf: body.prefix(ConverseStreamReader.maximumErrorBody - errorBody.count))
      if errorBody.count == ConverseStreamReader.maximumErrorBody { throw httpError }
      return
    }
    decoder.feed(body)
    do {
      while try decoder.next(receive(message:)) != nil {}
    } catch let error as EventStreamError {
      throw damaged("\(error)", framesBefore: decoder.count)
    } catch let error as JSONCursor.Malformed {
      throw damaged("malformed JSON at byte \(error.offset) of an event", framesBefore: decoder.count - 1)
    }
    try receiver.flush()
  }

  /// How the reply ended, once the connection is at its end.
  ///
  /// - Parameter error: why it ended, where that was no proper end
  /// - Throws: what is wrong with the answer
  func finish(after error: (any Error)?) throws -> ConverseOutcome {
    if let error, error is Failure { throw error }
    if let stopReason { return ConverseOutcome(stopReason: stopReason, usage: usage, latency: latency) }
    // The status of a refusal tells more than how its body ended.
    if let head, head.status != 200 { throw httpError }
    if let error { throw error }
    let isTruncated = (try? decoder.finish()) == nil
    throw AttemptError(
      Failure(
        .connection, "the connection ended \(isTruncated ? "within a piece of the reply" : "before the reply did")"))
  }

  private var httpError: AttemptError {
    AttemptError(
      head: head ?? HTTPResponseHead(status: 0), body: errorBody, modelID: request.modelID, region: region,
      hiding: secrets)
  }

  /// A stream that has never been one is not Bedrock's; one that was is damaged.
  private func damaged(_ detail: String, framesBefore: Int) -> AttemptError {
    guard framesBefore > 0 else {
      return AttemptError(
        Failure(.protocolError, "the answer is not Bedrock's event stream (\(detail))", hint: AttemptError.endpointHint)
      )
    }
    return AttemptError(Failure(.corruptStream, "the stream was damaged on its way (\(detail))"))
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
      throw AttemptError(
        exception: message.headers.exceptionType, message: readMessage(JSONCursor(message.payload)),
        modelID: request.modelID,
        region: region, hiding: secrets)
    case "error":
      throw AttemptError(
        exception: message.headers.strings[":error-code"], message: message.headers.strings[":error-message"],
        modelID: request.modelID, region: region, hiding: secrets)
    default: break
    }
  }

  private func receive(event: String?, _ payload: JSONCursor) throws {
    var payload = payload
    switch event {
    case "contentBlockDelta": try readDelta(&payload)
    case "messageStop": try readStop(&payload)
    case "metadata": try readMetadata(&payload)
    // Of an event that says nothing to us, or is not known, the payload may be anything.
    default: return
    }
    try payload.finish()
  }

  private func readDelta(_ payload: inout JSONCursor) throws {
    text.removeAll(keepingCapacity: true)
    var usual = payload
    if try readUsualDelta(&usual) {
      payload = usual
    } else {
      text.removeAll(keepingCapacity: true)
      try readAnyDelta(&payload)
    }
    guard !text.isEmpty else { return }
    hasText = true
    try text.withUnsafeBufferPointer { try receiver.receive(text: $0) }
  }

  /// Reads a piece of text in the very form that Bedrock writes, padding included; false for any other. Of a long reply
  /// all pieces have it, and comparing it whole takes half the time of taking it apart.
  private func readUsualDelta(_ payload: inout JSONCursor) throws -> Bool {
    guard payload.skipIfNext(#"{"contentBlockIndex":0,"delta":{"text":"#) else { return false }
    try payload.readString(into: &text)
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
      try payload.beginObject()
      var isFirstOfDelta = true
      while let key = try payload.nextKey(isFirst: &isFirstOfDelta) {
        if key == "text" { try payload.readString(into: &text) } else { try payload.skipValue() }
      }
    }
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
          if key == "latencyMs" { latency = try payload.readIntegerOrSkip() } else { try payload.skipValue() }
        }
      } else if !(key == "metrics") {
        try payload.skipValue()
      }
    }
  }

  private func readUsage(_ payload: inout JSONCursor) throws {
    guard try payload.beginObjectOrSkip() else { return }
    var usage = TokenUsage(input: 0, output: 0, total: 0)
    var isFirst = true
    while let key = try payload.nextKey(isFirst: &isFirst) {
      let count = try payload.readIntegerOrSkip().map { max(0, $0) }
      if key == "inputTokens" { usage.input = count ?? 0 }
      if key == "outputTokens" { usage.output = count ?? 0 }
      if key == "totalTokens" { usage.total = count ?? 0 }
      if key == "cacheReadInputTokens" { usage.cacheRead = count }
      if key == "cacheWriteInputTokens" { usage.cacheWrite = count }
    }
    self.usage = usage
  }

  /// The `message` of an exception; nil where there is none to read, since its type tells enough.
  private func readMessage(_ payload: JSONCursor) -> String? {
    var payload = payload
    var text: String?
    do {
      try payload.beginObject()
      var isFirst = true
      while let key = try payload.nextKey(isFirst: &isFirst) {
        if key == "message" || key == "Message" {
          text = try payload.readStringOrSkip()
        } else {
          try payload.skipValue()
        }
      }
    } catch {
      return nil
    }
    return text
  }
}
