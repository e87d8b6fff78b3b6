/// An HTTP service that gives out credentials. Failed requests are repeated if that may help.
struct CredentialService: Sendable {
  /// Its name for people.
  let title: String
  private let context: AWSContext
  private let timeouts: HTTPTimeouts
  private let attempts: Int
  private let isLocal: Bool

  /// - Parameters:
  ///   - attempts: the most times to ask it
  ///   - isLocal: whether it belongs to this machine or container, so that no proxy may see the request
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

  /// The answer to the request that `makeRequest` makes for each attempt, whatever its status. A service that asks for
  /// too long a wait is not asked again.
  ///
  /// - Throws: `TransportError` of the last attempt; `Failure` with code `interrupted`
  func answer(to makeRequest: () -> HTTPRequest) throws -> HTTPResponse {
    var attempt = 1
    while true {
      var asked = Duration.zero
      do {
        var request = makeRequest()
        request.mayUseProxy = !isLocal
        let response = try context.transport.collect(request, timeouts: timeouts, cancellation: context.cancellation)
        asked = RetryAfter(response.head)?.delay(at: context.now()) ?? .zero
        if attempt >= attempts || ![429, 500, 502, 503, 504].contains(response.head.status) || asked > Backoff.longest {
          return response
        }
      } catch let error as TransportError {
        if attempt >= attempts || !error.kind.isTransient { throw error }
      }
      attempt += 1
      if context.cancellation.wait(max(asked, context.backoff.delay(before: attempt))) {
        throw context.cancellation.failure
      }
    }
  }

  /// The same, but a service that cannot be reached is a `Failure`.
  ///
  /// - Throws: `Failure` with code `connection`, or another one of a failed request
  func answerOrFailure(to makeRequest: () -> HTTPRequest) throws -> HTTPResponse {
    do {
      return try answer(to: makeRequest)
    } catch let error as TransportError {
      throw error.failure(of: .credentials(title: title, url: makeRequest().url))
    }
  }

  /// The failure for an answer that is not the service's.
  func nonsense(_ response: HTTPResponse, from url: String) -> Failure {
    let status = response.head.status
    let host = URLParts(url).authority
    return Failure(
      .credentialsFailed, "the answer of \(title) at \(host) makes no sense (HTTP \(status))",
      advice: status >= 500
        ? "try again later" : "check that \(host) is \(title) and that no proxy answers in its place")
  }
}

extension TransportError.Kind {
  /// Whether another attempt may succeed.
  fileprivate var isTransient: Bool {
    switch self {
    case .unresolved, .refused, .proxyUnreachable, .connectTimeout, .idleTimeout, .lost: true
    default: false
    }
  }
}

/// Pairs as the body of an HTML form.
func formEncoded(_ pairs: [(name: String, value: String)]) -> String {
  pairs.map { "\(percentEncoded($0.name))=\(percentEncoded($0.value))" }.joined(separator: "&")
}
