import Foundation
import TestSupport
import Testing

/// What seems to be a certificate.
private let damagedPEM = "-----BEGIN CERTIFICATE-----\nMII=\n-----END CERTIFICATE-----"

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
      try await expectError(ended, home, "proxy_auth", 78, hint: "HTTP_PROXY to http://USER:PASSWORD@")
      #expect(!ended.errors.contains("wrong"))
      let tunnel = try await send(
        home,
        [
          "AWS_ENDPOINT_URL_BEDROCK_RUNTIME": "https://bedrock.test",
          "HTTPS_PROXY": "http://\(login)127.0.0.1:\(proxy.port)",
        ], "--new"
      )
      try await expectError(tunnel, home, "proxy_auth", 78, hint: "HTTPS_PROXY to http://USER:PASSWORD@")
      #expect(proxy.requests.contains { $0.method == "CONNECT" && $0.target == "bedrock.test:443" })
    }
  }

  @Test("The hint about a login names the variable that names the proxy, and without a proxy the endpoint too")
  func loginVariable() async throws {
    let home = try await Home.remembering()
    let proxy = try Proxy(.login("anna:right"), to: home.simulator.port)
    for (variable, others) in [("http_proxy", ["HTTP_PROXY", "all_proxy"]), ("ALL_PROXY", [])] as [(String, [String])] {
      var variables = ["AWS_ENDPOINT_URL_BEDROCK_RUNTIME": "http://bedrock.test", variable: proxy.url]
      for other in others { variables[other] = "http://anna:right@127.0.0.1:9" }
      let ended = try await send(home, variables, "--new")
      #expect(ended.status == 78 && ended.hint.contains("set \(variable) to http://USER:PASSWORD@"), "\(ended.errors)")
      #expect(ended.error.contains(variable) && ended.error.contains(proxy.url))
    }
    let direct = try await send(home, ["AWS_ENDPOINT_URL_BEDROCK_RUNTIME": proxy.url], "--new")
    #expect(direct.status == 78 && direct.hint.contains("HTTP_PROXY") && direct.hint.contains("--endpoint-url"))
    #expect(direct.error.contains(proxy.url.dropFirst("http://".count)))
  }

  @Test(
    "What a SOCKS proxy says of the login, and of the host, is told as that",
    arguments: [
      ([5, 0xff], nil, "proxy_auth", 78, "set ALL_PROXY to socks5h://USER:PASSWORD@"),
      ([5, 2], [1, 1], "proxy_auth", 78, "set ALL_PROXY to socks5h://USER:PASSWORD@"),
      ([5, 0], [5, 2], "access_denied", 77, "bedrock.test"), ([5, 0], [5, 1], "connection", 75, "--endpoint-url"),
      ([5, 0], [5, 3], "connection", 75, "--endpoint-url"), ([5, 0], [5, 4], "connection", 75, "--endpoint-url"),
      ([5, 0], [5, 5], "connection", 75, "--endpoint-url"), ([5, 0], [4, 4], "connection", 75, "ALL_PROXY"),
    ] as [([UInt8], [UInt8]?, String, Int32, String)])
  func socks(greeting: [UInt8], reply: [UInt8]?, code: String, status: Int32, hint: String) async throws {
    let home = try await Home.remembering()
    let (listener, port) = try Descriptor.listening()
    defer { listener.shutDown() }
    Thread.detachNewThread {
      while let connection = listener.accept() {
        _ = connection.read()
        connection.write(greeting)
        if let reply, connection.read() != nil { connection.write(reply + [0, 1, 0, 0, 0, 0, 0, 0]) }
        connection.close()
      }
    }
    for scheme in ["http", "https"] {
      let ended = try await send(
        home,
        [
          "AWS_ENDPOINT_URL_BEDROCK_RUNTIME": "\(scheme)://bedrock.test",
          "ALL_PROXY": "socks5h://anna:hush@127.0.0.1:\(port)",
        ], "--new")
      #expect(ended.status == status && ended.hint.contains(hint), "\(ended.errors)")
      #expect(try ended.jsonLines().last?["code"].string == code)
      #expect(ended.error.contains("127.0.0.1:\(port)") == (status != 77) && !ended.errors.contains("hush"))
      // Only what is said of the host is told with its name.
      #expect(ended.error.contains("bedrock.test") == (reply?.first == 5), "\(ended.errors)")
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

  @Test("A wait that a proxy asks for is kept, and one that is too long ends the call at once")
  func proxyRetryAfter() async throws {
    for (asked, requests, hint) in [("0.5", 2, "wait 1 s"), ("40", 1, "wait 40 s")] {
      let home = try await Home.remembering()
      let proxy = try Proxy(.refusing(503, retryAfter: asked), to: home.simulator.port)
      let variables = ["AWS_ENDPOINT_URL_BEDROCK_RUNTIME": "https://bedrock.test", "HTTPS_PROXY": proxy.url]
      let ended = try await send(home, variables, "-q", "--max-attempts", "2")
      try await expectError(ended, home, "unavailable", 75, hint: hint)
      #expect(proxy.requests.count == requests)
    }
    // So it is for the services that give credentials.
    let home = try await Home.remembering()
    let proxy = try Proxy(.refusing(503, retryAfter: "40"), to: home.simulator.port)
    let ended = try await send(
      home,
      [
        "AWS_ACCESS_KEY_ID": nil, "AWS_SECRET_ACCESS_KEY": nil, "HTTPS_PROXY": proxy.url,
        "AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/r",
        "AWS_WEB_IDENTITY_TOKEN_FILE": try home.write("token", to: "token"),
      ])
    try await expectError(ended, home, "connection", 75, hint: "wait 40 s")
    #expect(proxy.requests.count == 1)
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

  /// `send` and `doctor` with these variables: what they end with, and the doctor's check of certificates.
  private func sendAndDoctor(
    _ home: Home, _ variables: [String: String], by change: (Command) throws -> Command
  ) async throws -> (send: Ended, doctor: Int32, check: JSONText) {
    func command(_ arguments: String...) throws -> Command {
      try change(variables.reduce(home.mosaic(arguments)) { $0.with($1.key, $1.value) })
    }
    let send = try await command("send", "--new", "-o", "ndjson", "--max-attempts", "1", "Hello.").run()
    let doctor = try await command("doctor", "-o", "json").run()
    return (
      send, doctor.status, try doctor.json()["checks"].elements.first { $0["name"].string == "certificates" } ?? .null
    )
  }

  @Test(
    "A proxy that is asked over TLS is trusted with the certificates that its hosts are trusted with",
    .enabled(if: Tool.have("openssl", "python3"), "openssl or python3 is not installed"),
    arguments: ["AWS_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR"])
  func secureProxy(setting: String) async throws {
    let home = try await Home.remembering()
    let authority = try PrivateAuthority.shared.get()
    let host = try await TLSFront(to: home.simulator.port)
    for (url, destination) in [("https://bedrock.test", host.port), ("http://bedrock.test", home.simulator.port)] {
      let proxy = try Proxy(.open, to: destination)
      let front = try await TLSFront(.relay, to: Int(proxy.port))
      var variables = ["AWS_ENDPOINT_URL_BEDROCK_RUNTIME": url, "ALL_PROXY": front.url]
      let untrusted = try await send(home, variables, "--new")
      #expect(untrusted.status == 69 && untrusted.hint.contains("AWS_CA_BUNDLE"), "\(untrusted.errors)")
      #expect(untrusted.error.contains("ALL_PROXY") && !untrusted.error.contains("bedrock.test"))
      #expect(proxy.requests.isEmpty)
      variables[setting] = setting == "SSL_CERT_DIR" ? authority.hashedFolder : authority.certificate
      let ended = try await send(home, variables, "--new")
      #expect(ended.status == 0, "\(ended.errors)")
      #expect(proxy.requests.last?.method == (url.hasPrefix("https") ? "CONNECT" : "POST"))
    }
  }

  @Test(
    "A file and a folder of certificates count together, those of the variables and those of the system",
    .enabled(
      if: Sandbox.isPossible && Tool.have("openssl", "python3"), "no openssl, no python3, or no mount namespace"),
    arguments: [
      (file: "authority", folder: "other", variables: [:]), ("other", "authority", [:]), ("garbage", "authority", [:]),
      ("authority", "junk", [:]), ("other", "other", ["SSL_CERT_FILE": "authority"]),
      ("other", "other", ["SSL_CERT_FILE": "other", "SSL_CERT_DIR": "authority"]),
      ("authority", "other", ["SSL_CERT_DIR": "other"]), ("other", "authority", ["SSL_CERT_FILE": "other"]),
      ("other", "other", ["SSL_CERT_FILE": "authority", "SSL_CERT_DIR": "/nowhere"]),
      ("authority", "damaged", [:]), ("other", "damaged", ["SSL_CERT_FILE": "authority"]),
    ] as [(file: String, folder: String, variables: [String: String])])
  func together(file: String, folder: String, variables: [String: String]) async throws {
    let home = try await Home.remembering()
    let authority = try PrivateAuthority.shared.get()
    let front = try await TLSFront(to: home.simulator.port)
    let other = authority.otherCertificate
    let content = [
      "authority": "cat \(authority.certificate)", "other": "cat \(other)", "garbage": "echo garbage",
      "junk": "echo junk",
    ]
    let paths = [
      "SSL_CERT_FILE": ["authority": authority.certificate, "other": other],
      "SSL_CERT_DIR": ["authority": authority.hashedFolder, "other": "/etc/ssl/certs", "/nowhere": "/nowhere"],
    ]
    let name =
      switch folder {
      case "authority": "cp \(authority.hashedFolder)/*.0 ."
      case "damaged": "echo '\(damagedPEM)' >\"$(basename \(authority.hashedFolder)/*.0)\""
      default: "\(content[folder] ?? "") >12345678.0"
      }
    var all = ["AWS_ENDPOINT_URL_BEDROCK_RUNTIME": front.url]
    for (variable, kind) in variables { all[variable] = try #require(paths[variable]?[kind]) }
    let found = try await sendAndDoctor(home, all) {
      try Sandbox.making("/etc/ssl/certs", "\(content[file] ?? "") >ca-certificates.crt && \(name)", $0)
    }
    #expect(found.send.status == 0, "\(found.send.errors)")
    #expect(found.doctor == 0)
    #expect(found.check["status"].string == (variables.values.contains("/nowhere") ? "warning" : "ok"))
  }

  @Test(
    "A damaged certificate in a folder leads there, and beside a folder without any, a damaged file is an error",
    .enabled(if: Tool.have("openssl", "python3"), "openssl or python3 is not installed"))
  func damagedCertificates() async throws {
    let home = try await Home.remembering()
    let authority = try PrivateAuthority.shared.get()
    let front = try await TLSFront(to: home.simulator.port)
    let name = try #require(try FileManager.default.contentsOfDirectory(atPath: authority.hashedFolder).first)
    try home.write(damagedPEM, to: "store/\(name)")
    let file = try home.write(damagedPEM, to: "damaged.pem")
    let damaged = try await send(
      home,
      [
        "AWS_ENDPOINT_URL_BEDROCK_RUNTIME": front.url, "SSL_CERT_FILE": authority.otherCertificate,
        "SSL_CERT_DIR": "\(home.path)/store",
      ])
    try await expectError(damaged, home, "tls_failed", 69, hint: "\(home.path)/store, set by SSL_CERT_DIR")
    let variables = [
      "AWS_ENDPOINT_URL_BEDROCK_RUNTIME": front.url, "SSL_CERT_FILE": file, "SSL_CERT_DIR": "/nowhere",
    ]
    let found = try await sendAndDoctor(home, variables) { $0 }
    #expect(found.send.status == 78 && found.doctor == 78)
    #expect(found.check["message"].string?.contains(file) == true, "\(found.check)")
  }

  @Test(
    "Certificates of the system that cannot be used are found by the doctor as by send, which names the file",
    .enabled(if: Sandbox.isPossible, "no mount namespace can be made here"),
    arguments: [
      "echo garbage >ca-certificates.crt", ": >ca-certificates.crt", "echo junk | tee 12345678.0 >ca-certificates.crt",
      "ln -s ca-certificates.crt ca-certificates.crt", "mkfifo ca-certificates.crt 12345678.0",
      "echo '\(damagedPEM)' >ca-certificates.crt",
    ])
  func unusableSystem(script: String) async throws {
    let home = try await Home.remembering()
    let (listener, port) = try Descriptor.listening()
    defer { listener.shutDown() }
    let found = try await sendAndDoctor(home, ["AWS_ENDPOINT_URL_BEDROCK_RUNTIME": "https://127.0.0.1:\(port)"]) {
      try Sandbox.making("/etc/ssl/certs", script, $0)
    }
    #expect(found.send.status == 78 && found.doctor == 78)
    for text in [found.send.error, found.check["message"].string ?? ""] {
      #expect(text.contains("/etc/ssl/certs/ca-certificates.crt"), "\(text)")
    }
    #expect(found.check["hint"].string?.contains("install") == false)
  }

  @Test(
    "Over http, a proxy that is asked over TLS needs certificates, of which the doctor knows as much as send",
    .enabled(if: Sandbox.isPossible, "no mount namespace can be made here"))
  func secureProxyWithoutCertificates() async throws {
    let home = try await Home.remembering()
    let variables = ["AWS_ENDPOINT_URL_BEDROCK_RUNTIME": "http://bedrock.test"]
    func found(_ proxy: String) async throws -> (send: Ended, doctor: Int32, check: JSONText) {
      try await sendAndDoctor(home, variables.merging(["http_proxy": proxy]) { $1 }) {
        try Sandbox.empty("/etc/ssl", $0)
      }
    }
    let secure = try await found("https://127.0.0.1:9")
    #expect(secure.send.status == 78 && secure.doctor == 78)
    #expect(secure.check["hint"].string?.contains("ca-certificates") == true)
    let plain = try await found("http://127.0.0.1:9")
    #expect(plain.send.status == 75 && plain.doctor == 0 && plain.check["status"].string == "warning")
  }

  @Test(
    "A bundle that may not be read is named, and the reason",
    .enabled(if: OddMachine.hasOtherUsers, "only root can start programs as another user"))
  func unreadableBundle() async throws {
    let home = try await Home.remembering()
    try home.write("-----BEGIN CERTIFICATE-----\n", to: "private.pem")
    try home.give(to: 54_321)
    chown("\(home.path)/private.pem", 0, 0)
    chmod("\(home.path)/private.pem", 0o600)
    for variable in ["AWS_CA_BUNDLE", "SSL_CERT_FILE"] {
      let doctor = try await OddMachine.asUser(54_321, ["doctor", "-o", "json"], in: home)
        .with("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", "https://127.0.0.1:9").with(variable, "\(home.path)/private.pem")
        .run()
      let check = try doctor.json()["checks"].elements.first { $0["name"].string == "certificates" }
      let text = "\(check?["message"].string ?? "")"
      #expect(doctor.status == 78)
      #expect(text.contains("private.pem") && text.contains(variable) && text.contains("Permission denied"), "\(text)")
    }
  }

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
    "A server that wants a client certificate ends with 69, and says so",
    .enabled(if: Tool.have("openssl", "python3"), "openssl or python3 is not installed"))
  func clientCertificate() async throws {
    let home = try await Home.remembering()
    let front = try await TLSFront(.mutual, to: home.simulator.port)
    // With TLS 1.3 the refusal comes after the handshake, and is only a lost connection, which is tried again, to a
    // request that is written just after the server has closed.
    let ended = try await send(
      home,
      [
        "AWS_ENDPOINT_URL_BEDROCK_RUNTIME": front.url,
        "AWS_CA_BUNDLE": try PrivateAuthority.shared.get().certificate,
      ], "--max-attempts", "10")
    #expect(ended.status == 69 && ended.error.contains("certificate"), "\(ended.errors)")
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
        "SSL_CERT_FILE": authority.otherCertificate,
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
    try await expectError(ended, home, "tls_failed", 69, hint: "--endpoint-url")
    #expect(!ended.hint.contains("AWS_CA_BUNDLE"))
  }

  @Test(
    "An authority that is not in the bundle which is set is told with the setting's name",
    .enabled(if: Tool.have("openssl", "python3"), "openssl or python3 is not installed"),
    arguments: ["AWS_CA_BUNDLE", "SSL_CERT_FILE"])
  func otherAuthority(setting: String) async throws {
    let home = try await Home.remembering()
    let authority = try PrivateAuthority.shared.get()
    let front = try await TLSFront(to: home.simulator.port)
    let ended = try await send(
      home, ["AWS_ENDPOINT_URL_BEDROCK_RUNTIME": front.url, setting: authority.otherCertificate])
    try await expectError(ended, home, "tls_failed", 69, hint: setting)
    #expect(ended.hint.contains(authority.otherCertificate) && !ended.hint.contains("set AWS_CA_BUNDLE"))
  }

  @Test(
    "A certificate that is not valid yet, or no longer, leads to this machine's clock, with its date",
    .enabled(
      if: Tool.have("openssl", "python3") && OddMachine.hasFaults, "openssl, python3 or a C compiler is not installed"))
  func dates() async throws {
    let home = try await Home.remembering()
    let authority = try PrivateAuthority.shared.get()
    let (front, old) = (
      try await TLSFront(to: home.simulator.port), try await TLSFront(.expired, to: home.simulator.port)
    )
    let year = String(Calendar(identifier: .gregorian).component(.year, from: Date()))
    for (url, clock, date) in [(front.url, "86400", "1970-01-02"), (old.url, nil, "\(year)-")]
      as [(String, String?, String)]
    {
      let command = home.mosaic("send", "--new", "-o", "ndjson", "--max-attempts", "1", "Hello.")
        .with("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", url).with("AWS_CA_BUNDLE", authority.certificate)
      let ended = try await (clock.map { try command.with(fault: "FAULT_CLOCK", $0) } ?? command).run()
      #expect(ended.status == 69 && ended.hint.contains("clock") && ended.hint.contains(date), "\(ended.errors)")
      #expect(!ended.hint.contains("AWS_CA_BUNDLE"))
    }
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
