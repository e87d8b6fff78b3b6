/// The credentials that `aws login` has left behind (`login_session` in the profile). They are used while they last;
/// renewing them is up to the AWS CLI.
struct LoginProvider: CredentialsProvider {
  /// The AWS CLI's file, as far as it is used.
  private struct Token: Decodable {
    /// The credentials in it.
    struct AccessToken: Decodable {
      let accessKeyId: String
      let secretAccessKey: String
      let sessionToken: String
      let expiresAt: String
    }

    let accessToken: AccessToken
  }

  let context: AWSContext
  let profile: AWSProfile

  var name: String { "aws login (profile \(profile.name))" }

  func credentials() throws -> Credentials? {
    guard let session = try profile.text("login_session") else { return nil }
    let folder = context.file(variable: "AWS_LOGIN_CACHE_DIRECTORY", else: "~/.aws/login/cache").path
    let command = profile.name == "default" ? "aws login" : "aws login --profile \(profile.name)"
    guard let bytes = LocalFile("\(folder)/\(hexadecimal(sha256(session))).json").contents(),
      let token = fromJSON(Token.self, bytes)?.accessToken, let expiration = Timestamp(rfc3339: token.expiresAt)
    else {
      throw Failure(.credentialsExpired, "there is no login for profile \(profile.name)", hint: "run `\(command)`")
    }
    guard expiration > context.now() else {
      throw Failure(
        .credentialsExpired, "the login of profile \(profile.name) expired at \(expiration.rfc3339Seconds)",
        hint: "run `\(command)`, or `aws sts get-caller-identity` to have the AWS CLI renew it")
    }
    return .accessKey(
      AccessKey(
        id: token.accessKeyId, secret: Secret(token.secretAccessKey), sessionToken: Secret(token.sessionToken),
        expiration: expiration))
  }
}
