/// Temporary credentials on disk, where the AWS CLI keeps them and in its form, so that each finds the other's.
struct CredentialsCache: Sendable {
  /// The file.
  private struct Entry: Codable {
    /// The credentials in it.
    struct Credentials: Codable {
      let accessKeyID: String
      let secretAccessKey: String
      let sessionToken: String
      let expiration: String

      private enum CodingKeys: String, CodingKey {
        case accessKeyID = "AccessKeyId"
        case secretAccessKey = "SecretAccessKey"
        case sessionToken = "SessionToken"
        case expiration = "Expiration"
      }
    }

    let providerType: String?
    let credentials: Credentials

    private enum CodingKeys: String, CodingKey {
      case providerType = "ProviderType"
      case credentials = "Credentials"
    }
  }

  /// Credentials that end sooner are not used, and asked for anew.
  static let leastSeconds: Int64 = 15 * 60

  private let folders: [String]
  private let now: @Sendable () -> Timestamp

  /// The cache below the user's home folder.
  init(_ context: AWSContext) {
    folders = ["\(context.home)/.aws/cli/cache"] + (context.cacheFolder.map { [$0] } ?? [])
    now = context.now
  }

  /// What is kept under `key` and good for a while yet.
  func credentials(for key: String) -> AccessKey? {
    folders.lazy.compactMap { credentials(for: key, in: $0) }.first
  }

  /// What is kept in one folder.
  private func credentials(for key: String, in folder: String) -> AccessKey? {
    guard let bytes = LocalFile("\(folder)/\(key).json").contents(),
      let entry = fromJSON(Entry.self, bytes)?.credentials,
      let expiration = Timestamp(rfc3339: entry.expiration), expiration >= now() + CredentialsCache.leastSeconds
    else { return nil }
    return AccessKey(
      id: entry.accessKeyID, secret: Secret(entry.secretAccessKey), sessionToken: Secret(entry.sessionToken),
      expiration: expiration)
  }

  /// Keeps `credentials`, in the first folder that can be written; where none can, nothing is kept.
  ///
  /// - Parameter providerType: `sso`, as the AWS CLI marks those
  func store(_ credentials: AccessKey, for key: String, providerType: String? = nil) {
    guard let token = credentials.sessionToken, let expiration = credentials.expiration else { return }
    let entry = Entry(
      providerType: providerType,
      credentials: Entry.Credentials(
        accessKeyID: credentials.id, secretAccessKey: credentials.secret.exposed, sessionToken: token.exposed,
        expiration: expiration.rfc3339Seconds))
    guard let bytes = try? toJSON(entry) else { return }
    _ = folders.first { LocalFile("\($0)/\(key).json").replace(with: bytes) }
  }
}

extension Timestamp {
  /// `2026-11-23T06:13:02Z`, as the AWS CLI writes times.
  var rfc3339Seconds: String { "\(rfc3339.prefix(19))Z" }
}
