import Foundation
import TestSupport
import Testing

/// How `send` gets out: through proxies that want a login, and to servers whose authority is a private one.
@Suite(.crowd, .inGoodTime) struct TransportTests {
  /// `send`, in ndjson.
  private func send(_ home: Home, _ variables: [String: String?], _ options: String...) async throws -> Ended {
    var command = home.mosaic(["send", "Hello.", "-o", "ndjson", "--max-attempts", "1"] + options)
    for (name, value) in variables { command = command.with(name, value) }
    return try await command.run()
  }

  /// Expects a whole reply, and that it is kept.
  private func expectReply(_ ended: Ended, _ home: Home) async throws {
    #expect(ended.status == 0, "\(ended.errors)")
    #expect(try ended.jsonLines().last?["type"].string == "done")
    #expect(try await home.messages().statuses == ["complete", "complete"])
  }

  /// Expects an error that ends so, in two lines, with the message kept.
  private func expectError(_ ended: Ended, _ home: Home, _ code: String, _ status: Int32, hint: String) async throws {
    #expect(ended.status == status)
    let last = try ended.jsonLines().last ?? .null
    #expect(last["type"].string == "error")
    #expect(last["code"].string == code)
    #expect(ended.standardError.isErrorAndHint)
    #expect(hint.isEmpty || ended.hint.contains(hint), "\(ended.hint)")
    #expect(try await home.messages().statuses == ["failed"])
  }

  // MARK: Proxies

  @Test(
    "A login from the proxy's URL is used, and over http the request is forwarded",
    arguments: ["HTTP_PROXY", "http_proxy"])
  func forwarding(variable: String) async throws {
    let home = try await Home.remembering()
    let proxy = try Proxy(.login("anna:s3cr3t pass"), to: home.simulator.port)
    let ended = try await send(
      home,
      [
        "AWS_ENDPOINT_URL_BEDROCK_RUNTIME": "http://bedrock.test",
        variable: "http://anna:s3cr3t%20pass@127.0.0.1:\(proxy.port)",
      ])
    try await expectReply(ended, home)
    let last = try #require(proxy.requests.last)
    #expect(last.method == "POST" && last.target.hasPrefix("http://bedrock.test/model/") && last.hasLogin)
  }

  @Test("A missing or wrong proxy login ends with 78 and a hint how to give one")
  func loginMissing() async throws {
    for login in ["", "anna:wrong@"] {
      let home = try await Home.remembering()
      let proxy = try Proxy(.login("anna:right"), to: home.simulator.port)
      let ended = try await send(
        home,
        [
          "AWS_ENDPOINT_URL_BEDROCK_RUNTIME": "http://bedrock.test",
          "HTTP_PROXY": "http://\(login)127.0.0.1:\(proxy.port)",
        ])
      try await expectError(ended, home, "proxy_auth", 78, hint: "USER:PASSWORD@")
      #expect(!ended.errors.contains("wrong"))
      let tunnel = try await send(
        home,
        [
          "AWS_ENDPOINT_URL_BEDROCK_RUNTIME": "https://bedrock.test",
          "HTTPS_PROXY": "http://\(login)127.0.0.1:\(proxy.port)",
        ], "--new"
      )
      try await expectError(tunnel, home, "proxy_auth", 78, hint: "USER:PASSWORD@")
      #expect(proxy.requests.contains { $0.method == "CONNECT" && $0.target == "bedrock.test:443" })
    }
  }

  @Test("A proxy that refuses ends with 77, one that fails with 75")
  func refusal() async throws {
    for (status, code, exit, hint) in [
      (403, "access_denied", 77, ""), (502, "unavailable", 75, "--retry"),
      (404, "protocol_error", 69, "HTTPS_PROXY"),
    ] as [(Int, String, Int32, String)] {
      let home = try await Home.remembering()
      let proxy = try Proxy(.refusing(status), to: home.simulator.port)
      let ended = try await send(
        home, ["AWS_ENDPOINT_URL_BEDROCK_RUNTIME": "https://bedrock.test", "HTTPS_PROXY": proxy.url])
      try await expectError(ended, home, code, exit, hint: hint)
    }
  }

