import TestSupport
import Testing

@testable import MosaicAICore

/// The next step after each error of Bedrock.
@Suite struct ServiceErrorAdviceTests {
  /// An error as Bedrock reports it, and what the advice must be.
  struct Case: Sendable, CustomTestStringConvertible {
    let status: Int
    let name: String?
    let message: String
    var modelID = "anthropic.claude-v1:0"
    var region = "us-east-1"
    let code: FailureCode
    /// All of the advice; nil if only parts of it are checked.
    var advice: Advice?
    /// Steps that are in it.
    var parts: [Advice] = []
    /// What its words hold.
    var facts: [String] = []

    var testDescription: String { "\(name ?? "\(status)") \(message) \(region)" }
  }

  static let onDemand =
    "Invocation of model ID x with on-demand throughput isn’t supported. Retry your request with an inference profile."
  static let notAuthorized =
    """
    User: arn:aws:iam::123456789012:user/x is not authorized to perform: bedrock:InvokeModelWithResponseStream on \
    resource: y
    """

  /// Use one of the model's inference profiles.
  private static func models(_ prefixes: String...) -> Advice {
    .change(.model, to: prefixes.map { "\($0).anthropic.claude-v1:0" })
  }

  static let cases: [Case] = [
    Case(
      status: 400, name: "ValidationException", message: onDemand, code: .validation,
      advice: models("us", "global")),
    Case(
      status: 400, name: "ValidationException", message: onDemand, region: "eu-west-3", code: .validation,
      advice: models("eu", "global")),
    Case(
      status: 400, name: "ValidationException", message: onDemand, region: "ap-southeast-2", code: .validation,
      advice: models("au", "global")),
    Case(
      status: 400, name: "ValidationException", message: onDemand, region: "ap-northeast-1", code: .validation,
      advice: models("jp", "global")),
    Case(
      status: 400, name: "ValidationException", message: onDemand, region: "ap-south-1", code: .validation,
      advice: models("in", "global")),
    Case(
      status: 400, name: "ValidationException", message: onDemand, modelID: "us.anthropic.claude-v1:0",
      region: "eu-west-1",
      code: .validation, advice: models("eu", "global")),
    Case(
      status: 400, name: "ValidationException", message: "The provided model identifier is invalid.",
      modelID: "us.anthropic.claude-v1:0",
      region: "eu-central-1", code: .validation,
      parts: [models("eu", "global"), .change(.region, to: [])], facts: ["eu-central-1", "\"us.\""]),
    Case(
      status: 400, name: "ValidationException", message: "The provided model identifier is invalid.", code: .validation,
      advice: .steps([.check([.model, .region]), .listModels(region: "us-east-1")])),
    Case(
      status: 400, name: "ValidationException", message: "`temperature` is deprecated for this model.",
      code: .validation,
      advice: .omit(.temperature)),
    Case(
      status: 400, name: "ValidationException", message: "Input is too long for requested model.", code: .validation,
      parts: [.startNewConversation]),
    Case(
      status: 403, name: "AccessDeniedException",
      message: "You don't have access to the model with the specified model ID.",
      region: "eu-west-1", code: .accessDenied,
      parts: [.change(.model, to: [])],
      facts: ["https://eu-west-1.console.aws.amazon.com/bedrock/home?region=eu-west-1#/model-catalog"]),
    Case(
      status: 403, name: "AccessDeniedException",
      message: "You don't have access to the model with the specified model ID.",
      region: "us-gov-west-1", code: .accessDenied,
      facts: ["https://us-gov-west-1.console.amazonaws-us-gov.com/bedrock/"]),
    Case(
      status: 403, name: "AccessDeniedException", message: notAuthorized, code: .accessDenied,
      facts: [
        #"{"Effect":"Allow","Action":["bedrock:InvokeModel","bedrock:InvokeModelWithResponseStream"],"#
          + #""Resource":["arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-v1:0"]}"#
      ]),
    Case(
      status: 403, name: "AccessDeniedException", message: notAuthorized, modelID: "us.anthropic.claude-v1:0",
      code: .accessDenied,
      facts: [
        #""Resource":["arn:aws:bedrock:us-east-1:*:inference-profile/us.anthropic.claude-v1:0","#
          + #""arn:aws:bedrock:*::foundation-model/anthropic.claude-v1:0"]}"#
      ]),
    Case(
      status: 403, name: "AccessDeniedException", message: notAuthorized,
      modelID: "arn:aws-us-gov:bedrock:us-gov-west-1:1:inference-profile/us-gov.anthropic.x", region: "us-gov-west-1",
      code: .accessDenied,
      facts: [
        #"["arn:aws-us-gov:bedrock:us-gov-west-1:1:inference-profile/us-gov.anthropic.x","#
          + #""arn:aws-us-gov:bedrock:*::foundation-model/anthropic.x"]"#
      ]),
    Case(
      status: 403, name: "AccessDeniedException", message: notAuthorized,
      modelID: "arn:aws:bedrock:us-east-1:1:application-inference-profile/abc", code: .accessDenied,
      facts: [
        #"["arn:aws:bedrock:us-east-1:1:application-inference-profile/abc","arn:aws:bedrock:*::foundation-model/*"]"#
      ]),
    Case(
      status: 403, name: "AccessDeniedException",
      message: notAuthorized + " with an explicit deny in a service control policy",
      code: .accessDenied, parts: [.change(.region, to: [])]),
    Case(
      status: 403, name: "AccessDeniedException",
      message:
        "Model access is denied due to IAM user or service role is not authorized to perform aws-marketplace:Subscribe",
      code: .accessDenied, facts: ["aws-marketplace:Subscribe"]),
    Case(
      status: 403, name: "AccessDeniedException", message: "Model access is denied due to INVALID_PAYMENT_INSTRUMENT",
      code: .accessDenied,
      facts: ["payment method"]),
    Case(
      status: 403, name: nil, message: "Authentication failed: Please make sure your API Key is valid.",
      code: .accessDenied),
    Case(
      status: 403, name: "UnrecognizedClientException",
      message: "The security token included in the request is invalid.",
      code: .accessDenied, facts: ["aws sts get-caller-identity"]),
    Case(
      status: 403, name: "InvalidSignatureException", message: "The request signature we calculated does not match",
      code: .accessDenied,
      facts: ["clock"]),
    Case(
      status: 403, name: "MissingAuthenticationTokenException", message: "Missing Authentication Token",
      code: .accessDenied,
      parts: [.check([.endpointURL])], facts: ["Authorization"]),
    Case(
      status: 403, name: "ExpiredTokenException", message: "The security token included in the request is expired",
      code: .credentialsExpired, facts: ["aws sso login"]),
    Case(status: 403, name: nil, message: "Bearer Token has expired", code: .accessDenied),
    Case(
      status: 403, name: "AccessDeniedException", message: "Bearer Token has expired", code: .credentialsExpired,
      facts: ["API key"]),
    Case(
      status: 404, name: "ResourceNotFoundException",
      message: "Model use case details have not been submitted for this account.",
      code: .modelUnavailable, facts: ["https://us-east-1.console.aws.amazon.com/bedrock/"]),
    Case(
      status: 404, name: "ResourceNotFoundException", message: "This model version has reached the end of its life.",
      code: .modelUnavailable, parts: [.change(.model, to: []), .listModels(region: "us-east-1")]),
    Case(
      status: 404, name: "ResourceNotFoundException", message: "Could not resolve the foundation model",
      code: .modelUnavailable,
      advice: .steps([.check([.model, .region]), .listModels(region: "us-east-1")])),
    Case(
      status: 429, name: "ThrottlingException", message: "Too many tokens, please wait before trying again.",
      code: .throttled,
      facts: []),
    Case(
      status: 429, name: "ThrottlingException", message: "Too many tokens per day, please wait before trying again.",
      code: .throttled,
      facts: ["quota"]),
    Case(
      status: 400, name: "ServiceQuotaExceededException", message: "Your request exceeds the service quota",
      code: .quota,
      facts: ["Service Quotas"]),
    Case(status: 418, name: nil, message: "", code: .protocolError, advice: .check([.endpointURL])),
  ]

