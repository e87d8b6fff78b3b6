import Testing

@testable import MosaicAICore

/// Whoever meets an error of Bedrock's is told the next step.
@Suite struct ErrorHintTests {
  /// An error as Bedrock reports it, and what the hint must hold.
  struct Case: Sendable, CustomTestStringConvertible {
    let status: Int
    let name: String?
    let message: String
    var modelID = "anthropic.claude-v1:0"
    var region = "us-east-1"
    let code: FailureCode
    let hint: [String]

    var testDescription: String { "\(name ?? "\(status)") \(message) \(region)" }
  }

  static let onDemand =
    "Invocation of model ID x with on-demand throughput isn’t supported. Retry your request with an inference profile."
  static let notAuthorized =
    "User: arn:aws:iam::123456789012:user/x is not authorized to perform: bedrock:InvokeModelWithResponseStream on resource: y"

  static let cases: [Case] = [
    Case(
      status: 400, name: "ValidationException", message: onDemand, code: .validation,
      hint: ["--model us.anthropic.claude-v1:0 or --model global.anthropic.claude-v1:0"]),
    Case(
      status: 400, name: "ValidationException", message: onDemand, region: "eu-west-3", code: .validation,
      hint: ["--model eu.anthropic.claude-v1:0"]),
    Case(
      status: 400, name: "ValidationException", message: onDemand, region: "ap-southeast-2", code: .validation,
      hint: ["--model au.anthropic.claude-v1:0", "apac.", "global."]),
    Case(
      status: 400, name: "ValidationException", message: onDemand, region: "ap-northeast-1", code: .validation,
      hint: ["--model jp.anthropic.claude-v1:0", "apac."]),
    Case(
      status: 400, name: "ValidationException", message: onDemand, region: "ap-south-1", code: .validation,
      hint: ["--model apac.anthropic.claude-v1:0"]),
    Case(
      status: 400, name: "ValidationException", message: onDemand, modelID: "us.anthropic.claude-v1:0",
      region: "eu-west-1",
      code: .validation, hint: ["try --model eu.anthropic.claude-v1:0"]),
    Case(
      status: 400, name: "ValidationException", message: "The provided model identifier is invalid.",
      modelID: "us.anthropic.claude-v1:0",
      region: "eu-central-1", code: .validation,
      hint: ["eu-central-1", "try --model eu.anthropic.claude-v1:0", "--region"]),
    Case(
      status: 400, name: "ValidationException", message: "The provided model identifier is invalid.", code: .validation,
      hint: ["no model anthropic.claude-v1:0 in us-east-1", "aws bedrock list-inference-profiles --region us-east-1"]),
    Case(
      status: 400, name: "ValidationException", message: "`temperature` is deprecated for this model.",
      code: .validation,
      hint: ["--temperature"]),
    Case(
      status: 400, name: "ValidationException", message: "Input is too long for requested model.", code: .validation,
      hint: ["--new"]),
    Case(
      status: 403, name: "AccessDeniedException",
      message: "You don't have access to the model with the specified model ID.",
      region: "eu-west-1", code: .accessDenied,
      hint: ["https://eu-west-1.console.aws.amazon.com/bedrock/home?region=eu-west-1#/modelaccess", "--model"]),
    Case(
      status: 403, name: "AccessDeniedException",
      message: "You don't have access to the model with the specified model ID.",
      region: "us-gov-west-1", code: .accessDenied,
      hint: ["https://us-gov-west-1.console.amazonaws-us-gov.com/bedrock/"]),
    Case(
      status: 403, name: "AccessDeniedException", message: notAuthorized, code: .accessDenied,
      hint: [
        #"{"Effect":"Allow","Action":["bedrock:InvokeModel","bedrock:InvokeModelWithResponseStream"],"#
          + #""Resource":["arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-v1:0"]}"#
      ]),
    Case(
      status: 403, name: "AccessDeniedException", message: notAuthorized, modelID: "us.anthropic.claude-v1:0",
      code: .accessDenied,
      hint: [
        #""Resource":["arn:aws:bedrock:us-east-1:*:inference-profile/us.anthropic.claude-v1:0","#
          + #""arn:aws:bedrock:*::foundation-model/anthropic.claude-v1:0"]}"#
      ]),
    Case(
      status: 403, name: "AccessDeniedException", message: notAuthorized,
      modelID: "arn:aws-us-gov:bedrock:us-gov-west-1:1:inference-profile/us-gov.anthropic.x", region: "us-gov-west-1",
      code: .accessDenied,
      hint: [
        #"["arn:aws-us-gov:bedrock:us-gov-west-1:1:inference-profile/us-gov.anthropic.x","#
          + #""arn:aws-us-gov:bedrock:*::foundation-model/anthropic.x"]"#
      ]),
    Case(
      status: 403, name: "AccessDeniedException", message: notAuthorized,
      modelID: "arn:aws:bedrock:us-east-1:1:application-inference-profile/abc", code: .accessDenied,
      hint: [
        #"["arn:aws:bedrock:us-east-1:1:application-inference-profile/abc","arn:aws:bedrock:*::foundation-model/*"]"#
      ]),
    Case(
      status: 403, name: "AccessDeniedException",
      message: notAuthorized + " with an explicit deny in a service control policy",
      code: .accessDenied, hint: ["whoever manages the account", "--region"]),
    Case(
      status: 403, name: "AccessDeniedException",
      message:
        "Model access is denied due to IAM user or service role is not authorized to perform aws-marketplace:Subscribe",
      code: .accessDenied, hint: ["aws-marketplace:Subscribe"]),
    Case(
      status: 403, name: "AccessDeniedException", message: "Model access is denied due to INVALID_PAYMENT_INSTRUMENT",
      code: .accessDenied,
      hint: ["payment method"]),
    Case(
      status: 403, name: nil, message: "Authentication failed: Please make sure your API Key is valid.",
      code: .accessDenied,
      hint: ["AWS_BEARER_TOKEN_BEDROCK"]),
    Case(
      status: 403, name: "UnrecognizedClientException",
      message: "The security token included in the request is invalid.",
      code: .accessDenied, hint: ["aws sts get-caller-identity"]),
    Case(
      status: 403, name: "InvalidSignatureException", message: "The request signature we calculated does not match",
      code: .accessDenied,
      hint: ["secret access key", "clock"]),
    Case(
      status: 403, name: "MissingAuthenticationTokenException", message: "Missing Authentication Token",
      code: .accessDenied,
      hint: ["Authorization", "--endpoint-url"]),
    Case(
      status: 403, name: "ExpiredTokenException", message: "The security token included in the request is expired",
      code: .credentialsExpired, hint: ["aws sso login", "session token", "API key"]),
    Case(
      status: 403, name: nil, message: "Bearer Token has expired", code: .accessDenied,
      hint: ["AWS_BEARER_TOKEN_BEDROCK"]),
    Case(
      status: 403, name: "AccessDeniedException", message: "Bearer Token has expired", code: .credentialsExpired,
      hint: ["API key"]),
    Case(
      status: 404, name: "ResourceNotFoundException",
      message: "Model use case details have not been submitted for this account.",
      code: .modelUnavailable, hint: ["use case", "https://us-east-1.console.aws.amazon.com/bedrock/"]),
    Case(
      status: 404, name: "ResourceNotFoundException", message: "This model version has reached the end of its life.",
      code: .modelUnavailable, hint: ["newer model", "list-inference-profiles"]),
    Case(
      status: 404, name: "ResourceNotFoundException", message: "Could not resolve the foundation model",
      code: .modelUnavailable,
      hint: ["--model", "--region", "anthropic.claude-v1:0 in us-east-1"]),
    Case(
      status: 429, name: "ThrottlingException", message: "Too many tokens, please wait before trying again.",
      code: .throttled,
      hint: ["wait"]),
    Case(
      status: 429, name: "ThrottlingException", message: "Too many tokens per day, please wait before trying again.",
      code: .throttled,
      hint: ["tomorrow", "higher quota"]),
    Case(
      status: 400, name: "ServiceQuotaExceededException", message: "Your request exceeds the service quota",
      code: .quota,
      hint: ["Service Quotas"]),
    Case(status: 407, name: nil, message: "", code: .proxyAuth, hint: ["HTTPS_PROXY=http://user:password@host:port"]),
    Case(status: 418, name: nil, message: "", code: .protocolError, hint: ["--endpoint-url", "AWS_ENDPOINT_URL"]),
  ]

