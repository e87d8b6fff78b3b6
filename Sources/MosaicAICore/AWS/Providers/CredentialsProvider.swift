/// One source of credentials.
protocol CredentialsProvider: Sendable {
  /// Its name for people.
  var name: String { get }

  /// The credentials; nil if this source is not configured.
  ///
  /// - Throws: `Failure` if the source is configured and gives none: code `config_invalid`, `credentials_expired`,
  ///   `credentials_failed`, `connection`, `interrupted`, or another one of a failed request
  func credentials() throws -> Credentials?
}

extension CredentialsProvider {
  /// The credentials, checked to be current.
  ///
  /// - Throws: `Failure` with code `credentials_expired` if they have expired, `credentials_failed` if they cannot be
  ///   part of a header; what `credentials()` throws
  func currentCredentials(_ context: AWSContext) throws -> Credentials? {
    guard let credentials = try credentials() else { return nil }
    guard credentials.canBeSent else {
      throw Failure(
        .credentialsFailed, "\(name) gave a key or a token with a line break or another control character",
        advice: "set it again, without quotes or a newline")
    }
    if let expiration = credentials.expiration, expiration <= context.now() {
      throw Failure(
        .credentialsExpired, "\(name) gave credentials that expired at \(expiration.rfc3339Seconds)",
        advice: "renew them at their source, and check this machine's clock")
    }
    return credentials
  }
}
