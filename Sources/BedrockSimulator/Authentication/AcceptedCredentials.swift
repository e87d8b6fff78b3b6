import MosaicAICore

/// The credentials that the simulator accepts.
struct AcceptedCredentials: Sendable {
  /// The only access key id.
  let accessKeyID: String
  let secretAccessKey: Secret
  /// Every signed request must carry this token; if it is nil, none may carry one.
  let sessionToken: Secret?
  /// The only API key.
  let apiKey: Secret
  /// The only region that signatures may be made for; nil accepts any.
  let region: String?

  /// Checks a request's API key, or its signature against the bytes received. The server's clock shows `now`.
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
    let payloadHash = hexadecimal(SHA256.digest(of: request.body))
    if let claimed = request["x-amz-content-sha256"], claimed != payloadHash {
      throw .signature("The provided 'x-amz-content-sha256' header does not match what was computed.")
    }
    guard claim.expectedSignature(for: request, payloadHash: payloadHash, secret: secretAccessKey) == claim.signature
    else {
      throw .signature(
        "The request signature we calculated does not match the signature you provided. "
          + "Check your AWS Secret Access Key and signing method. Consult the service documentation for details.")
    }
  }

  /// A signature is valid from five minutes before its time until five minutes after it.
  private func checkAge(of time: Timestamp, at now: Timestamp) throws(ServiceError) {
    let (earliest, latest) = (now + -300, now + 300)
    if time < earliest {
      throw .signature(
        "Signature expired: \(time.iso8601Basic) is now earlier than \(earliest.iso8601Basic) "
          + "(\(now.iso8601Basic) - 5 min.)")
    }
    if time > latest {
      throw .signature(
        "Signature not yet current: \(time.iso8601Basic) is still later than \(latest.iso8601Basic) "
          + "(\(now.iso8601Basic) + 5 min.)")
    }
  }
}
