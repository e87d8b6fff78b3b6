/// `config.yaml`: what the user has set for good. What is nil was not set.
public struct ConfigurationFile: Equatable, Sendable {
  public var database: String?
  public var user: String?
  public var legacy: String?
  public var persona: String?
  public var model: String?
  public var output: String?
  public var region: String?
  public var profile: String?
  public var endpointURL: String?
  public var maximumTokens: Int?
  public var timeout: Duration?
  public var connectTimeout: Duration?
  public var maximumAttempts: Int?

  /// A file that sets nothing.
  public init() {}

  /// - Parameters:
  ///   - path: of the file, for errors
  ///   - formats: what `output` may be
  /// - Throws: `Failure` with code `config_invalid`: file, line, column and what is wrong
  public init(_ bytes: [UInt8], path: String, formats: [String]) throws {
    guard let root = try YAMLFile(bytes, path: path, code: .configInvalid).root else { return }
    try root.checkKeys([
      "database", "user", "legacy", "persona", "model", "output", "region", "profile", "endpoint_url", "max_tokens",
      "timeout",
      "connect_timeout", "max_attempts",
    ])
    database = try root.text("database")
    user = try root.text("user")
    legacy = try root.text("legacy")
    persona = try root.text("persona")
    model = try root.text("model")
    output = try root.text("output")
    region = try root.text("region")
    profile = try root.text("profile")
    endpointURL = try root.text("endpoint_url")
    maximumTokens = try root.integer("max_tokens", in: 1...1_000_000)
    timeout = try root.seconds("timeout")
    connectTimeout = try root.seconds("connect_timeout")
    maximumAttempts = try root.integer("max_attempts", in: 1...100)
    if let output, !formats.contains(output) {
      throw root.failure("output must be one of \(formats.joined(separator: ", "))", aboutValueOf: "output")
    }
    if let region, (try? AWSRegion.check(flag: region)) == nil {
      throw root.failure("region must be a region's name, such as us-east-1", aboutValueOf: "region")
    }
    if let endpointURL, (try? AWSEndpoint.check(flag: endpointURL)) == nil {
      throw root.failure(
        "endpoint_url must be an address such as https://bedrock-runtime.us-east-1.amazonaws.com",
        aboutValueOf: "endpoint_url")
    }
  }
}
