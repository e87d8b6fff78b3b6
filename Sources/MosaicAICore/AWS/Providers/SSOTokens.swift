/// The cached token of `aws sso login`, renewed before it expires.
struct SSOTokens: Sendable {
  /// The AWS CLI's file, without the members that are not used.
  private struct Token {
    let accessToken: String
    let expiration: Timestamp
    let clientID: String?
    let clientSecret: String?
    let registrationExpiresAt: String?
    let refreshToken: String?

    init(
      accessToken: String, expiration: Timestamp, clientID: String?, clientSecret: String?,
      registrationExpiresAt: String?, refreshToken: String?
    ) {
      self.accessToken = accessToken
      self.expiration = expiration
      self.clientID = clientID
      self.clientSecret = clientSecret
      self.registrationExpiresAt = registrationExpiresAt
      self.refreshToken = refreshToken
    }

    /// Nil if a member is missing, or if a text is something else.
    init?(_ json: JSON) throws {
      for unused in ["startUrl", "region"] { _ = try json.text(unused) }
      guard let accessToken = try json.text("accessToken"),
        let expiration = try json.text("expiresAt").flatMap(Timestamp.init(rfc3339:))
      else { return nil }
      self.init(
        accessToken: accessToken, expiration: expiration, clientID: try json.text("clientId"),
        clientSecret: try json.text("clientSecret"), registrationExpiresAt: try json.text("registrationExpiresAt"),
        refreshToken: try json.text("refreshToken"))
    }

    /// The file for a session: members in order of their names, those that are nil left out.
    func json(_ session: SSOSession) -> JSON {
      let members: [(String, String?)] = [
        ("accessToken", accessToken), ("clientId", clientID), ("clientSecret", clientSecret),
        ("expiresAt", expiration.rfc3339Seconds), ("refreshToken", refreshToken), ("region", session.region.name),
        ("registrationExpiresAt", registrationExpiresAt), ("startUrl", session.startURL),
      ]
      return .object(members.compactMap { name, text in text.map { JSON.Member(name, .string($0)) } })
    }

    /// The parts that renew it, if all are there and still valid.
    func registration(at time: Timestamp) -> (id: String, secret: String, refreshToken: String)? {
      guard let clientID, let clientSecret, let refreshToken,
        let end = registrationExpiresAt.flatMap(Timestamp.init(rfc3339:)), end > time
      else { return nil }
      return (clientID, clientSecret, refreshToken)
    }
  }

  /// A token that expires sooner is renewed, in seconds.
  private static let minimumLifetime: Int64 = 15 * 60

  let sources: CredentialSources
  let session: SSOSession
  /// The profile that is logged in, for messages.
  let profileName: String

  /// A token that has not expired.
  ///
  /// - Throws: `Failure` with code `credentials_expired` if there is none; the failure to renew it
  func accessToken() throws -> Secret {
    let now = sources.context.now()
    guard let json = file.readableContents().flatMap(JSON.reading), var token = try? Token(json) else {
      throw expired("profile \(profileName) is not logged in to IAM Identity Center")
    }
    if session.name != nil, token.expiration < now + SSOTokens.minimumLifetime,
      let renewed = try renewed(token, isExpired: token.expiration <= now)
    {
      token = renewed
    }
    guard token.expiration > now else {
      throw expired(
        "the login of profile \(profileName) to IAM Identity Center expired at \(token.expiration.rfc3339Seconds)")
    }
    return Secret(token.accessToken)
  }

  /// `~/.aws/sso/cache/`, SHA-1 of the session's name or else of the start URL.
  private var file: LocalFile {
    let name = hexadecimal(sha1(session.name ?? session.startURL))
    return LocalFile("\(sources.context.home)/.aws/sso/cache/\(name).json")
  }

  private func expired(_ message: String) -> Failure {
    Failure(.credentialsExpired, message, advice: .runAWS("sso login", profile: profileName))
  }

  /// The renewed token, also written to the file if possible; nil if it cannot be renewed.
  ///
  /// - Parameter isExpired: whether it must be renewed. If not, it does not matter that the service cannot be reached.
  private func renewed(_ token: Token, isExpired: Bool) throws -> Token? {
    let now = sources.context.now()
    guard let registration = token.registration(at: now) else { return nil }
    let endpoint = try AWSEndpoint.resolve(
      .ssoOIDC, region: session.region, settings: sources.settings, context: sources.context)
    let body: JSON = [
      "clientId": .string(registration.id), "clientSecret": .string(registration.secret),
      "grantType": "refresh_token", "refreshToken": .string(registration.refreshToken),
    ]
    let request = HTTPRequest(
      method: "POST", url: "\(endpoint.url)/token",
      headers: [("Content-Type", "application/json"), ("Accept", "application/json")], body: Array(body.compact.utf8))
    let service = CredentialService(AWSService.ssoOIDC.title, context: sources.context, attempts: sources.attempts)
    let response: HTTPResponse
    do {
      response = try service.answerOrFailure { request }
    } catch let failure as Failure where !isExpired && failure.code == .connection {
      return nil
    }
    guard response.head.status == 200 else { return nil }
    guard let answer = JSON.reading(response.body),
      let renewed = try? SSOTokens.token(in: answer, renewing: token, at: now)
    else {
      throw service.nonsense(response, from: request.url)
    }
    try? file.replace(with: Array(renewed.json(session).compact.utf8))
    return renewed
  }

  /// The token in the service's answer, with the old one's registration; nil if there is none.
  private static func token(in answer: JSON, renewing old: Token, at now: Timestamp) throws -> Token? {
    guard let accessToken = try answer.text("accessToken"), let seconds = try answer.wholeNumber("expiresIn"),
      (1..<1 << 32).contains(seconds)
    else { return nil }
    return Token(
      accessToken: accessToken, expiration: now + Int64(seconds), clientID: old.clientID,
      clientSecret: old.clientSecret,
      registrationExpiresAt: old.registrationExpiresAt, refreshToken: try answer.text("refreshToken"))
  }
}
