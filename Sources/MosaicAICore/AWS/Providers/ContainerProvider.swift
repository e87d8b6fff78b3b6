import Platform

/// The credentials service of Amazon ECS and EKS: `AWS_CONTAINER_CREDENTIALS_RELATIVE_URI`, or `…_FULL_URI` on a host
/// that may see the token ("Container credential provider", AWS SDKs and Tools Reference).
struct ContainerProvider: CredentialsProvider {
  let name = "container (AWS_CONTAINER_CREDENTIALS_RELATIVE_URI, …_FULL_URI)"
  let context: AWSContext

  func credentials() throws -> Credentials? {
    guard let address = try address() else { return nil }
    let url = address.value
    var headers: [(name: String, value: String)] = [("Accept", "application/json")]
    if let token = try token() { headers.append(("Authorization", token.exposed)) }
    let request = HTTPRequest(method: "GET", url: url, headers: headers)
    let service = CredentialService(
      "the container credentials service", setBy: address.origin, context: context,
      timeouts: HTTPTimeouts(connect: .seconds(2), idle: .seconds(2)), attempts: 3)
    let response = try service.answerOrFailure { request }
    guard response.head.status == 200 else {
      throw Failure(
        .credentialsFailed,
        "the container credentials service at \(URLParts(url).authority) refused with HTTP \(response.head.status)",
        advice: "check the role of the task or pod, and AWS_CONTAINER_AUTHORIZATION_TOKEN or its file")
    }
    guard let answer = JSON.reading(response.body).flatMap({ try? CredentialsJSON($0, .metadata) }),
      let key = answer.accessKey, answer.expiration != .malformed
    else {
      throw service.nonsense(response, from: url)
    }
    return .accessKey(key)
  }

  /// The service's URL; nil if no variable gives one.
  private func address() throws -> Sourced<String>? {
    let (relative, full) = ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI")
    if let path = context.variable(relative) {
      guard path.hasPrefix("/"), isPlain(path) else {
        throw Failure(
          .configInvalid, "\(relative) is not a path",
          advice: "start it with a slash, or unset it")
      }
      return Sourced("http://169.254.170.2\(path)", from: .variable(relative))
    }
    guard let url = context.variable(full) else { return nil }
    let parts = URLParts(url)
    guard isPlain(url), ["http", "https"].contains(parts.scheme), !parts.host.isEmpty else {
      throw Failure(
        .configInvalid, "\(full) is not a URL",
        advice: "start it with http:// or https://, or unset it")
    }
    guard parts.scheme == "https" || isTrusted(parts.host) else {
      throw Failure(
        .configInvalid, "\(full) names the foreign host \(parts.host)",
        advice: "use https; http is only for loopback addresses, 169.254.170.2, 169.254.170.23 and fd00:ec2::23")
    }
    return Sourced(url, from: .variable(full))
  }

  /// Whether every URL library understands it in the same way.
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

  /// The token to send, unchanged: the file's contents, else the variable.
  private func token() throws -> Secret? {
    let file = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"
    let text: String
    if let path = context.variable(file) {
      guard let bytes = try LocalFile(path).readableContents(context.cancellation),
        let contents = String(validating: bytes.withoutByteOrderMark, as: UTF8.self)
      else {
        throw Failure(
          .configInvalid, "cannot read the token file \(path) (\(file))",
          advice: "check the path and its permissions, or unset \(file)")
      }
      text = contents
    } else if let value = context.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN") {
      text = value
    } else {
      return nil
    }
    guard !text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) else {
      throw Failure(
        .configInvalid, "the container authorization token contains a line break or another control character",
        advice: "write it on one line, without a newline at the end")
    }
    return Secret(text)
  }
}
