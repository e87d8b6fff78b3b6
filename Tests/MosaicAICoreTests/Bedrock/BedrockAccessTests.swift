import Synchronization
import TestSupport
import Testing

import Platform

@testable import MosaicAICore

/// How Bedrock is reached, from choices, variables and the AWS CLI's files.
@Suite struct BedrockAccessTests {
  private typealias Answer = ScriptedTransport.Answer

  private let home = TemporaryHome()

  /// What was set, and with what the transports were made.
  private func access(
    _ choices: BedrockAccess.Choices = .init(), _ variables: [String: String] = [:],
    transport: ScriptedTransport = .unused, configurations: TransportConfigurations = .init(),
    system: SystemCertificates = .standard
  ) -> BedrockAccess {
    let all = ["AWS_EC2_METADATA_DISABLED": "true"].merging(variables) { $1 }
    var world = BedrockAccess.World(
      variables: all, home: home.path, cacheFolder: "\(home.path)/cache", userAgent: "test/1", now: { testTime },
      askCode: { _, _ in nil },
      makeTransport: {
        configurations.add($0)
        return transport
      })
    world.systemCertificates = system
    return BedrockAccess(choices, world)
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
    #expect(try access.certificates.get().setting == nil, "the system's")
    #expect(access.maximumAttempts == 3)
    #expect(access.timeouts == HTTPTimeouts(connect: .seconds(10), idle: .seconds(120)))
  }

  // MARK: Faults

  /// Something that is wrong.
  enum Fault: CaseIterable {
    case profile
    case region
    case endpoint
    case proxy
    case certificates
  }

  /// Every set of faults.
  static let faults = (0..<32).map { bits in
    Fault.allCases.enumerated().filter { bits >> $0.offset & 1 == 1 }.map(\.element)
  }

  private func access(with faults: [Fault]) -> BedrockAccess {
    access(
      choices(
        region: faults.contains(.region) ? "no region!" : "eu-west-1",
        endpoint: faults.contains(.endpoint) ? "ftp://nowhere" : "https://chosen.test",
        profile: faults.contains(.profile) ? "missing" : nil),
      (faults.contains(.certificates) ? ["AWS_CA_BUNDLE": "/nowhere/ca.pem"] : [:]).merging(
        faults.contains(.proxy) ? ["HTTPS_PROXY": "http://127.0.0.1:99999"] : [:]
      ) { $1 })
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
    #expect(try code(access.certificates) == (faults.contains(.certificates) ? .configInvalid : nil))
  }

