import Foundation
import Synchronization
import TestSupport
import Testing

/// A login to IAM Identity Center that several commands use at once. Its refresh tokens work once.
@Suite(.crowd, .inGoodTime) struct SharedLoginTests {
  /// The services of IAM Identity Center.
  private final class IdentityCenter: Sendable {
    private let refreshToken = Mutex("refresh-0")
    private let validTokens: Set<String>

    /// - Parameter validTokens: what it takes from whoever is logged in
    init(validTokens: Set<String> = ["new"]) { self.validTokens = validTokens }

    func answer(_ request: LoopbackServer.Request) -> LoopbackServer.Answer {
      guard request.target == "/token" else {
        let key =
          #"""
          "accessKeyId":"AKIDSIMULATOR","secretAccessKey":"simulator-secret","sessionToken":"the-token",\#
          "expiration":4102444800000
          """#
        return validTokens.contains(request.headers["x-amz-sso_bearer_token"] ?? "")
          ? .text(200, "{\"roleCredentials\":{\(key)}}") : .text(401, #"{"message":"not valid"}"#)
      }
      return refreshToken.withLock { token in
        guard request.body.contains("\"\(token)\"") else { return .text(400, #"{"error":"invalid_grant"}"#) }
        token = "refresh-1"
        return .text(200, #"{"accessToken":"new","expiresIn":28800,"refreshToken":"refresh-1"}"#)
      }
    }
  }

  /// SHA-1 of `corp`.
  private static let tokenFile = ".aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json"

  private func home(_ simulator: Simulator) async throws -> Home {
    let home = try await Home.remembering("Rose", .none, simulator: simulator)
    try home.write(
      """
      [default]
      sso_session = corp
      sso_account_id = 1
      sso_role_name = Reader
      [sso-session corp]
      sso_region = eu-west-1
      sso_start_url = https://x/start
      """, to: ".aws/config")
    try keep(loginUntil: "2026-01-01T00:00:00Z", home)
    return home
  }

  private func keep(loginUntil end: String, _ home: Home) throws {
    try home.write(
      #"""
      {"accessToken":"old","expiresAt":"\#(end)","clientId":"c","clientSecret":"cs",\#
      "refreshToken":"refresh-0","registrationExpiresAt":"2099-01-01T00:00:00Z"}
      """#,
      to: SharedLoginTests.tokenFile)
  }

  private func send(_ home: Home, _ server: LoopbackServer) -> Command {
    home.mosaic("send", "--new", "-o", "ndjson", "--model", home.model("normal"), "Hello.")
      .with("AWS_ENDPOINT_URL_SSO", server.url).with("AWS_ENDPOINT_URL_SSO_OIDC", server.url)
  }

  @Test("Eight commands at once, with a login that has expired, are all answered after one renewal")
  func crowd() async throws {
    let home = try await home(try Simulator("--session-token", "the-token"))
    let center = IdentityCenter()
    let server = try LoopbackServer { request, _ in center.answer(request) }
    let running = try (0..<8).map { _ in try send(home, server).start() }
    for one in running {
      let ended = try await one.end()
      #expect(ended.status == 0, "\(ended.errors)")
    }
    #expect(server.requests.filter { $0.target == "/token" }.count == 1)
  }

  @Test("A login that has expired is not answered with another's that has expired too")
  func refused() async throws {
    let home = try await home(try Simulator("--session-token", "the-token"))
    let server = try LoopbackServer { _, _ in .text(400, #"{"error":"invalid_grant"}"#) }
    let ended = try await send(home, server).run()
    #expect(ended.status == 77)
    #expect(try ended.jsonLines().last?["code"].string == "credentials_expired")
    #expect(ended.hint.contains("aws sso login"))
  }

  @Test(
    "A login in a folder that cannot be written is renewed once, and kept with mosaic-ai until someone logs out",
    .enabled(if: Sandbox.isPossible, "no mount namespace can be made here"))
  func readOnly() async throws {
    let home = try await home(try Simulator("--session-token", "the-token"))
    let center = IdentityCenter()
    let server = try LoopbackServer { request, _ in center.answer(request) }
    for _ in 0..<2 {
      let ended = try await Sandbox.readOnly("\(home.path)/.aws", send(home, server)).run()
      #expect(ended.status == 0, "\(ended.errors)")
      // The role's credentials have expired, the login has not.
      for name in try FileManager.default.contentsOfDirectory(atPath: "\(home.path)/.cache/mosaic-ai") {
        let text = String(decoding: home.folder.contents(".cache/mosaic-ai/\(name)") ?? Data(), as: UTF8.self)
        try home.write(text.replacing("2100-01-01", with: "2026-01-01"), to: ".cache/mosaic-ai/\(name)")
      }
    }
    #expect(server.requests.map(\.target).filter { $0 == "/token" }.count == 1)
    try FileManager.default.removeItem(atPath: "\(home.path)/\(SharedLoginTests.tokenFile)")
    let ended = try await send(home, server).run()
    #expect(ended.status == 77, "whoever has logged out is logged out")
  }

  @Test(
    "A login that goes on for a while is renewed only where the new one can be kept",
    .enabled(if: Sandbox.isPossible, "no mount namespace can be made here"), arguments: [true, false])
  func unkept(canBeKept: Bool) async throws {
    let home = try await home(try Simulator("--session-token", "the-token"))
    try keep(loginUntil: Date.now.addingTimeInterval(300).ISO8601Format(), home)
    let center = IdentityCenter(validTokens: ["old", "new"])
    let server = try LoopbackServer { request, _ in center.answer(request) }
    let command = send(home, server).with("XDG_CACHE_HOME", "/proc/none")
    for _ in 0..<2 {
      let ended = try await (canBeKept ? command : Sandbox.readOnly("\(home.path)/.aws", command)).run()
      #expect(ended.status == 0, "\(ended.errors)")
    }
    #expect(server.requests.filter { $0.target == "/token" }.count == (canBeKept ? 1 : 0))
  }
}
