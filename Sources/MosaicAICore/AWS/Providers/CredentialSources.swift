/// What the providers share: the world, the settings, and which sources a profile can have.
struct CredentialSources: Sendable {
  /// The outside world.
  let context: AWSContext
  /// What the files and variables say.
  let settings: AWSProfileSettings
  /// Where STS is asked.
  let region: AWSRegion
  /// Whether cached credentials are passed over.
  let isRefreshing: Bool

  /// How often a service is asked at most.
  var attempts: Int { settings.maxAttempts?.value ?? 3 }

  /// A profile of either file; an empty one where there is none with that name.
  func profile(_ name: String) -> AWSProfile { settings.files.profiles[name] ?? .empty(name) }

  /// The whole chain for the chosen profile, in the order of the AWS SDKs.
  func all() -> [any CredentialsProvider] {
    let name = settings.profileName.value
    let isEnvironmentUsed = context.profileFlag == nil
    return [APIKeyProvider(context: context)] + (isEnvironmentUsed ? [EnvironmentProvider(context: context)] : [])
      + [AssumeRoleProvider(sources: self, profileName: name)] + ofProfile(name, isEnvironmentUsed: isEnvironmentUsed)
      + [ContainerProvider(context: context), InstanceMetadataProvider(context: context, profile: settings.profile)]
  }

  /// What a profile can have besides a role to assume.
  ///
  /// - Parameter isEnvironmentUsed: whether a web identity may come from variables
  func ofProfile(_ name: String, isEnvironmentUsed: Bool) -> [any CredentialsProvider] {
    let profile = profile(name)
    return [
      WebIdentityProvider(sources: self, profile: profile, isEnvironmentUsed: isEnvironmentUsed),
      SSOProvider(sources: self, profile: profile),
      FileProvider.credentials(of: name, in: settings.files),
      LoginProvider(context: context, profile: profile),
      ProcessProvider(context: context, profile: profile),
      FileProvider.config(of: name, in: settings.files),
    ]
  }

  /// Cached credentials, else what `fetch` gives, which is then cached.
  ///
  /// - Throws: what `fetch` throws.
  func cached(_ key: String, providerType: String? = nil, else fetch: () throws -> AccessKey) throws -> AccessKey {
    let cache = CredentialsCache(context)
    if !isRefreshing, let key = cache.credentials(for: key) { return key }
    let fetched = try fetch()
    cache.store(fetched, for: key, providerType: providerType)
    return fetched
  }
}

extension CredentialsProvider {
  /// The credentials, once it is known that they have not expired.
  ///
  /// - Throws: `Failure` with code `credentials_expired` where they have, `credentials_failed` where no header could
  ///   hold them; what `credentials()` throws.
  func currentCredentials(_ context: AWSContext) throws -> Credentials? {
    guard let credentials = try credentials() else { return nil }
    guard credentials.canBeSent else {
      throw Failure(
        .credentialsFailed, "\(name) gave a key or a token with a line break or another control character",
        hint: "set it again, without quotes or a newline")
    }
    if let expiration = credentials.expiration, expiration <= context.now() {
      throw Failure(
        .credentialsExpired, "\(name) gave credentials that expired at \(expiration.rfc3339Seconds)",
        hint: "renew them at their source; check that the system's clock is right")
    }
    return credentials
  }
}
