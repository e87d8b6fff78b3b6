/// An HTTP service that gives out credentials. Failed requests are repeated if that may help.
struct CredentialService: Sendable {
  /// Its name for people.
  let title: String
  /// What sets its address; nil if nothing does.
  private let origin: SettingOrigin?
  /// The region that its host's name is made of, and what to check if there is none; nil if it is not.
  private let region: (name: String, advice: Advice)?
  private let context: AWSContext
  private let timeouts: HTTPTimeouts
  private let attempts: Int
  private let isLocal: Bool
  /// The code of a failure that is the service's own, and may or may not pass: HTTP status 500.
  private let codeOfOwnFailure: FailureCode

  /// A service of this machine or container: no proxy may see the request.
  ///
  /// - Parameters:
  ///   - origin: what sets its address; nil if nothing does
  ///   - attempts: the most times to ask it
  init(
    _ title: String, setBy origin: SettingOrigin?, context: AWSContext, timeouts: HTTPTimeouts, attempts: Int
  ) {
    self.title = title
    self.origin = origin
    region = nil
    self.context = context
    self.timeouts = timeouts
    self.attempts = attempts
    isLocal = true
    codeOfOwnFailure = .credentialsFailed
  }

  /// A service of AWS, asked as often as the settings say.
  ///
  /// - Parameters:
  ///   - isNeeded: whether nothing goes on without it; if something does, it is asked once and not waited for
  ///   - codeOfOwnFailure: the code of a failure that is the service's own: HTTP status 500
  init(
    _ service: AWSService, at endpoint: AWSEndpoint, _ sources: CredentialSources, isNeeded: Bool = true,
    codeOfOwnFailure: FailureCode = .credentialsFailed
  ) {
    title = service.title
    origin = endpoint.isSet ? endpoint.origin : nil
    let isNamedForRegion = !endpoint.isSet && URLParts(endpoint.url).host.contains(".\(endpoint.signingRegion).")
    let advice: Advice = service == .sts ? .check([.region]) : .text("check sso_region (\(endpoint.origin))")
    region = isNamedForRegion ? (name: endpoint.signingRegion, advice: advice) : nil
    context = sources.context
    timeouts = HTTPTimeouts(connect: .seconds(isNeeded ? 10 : 3), idle: .seconds(isNeeded ? 30 : 5))
    attempts = isNeeded ? sources.attempts : 1
    isLocal = false
    self.codeOfOwnFailure = codeOfOwnFailure
  }

  /// The answer to the request that `makeRequest` makes for each attempt, whatever it says. A service that asks for too
  /// long a wait is not asked again.
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
        if attempt >= attempts || !mayPass(response) || asked > Backoff.longest { return response }
      } catch let error as TransportError {
        asked = error.retryAfter?.delay(at: context.now()) ?? .zero
        if attempt >= attempts || !error.kind.isTransient || asked > Backoff.longest { throw error }
      }
      attempt += 1
      if context.cancellation.wait(max(asked, context.backoff.delay(before: attempt))) {
        throw context.cancellation.failure
      }
    }
  }

  /// The same, but it is a `Failure` if the service cannot be reached, or is not able to answer the request.
  ///
  /// - Throws: `Failure` with code `connection`, `throttled`, `unavailable`, `proxy_auth`, `interrupted`, or another
  ///   one of a failed request
  func answerOrFailure(to makeRequest: () -> HTTPRequest) throws -> HTTPResponse {
    let response: HTTPResponse
    do {
      response = try answer(to: makeRequest)
    } catch let error as TransportError {
      throw unreachable(error, makeRequest().url)
    }
    if let failure = outage(response, from: makeRequest().url) { throw failure }
    return response
  }

  /// The failure for an answer that has nothing to do with what was asked: the service is busy, down or broken. Nil for
  /// any other answer.
  func outage(_ response: HTTPResponse, from url: String) -> Failure? {
    guard let code = outageCode(response) else { return nil }
    let host = URLParts(url).authority
    let name = errorName(response).map { printable($0, limit: 80) } ?? "HTTP status \(response.head.status)"
    return Failure(
      code, "\(title) at \(host) answered \(name)",
      advice: RetryAfter(response.head)?.advice(at: context.now())
        ?? (code == .throttled ? "wait a moment, then try again" : "try again later"))
  }

  /// The failure for an answer that is not the service's.
  func nonsense(_ response: HTTPResponse, from url: String) -> Failure {
    let host = URLParts(url).authority
    return Failure(
      .credentialsFailed, "the answer of \(title) at \(host) makes no sense (HTTP \(response.head.status))",
      advice: "check that \(host) is \(title) and that no proxy answers in its place")
  }

  /// Whether a refusal is the service's own: it has a name.
  func isAuthor(of response: HTTPResponse) -> Bool { errorName(response) != nil }

  private func unreachable(_ error: TransportError, _ url: String) -> Failure {
    var failure = error.failure(of: .credentials(title: title, url: url, origin: origin))
    if error.kind == .unknownHost, let region {
      failure.message = "\(AWSPartition.absence(of: title, in: region.name)): \(failure.message)"
      failure.advice = region.advice
    }
    if failure.code.isRetryable, let wait = error.retryAfter?.advice(at: context.now()) { failure.advice = wait }
    return failure
  }

  /// The code of an answer that has nothing to do with what was asked.
  private func outageCode(_ response: HTTPResponse) -> FailureCode? {
    let status = response.head.status
    guard status >= 400 else { return nil }
    let name = errorName(response) ?? ""
    if status == 429 || ErrorName.throttling.contains(name) { return .throttled }
    if [502, 503, 504].contains(status) || ErrorName.transient.contains(name) { return .unavailable }
    return status >= 500 ? codeOfOwnFailure : nil
  }

  /// Whether the next answer may be a better one.
  private func mayPass(_ response: HTTPResponse) -> Bool {
    guard let code = outageCode(response) else { return false }
    return code.isRetryable || response.head.status == 500
  }

  /// The name of the error: STS has it in XML, the others in JSON, and OIDC in a member of its own.
  private func errorName(_ response: HTTPResponse) -> String? {
    if let document = XMLElement(response.body) { return document.first("Error")?.value("Code") }
    let answer = JSON.reading(response.body)
    return ErrorName.of(response.head, answer) ?? answer?["error"]?.string
  }
}

extension TransportError.Kind {
  /// Whether another attempt may succeed.
  fileprivate var isTransient: Bool {
    switch self {
    case .unresolved, .refused, .proxyUnreachable, .proxyCannotConnect, .connectTimeout, .idleTimeout, .lost: true
    case .proxyRefused(let status): TransportError.outageCode(ofProxy: status) != nil
    default: false
    }
  }
}

/// Pairs as the body of an HTML form.
func formEncoded(_ pairs: [(name: String, value: String)]) -> String {
  pairs.map { "\(percentEncoded($0.name))=\(percentEncoded($0.value))" }.joined(separator: "&")
}
