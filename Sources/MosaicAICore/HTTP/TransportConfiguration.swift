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
    func variable(_ name: String) -> String? {
      [name.lowercased(), name].lazy.compactMap { variables[$0] }.first { !$0.isEmpty }
    }
    func file(_ name: String) -> String? { variables[name].flatMap { $0.isEmpty ? nil : $0 } }
    self.userAgent = userAgent
    self.certificateFile = file("AWS_CA_BUNDLE") ?? certificateFile ?? file("SSL_CERT_FILE")
    certificateFolder = self.certificateFile == nil ? file("SSL_CERT_DIR") : nil
    httpsProxy = variable("HTTPS_PROXY") ?? variable("ALL_PROXY")
    httpProxy = variable("HTTP_PROXY") ?? variable("ALL_PROXY")
    noProxy = variable("NO_PROXY")
  }
}
