/// How requests leave the machine: through which proxy, trusting whom. As curl has it.
public struct TransportConfiguration: Equatable, Sendable {
  /// A file of trusted certificates in PEM; nil: the system's.
  public var certificateFile: String?
  /// A folder of trusted certificates, named by hash; nil: the system's.
  public var certificateFolder: String?
  /// The proxy for https URLs.
  public var httpsProxy: String?
  /// The proxy for http URLs.
  public var httpProxy: String?
  /// Hosts that are asked without a proxy, separated by commas.
  public var noProxy: String?
  public var userAgent: String

  public init(userAgent: String) { self.userAgent = userAgent }

  /// Reads `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, `NO_PROXY` (lower case first), `AWS_CA_BUNDLE`,
  /// `SSL_CERT_FILE` and `SSL_CERT_DIR`.
  ///
  /// - Parameter certificateFile: what the AWS profile says (`ca_bundle`), used where `AWS_CA_BUNDLE` is not set
  public init(userAgent: String, variables: [String: String], certificateFile: String?) {
    self.userAgent = userAgent
    self.certificateFile =
      TransportConfiguration.setting(["AWS_CA_BUNDLE"], in: variables)?.value ?? certificateFile
      ?? TransportConfiguration.certificates(in: variables)?.value
    certificateFolder =
      self.certificateFile == nil ? TransportConfiguration.certificateFolder(in: variables)?.value : nil
    httpsProxy = TransportConfiguration.proxy(for: "https", in: variables)?.value
    httpProxy = TransportConfiguration.proxy(for: "http", in: variables)?.value
    noProxy = TransportConfiguration.noProxy(in: variables)?.value
  }

  /// The proxy for URLs of that scheme; it may have a login in it.
  static func proxy(for scheme: String, in variables: [String: String]) -> Sourced<String>? {
    setting(["\(scheme)_proxy", "\(scheme.uppercased())_PROXY", "all_proxy", "ALL_PROXY"], in: variables)
  }

  /// The hosts that are asked without a proxy.
  static func noProxy(in variables: [String: String]) -> Sourced<String>? {
    setting(["no_proxy", "NO_PROXY"], in: variables)
  }

  /// The file of trusted certificates where AWS names none.
  static func certificates(in variables: [String: String]) -> Sourced<String>? {
    setting(["SSL_CERT_FILE"], in: variables)
  }

  /// The folder of trusted certificates.
  static func certificateFolder(in variables: [String: String]) -> Sourced<String>? {
    setting(["SSL_CERT_DIR"], in: variables)
  }

  /// The first of these variables that is set and not empty.
  private static func setting(_ names: [String], in variables: [String: String]) -> Sourced<String>? {
    names.lazy.compactMap { name in
      variables[name].flatMap { $0.isEmpty ? nil : Sourced($0, from: .variable(name)) }
    }.first
  }
}
