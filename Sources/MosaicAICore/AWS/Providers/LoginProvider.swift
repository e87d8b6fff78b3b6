/// The credentials of `aws login` (`login_session` in the profile), used as long as they are valid. Only the AWS CLI
/// renews them.
struct LoginProvider: CredentialsProvider {
  let context: AWSContext
  let profile: AWSProfile

  var name: String { "aws login (profile \(profile.name))" }

  func credentials() throws -> Credentials? {
    guard let session = try profile.text("login_session") else { return nil }
    let folder = context.file(variable: "AWS_LOGIN_CACHE_DIRECTORY", else: "~/.aws/login/cache").path
    let file = LocalFile("\(folder)/\(hexadecimal(sha256(session))).json")
    let login = Advice.runAWS("login", profile: profile.name)
    guard let token = try file.sharedJSON(context)?["accessToken"],
      let key = try? CredentialsJSON(token, .login).temporaryKey, let expiration = key.expiration
    else {
      throw Failure(.credentialsExpired, "profile \(profile.name) is not logged in", advice: login)
    }
    guard expiration > context.now() else {
      throw Failure(
        .credentialsExpired, "the login of profile \(profile.name) expired at \(expiration.rfc3339Seconds)",
        advice: .either([login, "have the AWS CLI renew it with `aws sts get-caller-identity`"]))
    }
    return .accessKey(key)
  }
}
