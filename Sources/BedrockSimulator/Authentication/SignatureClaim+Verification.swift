import MosaicAICore

/// Signature Version 4 from the service's side ("Create a signed AWS API request", IAM User Guide). It deliberately
/// shares nothing with the core's signer: an error common to both would go unnoticed here and fail at AWS.
extension SignatureClaim {
  /// The signature that the request would have if the claim were true, in hexadecimal.
  ///
  /// - Parameter payloadHash: SHA-256 of the body, in hexadecimal
  func expectedSignature(for request: ReceivedRequest, payloadHash: String, secret: Secret) -> String {
    let canonicalRequest = canonicalRequest(request, payloadHash: payloadHash)
    let day = String(time.iso8601Basic.prefix(8))
    let scope = [day, region, service, "aws4_request"]
    let stringToSign = [
      "AWS4-HMAC-SHA256", time.iso8601Basic, scope.joined(separator: "/"),
      hexadecimal(SHA256.digest(of: Array(canonicalRequest.utf8))),
    ].joined(separator: "\n")
    let key = scope.reduce(Array("AWS4\(secret.exposed)".utf8)) { key, part in
      SHA256.authenticationCode(of: Array(part.utf8), key: key)
    }
    return hexadecimal(SHA256.authenticationCode(of: Array(stringToSign.utf8), key: key))
  }

  /// The request in the form that is hashed and signed.
  private func canonicalRequest(_ request: ReceivedRequest, payloadHash: String) -> String {
    let query = request.target.dropFirst(request.path.count + 1)
    let headers = signedHeaders.map { name in
      let value = (request[name] ?? "").split(whereSeparator: \.isWhitespace).joined(separator: " ")
      return "\(name):\(value)\n"
    }
    return [
      request.method, canonicalPath(request.path), canonicalQuery(query), headers.joined(),
      signedHeaders.joined(separator: ";"), payloadHash,
    ].joined(separator: "\n")
  }

  /// The path as it arrived, normalized and then percent-encoded once more, as every service but S3 does.
  private func canonicalPath(_ path: Substring) -> String {
    var segments: [Substring] = []
    for segment in path.split(separator: "/") where segment != "." {
      if segment == ".." { _ = segments.popLast() } else { segments.append(segment) }
    }
    let slash = path.hasSuffix("/") && !segments.isEmpty ? "/" : ""
    return "/" + segments.map { percentEncoded($0) }.joined(separator: "/") + slash
  }

  /// The pairs in the order of their bytes.
  private func canonicalQuery(_ query: Substring) -> String {
    let pairs = query.split(separator: "&").map { pair in
      let name = pair.prefix { $0 != "=" }
      return [name, pair.dropFirst(name.count + 1)].map { percentEncoded(percentDecoded($0) ?? String($0)) }
    }
    return pairs.sorted { $0.lexicographicallyPrecedes($1) }.map { $0.joined(separator: "=") }.joined(separator: "&")
  }
}
