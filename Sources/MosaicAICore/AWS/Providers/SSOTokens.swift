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
      guard let accessToken = try json.text("accessToken"), Credentials.apiKey(Secret(accessToken)).canBeSent,
        let expiration = try json.text("expiresAt").flatMap(Timestamp.init(aws:))
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
        let end = registrationExpiresAt.flatMap(Timestamp.init(aws:)), end > time
      else { return nil }
      return (clientID, clientSecret, refreshToken)
    }
  }

  /// A token that expires sooner is renewed, in seconds.
  private static let minimumLifetime: Int64 = 15 * 60
  /// How often to look for what another program has renewed, if it must be there soon.
  private static let looks = 50

  private let sources: CredentialSources
  private let session: SSOSession
  /// The profile that is logged in, for messages.
  private let profileName: String
  /// `~/.aws/sso/cache/`, SHA-1 of the session's name or else of the start URL.
  private let cache: SharedCache
  private let name: String

  init(sources: CredentialSources, session: SSOSession, profileName: String) {
    self.sources = sources
    self.session = session
    self.profileName = profileName
    cache = SharedCache(".aws/sso/cache", sources.context)
    name = hexadecimal(sha1(session.name ?? session.startURL))
  }

  /// A token that has not expired.
  ///
  /// - Throws: `Failure` with code `credentials_expired` if there is none; the failure to renew it
  func accessToken() throws -> Secret {
    guard var token = try kept() else {
      if let file = cache.forbiddenFile(name) {
        throw Failure(
          .credentialsFailed, "cannot read \(file.path), the login of profile \(profileName) to IAM Identity Center",
          advice: "make it readable for yourself")
      }
      throw expired("profile \(profileName) is not logged in to IAM Identity Center")
    }
    if isDue(token) {
      token = try cache.whileRenewing(name) {
        // Another process may have renewed it meanwhile.
        let token = try kept() ?? token
        return isDue(token) ? try renewedByAnyone(token) : token
      }
    }
    guard token.expiration > sources.context.now() else {
      throw expired(
        "the login of profile \(profileName) to IAM Identity Center expired at \(token.expiration.rfc3339Seconds)")
    }
    return Secret(token.accessToken)
  }

  /// The token that has taken the place of one that is no longer valid; nil if none has.
  ///
  /// - Throws: as `LocalFile.readableContents`
  func accessToken(otherThan token: Secret) throws -> Secret? {
    try kept().flatMap { other in
      other.expiration > sources.context.now() && other.accessToken != token.exposed ? Secret(other.accessToken) : nil
    }
  }

  /// The token in the cache that lasts longest; nil if there is none. Whoever logs out removes the AWS CLI's own.
  private func kept() throws -> Token? {
    let tokens = try cache.entries(name).map { entry in entry.flatMap { try? Token($0) } }
    guard tokens.first.flatMap({ $0 }) != nil else { return nil }
    return tokens.compactMap { $0 }.max { $0.expiration < $1.expiration }
  }

  /// Whether the token should be renewed, and can be.
  private func isDue(_ token: Token) -> Bool {
    let now = sources.context.now()
    return session.name != nil && token.expiration < now + SSOTokens.minimumLifetime
      && token.registration(at: now) != nil
  }

  private func expired(_ message: String) -> Failure {
    Failure(.credentialsExpired, message, advice: .runAWS("sso login", profile: profileName))
  }

  /// The renewed token; the old one if it cannot be renewed.
  ///
  /// A refresh token works once, and not everyone who renews takes the lock: the AWS CLI does not. So the cache has the
  /// last word.
  private func renewedByAnyone(_ token: Token) throws -> Token {
    let isExpired = token.expiration <= sources.context.now()
    let outcome = Result { try renewed(token, isExpired: isExpired) }
    if case .success(let renewed?) = outcome { return renewed }
    // Whoever took the refresh token first may not have written the new one yet.
    let isTaken = if case .success = outcome { isExpired } else { false }
    for look in 0..<(isTaken ? SSOTokens.looks : 1) {
      if look > 0, sources.context.cancellation.wait(sources.context.pause) {
        throw sources.context.cancellation.failure
      }
      try sources.context.cancellation.check()
      if let other = try kept(), other.accessToken != token.accessToken, other.expiration > sources.context.now() {
        return other
      }
    }
    return try outcome.get() ?? token
  }

  /// The renewed token, also written to the cache; nil if the service does not renew it.
  ///
  /// - Parameter isExpired: whether it must be renewed. If not, it does not matter why the service gives no other.
  private func renewed(_ token: Token, isExpired: Bool) throws -> Token? {
    let now = sources.context.now()
    // A login that is renewed and not kept is lost: the old refresh token does not work any more.
    guard isExpired || cache.hasRoom(), let registration = token.registration(at: now) else { return nil }
    let endpoint = try AWSEndpoint.resolve(
      .ssoOIDC, region: session.region, settings: sources.settings, context: sources.context)
    let body: JSON = [
      "clientId": .string(registration.id), "clientSecret": .string(registration.secret),
      "grantType": "refresh_token", "refreshToken": .string(registration.refreshToken),
    ]
    let request = HTTPRequest(
      method: "POST", url: "\(endpoint.url)/token",
      headers: [("Content-Type", "application/json"), ("Accept", "application/json")], body: Array(body.compact.utf8))
    // A service that fails says nothing about the login.
    let service = CredentialService(
      .ssoOIDC, at: endpoint, sources, isNeeded: isExpired, codeOfOwnFailure: .unavailable)
    let response: HTTPResponse
    do {
      response = try service.answerOrFailure { request }
    } catch let failure as Failure where !isExpired && failure.code != .interrupted {
      return nil
    }
    guard response.head.status == 200, let answer = JSON.reading(response.body),
      let renewed = try? SSOTokens.token(in: answer, renewing: token, at: now)
    else {
      guard isExpired, response.head.status < 400 || !service.isAuthor(of: response) else { return nil }
      throw service.nonsense(response, from: request.url)
    }
    cache.store(renewed.json(session), as: name)
    return renewed
  }

  /// The token in the service's answer, with the old one's registration; nil if there is none.
  private static func token(in answer: JSON, renewing old: Token, at now: Timestamp) throws -> Token? {
    guard let accessToken = try answer.text("accessToken"), Credentials.apiKey(Secret(accessToken)).canBeSent,
      let seconds = try answer.wholeNumber("expiresIn"),
      (1..<1 << 32).contains(seconds)
    else { return nil }
    return Token(
      accessToken: accessToken, expiration: now + Int64(seconds), clientID: old.clientID,
      clientSecret: old.clientSecret,
      registrationExpiresAt: old.registrationExpiresAt, refreshToken: try answer.text("refreshToken"))
  }
}