  @Test("What keeps the model from being asked is the first problem that a diagnosis lists", arguments: faults)
  func firstFailure(faults: [Fault]) throws {
    let access = access(with: faults)
    let checks = ConnectionChecks(access).checks
    let listed = checks.filter { $0.status == .error }
    let names: [Fault: String] = [
      .profile: "aws_profile", .region: "region", .endpoint: "endpoint", .proxy: "proxy",
      .certificates: "certificates",
    ]
    #expect(listed.map(\.name) == faults.map { names[$0] })
    guard let first = faults.first else {
      _ = try access.model()
      _ = try access.credentials()
      return
    }
    let failure = try failure { try access.model() }
    #expect(failure == checks.firstFailure)
    #expect(try TestSupport.failure { try ConverseTrial.request.preview(access) } == failure)
    #expect(try TestSupport.failure { try access.summary() } == failure)
    if first != .endpoint { #expect(try TestSupport.failure { try access.credentials() } == failure) }
  }

  @Test("Without its profile, only what was typed or is in a variable is known")
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

  private static let pem = """
    -----BEGIN CERTIFICATE-----
    MIIBdDCCARugAwIBAgIUUnMkReVgQuTJBi1vxUBIT2caLfQwCgYIKoZIzj0EAwIw
    DzENMAsGA1UEAwwEVGVzdDAgFw0yNjExMjcwNjQ2MDRaGA8yMTI2MTEwMzA2NDYw
    NFowDzENMAsGA1UEAwwEVGVzdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABPrQ
    xRAYGAyKwlBK1B0XTSjgZmybS6MLFkmvYnDMZN4KbNL5dbQCzpXro7oSPvIogb3T
    s+1MLItALR2Q2yZbYNmjUzBRMB0GA1UdDgQWBBSwJZRlHKeC9GHfGyfWOkLi/tRC
    xzAfBgNVHSMEGDAWgBSwJZRlHKeC9GHfGyfWOkLi/tRCxzAPBgNVHRMBAf8EBTAD
    AQH/MAoGCCqGSM49BAMCA0cAMEQCICyzpJOOlX4E3sbp1G5nufVjo6CqiSJPjCj1
    f2kMnz9EAiBVDBgDFhMCvN46Onkdx/YgjPTYm6VPftc4qv6Wyu9Dmw==
    -----END CERTIFICATE-----


    """

  /// What seems to be one to whoever does not decode it.
  private static let damagedPEM = "-----BEGIN CERTIFICATE-----\nMII=\n-----END CERTIFICATE-----\n"

  @Test("The transport trusts the certificates of the profile, unless a variable names others")
  func certificates() throws {
    home.write("own.pem", BedrockAccessTests.pem)
    home.write(".aws/config", "[default]\nca_bundle = \(home.path)/own.pem\n")
    let configurations = TransportConfigurations()
    let access = access(configurations: configurations)
    #expect(try access.certificates.get().setting?.value == "\(home.path)/own.pem")
    #expect(configurations.last?.certificates.file?.value == "\(home.path)/own.pem")
    #expect(configurations.last?.userAgent == "test/1")
    home.write("other.pem", BedrockAccessTests.pem)
    _ = self.access(.init(), ["AWS_CA_BUNDLE": "\(home.path)/other.pem"], configurations: configurations)
    #expect(configurations.last?.certificates.file?.value == "\(home.path)/other.pem")
    _ = self.access(
      choices(profile: "missing"), ["AWS_CA_BUNDLE": "\(home.path)/other.pem"], configurations: configurations)
    #expect(configurations.last?.certificates.file?.value == "\(home.path)/other.pem", "without its profile, too")
  }

  /// What certificates are, and what is wrong with them over TLS and without.
  static let storeCases: [(variable: String, contents: String?, secure: Check.Status, plain: Check.Status)] = [
    ("AWS_CA_BUNDLE", pem, .ok, .ok), ("AWS_CA_BUNDLE", "no PEM", .error, .error),
    ("AWS_CA_BUNDLE", nil, .error, .error), ("AWS_CA_BUNDLE", "folder", .error, .error),
    ("AWS_CA_BUNDLE", "", .error, .error),
    ("AWS_CA_BUNDLE", "-----BEGIN PRIVATE KEY-----\n", .error, .error),
    ("AWS_CA_BUNDLE", pem.replacing(" CERTIFICATE", with: " X509 CERTIFICATE"), .ok, .ok),
    ("AWS_CA_BUNDLE", damagedPEM, .error, .error), ("SSL_CERT_FILE", damagedPEM, .error, .warning),
    ("AWS_CA_BUNDLE", "loop", .error, .error), ("SSL_CERT_FILE", "loop", .error, .warning),
    ("SSL_CERT_FILE", pem, .ok, .ok), ("SSL_CERT_FILE", "no PEM", .error, .warning),
    ("SSL_CERT_FILE", "folder", .error, .warning), ("SSL_CERT_FILE", nil, .error, .warning),
    ("SSL_CERT_DIR", "folder", .ok, .ok), ("SSL_CERT_DIR", nil, .error, .warning),
    ("SSL_CERT_DIR", "x", .error, .warning), ("SSL_CERT_DIR", "unhashed", .error, .warning),
    ("system", pem, .ok, .ok), ("system", "garbage", .error, .warning), ("system", "loop", .error, .warning),
    ("system", damagedPEM, .error, .warning), ("system", "", .error, .warning), ("system", nil, .error, .warning),
  ]

  @Test("What the doctor says about certificates is what becomes of a message", arguments: storeCases)
  func stores(variable: String, contents: String?, secure: Check.Status, plain: Check.Status) throws {
    let path = "\(home.path)/store"
    if contents == "folder" {
      home.write("store/0a1b2c3d.0", BedrockAccessTests.pem)
    } else if contents == "unhashed" {
      home.write("store/one.pem", BedrockAccessTests.pem)
    } else if contents == "loop" {
      // What even root cannot read.
      #expect(symlink("store", path) == 0)
    } else if let contents {
      home.write("store", contents)
    }
    for (endpoint, status) in [("https://chosen.test", secure), ("http://127.0.0.1:9", plain)] {
      let access = access(
        choices(endpoint: endpoint), variable == "system" ? [:] : [variable: path],
        system: SystemCertificates(folders: [], files: variable == "system" ? ["\(home.path)/nowhere", path] : []))
      let check = ConnectionChecks(access).checks.first { $0.name == "certificates" }
      #expect(check?.status == status)
      // Only the library finds that a certificate is damaged.
      let isFound = status == .error && contents != BedrockAccessTests.damagedPEM
      #expect(try code { try access.model() } == (isFound ? .configInvalid : nil))
      #expect(try code { try access.certificates.get() } == (isFound ? .configInvalid : nil))
      #expect(check?.failure?.code == (status == .error ? .configInvalid : nil))
      if status != .ok, contents != nil { #expect(check?.message?.contains(path) == true) }
      let advice = "\(check?.advice ?? "")"
      if variable == "system", contents == nil { #expect(advice.contains("ca-certificates")) }
    }
  }

  @Test("The system's folder of certificates counts if it has one under a hash, and the file if it has one")
  func systemFolder() throws {
    let system = SystemCertificates(folders: ["\(home.path)/certs"], files: ["\(home.path)/all.pem"])
    #expect(system.folder == nil && system.file == nil)
    home.write("certs/one.pem", BedrockAccessTests.pem)
    home.write("certs/00000000.0", "junk")
    home.write("all.pem", "garbage")
    #expect(system.folder == nil && system.file == nil)
    #expect(symlink("\(home.path)/nowhere", "\(home.path)/certs/0a1b2c3d.0") == 0)
    #expect(system.folder == nil, "a removed package leaves links to nowhere")
    #expect(symlink("one.pem", "\(home.path)/certs/4d3c2b1a.0") == 0)
    #expect(system.folder == "\(home.path)/certs" && system.file == nil)
    home.write("all.pem", BedrockAccessTests.pem)
    #expect(system.file == "\(home.path)/all.pem")
  }

  @Test("A variable stands in for the system's file or folder, AWS_CA_BUNDLE for both, and the doctor names them")
  func union() throws {
    for name in ["system.pem", "own.pem", "system/0a1b2c3d.0", "own/0a1b2c3d.0"] {
      home.write(name, BedrockAccessTests.pem)
    }
    let system = SystemCertificates(folders: ["\(home.path)/system"], files: ["\(home.path)/system.pem"])
    for (variables, file, folder, value) in [
      ([:], "system.pem", "system", nil), (["SSL_CERT_FILE": "own.pem"], "own.pem", "system", "own.pem"),
      (["SSL_CERT_DIR": "own"], "system.pem", "own", "own"),
      (["SSL_CERT_FILE": "own.pem", "SSL_CERT_DIR": "own"], "own.pem", "own", "own.pem"),
      (["AWS_CA_BUNDLE": "own.pem", "SSL_CERT_DIR": "own"], "own.pem", nil, "own.pem"),
      (["SSL_CERT_DIR": "nowhere"], "system.pem", "nowhere", "nowhere"),
    ] as [([String: String], String, String?, String?)] {
      let paths = variables.mapValues { "\(home.path)/\($0)" }
      let access = access(choices(endpoint: "https://chosen.test"), paths, system: system)
      let certificates = try access.certificates.get()
      #expect(certificates.file?.value == "\(home.path)/\(file)", "\(variables)")
      #expect(certificates.folder?.value == folder.map { "\(home.path)/\($0)" }, "\(variables)")
      let check = ConnectionChecks(access).checks.first { $0.name == "certificates" }
      #expect(check?.status == (folder == "nowhere" ? .warning : .ok), "\(variables)")
      #expect(check?.value == value.map { "\(home.path)/\($0)" } ?? "the system's", "\(variables)")
    }
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
