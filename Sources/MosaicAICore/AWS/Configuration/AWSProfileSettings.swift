/// The settings in the AWS CLI's files and variables for the chosen profile, and the origin of each.
package struct AWSProfileSettings: Sendable {
  /// The profile: the option, `AWS_PROFILE`, `AWS_DEFAULT_PROFILE`, `config.yaml`, else `default`.
  let profileName: Sourced<String>
  /// The profile's own region.
  let region: Sourced<String>?
  /// `AWS_CA_BUNDLE` or the profile's `ca_bundle`, not checked.
  let caBundle: Sourced<String>?
  /// `AWS_MAX_ATTEMPTS` or the profile's `max_attempts`, which includes the first attempt.
  let maxAttempts: Sourced<Int>?
  /// `AWS_RETRY_MODE` or the profile's `retry_mode`: `legacy`, `standard` or `adaptive`.
  let retryMode: Sourced<String>?
  /// Whether to use FIPS endpoints.
  let useFIPSEndpoint: Sourced<Bool>
  /// Whether to use endpoints that answer over IPv6 too.
  let useDualStackEndpoint: Sourced<Bool>
  /// Whether to ignore endpoint URLs in variables and files.
  let ignoreConfiguredEndpointURLs: Sourced<Bool>
  /// Files that exist and cannot be read.
  var unreadableFiles: [String] { files.unreadable }
  /// The configuration file's path, whether it exists or not.
  var configPath: String { files.config.path }
  /// The credentials file's path, whether it exists or not.
  var credentialsPath: String { files.credentials.path }

  /// `AWS_STS_REGIONAL_ENDPOINTS` or the profile's `sts_regional_endpoints`; checked when STS is asked.
  private let stsRegionalEndpoints: Sourced<String>?
  /// All profiles of the files.
  let files: ConfigurationFiles
  /// The chosen profile, from both files.
  let profile: AWSProfile

  /// Reads the files and the variables ("Configuration and credential file settings", AWS CLI User Guide).
  ///
  /// - Throws: `Failure` with code `config_invalid` for a malformed file or value, and for a profile that is named and
  ///   missing
  init(_ context: AWSContext) throws {
    files = try ConfigurationFiles(context)
    profileName =
      context.chosen(context.profile, orVariable: ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"])
      ?? Sourced("default", from: .fallback)
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

  /// The endpoint URL that was set for a service, not checked yet; nil if none was.
  ///
  /// - Throws: `Failure` with code `config_invalid` if the profile names a `[services]` section that is missing
  func endpointURL(for service: AWSService, _ preference: Preference<String>, _ context: AWSContext) throws
    -> Sourced<String>?
  {
    if ignoreConfiguredEndpointURLs.value { return preference.option ?? preference.configured }
    let variables = ["AWS_ENDPOINT_URL_\(service.configurationName.uppercased())", "AWS_ENDPOINT_URL"]
    if let url = context.chosen(preference, orVariable: variables) { return url }
    if let name = try profile.text("services") {
      guard let section = files.services[name] else {
        throw Failure(
          .configInvalid, "profile \(profile.name) names the services section \(name), which does not exist",
          advice: "add [services \(name)] to \(configPath), or remove `services` from the profile")
      }
      if let url = try section.table(service.configurationName)?["endpoint_url"], !url.isEmpty {
        return Sourced(url, from: .services(name, file: configPath))
      }
    }
    return try Lookup(context: context, profile: profile).text(key: "endpoint_url")
  }

  /// Whether to ask STS at its old global endpoint.
  ///
  /// - Throws: `Failure` with code `config_invalid` if `sts_regional_endpoints` is neither `regional` nor `legacy`
  func isSTSGlobal(in region: String) throws -> Bool {
    if region == "aws-global" { return true }
    switch stsRegionalEndpoints?.value {
    case nil, "regional": return false
    case "legacy": return AWSProfileSettings.legacySTSRegions.contains(region)
    default:
      throw Failure(
        .configInvalid,
        "sts_regional_endpoints (\(stsRegionalEndpoints?.origin ?? .fallback)) is neither regional nor legacy",
        advice: "set it to regional")
    }
  }

  /// The regions whose requests go to the global endpoint.
  private static let legacySTSRegions: Set<String> = [
    "ap-northeast-1", "ap-south-1", "ap-southeast-1", "ap-southeast-2", "aws-global", "ca-central-1", "eu-central-1",
    "eu-north-1", "eu-west-1", "eu-west-2", "eu-west-3", "sa-east-1", "us-east-1", "us-east-2", "us-west-1",
    "us-west-2",
  ]

  /// The profile with that name; only the fallback may be missing.
  private static func profile(_ name: Sourced<String>, in files: ConfigurationFiles) throws -> AWSProfile {
    if let profile = files.profiles[name.value] { return profile }
    if name.origin == .fallback { return .empty(name.value) }
    guard files.unreadable.isEmpty else {
      let unreadable = files.unreadable.joined(separator: " and ")
      throw Failure(
        .configInvalid, "cannot look for AWS profile \(visible(name.value)) (\(name.origin)) in \(unreadable)",
        advice: .text("make \(unreadable) readable for yourself"))
    }
    let known = files.profiles.keys.sorted().map { printable($0) }
    let advice: Advice =
      known.isEmpty
      ? Advice.text("\(files.config.path) has no profiles").then(.runAWS("configure", profile: printable(name.value)))
      : Suggestion.advice(for: name.value, among: known) ?? .choose(.profile, from: known)
    throw Failure(
      .configInvalid, "AWS profile \(visible(name.value)) (\(name.origin)) does not exist", advice: advice)
  }
}
