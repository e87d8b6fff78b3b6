import TestSupport
import Testing

@testable import MosaicAICore

private let ok = """
  <AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
  <AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>a&lt;b&amp;c</SecretAccessKey><SessionToken>tok==</SessionToken>
  <Expiration>2026-11-23T07:13:02Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>
  """

private func stsError(_ code: String, _ message: String) -> String {
  "<ErrorResponse><Error><Type>Sender</Type><Code>\(code)</Code><Message>\(message)</Message></Error></ErrorResponse>"
}

/// Services on loopback, through libcurl, with their ways to fail.
@Suite struct CredentialServiceTests {
  private let home = TemporaryHome()
  private let curl = CurlTransport(TransportConfiguration(userAgent: "test"))

  private func context(_ variables: [String: String], profile: String? = nil) -> AWSContext {
    home.context(variables, profile: profile, transport: curl)
  }

  /// Nothing listens there.
  private func deadURL() throws -> String { try LoopbackServer { _, _ in .hangUp }.url }

  // MARK: STS

  private func role(_ url: String, _ more: String = "") -> AWSContext {
    home.write(
      ".aws/config",
      """
      [profile r]\nrole_arn = arn:aws:iam::1:role/x\nsource_profile = b\nmax_attempts = 2\n\(more)[profile b]\n\
      aws_access_key_id = AKIAB\naws_secret_access_key = secret\n
      """
    )
    return context(["AWS_ENDPOINT_URL_STS": url], profile: "r")
  }

  @Test("An assumed role is cached where the AWS CLI looks for it")
  func aRoleIsAssumedAndCachedForTheAWSCLI() throws {
    let server = try LoopbackServer { _, _ in .text(200, ok) }
    let context = role(server.url, "external_id = e\n")
    let expected = AccessKey(
      id: "ASIAROLE", secret: Secret("a<b&c"), sessionToken: Secret("tok=="),
      expiration: Timestamp(rfc3339: "2026-11-23T07:13:02Z"))
    let resolution = try context.resolve()
    #expect(resolution.credentials == .accessKey(expected))
    #expect(resolution.source == "role (profile r)")
    #expect(try context.resolve().credentials == .accessKey(expected))
    #expect(server.requests.count == 1, "the second time it comes from the cache")
    let file = ".aws/cli/cache/\(RoleParameters(roleARN: "arn:aws:iam::1:role/x", externalID: "e").cacheKey).json"
    #expect(home.mode(file) == 0o600)
    #expect(home.mode(".aws/cli/cache") == 0o700)
    #expect(home.read(file)?.contains(#""Expiration":"2026-11-23T07:13:02Z""#) == true)
    _ = try context.resolve(replacing: resolution.credentials)
    #expect(server.requests.count == 2, "a refresh passes over what was refused")
  }

  @Test("A role that assumes itself does not wait for itself", .timeLimit(.minutes(5)))
  func aRoleAssumesItself() throws {
    let server = try LoopbackServer { _, _ in .text(200, ok) }
    var context = role(server.url)
    context.renewalPatience = .seconds(3600)
    let file = home.read(".aws/config") ?? ""
    home.write(
      ".aws/config",
      file.replacing("source_profile = b", with: "source_profile = again")
        + "[profile again]\nrole_arn = arn:aws:iam::1:role/x\nsource_profile = b\n")
    guard case .accessKey(let key) = try context.resolve().credentials else { throw Complaint("no key") }
    #expect(key.id == "ASIAROLE")
    #expect(server.requests.count == 2)
  }