  @Test(
    "A proxy that is not there is told as the proxy's failure, not as the host's",
    arguments: ["http://anna:hush@127.0.0.1:9", "http://no-such-proxy.invalid:3128"])
  func absentProxy(proxy: String) async throws {
    let home = try await Home.remembering()
    for variable in ["ALL_PROXY", "HTTPS_PROXY"] {
      let ended = try await send(
        home, ["AWS_ENDPOINT_URL_BEDROCK_RUNTIME": "https://bedrock.test", variable: proxy], "--new")
      try await expectError(ended, home, "connection", 75, hint: "--retry")
      #expect(ended.error.contains(variable) && ended.hint.contains(variable))
      #expect(!ended.errors.contains("bedrock.test") && !ended.errors.contains("hush"))
    }
  }

  @Test(
    "A proxy that cannot be one is a configuration error that names the variable",
    arguments: ["http://127.0.0.1:99999", "http://", "ftp://127.0.0.1:9", "http://anna:hush@:3128", "http://a b:1"])
  func impossibleProxy(proxy: String) async throws {
    let home = try await Home.remembering()
    let variables = ["AWS_ENDPOINT_URL_BEDROCK_RUNTIME": "https://bedrock.test", "HTTPS_PROXY": proxy]
    let ended = try await send(home, variables)
    try await expectError(ended, home, "config_invalid", 78, hint: "HTTPS_PROXY")
    #expect(ended.error.contains("HTTPS_PROXY") && !ended.errors.contains("hush"))
    func doctor(_ more: [String: String]) async throws -> (status: Int32, check: JSONText) {
      var command = home.mosaic("doctor", "-o", "json")
      for (name, value) in variables.merging(more, uniquingKeysWith: { $1 }) { command = command.with(name, value) }
      let ended = try await command.run()
      return (ended.status, try ended.json()["checks"].elements.first { $0["name"].string == "proxy" } ?? .null)
    }
    let found = try await doctor([:])
    #expect(found.status == 78 && found.check["code"].string == "config_invalid")
    #expect(!"\(found.check)".contains("hush"))
    // Where the proxy is not used, it does not matter.
    let exception = try await doctor(["NO_PROXY": "bedrock.test"])
    #expect(exception.status == 0 && exception.check["status"].string == "ok")
    try await expectReply(try await send(home, ["HTTPS_PROXY": proxy], "--new"), home)
  }

  @Test(
    "NO_PROXY is respected by address, name, domain and star",
    arguments: ["127.0.0.1", "a.test, 127.0.0.0/8", "*"])
  func exceptions(noProxy: String) async throws {
    let home = try await Home.remembering()
    let proxy = try Proxy(.refusing(403), to: home.simulator.port)
    let ended = try await send(home, ["HTTP_PROXY": proxy.url, "NO_PROXY": noProxy])
    try await expectReply(ended, home)
    #expect(proxy.requests.isEmpty)
    let named = try await send(
      home,
      [
        "HTTP_PROXY": proxy.url, "NO_PROXY": "bedrock.example,localhost",
        "AWS_ENDPOINT_URL_BEDROCK_RUNTIME": "http://bedrock.test",
      ])
    #expect(named.status == 77)
    #expect(proxy.requests.count == 1)
  }

  // MARK: TLS

  @Test(
    "A private authority named by AWS_CA_BUNDLE, ca_bundle or SSL_CERT_FILE is trusted",
    .enabled(if: Tool.have("openssl", "python3"), "openssl or python3 is not installed"),
    arguments: ["AWS_CA_BUNDLE", "SSL_CERT_FILE", "ca_bundle"])
  func privateAuthority(setting: String) async throws {
    let home = try await Home.remembering()
    let authority = try PrivateAuthority.shared.get()
    let front = try await TLSFront(to: home.simulator.port)
    var variables = ["AWS_ENDPOINT_URL_BEDROCK_RUNTIME": front.url]
    if setting == "ca_bundle" {
      try home.write("[default]\nca_bundle = \(authority.certificate)\n", to: ".aws/config")
    } else {
      variables[setting] = authority.certificate
    }
    try await expectReply(try await send(home, variables), home)
  }

