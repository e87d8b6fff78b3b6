import MosaicAICore

/// Who may ask, and where.
struct AcceptedCredentials: Sendable {
  /// The only access key.
  let accessKeyID: String
  let secretAccessKey: Secret
  /// Where there is one every signed request must carry it; where there is none no request may.
  let sessionToken: Secret?
  /// The only API key.
  let apiKey: Secret
  /// The only region a signature may be scoped to; nil accepts any.
  let region: String?

  /// Checks a request's API key, or its signature against its bytes as received, by a server clock that shows `now`.
  ///
  /// - Throws: the error that AWS answers with
  func check(_ request: ReceivedRequest, at now: Timestamp) throws(ServiceError) {
    guard let authorization = request["authorization"] else { throw .missingAuthentication }
    if let token = authorization.dropping(prefix: "Bearer ") {
      guard token == apiKey.exposed else { throw .wrongAPIKey }
      return
    }
    let claim = try SignatureClaim(request, authorization: authorization)
    guard claim.service == "bedrock" else {
      throw .signature("Credential should be scoped to correct service: 'bedrock'. ")
    }
    guard !claim.region.isEmpty, region == nil || claim.region == region else {
      throw .signature("Credential should be scoped to a valid region. ")
    }
    try checkAge(of: claim.time, at: now)
    guard claim.accessKeyID == accessKeyID, request["x-amz-security-token"] == sessionToken?.exposed else {
      throw .unrecognizedClient
    }
    let signer = SigV4Signer(service: claim.service, region: claim.region)
    if let hash = request["x-amz-content-sha256"], hash[...] != payloadHash(of: request.body, by: signer) {
      throw .signature("The provided 'x-amz-content-sha256' header does not match what was computed.")
    }
    let canonicalRequest = signer.canonicalRequest(claim.signedPart)
    guard signer.signature(of: canonicalRequest, with: secretAccessKey, at: claim.time) == claim.signature else {
      throw .signature(
        "The request signature we calculated does not match the signature you provided. "
          + "Check your AWS Secret Access Key and signing method. Consult the service documentation for details.")
    }
  }

  /// SHA-256 of a body, in hexadecimal: it is the last line of a canonical request.
  private func payloadHash(of body: [UInt8], by signer: SigV4Signer) -> Substring? {
    signer.canonicalRequest(HTTPRequest(method: "POST", url: "http://localhost/", body: body)).split(separator: "\n")
      .last
  }

  /// A signature is good from five minutes before its time to five minutes after.
  private func checkAge(of time: Timestamp, at now: Timestamp) throws(ServiceError) {
    let earliest = now + -300
    let latest = now + 300
    if time < earliest {
      throw .signature(
        "Signature expired: \(time.iso8601Basic) is now earlier than \(earliest.iso8601Basic) (\(now.iso8601Basic) - 5 min.)"
      )
    }
    if time > latest {
      throw .signature(
        "Signature not yet current: \(time.iso8601Basic) is still later than \(latest.iso8601Basic) (\(now.iso8601Basic) + 5 min.)"
      )
    }
  }
}

/// What an `Authorization` header of SigV4 claims.
private struct SignatureClaim {
  let accessKeyID: String
  let region: String
  let service: String
  let signature: String
  let time: Timestamp
  /// The request with nothing but its signed headers.
  let signedPart: HTTPRequest

  /// Reads and checks the form of the claim, not whether it is true.
  init(_ request: ReceivedRequest, authorization: String) throws(ServiceError) {
    guard let list = authorization.dropping(prefix: "AWS4-HMAC-SHA256 ") else {
      throw .incompleteSignature("Authorization header requires 'AWS4-HMAC-SHA256' or 'Bearer' as its scheme.")
    }
    var parameters: [Substring: Substring] = [:]
    for pair in list.split(separator: ",") {
      let pair = pair.trimmed
      guard let equals = pair.firstIndex(of: "=") else {
        throw .incompleteSignature(
          "A parameter of the Authorization header is not a valid key=value pair (missing equal-sign).")
      }
      parameters[pair[..<equals]] = pair[equals...].dropFirst()
    }
    let missing = ["Credential", "Signature", "SignedHeaders"].filter { parameters[Substring($0), default: ""].isEmpty }
    var complaints = missing.map { "Authorization header requires '\($0)' parameter." }
    let date = request["x-amz-date"]
    if date == nil { complaints.append("Authorization header requires existence of a 'X-Amz-Date' header.") }
    guard complaints.isEmpty, let date else { throw .incompleteSignature(complaints.joined(separator: " ")) }
    guard let time = Timestamp(iso8601Basic: date) else {
      throw .incompleteSignature(
        "Date must be in ISO-8601 'basic format'. Got '\(date)'. See http://en.wikipedia.org/wiki/ISO_8601")
    }

    let scope = parameters["Credential", default: ""].split(separator: "/", omittingEmptySubsequences: false).map(
      String.init)
    guard scope.count == 5 else {
      throw .incompleteSignature(
        "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term.")
    }
    guard scope[4] == "aws4_request" else {
      throw .signature("Credential should be scoped with a valid terminator: 'aws4_request', not '\(scope[4])'.")
    }
    guard scope[1] == date.prefix(8) else {
      throw .signature(
        "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: "
          + "'\(scope[1])' != '\(date.prefix(8))', from '\(date)'.")
    }

    let signedNames = parameters["SignedHeaders", default: ""].split(separator: ";").map(String.init)
    let mustBeSigned = Set(
      request.headers.map { $0.name.lowercased() }.filter { $0 == "host" || $0.hasPrefix("x-amz-") }
    ).union(["host"])
    for name in mustBeSigned.sorted() where !signedNames.contains(name) {
      throw .signature("'\(name)' must be a 'SignedHeader' in the AWS Authorization.")
    }
    accessKeyID = scope[0]
    region = scope[2]
    service = scope[3]
    signature = String(parameters["Signature", default: ""])
    self.time = time
    signedPart = HTTPRequest(
      method: request.method, url: "http://\(request["host"] ?? "")\(request.target)",
      headers: request.headers.filter { signedNames.contains($0.name.lowercased()) }, body: request.body)
  }
}

extension Timestamp {
  /// Reads `20261123T061302Z`.
  fileprivate init?(iso8601Basic text: String) {
    let digits = Array(text)
    guard digits.count == 16 else { return nil }
    let date = "\(String(digits[0..<4]))-\(String(digits[4..<6]))-\(String(digits[6..<8]))"
    let time = "\(String(digits[9..<11])):\(String(digits[11..<13])):\(String(digits[13..<15]))"
    guard digits[8] == "T", digits[15] == "Z" else { return nil }
    self.init(rfc3339: "\(date)T\(time)Z")
  }
}

extension StringProtocol {
  /// What follows `prefix`, or nil where it does not begin with it.
  func dropping(prefix: String) -> SubSequence? {
    hasPrefix(prefix) ? dropFirst(prefix.count) : nil
  }

  /// Without white space at either end.
  var trimmed: SubSequence {
    guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace }) else {
      return self[endIndex...]
    }
    return self[first...last]
  }
}
