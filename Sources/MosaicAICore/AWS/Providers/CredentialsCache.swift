/// Temporary credentials on disk, in the AWS CLI's own place and form, so that each program finds the other's.
struct CredentialsCache: Sendable {
  /// Credentials that end sooner are not used, in seconds.
  private static let minimumLifetime: Int64 = 15 * 60

  private let files: SharedCache
  private let now: @Sendable () -> Timestamp

  init(_ context: AWSContext) {
    files = SharedCache(".aws/cli/cache", context)
    now = context.now
  }

  /// The credentials kept under `key`, if they stay valid for a while.
  func credentials(for key: String) -> AccessKey? {
    let soon = now() + CredentialsCache.minimumLifetime
    // What cannot be read is fetched again.
    return (try? files.entries(key))?.lazy.compactMap { entry in
      guard let member = entry?["Credentials"], let key = try? CredentialsJSON(member, .session).temporaryKey,
        let expiration = key.expiration, expiration >= soon
      else { return nil }
      return key
    }.first
  }

  /// Keeps `credentials` if they are temporary.
  ///
  /// - Parameter providerType: `sso`, as the AWS CLI marks those
  func store(_ credentials: AccessKey, for key: String, providerType: String? = nil) {
    guard let token = credentials.sessionToken, let expiration = credentials.expiration else { return }
    // Sorted by name, as the AWS CLI writes them.
    let entry: JSON = [
      "Credentials": [
        "AccessKeyId": .string(credentials.id), "Expiration": .string(expiration.rfc3339Seconds),
        "SecretAccessKey": .string(credentials.secret.exposed), "SessionToken": .string(token.exposed),
      ],
      "ProviderType": JSON(providerType),
    ]
    files.store(providerType == nil ? entry.removing("ProviderType") : entry, as: key)
  }

  /// Runs `body` while no other process fetches credentials for `key`.
  ///
  /// - Throws: as `SharedCache.whileRenewing`
  func whileFetching<Result>(_ key: String, _ body: () throws -> Result) throws -> Result {
    try files.whileRenewing(key, body)
  }
}
