import TestSupport
import Testing

@testable import MosaicAICore

/// What Amazon Bedrock says about a model's life, and which profiles models have.
@Suite struct LifecycleTests {
  private typealias Answer = ScriptedTransport.Answer

  private let home = TemporaryHome()
  private let key = CredentialsChain.Resolution(
    credentials: .accessKey(AccessKey(id: "AKID", secret: Secret("secret"), sessionToken: nil)), source: "the test",
    tried: [])

  private func access(_ transport: ScriptedTransport, _ variables: [String: String] = [:]) -> BedrockAccess {
    BedrockAccess(
      .init(),
      BedrockAccess.World(
        variables: variables, home: home.path, cacheFolder: "\(home.path)/cache", userAgent: "test/1",
        now: { Timestamp(milliseconds: 1_795_414_382_000) }, askCode: { _, _ in nil },
        makeTransport: { _ in transport }))
  }

  private static func answer(_ lifecycle: String) -> ScriptedTransport.Answer {
    .error(200, [], #"{"modelDetails":{"modelId":"m","modelLifecycle":\#(lifecycle)}}"#)
  }

  private static let legacy = answer(
    #"{"status":"LEGACY","startOfLifeTime":"2025-09-29T00:00:00Z","legacyTime":"2026-10-08T00:00:00Z","#
      + #""publicExtendedAccessTime":"2027-01-08T00:00:00Z","endOfLifeTime":"2027-04-08T00:00:00Z"}"#)

  @Test("The control plane of the region is asked, with a signature for bedrock or with an API key")
  func request() throws {
    let transport = ScriptedTransport([LifecycleTests.legacy, LifecycleTests.legacy])
    let access = access(transport, ["AWS_REGION": "eu-west-1"])
    let lifecycle = try access.lifecycle(of: "eu.anthropic.claude-v1:0", with: key)
    #expect(lifecycle.isLegacy)
    #expect(lifecycle.end?.date == "2027-04-08")
    _ = try access.lifecycle(
      of: "x.y", with: .init(credentials: .apiKey(Secret("token")), source: "the test", tried: []))
    let requests = transport.requests
    #expect(requests.map(\.method) == ["GET", "GET"])
    #expect(
      requests.map(\.url) == [
        "https://bedrock.eu-west-1.amazonaws.com/foundation-models/anthropic.claude-v1%3A0",
        "https://bedrock.eu-west-1.amazonaws.com/foundation-models/x.y",
      ])
    let authorization = requests.compactMap { request in
      request.headers.first { $0.name == "Authorization" }?.value
    }
    #expect(authorization.first?.contains("/20261123/eu-west-1/bedrock/aws4_request") == true)
    #expect(authorization.last == "Bearer token")
  }

  @Test("AWS_ENDPOINT_URL_BEDROCK says where to ask; AWS is not asked about models that are run elsewhere")
  func endpoint() throws {
    let transport = ScriptedTransport([LifecycleTests.legacy])
    let elsewhere = ["AWS_ENDPOINT_URL_BEDROCK_RUNTIME": "http://runtime.test"]
    #expect(throws: ModelLifecycle.Gap.noEndpoint) { try access(.unused, elsewhere).lifecycle(of: "a.b", with: key) }
    let both = elsewhere.merging(["AWS_ENDPOINT_URL_BEDROCK": "http://control.test"]) { $1 }
    _ = try access(transport, both).lifecycle(of: "a.b", with: key)
    #expect(transport.requests.map(\.url) == ["http://control.test/foundation-models/a.b"])
  }

  @Test(
    "The foundation model is found in a profile's id and in an ARN",
    arguments: [
      ("us.anthropic.claude-sonnet-4-6", "anthropic.claude-sonnet-4-6"), ("anthropic.x-v1:0", "anthropic.x-v1:0"),
      ("in.anthropic.x", "anthropic.x"), ("us-gov.anthropic.x", "anthropic.x"),
      ("arn:aws:bedrock:us-east-1::foundation-model/anthropic.x", "anthropic.x"),
      ("arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.x", "anthropic.x"),
      ("arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc", nil),
      ("arn:aws:bedrock:us-east-1:123456789012:provisioned-model/abc", nil),
    ] as [(String, String?)])
  func foundationModel(id: String, model: String?) {
    #expect(ModelLifecycle.foundationModelID(of: id) == model)
  }

  @Test("A legacy model is a warning with its dates, and everything else keeps nobody from sending")
  func check() throws {
    let rows: [(ScriptedTransport.Answer, Check.Status, [String])] = [
      (LifecycleTests.legacy, .warning, ["2026-10-08", "2027-01-08", "2027-04-08"]),
      (LifecycleTests.answer(#"{"status":"LEGACY"}"#), .warning, []),
      (LifecycleTests.answer(#"{"status":"ACTIVE","startOfLifeTime":"2026-02-17T00:00:00Z"}"#), .ok, []),
      (.error(403, named: "AccessDeniedException"), .ok, ["bedrock:GetFoundationModel"]),
      (.error(404, named: "ResourceNotFoundException"), .ok, []), (.error(200, [], "<html>"), .ok, ["200"]),
      (.error(500, [], ""), .ok, ["500"]), (.failing(.refused), .ok, ["bedrock.us-east-1.amazonaws.com"]),
    ]
    for (answer, status, facts) in rows {
      let check = Check.lifecycle(of: "a.b", access(ScriptedTransport([answer])), with: key)
      #expect(check.name == "model_lifecycle")
      #expect(check.status == status && check.failure == nil)
      for fact in facts { #expect(check.message?.contains(fact) == true, "\(check)") }
      let listing = Advice.change(.model, to: []).then(.listModels(region: "us-east-1"))
      #expect(check.advice == (status == .warning ? listing : nil))
    }
  }

  @Test(
    "The profiles to try are those that the region and the model have",
    arguments: [
      ("us-east-1", "anthropic.claude-sonnet-4-6", ["us", "global"]),
      ("ca-central-1", "anthropic.x", ["us", "global"]),
      ("ap-south-1", "anthropic.claude-sonnet-4-6", ["in", "global"]),
      ("ap-southeast-2", "anthropic.claude-sonnet-4-6", ["au", "global"]),
      ("ap-northeast-1", "anthropic.claude-opus-5", ["jp", "global"]),
      ("ap-southeast-1", "anthropic.claude-sonnet-4-5-20250929-v1:0", ["global"]),
      ("ap-southeast-1", "anthropic.claude-sonnet-4-20250514-v1:0", ["apac", "global"]),
      ("ap-south-1", "anthropic.claude-3-5-sonnet-20241022-v2:0", ["in", "apac", "global"]),
    ])
  func candidates(region: String, model: String, prefixes: [String]) {
    #expect(InferenceProfile.candidates(for: model, in: region) == prefixes.map { "\($0).\(model)" })
  }

  @Test("Profiles that do not exist are no misfit of the region alone")
  func misfit() throws {
    #expect(InferenceProfile("ca.anthropic.x") == nil)
    #expect(try #require(InferenceProfile("apac.anthropic.claude-sonnet-4-6")).misfit(in: "ap-southeast-1") != nil)
    #expect(try #require(InferenceProfile("in.anthropic.claude-sonnet-4-6")).misfit(in: "ap-south-1") == nil)
    #expect(try #require(InferenceProfile("in.anthropic.claude-sonnet-4-6")).misfit(in: "us-east-1") != nil)
  }

  @Test("A host that does not exist is asked once, and the region is to be checked if it made the name")
  func unknownHost() throws {
    for (endpoint, region, isRegion) in [
      ("https://bedrock-runtime.us-esat-1.amazonaws.com", "us-esat-1", true),
      ("https://bedrock-runtime.nowhere.amazonaws.com", "nowhere", true), ("http://host.test", "nowhere", false),
    ] {
      let transport = ScriptedTransport([.failing(.unknownHost)])
      let model = BedrockModel(
        .init(endpoint: endpoint, region: region), credentials: { [key] _, _ in key }, transport: transport)
      let failure = try failure { try model.reply(to: ConverseTrial.request, RecordedReply(), .never) }
      #expect(failure.code == .connection)
      #expect(failure.names(URLParts(endpoint).host))
      #expect(failure.advice == .check(isRegion ? [.region] : [.region, .endpointURL]))
      #expect(transport.requests.count == 1)
    }
  }

  @Test(
    "Names that regions may have are told from others",
    arguments: [
      ("us-east-1", true), ("mx-central-1", true), ("us-gov-west-1", true), ("cn-north-1", true),
      ("eusc-de-east-1", true), ("us-isob-east-1", true), ("nowhere", false), ("useast-1", false), ("us-east", false),
      ("aws-global", true),
    ])
  func regionNames(name: String, isPossible: Bool) {
    #expect(AWSPartition.hasRegion(named: name) == isPossible)
  }
}
