/// The sources of credentials in the AWS SDKs' order: the first that is configured decides, for good or ill.
public struct CredentialsChain: Sendable {
  /// Credentials and how they were come by.
  public struct Resolution: Sendable {
    public let credentials: Credentials
    /// The source, for people: `environment variables`.
    public let source: String
    /// The sources that were asked, in order; the last one is `source`.
    public let tried: [String]
  }

  private let context: AWSContext
  private let settings: AWSProfileSettings

  /// - Parameters:
  ///   - context: the outside world
  ///   - settings: what the files and variables say
  public init(context: AWSContext, settings: AWSProfileSettings) {
    self.context = context
    self.settings = settings
  }

  /// Asks one source after the other.
  ///
  /// - Throws: `Failure` with code `no_credentials` where none is configured; what a configured one throws.
  public func resolve() throws -> Resolution {
    var tried: [String] = []
    for provider in providers() {
      try context.cancellation.check()
      tried.append(provider.name)
      if let credentials = try provider.credentials() {
        return Resolution(credentials: credentials, source: provider.name, tried: tried)
      }
    }
    throw Failure(
      .noCredentials, "no AWS credentials; looked at: \(tried.joined(separator: ", "))",
      hint: "run `aws configure` or `aws configure sso`, or set AWS_BEARER_TOKEN_BEDROCK to a Bedrock API key")
  }

  private func providers() -> [any CredentialsProvider] {
    var providers: [any CredentialsProvider] = [APIKeyProvider(context: context)]
    if context.profileFlag == nil { providers.append(EnvironmentProvider(context: context)) }
    let name = settings.profile.name
    providers.append(FileProvider.credentials(of: name, in: settings.files))
    providers.append(FileProvider.config(of: name, in: settings.files))
    return providers
  }
}