  @Test(
    "AWS_CA_BUNDLE beats SSL_CERT_FILE",
    .enabled(if: Tool.have("openssl", "python3"), "openssl or python3 is not installed")
  )
  func precedence() async throws {
    let home = try await Home.remembering()
    let authority = try PrivateAuthority.shared.get()
    let front = try await TLSFront(to: home.simulator.port)
    let ended = try await send(
      home,
      [
        "AWS_ENDPOINT_URL_BEDROCK_RUNTIME": front.url, "AWS_CA_BUNDLE": authority.certificate,
        "SSL_CERT_FILE": authority.serverCertificate,
      ])
    try await expectReply(ended, home)
  }

  @Test(
    "An unknown private authority ends with 69 and a hint how to name it",
    .enabled(if: Tool.have("openssl", "python3"), "openssl or python3 is not installed"))
  func untrusted() async throws {
    let home = try await Home.remembering()
    let front = try await TLSFront(to: home.simulator.port)
    let ended = try await send(home, ["AWS_ENDPOINT_URL_BEDROCK_RUNTIME": front.url])
    try await expectError(ended, home, "tls_failed", 69, hint: "AWS_CA_BUNDLE")
  }

  @Test(
    "A certificate for another name is not trusted, whoever signed it",
    .enabled(if: Tool.have("openssl", "python3"), "openssl or python3 is not installed"))
  func otherName() async throws {
    let home = try await Home.remembering()
    let authority = try PrivateAuthority.shared.get()
    let front = try await TLSFront(to: home.simulator.port)
    let ended = try await send(
      home,
      ["AWS_ENDPOINT_URL_BEDROCK_RUNTIME": "https://localhost:\(front.port)", "AWS_CA_BUNDLE": authority.certificate])
    try await expectError(ended, home, "tls_failed", 69, hint: "send --retry")
  }

  @Test("A certificate file that is missing or empty is a configuration error")
  func missingBundle() async throws {
    for (variable, value) in [
      ("AWS_CA_BUNDLE", "/nowhere/ca.pem"), ("SSL_CERT_FILE", "/nowhere/ca.pem"), ("AWS_CA_BUNDLE", "/dev/null"),
    ] {
      let home = try await Home.remembering()
      let proxy = try Proxy(.open, to: home.simulator.port)
      let ended = try await send(
        home, ["AWS_ENDPOINT_URL_BEDROCK_RUNTIME": "https://bedrock.test", "HTTPS_PROXY": proxy.url, variable: value])
      try await expectError(ended, home, "config_invalid", 78, hint: "send --retry")
    }
  }

  @Test(
    "Without any certificates on the machine, the error says what to install, and the doctor finds it",
    .enabled(if: Sandbox.isPossible, "no mount namespace can be made here"))
  func noCertificates() async throws {
    let home = try await Home.remembering()
    let url = "https://127.0.0.1:9"
    let command = home.mosaic("send", "Hello.", "-o", "ndjson", "--endpoint-url", url)
    let ended = try await Sandbox.empty("/etc/ssl", command).run()
    try await expectError(ended, home, "config_invalid", 78, hint: "ca-certificates")
    #expect(!ended.errors.contains("AWS_CA_BUNDLE"))
    func doctor(_ arguments: String...) async throws -> (status: Int32, check: JSONText) {
      let ended = try await Sandbox.empty("/etc/ssl", home.mosaic(["doctor", "-o", "json"] + arguments)).run()
      return (ended.status, try ended.json()["checks"].elements.first { $0["name"].string == "certificates" } ?? .null)
    }
    let found = try await doctor("--endpoint-url", url)
    #expect(found.status == 78 && found.check["hint"].string?.contains("ca-certificates") == true)
    // Without TLS nobody has to be trusted.
    let plain = try await doctor()
    #expect(plain.status == 0 && plain.check["status"].string == "warning")
    let reply = home.mosaic("send", "--new", "-o", "ndjson", "--model", home.model("normal"), "Hello.")
    try await expectReply(try await Sandbox.empty("/etc/ssl", reply).run(), home)
  }

