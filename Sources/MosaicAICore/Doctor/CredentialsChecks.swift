/// Which sources of credentials were asked, which one has some, and until when.
package struct CredentialsChecks {
  /// What was found, in the order it was.
  package let checks: [Check]
  /// What the chain gave; nil if it gave nothing.
  package let resolution: CredentialsChain.Resolution?

  /// Credentials that end sooner get a warning, in seconds.
  private static let leastSeconds: Int64 = 15 * 60

  /// Asks the chain as sending would.
  package init(_ chain: CredentialsChain, now: Timestamp) {
    var asked: [String] = []
    let outcome = Result { try chain.resolve { asked.append($0) } }
    let sources = Check.ok("credential_sources", asked.joined(separator: ", "))
    switch outcome {
    case .failure(let error):
      resolution = nil
      checks = [sources, .error("credentials", because: .from(error))]
    case .success(let found):
      resolution = found
      checks = [
        sources, Check.ok("credentials", CredentialsChecks.describe(found.credentials)).from(found.source),
        CredentialsChecks.expiry(found.credentials, now),
      ]
    }
  }

  /// Only the last four characters of an id that is long enough to hide the others.
  private static func describe(_ credentials: Credentials) -> String {
    switch credentials {
    case .apiKey: "API key"
    case .accessKey(let key): key.id.count >= 8 ? "access key …\(key.id.suffix(4))" : "access key"
    }
  }

  /// Until when they are valid.
  private static func expiry(_ credentials: Credentials, _ now: Timestamp) -> Check {
    guard let expiration = credentials.expiration else {
      if case .accessKey(let key) = credentials, key.sessionToken == nil { return .ok("credentials_expiry", "never") }
      return .ok("credentials_expiry", nil, message: "their source does not say")
    }
    let minutes = Int((expiration.milliseconds - now.milliseconds) / 60_000)
    guard expiration < now + leastSeconds else {
      let left =
        minutes < 120
        ? counted(minutes, "minute")
        : minutes < 48 * 60 ? counted(minutes / 60, "hour") : counted(minutes / 60 / 24, "day")
      return .ok("credentials_expiry", expiration.rfc3339, message: "in \(left)")
    }
    return .warning(
      "credentials_expiry", expiration.rfc3339, message: "in \(counted(minutes, "minute"))",
      advice: "renew them before a long conversation")
  }
}
