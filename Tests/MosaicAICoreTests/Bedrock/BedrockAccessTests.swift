import Synchronization
import TestSupport
import Testing

@testable import MosaicAICore

/// How Bedrock is reached, from choices, variables and the AWS CLI's files.
@Suite struct BedrockAccessTests {
  private typealias Answer = ScriptedTransport.Answer

  private let home = TemporaryHome()

  /// What was set, and with what the transports were made.
  private func access(
    _ choices: BedrockAccess.Choices = .init(), _ variables: [String: String] = [:],
    transport: ScriptedTransport = .unused, configurations: TransportConfigurations = .init()
  ) -> BedrockAccess {
    let all = ["AWS_EC2_METADATA_DISABLED": "true"].merging(variables) { $1 }
    return BedrockAccess(
      choices,
      BedrockAccess.World(
        variables: all, home: home.path, cacheFolder: "\(home.path)/cache", userAgent: "test/1", now: { testTime },
        askCode: { _, _ in nil },
        makeTransport: {
          configurations.add($0)
          return transport
        }))
  }

  /// The configurations of transports, in the order they were made.
  private final class TransportConfigurations: Sendable {
    private let list = Mutex<[TransportConfiguration]>([])
    var last: TransportConfiguration? { list.withLock { $0.last } }
    func add(_ configuration: TransportConfiguration) { list.withLock { $0.append(configuration) } }
  }

  private func choices(
    region: String? = nil, endpoint: String? = nil, profile: String? = nil
  ) -> BedrockAccess.Choices {
    var choices = BedrockAccess.Choices()
    choices.region = preference("region", region)
    choices.endpoint = preference("endpoint_url", endpoint)
    choices.profile = preference("profile", profile)
    return choices
  }

  // MARK: Precedence

  @Test("Options beat variables, those beat config.yaml, that beats the AWS CLI's files, and each names its origin")
  func precedence() throws {
    home.write(
      ".aws/config",
      """
      [default]
      region = files-1
      endpoint_url = http://files
      max_attempts = 9
      [profile one]
      [profile two]
      [profile three]
      """)
    var all = BedrockAccess.Choices()
    all.region = preference("region", "option-1", "config-1")
    all.endpoint = preference("endpoint_url", "http://option", "http://config")
    all.profile = preference("profile", "one", "three")
    all.maximumAttempts = Preference(
      option: Sourced(5, from: .option("--max-attempts")), configured: Sourced(7, from: .configuration("max_attempts")))
    var configured = all
    configured.region.option = nil
    configured.endpoint.option = nil
    configured.profile.option = nil
    configured.maximumAttempts.option = nil
    let variables = [
      "AWS_REGION": "variable-1", "AWS_ENDPOINT_URL": "http://variable", "AWS_PROFILE": "two", "AWS_MAX_ATTEMPTS": "6",
    ]
    for (access, region, endpoint, profile, attempts) in [
      (
        access(all, variables), Sourced("option-1", from: .option("--region")),
        Sourced("http://option", from: .option("--endpoint-url")), Sourced("one", from: .option("--profile")), 5
      ),
      (
        access(configured, variables), Sourced("variable-1", from: .variable("AWS_REGION")),
        Sourced("http://variable", from: .variable("AWS_ENDPOINT_URL")), Sourced("two", from: .variable("AWS_PROFILE")),
        6
      ),
      (
        access(configured), Sourced("config-1", from: .configuration("region")),
        Sourced("http://config", from: .configuration("endpoint_url")),
        Sourced("three", from: .configuration("profile")),
        7
      ),
      (
        access(), Sourced("files-1", from: .profile("default", file: "\(home.path)/.aws/config")),
        Sourced("http://files", from: .profile("default", file: "\(home.path)/.aws/config")),
        Sourced("default", from: .fallback), 9
      ),
    ] {
      let (found, place) = (try access.region.get(), try access.endpoint.get())
      #expect(Sourced(found.name, from: found.origin) == region)
      #expect(Sourced(place.url, from: place.origin) == endpoint)
      #expect(try access.profile.get().profileName == profile)
      #expect(access.maximumAttempts == attempts)
      #expect(try access.summary().contains(region.value))
      for origin in [region.origin, endpoint.origin, profile.origin] {
        #expect(try access.summary().contains("\(origin)"))
      }
    }
  }

