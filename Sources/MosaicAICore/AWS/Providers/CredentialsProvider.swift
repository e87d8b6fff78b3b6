/// One source of credentials.
public protocol CredentialsProvider: Sendable {
  /// What to call it, for people.
  var name: String { get }

  /// The credentials, or nil where this source is not configured.
  ///
  /// - Throws: `Failure`: the source is configured and does not give any. Code `config_invalid`, `credentials_expired`,
  ///   `credentials_failed`, `connection` or `interrupted`, and what else a transport can meet.
  func credentials() throws -> Credentials?
}
