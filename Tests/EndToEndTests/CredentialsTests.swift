import Foundation
import TestSupport
import Testing

import Platform

/// What somebody signs in with, where the request goes, and that the message is safe before any of it can fail.
@Suite(.crowd, .inGoodTime) struct CredentialsTests {
  @Test("Without credentials the message is kept, and a retry sends it once")
  func noCredentials() async throws {
    let home = try await Home.remembering("Rose", .none)
    let ended = try await home.mosaic("send", "-o", "ndjson", "--model", home.model("echo"), "Hello.").run()
    #expect(ended.status == 78)
    let events = try ended.jsonLines()
    #expect(events.map { $0["type"].string } == ["start", "error"])
    #expect(events.last?["code"].string == "no_credentials")
    #expect(events.last?["user_message_id"] == events.first?["user_message_id"])
    #expect(ended.standardError.isErrorAndHint)
    #expect(ended.hint.contains("send --retry"))
    #expect(try await home.messages().statuses == ["failed"])
    #expect(try home.requests().isEmpty)
    let retry = try await home.mosaic("send", "--retry", "--model", home.model("echo")).with(
      "AWS_BEARER_TOKEN_BEDROCK", "simulator-api-key"
    ).run()
    #expect(retry.status == 0)
    #expect(retry.output == "Hello.\n")
    #expect(try await home.messages("--all").statuses == ["complete", "complete"])
  }

  @Test("A wrong secret is refused once, explained and not shown")
  func wrongSecret() async throws {
    let home = try await Home.remembering()
    let command = home.mosaic("send", "-v", "-o", "json", "--model", home.model("normal"), "Hello.")
    let ended = try await command.with("AWS_SECRET_ACCESS_KEY", "not-the-secret").run()
    #expect(ended.status == 77)
    #expect(try ended.json()["code"].string == "access_denied")
    #expect(try home.requests().count == 1)
    for secret in ["not-the-secret", "AKIDSIMULATOR", "Signature="] {
      #expect(!ended.errors.contains(secret) && !ended.output.contains(secret))
    }
    #expect(try await home.messages().statuses == ["failed"])
  }

  @Test("An API key is enough, and preferred, and a wrong one is refused")
  func apiKey() async throws {
    let home = try await Home.remembering("Rose", .apiKey)
    try await home.succeed("send", "--model", home.model("normal"), "Hello.")
    #expect(try home.requests().last?["headers"]["authorization"].string?.hasPrefix("Bearer") == true)
    #expect(try home.requests().last?["headers"]["x-amz-date"] == .null)
    let both = home.mosaic("send", "--model", home.model("normal"), "Hello.").with("AWS_ACCESS_KEY_ID", "AKIDX").with(
      "AWS_SECRET_ACCESS_KEY", "x")
    #expect(try await both.run().status == 0)
    let wrong = try await home.mosaic("send", "-v", "--model", home.model("normal"), "Hello.").with(
      "AWS_BEARER_TOKEN_BEDROCK", "no-such-key"
    ).run()
    #expect(wrong.status == 77)
    #expect(!wrong.errors.contains("no-such-key"))
  }

  @Test("A key that is kept and refused is replaced with setup")
  func keptKey() async throws {
    let home = try await Home.remembering("Rose", .none)
    let file = try home.write("api_key: no-such-key\n", to: ".config/mosaic-ai/credentials.yaml")
    chmod(file, 0o600)
    let ended = try await home.mosaic("send", "--model", home.model("normal"), "Hello.").run()
    #expect(ended.status == 77)
    #expect(ended.error.contains("credentials.yaml") && !ended.errors.contains("no-such-key"))
    #expect(ended.hint.contains("mosaic-ai setup") && !ended.errors.contains("AWS_BEARER_TOKEN_BEDROCK"))
  }

