/// `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and, of temporary credentials, `AWS_SESSION_TOKEN`.
struct EnvironmentProvider: CredentialsProvider {
  let name = "environment (AWS_ACCESS_KEY_ID)"
  let context: AWSContext

  func credentials() throws -> Credentials? {
    guard let id = context.variable("AWS_ACCESS_KEY_ID") else { return nil }
    guard let secret = context.variable("AWS_SECRET_ACCESS_KEY") else {
      throw Failure(
        .configInvalid, "AWS_ACCESS_KEY_ID is set but AWS_SECRET_ACCESS_KEY is not", advice: "set both, or neither")
    }
    let token = context.variable("AWS_SECURITY_TOKEN") ?? context.variable("AWS_SESSION_TOKEN")
    return .accessKey(
      AccessKey(id: id, secret: Secret(secret), sessionToken: token.map(Secret.init), expiration: try expiration()))
  }

  /// `AWS_CREDENTIAL_EXPIRATION`, which must not have passed.
  private func expiration() throws -> Timestamp? {
    guard let text = context.variable("AWS_CREDENTIAL_EXPIRATION") else { return nil }
    guard let time = Timestamp(aws: text) else {
      throw Failure(
        .configInvalid, "AWS_CREDENTIAL_EXPIRATION is not a time: \(visible(text, limit: 40))",
        advice: "set it to a time such as 2030-01-31T12:00:00Z, or unset it")
    }
    guard time > context.now() else {
      throw Failure(
        .credentialsExpired, "the credentials in the environment expired at \(time.rfc3339)",
        advice: "get new ones and set the AWS_* variables again, or unset them")
    }
    return time
  }
}
