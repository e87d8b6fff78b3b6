/// A service of AWS that mosaic-ai talks to.
public enum AWSService: Sendable, CaseIterable {
  /// Answers questions.
  case bedrockRuntime
  /// Exchanges credentials for those of a role.
  case sts
  /// Exchanges a login for the credentials of a role.
  case sso
  /// Renews a login.
  case ssoOIDC

  /// In `AWS_ENDPOINT_URL_…` (upper case) and in `[services]` sections.
  var configurationName: String {
    switch self {
    case .bedrockRuntime: "bedrock_runtime"
    case .sts: "sts"
    case .sso: "sso"
    case .ssoOIDC: "sso_oidc"
    }
  }

  /// For people.
  var title: String {
    switch self {
    case .bedrockRuntime: "Amazon Bedrock"
    case .sts: "AWS STS"
    case .sso: "AWS IAM Identity Center"
    case .ssoOIDC: "AWS SSO OIDC"
    }
  }

  /// The first part of its hosts' names.
  fileprivate var prefix: String {
    switch self {
    case .bedrockRuntime: "bedrock-runtime"
    case .sts: "sts"
    case .sso: "portal.sso"
    case .ssoOIDC: "oidc"
    }
  }

  /// GovCloud's plain endpoints of these are FIPS ones already.
  fileprivate var isFIPSInGovCloud: Bool { self != .bedrockRuntime }
}

/// Where a service is reached, and for which region requests to it are signed.
public struct AWSEndpoint: Equatable, Sendable {
  /// Scheme, host, port and path, without a slash at the end.
  public let url: String
  /// The region in the signature.
  public let signingRegion: String
  /// Where it was set.
  public let origin: SettingOrigin

  /// The endpoint: `flag`, `AWS_ENDPOINT_URL_…`, `AWS_ENDPOINT_URL`, `configured`, the profile's services section and
  /// `endpoint_url`, else the region's in its partition, FIPS or dual-stack if asked for ("Service-specific endpoints",
  /// AWS SDKs Reference).
  ///
  /// - Parameters:
  ///   - flag: `--endpoint-url`
  ///   - configured: `endpoint_url` of mosaic-ai's configuration file
  /// - Throws: `Failure` where the URL is malformed: `usage` for a flag, else `config_invalid`; `config_invalid` too
  ///   for a services section that is missing.
  public static func resolve(
    _ service: AWSService = .bedrockRuntime, region: AWSRegion, flag: String? = nil, configured: String? = nil,
    settings: AWSProfileSettings, context: AWSContext
  ) throws -> AWSEndpoint {
    let given =
      try flag.map { Sourced($0, from: .flag("--endpoint-url")) }
      ?? settings.endpointURL(
        for: service, context, configured: configured.map { Sourced($0, from: .configuration("endpoint_url")) })
    if let given { return AWSEndpoint(url: try checked(given), signingRegion: region.name, origin: given.origin) }
    let isFIPS = region.isFIPS || settings.useFIPSEndpoint.value
    let isDualStack = settings.useDualStackEndpoint.value
    if service == .sts, !isFIPS, !isDualStack, try settings.isSTSGlobal(in: region.name) {
      return AWSEndpoint(url: "https://sts.amazonaws.com", signingRegion: "us-east-1", origin: region.origin)
    }
    return AWSEndpoint(
      url: "https://\(host(of: service, in: region.name, isFIPS: isFIPS, isDualStack: isDualStack))",
      signingRegion: region.name,
      origin: region.origin)
  }

  /// Whether `--endpoint-url` is well-formed, before anything else is known.
  ///
  /// - Throws: `Failure` with code `usage` where `--endpoint-url` is malformed
  public static func check(flag: String) throws { _ = try checked(Sourced(flag, from: .flag("--endpoint-url"))) }

  /// The host in a region's partition.
  private static func host(of service: AWSService, in region: String, isFIPS: Bool, isDualStack: Bool) -> String {
    let partition = AWSPartition.of(region: region)
    let suffix = isDualStack ? partition.dualStackSuffix : partition.suffix
    let isPlain = !isFIPS || (!isDualStack && service.isFIPSInGovCloud && partition.name == "aws-us-gov")
    return "\(service.prefix)\(isPlain ? "" : "-fips").\(region).\(suffix)"
  }

  /// `http` or `https`, a host and perhaps a port and a path; nothing else.
  ///
  /// - Throws: `Failure`: `usage` for a flag, else `config_invalid`.
  static func checked(_ url: Sourced<String>) throws -> String {
    func failure(_ what: String) -> Failure {
      Failure(
        url.origin.code, "the endpoint URL (\(url.origin)) \(what)",
        hint: "write one such as https://bedrock-runtime.us-east-1.amazonaws.com")
    }
    guard let schemeEnd = url.value.firstRange(of: "://"),
      ["http", "https"].contains(url.value[..<schemeEnd.lowerBound].lowercased())
    else {
      throw failure("does not begin with https:// or http://")
    }
    let rest = url.value[schemeEnd.upperBound...]
    guard rest.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      throw failure("has spaces or other characters that no URL has")
    }
    guard !rest.utf8.contains(where: { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") }) else {
      throw failure("has a query or a fragment")
    }
    let authority = rest.prefix { $0 != "/" }
    guard !authority.contains("@") else { throw failure("has a user name in it") }
    guard let end = hostEnd(authority), isHost(authority[..<end]) else { throw failure("has no valid host") }
    let port = authority[end...]
    guard port.isEmpty || port == ":" || (port.first == ":" && UInt16(port.dropFirst()) != nil) else {
      throw failure("has no valid port")
    }
    return url.value.hasSuffix("/") ? String(url.value.dropLast()) : url.value
  }

  /// Where the host ends and the port begins; nil where a bracket is left open.
  private static func hostEnd(_ authority: Substring) -> String.Index? {
    guard authority.first == "[" else { return authority.firstIndex(of: ":") ?? authority.endIndex }
    return authority.firstIndex(of: "]").map { authority.index(after: $0) }
  }

  /// An address of IPv6 in brackets, or labels of RFC 1123.
  private static func isHost(_ host: Substring) -> Bool {
    if host.first == "[" {
      let address = host.dropFirst().dropLast()
      return address.contains(":") && address.allSatisfy { $0.isHexDigit || ":.%".contains($0) }
    }
    let name = host.hasSuffix(".") ? host.dropLast() : host
    let labels = name.split(separator: ".", omittingEmptySubsequences: false)
    return name.utf8.count <= 255
      && labels.allSatisfy { label in
        (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
          && label.utf8.allSatisfy { isASCIIAlphanumeric($0) || $0 == UInt8(ascii: "-") }
      }
  }
}
