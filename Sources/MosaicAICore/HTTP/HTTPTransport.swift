/// What takes an answer as it arrives.
public protocol HTTPResponseReceiver: AnyObject {
  /// Status and headers have come. Called once, before any body.
  func receive(head: HTTPResponseHead) throws
  /// A piece of the body has come, of whatever size the network gave it; valid during the call only.
  func receive(body: UnsafeRawBufferPointer) throws
  /// How long the next byte may take from now on, where that differs from what the request said.
  var idleTimeout: Duration? { get }
}

extension HTTPResponseReceiver {
  public var idleTimeout: Duration? { nil }
}

/// Sends requests. The one implementation that touches the network is `CurlTransport`.
public protocol HTTPTransport: Sendable {
  /// Sends `request` and hands the answer to `receiver` as it arrives, on the calling thread. Returns at its end.
  ///
  /// - Throws: `TransportError`; `Failure` with code `interrupted`; whatever `receiver` throws, which ends the
  ///   transfer.
  func send(
    _ request: HTTPRequest, timeouts: HTTPTimeouts, cancellation: Cancellation, to receiver: any HTTPResponseReceiver
  ) throws
}

/// Why no whole answer came.
public struct TransportError: Error, Equatable, Sendable {
  public enum Kind: Equatable, Sendable {
    /// The host's name could not be resolved.
    case unresolved
    /// No connection could be made.
    case refused
    /// No connection in time.
    case connectTimeout
    /// No byte in time.
    case idleTimeout
    /// The connection ended before the answer did.
    case lost
    /// The certificate was not trusted, or TLS could not be agreed on.
    case tls
    /// A file of trusted certificates could not be read.
    case certificateFile
    /// The proxy asks for a login.
    case proxyAuthentication
    /// The proxy refused to connect, with this status.
    case proxyRefused(Int)
    /// The answer is not HTTP.
    case malformedAnswer
    /// The URL cannot be used.
    case malformedURL
    /// libcurl is missing or too old.
    case libraryMissing
    /// Anything else.
    case other
  }

  public let kind: Kind
  /// What the HTTP library says, in English.
  public let detail: String

  public init(_ kind: Kind, _ detail: String) {
    self.kind = kind
    self.detail = detail
  }
}

/// A whole answer in memory.
public struct HTTPResponse: Equatable, Sendable {
  public let head: HTTPResponseHead
  public let body: [UInt8]
}

extension HTTPTransport {
  /// Sends `request` and collects the answer.
  ///
  /// - Parameter limit: the most bytes of body that are kept; the rest is read and dropped
  /// - Throws: as `send(_:timeouts:cancellation:to:)`
  public func collect(
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
