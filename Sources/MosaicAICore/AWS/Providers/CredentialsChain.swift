/// The sources of credentials in the AWS SDKs' order. The first that is configured decides, even if it fails.
package struct CredentialsChain: Sendable {
  /// Credentials and where they come from.
  package struct Resolution: Sendable {
    let credentials: Credentials
    /// The source, for people: `environment (AWS_ACCESS_KEY_ID)`.
    package let source: String
    /// The sources that were asked, in order; the last one is `source`.
    let tried: [String]
    /// Where they come from, if they are an API key.
    var keyOrigin: APIKeyProvider.Origin?
  }

  private let context: AWSContext
  private let settings: AWSProfileSettings
  private let region: AWSRegion

  /// The chain for the profile of `settings`.
  ///
  /// - Parameter region: the region to assume roles in
  init(context: AWSContext, settings: AWSProfileSettings, region: AWSRegion) {
    self.context = context
    self.settings = settings
    self.region = region
  }

  /// Asks one source after another ("Standardized credential providers", AWS SDKs and Tools Reference).
  ///
  /// - Parameters:
  ///   - refused: credentials that AWS says have expired: others are looked for
  ///   - willAsk: gets the name of each source before it is asked
  /// - Throws: `Failure` with code `no_credentials` if no source is configured; otherwise the failure of the first
  ///   that is: `config_invalid`, `credentials_expired`, `credentials_failed`, `connection`, `interrupted` or another
  ///   one of a failed request
  func resolve(replacing refused: Credentials? = nil, willAsk: (String) -> Void = { _ in }) throws -> Resolution {
    let sources = CredentialSources(
      context: context, settings: settings, region: region, cacheUse: refused.map { .otherThan($0) } ?? .any)
    var tried: [String] = []
    for provider in sources.all() {
      try context.cancellation.check()
      tried.append(provider.name)
      willAsk(provider.name)
      if let credentials = try provider.currentCredentials(context) {
        return Resolution(
          credentials: credentials, source: provider.name, tried: tried,
          keyOrigin: (provider as? APIKeyProvider)?.origin)
      }
    }
    throw nothingConfigured()
  }

  private func nothingConfigured() -> Failure {
    let variables = ["AWS_BEARER_TOKEN_BEDROCK"] + (context.profile.option == nil ? ["AWS_ACCESS_KEY_ID"] : [])
    let files = "profile \(settings.profileName.value) in \(settings.configPath) and \(settings.credentialsPath)"
    let unreadable = settings.unreadableFiles
    let message =
      "no AWS credentials in \(variables.joined(separator: ", ")), \(files), "
      + "the container's role or the instance's role"
    let apiKey = "set AWS_BEARER_TOKEN_BEDROCK to a Bedrock API key"
    return Failure(
      .noCredentials, message,
      advice: unreadable.isEmpty
        ? .either([.setUp, "run `aws configure` or `aws configure sso`, or \(apiKey)"])
        : "make \(unreadable.joined(separator: " and ")) readable for yourself, or \(apiKey)")
  }
}
