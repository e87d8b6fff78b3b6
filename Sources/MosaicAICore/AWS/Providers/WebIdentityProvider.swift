/// A role that a token of an identity provider authorizes: `AWS_WEB_IDENTITY_TOKEN_FILE` and `AWS_ROLE_ARN`, or the
/// same in the profile ("Assume role with web identity", AWS SDKs and Tools Reference).
struct WebIdentityProvider: CredentialsProvider {
  let sources: CredentialSources
  /// The profile that may name the token.
  let profile: AWSProfile
  /// Whether variables may name it.
  let isEnvironmentUsed: Bool

  var name: String { "web identity (AWS_WEB_IDENTITY_TOKEN_FILE, profile \(profile.name))" }

  func credentials() throws -> Credentials? {
    guard let path = try setting("web_identity_token_file", "AWS_WEB_IDENTITY_TOKEN_FILE") else { return nil }
    guard let role = try setting("role_arn", "AWS_ROLE_ARN") else {
      throw Failure(
        .configInvalid, "there is a web identity token (\(path.origin)) but no role to assume with it",
        advice: isEnvironmentUsed ? "set AWS_ROLE_ARN, or role_arn in the profile" : "set role_arn in the profile")
    }
    let parameters = RoleParameters(
      roleARN: role.value, sessionName: try setting("role_session_name", "AWS_ROLE_SESSION_NAME")?.value)
    return .accessKey(
      try sources.cached(parameters.cacheKey) {
        try STSClient(sources).assumeRole(parameters, webIdentity: try token(path))
      })
  }

  /// A variable, else the profile's key.
  private func setting(_ key: String, _ variable: String) throws -> Sourced<String>? {
    try Lookup(context: sources.context, profile: profile).text(key: key, variable: isEnvironmentUsed ? variable : nil)
  }

  /// The token, without white space around it.
  private func token(_ path: Sourced<String>) throws -> Secret {
    guard let bytes = try LocalFile(path.value).readableContents(sources.context.cancellation),
      let text = String(validating: bytes.withoutByteOrderMark, as: UTF8.self)
    else {
      throw Failure(
        .configInvalid, "cannot read the web identity token file \(path.value) (\(path.origin))",
        advice: "check the path and its permissions, and that the identity provider writes the token there")
    }
    let token = pythonStripped(text)
    guard !token.isEmpty else {
      throw Failure(
        .configInvalid, "the web identity token file \(path.value) (\(path.origin)) is empty",
        advice: "check that the identity provider writes the token there")
    }
    return Secret(token)
  }
}
