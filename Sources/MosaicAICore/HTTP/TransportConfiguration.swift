/// Which proxy requests go through, and whose certificates are trusted: set as for curl.
package struct TransportConfiguration: Equatable, Sendable {
  /// Whose certificates TLS trusts.
  package let certificates: Certificates
  let userAgent: String
  /// The proxies for https and for http URLs.
  private let proxies: [String: ProxyServer]
  private let exceptions: ProxyExceptions?

  /// No proxy, and the system's certificates.
  init(userAgent: String) {
    self.init(
      userAgent: userAgent, variables: [:],
      certificates: Certificates(bundle: nil, variables: [:], system: .standard))
  }

  /// Reads `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` (lower case first).
  init(userAgent: String, variables: [String: String], certificates: Certificates) {
    self.userAgent = userAgent
    self.certificates = certificates
    /// The first of these variables that is set and not empty.
    func setting(_ names: String...) -> Sourced<String>? {
      names.lazy.compactMap { name in variables.variable(name).map { Sourced($0, from: .variable(name)) } }.first
    }
    var proxies: [String: ProxyServer] = [:]
    for scheme in ["http", "https"] {
      proxies[scheme] = setting("\(scheme)_proxy", "\(scheme.uppercased())_PROXY", "all_proxy", "ALL_PROXY").map {
        ProxyServer($0)
      }
    }
    self.proxies = proxies
    exceptions = setting("no_proxy", "NO_PROXY").map { ProxyExceptions(list: $0) }
  }

  /// The proxy for a URL; nil if it is asked directly.
  func proxy(for url: String) -> ProxyServer? {
    let parts = URLParts(url)
    return exceptions?.contain(parts.host) == true ? nil : proxies[parts.scheme]
  }

  /// The proxy for URLs of that scheme, if no exception is made.
  func proxy(scheme: String) -> ProxyServer? { proxies[scheme] }

  /// The hosts to ask without a proxy.
  var noProxy: Sourced<String>? { exceptions?.list }
}
