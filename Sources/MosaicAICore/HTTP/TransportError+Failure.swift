/// The service that a request is for: it decides the code and the words of a failure to reach it.
enum Peer: Equatable, Sendable {
  /// Amazon Bedrock at this URL, asked with these timeouts.
  case model(endpoint: String, timeouts: HTTPTimeouts)
  /// A service that gives out credentials: its name for people, its URL, and what sets that; nil if nothing does.
  case credentials(title: String, url: String, origin: SettingOrigin?)
}

extension TransportError {
  /// The failure that this error is if no other attempt follows.
  func failure(of peer: Peer) -> Failure {
    switch peer {
    case .model(let endpoint, let timeouts): modelFailure(endpoint, timeouts)
    case .credentials(let title, let url, let origin): credentialsFailure(title, url, origin)
    }
  }

  private func modelFailure(_ endpoint: String, _ timeouts: HTTPTimeouts) -> Failure {
    let host = URLParts(endpoint).authority
    let place = proxy.map { "\(host) through \($0.title)" } ?? host
    let detail = printable(detail)
    return switch kind {
    case .unresolved:
      Failure(
        .connection, "cannot look up \(host): this machine seems to be offline",
        advice: "check the network, then try again")
    case .unknownHost:
      Failure(.connection, "unknown host \(host)", advice: .check([.region, .endpointURL]))
    case .refused:
      Failure(
        .connection, "cannot connect to \(host): \(detail)",
        advice: .text("check the network and the proxy").then(.check([.endpointURL])))
    case .proxyUnknown, .proxyUnreachable: Failure(.connection, proxyMessage, advice: proxyAdvice)
    case .exhausted:
      Failure(
        .connection, "cannot connect to \(host): \(TransportError.exhaustion)", advice: TransportError.exhaustionAdvice)
    case .connectTimeout:
      Failure(
        .timeout, "no connection to \(place) within \(timeouts.connect.secondsText) s",
        advice: .either(["check the network and the proxy", .raise(.connectTimeout)]))
    case .idleTimeout:
      Failure(.timeout, "\(host): \(detail)", advice: .either(["try again", .raise(.timeout)]))
    case .lost, .other: Failure(.connection, "the connection to \(place) was lost: \(detail)")
    case .tls(let distrust):
      Failure(
        .tlsFailed, "no trusted TLS connection to \(place): \(detail)",
        advice: TransportError.advice(distrust, address: .check([.endpointURL])))
    case .proxyTLS(let distrust): Failure(.tlsFailed, proxyMessage, advice: proxyTrustAdvice(distrust))
    case .proxyCannotConnect:
      Failure(
        .connection, "\(proxyName) cannot connect to \(host): \(detail)", advice: .check([.endpointURL]))
    case .setting(let failure): failure
    case .proxyAuthentication where proxy == nil:
      Failure(
        .proxyAuth, "\(host) answers as a proxy that asks for a login, but no proxy is used",
        advice: .either([proxyLoginAdvice(for: endpoint), .check([.endpointURL])]))
    case .proxyAuthentication:
      Failure(.proxyAuth, "\(proxyName) asks for a login", advice: proxyLoginAdvice(for: endpoint))
    case .proxyRefused(403):
      Failure(.accessDenied, "the proxy refuses to connect to \(host)", advice: TransportError.allowing(host))
    case .proxyRefused(let status):
      if let code = TransportError.outageCode(ofProxy: status) {
        Failure(code, "the proxy cannot connect to \(host): it answered \(status)")
      } else {
        Failure(.protocolError, "the proxy does not connect to \(host): it answered \(status)", advice: proxyAdvice)
      }
    case .malformedAnswer:
      Failure(.protocolError, "\(place) does not answer in HTTP: \(detail)", advice: .check([.endpointURL]))
    case .malformedURL:
      Failure(.configInvalid, "cannot use the endpoint URL \(endpoint): \(detail)", advice: .check([.endpointURL]))
    case .libraryMissing: libraryFailure
    }
  }

