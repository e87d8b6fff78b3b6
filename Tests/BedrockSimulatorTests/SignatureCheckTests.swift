import MosaicAICore
import Testing

@testable import BedrockSimulator

/// Requests are let in or refused as AWS does it. The signatures are botocore's own, at 2026-11-23T06:13:02Z for
/// eu-west-1 (Tests/Conformance/simulator/make_literals.py).
struct SignatureCheckTests {
  private static let body = #"{"messages":[{"role":"user","content":[{"text":"Hello"}]}]}"#
  private static let model = "us.anthropic.claude-sonnet-4-5-20250929-v1%3A0"
  private static let signature = "102fe429882275c90d1d96c5ed90f3f93e55bc53ea7c74f85db015929200bce0"
  private static let scope = "AKIDSIMULATOR/20261123/eu-west-1/bedrock/aws4_request"

  private func accepted(sessionToken: String? = nil, region: String? = nil) -> AcceptedCredentials {
    AcceptedCredentials(
      accessKeyID: "AKIDSIMULATOR", secretAccessKey: Secret("simulator-secret"),
      sessionToken: sessionToken.map(Secret.init),
      apiKey: Secret("simulator-api-key"), region: region)
  }

  private func request(
    model: String = model, body: String = body, date: String = "20261123T061302Z", authorization: String? = nil,
    scope: String = scope,
    signedHeaders: String = "content-type;host;x-amz-date", signature: String = signature,
    further: [(name: String, value: String)] = []
  ) -> ReceivedRequest {
    let given =
      authorization ?? "AWS4-HMAC-SHA256 Credential=\(scope), SignedHeaders=\(signedHeaders), Signature=\(signature)"
    return ReceivedRequest(
      method: "POST", target: "/model/\(model)/converse-stream",
      headers: [
        ("Host", "127.0.0.1:8080"), ("Accept-Encoding", "identity"), ("Content-Type", "application/json"),
        ("X-Amz-Date", date),
        ("Authorization", given),
      ] + further,
      body: Array(body.utf8))
  }

  private func refusal(
    of request: ReceivedRequest, by credentials: AcceptedCredentials? = nil, at time: String = "2026-11-23T06:13:02Z"
  ) throws -> ServiceError? {
    let now = try #require(Timestamp(rfc3339: time))
    do {
      try (credentials ?? accepted()).check(request, at: now)
      return nil
    } catch { return error }
  }

