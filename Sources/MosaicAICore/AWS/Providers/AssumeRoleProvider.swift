/// A role that a profile assumes with other credentials: of its `source_profile`, which may assume a role itself, or of
/// its `credential_source` ("Using an IAM role in the AWS CLI", AWS CLI User Guide).
struct AssumeRoleProvider: CredentialsProvider {
  let sources: CredentialSources
  /// The profile that may have a role.
  let profileName: String

  var name: String { "role (profile \(profileName))" }

  func credentials() throws -> Credentials? {
    guard isRole(sources.profile(profileName)) else { return nil }
    return .accessKey(try assume(profileName, visited: [profileName]))
  }

  /// A web identity in the profile makes the role that one's.
  private func isRole(_ profile: AWSProfile) -> Bool {
    profile.has("role_arn") && !profile.has("web_identity_token_file")
  }

  /// Whether it has an access key of its own, or half of one.
  private func hasKey(_ profile: AWSProfile) -> Bool {
    profile.has("aws_access_key_id") || profile.has("aws_secret_access_key")
  }

  /// The credentials of the profile's role.
  private func assume(_ name: String, visited: [String]) throws -> AccessKey {
    let profile = sources.profile(name)
    let source = try source(of: profile, visited: visited)
    let parameters = try parameters(profile)
    return try sources.cached(parameters.cacheKey) {
      let key = try key(from: source, of: profile, visited: visited)
      let code = try parameters.mfaSerial.map { try askCode(for: $0, profile: name) }
      return try STSClient(sources).assumeRole(parameters, code: code, with: key)
    }
  }

  /// What the profile asks for its role with.
  private func parameters(_ profile: AWSProfile) throws -> RoleParameters {
    guard let role = try profile.nonEmpty("role_arn") else {
      throw Failure(
        .configInvalid, "profile \(profile.name) has an empty role_arn", hint: "set it to the role's ARN, or remove it")
    }
    return RoleParameters(
      roleARN: role, sessionName: try profile.nonEmpty("role_session_name"),
      externalID: try profile.nonEmpty("external_id"),
      durationSeconds: try profile.text("duration_seconds").flatMap { Int(pythonStripped($0)) },
      mfaSerial: try profile.nonEmpty("mfa_serial"))
  }

  // MARK: The credentials that assume the role

  /// What assumes a role.
  private enum Source {
    case profile(String)
    case provider(any CredentialsProvider, named: String)
  }

  /// What the profile says assumes its role, and that it makes sense.
  private func source(of profile: AWSProfile, visited: [String]) throws -> Source {
    switch (try profile.text("source_profile"), try profile.text("credential_source")) {
    case (.some, .some):
      throw Failure(
        .configInvalid, "profile \(profile.name) has both source_profile and credential_source",
        hint: "remove one of the two")
    case (nil, nil):
      throw Failure(
        .configInvalid, "profile \(profile.name) has a role_arn and nothing that assumes it",
        hint: "add source_profile or credential_source")
    case (nil, .some(let name)):
      return .provider(try provider(credentialSource: name, of: profile), named: name)
    case (.some(let name), nil):
      try check(sourceProfile: name, of: profile, visited: visited)
      return .profile(name)
    }
  }

  /// The source that `credential_source` names.
  private func provider(credentialSource name: String, of profile: AWSProfile) throws -> any CredentialsProvider {
    switch name {
    case "Environment": return EnvironmentProvider(context: sources.context)
    case "EcsContainer": return ContainerProvider(context: sources.context)
    case "Ec2InstanceMetadata":
      return InstanceMetadataProvider(context: sources.context, profile: sources.settings.profile)
    default:
      throw Failure(
        .configInvalid, "profile \(profile.name) has the unknown credential_source \(printable(name))",
        hint: "write Environment, EcsContainer or Ec2InstanceMetadata")
    }
  }

  /// A profile may name itself, if it has a key of its own; else no profile may come twice.
  private func check(sourceProfile name: String, of profile: AWSProfile, visited: [String]) throws {
    guard let source = sources.settings.files.profiles[name] else {
      throw Failure(
        .configInvalid, "profile \(profile.name) has the source_profile \(name), which does not exist",
        hint: "add [profile \(name)] to \(sources.settings.configPath), or correct source_profile")
    }
    let isOwnKey = name == profile.name && hasKey(source)
    if visited.contains(name) && !isOwnKey {
      throw Failure(
        .configInvalid, "the source profiles go round in a circle: \((visited + [name]).joined(separator: " → "))",
        hint: "let the last source_profile name one that has credentials of its own")
    }
  }

  /// The access key that assumes the role.
  private func key(from source: Source, of profile: AWSProfile, visited: [String]) throws -> AccessKey {
    switch source {
    case .provider(let provider, let name):
      guard case .accessKey(let key) = try provider.currentCredentials(sources.context) else {
        throw Failure(
          .credentialsFailed,
          "profile \(profile.name) assumes its role with credential_source \(name), which has no credentials here",
          hint: "set them up, or name a source_profile instead")
      }
      return key
    case .profile(let name):
      let source = sources.profile(name)
      if !hasKey(source) && isRole(source) { return try assume(name, visited: visited + [name]) }
      for provider in sources.ofProfile(name, isEnvironmentUsed: false) {
        if case .accessKey(let key) = try provider.currentCredentials(sources.context) { return key }
      }
      throw Failure(
        .configInvalid, "profile \(profile.name) has the source_profile \(name), which has no credentials",
        hint: "run `aws configure --profile \(name)`")
    }
  }

  /// The MFA code, from whoever sits at the terminal.
  private func askCode(for serial: String, profile: String) throws -> Secret {
    guard let code = try sources.context.askCode?("Enter MFA code for \(printable(serial)): "), !code.exposed.isEmpty
    else {
      throw Failure(
        .credentialsFailed, "profile \(profile) needs an MFA code of \(printable(serial)) and none was given",
        hint: "run this once on a terminal; the credentials are then kept until they expire")
    }
    return code
  }
}
