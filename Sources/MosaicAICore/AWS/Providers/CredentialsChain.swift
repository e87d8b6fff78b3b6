/// The sources of credentials in the AWS SDKs' order: the first that is configured decides, for good or ill.
public struct CredentialsChain: Sendable {
  /// Credentials and how they were come by.
  public struct Resolution: Sendable {
    /// What to sign with.
    public let credentials: Credentials
    /// The source, for people: `environment (AWS_ACCESS_KEY_ID)`.
    public let source: String
    /// The sources that were asked, in order; the last one is `source`.
    public let tried: [String]
  }

  private let context: AWSContext
  private let settings: AWSProfileSettings
  private let region: AWSRegion

  /// The chain for the profile that `settings` have chosen.
  ///
  /// - Parameters:
  ///   - context: the outside world
  ///   - settings: what the files and variables say
  ///   - region: where roles are asked for
  public init(context: AWSContext, settings: AWSProfileSettings, region: AWSRegion) {
    self.context = context
    self.settings = settings
    self.region = region
  }

  /// Asks one source after the other ("Standardized credential providers", AWS SDKs and Tools Reference).
  ///
  /// - Parameters:
  ///   - forcingRefresh: passes over cached credentials, for when AWS says that they have expired
  ///   - willAsk: is told the name of each source before that is asked
  /// - Throws: `Failure` with code `no_credentials` where no source is configured; what the first that is throws:
  ///   `config_invalid`, `credentials_expired`, `credentials_failed`, `connection`, `interrupted` or what else a
  ///   transport meets.
  public func resolve(forcingRefresh: Bool = false, willAsk: (String) -> Void = { _ in }) throws -> Resolution {
    let sources = CredentialSources(context: context, settings: settings, region: region, isRefreshing: forcingRefresh)
    var tried: [String] = []
    for provider in sources.all() {
      try context.cancellation.check()
      tried.append(provider.name)
      willAsk(provider.name)
      if let credentials = try provider.currentCredentials(context) {
        return Resolution(credentials: credentials, source: provider.name, tried: tried)
      }
    }
    throw nothingConfigured()
  }

  /// Where was looked, and how to begin.
  private func nothingConfigured() -> Failure {
    let variables = ["AWS_BEARER_TOKEN_BEDROCK"] + (context.profileFlag == nil ? ["AWS_ACCESS_KEY_ID"] : [])
    let files = "profile \(settings.profileName.value) in \(settings.configPath) and \(settings.credentialsPath)"
    let unreadable = settings.unreadableFiles
    return Failure(
      .noCredentials,
      "no AWS credentials: looked at \(variables.joined(separator: ", ")), \(files), the container's and the instance's role",
      hint: unreadable.isEmpty
        ? "run `aws configure` or `aws configure sso`, or set AWS_BEARER_TOKEN_BEDROCK to a Bedrock API key"
        : "make \(unreadable.joined(separator: " and ")) readable for yourself, or set AWS_BEARER_TOKEN_BEDROCK to a Bedrock API key"
    )
  }
}
