import FoundationEssentials

/// An HTTP service that gives out credentials, asked again where that may help.
struct CredentialService: Sendable {
  /// What to call it, for people.
  let title: String
  let context: AWSContext
  let timeouts: HTTPTimeouts
  /// How often it is asked at most.
  let attempts: Int
  /// Whether no proxy may see what is asked: of a service of this machine or container.
  let isLocal: Bool

  /// A service and how patiently it is asked.
  init(
    _ title: String, context: AWSContext,
    timeouts: HTTPTimeouts = HTTPTimeouts(connect: .seconds(10), idle: .seconds(30)), attempts: Int,
    isLocal: Bool = false
  ) {
    self.title = title
    self.context = context
    self.timeouts = timeouts
    self.attempts = attempts
    self.isLocal = isLocal
  }

  /// The answer to what `makeRequest` makes, anew for each attempt; of whatever status, once those that pass have had
  /// their attempts.
  ///
  /// - Throws: `TransportError` of the last attempt; `Failure` with code `interrupted`.
  func answer(to makeRequest: () -> HTTPRequest) throws -> HTTPResponse {
    var attempt = 1
    while true {
      do {
        var request = makeRequest()
        request.mayUseProxy = !isLocal
        let response = try context.transport.collect(request, timeouts: timeouts, cancellation: context.cancellation)
        if attempt >= attempts || ![429, 500, 502, 503, 504].contains(response.head.status) { return response }
      } catch let error as TransportError {
        if attempt >= attempts || !error.kind.mayPass { throw error }
      }
      let seconds = context.random() * Double(min(1 << min(attempt - 1, 5), 20))
      if context.cancellation.wait(milliseconds: Int(seconds * 1000)) { throw context.cancellation.failure }
      attempt += 1
    }
  }

  /// As `answer(to:)`, a service that cannot be reached being a `Failure`.
  ///
  /// - Throws: `Failure` with code `connection`, or what else kept the request from being sent.
  func answerOrFailure(to makeRequest: () -> HTTPRequest) throws -> HTTPResponse {
    do {
      return try answer(to: makeRequest)
    } catch let error as TransportError {
      throw failure(error, at: makeRequest().url)
    }
  }

  /// What no whole answer amounts to.
  private func failure(_ error: TransportError, at url: String) -> Failure {
    let host = URLParts(url).authority
    let message = "cannot reach \(title) at \(host): \(printable(error.detail))"
    return switch error.kind {
    case .unresolved, .refused, .connectTimeout, .idleTimeout, .lost, .other:
      Failure(.connection, message, hint: "check the network, the proxy variables and the region, then try again")
    case .tls:
      Failure(.tlsFailed, message, hint: "if a proxy signs its own certificates, name its CA bundle in AWS_CA_BUNDLE")
    case .certificateFile, .malformedURL: Failure(.configInvalid, message, hint: "correct the setting")
    case .libraryMissing: Failure(.configInvalid, message, hint: "install libcurl 4 (Debian: apt install libcurl4)")
    case .proxyAuthentication:
      Failure(.proxyAuth, message, hint: "give the login as HTTPS_PROXY=http://user:password@host:port")
    case .proxyRefused(403):
      Failure(.accessDenied, message, hint: "ask whoever runs the proxy to allow \(host), or add it to NO_PROXY")
    case .proxyRefused(let status) where status >= 500:
      Failure(.connection, message, hint: "check the proxy, then try again")
    case .proxyRefused: Failure(.protocolError, message, hint: "check HTTPS_PROXY")
    case .malformedAnswer: Failure(.credentialsFailed, message, hint: "check that \(host) is \(title)")
    }
  }

  /// An answer that is not what the service gives.
  func nonsense(_ response: HTTPResponse, from url: String) -> Failure {
    let status = response.head.status
    return Failure(
      .credentialsFailed,
      "\(title) at \(URLParts(url).authority) answered HTTP \(status) with something that makes no sense",
      hint: status >= 500
        ? "try again in a while"
        : "check that \(URLParts(url).authority) is \(title) and that no proxy answers in its place")
  }
}

extension TransportError.Kind {
  /// Whether another attempt may fare better.
  fileprivate var mayPass: Bool {
    switch self {
    case .unresolved, .refused, .connectTimeout, .idleTimeout, .lost: true
    default: false
    }
  }
}

/// `bytes` as JSON of that shape; nil where they are anything else.
func fromJSON<Value: Decodable>(_ type: Value.Type, _ bytes: [UInt8]) -> Value? {
  try? JSONDecoder().decode(type, from: Data(bytes))
}

/// `value` as JSON, its keys in order.
func toJSON(_ value: some Encodable) throws -> [UInt8] {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  return Array(try encoder.encode(value))
}

/// Pairs as the body of an HTML form.
func formEncoded(_ pairs: [(name: String, value: String)]) -> String {
  pairs.map { "\(percentEncoded($0.name))=\(percentEncoded($0.value))" }.joined(separator: "&")
}