  @Test(
    "A bundle of certificates that is a folder, or holds none, is an error of both send and doctor",
    arguments: ["folder", "text"])
  func unusableBundle(kind: String) async throws {
    let home = try await Home.remembering()
    try home.write("no certificate", to: kind == "folder" ? "store/file" : "store")
    let variables = ["AWS_ENDPOINT_URL_BEDROCK_RUNTIME": "https://127.0.0.1:9", "AWS_CA_BUNDLE": "\(home.path)/store"]
    let ended = try await send(home, variables)
    try await expectError(ended, home, "config_invalid", 78, hint: "")
    #expect(ended.error.contains("\(home.path)/store") && ended.error.contains("AWS_CA_BUNDLE"))
    for profile in ["default", "missing"] {
      var doctor = home.mosaic("doctor", "-o", "json").with("AWS_PROFILE", profile == "missing" ? profile : nil)
      for (name, value) in variables { doctor = doctor.with(name, value) }
      let checks = try await doctor.run().json()["checks"].elements
      #expect(checks.first { $0["name"].string == "certificates" }?["code"].string == "config_invalid", "\(profile)")
    }
  }

  @Test(
    "TLS below 1.2 is refused even if the server offers it",
    .enabled(if: Tool.have("openssl", "python3"), "openssl or python3 is not installed"))
  func oldVersions() async throws {
    let home = try await Home.remembering()
    let authority = try PrivateAuthority.shared.get()
    let front = try await TLSFront(.old, to: home.simulator.port)
    let willing = try await home.shell(
      "openssl s_client -connect 127.0.0.1:$1 -tls1_1 -cipher ALL:@SECLEVEL=0 -CAfile $2 </dev/null",
      String(front.port),
      authority.certificate
    ).with("PATH", ProcessInfo.processInfo.environment["PATH"]).run()
    try #require(
      willing.output.contains("Verify return code: 0 (ok)"), "the server must speak TLS 1.1 for this to mean anything")
    let ended = try await send(
      home, ["AWS_ENDPOINT_URL_BEDROCK_RUNTIME": front.url, "AWS_CA_BUNDLE": authority.certificate])
    try await expectError(ended, home, "tls_failed", 69, hint: "send --retry")
  }

  @Test(
    "A proxy with a login leads to a server with a private authority and a name only it knows",
    .enabled(if: Tool.have("openssl", "python3"), "openssl or python3 is not installed"))
  func tunnel() async throws {
    let home = try await Home.remembering()
    let authority = try PrivateAuthority.shared.get()
    let front = try await TLSFront(to: home.simulator.port)
    let proxy = try Proxy(.login("anna:pass"), to: front.port)
    let variables = [
      "AWS_ENDPOINT_URL_BEDROCK_RUNTIME": "https://bedrock.test",
      "HTTPS_PROXY": "http://anna:pass@127.0.0.1:\(proxy.port)",
      "AWS_CA_BUNDLE": authority.certificate,
    ]
    try await expectReply(try await send(home, variables), home)
    let last = try #require(proxy.requests.last)
    #expect(last == Proxy.Request(method: "CONNECT", target: "bedrock.test:443", hasLogin: true))
    var doctor = home.mosaic("doctor", "--online")
    for (name, value) in variables { doctor = doctor.with(name, value) }
    let report = try await doctor.run()
    #expect(report.status == 0, "\(report.errors)")
    #expect(report.output.contains("ok\tproxy\thttp://127.0.0.1:\(proxy.port)\tHTTPS_PROXY\t"))
    #expect(report.output.contains("ok\tcertificates\t\(authority.certificate)\tAWS_CA_BUNDLE\t\t\n"))
  }

  @Test(
    "A connection that ends during the handshake is lost and retried",
    arguments: [true, false])
  func brokenHandshake(readsFirst: Bool) async throws {
    let home = try await Home.remembering()
    let (listener, port) = try Descriptor.listening()
    defer { listener.shutDown() }
    // Whoever closes without having read what came resets the connection.
    Thread.detachNewThread {
      while let connection = listener.accept() {
        if readsFirst { _ = connection.read() }
        connection.close()
      }
    }
    let command = home.mosaic(
      "send", "Hello.", "-o", "ndjson", "--max-attempts", "2", "--endpoint-url", "https://127.0.0.1:\(port)")
    let ended = try await command.run()
    #expect(ended.status == 75)
    let events = try ended.jsonLines()
    #expect(events.map { $0["type"].string } == ["start", "retry", "error"])
    #expect(events.last?["code"].string == "connection")
  }
}
