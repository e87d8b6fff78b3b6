import Foundation
import Synchronization
import TestSupport
import Testing

@testable import MosaicAICore

import Platform

/// What several processes renew at once: one of them does, and the others find it.
@Suite struct RenewalTests {
  private let home = TemporaryHome()
  private static let tokenFile = ".aws/sso/cache/\(hexadecimal(sha1("corp"))).json"
  private static let roleFile =
    ".aws/cli/cache/\(hexadecimal(sha1(#"{"accountId":"1","roleName":"Reader","sessionName":"corp"}"#))).json"

  init() {
    home.write(
      ".aws/config",
      """
      [profile s]
      sso_session = corp
      sso_account_id = 1
      sso_role_name = Reader
      max_attempts = 1
      [sso-session corp]
      sso_region = eu-west-1
      sso_start_url = https://x/start
      [profile r]
      role_arn = arn:aws:iam::1:role/x
      source_profile = b
      [profile y]
      role_arn = arn:aws:iam::1:role/y
      source_profile = r
      [profile m]
      role_arn = arn:aws:iam::1:role/m
      mfa_serial = arn:aws:iam::1:mfa/me
      source_profile = b
      [profile b]
      aws_access_key_id = AKIAB
      aws_secret_access_key = secret
      """)
  }

  private static func token(_ access: String, refresh: String = "rt1", expires: String) -> String {
    #"{"accessToken":"\#(access)","expiresAt":"\#(expires)","clientId":"c","clientSecret":"cs","#
      + #""refreshToken":"\#(refresh)","registrationExpiresAt":"2027-01-01T00:00:00Z"}"#
  }

  /// Tokens that work by now, that are about to expire, and that have expired.
  private static let (good, ending, over) = ("2026-11-23T08:00:00Z", "2026-11-23T06:20:00Z", "2026-11-23T06:00:00Z")

