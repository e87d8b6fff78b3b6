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

  /// `request` with `Host`, `X-Amz-Date`, `X-Amz-Security-Token` (of temporary credentials) and `Authorization` added.
  /// All headers it already has are signed.
  public func sign(_ request: HTTPRequest, with key: AccessKey, at time: Timestamp) -> HTTPRequest {
    var signed = request
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
    let headers = canonicalHeaders(request).map { "\($0.name):\($0.value)\n" }.joined()
    return [
      request.method, canonicalPath(url.path), canonicalQuery(url.query), headers, signedHeaders(request),
      hexadecimal(sha256(request.body)),
    ].joined(separator: "\n")
  }

  /// What the signing key is applied to.
  public func stringToSign(_ canonicalRequest: String, at time: Timestamp) -> String {
    ["AWS4-HMAC-SHA256", time.iso8601Basic, scope(at: time), hexadecimal(sha256(canonicalRequest))].joined(separator: "\n")
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

  private func signedHeaders(_ request: HTTPRequest) -> String {
    canonicalHeaders(request).map(\.name).joined(separator: ";")
  }

  private func canonicalHeaders(_ request: HTTPRequest) -> [(name: String, value: String)] {
    var values: [String: [String]] = [:]
    for header in request.headers {
      let value = header.value.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      values[header.name.lowercased(), default: []].append(value)
    }
    return values.map { ($0.key, $0.value.joined(separator: ",")) }.sorted { $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) }
  }

  /// The wire path without dot segments and doubled slashes, percent-encoded once more, as every service but S3 wants it.
  private func canonicalPath(_ path: String) -> String {
    var segments: [Substring] = []
    let given = path.split(separator: "/")
    for segment in given where segment != "." {
      if segment == ".." { _ = segments.popLast() } else { segments.append(segment) }
    }
    let slash = path.hasSuffix("/") && !segments.isEmpty ? "/" : ""
    return "/" + segments.map { percentEncoded($0) }.joined(separator: "/") + slash
  }

  private func canonicalQuery(_ query: String) -> String {
    query.split(separator: "&").map { pair in
      let equals = pair.firstIndex(of: "=") ?? pair.endIndex
      return (name: pair[..<equals], value: pair[equals...].dropFirst())
    }
    .sorted { ($0.name, $0.value) < ($1.name, $1.value) }
    .map { "\($0.name)=\($0.value)" }
    .joined(separator: "&")
  }
}

/// `text` with every byte but RFC 3986's unreserved ones as `%XX`.
public func percentEncoded(_ text: some StringProtocol) -> String {
  let digits = Array("0123456789ABCDEF".utf8)
  var encoded: [UInt8] = []
  for byte in text.utf8 {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
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

  init(_ url: String) {
    let schemeEnd = url.firstRange(of: "://")
    scheme = schemeEnd.map { url[..<$0.lowerBound].lowercased() } ?? ""
    let rest = url[(schemeEnd?.upperBound ?? url.startIndex)...].prefix { $0 != "#" }
    let authorityEnd = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
    var host = rest[..<authorityEnd].lowercased()
    if let at = host.lastIndex(of: "@") { host = String(host[host.index(after: at)...]) }
    let ownPort = scheme == "http" ? ":80" : ":443"
    if host.hasSuffix(ownPort) { host.removeLast(ownPort.count) }
    authority = host
    let target = rest[authorityEnd...]
    let queryStart = target.firstIndex(of: "?") ?? target.endIndex
    path = target[..<queryStart].isEmpty ? "/" : String(target[..<queryStart])
    query = String(target[queryStart...].dropFirst())
  }
}