  @Test("Without anything set, it is the default profile, us-east-1 and three requests")
  func defaults() throws {
    let access = access()
    #expect(try access.region.get() == AWSRegion(Sourced("us-east-1", from: .fallback)))
    #expect(try access.endpoint.get().url == "https://bedrock-runtime.us-east-1.amazonaws.com")
    #expect(try access.profile.get().profileName == Sourced("default", from: .fallback))
    #expect(try access.certificates.get() == nil)
    #expect(access.maximumAttempts == 3)
    #expect(access.timeouts == HTTPTimeouts(connect: .seconds(10), idle: .seconds(120)))
  }

  // MARK: Faults

  /// Something that is wrong.
  enum Fault: CaseIterable {
    case profile
    case region
    case endpoint
    case certificates
  }

  /// Every set of faults.
  static let faults = (0..<16).map { bits in
    Fault.allCases.enumerated().filter { bits >> $0.offset & 1 == 1 }.map(\.element)
  }

  private func access(with faults: [Fault]) -> BedrockAccess {
    access(
      choices(
        region: faults.contains(.region) ? "no region!" : "eu-west-1",
        endpoint: faults.contains(.endpoint) ? "ftp://nowhere" : "https://chosen.test",
        profile: faults.contains(.profile) ? "missing" : nil),
      faults.contains(.certificates) ? ["AWS_CA_BUNDLE": "/nowhere/ca.pem"] : [:])
  }