  @Test("Each error in its own words leads to the next step", arguments: cases)
  func hint(_ example: Case) {
    let headers = example.name.map { [(name: "x-amzn-ErrorType", value: $0)] } ?? []
    let body = JSON.object([.init("message", .string(example.message))]).compact
    let error = AttemptError(
      head: HTTPResponseHead(status: example.status, headers: headers), body: Array(body.utf8),
      modelID: example.modelID,
      region: example.region)
    #expect(error.failure.code == example.code)
    for part in example.hint { #expect(error.failure.hint?.contains(part) == true, "\(error.failure.hint ?? "none")") }
  }

  @Test("No hint takes more than its line")
  func oneLine() {
    for example in ErrorHintTests.cases {
      let reported = ReportedError(name: example.name, message: example.message, hiding: [])
      let hint = AttemptError.hint(example.code, reported, modelID: example.modelID, region: example.region)
      #expect(hint?.contains("\n") != true)
    }
  }

  @Test("Credentials that AWS does not accept are told with where they come from")
  func credentialsSource() throws {
    for (name, isAboutCredentials) in [
      ("ExpiredTokenException", true), ("UnrecognizedClientException", true), ("InvalidSignatureException", true),
      ("AccessDeniedException", false),
    ] {
      let trial = ConverseTrial(.error(403, named: name, "no"))
      let client = BedrockClient(
        BedrockClient.Settings(endpoint: "https://bedrock.test", region: "us-east-1"), credentials: trial.credentials,
        credentialsName: { "profile rose" }, transport: trial.transport, now: trial.now)
      let failure = try failure { try client.converse(ConverseTrial.request, to: trial.receiver) }
      #expect(failure.message.hasSuffix("; the credentials are from: profile rose") == isAboutCredentials)
    }
  }

  @Test(
    "A profile of another part of the world is told apart from one of the region's",
    arguments: [
      ("us.anthropic.x", "us-west-2", true), ("us.anthropic.x", "ca-central-1", true),
      ("us.anthropic.x", "eu-west-1", false),
      ("global.anthropic.x", "eu-west-1", true), ("global.anthropic.x", "sa-east-1", true),
      ("eu.anthropic.x", "us-east-1", false),
      ("apac.anthropic.x", "ap-southeast-2", true), ("au.anthropic.x", "ap-southeast-2", true),
      ("au.anthropic.x", "ap-south-1", false),
      ("us-gov.anthropic.x", "us-gov-west-1", true), ("us.anthropic.x", "us-gov-west-1", false),
    ])
  func misfit(id: String, region: String, fits: Bool) throws {
    let profile = try #require(InferenceProfile(id))
    #expect((profile.misfit(in: region) == nil) == fits)
  }

  @Test("A foundation model, an ARN and a model of one's own are no such profiles")
  func noProfiles() {
    for id in [
      "anthropic.claude-v1:0", "arn:aws:bedrock:us-east-1:1:inference-profile/us.anthropic.x", "simulator.normal", "x",
      "",
    ] {
      #expect(InferenceProfile(id) == nil)
    }
  }
}
