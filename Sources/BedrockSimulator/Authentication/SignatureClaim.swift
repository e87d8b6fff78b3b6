import MosaicAICore

/// What the `Authorization` header of a SigV4 request claims.
struct SignatureClaim {
  let accessKeyID: String
  let region: String
  let service: String
  /// In hexadecimal.
  let signature: String
  let time: Timestamp
  /// In lower case, in the order the header lists them.
  let signedHeaders: [String]

  /// Reads the claim and checks its form, but not whether it is true.
  ///
  /// - Throws: the error that AWS answers with
  init(_ request: ReceivedRequest, authorization: String) throws(ServiceError) {
    let parameters = try SignatureClaim.parameters(of: authorization)
    let missing = ["Credential", "Signature", "SignedHeaders"].filter { parameters[Substring($0), default: ""].isEmpty }
    var complaints = missing.map { "Authorization header requires '\($0)' parameter." }
    let date = request["x-amz-date"]
    if date == nil { complaints.append("Authorization header requires existence of a 'X-Amz-Date' header.") }
    guard complaints.isEmpty, let date else { throw .incompleteSignature(complaints.joined(separator: " ")) }
    guard let time = Timestamp(iso8601Basic: date) else {
      throw .incompleteSignature(
        "Date must be in ISO-8601 'basic format'. Got '\(date)'. See http://en.wikipedia.org/wiki/ISO_8601")
    }
    let scope = parameters["Credential", default: ""].split(separator: "/", omittingEmptySubsequences: false)
      .map(String.init)
    try SignatureClaim.check(scope, against: date)
    signedHeaders = parameters["SignedHeaders", default: ""].split(separator: ";").map(String.init)
    let mustBeSigned = request.headers.map { $0.name.lowercased() }.filter { $0.hasPrefix("x-amz-") } + ["host"]
    for name in Set(mustBeSigned).sorted() where !signedHeaders.contains(name) {
      throw .signature("'\(name)' must be a 'SignedHeader' in the AWS Authorization.")
    }
    accessKeyID = scope[0]
    region = scope[2]
    service = scope[3]
    signature = String(parameters["Signature", default: ""])
    self.time = time
  }

  /// The header's `Name=Value` pairs.
  private static func parameters(of authorization: String) throws(ServiceError) -> [Substring: Substring] {
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
    return parameters
  }

  /// Checks key id, date, region, service and terminator, as far as their form goes.
  private static func check(_ scope: [String], against date: String) throws(ServiceError) {
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
  }
}

extension ReceivedRequest {
  /// The region that the request is signed for; nil if it is not signed.
  var signingRegion: String? {
    self["authorization"].flatMap { try? SignatureClaim(self, authorization: $0) }?.region
  }
}

extension Timestamp {
  /// Reads `20261123T061302Z`.
  fileprivate init?(iso8601Basic text: String) {
    let digits = Array(text)
    guard digits.count == 16, digits[8] == "T", digits[15] == "Z" else { return nil }
    let date = "\(String(digits[0..<4]))-\(String(digits[4..<6]))-\(String(digits[6..<8]))"
    let time = "\(String(digits[9..<11])):\(String(digits[11..<13])):\(String(digits[13..<15]))"
    self.init(rfc3339: "\(date)T\(time)Z")
  }
}
