/// One failed attempt at a request: the failure it is if no other follows, and what speaks for another.
struct AttemptError: Error, Equatable {
  var failure: Failure
  /// Whether another attempt may be made by itself, as long as no text has come.
  var mayRetry: Bool
  /// How long the server asks to wait.
  var retryAfterMilliseconds: Int?
  /// Whether it is a matter of the server's clock: its `Date`.
  var serverTime: Timestamp?
  /// Whether it was who asks that was refused, and not what is asked for.
  var isAboutCredentials = false

  init(_ failure: Failure, mayRetry: Bool? = nil) {
    self.failure = failure
    self.mayRetry = mayRetry ?? failure.isRetryable
  }

  /// What an HTTP answer other than 200 means.
  init(head: HTTPResponseHead, body: [UInt8], modelID: String, region: String, hiding secrets: [Secret] = []) {
    let reported = ReportedError(head: head, body: body, hiding: secrets)
    let code = AttemptError.code(name: reported.name, status: head.status, message: reported.message)
    self.init(
      Failure(
        code, code == .proxyAuth ? "the proxy asks for a login" : AttemptError.describe(reported, status: head.status),
        hint: AttemptError.hint(code, reported, modelID: modelID, region: region)))
    isAboutCredentials = code == .credentialsExpired || (code == .accessDenied && reported.isAboutCredentials)
    if code == .throttled, reported.isDaily { mayRetry = false }
    retryAfterMilliseconds =
      head["x-amz-retry-after"].flatMap { Int($0) }
      ?? head["Retry-After"].flatMap { Int($0) }.map { min($0, Int.max / 1000) * 1000 }
    if head.status == 403, AttemptError.clockErrors.contains(reported.name ?? "") {
      serverTime = head["Date"].flatMap { Timestamp(httpDate: $0) }
    }
  }

  /// What an exception or an error frame within the stream means.
  init(exception name: String?, message: String?, modelID: String, region: String, hiding secrets: [Secret] = []) {
    let reported = ReportedError(name: name.map(AttemptError.capitalized), message: message, hiding: secrets)
    let code = reported.name.flatMap { AttemptError.codesByName[$0] } ?? .unavailable
    self.init(
      Failure(
        code, AttemptError.describe(reported, status: nil),
        hint: AttemptError.hint(code, reported, modelID: modelID, region: region)))
    if reported.isDaily { mayRetry = false }
  }

  /// Why no whole answer came.
  init(_ error: TransportError, timeouts: HTTPTimeouts, endpoint: String) {
    let host = URLParts(endpoint).authority
    switch error.kind {
    case .unresolved:
      self.init(
        Failure(
          .connection, "cannot find \(host): \(error.detail)", hint: "check the network, the region and the endpoint"))
    case .refused:
      self.init(
        Failure(
          .connection, "cannot connect to \(host): \(error.detail)",
          hint: "check the network, the proxy and the endpoint"))
    case .connectTimeout:
      self.init(
        Failure(
          .timeout, "no connection to \(host) within \(timeouts.connect.seconds) s",
          hint: "check the network and the proxy, or allow more with --connect-timeout"))
    case .idleTimeout:
      self.init(
        Failure(.timeout, "\(host): \(error.detail)", hint: "try again, or allow more with --timeout"), mayRetry: false)
    case .lost, .other:
      self.init(Failure(.connection, "the connection to \(host) was lost: \(error.detail)"))
    case .tls:
      self.init(
        Failure(
          .tlsFailed, "no trusted TLS connection to \(host): \(error.detail)",
          hint: "if a proxy with its own certificate authority is in the way, name its certificate in AWS_CA_BUNDLE"))
    case .certificateFile:
      self.init(
        Failure(
          .configInvalid, "the file of trusted certificates cannot be read: \(error.detail)",
          hint: "check AWS_CA_BUNDLE, SSL_CERT_FILE and the AWS profile's ca_bundle"))
    case .proxyAuthentication:
      self.init(
        Failure(
          .proxyAuth, "the proxy asks for a login", hint: "give it as HTTPS_PROXY=http://user:password@host:port"))
    case .proxyRefused(403):
      self.init(
        Failure(
          .accessDenied, "the proxy refuses a connection to \(host)", hint: "ask whoever runs the proxy to allow it"))
    case .proxyRefused(let status) where status >= 500:
      self.init(Failure(.unavailable, "the proxy cannot connect to \(host): it answered \(status)"))
    case .proxyRefused(let status):
      self.init(
        Failure(
          .protocolError, "the proxy does not connect to \(host): it answered \(status)", hint: "check HTTPS_PROXY"))
    case .malformedAnswer:
      self.init(
        Failure(.protocolError, "\(host) does not answer in HTTP: \(error.detail)", hint: AttemptError.endpointHint))
    case .malformedURL:
      self.init(
        Failure(
          .configInvalid, "the endpoint \(endpoint) cannot be used: \(error.detail)", hint: AttemptError.endpointHint))
    case .libraryMissing:
      self.init(
        Failure(
          .configInvalid, "libcurl cannot be loaded: \(error.detail)",
          hint: "install it; on Debian: apt-get install libcurl4"))
    }
  }

