import FoundationEssentials
import TestSupport
import Testing

@testable import MosaicAICore

/// The credential services of the conformance cases: the twin of `answer` in `Tests/Conformance/aws/generate_cases.py`.
struct StubTransport: HTTPTransport {
  /// What a service does instead of its work.
  let faults: [String: String]

  private struct Answer {
    let status: Int
    let body: String
  }

  private static let far = "2099-01-01T00:00:00Z"

  func send(
    _ request: HTTPRequest, timeouts: HTTPTimeouts, cancellation: Cancellation, to receiver: any HTTPResponseReceiver
  ) throws {
    guard let answer = answer(request) else { throw TransportError(.refused, "refused") }
    try receiver.receive(head: HTTPResponseHead(status: answer.status))
    try Array(answer.body.utf8).withUnsafeBytes { try receiver.receive(body: $0) }
  }

  private func fault(_ service: String) -> Answer? {
    switch (faults[service], service) {
    case ("500", _): Answer(status: 500, body: "<html>oops</html>")
    case ("503", "sts"): Answer(status: 503, body: error("ServiceUnavailable", "down"))
    case ("503", _): Answer(status: 503, body: #"{"message": "down"}"#)
    case ("throttled", "sts"): Answer(status: 400, body: error("Throttling", "Rate exceeded"))
    case ("throttled", "oidc"):
      Answer(status: 400, body: #"{"error": "slow_down", "error_description": "too fast"}"#)
    case ("throttled", _): Answer(status: 429, body: #"{"message": "Too many requests"}"#)
    case ("html", _): Answer(status: 200, body: "<html><body>login</body></html>")
    case ("json", _): Answer(status: 200, body: "{}")
    case ("denied", "sts"): Answer(status: 403, body: error("AccessDenied", "no"))
    case ("denied", _): Answer(status: 403, body: #"{"__type": "ForbiddenException", "message": "No access"}"#)
    case ("expired", "sts"): Answer(status: 400, body: error("ExpiredTokenException", "old"))
    case ("expired", "oidc"): Answer(status: 400, body: #"{"error": "invalid_grant", "error_description": "old"}"#)
    case ("expired", _):
      Answer(
        status: 401, body: #"{"__type": "UnauthorizedException", "message": "Session token not found or invalid"}"#)
    default: nil
    }
  }

  private func error(_ code: String, _ message: String) -> String {
    "<ErrorResponse><Error><Type>Sender</Type><Code>\(code)</Code><Message>\(message)</Message></Error></ErrorResponse>"
  }

  /// Nil for a connection that is refused.
  private func answer(_ request: HTTPRequest) -> Answer? {
    let path = URLParts(request.url).path
    let headers = Dictionary(request.headers.map { ($0.name.lowercased(), $0.value) }, uniquingKeysWith: { $1 })
    let body = String(decoding: request.body, as: UTF8.self)
    if path.hasSuffix("/latest/api/token") {
      guard let imds = faults["imds"] else { return nil }
      if imds == "v1" { return Answer(status: 404, body: "") }
      return fault("imds") ?? Answer(status: 200, body: "imds-token")
    }
    if path.contains("/latest/meta-data/") {
      guard ["present", "v1", "unauthorized"].contains(faults["imds"]) else { return fault("imds") }
      if faults["imds"] == "unauthorized", !path.hasSuffix("/security-credentials/") {
        return Answer(status: 200, body: #"{"Code": "AssumeRoleUnauthorizedAccess", "Message": "no"}"#)
      }
      if path.hasSuffix("/security-credentials/") { return Answer(status: 200, body: "a-role") }
      return keys("IMDS \(origin(request.url)) \(headers["x-aws-ec2-metadata-token"] ?? "None")", "imds-secret", "imds")
    }
    if path.hasSuffix("/federation/credentials") {
      return faults["sso"] == "refused" ? nil : fault("sso") ?? roleCredentials(request, headers)
    }
    if path.hasSuffix("/token"), request.method == "POST" {
      return faults["oidc"] == "refused" ? nil : fault("oidc") ?? renewed(request)
    }
    if request.method == "POST", body.contains("Action=AssumeRole") {
      return faults["sts"] == "refused" ? nil : fault("sts") ?? assumed(request, headers, form(body))
    }
    if faults["container"] == "refused" { return nil }
    return fault("container") ?? keys("ECS \(request.url) \(headers["authorization"] ?? "-")", "ecs-secret", "ecs")
  }

  private func keys(_ id: String, _ secret: String, _ token: String) -> Answer {
    json([
      "Code": "Success", "AccessKeyId": id, "SecretAccessKey": secret, "Token": token, "Expiration": StubTransport.far,
    ])
  }

  private func roleCredentials(_ request: HTTPRequest, _ headers: [String: String]) -> Answer {
    let query = form(URLParts(request.url).query)
    let id =
      "SSO \(origin(request.url)) \(query["role_name"] ?? "") \(query["account_id"] ?? "") \(headers["x-amz-sso_bearer_token"] ?? "None")"
    let credentials =
      #"""
      {"accessKeyId": \#(pythonJSON(id)), "secretAccessKey": "sso-secret", "sessionToken": "sso", "expiration": \#
      4070908800000}
      """#
    return Answer(status: 200, body: #"{"roleCredentials": \#(credentials)}"#)
  }

  private func renewed(_ request: HTTPRequest) -> Answer {
    let sent = strings(request.body) ?? [:]
    let words = ["clientId", "clientSecret", "refreshToken", "grantType"].map { sent[$0] ?? "None" }.joined(
      separator: " ")
    let token = "renewed by \(words) at \(origin(request.url))"
    return Answer(
      status: 200,
      body:
        #"{"accessToken": \#(pythonJSON(token)), "expiresIn": 28800, "refreshToken": "next", "tokenType": "Bearer"}"#)
  }

  private func assumed(_ request: HTTPRequest, _ headers: [String: String], _ given: [String: String]) -> Answer {
    var form = given
    if form["RoleSessionName"]?.wholeMatch(of: #/(botocore-session|mosaic-ai)-[0-9]+/#) != nil {
      form["RoleSessionName"] = "*"
    }
    var by = "-"
    if let match = headers["authorization"]?.firstMatch(
      of: #/^AWS4-HMAC-SHA256 Credential=(.*)/[0-9]{8}/([a-z0-9-]+)/sts/aws4_request, /#)
    {
      by = "\(match.1) in \(match.2) with \(headers["x-amz-security-token"] ?? "-")"
    }
    let words = form.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map { "\($0)=\(form[$0] ?? "")" }
      .joined(separator: " ")
    let key = "STS \(origin(request.url)) \(words) by [\(by)]"
      .replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    let action = form["Action"] ?? ""
    return Answer(
      status: 200,
      body: """
        <\(action)Response xmlns='https://sts.amazonaws.com/doc/2011-06-15/'><\(action)Result>\
        <Credentials><AccessKeyId>\(key)</AccessKeyId>\
        <SecretAccessKey>sts-secret</SecretAccessKey><SessionToken>sts</SessionToken>\
        <Expiration>\(StubTransport.far)</Expiration>\
        </Credentials></\(action)Result></\(action)Response>
        """)
  }

  private func json(_ members: [String: String]) -> Answer {
    Answer(
      status: 200, body: "{\(members.map { "\(pythonJSON($0.key)): \(pythonJSON($0.value))" }.joined(separator: ", "))}"
    )
  }

  private func origin(_ url: String) -> String {
    let parts = url.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
    return parts.prefix(3).joined(separator: "/")
  }
}

/// An object of JSON whose values are all texts; nil for anything else. The program's own reader is not asked.
func strings(_ bytes: [UInt8]) -> [String: String]? {
  guard case .object(let members)? = try? JSONText(bytes) else { return nil }
  var pairs: [String: String] = [:]
  for member in members {
    guard let text = member.value.string else { return nil }
    pairs[member.name] = text
  }
  return pairs
}

/// The pairs of an HTML form or a query.
func form(_ text: String) -> [String: String] {
  var pairs: [String: String] = [:]
  for pair in text.split(separator: "&") {
    let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map { percentDecoded($0) }
    pairs[parts[0]] = parts.count > 1 ? parts[1] : ""
  }
  return pairs
}

private func percentDecoded(_ text: Substring) -> String {
  var bytes: [UInt8] = []
  var rest = Array(text.utf8)[...]
  while let byte = rest.popFirst() {
    if byte == UInt8(ascii: "%"), let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) {
      bytes.append(value)
      rest = rest.dropFirst(2)
    } else {
      bytes.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
    }
  }
  return String(decoding: bytes, as: UTF8.self)
}
