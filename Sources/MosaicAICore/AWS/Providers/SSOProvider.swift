/// AWS IAM Identity Center: exchanges the token of `aws sso login` for a role's credentials ("Configure the AWS CLI to
/// use IAM Identity Center", AWS CLI User Guide). The token can be renewed if the profile has an `sso_session`.
struct SSOProvider: CredentialsProvider {
  let sources: CredentialSources
  let profile: AWSProfile

  var name: String { "IAM Identity Center (profile \(profile.name))" }

  func credentials() throws -> Credentials? {
    guard profile.has("sso_role_name") || profile.has("sso_account_id") else { return nil }
    let section = try sessionSection()
    let merged = section.map { profile.overridden(by: $0) } ?? profile
    let role = try required("sso_role_name", in: merged)
    let account = try required("sso_account_id", in: merged)
    let session = try session(in: section)
    return .accessKey(
      try sources.cached(cacheKey(role: role, account: account, session: session), providerType: "sso") {
        let tokens = SSOTokens(sources: sources, session: session, profileName: profile.name)
        let token = try tokens.accessToken()
        func exchange(_ token: Secret) throws -> AccessKey {
          try roleCredentials(role: role, account: account, region: session.region, token: token)
        }
        do {
          return try exchange(token)
        } catch let failure as Failure where failure.code == .credentialsExpired {
          guard let other = try tokens.accessToken(otherThan: token) else { throw failure }
          return try exchange(other)
        }
      })
  }

  /// The section that `sso_session` names. It must not contradict the profile.
  private func sessionSection() throws -> AWSProfile? {
    guard let name = try profile.text("sso_session") else { return nil }
    guard let section = sources.settings.files.ssoSessions[name] else {
      throw Failure(
        .configInvalid, "profile \(profile.name) has the sso_session \(name), which does not exist",
        advice: .either([
          .runAWS("configure sso", profile: profile.name),
          "add [sso-session \(name)] to \(sources.settings.configPath)",
        ]))
    }
    for key in section.keys where profile.has(key) {
      guard try profile.text(key) == section.text(key) else {
        throw Failure(
          .configInvalid, "`\(key)` of profile \(profile.name) and `\(key)` of [sso-session \(name)] are different",
          advice: "remove it from the profile")
      }
    }
    return section
  }

  private func session(in section: AWSProfile?) throws -> SSOSession {
    let source = section ?? profile
    let startURL = try required("sso_start_url", in: source)
    let region = try required("sso_region", in: source)
    let file = source.file(of: "sso_region") ?? sources.settings.configPath
    let origin =
      section.map { SettingOrigin.ssoSession($0.name, file: file) } ?? .profile(profile.name, file: file)
    return SSOSession(name: section?.name, startURL: startURL, region: try AWSRegion(Sourced(region, from: origin)))
  }

  private func required(_ key: String, in section: AWSProfile) throws -> String {
    guard let value = try section.nonEmpty(key) else {
      throw Failure(
        .configInvalid, "profile \(profile.name) uses IAM Identity Center but `\(key)` is missing",
        advice: .runAWS("configure sso", profile: profile.name))
    }
    return value
  }

  /// The name of the AWS CLI's cache file: SHA-1 of the arguments in JSON.
  private func cacheKey(role: String, account: String, session: SSOSession) -> String {
    let identity =
      session.name.map { "\"sessionName\":\(pythonJSON($0))" } ?? "\"startUrl\":\(pythonJSON(session.startURL))"
    return hexadecimal(sha1("{\"accountId\":\(pythonJSON(account)),\"roleName\":\(pythonJSON(role)),\(identity)}"))
  }

  /// Exchanges the token for the role's credentials.
  private func roleCredentials(role: String, account: String, region: AWSRegion, token: Secret) throws -> AccessKey {
    let endpoint = try AWSEndpoint.resolve(.sso, region: region, settings: sources.settings, context: sources.context)
    let query = formEncoded([("role_name", role), ("account_id", account)])
    let request = HTTPRequest(
      method: "GET", url: "\(endpoint.url)/federation/credentials?\(query)",
      headers: [("x-amz-sso_bearer_token", token.exposed), ("Accept", "application/json")])
    let service = CredentialService(.sso, at: endpoint, sources)
    let response = try service.answerOrFailure { request }
    let answer = JSON.reading(response.body)
    switch response.head.status {
    case 200:
      guard let member = answer?["roleCredentials"],
        let key = try? CredentialsJSON(member, .identityCenter).temporaryKey, key.expiration != nil
      else {
        throw service.nonsense(response, from: request.url)
      }
      return key
    case 401:
      throw Failure(
        .credentialsExpired, "the login of profile \(profile.name) to IAM Identity Center is no longer valid",
        advice: .runAWS("sso login", profile: profile.name))
    case 400..<500:
      guard let answer, case .success(let message) = Result(catching: { try answer.text("message") }) else {
        throw service.nonsense(response, from: request.url)
      }
      let reason = message.map { ": \(printable(hiding([token], in: $0)))" } ?? ""
      throw Failure(
        .credentialsFailed,
        "IAM Identity Center refuses the role \(printable(role)) in account \(printable(account)) "
          + "(HTTP \(response.head.status))\(reason)",
        advice: "check sso_role_name and sso_account_id of profile \(profile.name), and that you have the role")
    default:
      throw service.nonsense(response, from: request.url)
    }
  }
}

/// A login to IAM Identity Center.
struct SSOSession: Sendable {
  /// The name in `[sso-session NAME]`; nil with the older keys.
  let name: String?
  /// The login page.
  let startURL: String
  /// The region of Identity Center.
  let region: AWSRegion
}
