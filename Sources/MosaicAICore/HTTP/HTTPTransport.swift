/// Takes an answer as it arrives.
package protocol HTTPResponseReceiver: AnyObject {
  /// What it was given as the head; nil before that.
  var head: HTTPResponseHead? { get }
  /// Takes status and headers: called once, before any body.
  func receive(head: HTTPResponseHead) throws
  /// Takes a piece of the body of whatever size the network gave it. The bytes are valid only during the call.
  func receive(body: UnsafeRawBufferPointer) throws
  /// How long the next byte may take from now on; nil for what the request says.
  var idleTimeout: Duration? { get }
}

extension HTTPResponseReceiver {
  package var idleTimeout: Duration? { nil }
}

/// Sends requests. `CurlTransport` is the one that uses the network.
package protocol HTTPTransport: Sendable {
  /// Sends `request` on the calling thread, gives the answer to `receiver` as it arrives, and returns at its end.
  ///
  /// - Throws: `TransportError`; `Failure` with code `interrupted`; whatever `receiver` throws, which ends the transfer
  func send(
    _ request: HTTPRequest, timeouts: HTTPTimeouts, cancellation: Cancellation, to receiver: any HTTPResponseReceiver
  ) throws
}

extension HTTPTransport {
  /// Sends `request` and collects the answer.
  ///
  /// - Parameter limit: the most bytes of body to keep; the rest is read and dropped
  /// - Throws: as `send(_:timeouts:cancellation:to:)`
  func collect(
    _ request: HTTPRequest, timeouts: HTTPTimeouts, cancellation: Cancellation, limit: Int = 1 << 20
  ) throws -> HTTPResponse {
    let collector = ResponseCollector(limit: limit)
    try send(request, timeouts: timeouts, cancellation: cancellation, to: collector)
    guard let head = collector.head else { throw TransportError(.malformedAnswer, "no answer") }
    return HTTPResponse(head: head, body: collector.body)
  }
}

private final class ResponseCollector: HTTPResponseReceiver {
  private(set) var head: HTTPResponseHead?
  private(set) var body: [UInt8] = []
  private let limit: Int

  init(limit: Int) { self.limit = limit }

  func receive(head: HTTPResponseHead) { self.head = head }

  func receive(body: UnsafeRawBufferPointer) {
    self.body.append(contentsOf: body.prefix(limit - self.body.count))
  }
}
