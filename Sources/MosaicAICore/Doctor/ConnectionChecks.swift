/// How Bedrock would be reached: what the AWS CLI's files, variables and options amount to, problem by problem.
package struct ConnectionChecks {
  /// What was found, in the order it was.
  package private(set) var checks: [Check] = []
  /// The region's name; nil if it cannot be told.
  package let region: String?

  /// - Parameter access: as sending resolves it; nothing is sent
  package init(_ access: BedrockAccess) {
    let profile = try? access.profile.get()
    let region = try? access.region.get()
    let endpoint = try? access.endpoint.get()
    self.region = profile == nil ? nil : region?.name
    func add<Value>(_ name: String, _ result: Result<Value, Failure>, _ check: (Value) -> Check, isCertain: Bool) {
      switch result {
      case .success(let value):
        checks.append(isCertain ? check(value) : .unknown(name, until: "correct the AWS profile or the region"))
      case .failure(let failure): checks.append(.error(name, because: failure))
      }
    }
    switch access.profile {
    case .success(let profile): describe(profile)
    case .failure(let failure): checks.append(.error("aws_profile", because: failure))
    }
    // Without its profile, malformed options and variables can be told, but nothing is certain.
    add(
      "region", access.region, { ConnectionChecks.region($0, isUsed: endpoint?.isSet == false) },
      isCertain: profile != nil)
    add(
      "endpoint", access.endpoint, { ConnectionChecks.endpoint($0) },
      isCertain: profile != nil && (region != nil || endpoint?.origin != .fallback))
    let scheme = endpoint.map { URLParts($0.url).scheme } ?? "https"
    let variables = access.context.variables
    checks.append(ConnectionChecks.proxy(for: scheme, variables))
    if let noProxy = TransportConfiguration.noProxy(in: variables) {
      checks.append(.ok("no_proxy", noProxy.value, origin: noProxy.origin))
    }
    checks.append(ConnectionChecks.certificates(profile?.caBundle, isUsed: scheme == "https", variables))
  }

  /// The profile and the files it is in.
  private mutating func describe(_ settings: AWSProfileSettings) {
    checks.append(.ok("aws_profile", settings.profileName.value, origin: settings.profileName.origin))
    for (name, path) in [
      ("aws_config_file", settings.configPath), ("aws_credentials_file", settings.credentialsPath),
    ] {
      guard settings.unreadableFiles.contains(path) else {
        checks.append(.ok(name, path, message: LocalFile(path).isRegular ? nil : "does not exist"))
        continue
      }
      checks.append(
        .warning(
          name, path, message: "cannot be read, and is treated as missing", advice: "make it readable for yourself"))
    }
  }

  /// The region, and whether one may be called like that.
  ///
  /// - Parameter isUsed: whether the endpoint's name is made of it
  private static func region(_ region: AWSRegion, isUsed: Bool) -> Check {
    guard isUsed, !AWSPartition.hasRegion(named: region.name) else {
      return .ok("region", region.name, origin: region.origin, message: region.isFIPS ? "FIPS" : nil)
    }
    return .error(
      "region", region.name, origin: region.origin,
      because: Failure(
        region.origin.code, "there is no AWS region called \(printable(region.name))",
        advice: .change(.region, to: ["us-east-1"])))
  }

  /// The endpoint, and whether AWS may have one called like that.
  private static func endpoint(_ endpoint: AWSEndpoint) -> Check {
    let host = URLParts(endpoint.url).host
    let labels = host.split(separator: ".")
    // bedrock-runtime.REGION.amazonaws.com, and longer ones of a private network.
    let isAWS = host.hasPrefix("bedrock-runtime") && host.contains(".amazonaws.com") && labels.count >= 4
    guard endpoint.isSet, isAWS, labels.count == 4 || labels.last == "cn",
      !AWSPartition.hasRegion(named: String(labels[1]))
    else {
      return .ok("endpoint", endpoint.url, origin: endpoint.origin)
    }
    return .error(
      "endpoint", endpoint.url, origin: endpoint.origin,
      because: Failure(
        endpoint.origin.code, "there is no AWS region called \(printable(labels[1])), which the address names",
        advice: .check([.endpointURL, .region])))
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

  /// Which certificates TLS trusts.
  ///
  /// - Parameter isUsed: whether the endpoint uses TLS; if not, only a bundle of AWS's settings has to be there
  private static func certificates(
    _ bundle: Sourced<String>?, isUsed: Bool, _ variables: [String: String]
  ) -> Check {
    if let file = bundle ?? TransportConfiguration.certificates(in: variables) {
      let bytes = LocalFile(file.value).readableContents()
      if bytes?.firstRange(of: Array("-----BEGIN ".utf8)) != nil {
        return .ok("certificates", file.value, origin: file.origin)
      }
      let failure =
        bytes == nil
        ? Failure(
          .configInvalid, "cannot read the CA bundle \(file.value), set by \(file.origin)",
          advice: "correct the path, or remove the setting")
        : Failure(
          .configInvalid, "there is no certificate in \(file.value)", advice: "use a file of certificates in PEM")
      guard isUsed || (bundle != nil && bytes == nil) else {
        return .warning(
          "certificates", file.value, origin: file.origin, message: failure.message, advice: failure.advice)
      }
      return .error("certificates", file.value, origin: file.origin, because: failure)
    }
    guard let folder = TransportConfiguration.certificateFolder(in: variables) else {
      return .ok("certificates", "the system's")
    }
    guard folder.value.split(separator: ":").contains(where: { LocalFile(String($0)).exists }) else {
      return .warning(
        "certificates", folder.value, origin: folder.origin, message: "does not exist: no server is trusted",
        advice: "correct the path, or unset it")
    }
    return .ok("certificates", folder.value, origin: folder.origin)
  }
}

/// What carries requests.
extension Check {
  /// Whether libcurl, which is loaded when it is needed, can be loaded.
  package static func libcurl() -> Check {
    do {
      return .ok("libcurl", try CurlTransport.version())
    } catch {
      return .error("libcurl", because: .from(error))
    }
  }
}
