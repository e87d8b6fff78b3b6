/// What the providers share: the outside world, the settings, and the sources that a profile can have.
struct CredentialSources: Sendable {
  let context: AWSContext
  let settings: AWSProfileSettings
  /// The region of STS.
  let region: AWSRegion
  /// Whether to ignore cached credentials.
  let isRefreshing: Bool

  /// The most times to ask a service.
  var attempts: Int { settings.maxAttempts?.value ?? 3 }

  /// A profile of either file; an empty one if there is none of that name.
  func profile(_ name: String) -> AWSProfile { settings.files.profiles[name] ?? .empty(name) }

  /// The whole chain for the chosen profile, in the order of the AWS SDKs. If the profile was typed, it beats the
  /// environment.
  func all() -> [any CredentialsProvider] {
    let name = settings.profileName.value
    let isEnvironmentUsed = context.profile.option == nil
    return [APIKeyProvider(context: context)] + (isEnvironmentUsed ? [EnvironmentProvider(context: context)] : [])
      + [AssumeRoleProvider(sources: self, profileName: name)] + ofProfile(name, isEnvironmentUsed: isEnvironmentUsed)
      + [ContainerProvider(context: context), InstanceMetadataProvider(context: context, profile: settings.profile)]
  }

  /// The sources that a profile can have, apart from a role to assume.
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

  /// Cached credentials, else those from `fetch`, which are then cached.
  ///
  /// - Throws: what `fetch` throws
  func cached(_ key: String, providerType: String? = nil, else fetch: () throws -> AccessKey) throws -> AccessKey {
    let cache = CredentialsCache(context)
    if !isRefreshing, let key = cache.credentials(for: key) { return key }
    let fetched = try fetch()
    cache.store(fetched, for: key, providerType: providerType)
    return fetched
  }
}
