#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The credentials service of Amazon ECS and EKS: `AWS_CONTAINER_CREDENTIALS_RELATIVE_URI`, or `…_FULL_URI` on a host
/// that can be trusted with the token ("Container credential provider", AWS SDKs and Tools Reference).
struct ContainerProvider: CredentialsProvider {
  /// What the service gives.
  private struct Answer: Decodable {
    let accessKeyID: String
    let secretAccessKey: String
    let token: String?
    let expiration: String?

    private enum CodingKeys: String, CodingKey {
      case accessKeyID = "AccessKeyId"
      case secretAccessKey = "SecretAccessKey"
      case token = "Token"
      case expiration = "Expiration"
    }
  }

  let name = "container (AWS_CONTAINER_CREDENTIALS_RELATIVE_URI, …_FULL_URI)"
  let context: AWSContext

  func credentials() throws -> Credentials? {
    guard let url = try url() else { return nil }
    var headers: [(name: String, value: String)] = [("Accept", "application/json")]
    if let token = try token() { headers.append(("Authorization", token.exposed)) }
    let request = HTTPRequest(method: "GET", url: url, headers: headers)
    let service = CredentialService(
      "the container credentials service", context: context,
      timeouts: HTTPTimeouts(connect: .seconds(2), idle: .seconds(2)), attempts: 3,
      isLocal: true)
    let response = try service.answerOrFailure { request }
    guard response.head.status == 200 else {
      throw Failure(
        .credentialsFailed,
        "the container credentials service at \(URLParts(url).authority) refused with HTTP \(response.head.status)",
        hint: "check the task's or the pod's role, and the token in AWS_CONTAINER_AUTHORIZATION_TOKEN or its file")
    }
    guard let answer = fromJSON(Answer.self, response.body), !answer.accessKeyID.isEmpty,
      !answer.secretAccessKey.isEmpty
    else {
      throw service.nonsense(response, from: url)
    }
    let expiration = answer.expiration.map(Timestamp.init(rfc3339:))
    if case .some(nil) = expiration { throw service.nonsense(response, from: url) }
    return .accessKey(
      AccessKey(
        id: answer.accessKeyID, secret: Secret(answer.secretAccessKey), sessionToken: answer.token.map(Secret.init),
        expiration: expiration ?? nil))
  }

  /// Where the service is; nil where no variable says so.
  private func url() throws -> String? {
    if let path = context.variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") {
      guard path.hasPrefix("/"), isPlain(path) else {
        throw Failure(
          .configInvalid, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI is not a path",
          hint: "let it begin with a slash, or unset it")
      }
      return "http://169.254.170.2\(path)"
    }
    guard let url = context.variable("AWS_CONTAINER_CREDENTIALS_FULL_URI") else { return nil }
    let parts = URLParts(url)
    guard isPlain(url), ["http", "https"].contains(parts.scheme), !parts.host.isEmpty else {
      throw Failure(
        .configInvalid, "AWS_CONTAINER_CREDENTIALS_FULL_URI is not a URL", hint: "let it begin with http:// or https://"
      )
    }
    guard parts.scheme == "https" || isTrusted(parts.host) else {
      throw Failure(
        .configInvalid, "AWS_CONTAINER_CREDENTIALS_FULL_URI names the foreign host \(parts.host)",
        hint: "over http only a loopback address, 169.254.170.2, 169.254.170.23 and fd00:ec2::23 are asked; use https")
    }
    return url
  }

  /// Whether every URL library reads it alike.
  private func isPlain(_ url: String) -> Bool {
    url.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\\") }
  }

  /// Whether the host is this machine or one of the container services.
  private func isTrusted(_ host: String) -> Bool {
    if ["localhost", "169.254.170.2", "169.254.170.23", "fd00:ec2::23"].contains(host) { return true }
    var four = in_addr()
    if inet_pton(AF_INET, host, &four) == 1 { return UInt32(bigEndian: four.s_addr) >> 24 == 127 }
    var six = in6_addr()
    return inet_pton(AF_INET6, host, &six) == 1
      && withUnsafeBytes(of: six) { $0.dropLast().allSatisfy { $0 == 0 } && $0.last == 1 }
  }

  /// What is sent as it stands: the file's contents, else the variable.
  private func token() throws -> Secret? {
    let file = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"
    let text: String
    if let path = context.variable(file) {
      guard let bytes = LocalFile(path).contents(), let contents = String(validating: bytes, as: UTF8.self) else {
        throw Failure(
          .configInvalid, "cannot read the token file \(path) (\(file))", hint: "correct the path, or unset \(file)")
      }
      text = contents
    } else if let value = context.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN") {
      text = value
    } else {
      return nil
    }
    guard !text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) else {
      throw Failure(
        .configInvalid, "the container authorization token has a line break or another control character",
        hint: "write it on one line, without a newline at the end")
    }
    return Secret(text)
  }
}