  @Test("The advice for each error names the next step", arguments: cases)
  func advice(_ example: Case) {
    let headers = example.name.map { [(name: "x-amzn-ErrorType", value: $0)] } ?? []
    let body = JSON.object([.init("message", .string(example.message))]).compact
    let error = AttemptError(
      head: HTTPResponseHead(status: example.status, headers: headers), body: Array(body.utf8),
      modelID: example.modelID, region: example.region)
    #expect(error.failure.code == example.code)
    let parts = error.failure.advice?.parts ?? []
    if let advice = example.advice { #expect(error.failure.advice == advice) }
    for part in example.parts { #expect(parts.contains(part), "\(parts)") }
    let words = parts.compactMap { if case .text(let text) = $0 { text } else { nil } }.joined(separator: "\n")
    for fact in example.facts { #expect(words.contains(fact), "\(words)") }
  }

  @Test("No part of the advice is empty or more than one line, whatever code the error has")
  func oneLine() {
    for example in ServiceErrorAdviceTests.cases {
      let error = ServiceError(name: example.name, message: example.message, hiding: [])
      for code in FailureCode.allCases {
        for part in error.advice(code, modelID: example.modelID, region: example.region)?.parts ?? [] {
          if case .text(let text) = part { #expect(!text.isEmpty && !text.contains("\n")) }
        }
      }
    }
  }

  @Test("An error about rejected credentials names their source")
  func credentialsSource() throws {
    for (name, isAboutCredentials) in [
      ("ExpiredTokenException", true), ("UnrecognizedClientException", true), ("InvalidSignatureException", true),
      ("AccessDeniedException", false),
    ] {
      let trial = ConverseTrial(.error(403, named: name, "no"))
      let failure = try failure { try trial.run() }
      #expect(failure.message.contains(ConverseTrial.source) == isAboutCredentials)
    }
  }

  @Test("An API key that is refused is replaced where it comes from", arguments: APIKeyProvider.Origin.allCases)
  func keySource(origin: APIKeyProvider.Origin) throws {
    let refusals: [ScriptedTransport.Answer] = [
      .error(403, [], #"{"Message":"Authentication failed: Please make sure your API Key is valid."}"#),
      .error(403, named: "AccessDeniedException", "Bearer Token has expired"),
      .error(403, named: "UnrecognizedClientException"),
    ]
    for refusal in refusals {
      let resolution = CredentialsChain.Resolution(
        credentials: .apiKey(Secret("key")), source: "the test", tried: [], keyOrigin: origin)
      let model = BedrockModel(
        .init(endpoint: "https://bedrock.test", region: "eu-west-1"), credentials: { _, _ in resolution },
        transport: ScriptedTransport([refusal]))
      let failure = try failure { try model.reply(to: ConverseTrial.request, RecordedReply(), .never) }
      #expect([.accessDenied, .credentialsExpired].contains(failure.code))
      #expect(failure.advises(.setUp) == (origin == .file))
      #expect(failure.adviceText.contains("credentials.yaml") == (origin == .file))
      #expect(failure.adviceText.contains("AWS_BEARER_TOKEN_BEDROCK") == (origin == .variable))
    }
    let lost = ConverseTrial(.error(403, named: "MissingAuthenticationTokenException"))
    #expect(try failure { try lost.run() }.advises(.check([.endpointURL])))
  }

  @Test(
    "A profile from another part of the world is recognized",
    arguments: [
      ("us.anthropic.x", "us-west-2", true), ("us.anthropic.x", "ca-central-1", true),
      ("us.anthropic.x", "eu-west-1", false),
      ("global.anthropic.x", "eu-west-1", true), ("global.anthropic.x", "sa-east-1", true),
      ("eu.anthropic.x", "us-east-1", false),
      ("apac.anthropic.claude-3-x", "ap-southeast-2", true), ("au.anthropic.x", "ap-southeast-2", true),
      ("au.anthropic.x", "ap-south-1", false),
      ("us-gov.anthropic.x", "us-gov-west-1", true), ("us.anthropic.x", "us-gov-west-1", false),
    ])
  func misfit(id: String, region: String, fits: Bool) throws {
    let profile = try #require(InferenceProfile(id))
    #expect((profile.misfit(in: region) == nil) == fits)
  }

  @Test("A foundation model, an ARN and a custom model are not inference profiles")
  func noProfiles() {
    for id in [
      "anthropic.claude-v1:0", "arn:aws:bedrock:us-east-1:1:inference-profile/us.anthropic.x", "simulator.normal", "x",
      "",
    ] {
      #expect(InferenceProfile(id) == nil)
    }
  }
}

extension Advice {
  /// Every step that is in it.
  fileprivate var parts: [Advice] {
    switch self {
    case .steps(let advice), .either(let advice): advice.flatMap(\.parts)
    default: [self]
    }
  }
}
