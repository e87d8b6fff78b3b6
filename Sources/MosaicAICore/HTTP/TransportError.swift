/// Why a request got no complete answer.
struct TransportError: Error, Equatable, Sendable {
  enum Kind: Equatable, Sendable {
    /// No server of names answers, or not yet.
    case unresolved
    /// No host has that name.
    case unknownHost
    /// No connection can be made.
    case refused
    /// The system gives this process no more threads or descriptors.
    case exhausted
    /// No connection in time.
    case connectTimeout
    /// No byte in time.
    case idleTimeout
    /// The connection ended before the answer did.
    case lost
    /// The certificate is not trusted, or TLS cannot be negotiated.
    case tls
    /// A setting does not let it be asked, as this says: that of the proxy, or that of trusted certificates.
    case setting(Failure)
    /// No host has the proxy's name.
    case proxyUnknown
    /// No connection to the proxy can be made, or it makes none.
    case proxyUnreachable
    /// The proxy asks for a login.
    case proxyAuthentication
    /// The proxy refuses to connect, with this status.
    case proxyRefused(Int)
    /// The answer is not HTTP.
    case malformedAnswer
    /// The URL cannot be used.
    case malformedURL
    /// libcurl is missing or too old, or cannot be loaded for the system's reason.
    case libraryMissing(LocalFile.SystemError)
    /// Anything else.
    case other
  }

  let kind: Kind
  /// The HTTP library's explanation, in English.
  let detail: String
  /// The proxy that was used; nil if there was none.
  var proxy: ProxyServer?

  init(_ kind: Kind, _ detail: String) {
    self.kind = kind
    self.detail = detail
  }
}
