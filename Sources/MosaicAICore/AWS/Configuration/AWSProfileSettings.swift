/// What the AWS CLI's files and variables say, for the chosen profile, and where each setting was made.
public struct AWSProfileSettings: Sendable {
  /// The profile: `--profile`, `AWS_PROFILE`, `AWS_DEFAULT_PROFILE`, mosaic-ai's configuration file, else `default`.
  public let profileName: Sourced<String>
  /// The profile's own region.
  public let region: Sourced<String>?
  /// `AWS_CA_BUNDLE` or the profile's `ca_bundle`; see `checkedCABundle()`.
  public let caBundle: Sourced<String>?
  /// `AWS_MAX_ATTEMPTS` or the profile's `max_attempts`, the first attempt counted.
  public let maxAttempts: Sourced<Int>?
  /// `AWS_RETRY_MODE` or the profile's `retry_mode`: `legacy`, `standard` or `adaptive`.
  public let retryMode: Sourced<String>?
  /// Whether endpoints are to be FIPS ones.
  public let useFIPSEndpoint: Sourced<Bool>
  /// Whether endpoints are to be reachable by IPv6 too.
  public let useDualStackEndpoint: Sourced<Bool>
  /// Whether endpoint URLs of variables and files are not to be used.
  public let ignoreConfiguredEndpointURLs: Sourced<Bool>
  /// Files that are there and cannot be read.
  public var unreadableFiles: [String] { files.unreadable }
  /// The configuration file's path, whether it is there or not.
  public var configPath: String { files.config.path }
  /// The credentials file's path, whether it is there or not.
  public var credentialsPath: String { files.credentials.path }

  /// `AWS_STS_REGIONAL_ENDPOINTS` or the profile's `sts_regional_endpoints`; checked where STS is asked.
  private let stsRegionalEndpoints: Sourced<String>?
  /// What the files say about every profile.
  let files: ConfigurationFiles
  /// The chosen profile, of both files.
  let profile: AWSProfile

  /// Reads the files and the variables ("Configuration and credential file settings", AWS CLI User Guide).
  ///
  /// - Throws: `Failure` with code `config_invalid` for a malformed file, a profile that is named and missing, a value
  ///   that makes no sense.
  public static func load(_ context: AWSContext) throws -> AWSProfileSettings {
    try AWSProfileSettings(context)
  }

  /// Reads files and variables.
  private init(_ context: AWSContext) throws {
    files = try ConfigurationFiles(context)
    profileName = AWSProfileSettings.profileName(context)
    profile = try AWSProfileSettings.profile(profileName, in: files)
    let lookup = Lookup(context: context, profile: profile)
    region = try lookup.text(key: "region")
    caBundle = try lookup.text(key: "ca_bundle", variable: "AWS_CA_BUNDLE")
    maxAttempts = try lookup.positive(key: "max_attempts", variable: "AWS_MAX_ATTEMPTS")
    retryMode = try lookup.choice(
      key: "retry_mode", variable: "AWS_RETRY_MODE", of: ["legacy", "standard", "adaptive"])
    useFIPSEndpoint = try lookup.flag(key: "use_fips_endpoint", variable: "AWS_USE_FIPS_ENDPOINT")
    useDualStackEndpoint = try lookup.flag(key: "use_dualstack_endpoint", variable: "AWS_USE_DUALSTACK_ENDPOINT")
    stsRegionalEndpoints = try lookup.text(key: "sts_regional_endpoints", variable: "AWS_STS_REGIONAL_ENDPOINTS")
    ignoreConfiguredEndpointURLs = try lookup.flag(
      key: "ignore_configured_endpoint_urls", variable: "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")
  }

  /// The bundle of trusted certificates, once it is known to be there.
  ///
  /// - Throws: `Failure` with code `config_invalid` where it is not.
  public func checkedCABundle() throws -> Sourced<String>? {
    guard let caBundle else { return nil }
    guard LocalFile(caBundle.value).exists else {
      throw Failure(
        .configInvalid, "no CA bundle at \(caBundle.value), which \(caBundle.origin) names",
        hint: "correct the path, or remove it")
    }
    return caBundle
  }

  /// The endpoint URL that variables or files give for a service; nil where none is given, or where they are to be
  /// ignored.
  ///
  /// - Throws: `Failure` with code `config_invalid` where the profile names a `[services]` section that is missing.
  func endpointURL(for service: AWSService, _ context: AWSContext, configured: Sourced<String>? = nil) throws
    -> Sourced<String>?
  {
    if ignoreConfiguredEndpointURLs.value { return configured }
    for name in ["AWS_ENDPOINT_URL_\(service.configurationName.uppercased())", "AWS_ENDPOINT_URL"] {
      if let url = context.variable(name) { return Sourced(url, from: .variable(name)) }
    }
    if let configured { return configured }
    if let name = try profile.text("services") {
      guard let section = files.services[name] else {
        throw Failure(
          .configInvalid, "profile \(profile.name) names the services section \(name), which does not exist",
          hint: "add [services \(name)] to \(configPath), or remove `services` from the profile")
      }
      if let url = try section.table(service.configurationName)?["endpoint_url"], !url.isEmpty {
        return Sourced(url, from: .services(name, file: configPath))
      }
    }
    return try Lookup(context: context, profile: profile).text(key: "endpoint_url")
  }

