/// AWS Signature Version 4, in the `Authorization` header ("Create a signed AWS API request", IAM User Guide).
///
/// Each step is a separate function: canonical request → string to sign → signature. No clock, no network.
package struct SigV4Signer: Sendable {
  private let service: String
  private let region: String

  /// - Parameter service: the signing name: `bedrock`, not `bedrock-runtime`
  package init(service: String, region: String) {
    self.service = service
    self.region = region
  }

  /// `request` with `Host`, `X-Amz-Date`, `X-Amz-Security-Token` (of temporary credentials) and `Authorization`. These
  /// replace an older signature. It covers all headers except those that a proxy or an HTTP library may change.
  func sign(_ request: HTTPRequest, with key: AccessKey, at time: Timestamp) -> HTTPRequest {
    var signed = request
    signed.headers.removeAll { ["authorization", "x-amz-date", "x-amz-security-token"].contains($0.name.lowercased()) }
    if !signed.headers.contains(where: { $0.name.lowercased() == "host" }) {
      signed.headers.append(("Host", URLParts(request.url).authority))
    }
    signed.headers.append(("X-Amz-Date", time.iso8601Basic))
    if let token = key.sessionToken { signed.headers.append(("X-Amz-Security-Token", token.exposed)) }
    let signature = signature(of: canonicalRequest(signed), with: key.secret, at: time)
    let authorization =
      "AWS4-HMAC-SHA256 Credential=\(key.id)/\(scope(at: time)), "
      + "SignedHeaders=\(signedHeaders(signed)), Signature=\(signature)"
    signed.headers.append(("Authorization", authorization))
    return signed
  }

  /// The request in the form whose hash is signed.
  package func canonicalRequest(_ request: HTTPRequest) -> String {
    let url = URLParts(request.url)
    let headers = canonicalHeaders(request)
    let hash = headers.first { $0.name == "x-amz-content-sha256" }?.value ?? hexadecimal(sha256(request.body))
    return [
      request.method, canonicalPath(url.path), canonicalQuery(url.query),
      headers.map { "\($0.name):\($0.value)\n" }.joined(),
      signedHeaders(request), hash,
    ].joined(separator: "\n")
  }

  /// The text that the signing key signs.
  func stringToSign(_ canonicalRequest: String, at time: Timestamp) -> String {
    ["AWS4-HMAC-SHA256", time.iso8601Basic, scope(at: time), hexadecimal(sha256(canonicalRequest))].joined(
      separator: "\n")
  }

  /// The signature of a canonical request, in hexadecimal.
  package func signature(of canonicalRequest: String, with secret: Secret, at time: Timestamp) -> String {
    var key = Array("AWS4\(secret.exposed)".utf8)
    for part in [String(time.iso8601Basic.prefix(8)), region, service, "aws4_request"] {
      key = hmacSHA256(key: key, part)
    }
    return hexadecimal(hmacSHA256(key: key, stringToSign(canonicalRequest, at: time)))
  }

  /// The credential scope: the date, region and service that a signature is valid for.
  func scope(at time: Timestamp) -> String {
    "\(time.iso8601Basic.prefix(8))/\(region)/\(service)/aws4_request"
  }

  /// The names of the headers that are signed.
  private func signedHeaders(_ request: HTTPRequest) -> String {
    canonicalHeaders(request).map(\.name).joined(separator: ";")
  }

  /// The headers that are signed: lower case, sorted, white space collapsed.
  private func canonicalHeaders(_ request: HTTPRequest) -> [(name: String, value: String)] {
    var values: [String: [String]] = [:]
    for header in request.headers where !SigV4Signer.unsignedHeaders.contains(header.name.lowercased()) {
      let words = header.value.unicodeScalars.split(whereSeparator: isPythonSpace).map { String($0) }
      values[header.name.lowercased(), default: []].append(words.joined(separator: " "))
    }
    return values.map { ($0.key, $0.value.joined(separator: ",")) }.sorted { precedes($0.0, $1.0) }
  }

  /// The headers that may change between here and the service.
  private static let unsignedHeaders: Set<String> = [
    "connection", "expect", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer",
    "transfer-encoding", "upgrade", "user-agent", "x-amzn-trace-id",
  ]

  /// The path without dot segments and doubled slashes, percent-encoded again, as every service except S3 wants it.
  private func canonicalPath(_ path: String) -> String {
    var segments: [String] = []
    for segment in path.utf8.split(separator: UInt8(ascii: "/")).map({ String(Substring($0)) }) where segment != "." {
      if segment == ".." { _ = segments.popLast() } else { segments.append(segment) }
    }
    let slash = path.utf8.last == UInt8(ascii: "/") && !segments.isEmpty ? "/" : ""
    return "/" + segments.map { percentEncoded($0) }.joined(separator: "/") + slash
  }

  /// The query's pairs, sorted, each with its `=`.
  private func canonicalQuery(_ query: String) -> String {
    if query.isEmpty { return "" }
    return query.utf8.split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: false).map { pair in
      let equals = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
      return (name: String(Substring(pair[..<equals])), value: String(Substring(pair[equals...].dropFirst())))
    }
    .sorted { $0.name == $1.name ? precedes($0.value, $1.value) : precedes($0.name, $1.name) }
    .map { "\($0.name)=\($0.value)" }
    .joined(separator: "&")
  }
}

/// The order of bytes, which is that of code points; `<` of strings orders differently.
private func precedes(_ left: String, _ right: String) -> Bool {
  left.utf8.lexicographicallyPrecedes(right.utf8)
}
