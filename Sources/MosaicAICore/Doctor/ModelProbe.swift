import Synchronization

/// One tiny request that shows whether the model answers.
package struct ModelProbe {
  /// Whether the model answers.
  package let check: Check
  /// The credentials that were used in the end.
  package let resolution: CredentialsChain.Resolution
  /// By how many seconds the server's clock turned out to be ahead.
  package let clockOffset: Int64

  /// Asks the model for a word.
  ///
  /// - Parameters:
  ///   - access: as sending resolves it
  ///   - resolution: the credentials to use
  ///   - fields: the model's own parameters
  ///   - maximumTokens: the limit of tokens that goes with them; without them a few are enough, even for a model that
  ///     spends them all on thinking, since then it has answered too
  package init(
    _ access: BedrockAccess, with resolution: CredentialsChain.Resolution, modelID: String, fields: ModelFields?,
    maximumTokens: Int
  ) {
    let request = ModelRequest(
      modelID: modelID, system: "Answer with one word.", turns: [.init(.user, "Are you there?")],
      maximumTokens: fields == nil ? 16 : maximumTokens, fields: fields)
    let stopwatch = Stopwatch(access.context.transport)
    let counter = RetryCounter()
    let model = Result { try access.model(through: stopwatch, with: resolution) }
    let reply = Result { try model.get().reply(to: request, counter, .never) }
    let learned = try? model.get().learned
    self.resolution = learned?.resolution ?? resolution
    clockOffset = learned?.clockOffset ?? 0
    if case .failure(let error) = reply {
      check = .error("model_access", modelID, because: .from(error))
      return
    }
    let first = stopwatch.firstByte.map { "first byte after \($0.milliseconds) ms" }
    let attempts = counter.retries > 0 ? "at attempt \(counter.retries + 1)" : nil
    check = .ok(
      "model_access", modelID, message: ["answers", attempts, first].compactMap { $0 }.joined(separator: ", "))
  }

  /// Counts the retries of a reply, and ignores its text.
  private final class RetryCounter: ReplyReceiver {
    private(set) var retries = 0

    func receive(_ event: ReplyEvent) { if case .retry = event { retries += 1 } }
    func receive(_ chunks: ReplyChunks) {}
  }
}

/// Measures the time from a request to the first byte of the answer's body.
private final class Stopwatch: HTTPTransport {
  private let transport: any HTTPTransport
  private let time = Mutex<Duration?>(nil)

  /// - Parameter transport: does the work
  init(_ transport: any HTTPTransport) { self.transport = transport }

  /// Of the last request that got one.
  var firstByte: Duration? { time.withLock { $0 } }

  func send(
    _ request: HTTPRequest, timeouts: HTTPTimeouts, cancellation: Cancellation, to receiver: any HTTPResponseReceiver
  ) throws {
    let watched = WatchedReceiver(receiver)
    defer { if let first = watched.firstByte { time.withLock { $0 = first } } }
    try transport.send(request, timeouts: timeouts, cancellation: cancellation, to: watched)
  }

  /// Passes everything on, and notes when the first byte came.
  private final class WatchedReceiver: HTTPResponseReceiver {
    private let receiver: any HTTPResponseReceiver
    private let began = ContinuousClock.now
    private(set) var firstByte: Duration?

    init(_ receiver: any HTTPResponseReceiver) { self.receiver = receiver }

    var head: HTTPResponseHead? { receiver.head }

    var idleTimeout: Duration? { receiver.idleTimeout }

    func receive(head: HTTPResponseHead) throws { try receiver.receive(head: head) }

    func receive(body: UnsafeRawBufferPointer) throws {
      if firstByte == nil { firstByte = began.duration(to: .now) }
      try receiver.receive(body: body)
    }
  }
}