  static let endpointHint =
    "check --endpoint-url, AWS_ENDPOINT_URL_BEDROCK_RUNTIME, AWS_ENDPOINT_URL and the AWS profile's endpoint_url"

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

  private static func code(name: String?, status: Int, message: String?) -> FailureCode {
    if let name, let code = codesByName[name] {
      // An expired API key has no error name of its own.
      if code == .accessDenied, message?.lowercased().contains("bearer token has expired") == true {
        return .credentialsExpired
      }
      return code
    }
    switch status {
    case 400, 413: return .validation
    case 403: return .accessDenied
    case 404: return .modelUnavailable
    case 407: return .proxyAuth
    case 408, 504: return .timeout
    case 424: return .modelError
    case 429: return .throttled
    case 500...: return .unavailable
    default: return .protocolError
    }
  }

  private static func describe(_ reported: ReportedError, status: Int?) -> String {
    let name = reported.name ?? status.map { "HTTP status \($0)" } ?? "an unknown error"
    guard let message = reported.message, !message.isEmpty else { return "Bedrock answered \(name)" }
    return "Bedrock answered \(name): \(message)"
  }

  private static func capitalized(_ name: String) -> String { name.prefix(1).uppercased() + name.dropFirst() }
}

/// An error as AWS reports it: its name and text, each where it can be found.
struct ReportedError: Equatable {
  let name: String?
  let message: String?

  /// - Parameter secrets: what went along with the request; a service may quote it
  init(name: String?, message: String?, hiding secrets: [Secret]) {
    self.name = name.map { hiding(secrets, in: $0) }
    // Before the text is cut, since a part of a secret is one too.
    self.message = message.map { ReportedError.oneLine(hiding(secrets, in: $0)) }
  }

  /// Reads the name from `x-amzn-ErrorType`, `code`, `Code` or `__type`, the text from `message` or `Message`.
  init(head: HTTPResponseHead, body: [UInt8], hiding secrets: [Secret]) {
    let members = ReportedError.strings(in: body)
    let name = head["x-amzn-ErrorType"] ?? members["code"] ?? members["Code"] ?? members["__type"]
    self.init(
      name: name.flatMap(ReportedError.bareName), message: members["message"] ?? members["Message"], hiding: secrets)
  }

  /// Whether the quota of a day is used up, so that seconds of waiting will not help.
  var isDaily: Bool { message?.lowercased().contains("per day") == true }

  /// Whether AWS does not accept the key, the signature or the API key.
  var isAboutCredentials: Bool {
    switch name {
    case "UnrecognizedClientException", "InvalidSignatureException", "IncompleteSignatureException",
      "MissingAuthenticationTokenException":
      true
    default: isAboutAPIKey
    }
  }

  /// Whether AWS does not accept the API key. Such errors have no name of their own.
  var isAboutAPIKey: Bool {
    let message = message?.lowercased() ?? ""
    return message.contains("api key is valid") || message.contains("bearer token")
  }

  /// `com.amazon#ThrottlingException:http://…` → `ThrottlingException`.
  private static func bareName(_ name: String) -> String? {
    let beforeColon = name.prefix { $0 != ":" }
    let bare = beforeColon.split(separator: "#").last.map(String.init) ?? ""
    return bare.isEmpty ? nil : bare
  }

  /// The string members of a JSON object; none where `body` is anything else, such as a proxy's HTML.
  private static func strings(in body: [UInt8]) -> [String: String] {
    body.withUnsafeBytes { bytes in
      var strings: [String: String] = [:]
      do {
        var cursor = JSONCursor(bytes)
        try cursor.beginObject()
        var isFirst = true
        while let key = try cursor.nextKey(isFirst: &isFirst) {
          if let value = try cursor.readStringOrSkip() { strings[key.text] = value }
        }
        try cursor.finish()
        return strings
      } catch {
        return [:]
      }
    }
  }

  /// At most 500 characters, white space and line breaks folded.
  ///
  /// Of a signature that does not match AWS quotes the request it would have signed, with the session token: that is
  /// cut off.
  private static func oneLine(_ text: String) -> String {
    let told = text[..<(text.firstRange(of: "The Canonical String")?.lowerBound ?? text.endIndex)]
    return String(told.split(whereSeparator: \.isWhitespace).joined(separator: " ").prefix(500))
  }
}

extension Duration {
  /// `2`, `0.5`: for messages.
  public var seconds: String {
    let milliseconds = Int(self / .milliseconds(1))
    return milliseconds % 1000 == 0 ? String(milliseconds / 1000) : String(Double(milliseconds) / 1000)
  }
}
