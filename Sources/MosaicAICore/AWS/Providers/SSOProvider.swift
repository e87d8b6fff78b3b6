/// AWS IAM Identity Center: the token of `aws sso login` exchanged for a role's credentials ("Configure the AWS CLI to
/// use IAM Identity Center", AWS CLI User Guide). With `sso_session` the token is renewed; with the older keys alone it
/// is not.
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
        let token = try SSOTokens(sources: sources, session: session, profileName: profile.name).accessToken()
        return try roleCredentials(role: role, account: account, region: session.region, token: token)
      })
  }

  /// The section that `sso_session` names; what it and the profile both say must be the same.
  private func sessionSection() throws -> AWSProfile? {
    guard let name = try profile.text("sso_session") else { return nil }
    guard let section = sources.settings.files.ssoSessions[name] else {
      throw Failure(
        .configInvalid, "profile \(profile.name) has the sso_session \(name), which does not exist",
        hint:
          "run `aws configure sso --profile \(profile.name)`, or add [sso-session \(name)] to \(sources.settings.configPath)"
      )
    }
    for key in section.keys where profile.has(key) {
      guard try profile.text(key) == section.text(key) else {
        throw Failure(
          .configInvalid, "`\(key)` is one thing in profile \(profile.name) and another in [sso-session \(name)]",
          hint: "remove it from the profile")
      }
    }
    return section
  }

  /// Where one logs in.
  private func session(in section: AWSProfile?) throws -> SSOSession {
    let source = section ?? profile
    let startURL = try required("sso_start_url", in: source)
    let region = try required("sso_region", in: source)
    let origin = SettingOrigin.profile(source.name, file: source.file(of: "sso_region") ?? sources.settings.configPath)
    return SSOSession(name: section?.name, startURL: startURL, region: try AWSRegion(Sourced(region, from: origin)))
  }

  /// A setting that must be there.
  private func required(_ key: String, in section: AWSProfile) throws -> String {
    guard let value = try section.nonEmpty(key) else {
      throw Failure(
        .configInvalid, "profile \(profile.name) uses IAM Identity Center and `\(key)` is missing",
        hint: "run `aws configure sso --profile \(profile.name)`")
    }
    return value
  }

  /// The name of the AWS CLI's cache file: SHA-1 of the arguments in JSON.
  private func cacheKey(role: String, account: String, session: SSOSession) -> String {
    let identity =
      session.name.map { "\"sessionName\":\(pythonJSON($0))" } ?? "\"startUrl\":\(pythonJSON(session.startURL))"
    return hexadecimal(sha1("{\"accountId\":\(pythonJSON(account)),\"roleName\":\(pythonJSON(role)),\(identity)}"))
  }

  /// What the service gives.
  private struct Answer: Decodable {
    /// The credentials in it.
    struct RoleCredentials: Decodable {
      let accessKeyId: String
      let secretAccessKey: String
      let sessionToken: String
      /// Milliseconds since 1970, of a year with four digits.
      let expiration: Int64
    }

    let roleCredentials: RoleCredentials
  }

  /// What the service says instead.
  private struct Refusal: Decodable {
    let message: String?
  }

  /// Exchanges the token for the role's credentials.
  private func roleCredentials(role: String, account: String, region: AWSRegion, token: Secret) throws -> AccessKey {
    let endpoint = try AWSEndpoint.resolve(.sso, region: region, settings: sources.settings, context: sources.context)
    let query = formEncoded([("role_name", role), ("account_id", account)])
    let request = HTTPRequest(
      method: "GET", url: "\(endpoint.url)/federation/credentials?\(query)",
      headers: [("x-amz-sso_bearer_token", token.exposed), ("Accept", "application/json")])
    let service = CredentialService(AWSService.sso.title, context: sources.context, attempts: sources.attempts)
    let response = try service.answerOrFailure { request }
    switch response.head.status {
    case 200:
      guard let credentials = fromJSON(Answer.self, response.body)?.roleCredentials, !credentials.accessKeyId.isEmpty,
        (0..<253_402_300_800_000).contains(credentials.expiration)
      else {
        throw service.nonsense(response, from: request.url)
      }
      return AccessKey(
        id: credentials.accessKeyId, secret: Secret(credentials.secretAccessKey),
        sessionToken: Secret(credentials.sessionToken),
        expiration: Timestamp(milliseconds: credentials.expiration))
    case 401:
      throw Failure(
        .credentialsExpired, "the login to IAM Identity Center of profile \(profile.name) is no longer valid",
        hint: "run `\(loginCommand(profile.name))`")
    case 400..<500:
      guard let refusal = fromJSON(Refusal.self, response.body) else {
        throw service.nonsense(response, from: request.url)
      }
      let said = refusal.message.map { ": \(printable(hiding([token], in: $0)))" } ?? ""
      throw Failure(
        .credentialsFailed,
        "IAM Identity Center will not give \(printable(role)) in account \(printable(account)) (HTTP \(response.head.status))\(said)",
        hint: "check sso_role_name and sso_account_id of profile \(profile.name), and that the role is assigned to you")
    default:
      throw service.nonsense(response, from: request.url)
    }
  }
}

/// Where one logs in.
struct SSOSession: Sendable {
  /// Of `[sso-session NAME]`; nil with the older keys.
  let name: String?
  /// What the login page is.
  let startURL: String
  /// Where Identity Center runs.
  let region: AWSRegion
}

/// What logs in again.
func loginCommand(_ profileName: String) -> String {
  profileName == "default" ? "aws sso login" : "aws sso login --profile \(profileName)"
}