  /// A home whose default profile assumes a role, at an STS that answers with `status` and `error` at first.
  private func role(_ status: Int, _ error: String, _ more: String = "", failing count: Int = .max) async throws -> (
    home: Home, sts: LoopbackServer
  ) {
    let simulator = try Simulator("--session-token", "the-token")
    let home = try await Home.remembering("Rose", .none, simulator: simulator)
    try home.write(
      """
      [default]
      role_arn = arn:aws:iam::1:role/x
      source_profile = b
      [profile b]
      aws_access_key_id = AKIDB
      aws_secret_access_key = secret
      """, to: ".aws/config")
    let body = "<ErrorResponse><Error><Code>\(error)</Code><Message>no</Message></Error></ErrorResponse>"
    let keys = """
      <A><Credentials><AccessKeyId>AKIDSIMULATOR</AccessKeyId><SecretAccessKey>simulator-secret</SecretAccessKey>\
      <SessionToken>the-token</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></A>
      """
    let sts = try LoopbackServer { _, number in
      guard number < count else { return .text(200, keys) }
      return .raw(
        "HTTP/1.1 \(status) No\r\n\(more)Content-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n\(body)")
    }
    return (home, sts)
  }

  @Test(
    "A credential service that is busy or down ends with 75, and the message is kept for later",
    arguments: [
      (503, "ServiceUnavailable", "", "unavailable", 2), (400, "Throttling", "", "throttled", 2),
      (503, "ServiceUnavailable", "Retry-After: 3600\r\n", "unavailable", 1),
      (400, "Throttling", "Retry-After: 3600\r\n", "throttled", 1),
    ])
  func outage(status: Int, error: String, header: String, code: String, requests: Int) async throws {
    let (home, sts) = try await role(status, error, header)
    let ended = try await home.mosaic("send", "-o", "ndjson", "Hello.").with("AWS_MAX_ATTEMPTS", "2")
      .with("AWS_ENDPOINT_URL_STS", sts.url).run()
    #expect(ended.status == 75)
    let last = try ended.jsonLines().last ?? .null
    #expect(last["code"].string == code && last["retryable"].isTrue)
    #expect(ended.error.contains("STS") && ended.error.contains(error))
    #expect(ended.hint.contains("3600 s") == !header.isEmpty)
    #expect(ended.hint.contains("send --retry") && !ended.hint.contains("role_arn"))
    #expect(try await home.messages().statuses == ["failed"])
    #expect(sts.requests.count == requests)
  }

  @Test("An interview goes on with the other conversations if a credential service is busy")
  func interview() async throws {
    let (home, sts) = try await role(400, "Throttling", failing: 1)
    try await home.succeed("legacies", "add", "Otto")
    let run = home.mosaic("interview", "--questions", "-", "--name", "run", "--all-legacies", "-o", "ndjson")
      .with("AWS_MAX_ATTEMPTS", "1").with("AWS_ENDPOINT_URL_STS", sts.url)
    let first = try await run.reading("Where was {name} born?\n").run()
    #expect(first.status == 75)
    let types = try first.jsonLines().compactMap { $0["type"].string }
    #expect(types.filter { $0 == "failure" }.count == 1 && types.filter { $0 == "answer" }.count == 1)
    #expect(try first.jsonLines().first { $0["type"].string == "failure" }?["code"].string == "throttled")
    let second = try await run.reading("Where was {name} born?\n").run()
    #expect(second.status == 0)
    #expect(sts.requests.count == 2, "the role's credentials are kept")
  }

  @Test("A proxy's wish for a login is told for a credential service too", arguments: ["http", "https"])
  func proxyLogin(scheme: String) async throws {
    let (home, _) = try await role(200, "")
    let proxy = try Proxy(.login("anna:right"), to: home.simulator.port)
    let ended = try await home.mosaic("send", "-o", "ndjson", "Hello.")
      .with("AWS_ENDPOINT_URL_STS", "\(scheme)://sts.test").with("\(scheme)_proxy", proxy.url)
      .with("\(scheme.uppercased())_PROXY", "http://anna:s3cr3t@127.0.0.1:9").with("NO_PROXY", "127.0.0.1").run()
    #expect(ended.status == 78)
    #expect(try ended.jsonLines().last?["code"].string == "proxy_auth")
    #expect(ended.error.contains("sts.test") && ended.error.contains("login"))
    #expect(ended.hint.contains("set \(scheme)_proxy to http://USER:PASSWORD@"))
  }

