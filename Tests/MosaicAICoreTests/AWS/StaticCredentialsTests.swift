import TestSupport
import Testing

@testable import MosaicAICore

@Suite struct StaticCredentialsTests {
  private let home = TemporaryHome()
  private let environment = ["AWS_ACCESS_KEY_ID": "AKIAENV", "AWS_SECRET_ACCESS_KEY": "env-secret"]

  init() {
    home.write(
      ".aws/credentials",
      """
      [default]\naws_access_key_id = AKIAFILE\naws_secret_access_key = s\n[x]\naws_access_key_id = AKIAX\n\
      aws_secret_access_key = s\naws_session_token = t\n
      """
    )
    home.write(
      ".aws/config",
      """
      [profile y]\naws_access_key_id = AKIAY\naws_secret_access_key = s\n[profile half]\naws_access_key_id = AKIA\n\
      [profile z]\n
      """
    )
  }

  private func key(_ context: AWSContext) throws -> String {
    guard case .accessKey(let key) = try context.resolve().credentials else { return "an API key" }
    return key.id
  }

  @Test("An API key wins over everything")
  func anAPIKeyWinsOverEverything() throws {
    let context = home.context(environment.merging(["AWS_BEARER_TOKEN_BEDROCK": "bedrock-key"]) { $1 }, profile: "x")
    let resolution = try context.resolve()
    #expect(resolution.credentials == .apiKey(Secret("bedrock-key")))
    #expect(resolution.tried == ["API key (AWS_BEARER_TOKEN_BEDROCK)"])
  }

  @Test("The environment wins unless a flag names a profile")
  func theEnvironmentWinsUnlessAProfileIsNamedByFlag() throws {
    #expect(try key(home.context(environment)) == "AKIAENV")
    #expect(try key(home.context(environment.merging(["AWS_PROFILE": "x"]) { $1 })) == "AKIAENV")
    #expect(try key(home.context(environment, configuredProfile: "x")) == "AKIAENV")
    #expect(try key(home.context(environment, profile: "x")) == "AKIAX")
    #expect(try key(home.context(profile: "y")) == "AKIAY")
    #expect(try key(home.context()) == "AKIAFILE")
  }

  @Test("Session tokens are read")
  func sessionTokensAreRead() throws {
    let variables = environment.merging(["AWS_SESSION_TOKEN": "env-token"]) { $1 }
    #expect(
      try home.context(variables).resolve().credentials == .accessKey(AccessKey("AKIAENV", "env-secret", "env-token")))
    #expect(try home.context(profile: "x").resolve().credentials == .accessKey(AccessKey("AKIAX", "s", "t")))
  }

  @Test("Half a key is an error")
  func halfAKeyIsAnError() throws {
    #expect(try failure { try home.context(["AWS_ACCESS_KEY_ID": "AKIA"]).resolve() }.code == .configInvalid)
    let failure = try failure { try home.context(profile: "half").resolve() }
    #expect(failure.code == .configInvalid)
    for fact in ["half", "\(home.path)/.aws/config", "aws_secret_access_key"] {
      #expect(failure.message.contains(fact))
    }
  }

  @Test("Expired variables are refused")
  func expiredVariables() throws {
    func expiring(_ time: String) -> AWSContext {
      home.context(environment.merging(["AWS_CREDENTIAL_EXPIRATION": time]) { $1 })
    }
    #expect(try expiring("2026-11-23T06:13:03Z").resolve().credentials.expiration == testTime + 1)
    #expect(try failure { try expiring("2026-11-23T06:13:02Z").resolve() }.code == .credentialsExpired)
    #expect(try failure { try expiring("soon").resolve() }.code == .configInvalid)
  }

  @Test("An API key with a newline is refused")
  func anAPIKeyWithANewlineIsRefused() throws {
    #expect(
      try failure { try home.context(["AWS_BEARER_TOKEN_BEDROCK": "key\r\nX: y"]).resolve() }.code == .configInvalid)
  }

  @Test("With nothing configured, the error says where it looked")
  func withNothingConfiguredItSaysWhereItLooked() throws {
    let failure = try failure { try home.context(profile: "z").resolve() }
    #expect(failure.code == .noCredentials)
    #expect(failure.message.contains("\(home.path)/.aws/credentials"))
    #expect(failure.adviceText.contains("aws configure"))
  }
}