  @Test("Signatures by botocore are accepted")
  func acceptsBotocore() throws {
    #expect(try refusal(of: request()) == nil)
    let arn =
      """
      arn%3Aaws%3Abedrock%3Aeu-west-1%3A123456789012%3Ainference-profile%2F\
      eu.anthropic.claude-sonnet-4-5-20250929-v1%3A0
      """
    #expect(
      try refusal(
        of: request(model: arn, signature: "24dd179c0c5afba7726990d0ced794059cb9acc906025f2e5a7d545eee0400ad")) == nil)
  }

  @Test("One changed byte anywhere in what is signed is refused")
  func refusesChanges() throws {
    let wrong = ServiceError.signature(
      "The request signature we calculated does not match the signature you provided. "
        + "Check your AWS Secret Access Key and signing method. Consult the service documentation for details.")
    #expect(try refusal(of: request(body: SignatureCheckTests.body + " ")) == wrong)
    #expect(try refusal(of: request(model: "eu.anthropic.claude-sonnet-4-5-20250929-v1%3A0")) == wrong)
    #expect(try refusal(of: request(date: "20261123T061303Z")) == wrong)
    #expect(try refusal(of: request(signature: "0" + SignatureCheckTests.signature.dropFirst())) == wrong)
    let otherKey = AcceptedCredentials(
      accessKeyID: "AKIDSIMULATOR", secretAccessKey: Secret("other"), sessionToken: nil, apiKey: Secret("k"),
      region: nil)
    #expect(try refusal(of: request(), by: otherKey) == wrong)
  }

  @Test("A body hash that does not match the body is refused, signed or not")
  func refusesWrongHash() throws {
    let wrong = request(
      signedHeaders: "content-type;host;x-amz-content-sha256;x-amz-date",
      further: [("X-Amz-Content-Sha256", String(repeating: "0", count: 64))])
    #expect(
      try refusal(of: wrong)?.message == "The provided 'x-amz-content-sha256' header does not match what was computed.")
  }

  @Test("An unsigned header may change")
  func allowsUnsignedHeaders() throws {
    #expect(try refusal(of: request(further: [("User-Agent", "anything")])) == nil)
  }

  @Test("A signature is valid for five minutes either way")
  func limitsAge() throws {
    #expect(try refusal(of: request(), at: "2026-11-23T06:18:02Z") == nil)
    #expect(try refusal(of: request(), at: "2026-11-23T06:08:02Z") == nil)
    #expect(
      try refusal(of: request(), at: "2026-11-23T06:18:03Z")
        == .signature(
          "Signature expired: 20261123T061302Z is now earlier than 20261123T061303Z (20261123T061803Z - 5 min.)"))
    #expect(
      try refusal(of: request(), at: "2026-11-23T06:08:01Z")
        == .signature(
          "Signature not yet current: 20261123T061302Z is still later than 20261123T061301Z (20261123T060801Z + 5 min.)"
        ))
  }

  @Test("A session token is required if one is configured, and refused otherwise")
  func checksSessionToken() throws {
    let signed = "content-type;host;x-amz-date;x-amz-security-token"
    let signature = "ccbf98ae450209cea1945ec34515b2b656a868ea85c45fa11565ce116e7291dd"
    let withToken = request(
      model: "simulator.echo", signedHeaders: signed, signature: signature,
      further: [("X-Amz-Security-Token", "token+/=")])
    #expect(try refusal(of: withToken, by: accepted(sessionToken: "token+/=")) == nil)
    #expect(try refusal(of: withToken, by: accepted(sessionToken: "another")) == .unrecognizedClient)
    #expect(try refusal(of: withToken) == .unrecognizedClient)
    #expect(try refusal(of: request(), by: accepted(sessionToken: "token+/=")) == .unrecognizedClient)
    let unsigned = request(further: [("X-Amz-Security-Token", "token+/=")])
    #expect(
      try refusal(of: unsigned, by: accepted(sessionToken: "token+/="))
        == .signature("'x-amz-security-token' must be a 'SignedHeader' in the AWS Authorization."))
  }

  @Test(
    "A scope that does not match is refused by name",
    arguments: [
      ("AKIDOTHER/20261123/eu-west-1/bedrock/aws4_request", "UnrecognizedClientException", 403),
      ("AKIDSIMULATOR/20261123/eu-west-1/bedrock-runtime/aws4_request", "InvalidSignatureException", 403),
      ("AKIDSIMULATOR/20261122/eu-west-1/bedrock/aws4_request", "InvalidSignatureException", 403),
      ("AKIDSIMULATOR/20261123//bedrock/aws4_request", "InvalidSignatureException", 403),
      ("AKIDSIMULATOR/20261123/eu-west-1/bedrock/aws5_request", "InvalidSignatureException", 403),
      ("AKIDSIMULATOR/20261123/eu-west-1/bedrock", "IncompleteSignatureException", 400),
      ("", "IncompleteSignatureException", 400),
    ])
  func refusesOtherScopes(scope: String, name: String, status: Int) throws {
    let error = try #require(try refusal(of: request(scope: scope)))
    #expect(error.name == name)
    #expect(error.status == status)
  }

  @Test("A region can be required")
  func checksRegion() throws {
    #expect(try refusal(of: request(), by: accepted(region: "eu-west-1")) == nil)
    #expect(
      try refusal(of: request(), by: accepted(region: "us-east-1"))
        == .signature("Credential should be scoped to a valid region. "))
  }

  @Test(
    "An Authorization header that is not SigV4 is incomplete",
    arguments: ["AWS4-HMAC-SHA256 Credential=a", "AWS4-HMAC-SHA256 nonsense", "Basic dXNlcjpwYXNz", "x"])
  func refusesOtherAuthorization(authorization: String) throws {
    #expect(try refusal(of: request(authorization: authorization))?.name == "IncompleteSignatureException")
  }

  @Test(
    "A date in another format is refused",
    arguments: ["yesterday", "20261123T0613", "2026-11-23T06:13:02Z"])
  func refusesOtherDates(date: String) throws {
    #expect(try refusal(of: request(date: date))?.name == "IncompleteSignatureException")
  }

  @Test("The host must be signed")
  func requiresHost() throws {
    #expect(
      try refusal(of: request(signedHeaders: "content-type;x-amz-date"))
        == .signature("'host' must be a 'SignedHeader' in the AWS Authorization."))
  }

  @Test("Only the configured API key is accepted as a bearer token")
  func checksAPIKey() throws {
    #expect(try refusal(of: request(authorization: "Bearer simulator-api-key")) == nil)
    #expect(try refusal(of: request(authorization: "Bearer wrong")) == .wrongAPIKey)
    let bare = ReceivedRequest(method: "POST", target: "/model/simulator.echo/converse-stream", headers: [], body: [])
    #expect(try refusal(of: bare) == .missingAuthentication)
  }
}