  private static let renewed = ScriptedTransport.Answer.error(
    200, [], #"{"accessToken":"new","expiresIn":28800,"refreshToken":"rt2"}"#)
  private static let refusal = ScriptedTransport.Answer.error(400, [], #"{"error":"invalid_grant"}"#)
  private static let unauthorized = ScriptedTransport.Answer.error(401, [], #"{"message":"not valid"}"#)
  private static let keys = ScriptedTransport.Answer.error(
    200, [],
    #"""
    {"roleCredentials":{"accessKeyId":"ASIASSO","secretAccessKey":"s","sessionToken":"t","expiration":1795417982000}}
    """#
  )

  private static func kept(_ id: String) -> String {
    #"""
    {"Credentials":{"AccessKeyId":"\#(id)","SecretAccessKey":"s","SessionToken":"t",\#
    "Expiration":"2026-11-23T09:00:00Z"}}
    """#
  }

  /// The access token of each request for a role's credentials.
  private func tokens(_ transport: ScriptedTransport) -> [String] {
    transport.requests.compactMap { request in
      request.headers.first { $0.name == "x-amz-sso_bearer_token" }?.value
    }
  }

  private func id(_ context: AWSContext, replacing refused: Credentials? = nil) throws -> String {
    guard case .accessKey(let key) = try context.resolve(replacing: refused).credentials else { return "" }
    return key.id
  }

  // MARK: The login

  @Test(
    "Of eight who find the login expired, or about to, one renews it, and all go on", arguments: [over, ending],
    [true, false])
  func crowd(expires: String, canLock: Bool) async throws {
    home.write(RenewalTests.tokenFile, RenewalTests.token("old", expires: expires))
    if !canLock {
      for folder in [".aws/sso/cache", ".aws/cli/cache"] { home.write("\(folder)/mosaic-ai.lock/in-the-way", "") }
    }
    let service = OneTimeTokens()
    let context = home.context(profile: "s", transport: service)
    let crowd = (0..<8).map { _ in
      let outcome = Awaited<Result<String, any Error>>()
      Thread.detachNewThread { outcome.set(Result { try id(context) }) }
      return outcome
    }
    for one in crowd { #expect(try await #require(one.wait(60)).get() == "ASIASSO") }
    if canLock {
      #expect(service.renewals == 1)
      #expect(service.exchanged == ["access-1"], "what one has fetched, the others find")
    } else if expires == RenewalTests.over {
      #expect(service.exchanged == Array(repeating: "access-1", count: 8))
    }
    #expect(home.read(RenewalTests.tokenFile)?.contains("refresh-1") == true)
  }

  @Test("Where nothing can be locked, a login that another has renewed is found in the cache", arguments: [0, 300])
  func withoutLock(milliseconds: UInt32) throws {
    home.write("\(RenewalTests.folder)/mosaic-ai.lock/in-the-way", "")
    home.write(RenewalTests.tokenFile, RenewalTests.token("old", expires: RenewalTests.over))
    var refused = RenewalTests.refusal
    refused.before = { [home] in
      Thread.detachNewThread {
        usleep(milliseconds * 1000)
        home.write(RenewalTests.tokenFile, RenewalTests.token("theirs", expires: RenewalTests.good))
      }
      if milliseconds == 0 { usleep(50_000) }
    }
    let transport = ScriptedTransport([refused, RenewalTests.keys])
    #expect(try id(home.context(profile: "s", transport: transport)) == "ASIASSO")
    #expect(tokens(transport) == ["theirs"])
  }

  private static let folder = ".aws/sso/cache"

  @Test("A login that someone has renewed meanwhile makes up for a service that is gone or answers nonsense")
  func failing() throws {
    for answer in [.failing(.refused), .error(200, [], "<html>"), .error(500)] as [ScriptedTransport.Answer] {
      home.write(RenewalTests.tokenFile, RenewalTests.token("old", expires: RenewalTests.over))
      home.write(RenewalTests.roleFile, "{}")
      var answer = answer
      answer.before = { [home] in
        home.write(RenewalTests.tokenFile, RenewalTests.token("theirs", expires: RenewalTests.good))
      }
      let transport = ScriptedTransport([answer, RenewalTests.keys])
      #expect(try id(home.context(profile: "s", transport: transport)) == "ASIASSO")
      #expect(tokens(transport) == ["theirs"])
    }
  }

  @Test("Whoever has waited for another's renewal uses what that one has kept")
  func waits() throws {
    home.write(RenewalTests.tokenFile, RenewalTests.token("old", expires: RenewalTests.over))
    let holder = try LockHolder("\(home.path)/\(RenewalTests.folder)")
    Thread.detachNewThread { [home] in
      usleep(200_000)
      home.write(RenewalTests.tokenFile, RenewalTests.token("theirs", expires: RenewalTests.good))
      holder.release()
    }
    let transport = ScriptedTransport([RenewalTests.keys])
    #expect(try id(home.context(profile: "s", transport: transport)) == "ASIASSO")
    #expect(tokens(transport) == ["theirs"])
  }

  @Test("Nobody waits forever for another's renewal, and a signal ends the wait")
  func patience() throws {
    home.write(RenewalTests.tokenFile, RenewalTests.token("old", expires: RenewalTests.over))
    let holder = try LockHolder("\(home.path)/\(RenewalTests.folder)")
    defer { holder.release() }
    let transport = ScriptedTransport([RenewalTests.renewed, RenewalTests.keys])
    var context = home.context(profile: "s", transport: transport)
    context.renewalPatience = .milliseconds(50)
    #expect(try id(context) == "ASIASSO")
    #expect(tokens(transport) == ["new"])
    home.write(RenewalTests.tokenFile, RenewalTests.token("old", expires: RenewalTests.over))
    home.write(RenewalTests.roleFile, "{}")
    context.renewalPatience = .seconds(600)
    context.transport = ScriptedTransport.unused
    context.cancellation = cancellation(afterMilliseconds: 50)
    #expect(try failure { try context.resolve() }.signal == SIGINT)
  }

  @Test("A login that is refused is looked for in the cache again before it counts as expired")
  func refusedLogin() throws {
    home.write(RenewalTests.tokenFile, RenewalTests.token("old", expires: RenewalTests.good))
    var refused = RenewalTests.unauthorized
    refused.before = { [home] in
      home.write(RenewalTests.tokenFile, RenewalTests.token("theirs", expires: RenewalTests.good))
    }
    let transport = ScriptedTransport([refused, RenewalTests.keys])
    #expect(try id(home.context(profile: "s", transport: transport)) == "ASIASSO")
    #expect(tokens(transport) == ["old", "theirs"])
    for (other, expires) in [("theirs", RenewalTests.good), ("older", RenewalTests.over)] {
      home.write(RenewalTests.roleFile, "{}")
      home.write(RenewalTests.tokenFile, RenewalTests.token("theirs", expires: RenewalTests.good))
      var refused = RenewalTests.unauthorized
      refused.before = { [home] in home.write(RenewalTests.tokenFile, RenewalTests.token(other, expires: expires)) }
      let still = ScriptedTransport([refused])
      #expect(
        try failure { try home.context(profile: "s", transport: still).resolve() }.code == .credentialsExpired,
        "\(other)")
    }
  }

  @Test("A login file that is empty for a moment is looked at again")
  func emptyFile() throws {
    home.write(RenewalTests.tokenFile, "")
    Thread.detachNewThread { [home] in
      usleep(30_000)
      home.write(RenewalTests.tokenFile, RenewalTests.token("theirs", expires: RenewalTests.good))
    }
    let transport = ScriptedTransport([RenewalTests.keys])
    #expect(try id(home.context(profile: "s", transport: transport)) == "ASIASSO")
  }

  // MARK: Roles

  @Test("Credentials that were refused are replaced by those that another process has fetched, without a request")
  func replaced() throws {
    let role = ".aws/cli/cache/\(RoleParameters(roleARN: "arn:aws:iam::1:role/x").cacheKey).json"
    for (profile, file) in [("s", RenewalTests.roleFile), ("r", role)] {
      home.write(file, RenewalTests.kept("ASIAOLD"))
      let context = home.context(profile: profile)
      let refused = try context.resolve().credentials
      home.write(file, RenewalTests.kept("ASIANEW"))
      #expect(try id(context, replacing: refused) == "ASIANEW")
    }
  }

  @Test("The credentials that assume a role are fetched again if the role's credentials were refused")
  func chain() throws {
    func file(_ role: String) -> String {
      ".aws/cli/cache/\(RoleParameters(roleARN: "arn:aws:iam::1:role/\(role)").cacheKey).json"
    }
    home.write(file("x"), RenewalTests.kept("ASIAX"))
    home.write(file("y"), RenewalTests.kept("ASIAY"))
    func answer(_ id: String) -> ScriptedTransport.Answer {
      .error(
        200, [],
        "<A><Credentials><AccessKeyId>\(id)</AccessKeyId><SecretAccessKey>s</SecretAccessKey>"
          + "<SessionToken>t</SessionToken><Expiration>2026-11-23T10:00:00Z</Expiration></Credentials></A>")
    }
    let refused = try home.context(profile: "y").resolve().credentials
    let transport = ScriptedTransport([answer("ASIAX2"), answer("ASIAY2")])
    #expect(try id(home.context(profile: "y", transport: transport), replacing: refused) == "ASIAY2")
    let signers = transport.requests.map { request in
      ["AKIAB", "ASIAX2", "ASIAX"].first { id in
        request.headers.contains { $0.name == "Authorization" && $0.value.contains("Credential=\(id)/") }
      }
    }
    #expect(signers == ["AKIAB", "ASIAX2"])
  }

  @Test("A one-time code that another process has used first is not an error, and nobody waits for who types one")
  func oneTimeCode() throws {
    let parameters = RoleParameters(roleARN: "arn:aws:iam::1:role/m", mfaSerial: "arn:aws:iam::1:mfa/me")
    let role = ".aws/cli/cache/\(parameters.cacheKey).json"
    let holder = try LockHolder("\(home.path)/.aws/cli/cache")
    defer { holder.release() }
    var refused = ScriptedTransport.Answer.error(
      403, [], "<ErrorResponse><Error><Code>AccessDenied</Code><Message>used</Message></Error></ErrorResponse>")
    refused.before = { [home] in home.write(role, RenewalTests.kept("ASIATHEIRS")) }
    var context = home.context(profile: "m", transport: ScriptedTransport([refused]))
    context.askCode = { _ in Secret("123456") }
    context.renewalPatience = .seconds(600)
    #expect(try id(context) == "ASIATHEIRS")
  }
}

/// Another process that renews: it locks all of a folder's lock file.
private final class LockHolder: Sendable {
  private let descriptor: Mutex<Int32>

  init(_ folder: String) throws {
    try LocalFile(folder).makeFolder()
    let descriptor = open("\(folder)/mosaic-ai.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    var range = flock()
    range.l_type = Int16(F_WRLCK)
    let command: Int32 = 37  // F_OFD_SETLK
    guard descriptor >= 0, fcntl(descriptor, command, &range) == 0 else { throw Complaint("no lock") }
    self.descriptor = Mutex(descriptor)
  }

  func release() {
    descriptor.withLock { descriptor in
      if descriptor >= 0 { close(descriptor) }
      descriptor = -1
    }
  }
}

/// IAM Identity Center, whose refresh tokens work once.
private final class OneTimeTokens: HTTPTransport {
  private struct State {
    var refreshToken = "rt1"
    var renewals = 0
    var accepted = 0
    var exchanged: [String] = []
  }

  private let state = Mutex(State())

  var renewals: Int { state.withLock { $0.renewals } }
  /// The access tokens that came for a role's credentials.
  var exchanged: [String] { state.withLock { $0.exchanged } }

  func send(
    _ request: HTTPRequest, timeouts: HTTPTimeouts, cancellation: Cancellation, to receiver: any HTTPResponseReceiver
  ) throws {
    let (status, body) = state.withLock { answer(request, &$0) }
    // The network takes its time, in which the others ask too.
    usleep(100_000)
    try receiver.receive(head: HTTPResponseHead(status: status))
    try Array(body.utf8).withUnsafeBytes { try receiver.receive(body: $0) }
  }

  private func answer(_ request: HTTPRequest, _ state: inout State) -> (Int, String) {
    guard request.url.hasSuffix("/token") else {
      state.exchanged.append(request.headers.first { $0.name == "x-amz-sso_bearer_token" }?.value ?? "")
      let key = #""accessKeyId":"ASIASSO","secretAccessKey":"s","sessionToken":"t","expiration":1795417982000"#
      return (200, "{\"roleCredentials\":{\(key)}}")
    }
    state.renewals += 1
    guard strings(request.body)?["refreshToken"] == state.refreshToken else {
      return (400, #"{"error":"invalid_grant"}"#)
    }
    state.accepted += 1
    state.refreshToken = "refresh-\(state.accepted)"
    let token = #""accessToken":"access-\#(state.accepted)","expiresIn":28800"#
    return (200, "{\(token),\"refreshToken\":\"\(state.refreshToken)\"}")
  }
}