  @Test("A request to STS is a signed form")
  func aRequestToSTSIsASignedForm() throws {
    let server = try LoopbackServer { _, _ in .text(200, ok) }
    _ = try role(server.url, "role_session_name = me\nduration_seconds = 900\n").resolve()
    let request = try #require(server.requests.first)
    #expect(request.method == "POST" && request.target == "/")
    #expect(
      form(request.body) == [
        "Action": "AssumeRole", "Version": "2011-06-15", "RoleArn": "arn:aws:iam::1:role/x", "RoleSessionName": "me",
        "DurationSeconds": "900",
      ])
    #expect(request.headers["authorization"]?.contains("Credential=AKIAB/20261123/us-east-1/sts/aws4_request") == true)
    #expect(request.headers["content-type"] == "application/x-www-form-urlencoded; charset=utf-8")
  }

  @Test(
    "An error from STS has its code, a hint and no secret",
    arguments: [
      (
        403, stsError("AccessDenied", "User: arn:x is not authorized"), FailureCode.credentialsFailed,
        "AccessDenied"
      ),
      (400, stsError("ExpiredTokenException", "old"), .credentialsExpired, "old"),
      (
        403, stsError("SignatureDoesNotMatch", "no\n\nx-amz-security-token:hushhush"), .credentialsFailed,
        "SignatureDoesNotMatch"
      ),
      (
        400, stsError("ValidationError", "bad\nx-amz-security-token:hushhush"), .credentialsFailed,
        "ValidationError"
      ),
      (500, "<html>oops", .credentialsFailed, "500"),
      (500, stsError("InternalFailure", "oops"), .credentialsFailed, "InternalFailure"),
      (503, stsError("ServiceUnavailable", "down"), .unavailable, "ServiceUnavailable"),
      (502, "<html>oops", .unavailable, "502"), (504, "", .unavailable, "504"),
      (400, stsError("IDPCommunicationError", "no"), .unavailable, "IDPCommunicationError"),
      (400, stsError("Throttling", "Rate exceeded"), .throttled, "Throttling"),
      (400, stsError("ThrottlingException", "hushhush"), .throttled, "ThrottlingException"),
      (400, stsError("RequestLimitExceeded", "no"), .throttled, "RequestLimitExceeded"),
      (429, "<html>", .throttled, "429"), (407, "<html>", .proxyAuth, "login"),
      (200, "<html><body>login</body></html>", .credentialsFailed, ""),
      (200, "{}", .credentialsFailed, ""), (200, "", .credentialsFailed, ""),
      (200, ok.replacing("ASIAROLE", with: ""), .credentialsFailed, ""),
      (200, String(ok.dropLast(9)), .credentialsFailed, ""),
      (200, ok.replacing("2026-11-23", with: "2026-11-22"), .credentialsExpired, "2026-11-22"),
    ] as [(Int, String, FailureCode, String)])
  func STSFailures(status: Int, body: String, code: FailureCode, fact: String) throws {
    let server = try LoopbackServer { _, _ in .text(status, body) }
    let failure = try failure { try role(server.url).resolve() }
    #expect(failure.code == code)
    #expect(failure.names(fact), "\(failure.message)")
    #expect(failure.advice != nil)
    #expect(!"\(failure)".contains("hushhush"))
    let mayPass = status == 500 || code.isRetryable
    #expect(server.requests.count == (mayPass ? 2 : 1), "what may pass is asked twice, as max_attempts says")
    if mayPass { #expect(failure.message.contains("STS at 127.0.0.1:") && !failure.adviceText.contains("role")) }
  }

  @Test(
    "What STS says about the region, the clock or the token has a hint of its own",
    arguments: [
      ("RegionDisabledException", "another region"), ("RequestExpired", "clock"),
      ("InvalidIdentityToken", "identity provider"), ("IDPRejectedClaim", "identity provider"),
    ])
  func STSHints(code: String, hint: String) throws {
    let server = try LoopbackServer { _, _ in .text(403, stsError(code, "no")) }
    let failure = try failure { try role(server.url).resolve() }
    #expect(failure.code == .credentialsFailed && failure.adviceText.contains(hint), "\(failure.adviceText)")
  }

  @Test("A service that fails once is asked again")
  func aServiceThatFailsOnceIsAskedAgain() throws {
    let server = try LoopbackServer { _, number in number == 0 ? .hangUp : .text(200, ok) }
    _ = try role(server.url).resolve()
    #expect(server.requests.count == 2)
  }

  @Test(
    "The wait that a service asks for is heeded, and one that is too long ends it and is told",
    arguments: [
      ("0.01", nil), ("0", nil), ("20.5", "21 s"), ("Mon, 23 Nov 2026 06:13:32 GMT", "30 s"), ("3600", "3600 s"),
      ("soon", nil),
    ] as [(String, String?)], [503, 429, 500])
  func waitThatAServiceAsksFor(value: (String, String?), status: Int) throws {
    let transport = ScriptedTransport([.error(status, [("Retry-After", value.0)]), .error(200, [], ok)])
    var context = role("http://sts.example")
    context.transport = transport
    guard let told = value.1 else {
      _ = try context.resolve()
      #expect(transport.requests.count == 2)
      return
    }
    let failure = try failure { try context.resolve() }
    let codes = [503: FailureCode.unavailable, 429: .throttled, 500: .credentialsFailed]
    #expect(failure.code == codes[status])
    #expect(failure.adviceText.contains(told))
    #expect(transport.requests.count == 1)
  }

  @Test("A proxy that asks for a login is told with its variable")
  func proxyLogin() throws {
    var error = TransportError(.proxyAuthentication, "why")
    error.proxy = ProxyServer(Sourced("http://proxy.test:3128", from: .variable("http_proxy")))
    let transport = ScriptedTransport([ScriptedTransport.Answer(error: error)])
    var context = role("http://sts.example")
    context.transport = transport
    let failure = try failure { try context.resolve() }
    #expect(failure.code == .proxyAuth)
    #expect(failure.names("STS at sts.example") && failure.names("login"))
    #expect(failure.adviceText.contains("http_proxy"))
    #expect(transport.requests.count == 1)
  }

  @Test("The advice for a service that cannot be reached names what is set, and the proxy if one was used")
  func whatToCheck() throws {
    let proxy = ProxyServer(Sourced("http://proxy.test:3128", from: .variable("https_proxy")))
    func advice(_ variables: [String: String], through proxy: ProxyServer?) throws -> String {
      var error = TransportError(.refused, "why")
      error.proxy = proxy
      var context = role("http://sts.example")
      context.variables["AWS_ENDPOINT_URL_STS"] = nil
      context.variables.merge(variables) { $1 }
      context.transport = ScriptedTransport(always: .init(error: error))
      return try failure { try context.resolve() }.adviceText
    }
    let plain = try advice([:], through: nil)
    #expect(!plain.uppercased().contains("PROXY") && !plain.contains("AWS_"))
    #expect(try advice([:], through: proxy).contains("https_proxy"))
    let set = ["AWS_ENDPOINT_URL_STS": "http://sts.example"]
    #expect(try advice(set, through: nil).contains("AWS_ENDPOINT_URL_STS"))
    let both = try advice(set, through: proxy)
    #expect(both.contains("AWS_ENDPOINT_URL_STS") && both.contains("https_proxy"))
    for name in ["AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] {
      let variables = [name: name.hasSuffix("FULL_URI") ? "http://127.0.0.1:1/x" : "/x"]
      let container = home.context(variables, transport: ScriptedTransport(always: .failing(.refused)))
      #expect(try failure { try container.resolve() }.adviceText.contains(name))
    }
  }

  @Test("A region that AWS does not have is told as such if it made the name of the host")
  func unknownRegion() throws {
    func answer(_ context: AWSContext, _ variables: [String: String]) throws -> Failure {
      let transport = ScriptedTransport([.failing(.unknownHost)])
      var context = context
      context.variables = ["AWS_EC2_METADATA_DISABLED": "true"].merging(variables) { $1 }
      context.transport = transport
      let failure = try failure { try context.resolve() }
      #expect(failure.code == .connection && transport.requests.count == 1)
      return failure
    }
    let typo = try answer(role(""), ["AWS_REGION": "us-wst-1"])
    #expect(typo.names("no region us-wst-1") && typo.names("sts.us-wst-1.amazonaws.com"))
    #expect(typo.advice == .check([.region]))
    let missing = try answer(role(""), ["AWS_REGION": "us-west-9"])
    #expect(missing.names("AWS STS is not in the region us-west-9") && missing.advice == .check([.region]))
    let set = try answer(role(""), ["AWS_REGION": "us-wst-1", "AWS_ENDPOINT_URL_STS": "https://sts.us-wst-1.test"])
    #expect(!set.names("region") && set.adviceText.contains("AWS_ENDPOINT_URL_STS"))
    let global = try answer(role("", "sts_regional_endpoints = legacy\n"), ["AWS_REGION": "us-west-2"])
    #expect(!global.names("region"))
    let center = sso("")
    home.write(".aws/config", CredentialServiceTests.session.replacing("eu-west-1", with: "eu-wst-1"))
    let login = try answer(center, [:])
    #expect(login.names("no region eu-wst-1") && login.names("portal.sso.eu-wst-1.amazonaws.com"))
    #expect(login.adviceText.contains("sso_region") && login.adviceText.contains("sso-session corp"))
  }

  @Test(
    "An address that is not a URL is told with one of that service",
    arguments: [
      ("AWS_ENDPOINT_URL_STS", "r", "https://sts."), ("AWS_ENDPOINT_URL_SSO", "s", "https://portal.sso."),
      ("AWS_ENDPOINT_URL_SSO_OIDC", "s", "https://oidc."),
      ("AWS_EC2_METADATA_SERVICE_ENDPOINT", nil, "http://169.254.169.254"),
    ] as [(String, String?, String)])
  func badAddress(variable: String, profile: String?, example: String) throws {
    _ = role("")
    let roleFile = home.read(".aws/config") ?? ""
    _ = sso("", expires: variable.hasSuffix("OIDC") ? "2026-11-23T06:00:00Z" : "2026-11-23T08:00:00Z")
    home.write(".aws/config", roleFile + CredentialServiceTests.session)
    let context = home.context([variable: "foo", "AWS_EC2_METADATA_DISABLED": "false"], profile: profile)
    let failure = try failure { try context.resolve() }
    #expect(failure.code == .configInvalid && failure.names(variable))
    #expect(failure.adviceText.contains(example))
  }

  @Test("Many attempts never wait longer than the longest delay")
  func manyAttemptsWaitNoLongerThanTheLongestWait() throws {
    let transport = ScriptedTransport(always: .failing(.refused))
    var context = role("http://sts.example")
    context.variables["AWS_MAX_ATTEMPTS"] = "100"
    context.transport = transport
    #expect(try failure { try context.resolve() }.code == .connection)
    #expect(transport.requests.count == 100)
  }

  @Test("A service that cannot be reached is a connection error")
  func aServiceThatCannotBeReached() throws {
    let failure = try failure { try role(deadURL()).resolve() }
    #expect(failure.code == .connection)
    #expect(failure.message.contains("STS") && failure.message.contains("127.0.0.1:"))
  }

  @Test(
    "Each transport error has its code and is retried only if that can help",
    arguments: [
      (TransportError.Kind.unresolved, FailureCode.connection, 2), (.refused, .connection, 2),
      (.connectTimeout, .connection, 2),
      (.idleTimeout, .connection, 2), (.lost, .connection, 2), (.other, .connection, 1),
      (.tls(.name), .tlsFailed, 1), (.proxyTLS(.authority(nil)), .tlsFailed, 1), (.proxyCannotConnect, .connection, 2),
      (.proxyUnknown, .connection, 1), (.proxyUnreachable, .connection, 2), (.proxyAuthentication, .proxyAuth, 1),
      (.proxyRefused(403), .accessDenied, 1), (.proxyRefused(400), .protocolError, 1),
      (.proxyRefused(408), .connection, 2), (.proxyRefused(429), .connection, 2), (.proxyRefused(502), .connection, 2),
      (.proxyRefused(599), .connection, 2),
      (.malformedAnswer, .credentialsFailed, 1), (.malformedURL, .configInvalid, 1),
      (.libraryMissing(LocalFile.SystemError(code: 0)), .configInvalid, 1),
    ])
  func whatKeepsARequestFromBeingAnswered(kind: TransportError.Kind, code: FailureCode, attempts: Int) throws {
    let transport = ScriptedTransport(always: .failing(kind, "why\nand more"))
    var context = role("http://sts.example")
    context.transport = transport
    let failure = try failure { try context.resolve() }
    #expect(failure.code == code)
    #expect(failure.message.contains("STS") && failure.message.contains("sts.example"))
    let isToldOtherwise = [.proxyUnknown, .proxyAuthentication].contains(kind)
    #expect((failure.message.contains("why") || isToldOtherwise) && !failure.message.contains("and more"))
    #expect(failure.advice != nil)
    #expect(transport.requests.count == attempts)
  }

  @Test("An MFA code is asked for once, and only on a terminal")
  func MFACodesAreAskedForOnceAndOnlyOnATerminal() throws {
    let server = try LoopbackServer { _, _ in .text(200, ok) }
    var context = role(server.url, "mfa_serial = arn:aws:iam::1:mfa/me\n")
    let unasked = try failure { try context.resolve() }
    #expect(unasked.message.contains("profile r") && unasked.message.contains("arn:aws:iam::1:mfa/me"))
    context.askCode = { _ in nil }
    #expect(try failure { try context.resolve() }.code == .credentialsFailed)
    context.askCode = { question in
      #expect(question.contains("arn:aws:iam::1:mfa/me"))
      return Secret("123456")
    }
    _ = try context.resolve()
    _ = try context.resolve()
    #expect(server.requests.map { form($0.body)["TokenCode"] } == ["123456"])
  }

  @Test("A damaged or nearly expired cache entry is ignored")
  func aDamagedOrEndingCacheIsPassedOver() throws {
    let server = try LoopbackServer { _, _ in .text(200, ok) }
    let context = role(server.url)
    let file = ".aws/cli/cache/\(RoleParameters(roleARN: "arn:aws:iam::1:role/x").cacheKey).json"
    for text in ["nonsense", "{}", nil] {
      // The last one is what was kept after the one before, and ends a second too early.
      home.write(file, try text ?? #require(home.read(file)).replacing("07:13:02", with: "06:28:01"))
      _ = try context.resolve()
    }
    #expect(server.requests.count == 3)
    home.write(file, try #require(home.read(file)).replacing("07:13:02", with: "06:28:02"))
    _ = try context.resolve()
    #expect(server.requests.count == 3, "a quarter of an hour is enough")
  }

  @Test("The cache goes to another folder if the usual one is not writable")
  func anotherFolderTakesTheCacheWhereTheUsualOneCannot() throws {
    let server = try LoopbackServer { _, _ in .text(200, ok) }
    var context = role(server.url)
    home.write(".aws/cli", "a file in the way")
    context.cacheFolder = "\(home.path)/own"
    _ = try context.resolve()
    _ = try context.resolve()
    #expect(server.requests.count == 1)
    #expect(home.mode("own") == 0o700)
  }

  @Test("A web identity token is sent trimmed and unsigned")
  func webIdentityTokensAreSentUnsignedAndTrimmed() throws {
    home.write("token", "header.payload.signature\n")
    let server = try LoopbackServer { _, _ in .text(200, ok) }
    let variables = [
      "AWS_ENDPOINT_URL_STS": server.url, "AWS_WEB_IDENTITY_TOKEN_FILE": "\(home.path)/token",
      "AWS_ROLE_ARN": "arn:role",
    ]
    _ = try context(variables).resolve()
    let request = try #require(server.requests.first)
    #expect(form(request.body)["WebIdentityToken"] == "header.payload.signature")
    #expect(request.headers["authorization"] == nil)
  }

  @Test("A file of a token may begin with a byte order mark, and may not be empty")
  func tokenFiles() throws {
    home.write("token", "\u{FEFF}a-token\n")
    let sts = try LoopbackServer { _, _ in .text(200, ok) }
    let identity = [
      "AWS_ENDPOINT_URL_STS": sts.url, "AWS_WEB_IDENTITY_TOKEN_FILE": "\(home.path)/token", "AWS_ROLE_ARN": "arn:role",
    ]
    _ = try context(identity).resolve()
    #expect(form(try #require(sts.requests.first).body)["WebIdentityToken"] == "a-token")
    home.write("token", "\u{FEFF}a-token")
    let container = try LoopbackServer { _, _ in .text(200, CredentialServiceTests.keys) }
    let variables = [
      "AWS_CONTAINER_CREDENTIALS_FULL_URI": "\(container.url)/c",
      "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "\(home.path)/token",
    ]
    _ = try context(variables).resolve()
    #expect(container.requests.first?.headers["authorization"] == "a-token")
    for text in ["", "\u{FEFF}", " \n"] {
      home.write("token", text)
      let failure = try failure { try context(identity.merging(["AWS_ROLE_ARN": "arn:other"]) { $1 }).resolve() }
      #expect(failure.code == .configInvalid && failure.names("\(home.path)/token") && failure.names("empty"))
    }
    #expect(sts.requests.count == 1)
  }

  // MARK: IAM Identity Center

  private static let session =
    """
    [profile s]\nsso_session = corp\nsso_account_id = 1\nsso_role_name = Reader\nmax_attempts = 2\n[sso-session corp]\n\
    sso_region = eu-west-1\nsso_start_url = https://x/start\n
    """
  private static let tokenFile = ".aws/sso/cache/\(hexadecimal(sha1("corp"))).json"

  private func sso(_ url: String, oidc: String? = nil, expires: String = "2026-11-23T08:00:00Z") -> AWSContext {
    home.write(".aws/config", CredentialServiceTests.session)
    home.write(
      CredentialServiceTests.tokenFile,
      #"""
      {"accessToken":"sso-hushhush","expiresAt":"\#(expires)","clientId":"c","clientSecret":"cs","refreshToken":"rt",\#
      "registrationExpiresAt":"2027-01-01T00:00:00Z"}
      """#
    )
    return context(["AWS_ENDPOINT_URL_SSO": url, "AWS_ENDPOINT_URL_SSO_OIDC": oidc ?? url], profile: "s")
  }

  private static let roleCredentials =
    #"""
    {"roleCredentials":{"accessKeyId":"ASIASSO","secretAccessKey":"s","sessionToken":"t","expiration":1795417982000}}
    """#

  @Test("An IAM Identity Center login gives a role's credentials")
  func aLoginGivesARolesCredentials() throws {
    let server = try LoopbackServer { _, _ in .text(200, CredentialServiceTests.roleCredentials) }
    let context = sso(server.url)
    #expect(try context.resolve().credentials.expiration == testTime + 3600)
    _ = try context.resolve()
    #expect(server.requests.count == 1, "the second time it comes from the cache")
    #expect(server.requests[0].target == "/federation/credentials?role_name=Reader&account_id=1")
    #expect(server.requests[0].headers["x-amz-sso_bearer_token"] == "sso-hushhush")
  }

  @Test("Credentials that were refused are fetched again, though the cache has their end in whole seconds")
  func refusedCredentialsAreFetchedAgain() throws {
    let server = try LoopbackServer { _, _ in
      .text(200, CredentialServiceTests.roleCredentials.replacing("1795417982000", with: "1795417982123"))
    }
    let context = sso(server.url)
    let refused = try context.resolve().credentials
    _ = try context.resolve()
    #expect(server.requests.count == 1)
    _ = try context.resolve(replacing: refused)
    #expect(server.requests.count == 2)
  }

  @Test("A login that is still good is not held up by a service that is busy or silent", arguments: [503, nil])
  func renewalIsNotWaitedFor(status: Int?) throws {
    let portal = try LoopbackServer { _, _ in .text(200, CredentialServiceTests.roleCredentials) }
    let oidc = try LoopbackServer { _, _ in
      status.map { .raw("HTTP/1.1 \($0) No\r\nRetry-After: 15\r\nContent-Length: 0\r\n\r\n") }
        ?? .silence(milliseconds: 40_000)
    }
    let start = ContinuousClock.now
    _ = try sso(portal.url, oidc: oidc.url, expires: "2026-11-23T06:20:00Z").resolve()
    #expect(portal.requests.first?.headers["x-amz-sso_bearer_token"] == "sso-hushhush")
    #expect(oidc.requests.count == 1)
    #expect(start.duration(to: .now) < .seconds(30), "three times 30 s, or 15 s twice, was the wait for a needed one")
  }

  @Test("A login that could not be sent as a header is none", arguments: ["a\r\nX: y", "a\nb", "a\u{7F}"])
  func aLoginWithALineBreak(token: String) throws {
    let server = try LoopbackServer { _, _ in .text(200, CredentialServiceTests.roleCredentials) }
    let context = sso(server.url)
    let text = home.read(CredentialServiceTests.tokenFile) ?? ""
    let members = JSON.reading(Array(text.utf8))?.members ?? []
    let entry = JSON.object(members.map { JSON.Member($0.name, $0.name == "accessToken" ? .string(token) : $0.value) })
    home.write(CredentialServiceTests.tokenFile, entry.compact)
    let failure = try failure { try context.resolve() }
    #expect(failure.code == .credentialsExpired && failure.advice == .runAWS("sso login", profile: "s"))
    #expect(server.requests.isEmpty)
  }

  @Test("A login that is about to expire is renewed and written back")
  func aLoginAboutToEndIsRenewedAndWrittenBack() throws {
    let server = try LoopbackServer { request, _ in
      request.target == "/token"
        ? .text(200, #"{"accessToken":"new","expiresIn":3600,"refreshToken":"rt2"}"#)
        : .text(200, CredentialServiceTests.roleCredentials)
    }
    _ = try sso(server.url, expires: "2026-11-23T06:20:00Z").resolve()
    #expect(server.requests.map(\.target) == ["/token", "/federation/credentials?role_name=Reader&account_id=1"])
    let sent = strings(Array(server.requests[0].body.utf8))
    #expect(sent == ["grantType": "refresh_token", "clientId": "c", "clientSecret": "cs", "refreshToken": "rt"])
    #expect(server.requests[1].headers["x-amz-sso_bearer_token"] == "new")
    let token = strings(Array((home.read(CredentialServiceTests.tokenFile) ?? "").utf8))
    #expect(
      token == [
        "accessToken": "new", "expiresAt": "2026-11-23T07:13:02Z", "refreshToken": "rt2", "clientId": "c",
        "clientSecret": "cs",
        "registrationExpiresAt": "2027-01-01T00:00:00Z", "startUrl": "https://x/start", "region": "eu-west-1",
      ])
    #expect(home.mode(CredentialServiceTests.tokenFile) == 0o600)
  }

  @Test("A valid login is used if its renewal fails", arguments: [200, 302, 400, 403, 407, 429, 500, 503, nil])
  func aLoginThatIsStillGoodMakesUpForARenewalThatFails(status: Int?) throws {
    let oidc = try LoopbackServer { _, _ in status.map { .text($0, "{}") } ?? .hangUp }
    let server = try LoopbackServer { _, _ in .text(200, CredentialServiceTests.roleCredentials) }
    _ = try sso(server.url, oidc: oidc.url, expires: "2026-11-23T06:20:00Z").resolve()
    #expect(server.requests.count == 1 && !oidc.requests.isEmpty)
  }

  @Test(
    "An expired login that cannot be renewed is an error",
    arguments: [
      (400, #"{"error":"invalid_grant"}"#, FailureCode.credentialsExpired), (500, "<html>", .unavailable),
      (503, #"{"error":"internal_server_error"}"#, .unavailable), (429, "<html>", .throttled),
      (400, #"{"error":"slow_down"}"#, .throttled), (400, #"{"__type":"SlowDownException"}"#, .throttled),
      (200, "<html>", .credentialsFailed), (200, "{}", .credentialsFailed), (302, "", .credentialsFailed),
      (403, "<html>", .credentialsFailed), (200, #"{"accessToken":"a\r\nb","expiresIn":9}"#, .credentialsFailed),
    ] as [(Int, String, FailureCode)])
  func anExpiredLoginThatCannotBeRenewed(status: Int, body: String, code: FailureCode) throws {
    let server = try LoopbackServer { _, _ in .text(status, body) }
    let failure = try failure { try sso(server.url, expires: "2026-11-23T06:00:00Z").resolve() }
    #expect(failure.code == code)
    #expect((failure.advice == .runAWS("sso login", profile: "s")) == (code == .credentialsExpired))
  }

  @Test("An expired login is a connection error if its service cannot be reached")
  func anExpiredLoginWhoseServiceCannotBeReached() throws {
    #expect(try failure { try sso(deadURL(), expires: "2026-11-23T06:00:00Z").resolve() }.code == .connection)
  }

  @Test(
    "An error from IAM Identity Center has its code and no secret",
    arguments: [
      (401, #"{"message":"Session token not found or invalid"}"#, FailureCode.credentialsExpired),
      (403, #"{"message":"No access, sso-hushhush"}"#, .credentialsFailed), (404, "<html>", .credentialsFailed),
      (500, "{}", .credentialsFailed), (200, "{}", .credentialsFailed), (200, "<html>", .credentialsFailed),
      (429, #"{"message":"Too many requests, sso-hushhush"}"#, .throttled), (503, #"{"message":"down"}"#, .unavailable),
      (400, #"{"__type":"com.amazon#TooManyRequestsException"}"#, .throttled),
      (200, #"{"roleCredentials":{"accessKeyId":1}}"#, .credentialsFailed),
      (200, roleCredentials.replacing("1795417982000", with: "-9223372036854775808"), .credentialsFailed),
      (200, roleCredentials.replacing("1795417982000", with: "1e30"), .credentialsFailed),
      (200, roleCredentials.replacing("1795417982000", with: "1000"), .credentialsExpired),
    ] as [(Int, String, FailureCode)])
  func IdentityCenterFailures(status: Int, body: String, code: FailureCode) throws {
    let server = try LoopbackServer { _, _ in .text(status, body) }
    let failure = try failure { try sso(server.url).resolve() }
    #expect(failure.code == code)
    #expect(!"\(failure)".contains("hushhush"))
  }

  @Test("Without a login, the advice is the command to log in")
  func whoIsNotLoggedInIsToldHowTo() throws {
    home.write(".aws/config", CredentialServiceTests.session)
    let failure = try failure { try context([:], profile: "s").resolve() }
    #expect(failure.code == .credentialsExpired && failure.message.contains("profile s"))
    #expect(failure.advice == .runAWS("sso login", profile: "s"))
  }

  // MARK: Containers

  private static let keys =
    #"{"AccessKeyId":"ASIAECS","SecretAccessKey":"s","Token":"t","Expiration":"2026-11-23T07:00:00Z"}"#

  @Test("A container's credentials are requested with its token")
  func containersAreAskedWithTheirToken() throws {
    home.write("token", "verbatim token")
    let server = try LoopbackServer { _, _ in .text(200, CredentialServiceTests.keys) }
    let variables = [
      "AWS_CONTAINER_CREDENTIALS_FULL_URI": "\(server.url)/creds?x=1",
      "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "\(home.path)/token",
    ]
    #expect(try context(variables).resolve().credentials.expiration != nil)
    #expect(server.requests.first?.target == "/creds?x=1")
    #expect(server.requests.first?.headers["authorization"] == "verbatim token")
  }

  @Test(
    "A container's error has its code and is retried only if that can help",
    arguments: [
      (403, "{}", FailureCode.credentialsFailed, 1), (500, "<html>", .credentialsFailed, 3),
      (429, #"{"code":"ThrottlingException"}"#, .throttled, 3), (503, "", .unavailable, 3),
      (400, #"{"code":"ThrottlingException"}"#, .throttled, 3), (407, "", .proxyAuth, 1),
      (200, "<html>", .credentialsFailed, 1),
      (200, "{}", .credentialsFailed, 1), (200, keys.replacing("2026-11-23T07", with: "soon"), .credentialsFailed, 1),
      (200, keys.replacing("2026", with: "2025"), .credentialsExpired, 1),
      (200, keys.replacing("07:00:00", with: "06:13:02"), .credentialsExpired, 1),
    ] as [(Int, String, FailureCode, Int)])
  func containerFailures(status: Int, body: String, code: FailureCode, attempts: Int) throws {
    let server = try LoopbackServer { _, _ in .text(status, body) }
    #expect(
      try failure { try context(["AWS_CONTAINER_CREDENTIALS_FULL_URI": "\(server.url)/c"]).resolve() }.code == code)
    #expect(server.requests.count == attempts)
  }

  @Test("A time in another form counts wherever credentials come from")
  func otherFormsOfTime() throws {
    let form = "Mon, 23 Nov 2026 07:13:02 GMT"
    let sts = try LoopbackServer { _, _ in .text(200, ok.replacing("2026-11-23T07:13:02Z", with: " \(form)\n")) }
    #expect(try role(sts.url).resolve().credentials.expiration == testTime + 3600)
    let keys = CredentialServiceTests.keys.replacing("2026-11-23T07:00:00Z", with: form)
    let container = try LoopbackServer { _, _ in .text(200, keys) }
    let variables = ["AWS_CONTAINER_CREDENTIALS_FULL_URI": "\(container.url)/c"]
    #expect(try context(variables).resolve().credentials.expiration == testTime + 3600)
    let metadata = try LoopbackServer { _, number in number < 2 ? .text(200, "x") : .text(200, keys) }
    #expect(try instance(metadata.url).resolve().credentials.expiration == testTime + 3600)
    let center = try LoopbackServer { _, _ in .text(200, CredentialServiceTests.roleCredentials) }
    _ = try sso(center.url, expires: form).resolve()
    #expect(center.requests.count == 1, "the login is good for an hour")
    let environment = [
      "AWS_ACCESS_KEY_ID": "AKIA", "AWS_SECRET_ACCESS_KEY": "s", "AWS_CREDENTIAL_EXPIRATION": form,
    ]
    #expect(try context(environment).resolve().credentials.expiration == testTime + 3600)
    // A registration that may have expired renews nothing.
    let renewing = try LoopbackServer { request, _ in
      request.target == "/token"
        ? .text(200, #"{"accessToken":"new","expiresIn":3600,"refreshToken":"rt2"}"#)
        : .text(200, CredentialServiceTests.roleCredentials)
    }
    let context = sso(renewing.url, expires: "2026-11-23T06:00:00Z")
    home.write(
      CredentialServiceTests.tokenFile,
      (home.read(CredentialServiceTests.tokenFile) ?? "").replacing("2027-01-01T00:00:00Z", with: "20270101T000000Z"))
    #expect(try context.resolve(replacing: .apiKey(Secret("other"))).source.contains("Identity Center"))
  }

  @Test("A container service that is gone is a connection error")
  func aContainerServiceThatIsGone() throws {
    #expect(
      try failure { try context(["AWS_CONTAINER_CREDENTIALS_FULL_URI": "\(deadURL())/c"]).resolve() }.code
        == .connection)
  }

  // MARK: Instance metadata

  /// - Parameter seconds: how long an answer may take; nil for the second that is usual, and too short for a busy
  ///   machine
  private func instance(_ url: String, seconds: String? = "30") -> AWSContext {
    var variables = ["AWS_EC2_METADATA_DISABLED": "false", "AWS_EC2_METADATA_SERVICE_ENDPOINT": url]
    variables["AWS_METADATA_SERVICE_TIMEOUT"] = seconds
    return context(variables)
  }

  @Test("Instance metadata is requested with a session token")
  func instanceMetadataIsAskedWithAToken() throws {
    let server = try LoopbackServer { request, _ in
      switch request.target {
      case "/latest/api/token": .text(200, "a-token")
      case "/latest/meta-data/iam/security-credentials/": .text(200, "my-role\n")
      case "/latest/meta-data/iam/security-credentials/my-role": .text(200, CredentialServiceTests.keys)
      default: .text(404, "")
      }
    }
    let credentials = try instance(server.url).resolve().credentials
    guard case .accessKey(let key) = credentials else {
      Issue.record("these are not an access key")
      return
    }
    #expect(key.id == "ASIAECS")
    #expect(server.requests.map(\.method) == ["PUT", "GET", "GET"])
    #expect(server.requests[0].headers["x-aws-ec2-metadata-token-ttl-seconds"] == "21600")
    #expect(server.requests.dropFirst().allSatisfy { $0.headers["x-aws-ec2-metadata-token"] == "a-token" })
  }

  @Test("Old credentials of an instance are used for as long as AWS takes them")
  func oldInstanceCredentials() throws {
    let old = CredentialServiceTests.keys.replacing("2026", with: "2025")
    let server = try LoopbackServer { _, number in number < 2 ? .text(200, "x") : .text(200, old) }
    let credentials = try instance(server.url).resolve().credentials
    #expect(credentials.expiration == nil)
    guard case .accessKey(let key) = credentials else {
      Issue.record("these are not an access key")
      return
    }
    #expect(key.id == "ASIAECS")
  }

  @Test(
    "A metadata service that refuses a token is not used",
    arguments: [403, 404, 405, 400, 429, 500, 503])
  func whatGivesNoTokenIsNoInstance(status: Int) throws {
    let server = try LoopbackServer { _, _ in .text(status, "<html>") }
    #expect(try failure { try instance(server.url).resolve() }.code == .noCredentials)
    #expect(server.requests.count == 1)
  }

  @Test(
    "A metadata service that a profile names is told to be down if it says so",
    arguments: [(429, .throttled), (503, .unavailable), (404, .credentialsFailed)] as [(Int, FailureCode)])
  func namedInstance(status: Int, code: FailureCode) throws {
    home.write(
      ".aws/config", "[profile i]\nrole_arn = arn:role\ncredential_source = Ec2InstanceMetadata\nregion = us-east-1\n")
    let server = try LoopbackServer { _, _ in .text(status, "") }
    var context = instance(server.url)
    context.profile = Preference(option: Sourced("i", from: .option("--profile")))
    let failure = try failure { try context.resolve() }
    #expect(failure.code == code && (failure.names("instance metadata") || status == 404), "\(failure)")
  }

  @Test("An instance without a role has no credentials")
  func anInstanceWithoutARole() throws {
    let server = try LoopbackServer { request, _ in request.method == "PUT" ? .text(200, "t") : .text(404, "") }
    #expect(try failure { try instance(server.url).resolve() }.code == .noCredentials)
  }

  @Test(
    "An instance whose service is busy or down is not one without a role", arguments: [1, 2],
    [
      (429, FailureCode.throttled), (502, .unavailable), (503, .unavailable), (504, .unavailable),
      (500, .credentialsFailed),
    ])
  func anInstanceWhoseServiceIsDown(request: Int, answer: (Int, FailureCode)) throws {
    let (status, code) = answer
    let server = try LoopbackServer { _, number in
      number < request ? .text(200, number == 0 ? "t" : "role") : .text(status, "")
    }
    let failure = try failure { try instance(server.url).resolve() }
    #expect(failure.code == code)
    #expect(failure.names("\(status)") && failure.advice != nil)
    #expect(server.requests.count == request + 1)
  }

  @Test(
    "An instance whose role fails is an error",
    arguments: [(200, #"{"Code":"AssumeRoleUnauthorizedAccess","Message":"no"}"#), (200, "<html>"), (500, "")])
  func anInstanceWhoseRoleFails(status: Int, body: String) throws {
    let server = try LoopbackServer { request, number in
      number == 0 ? .text(200, "t") : number == 1 ? .text(200, "role") : .text(status, body)
    }
    #expect(try failure { try instance(server.url).resolve() }.code == .credentialsFailed)
  }

  @Test("Instance metadata that does not answer costs at most a second")
  func silentInstanceMetadataCostsASecondAtMost() throws {
    let server = try LoopbackServer { _, _ in .silence(milliseconds: 20_000) }
    let start = ContinuousClock.now
    #expect(try failure { try instance(server.url, seconds: nil).resolve() }.code == .noCredentials)
    #expect(start.duration(to: .now) < .seconds(15))
  }

  // MARK: Cancellation

  @Test("A signal ends the wait for a service")
  func aSignalEndsTheWaitForAService() throws {
    let server = try LoopbackServer { _, _ in .silence(milliseconds: 20_000) }
    var context = role(server.url)
    context.cancellation = cancellation(afterMilliseconds: 100)
    let start = ContinuousClock.now
    #expect(try failure { try context.resolve() }.signal == 2)
    #expect(start.duration(to: .now) < .seconds(15))
  }
}
