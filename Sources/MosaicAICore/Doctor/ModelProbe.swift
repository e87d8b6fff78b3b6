import Synchronization

/// One tiny request that tells whether the model answers.
public struct ModelProbe: Sendable {
  /// Stands between the client and the network.
  private let stopwatch: Stopwatch

  /// Its requests go through `transport`, which is what the client is to be made with.
  public let transport: any HTTPTransport

  /// - Parameter transport: reaches Bedrock
  public init(through transport: any HTTPTransport) {
    stopwatch = Stopwatch(transport)
    self.transport = stopwatch
  }

  /// Asks the model for a word.
  public func check(_ client: BedrockClient, modelID: String) -> Check {
    let request = ConverseRequest(
      modelID: modelID, system: "Answer with one word.", turns: [.init(.user, "Are you there?")], maximumTokens: 16)
    let listener = Listener()
    do {
      _ = try client.converse(request, to: listener)
    } catch {
      return .error("model_access", modelID, because: .from(error))
    }
    let first = stopwatch.firstByte.map { "first byte after \(Int($0 / .milliseconds(1))) ms" }
    let attempts = listener.retries > 0 ? "at attempt \(listener.retries + 1)" : nil
    return .ok(
      "model_access", modelID, message: ["answers", attempts, first].compactMap { $0 }.joined(separator: ", "))
  }

  /// Counts the retries of a reply and leaves its text aside.
  private final class Listener: ConverseReceiver {
    /// How many attempts have failed.
    private(set) var retries = 0

    /// Counts.
    func receive(retry: RetryNotice) { retries += 1 }
    /// What the model says does not matter.
    func receive(text: UnsafeBufferPointer<UInt8>) {}
    /// There is nothing to show.
    func flush() {}
  }
}

/// Takes the time from the request to the first byte of the answer's body.
private final class Stopwatch: HTTPTransport {
  /// Does the work.
  private let transport: any HTTPTransport
  /// What `firstByte` gives.
  private let time = Mutex<Duration?>(nil)

  /// - Parameter transport: does the work
  init(_ transport: any HTTPTransport) { self.transport = transport }

  /// Of the last request that got one.
  var firstByte: Duration? { time.withLock { $0 } }

  /// Sends as the transport does.
  func send(
    _ request: HTTPRequest, timeouts: HTTPTimeouts, cancellation: Cancellation, to receiver: any HTTPResponseReceiver
  ) throws {
    let watched = WatchedReceiver(receiver)
    defer { if let first = watched.firstByte { time.withLock { $0 = first } } }
    try transport.send(request, timeouts: timeouts, cancellation: cancellation, to: watched)
  }

  /// Hands everything on, and notes when the first byte came.
  private final class WatchedReceiver: HTTPResponseReceiver {
    /// Gets everything.
    private let receiver: any HTTPResponseReceiver
    /// When the request set out.
    private let began = ContinuousClock.now
    /// How long until the body began.
    private(set) var firstByte: Duration?

    /// - Parameter receiver: gets everything
    init(_ receiver: any HTTPResponseReceiver) { self.receiver = receiver }

    /// The receiver's own.
    var idleTimeout: Duration? { receiver.idleTimeout }

    /// Hands it on.
    func receive(head: HTTPResponseHead) throws { try receiver.receive(head: head) }

    /// Hands it on.
    func receive(body: UnsafeRawBufferPointer) throws {
      if firstByte == nil { firstByte = began.duration(to: .now) }
      try receiver.receive(body: body)
    }
  }
}
