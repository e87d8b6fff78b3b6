/// The role of the EC2 instance, from its metadata service, version 2 only ("IMDS credential provider", AWS SDKs and
/// Tools Reference).
///
/// Outside EC2 anything may be at that address, so only an answer that is clearly the service's can be an error.
struct InstanceMetadataProvider: CredentialsProvider {
  let name = "instance metadata"
  let context: AWSContext
  let profile: AWSProfile
  /// Whether the profile names this source, so that whatever answers is the service.
  var isNamed = false

  func credentials() throws -> Credentials? {
    guard context.variable("AWS_EC2_METADATA_DISABLED")?.lowercased() != "true" else { return nil }
    let (base, origin) = try address()
    let service = try service(origin)
    let ttl = [(name: "x-aws-ec2-metadata-token-ttl-seconds", value: "21600")]
    let tokenRequest = HTTPRequest(method: "PUT", url: "\(base)/latest/api/token", headers: ttl)
    let tokenAnswer = try answer(to: tokenRequest, service)
    if isNamed, let failure = tokenAnswer.flatMap({ service.outage($0, from: tokenRequest.url) }) { throw failure }
    guard let token = tokenAnswer.flatMap(line(of:)) else { return nil }
    let headers = [(name: "x-aws-ec2-metadata-token", value: token)]
    let roles = "\(base)/latest/meta-data/iam/security-credentials/"
    guard let list = try answer(to: HTTPRequest(method: "GET", url: roles, headers: headers), service) else {
      return nil
    }
    // Whoever gave a token is the service, and an outage of it is not an instance without a role.
    if let failure = service.outage(list, from: roles) { throw failure }
    guard let role = line(of: list) else { return nil }
    let response = try service.answerOrFailure {
      HTTPRequest(method: "GET", url: roles + percentEncoded(role), headers: headers)
    }
    let answer = JSON.reading(response.body)
    let code = try? answer?.text("Code")
    guard response.head.status == 200, let key = answer.flatMap({ try? CredentialsJSON($0, .metadata).temporaryKey })
    else {
      let reason = code.map { printable($0, limit: 64) } ?? "HTTP \(response.head.status)"
      throw Failure(
        .credentialsFailed,
        "instance metadata has no credentials for the role \(printable(role, limit: 64)) (\(reason))",
        advice: "check the role of the instance profile, and that EC2 may assume it")
    }
    // The service goes on giving out old credentials while it cannot renew them, and AWS accepts them that long.
    let expiration = key.expiration.flatMap { $0 > context.now() ? $0 : nil }
    return .accessKey(
      AccessKey(id: key.id, secret: key.secret, sessionToken: key.sessionToken, expiration: expiration))
  }

  /// The answer to a request; nil if there is none, and perhaps no service.
  private func answer(to request: HTTPRequest, _ service: CredentialService) throws -> HTTPResponse? {
    let response = try? service.answer { request }
    if response == nil { try context.cancellation.check() }
    return response
  }

  /// The one line of a successful answer; nil if it is another answer.
  private func line(of response: HTTPResponse) -> String? {
    guard response.head.status == 200, let text = String(validating: response.body, as: UTF8.self) else { return nil }
    let line = pythonStripped(text)
    return line.isEmpty || line.utf8.contains { !(0x20...0x7E).contains($0) } ? nil : line
  }

  /// - Parameter origin: what sets the address; nil if nothing does
  private func service(_ origin: SettingOrigin?) throws -> CredentialService {
    let lookup = Lookup(context: context, profile: profile)
    let seconds =
      try lookup.positive(key: "metadata_service_timeout", variable: "AWS_METADATA_SERVICE_TIMEOUT").map {
        min($0.value, 3600)
      } ?? 1
    let attempts =
      try lookup.positive(key: "metadata_service_num_attempts", variable: "AWS_METADATA_SERVICE_NUM_ATTEMPTS")?.value
      ?? 1
    return CredentialService(
      "instance metadata", setBy: origin, context: context,
      timeouts: HTTPTimeouts(connect: .seconds(seconds), idle: .seconds(seconds)), attempts: attempts)
  }

  /// The service's URL, without a slash at the end, and what sets it; nil if nothing does.
  private func address() throws -> (url: String, origin: SettingOrigin?) {
    let (four, six) = ("http://169.254.169.254", "http://[fd00:ec2::254]")
    let lookup = Lookup(context: context, profile: profile)
    if let url = try lookup.text(key: "ec2_metadata_service_endpoint", variable: "AWS_EC2_METADATA_SERVICE_ENDPOINT") {
      return (try EndpointURL.checked(url, example: four), url.origin)
    }
    let mode = try lookup.text(
      key: "ec2_metadata_service_endpoint_mode", variable: "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE")
    switch mode?.value.lowercased() {
    case "ipv4": return (four, mode?.origin)
    case "ipv6": return (six, mode?.origin)
    case nil:
      let isSix = try lookup.flag(key: "imds_use_ipv6", variable: "AWS_IMDS_USE_IPV6")
      return isSix.value ? (six, isSix.origin) : (four, nil)
    default:
      throw Failure(
        .configInvalid,
        "the endpoint mode of instance metadata (\(mode?.origin ?? .fallback)) is neither IPv4 nor IPv6",
        advice: "set it to IPv4 or IPv6")
    }
  }
}