  @Test("A session token is sent and signed with the key")
  func sessionToken() async throws {
    let simulator = try Simulator("--session-token", "the-token")
    let home = try await Home.remembering("Rose", simulator: simulator)
    let send = home.mosaic("send", "--model", home.model("normal"), "Hello.")
    #expect(try await send.with("AWS_SESSION_TOKEN", "the-token").run().status == 0)
    #expect(try await send.run().status == 77)
    let wrong = try await send.with("AWS_SESSION_TOKEN", "another-token").run()
    #expect(wrong.status == 77 && !wrong.errors.contains("another-token"))
  }

  @Test("A profile comes from --profile, AWS_PROFILE, config.yaml or the default")
  func profiles() async throws {
    let home = try await Home.remembering("Rose", .none)
    let keys = "aws_access_key_id = AKIDSIMULATOR\naws_secret_access_key = simulator-secret\n"
    let send = home.mosaic("send", "--model", home.model("normal"), "Hello.")
    try home.write("[default]\n\(keys)", to: ".aws/credentials")
    #expect(try await send.run().status == 0)
    try home.write("[work]\n\(keys)", to: ".aws/credentials")
    #expect(try await send.run().status == 78)
    #expect(
      try await home.mosaic("send", "--profile", "work", "--model", home.model("normal"), "Hello.").run().status == 0)
    #expect(try await send.with("AWS_PROFILE", "work").run().status == 0)
    try home.write("profile: work\n", to: ".config/mosaic-ai/config.yaml")
    #expect(try await send.run().status == 0)
    #expect(try await send.with("AWS_PROFILE", "other").run().status == 78, "the environment beats config.yaml")
    try home.write(
      "[profile other]\nregion = eu-west-1\n\(keys)endpoint_url = \(home.simulator.endpoint)\n", to: ".aws/config")
    let other = send.with("AWS_PROFILE", "other").with("AWS_REGION", nil).with("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", nil)
    #expect(try await other.run().status == 0)
  }

  @Test(
    "An error in AWS's own configuration is reported, and the message is kept",
    arguments: [
      ("profile", "[default]\nregion = us-east-1\n", ["AWS_PROFILE": "missing"]),
      ("line", "[default\nregion = us-east-1\n", [:]),
      ("half", "[default]\naws_access_key_id = AKIDHALF\n", [:]), ("region", "", ["AWS_REGION": "not a region"]),
      ("endpoint", "", ["AWS_ENDPOINT_URL_BEDROCK_RUNTIME": "nonsense"]),
      ("bundle", "", ["AWS_CA_BUNDLE": "/no/such/file.pem"]),
    ] as [(String, String, [String: String])])
  func brokenConfiguration(what: String, file: String, variables: [String: String]) async throws {
    let home = try await Home.remembering(
      "Rose", what == "half" || what == "profile" || what == "line" ? .none : .accessKey)
    if !file.isEmpty { try home.write(file, to: ".aws/config") }
    var send = home.mosaic("send", "-o", "ndjson", "--model", home.model("normal"), "Hello.")
    for (name, value) in variables { send = send.with(name, value) }
    let ended = try await send.run()
    #expect(ended.status == 78)
    #expect(try ended.jsonLines().last?["code"].string == "config_invalid")
    #expect(!ended.errors.contains("AKIDHALF"))
    if what == "line" { #expect(ended.error.contains(".aws/config:1")) }
    #expect(try await home.messages().statuses == ["failed"])
    #expect(try home.requests().isEmpty)
  }

  @Test("credential_process gives credentials, or its failure is reported")
  func credentialProcess() async throws {
    let home = try await Home.remembering("Rose", .none)
    let json = #"{"Version":1,"AccessKeyId":"AKIDSIMULATOR","SecretAccessKey":"simulator-secret"}"#
    let program = try home.write("#!/bin/sh\necho '\(json)'\n", to: "give-credentials")
    try home.write("[default]\ncredential_process = sh \(program)\n", to: ".aws/config")
    #expect(try await home.mosaic("send", "Hello.").run().status == 0)
    try home.write("#!/bin/sh\necho no >&2\nexit 3\n", to: "give-credentials")
    let ended = try await home.mosaic("send", "-o", "json", "Hello.").run()
    #expect(ended.status == 77)
    #expect(try ended.json()["code"].string == "credentials_failed")
    #expect(try await home.messages().statuses == ["complete", "complete", "failed"])
  }

  @Test(
    "An Expiration in any form that the AWS CLI takes is understood, and one without a zone is not",
    arguments: [
      ("2030-01-01T00:00:00+0000", true), ("20300101T000000Z", true), ("2030-01-01 00:00:00 UTC", true),
      ("Tue, 01 Jan 2030 00:00:00 GMT", true), ("Tue Jan  1 00:00:00 UTC 2030", true),
      ("2029-12-31T19:00:00.000000-05:00", true), ("2030-01-01T00:00:00", false), ("soon", false),
    ])
  func expirationForms(text: String, isUnderstood: Bool) async throws {
    let home = try Home(.none)
    let json =
      #"{"Version":1,"AccessKeyId":"AKIDSIMULATOR","SecretAccessKey":"simulator-secret","Expiration":"\#(text)"}"#
    try home.write(json, to: "credentials.json")
    try home.write("[default]\ncredential_process = cat \(home.path)/credentials.json\n", to: ".aws/config")
    let checks = try await home.mosaic("doctor", "-o", "json").run().json()["checks"].elements
    let found = checks.first { $0["name"].string == (isUnderstood ? "credentials_expiry" : "credentials") }
    #expect(found?["value"].string == (isUnderstood ? "2030-01-01T00:00:00.000Z" : nil))
    #expect(found?["code"].string == (isUnderstood ? nil : "credentials_failed"))
  }

  @Test(
    "The name of a zone counts where it is used, and at the time when it is used",
    arguments: [
      ("Tue Jan  1 00:00:00 EST 2030", "America/New_York", "2030-01-01T05:00:00.000Z"),
      ("2030-07-01 00:00:00 EDT", "America/New_York", "2030-07-01T04:00:00.000Z"),
      ("2030-07-01 00:00:00 EST", "America/New_York", nil), ("2030-01-01 00:00:00 EST", "UTC", nil),
      ("Tue, 01 Jan 2030 00:00:00 CET", "Europe/Berlin", "2029-12-31T23:00:00.000Z"),
      ("00:00:00 CET 2030-01-01", "Europe/Berlin", "2029-12-31T23:00:00.000Z"),
      // Clocks show it twice that night.
      ("2030-10-27 02:30:00 CEST", "Europe/Berlin", "2030-10-27T00:30:00.000Z"),
      ("2030-10-27 02:30:00 CET", "Europe/Berlin", "2030-10-27T01:30:00.000Z"),
      ("Mon Jul  1 00:00:00 GMT 2030", "Europe/London", "2030-07-01T00:00:00.000Z"),
    ] as [(String, String, String?)])
  func zoneNames(text: String, zone: String, time: String?) async throws {
    let home = try Home(.none)
    let json =
      #"{"Version":1,"AccessKeyId":"AKIDSIMULATOR","SecretAccessKey":"simulator-secret","Expiration":"\#(text)"}"#
    try home.write(json, to: "credentials.json")
    try home.write("[default]\ncredential_process = cat \(home.path)/credentials.json\n", to: ".aws/config")
    let checks = try await home.mosaic("doctor", "-o", "json").with("TZ", zone).run().json()["checks"].elements
    #expect(checks.first { $0["name"].string == "credentials_expiry" }?["value"].string == time)
  }

  @Test(
    "A file of AWS's that may not be read is named, and not taken for one without the profile or the login",
    .enabled(if: OddMachine.hasOtherUsers, "programs cannot be started as another user"))
  func unreadableFiles() async throws {
    let home = try await Home.remembering("Rose", .none)
    let user = uid_t(54_322)
    try home.write(
      """
      [profile sso]
      sso_start_url = https://x/start
      sso_region = eu-west-1
      sso_account_id = 1
      sso_role_name = Reader

      """, to: ".aws/config")
    // The SHA-1 of the start URL.
    let digest = try await home.shell("printf %s https://x/start | sha1sum").run().output.prefix(40)
    let login = ".aws/sso/cache/\(digest).json"
    try home.write("{}", to: login)
    try home.give(to: user)
    #expect(try await OddMachine.asUser(user, ["legacies", "add", "Ben"], in: home).run().status == 0)
    for (closed, code) in [(".aws/config", 78), (login, 77), (".aws/sso/cache", 77), (".aws", 78)] {
      let mode = try FileManager.default.attributesOfItem(atPath: "\(home.path)/\(closed)")[.posixPermissions]
      chmod("\(home.path)/\(closed)", 0)
      for arguments in [["send", "Hello.", "--profile", "sso"], ["doctor", "--profile", "sso"]] {
        let ended = try await OddMachine.asUser(user, arguments, in: home).run()
        #expect(ended.status == Int32(code), "\(closed): \(ended.errors)")
        let text = ended.output + ended.errors
        #expect(text.contains("readable for yourself") && text.contains("\(home.path)/\(closed)"), "\(text)")
      }
      chmod("\(home.path)/\(closed)", (mode as? mode_t) ?? 0o755)
    }
  }

  @Test("Credentials that the service calls expired each time are renewed once")
  func renewedOnce() async throws {
    let home = try await Home.remembering("Rose", .none)
    let json = #"{\"Version\":1,\"AccessKeyId\":\"AKID$(wc -l <runs | tr -d ' ')\",\"SecretAccessKey\":\"s\"}"#
    let program = try home.write("cd \"$(dirname \"$0\")\"\necho x >>runs\necho \"\(json)\"\n", to: "give-credentials")
    try home.write("[default]\ncredential_process = sh \(program)\n", to: ".aws/config")
    let body = #"{"message":"The security token included in the request is expired"}"#
    let server = try LoopbackServer { _, _ in
      .raw(
        "HTTP/1.1 403 No\r\nx-amzn-ErrorType: ExpiredTokenException\r\nContent-Length: \(body.utf8.count)\r\n"
          + "Connection: close\r\n\r\n\(body)")
    }
    let ended = try await home.mosaic("send", "-o", "ndjson", "--endpoint-url", server.url, "Hello.").run()
    #expect(ended.status == 77)
    #expect(try ended.jsonLines().last?["code"].string == "credentials_expired")
    #expect(home.folder.contents("runs")?.count == 4, "two runs")
    let keys = server.requests.map { request in
      (1...3).first { request.headers["authorization"]?.contains("=AKID\($0)/") == true }
    }
    #expect(keys == [1, 2])
  }

  @Test("The region comes from the flag, the environment, config.yaml, then the profile")
  func region() async throws {
    let simulator = try Simulator("--region", "eu-west-1")
    let home = try await Home.remembering("Rose", simulator: simulator)
    func status(_ region: String?, _ arguments: String...) async throws -> Int32 {
      try await home.mosaic(["send", "--model", home.model("normal"), "Hello."] + arguments).with("AWS_REGION", region)
        .run().status
    }
    #expect(try await status("us-west-2") == 77)
    #expect(try await status("eu-west-1") == 0)
    #expect(try await status("us-west-2", "--region", "eu-west-1") == 0)
    #expect(try await status(nil) == 77, "us-east-1 by default")
    try home.write("[default]\nregion = eu-west-1\n", to: ".aws/config")
    #expect(try await status(nil) == 0)
    try home.write("region: us-west-1\n", to: ".config/mosaic-ai/config.yaml")
    #expect(try await status(nil) == 77)
    #expect(try await status("eu-west-1") == 0)
    let fallback = home.mosaic("send", "--model", home.model("normal"), "Hello.").with("AWS_REGION", nil).with(
      "AWS_DEFAULT_REGION", "eu-west-1")
    #expect(try await fallback.run().status == 0)
  }

  @Test("The endpoint comes from the flag, the environment, then config.yaml")
  func endpoint() async throws {
    let home = try await Home.remembering()
    let nowhere = "http://127.0.0.1:1"
    let send = home.mosaic("send", "--max-attempts", "1", "--model", home.model("normal"), "Hello.")
    #expect(try await send.with("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", nowhere).run().status == 75)
    let flag = home.mosaic("send", "--endpoint-url", home.simulator.endpoint, "--model", home.model("normal"), "Hello.")
    #expect(try await flag.with("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", nowhere).run().status == 0)
    let general = send.with("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", nil).with("AWS_ENDPOINT_URL", home.simulator.endpoint)
    #expect(try await general.run().status == 0)
    try home.write("endpoint_url: \(home.simulator.endpoint)/\n", to: ".config/mosaic-ai/config.yaml")
    #expect(try await send.with("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", nil).run().status == 0)
    #expect(try await send.with("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", nowhere).run().status == 75)
  }

  // MARK: Connections

  @Test("A port where nobody listens ends with connection after three attempts")
  func refused() async throws {
    let home = try await Home.remembering()
    let ended = try await home.mosaic("send", "-o", "ndjson", "--endpoint-url", "http://127.0.0.1:1", "Hello.").run()
    #expect(ended.status == 75)
    let events = try ended.jsonLines()
    #expect(events.map { $0["type"].string } == ["start", "retry", "retry", "error"])
    #expect(events.compactMap { $0["attempt"].integer } == [2, 3])
    #expect(events.last?["code"].string == "connection" && events.last?["retryable"].isTrue == true)
    #expect(try await home.messages().statuses == ["failed"])
  }

  @Test("--connect-timeout limits how long a host may take to accept")
  func connectTimeout() async throws {
    let home = try await Home.remembering()
    let deaf = try DeafPort()
    let before = ContinuousClock.now
    let ended = try await home.mosaic(
      "send", "-o", "ndjson", "--endpoint-url", "http://127.0.0.1:\(deaf.port)", "--connect-timeout", "0.5",
      "--max-attempts", "2", "Hello."
    ).run()
    #expect(ended.status == 75)
    let events = try ended.jsonLines()
    #expect(events.last?["code"].string == "timeout")
    #expect(events.map { $0["type"].string } == ["start", "retry", "error"], "a connection may be tried again")
    #expect(before.duration(to: .now) < .seconds(30))
  }

  @Test("The number of attempts comes from the flag, AWS_MAX_ATTEMPTS, then config.yaml")
  func attempts() async throws {
    let home = try await Home.remembering()
    func requests(_ arguments: [String], _ variable: String?) async throws -> Int {
      let before = try home.requests().count
      let ended = try await home.mosaic(
        ["send", "--model", home.model("throttle-amz-retry-after-1"), "Hello."] + arguments
      )
      .with("AWS_MAX_ATTEMPTS", variable).run()
      #expect(ended.status == 75)
      return try home.requests().count - before
    }
    #expect(try await requests(["--max-attempts", "1"], "2") == 1)
    #expect(try await requests([], "2") == 2)
    try home.write("max_attempts: 1\n", to: ".config/mosaic-ai/config.yaml")
    #expect(try await requests([], nil) == 1)
    #expect(try await requests([], "2") == 2)
  }

  @Test("The timeout of config.yaml is used, and the flag beats it")
  func timeout() async throws {
    let home = try await Home.remembering()
    try home.write("timeout: 0.5\n", to: ".config/mosaic-ai/config.yaml")
    let ended = try await home.mosaic("send", "--model", home.model("hang-headers"), "Hello.").run()
    #expect(ended.status == 75)
    #expect(
      try await home.mosaic("send", "--timeout", "30", "--model", home.model("slow-headers-1500"), "Hello.").run()
        .status == 0)
  }
}

/// A port that listens and never accepts: its queue is full.
private final class DeafPort {
  let port: Int
  private var sockets: [Descriptor] = []

  init() throws {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    sockets = [Descriptor(listener)]
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let failure = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(listener, address, size) != 0 || listen(listener, 0) != 0 || getsockname(listener, address, &size) != 0
      }
    }
    guard !failure else { throw Complaint("no port to listen on") }
    port = Int(UInt16(bigEndian: address.sin_port))
    for _ in 0..<4 {
      let client = socket(
        AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
      sockets.append(Descriptor(client))
      withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { _ = connect(client, $0, size) }
      }
    }
  }
}
