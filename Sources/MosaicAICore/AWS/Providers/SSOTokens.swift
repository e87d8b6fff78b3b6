/// The cached token of `aws sso login`, renewed when it is about to end.
struct SSOTokens: Sendable {
  /// The AWS CLI's file, as far as it is used.
  private struct Token: Codable {
    var startUrl: String?
    var region: String?
    var accessToken: String
    var expiresAt: String
    var clientId: String?
    var clientSecret: String?
    var registrationExpiresAt: String?
    var refreshToken: String?

    /// The parts that renew it, where all are there.
    func registration(at time: Timestamp) -> (id: String, secret: String, refreshToken: String)? {
      guard let clientId, let clientSecret, let refreshToken,
        let end = registrationExpiresAt.flatMap(Timestamp.init(rfc3339:)), end > time
      else { return nil }
      return (clientId, clientSecret, refreshToken)
    }
  }

  /// A token that ends sooner is renewed.
  private static let leastSeconds: Int64 = 15 * 60

  let sources: CredentialSources
  /// Where one logs in.
  let session: SSOSession
  /// Whose login it is, for messages.
  let profileName: String

  /// A token that has not expired.
  ///
  /// - Throws: `Failure` with code `credentials_expired` where there is none; what keeps it from being renewed.
  func accessToken() throws -> Secret {
    let now = sources.context.now()
    guard let bytes = file.contents(), var token = fromJSON(Token.self, bytes),
      var expiration = Timestamp(rfc3339: token.expiresAt)
    else {
      throw expired("there is no login to IAM Identity Center for profile \(profileName)")
    }
    if session.name != nil, expiration < now + SSOTokens.leastSeconds,
      let renewed = try renewed(token, isExpired: expiration <= now)
    {
      (token, expiration) = renewed
    }
    guard expiration > now else {
      throw expired(
        "the login to IAM Identity Center of profile \(profileName) expired at \(expiration.rfc3339Seconds)")
    }
    return Secret(token.accessToken)
  }

  /// `~/.aws/sso/cache/`, SHA-1 of the session's name or else of the start URL.
  private var file: LocalFile {
    let name = hexadecimal(sha1(session.name ?? session.startURL))
    return LocalFile("\(sources.context.home)/.aws/sso/cache/\(name).json")
  }

  /// A failure that another login ends.
  private func expired(_ message: String) -> Failure {
    Failure(.credentialsExpired, message, hint: "run `\(loginCommand(profileName))`")
  }

  /// What is asked.
  private struct Request: Encodable {
    let grantType = "refresh_token"
    let clientId: String
    let clientSecret: String
    let refreshToken: String
  }

  /// What is answered.
  private struct Answer: Decodable {
    let accessToken: String
    let expiresIn: Int64
    let refreshToken: String?
  }

  /// The renewed token, written to the file where that can be done; nil where it cannot be renewed.
  ///
  /// - Parameter isExpired: whether it is needed: a token that is still good makes up for a service that cannot be
  ///   reached
  private func renewed(_ token: Token, isExpired: Bool) throws -> (Token, Timestamp)? {
    let now = sources.context.now()
    guard let registration = token.registration(at: now) else { return nil }
    let endpoint = try AWSEndpoint.resolve(
      .ssoOIDC, region: session.region, settings: sources.settings, context: sources.context)
    let request = HTTPRequest(
      method: "POST", url: "\(endpoint.url)/token",
      headers: [("Content-Type", "application/json"), ("Accept", "application/json")],
      body: try toJSON(
        Request(clientId: registration.id, clientSecret: registration.secret, refreshToken: registration.refreshToken)))
    let service = CredentialService(AWSService.ssoOIDC.title, context: sources.context, attempts: sources.attempts)
    let response: HTTPResponse
    do {
      response = try service.answerOrFailure { request }
    } catch let failure as Failure where !isExpired && failure.code == .connection {
      return nil
    }
    guard response.head.status == 200 else { return nil }
    guard let answer = fromJSON(Answer.self, response.body), answer.expiresIn > 0, answer.expiresIn < 1 << 32 else {
      throw service.nonsense(response, from: request.url)
    }
    let expiration = now + answer.expiresIn
    let renewed = Token(
      startUrl: session.startURL, region: session.region.name, accessToken: answer.accessToken,
      expiresAt: expiration.rfc3339Seconds,
      clientId: token.clientId, clientSecret: token.clientSecret, registrationExpiresAt: token.registrationExpiresAt,
      refreshToken: answer.refreshToken)
    _ = file.replace(with: try toJSON(renewed))
    return (renewed, expiration)
  }
}
