/// One failed attempt at a request: its failure if it was the last, and whether to make another.
struct AttemptError: Error, Equatable {
  var failure: Failure
  /// Whether another attempt may be made without asking, as long as no text has come.
  var mayRetry: Bool
  /// How long the server asks to wait.
  var retryAfter: RetryAfter?
  /// The server's `Date`, if the request was refused for its time.
  var serverTime: Timestamp?
  /// Whether the credentials were refused, rather than the request itself.
  var isAboutCredentials = false
  /// Whether AWS refused the key, rather than a request that arrived without one.
  var isAboutKey = false
  /// The part of the request that the model does not take.
  var refusedParts: Set<OptionalPart> = []

  init(_ failure: Failure, mayRetry: Bool? = nil) {
    self.failure = failure
    self.mayRetry = mayRetry ?? failure.code.isRetryable
  }

  /// Why the answer is not complete.
  ///
  /// - Parameter region: the region that requests are signed for
  init(_ error: TransportError, timeouts: HTTPTimeouts, endpoint: String, region: String) {
    // After a long silence the model may have been paid for already: asking again is up to the user. A name that does
    // not exist will not exist in a second either.
    let isFinal = [.idleTimeout, .unknownHost, .proxyUnknown].contains(error.kind)
    self.init(
      error.failure(of: .model(endpoint: endpoint, timeouts: timeouts)), mayRetry: isFinal ? false : nil)
    retryAfter = error.retryAfter
    // The region made the name of a usual endpoint.
    if error.kind == .unknownHost, URLParts(endpoint).host.contains(".\(region).") {
      failure.message = "\(AWSPartition.absence(of: "Amazon Bedrock", in: region)): \(failure.message)"
      failure.advice = .check([.region])
    }
  }

  /// What an HTTP answer other than 200 means.
  init(head: HTTPResponseHead, body: [UInt8], modelID: String, region: String, hiding secrets: [Secret] = []) {
    let error = ServiceError(head: head, body: body, hiding: secrets)
    let code = AttemptError.code(of: error, status: head.status)
    self.init(
      Failure(
        code, AttemptError.describe(error, status: head.status),
        advice: error.advice(code, modelID: modelID, region: region)))
    isAboutCredentials = code == .credentialsExpired || (code == .accessDenied && error.isAboutCredentials)
    isAboutKey = isAboutCredentials && error.name != "MissingAuthenticationTokenException"
    noteRefusedParts(error)
    if code == .throttled, error.isDaily { mayRetry = false }
    retryAfter = RetryAfter(head)
    if head.status == 403, AttemptError.clockErrors.contains(error.name ?? "") {
      serverTime = head["Date"].flatMap { Timestamp(httpDate: $0) }
    }
  }

  /// What an exception or an error frame within the stream means.
  init(inStream error: ServiceError, modelID: String, region: String) {
    let code = error.name.flatMap { AttemptError.codesByName[$0] } ?? .unavailable
    self.init(
      Failure(
        code, AttemptError.describe(error, status: nil), advice: error.advice(code, modelID: modelID, region: region)))
    noteRefusedParts(error)
    if error.isDaily { mayRetry = false }
  }

  private mutating func noteRefusedParts(_ error: ServiceError) {
    guard [.validation, .accessDenied].contains(failure.code) else { return }
    refusedParts = Set(OptionalPart.allCases.filter { $0.isRefused(by: error) })
  }

  private static let clockErrors: Set = [
    "InvalidSignatureException", "RequestTimeTooSkewed", "RequestExpired", "SignatureDoesNotMatch", "AuthFailure",
  ]

  private static let codesByName: [String: FailureCode] = [
    "ValidationException": .validation,
    "AccessDeniedException": .accessDenied,
    "UnrecognizedClientException": .accessDenied,
    "InvalidSignatureException": .accessDenied,
    "IncompleteSignatureException": .accessDenied,
    "MissingAuthenticationTokenException": .accessDenied,
    "ExpiredTokenException": .credentialsExpired,
    "ExpiredToken": .credentialsExpired,
    "ResourceNotFoundException": .modelUnavailable,
    "ModelTimeoutException": .timeout,
    "ModelErrorException": .modelError,
    "ModelStreamErrorException": .modelError,
    "ThrottlingException": .throttled,
    "ModelNotReadyException": .unavailable,
    "ServiceQuotaExceededException": .quota,
    "InternalServerException": .unavailable,
    "ServiceUnavailableException": .unavailable,
    "UnknownOperationException": .protocolError,
  ]

  private static func code(of error: ServiceError, status: Int) -> FailureCode {
    if let code = error.name.flatMap({ codesByName[$0] }) {
      // An expired API key has no error name of its own.
      let isExpiredKey = error.message?.lowercased().contains("bearer token has expired") == true
      return code == .accessDenied && isExpiredKey ? .credentialsExpired : code
    }
    switch status {
    case 400, 413: return .validation
    case 403: return .accessDenied
    case 404: return .modelUnavailable
    case 408, 504: return .timeout
    case 424: return .modelError
    case 429: return .throttled
    case 500...: return .unavailable
    default: return .protocolError
    }
  }

  private static func describe(_ error: ServiceError, status: Int?) -> String {
    let name = error.name ?? status.map { "HTTP status \($0)" } ?? "an unknown error"
    let message = error.message.flatMap { $0.isEmpty ? nil : ": \($0)" } ?? ""
    let original = error.originalMessage.map { " (the model's provider says: \($0))" } ?? ""
    return "Amazon Bedrock answered \(name)\(message)\(original)"
  }
}
