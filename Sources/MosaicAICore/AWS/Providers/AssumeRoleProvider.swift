/// A role that a profile assumes with other credentials: those of its `source_profile`, which may assume a role itself,
/// or of its `credential_source` ("Using an IAM role in the AWS CLI", AWS CLI User Guide).
struct AssumeRoleProvider: CredentialsProvider {
  let sources: CredentialSources
  /// The profile that may have a role.
  let profileName: String

  var name: String { "role (profile \(profileName))" }

  func credentials() throws -> Credentials? {
    guard isRole(sources.profile(profileName)) else { return nil }
    return .accessKey(try assume(profileName, visited: [profileName]))
  }

  /// Whether the profile assumes a role with an access key. A web identity in it takes the role for itself.
  private func isRole(_ profile: AWSProfile) -> Bool {
    profile.has("role_arn") && !profile.has("web_identity_token_file")
  }

  /// Whether the profile has an access key of its own, or half of one.
  private func hasKey(_ profile: AWSProfile) -> Bool {
    profile.has("aws_access_key_id") || profile.has("aws_secret_access_key")
  }

  /// The credentials of the profile's role.
  private func assume(_ name: String, visited: [String]) throws -> AccessKey {
    let profile = sources.profile(name)
    let source = try source(of: profile, visited: visited)
    let parameters = try parameters(profile)
    return try sources.cached(parameters.cacheKey, isAsking: parameters.mfaSerial != nil) {
      let key = try key(from: source, of: profile, sources.ofSource(fetching: parameters.cacheKey), visited: visited)
      let code = try parameters.mfaSerial.map { try askCode(for: $0, profile: name) }
      return try STSClient(sources).assumeRole(parameters, code: code, with: key)
    }
  }

  /// What the profile says about its role.
  private func parameters(_ profile: AWSProfile) throws -> RoleParameters {
    guard let role = try profile.nonEmpty("role_arn") else {
      throw Failure(
        .configInvalid, "profile \(profile.name) has an empty role_arn",
        advice: "set it to the role's ARN, or remove it")
    }
    return RoleParameters(
      roleARN: role, sessionName: try profile.nonEmpty("role_session_name"),
      externalID: try profile.nonEmpty("external_id"),
      durationSeconds: try profile.text("duration_seconds").flatMap { Int(pythonStripped($0)) },
      mfaSerial: try profile.nonEmpty("mfa_serial"))
  }

  // MARK: The credentials that assume the role

  /// Where the credentials come from that assume a role.
  private enum Source {
    case profile(String)
    case provider(any CredentialsProvider, named: String)
  }

  /// The source that the profile names, checked to exist.
  private func source(of profile: AWSProfile, visited: [String]) throws -> Source {
    switch (try profile.text("source_profile"), try profile.text("credential_source")) {
    case (.some, .some):
      throw Failure(
        .configInvalid, "profile \(profile.name) has both source_profile and credential_source",
        advice: "remove one of the two")
    case (nil, nil):
      throw Failure(
        .configInvalid, "profile \(profile.name) has a role_arn but no source of credentials to assume it with",
        advice: "add source_profile or credential_source")
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
      return InstanceMetadataProvider(context: sources.context, profile: sources.settings.profile, isNamed: true)
    default:
      throw Failure(
        .configInvalid, "profile \(profile.name) has the unknown credential_source \(visible(name))",
        advice: "set it to Environment, EcsContainer or Ec2InstanceMetadata")
    }
  }

  /// Checks that the source profile exists. A profile may name itself if it has a key of its own; otherwise no profile
  /// may come twice.
  private func check(sourceProfile name: String, of profile: AWSProfile, visited: [String]) throws {
    guard let source = sources.settings.files.profiles[name] else {
      throw Failure(
        .configInvalid, "profile \(profile.name) has the source_profile \(name), which does not exist",
        advice: "add [profile \(name)] to \(sources.settings.configPath), or change source_profile")
    }
    let isOwnKey = name == profile.name && hasKey(source)
    if visited.contains(name) && !isOwnKey {
      throw Failure(
        .configInvalid, "the source profiles form a circle: \((visited + [name]).joined(separator: " → "))",
        advice: "set the last source_profile to a profile that has credentials of its own")
    }
  }

  /// The access key that assumes the role.
  private func key(
    from source: Source, of profile: AWSProfile, _ sources: CredentialSources, visited: [String]
  ) throws -> AccessKey {
    switch source {
    case .provider(let provider, let name):
      guard case .accessKey(let key) = try provider.currentCredentials(sources.context) else {
        throw Failure(
          .credentialsFailed,
          "profile \(profile.name) assumes its role with credential_source \(name), which has no credentials here",
          advice: "set them up, or use source_profile instead")
      }
      return key
    case .profile(let name):
      let source = sources.profile(name)
      if !hasKey(source) && isRole(source) {
        return try AssumeRoleProvider(sources: sources, profileName: name).assume(name, visited: visited + [name])
      }
      for provider in sources.ofProfile(name, isEnvironmentUsed: false) {
        if case .accessKey(let key) = try provider.currentCredentials(sources.context) { return key }
      }
      throw Failure(
        .configInvalid, "profile \(profile.name) has the source_profile \(name), which has no credentials",
        advice: .runAWS("configure", profile: name))
    }
  }

  /// Asks for an MFA code on the terminal.
  private func askCode(for serial: String, profile: String) throws -> Secret {
    guard let code = try sources.context.askCode?("Enter MFA code for \(printable(serial)): "), !code.exposed.isEmpty
    else {
      throw Failure(
        .credentialsFailed, "profile \(profile) needs an MFA code of \(printable(serial)), and there is none",
        advice: "run the command once on a terminal; the credentials are then kept until they expire")
    }
    return code
  }
}
