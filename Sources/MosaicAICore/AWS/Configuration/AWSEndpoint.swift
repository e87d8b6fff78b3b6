/// The address of a service, and the region in signatures for it.
package struct AWSEndpoint: Equatable, Sendable {
  /// Scheme, host, port and path, without a slash at the end.
  package let url: String
  /// The region in the signature.
  let signingRegion: String
  let origin: SettingOrigin
  /// Whether it was set; otherwise it is the region's.
  let isSet: Bool

  /// The endpoint: the option, `AWS_ENDPOINT_URL_…`, `AWS_ENDPOINT_URL`, `config.yaml`, the profile's services section
  /// and `endpoint_url`, else the region's in its partition, FIPS or dual-stack if the settings ask for it
  /// ("Service-specific endpoints", AWS SDKs Reference).
  ///
  /// - Throws: `Failure` if the URL is malformed, with code `usage` if it was typed, else `config_invalid`;
  ///   `config_invalid` also if a services section is missing
  static func resolve(
    _ service: AWSService = .bedrockRuntime, chosen preference: Preference<String> = .init(), region: AWSRegion,
    settings: AWSProfileSettings, context: AWSContext
  ) throws -> AWSEndpoint {
    if let given = try settings.endpointURL(for: service, preference, context) {
      let example = "https://\(service.hostPrefix).us-east-1.amazonaws.com"
      return AWSEndpoint(
        url: try EndpointURL.checked(given, example: example), signingRegion: region.name, origin: given.origin,
        isSet: true)
    }
    let isFIPS = region.isFIPS || settings.useFIPSEndpoint.value
    let isDualStack = settings.useDualStackEndpoint.value
    if service == .sts, !isFIPS, !isDualStack, try settings.isSTSGlobal(in: region.name) {
      return AWSEndpoint(
        url: "https://sts.amazonaws.com", signingRegion: "us-east-1", origin: region.origin, isSet: false)
    }
    let host = host(of: service, in: region.name, isFIPS: isFIPS, isDualStack: isDualStack)
    return AWSEndpoint(url: "https://\(host)", signingRegion: region.name, origin: region.origin, isSet: false)
  }

  /// The host in a region's partition.
  private static func host(of service: AWSService, in region: String, isFIPS: Bool, isDualStack: Bool) -> String {
    let partition = AWSPartition.of(region: region)
    let suffix = isDualStack ? partition.dualStackSuffix : partition.suffix
    let isPlain = !isFIPS || (!isDualStack && service.isFIPSInGovCloud && partition.name == "aws-us-gov")
    return "\(service.hostPrefix)\(isPlain ? "" : "-fips").\(region).\(suffix)"
  }
}
