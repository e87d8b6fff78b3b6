/// An access key in a file of the AWS CLI.
struct FileProvider: CredentialsProvider {
  let name: String
  /// Its section of the file, if there is one.
  private let profile: AWSProfile?
  private let path: String

  /// The profile's section of the shared credentials file.
  static func credentials(of profile: String, in files: ConfigurationFiles) -> FileProvider {
    FileProvider(
      name: "credentials file (\(files.credentials.path))", profile: files.credentialsProfiles[profile],
      path: files.credentials.path)
  }

  /// The profile's section of the configuration file.
  static func config(of profile: String, in files: ConfigurationFiles) -> FileProvider {
    FileProvider(
      name: "config file (\(files.config.path))", profile: files.configProfiles[profile], path: files.config.path)
  }

  func credentials() throws -> Credentials? {
    guard let profile, profile.has("aws_access_key_id") else { return nil }
    guard let id = try profile.nonEmpty("aws_access_key_id"), let secret = try profile.nonEmpty("aws_secret_access_key")
    else {
      let missing = try profile.nonEmpty("aws_access_key_id") == nil ? "aws_access_key_id" : "aws_secret_access_key"
      throw Failure(
        .configInvalid, "profile \(profile.name) in \(path) has half a key: `\(missing)` is missing",
        advice: .runAWS("configure", profile: profile.name))
    }
    let token = try profile.text("aws_security_token") ?? profile.text("aws_session_token")
    return .accessKey(
      AccessKey(id: id, secret: Secret(secret), sessionToken: token.flatMap { $0.isEmpty ? nil : Secret($0) }))
  }
}
