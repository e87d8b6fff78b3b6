/// How Bedrock would be reached: what the files of AWS, variables and options amount to, problem by problem.
public struct ConnectionChecks {
  /// What of it was typed or stands in `config.yaml`.
  public struct Choices: Equatable, Sendable {
    /// `--region`
    public var regionFlag: String?
    /// `region` of `config.yaml`
    public var configuredRegion: String?
    /// `--endpoint-url`
    public var endpointFlag: String?
    /// `endpoint_url` of `config.yaml`
    public var configuredEndpoint: String?

    /// Nothing chosen.
    public init() {}
  }

  /// What was found, in the order it was.
  public private(set) var checks: [Check] = []
  /// Where credentials come from; nil where the profile or the region cannot be used.
  public private(set) var chain: CredentialsChain?
  /// The region's name; nil where it cannot be told.
  public private(set) var region: String?

  /// - Parameter context: the outside world; nothing is sent
  public init(_ choices: Choices, _ context: AWSContext) {
    let settings = Check.attempt("aws_profile", into: &checks) { try AWSProfileSettings.load(context) }
    if let settings { describe(settings) }
    // Without its profile, malformed variables can still be told.
    guard let resolvable = settings ?? (try? AWSProfileSettings.load(ConnectionChecks.withoutFiles(context))) else {
      return
    }
    let isCertain = settings != nil
    let region = Check.attempt("region", into: &checks) {
      try AWSRegion.resolve(
        flag: choices.regionFlag, configured: choices.configuredRegion, settings: resolvable, context: context)
    }
    if let region {
      add(.ok("region", region.name, origin: region.origin, message: region.isFIPS ? "FIPS" : nil), if: isCertain)
    }
    self.region = isCertain ? region?.name : nil
    let probed = region ?? (try? AWSRegion(Sourced("us-east-1", from: .fallback)))
    let endpoint = probed.flatMap { region in
      Check.attempt("endpoint", into: &checks) {
        try AWSEndpoint.resolve(
          region: region, flag: choices.endpointFlag, configured: choices.configuredEndpoint, settings: resolvable,
          context: context)
      }
    }
    if let endpoint {
      let isKnown = isCertain && (region != nil || endpoint.origin != .fallback)
      add(.ok("endpoint", endpoint.url, origin: endpoint.origin), if: isKnown)
    }
    let scheme = endpoint.map { URLParts($0.url).scheme } ?? "https"
    checks.append(ConnectionChecks.proxy(for: scheme, context.variables))
    if let noProxy = TransportConfiguration.noProxy(in: context.variables) {
      checks.append(.ok("no_proxy", noProxy.value, origin: noProxy.origin))
    }
    checks.append(ConnectionChecks.certificates(resolvable.caBundle, isUsed: scheme == "https", context.variables))
    if let settings, let region { chain = CredentialsChain(context: context, settings: settings, region: region) }
  }

  /// The profile and the files it is in.
  private mutating func describe(_ settings: AWSProfileSettings) {
    checks.append(.ok("aws_profile", settings.profileName.value, origin: settings.profileName.origin))
    for (name, path) in [("aws_config_file", settings.configPath), ("aws_credentials_file", settings.credentialsPath)] {
      guard settings.unreadableFiles.contains(path) else {
        checks.append(.ok(name, path, message: LocalFile(path).isRegular ? nil : "not there"))
        continue
      }
      checks.append(
        .warning(name, path, message: "cannot be read, and counts as not there", hint: "make it readable for yourself"))
    }
  }

  /// Adds what is certain; else that it cannot be told.
  private mutating func add(_ check: Check, if isCertain: Bool) {
    checks.append(isCertain ? check : .unknown(check.name, until: "correct the AWS profile or the region"))
  }

  /// The same world, but for what a profile that cannot be read would say.
  private static func withoutFiles(_ context: AWSContext) -> AWSContext {
    var bare = context
    bare.profileFlag = nil
    bare.configuredProfile = nil
    for name in ["AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_MAX_ATTEMPTS", "AWS_RETRY_MODE"] {
      bare.variables[name] = nil
    }
    for name in ["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"] { bare.variables[name] = "/dev/null" }
    return bare
  }

  /// The proxy, without its login.
  private static func proxy(for scheme: String, _ variables: [String: String]) -> Check {
    guard let proxy = TransportConfiguration.proxy(for: scheme, in: variables) else { return .ok("proxy", "none") }
    let start = proxy.value.firstRange(of: "://")?.upperBound ?? proxy.value.startIndex
    let authority = proxy.value[start...].prefix { $0 != "/" }
    let host = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? ""
    return .ok(
      "proxy", String(proxy.value[..<start] + host), origin: proxy.origin,
      message: host.count < authority.count ? "with a login" : nil)
  }

  /// Whom TLS trusts.
  ///
  /// - Parameter isUsed: whether the endpoint is one of TLS; where it is not, only a bundle of AWS's must be there
  private static func certificates(_ bundle: Sourced<String>?, isUsed: Bool, _ variables: [String: String]) -> Check {
    if let file = bundle ?? TransportConfiguration.certificates(in: variables) {
      let bytes = LocalFile(file.value).contents()
      if bytes?.firstRange(of: Array("-----BEGIN ".utf8)) != nil {
        return .ok("certificates", file.value, origin: file.origin)
      }
      let failure =
        bytes == nil
        ? Failure(
          .configInvalid, "no CA bundle can be read at \(file.value), which \(file.origin) names",
          hint: "correct the path, or remove it")
        : Failure(
          .configInvalid, "there is no certificate in \(file.value)", hint: "name a file of certificates in PEM")
      guard isUsed || (bundle != nil && bytes == nil) else {
        return .warning("certificates", file.value, origin: file.origin, message: failure.message, hint: failure.hint)
      }
      return .error("certificates", file.value, origin: file.origin, because: failure)
    }
    guard let folder = TransportConfiguration.certificateFolder(in: variables) else {
      return .ok("certificates", "the system's")
    }
    guard folder.value.split(separator: ":").contains(where: { LocalFile(String($0)).exists }) else {
      return .warning(
        "certificates", folder.value, origin: folder.origin, message: "not there: nobody is trusted",
        hint: "correct the path, or unset it")
    }
    return .ok("certificates", folder.value, origin: folder.origin)
  }
}

/// What carries requests.
extension Check {
  /// Whether libcurl, which is loaded when it is needed, can be.
  public static func libcurl() -> Check {
    do {
      return .ok("libcurl", try CurlTransport.version())
    } catch {
      let unsent = error as? TransportError ?? TransportError(.libraryMissing, "\(error)")
      return .error("libcurl", because: AttemptError(unsent, timeouts: HTTPTimeouts(), endpoint: "").failure)
    }
  }
}