  @Test("Each part is resolved by itself, whatever is wrong with the others", arguments: faults)
  func partByPart(faults: [Fault]) throws {
    let access = access(with: faults)
    func code<Value>(_ result: Result<Value, Failure>) throws -> FailureCode? {
      try TestSupport.code { try result.get() }
    }
    #expect(try code(access.profile) == (faults.contains(.profile) ? .configInvalid : nil))
    #expect(try code(access.region) == (faults.contains(.region) ? .usage : nil))
    #expect(try code(access.endpoint) == (faults.contains(.endpoint) ? .usage : nil))
    if !faults.contains(.region) { #expect(try access.region.get().name == "eu-west-1") }
    if !faults.contains(.endpoint) { #expect(try access.endpoint.get().url == "https://chosen.test") }
    if !faults.contains(.profile) {
      #expect(try code(access.certificates) == (faults.contains(.certificates) ? .configInvalid : nil))
    }
  }

  @Test("What keeps the model from being asked is the first problem that a diagnosis lists", arguments: faults)
  func firstFailure(faults: [Fault]) throws {
    let access = access(with: faults)
    let checks = ConnectionChecks(access).checks
    let listed = checks.filter { $0.status == .error }
    let names: [Fault: String] = [
      .profile: "aws_profile", .region: "region", .endpoint: "endpoint", .certificates: "certificates",
    ]
    // Which certificates are meant, only a profile that can be read says.
    let visible = faults.filter { $0 != .certificates || !faults.contains(.profile) }
    #expect(listed.map(\.name) == visible.map { names[$0] })
    guard let first = faults.first else {
      _ = try access.model()
      _ = try access.credentials()
      return
    }
    let failure = try failure { try access.model() }
    #expect(failure.code == checks.firstFailure?.code)
    // A bundle that is not there is worded differently by the check, which reads it.
    if first == .certificates {
      #expect(failure.message.contains("/nowhere/ca.pem"))
    } else {
      #expect(failure == checks.firstFailure)
    }
    #expect(try TestSupport.failure { try ConverseTrial.request.preview(access) } == failure)
    #expect(try TestSupport.failure { try access.summary() } == failure)
    if first != .endpoint { #expect(try TestSupport.failure { try access.credentials() } == failure) }
  }

  @Test("Without its profile, only what was typed or is in a variable can be told")
  func withoutProfile() throws {
    home.write(".aws/config", "[default]\nregion = files-1\n")
    let bare = access(choices(profile: "missing"))
    #expect(try bare.region.get().name == "us-east-1", "the other profile's region is not it")
    let set = access(choices(profile: "missing"), ["AWS_REGION": "variable-1"])
    #expect(try set.region.get().name == "variable-1")
    #expect(try set.endpoint.get().url == "https://bedrock-runtime.variable-1.amazonaws.com")
    #expect(ConnectionChecks(set).region == nil, "and even that is not certain")
  }

  // MARK: Certificates

  @Test("The transport trusts the certificates of the profile, unless a variable names others")
  func certificates() throws {
    home.write("own.pem", "x")
    home.write(".aws/config", "[default]\nca_bundle = \(home.path)/own.pem\n")
    let configurations = TransportConfigurations()
    let access = access(configurations: configurations)
    #expect(try access.certificates.get()?.value == "\(home.path)/own.pem")
    #expect(configurations.last?.certificateFile == "\(home.path)/own.pem")
    #expect(configurations.last?.userAgent == "test/1")
    home.write("other.pem", "x")
    _ = self.access(.init(), ["AWS_CA_BUNDLE": "\(home.path)/other.pem"], configurations: configurations)
    #expect(configurations.last?.certificateFile == "\(home.path)/other.pem")
  }

  // MARK: The model

  private let key = [
    "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "hushhush", "AWS_REGION": "fips-us-west-2",
  ]

  @Test("The model asks the endpoint, signs for its region, and says where its credentials come from")
  func model() throws {
    let transport = ScriptedTransport([.reply("one"), .reply("two")])
    let sources = Mutex<[String]>([])
    let access = access(choices(endpoint: "http://127.0.0.1:1/base/"), key, transport: transport)
    let model = try access.model { found in sources.withLock { $0.append(found.source) } }
    #expect(sources.withLock { $0.isEmpty }, "credentials are looked for once they are needed")
    for text in ["one", "two"] {
      let reply = RecordedReply()
      #expect(try model.reply(to: ConverseTrial.request, reply, .never).stopReason == .endTurn)
      #expect(reply.text == text)
    }
    #expect(sources.withLock { $0.count } == 1)
    #expect(sources.withLock { $0.first }?.contains("AWS_ACCESS_KEY_ID") == true)
    for request in transport.requests {
      #expect(request.url == "http://127.0.0.1:1/base/model/us.anthropic.claude-v1%3A0/converse-stream")
      let authorization = request.headers.first { $0.name == "Authorization" }?.value ?? ""
      #expect(authorization.contains("AKIDEXAMPLE/20261123/us-west-2/bedrock/aws4_request"))
    }
  }

  @Test("Credentials that were found already, and a transport that measures, take the place of the usual ones")
  func givenParts() throws {
    let transport = ScriptedTransport([.reply("x")])
    let found = CredentialsChain.Resolution(credentials: .apiKey(Secret("given")), source: "the diagnosis", tried: [])
    let model = try access(.init(), key).model(through: transport, with: found) { _ in
      Issue.record("credentials were looked for")
    }
    _ = try model.reply(to: ConverseTrial.request, RecordedReply(), .never)
    #expect(transport.requests.first?.headers.contains { $0 == ("Authorization", "Bearer given") } == true)
  }

  @Test("Without credentials the model can be made, and its first reply fails")
  func noCredentials() throws {
    let model = try access().model()
    let failure = try failure { try model.reply(to: ConverseTrial.request, RecordedReply(), .never) }
    #expect(failure.code == .noCredentials)
  }

  @Test("A search for credentials can be stopped")
  func cancelled() throws {
    home.write(".aws/config", "[default]\ncredential_process = /bin/sleep 60\n")
    let source = try CancellationSource(signal: { 2 })
    source.request()
    let failure = try failure {
      try access().model().reply(to: ConverseTrial.request, RecordedReply(), source.cancellation)
    }
    #expect(failure == .interrupted(by: 2))
  }

  @Test("The limit of requests and the timeouts reach the model")
  func attempts() throws {
    var choices = choices(endpoint: "http://127.0.0.1:1")
    choices.maximumAttempts = Preference(option: Sourced(1, from: .option("--max-attempts")))
    choices.timeouts = HTTPTimeouts(connect: .seconds(3), idle: .milliseconds(4500))
    let transport = ScriptedTransport([.failing(.connectTimeout)])
    let access = access(choices, key, transport: transport)
    let failure = try failure { try access.model().reply(to: ConverseTrial.request, RecordedReply(), .never) }
    #expect(failure.code == .timeout && failure.message.contains("3 s"))
    #expect(try access.summary().contains("at most 1 attempt") && access.summary().contains("4.5 s"))
  }

  @Test("A preview is the request without anything secret")
  func preview() throws {
    let preview = try ConverseTrial.request.preview(access(choices(endpoint: "https://chosen.test"), key))
    #expect(preview["method"] == "POST")
    #expect(preview["url"] == "https://chosen.test/model/us.anthropic.claude-v1%3A0/converse-stream")
    #expect(preview["headers"]?.members?.map(\.name) == ["Content-Type", "Host"])
    #expect(preview["body"] == ConverseTrial.request.converseBody)
    #expect(!preview.compact.contains("hushhush") && !preview.compact.contains("AKID"))
  }
}
