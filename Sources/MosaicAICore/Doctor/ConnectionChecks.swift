/// How to reach Bedrock according to the AWS CLI's files, variables and options, problem by problem.
package struct ConnectionChecks {
  /// What was found, in the order it was.
  package private(set) var checks: [Check] = []
  /// The region's name; nil if it is not known.
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
    // Without its profile, only malformed options and variables can be found.
    add(
      "region", access.region, { ConnectionChecks.region($0, isUsed: endpoint?.isSet == false) },
      isCertain: profile != nil)
    add(
      "endpoint", access.endpoint, { ConnectionChecks.endpoint($0) },
      isCertain: profile != nil && (region != nil || endpoint?.origin != .fallback))
    checks.append(ConnectionChecks.proxy(access, endpoint))
    if let noProxy = access.transport.noProxy {
      checks.append(.ok("no_proxy", noProxy.value, origin: noProxy.origin))
    }
    checks.append(ConnectionChecks.certificates(access))
  }

  /// The profile and the files it is in.
  private mutating func describe(_ settings: AWSProfileSettings) {
    checks.append(.ok("aws_profile", settings.profileName.value, origin: settings.profileName.origin))
    for (name, path) in [
      ("aws_config_file", settings.configPath), ("aws_credentials_file", settings.credentialsPath),
    ] {
      guard settings.unreadableFiles.contains(path) else {
        let file = LocalFile(path)
        let problem = file.exists ? "is not a file, and is treated as missing" : "does not exist"
        checks.append(.ok(name, path, message: file.isRegular ? nil : problem))
        continue
      }
      checks.append(
        .warning(
          name, path, message: "cannot be read, and is treated as missing", advice: "make it readable for yourself"))
    }
  }

  /// The region, and whether AWS may have one of that name.
  ///
  /// - Parameter isUsed: whether the endpoint's name is made of it
  private static func region(_ region: AWSRegion, isUsed: Bool) -> Check {
    guard isUsed, !AWSPartition.hasRegion(named: region.name) else {
      return .ok("region", region.name, origin: region.origin, message: region.isFIPS ? "FIPS" : nil)
    }
    return .error(
      "region", region.name, origin: region.origin,
      because: Failure(
        region.origin.code, "AWS has no region \(visible(region.name))",
        advice: .change(.region, to: ["us-east-1"])))
  }

  /// The endpoint, and whether AWS may have one of that name.
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
        endpoint.origin.code, "AWS has no region \(visible(labels[1])), which is part of the address",
        advice: .check([.endpointURL, .region])))
  }

  /// The proxy, without its login.
  private static func proxy(_ access: BedrockAccess, _ endpoint: AWSEndpoint?) -> Check {
    let parts = endpoint.map { URLParts($0.url) }
    guard let proxy = access.transport.proxy(scheme: parts?.scheme ?? "https") else { return .ok("proxy", "none") }
    switch access.proxy {
    case .failure(let failure): return .error("proxy", proxy.shown, origin: proxy.origin, because: failure)
    case .success(let used):
      let remarks = [
        proxy.hasLogin ? "with a login" : nil, used == nil ? "not used for \(parts?.authority ?? "")" : nil,
      ].compactMap { $0 }
      return .ok(
        "proxy", proxy.shown, origin: proxy.origin, message: remarks.isEmpty ? nil : remarks.joined(separator: ", "))
    }
  }

  /// Whose certificates TLS trusts.
  private static func certificates(_ access: BedrockAccess) -> Check {
    let certificates = access.transport.certificates
    let setting = certificates.setting
    func check(warning problem: Failure) -> Check {
      .warning(
        "certificates", setting?.value, origin: setting?.origin, message: problem.message, advice: problem.advice)
    }
    switch access.certificates {
    case .failure(let failure):
      return .error("certificates", setting?.value, origin: setting?.origin, because: failure)
    // The profile may name them.
    case .success where !certificates.isOfAWS && (try? access.profile.get()) == nil:
      return .unknown("certificates", until: "correct the AWS profile")
    case .success:
      if let problem = certificates.problem { return check(warning: problem) }
      // The library is the judge, if sending gives it the file at all.
      if let failure = CurlTransport.failure(loading: certificates) {
        return access.isTrustNeeded
          ? .error("certificates", setting?.value, origin: setting?.origin, because: failure)
          : check(warning: failure)
      }
      if let remark = certificates.remark { return check(warning: remark) }
      return .ok(
        "certificates", setting?.value ?? "the system's", origin: setting?.origin, message: others(certificates))
    }
  }

  /// Which certificates count together with those of the first setting.
  private static func others(_ certificates: Certificates) -> String? {
    guard let setting = certificates.setting, let other = certificates.other(than: setting) else { return nil }
    return other.origin == .fallback ? "with the system's" : "with those in \(other.value) (\(other.origin))"
  }
}

/// The library that sends requests.
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