  private func credentialsFailure(_ title: String, _ url: String, _ origin: SettingOrigin?) -> Failure {
    let host = URLParts(url).authority
    let endpointAdvice = Advice.text("check \(origin?.description ?? "the endpoint URL of \(title)")")
    let message = "cannot reach \(title) at \(host): \(printable(detail))"
    // Only what is set, and was used.
    let suspects = ["the network"] + [origin, proxy?.origin].compactMap { $0?.description }
    let advice: Advice = .text("check \(suspects.joined(separator: " and ")), then try again")
    return switch kind {
    case .unknownHost: Failure(.connection, "cannot reach \(title): unknown host \(host)", advice: advice)
    case .unresolved, .refused, .connectTimeout, .idleTimeout, .lost, .other:
      Failure(.connection, message, advice: advice)
    case .proxyUnknown, .proxyUnreachable, .proxyCannotConnect:
      Failure(.connection, "cannot reach \(title) at \(host): \(proxyMessage)", advice: proxyAdvice)
    case .exhausted:
      Failure(
        .connection, "cannot reach \(title) at \(host): \(TransportError.exhaustion)",
        advice: TransportError.exhaustionAdvice)
    case .tls(let distrust):
      Failure(.tlsFailed, message, advice: TransportError.advice(distrust, address: endpointAdvice))
    case .proxyTLS(let distrust):
      Failure(.tlsFailed, "cannot reach \(title) at \(host): \(proxyMessage)", advice: proxyTrustAdvice(distrust))
    case .setting(let failure): failure
    case .malformedURL:
      Failure(.configInvalid, message, advice: endpointAdvice)
    case .libraryMissing: shortage ?? Failure(.configInvalid, message, advice: TransportError.libraryAdvice)
    case .proxyAuthentication where proxy == nil:
      Failure(
        .proxyAuth, "\(title) at \(host) answers as a proxy that asks for a login, but no proxy is used",
        advice: endpointAdvice)
    case .proxyAuthentication:
      Failure(
        .proxyAuth, "cannot reach \(title) at \(host): \(proxyName) asks for a login",
        advice: proxyLoginAdvice(for: url))
    case .proxyRefused(403): Failure(.accessDenied, message, advice: TransportError.allowing(host))
    case .proxyRefused(let status) where TransportError.outageCode(ofProxy: status) != nil:
      Failure(.connection, message, advice: .text("check \(proxyVariable), then try again"))
    case .proxyRefused: Failure(.protocolError, message, advice: proxyAdvice)
    case .malformedAnswer: Failure(.credentialsFailed, message, advice: "check that \(host) is \(title)")
    }
  }

  // MARK: Proxies

  /// The code of a proxy's answer to CONNECT that says nothing about the next one; nil for any other.
  static func outageCode(ofProxy status: Int) -> FailureCode? {
    switch status {
    case 408: .timeout
    case 429: .throttled
    case 500...: .unavailable
    default: nil
    }
  }

  private var proxyName: String { proxy?.title ?? "the proxy" }

  /// Why the proxy does not help.
  private var proxyMessage: String {
    switch kind {
    case .proxyUnknown: "cannot find \(proxyName): there is no such host"
    case .proxyTLS: "no trusted TLS connection to \(proxyName): \(printable(detail))"
    case .proxyCannotConnect: "\(proxyName) cannot connect to it: \(printable(detail))"
    default: "cannot connect to \(proxyName): \(printable(detail))"
    }
  }

  private var proxyVariable: String { proxy?.origin.description ?? "HTTPS_PROXY" }

  private var proxyAdvice: Advice { .text("check \(proxyVariable)") }

  private func proxyTrustAdvice(_ distrust: Distrust) -> Advice? {
    TransportError.advice(distrust, address: proxyAdvice)
  }

  /// How to log in to the proxy: the one that was used, or the one that would be used for a URL.
  private func proxyLoginAdvice(for url: String) -> Advice {
    let variable = proxy?.origin.description ?? "\(URLParts(url).scheme.uppercased())_PROXY"
    return .text("set \(variable) to \(proxy?.scheme ?? "http")://USER:PASSWORD@HOST:PORT")
  }

  private static func allowing(_ host: String) -> Advice {
    .text("ask the proxy's administrator to allow \(host), or add it to NO_PROXY")
  }

  /// The failure of a missing libcurl, which has to do with no service.
  var libraryFailure: Failure {
    shortage
      ?? Failure(.configInvalid, "cannot load libcurl: \(printable(detail))", advice: TransportError.libraryAdvice)
  }

  /// The failure of a libcurl that the system has no room for.
  private var shortage: Failure? {
    guard case .libraryMissing(let error) = kind else { return nil }
    return error.shortage("there is no room for libcurl")
  }

  private static let exhaustion = "the system gives this process no more threads or open files"
  private static let exhaustionAdvice: Advice =
    "end other processes, or allow more with `ulimit -u unlimited` and `ulimit -n 256`"

  /// What to do about a server that is not trusted.
  ///
  /// - Parameter address: what to do if it is another server than the one that was meant
  private static func advice(_ distrust: Distrust, address: Advice) -> Advice? {
    switch distrust {
    case .authority(nil):
      "if a proxy signs certificates with its own authority, set AWS_CA_BUNDLE to the authority's certificate file"
    case .authority(let setting?):
      .text(
        "add the certificate of the authority that signed it to \(printable(setting.value)), set by \(setting.origin)")
    case .date(let now): .text("check this machine's clock: it says \(now.minute)")
    case .damage(let folder) where folder.origin == .fallback: SystemCertificates.renewal
    case .damage(let folder): .text("check the certificates in \(visible(folder.value)), set by \(folder.origin)")
    case .name, .handshake: address
    case .certificate: nil
    }
  }

  private static let libraryAdvice: Advice = "install libcurl 4; on Debian and Ubuntu: apt-get install libcurl4"
}
