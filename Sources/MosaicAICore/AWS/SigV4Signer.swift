/// AWS Signature Version 4, in the `Authorization` header ("Create a signed AWS API request", IAM User Guide).
///
/// Each step is a function of its own: canonical request → string to sign → signature. No clock, no network.
public struct SigV4Signer: Sendable {
  /// The service's signing name: `bedrock`, not `bedrock-runtime`.
  public let service: String
  public let region: String

  public init(service: String, region: String) {
    self.service = service
    self.region = region
  }

  /// `request` with `Host`, `X-Amz-Date`, `X-Amz-Security-Token` (of temporary credentials) and `Authorization` set; a
  /// request that was signed before is signed anew. Signed are all headers but those that a proxy or an HTTP library
  /// may change.
  public func sign(_ request: HTTPRequest, with key: AccessKey, at time: Timestamp) -> HTTPRequest {
    var signed = request
    signed.headers.removeAll { ["authorization", "x-amz-date", "x-amz-security-token"].contains($0.name.lowercased()) }
    if !signed.headers.contains(where: { $0.name.lowercased() == "host" }) {
      signed.headers.append(("Host", URLParts(request.url).authority))
    }
    signed.headers.append(("X-Amz-Date", time.iso8601Basic))
    if let token = key.sessionToken { signed.headers.append(("X-Amz-Security-Token", token.exposed)) }
    let signature = signature(of: canonicalRequest(signed), with: key.secret, at: time)
    signed.headers.append(
      (
        "Authorization",
        "AWS4-HMAC-SHA256 Credential=\(key.id)/\(scope(at: time)), SignedHeaders=\(signedHeaders(signed)), Signature=\(signature)"
      ))
    return signed
  }

  /// The request in the form whose hash is signed.
  public func canonicalRequest(_ request: HTTPRequest) -> String {
    let url = URLParts(request.url)
    let headers = canonicalHeaders(request)
    let hash = headers.first { $0.name == "x-amz-content-sha256" }?.value ?? hexadecimal(sha256(request.body))
    return [
      request.method, canonicalPath(url.path), canonicalQuery(url.query),
      headers.map { "\($0.name):\($0.value)\n" }.joined(),
      signedHeaders(request), hash,
    ].joined(separator: "\n")
  }

  /// What the signing key is applied to.
  public func stringToSign(_ canonicalRequest: String, at time: Timestamp) -> String {
    ["AWS4-HMAC-SHA256", time.iso8601Basic, scope(at: time), hexadecimal(sha256(canonicalRequest))].joined(
      separator: "\n")
  }

  /// The signature of a canonical request, in hexadecimal.
  public func signature(of canonicalRequest: String, with secret: Secret, at time: Timestamp) -> String {
    var key = Array("AWS4\(secret.exposed)".utf8)
    for part in [String(time.iso8601Basic.prefix(8)), region, service, "aws4_request"] {
      key = hmacSHA256(key: key, part)
    }
    return hexadecimal(hmacSHA256(key: key, stringToSign(canonicalRequest, at: time)))
  }

  /// The credential scope: date, region and service a signature is good for.
  public func scope(at time: Timestamp) -> String {
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

  /// What may change between here and the service.
  private static let unsignedHeaders: Set<String> = [
    "connection", "expect", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer",
    "transfer-encoding", "upgrade",
    "user-agent", "x-amzn-trace-id",
  ]

  /// The wire path without dot segments and doubled slashes, percent-encoded once more, as every service but S3 wants
  /// it.
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

/// The order of bytes, which is that of code points; `<` of strings is another.
private func precedes(_ left: String, _ right: String) -> Bool {
  left.utf8.lexicographicallyPrecedes(right.utf8)
}

/// `text` with every byte but RFC 3986's unreserved ones as `%XX`.
public func percentEncoded(_ text: some StringProtocol) -> String {
  let digits = Array("0123456789ABCDEF".utf8)
  var encoded: [UInt8] = []
  for byte in text.utf8 {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"),
      UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
      encoded.append(byte)
    default:
      encoded += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }
  }
  return String(decoding: encoded, as: UTF8.self)
}

/// The parts of an absolute URL, as they stand.
struct URLParts {
  let scheme: String
  /// Host and port, the port left out where it is the scheme's own.
  let authority: String
  /// With its leading slash; `/` where there is none.
  let path: String
  let query: String

  /// The host alone, an IPv6 address without its brackets.
  var host: String {
    if authority.hasPrefix("[") { return String(authority.dropFirst().prefix { $0 != "]" }) }
    return String(authority.prefix { $0 != ":" })
  }

  init(_ url: String) {
    let schemeEnd = url.firstRange(of: "://")
    scheme = schemeEnd.map { url[..<$0.lowerBound].lowercased() } ?? ""
    let rest = url.utf8[(schemeEnd?.upperBound ?? url.startIndex)...].prefix { $0 != UInt8(ascii: "#") }
    let authorityEnd = rest.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") } ?? rest.endIndex
    var host = String(Substring(rest[..<authorityEnd])).lowercased()
    if let at = host.lastIndex(of: "@") { host = String(host[host.index(after: at)...]) }
    let ownPort = scheme == "http" ? ":80" : ":443"
    for suffix in [ownPort, ":"] where host.hasSuffix(suffix) { host.removeLast(suffix.count) }
    authority = host
    let target = rest[authorityEnd...]
    let queryStart = target.firstIndex(of: UInt8(ascii: "?")) ?? target.endIndex
    path = queryStart == target.startIndex ? "/" : String(Substring(target[..<queryStart]))
    query = String(Substring(target[queryStart...].dropFirst()))
  }
}