  /// Whether STS is asked at its old global endpoint.
  ///
  /// - Throws: `Failure` with code `config_invalid` where `sts_regional_endpoints` is neither `regional` nor `legacy`.
  func isSTSGlobal(in region: String) throws -> Bool {
    if region == "aws-global" { return true }
    switch stsRegionalEndpoints?.value {
    case nil, "regional": return false
    case "legacy": return AWSProfileSettings.legacySTSRegions.contains(region)
    default:
      throw Failure(
        .configInvalid,
        "sts_regional_endpoints (\(stsRegionalEndpoints?.origin ?? .fallback)) is neither regional nor legacy",
        hint: "write regional")
    }
  }

  /// The regions whose requests the global endpoint takes.
  private static let legacySTSRegions: Set<String> = [
    "ap-northeast-1", "ap-south-1", "ap-southeast-1", "ap-southeast-2", "aws-global", "ca-central-1", "eu-central-1",
    "eu-north-1",
    "eu-west-1", "eu-west-2", "eu-west-3", "sa-east-1", "us-east-1", "us-east-2", "us-west-1", "us-west-2",
  ]

  /// The name of the profile and where it was chosen.
  private static func profileName(_ context: AWSContext) -> Sourced<String> {
    if let name = context.profileFlag { return Sourced(name, from: .flag("--profile")) }
    for name in ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"] {
      if let value = context.variable(name) { return Sourced(value, from: .variable(name)) }
    }
    if let name = context.configuredProfile { return Sourced(name, from: .configuration("profile")) }
    return Sourced("default", from: .fallback)
  }

  /// The profile with that name; only the default one may be missing.
  private static func profile(_ name: Sourced<String>, in files: ConfigurationFiles) throws -> AWSProfile {
    if let profile = files.profiles[name.value] { return profile }
    if name.origin == .fallback { return .empty(name.value) }
    let known = files.profiles.keys.sorted()
    let hint =
      known.isEmpty
      ? "there are no profiles in \(files.config.path); run `aws configure --profile \(printable(name.value))`"
      : "there are: \(known.prefix(20).map { printable($0) }.joined(separator: ", "))\(known.count > 20 ? ", …" : "")"
    throw Failure(.configInvalid, "AWS profile \(printable(name.value)) (\(name.origin)) does not exist", hint: hint)
  }
}

/// Looks a setting up: the variable, then the profile.
struct Lookup {
  /// Where the variables are.
  let context: AWSContext
  /// Where the files' settings are.
  let profile: AWSProfile

  /// A text that is not empty.
  ///
  /// - Throws: `Failure` with code `config_invalid` where the profile has a nested table there.
  func text(key: String, variable: String? = nil) throws -> Sourced<String>? {
    if let variable, let value = context.variable(variable) { return Sourced(value, from: .variable(variable)) }
    guard let value = try profile.nonEmpty(key), let file = profile.file(of: key) else { return nil }
    return Sourced(value, from: .profile(profile.name, file: file))
  }

  /// `true` in any case is true, everything else false, as for botocore.
  ///
  /// - Throws: as `text(key:variable:)`
  func flag(key: String, variable: String) throws -> Sourced<Bool> {
    guard let text = try text(key: key, variable: variable) else { return Sourced(false, from: .fallback) }
    return Sourced(text.value.lowercased() == "true", from: text.origin)
  }

  /// A whole number above 0.
  ///
  /// - Throws: `Failure` with code `config_invalid` where it is not a whole number above 0.
  func positive(key: String, variable: String) throws -> Sourced<Int>? {
    guard let text = try text(key: key, variable: variable) else { return nil }
    guard let number = Int(pythonStripped(text.value)), number > 0 else {
      throw Failure(
        .configInvalid, "\(key) (\(text.origin)) is not a whole number above 0", hint: "write a number, such as 3")
    }
    return Sourced(number, from: text.origin)
  }

  /// One of a few words.
  ///
  /// - Throws: `Failure` with code `config_invalid` where it is none of `values`.
  func choice(key: String, variable: String, of values: [String]) throws -> Sourced<String>? {
    guard let text = try text(key: key, variable: variable) else { return nil }
    guard values.contains(text.value) else {
      throw Failure(
        .configInvalid, "\(key) (\(text.origin)) is not one of \(values.joined(separator: ", "))",
        hint: "write one of these")
    }
    return text
  }
}
