/// AWS Security Token Service: exchanges one proof of identity for temporary credentials.
struct STSClient: Sendable {
  private let service: CredentialService
  private let context: AWSContext
  private let endpoint: AWSEndpoint

  /// STS of the region and the settings.
  ///
  /// - Throws: `Failure` with code `config_invalid` if the settings of the endpoint are malformed
  init(_ sources: CredentialSources) throws {
    context = sources.context
    endpoint = try AWSEndpoint.resolve(.sts, region: sources.region, settings: sources.settings, context: context)
    service = CredentialService(.sts, at: endpoint, sources)
  }

  /// `AssumeRole`, signed with `key`.
  ///
  /// - Throws: as `credentials(for:signedWith:role:)`
  func assumeRole(_ parameters: RoleParameters, code: Secret?, with key: AccessKey) throws -> AccessKey {
    var form = [("Action", "AssumeRole"), ("Version", "2011-06-15")] + form(parameters)
    form += parameters.externalID.map { [("ExternalId", $0)] } ?? []
    form += parameters.durationSeconds.map { [("DurationSeconds", String($0))] } ?? []
    form += parameters.mfaSerial.map { [("SerialNumber", $0)] } ?? []
    form += code.map { [("TokenCode", $0.exposed)] } ?? []
    return try credentials(for: form, signedWith: key, role: parameters.roleARN)
  }

  /// `AssumeRoleWithWebIdentity`, authorized by the token itself.
  ///
  /// - Throws: as `credentials(for:signedWith:role:)`
  func assumeRole(_ parameters: RoleParameters, webIdentity token: Secret) throws -> AccessKey {
    let form =
      [("Action", "AssumeRoleWithWebIdentity"), ("Version", "2011-06-15")] + form(parameters) + [
        ("WebIdentityToken", token.exposed)
      ]
    return try credentials(for: form, signedWith: nil, role: parameters.roleARN)
  }

  /// The part of the form that both ways of assuming a role have.
  private func form(_ parameters: RoleParameters) -> [(String, String)] {
    let name = parameters.sessionName ?? "mosaic-ai-\(context.now().milliseconds / 1000)"
    return [("RoleArn", parameters.roleARN), ("RoleSessionName", name)]
  }

  /// Sends a form and reads the credentials in the answer.
  ///
  /// - Throws: `Failure` with code `credentials_expired` if the key or token has expired, `credentials_failed` if STS
  ///   refuses or answers nonsense; as `CredentialService.answerOrFailure`
  private func credentials(for form: [(String, String)], signedWith key: AccessKey?, role: String) throws -> AccessKey {
    let request = HTTPRequest(
      method: "POST", url: "\(endpoint.url)/",
      headers: [("Content-Type", "application/x-www-form-urlencoded; charset=utf-8"), ("Accept", "*/*")],
      body: Array(formEncoded(form.map { (name: $0.0, value: $0.1) }).utf8))
    let signer = SigV4Signer(service: "sts", region: endpoint.signingRegion)
    let response = try service.answerOrFailure {
      key.map { signer.sign(request, with: $0, at: context.now()) } ?? request
    }
    guard let document = XMLElement(response.body) else { throw service.nonsense(response, from: request.url) }
    if response.head.status == 200, let credentials = document.first("Credentials"),
      let id = credentials.value("AccessKeyId"),
      let secret = credentials.value("SecretAccessKey"), let token = credentials.value("SessionToken"),
      let expiration = credentials.value("Expiration").flatMap(Timestamp.init(aws:))
    {
      return AccessKey(id: id, secret: Secret(secret), sessionToken: Secret(token), expiration: expiration)
    }
    guard response.head.status != 200, let error = document.first("Error"), let code = error.value("Code") else {
      throw service.nonsense(response, from: request.url)
    }
    let secrets =
      form.filter { ["WebIdentityToken", "TokenCode"].contains($0.0) }.map { Secret($0.1) } + (key?.secrets ?? [])
    let message = hiding(secrets, in: error.value("Message") ?? "")
    throw refusal(code: code, message: message, role: role, isWebIdentity: key == nil)
  }

  /// The failure for an error of STS. Only the first line of the message is used: the others repeat the request with
  /// its tokens.
  private func refusal(code: String, message: String, role: String, isWebIdentity: Bool) -> Failure {
    let reason = message.isEmpty ? printable(code, limit: 80) : "\(printable(code, limit: 80)): \(printable(message))"
    func refuses(_ advice: Advice, _ failureCode: FailureCode = .credentialsFailed) -> Failure {
      Failure(failureCode, "AWS STS refuses the role \(printable(role)): \(reason)", advice: advice)
    }
    switch code {
    case "ExpiredToken", "ExpiredTokenException":
      return refuses(
        isWebIdentity ? "renew the web identity token in its file" : "renew the credentials that assume the role",
        .credentialsExpired)
    case "AccessDenied", "AccessDeniedException":
      return refuses(
        .steps([
          "allow it in the role's trust policy", "allow sts:AssumeRole for the identity that assumes it",
          "check external_id and mfa_serial",
        ]))
    case "InvalidIdentityToken", "IDPRejectedClaim":
      return refuses("check the web identity token, and that the role trusts its identity provider")
    case "RegionDisabledException":
      return refuses("activate AWS STS for the region in your account, or choose another region")
    case "RequestExpired": return refuses("check this machine's clock")
    case "InvalidClientTokenId", "SignatureDoesNotMatch":
      return Failure(
        .credentialsFailed,
        "AWS STS does not accept the key that assumes the role \(printable(role)): \(printable(code, limit: 80))",
        advice: "check the access key and the secret key of the source profile, and this machine's clock")
    default:
      return refuses("check the settings of the role: role_arn, role_session_name, external_id, duration_seconds")
    }
  }
}

/// The parameters of a request for a role.
struct RoleParameters: Equatable, Sendable {
  /// `role_arn`.
  let roleARN: String
  /// `role_session_name`.
  var sessionName: String?
  /// `external_id`.
  var externalID: String?
  /// `duration_seconds`.
  var durationSeconds: Int?
  /// `mfa_serial`.
  var mfaSerial: String?

  /// The name of the AWS CLI's cache file for the role: SHA-1 of the arguments as Python writes them in JSON.
  var cacheKey: String {
    var members: [String] = []
    func add(_ name: String, _ value: String?) {
      if let value { members.append("\"\(name)\": \(value)") }
    }
    add("DurationSeconds", durationSeconds.map { String($0) })
    add("ExternalId", externalID.map(pythonJSON))
    add("RoleArn", pythonJSON(roleARN))
    add("RoleSessionName", sessionName.map(pythonJSON))
    add("SerialNumber", mfaSerial.map(pythonJSON))
    return hexadecimal(sha1("{\(members.joined(separator: ", "))}"))
  }
}
