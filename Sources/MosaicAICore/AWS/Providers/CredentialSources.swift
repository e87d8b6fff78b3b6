/// What the providers share: the outside world, the settings, and the sources that a profile can have.
struct CredentialSources: Sendable {
  let context: AWSContext
  let settings: AWSProfileSettings
  /// The region of STS.
  let region: AWSRegion
  /// Which cached credentials may be used.
  let cacheUse: CacheUse
  /// Under which keys credentials are being fetched for which these are a source.
  private var fetching: Set<String> = []

  init(context: AWSContext, settings: AWSProfileSettings, region: AWSRegion, cacheUse: CacheUse) {
    (self.context, self.settings, self.region, self.cacheUse) = (context, settings, region, cacheUse)
  }

  /// Which cached credentials may be used.
  enum CacheUse: Equatable, Sendable {
    case any
    /// Not those that AWS refused; but others may have been fetched since, by another process.
    case otherThan(Credentials)
    case none
  }

  /// The same for the credentials that a role is assumed with: if those of the role were refused, these may be as old.
  ///
  /// - Parameter key: what the role's own are cached under
  func ofSource(fetching key: String) -> CredentialSources {
    var sources = CredentialSources(
      context: context, settings: settings, region: region, cacheUse: cacheUse == .any ? .any : .none)
    sources.fetching = fetching.union([key])
    return sources
  }

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

  /// Cached credentials, else those from `fetch`, which are then cached. Of several processes, one fetches them.
  ///
  /// - Parameter isAsking: whether `fetch` asks a person; other processes do not wait for the answer
  /// - Throws: what `fetch` throws, unless there are others in the cache by then; `Failure` with code `interrupted`
  func cached(
    _ key: String, providerType: String? = nil, isAsking: Bool = false, else fetch: () throws -> AccessKey
  ) throws -> AccessKey {
    let cache = CredentialsCache(context)
    func kept() -> AccessKey? {
      cache.credentials(for: key).flatMap { key in
        switch cacheUse {
        case .any: key
        case .otherThan(let refused): refused.isKey(key) ? nil : key
        case .none: nil
        }
      }
    }
    func fetched() throws -> AccessKey {
      do {
        let fetched = try fetch()
        cache.store(fetched, for: key, providerType: providerType)
        return fetched
      } catch {
        guard !context.cancellation.isRequested, let other = kept() else { throw error }
        return other
      }
    }
    if let kept = kept() { return kept }
    // A role may assume itself again; it has the lock already.
    return try isAsking || fetching.contains(key) ? fetched() : cache.whileFetching(key) { try kept() ?? fetched() }
  }
}
