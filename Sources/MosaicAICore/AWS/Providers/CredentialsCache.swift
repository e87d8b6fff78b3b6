/// Temporary credentials on disk, in the AWS CLI's own place and form, so that each program finds the other's.
struct CredentialsCache: Sendable {
  /// Credentials that end sooner are not used, in seconds.
  private static let minimumLifetime: Int64 = 15 * 60

  private let folders: [String]
  private let now: @Sendable () -> Timestamp

  init(_ context: AWSContext) {
    folders = ["\(context.home)/.aws/cli/cache"] + (context.cacheFolder.map { [$0] } ?? [])
    now = context.now
  }

  /// The credentials kept under `key`, if they stay valid for a while.
  func credentials(for key: String) -> AccessKey? {
    folders.lazy.compactMap { credentials(in: file(key, in: $0)) }.first
  }

  private func credentials(in file: LocalFile) -> AccessKey? {
    guard let entry = file.readableContents().flatMap(JSON.reading), let member = entry["Credentials"],
      let key = try? CredentialsJSON(member, .session).temporaryKey, let expiration = key.expiration,
      expiration >= now() + CredentialsCache.minimumLifetime
    else { return nil }
    return key
  }

  /// Keeps `credentials` in the first folder that can be written; if none can, nothing is kept.
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
    var bytes: [UInt8] = []
    (providerType == nil ? entry.removing("ProviderType") : entry).append(to: &bytes)
    _ = folders.first { (try? file(key, in: $0).replace(with: bytes)) != nil }
  }

  private func file(_ key: String, in folder: String) -> LocalFile { LocalFile("\(folder)/\(key).json") }
}
