/// Which proxy requests go through, and whose certificates are trusted: set as for curl.
package struct TransportConfiguration: Equatable, Sendable {
  /// A file of trusted certificates in PEM; nil for the system's.
  var certificateFile: String?
  /// A folder of trusted certificates, named by hash; nil for the system's.
  var certificateFolder: String?
  /// The proxy for https URLs.
  var httpsProxy: String?
  /// The proxy for http URLs.
  var httpProxy: String?
  /// Hosts to ask without a proxy, separated by commas.
  var noProxy: String?
  var userAgent: String

  init(userAgent: String) { self.userAgent = userAgent }

  /// Reads `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, `NO_PROXY` (lower case first), `AWS_CA_BUNDLE`,
  /// `SSL_CERT_FILE` and `SSL_CERT_DIR`.
  ///
  /// - Parameter certificateFile: `ca_bundle` of the AWS profile, used if `AWS_CA_BUNDLE` is not set
  init(userAgent: String, variables: [String: String], certificateFile: String?) {
    self.userAgent = userAgent
    self.certificateFile =
      variables.variable("AWS_CA_BUNDLE") ?? certificateFile
      ?? TransportConfiguration.certificates(in: variables)?.value
    certificateFolder =
      self.certificateFile == nil ? TransportConfiguration.certificateFolder(in: variables)?.value : nil
    httpsProxy = TransportConfiguration.proxy(for: "https", in: variables)?.value
    httpProxy = TransportConfiguration.proxy(for: "http", in: variables)?.value
    noProxy = TransportConfiguration.noProxy(in: variables)?.value
  }

  /// The proxy for URLs of that scheme; it may contain a login.
  static func proxy(for scheme: String, in variables: [String: String]) -> Sourced<String>? {
    setting(["\(scheme)_proxy", "\(scheme.uppercased())_PROXY", "all_proxy", "ALL_PROXY"], in: variables)
  }

  /// The hosts to ask without a proxy.
  static func noProxy(in variables: [String: String]) -> Sourced<String>? {
    setting(["no_proxy", "NO_PROXY"], in: variables)
  }

  /// The file of trusted certificates if no setting of AWS names one.
  static func certificates(in variables: [String: String]) -> Sourced<String>? {
    setting(["SSL_CERT_FILE"], in: variables)
  }

  /// The folder of trusted certificates.
  static func certificateFolder(in variables: [String: String]) -> Sourced<String>? {
    setting(["SSL_CERT_DIR"], in: variables)
  }

  /// The first of these variables that is set and not empty.
  private static func setting(_ names: [String], in variables: [String: String]) -> Sourced<String>? {
    names.lazy.compactMap { name in variables.variable(name).map { Sourced($0, from: .variable(name)) } }.first
  }
}
