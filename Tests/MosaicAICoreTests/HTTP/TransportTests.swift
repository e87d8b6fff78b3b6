import TestSupport
import Testing

@testable import MosaicAICore

/// What only a real connection shows.
@Suite struct TransportTests {
  private func configuration(_ variables: [String: String]) -> TransportConfiguration {
    TransportConfiguration(
      userAgent: "test", variables: variables,
      certificates: Certificates(bundle: nil, variables: variables, system: .standard))
  }

  private func answer(
    _ server: LoopbackServer, idle: Duration = .seconds(30), variables: [String: String] = [:],
    _ change: (inout HTTPRequest) -> Void = { _ in }
  ) throws -> HTTPResponse {
    var request = HTTPRequest(method: "GET", url: "\(server.url)/")
    change(&request)
    return try CurlTransport(configuration(variables))
      .collect(request, timeouts: HTTPTimeouts(idle: idle), cancellation: .never)
  }

  @Test("Every byte restarts the idle timeout, even within the status line, a header or the framing")
  func slowBytes() throws {
    let text =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n0000000000000003\r\nabc\r\n0\r\n\r\n"
    let server = try LoopbackServer { _, _ in .slow(text, milliseconds: 12) }
    #expect(try answer(server, idle: .milliseconds(250)).body == Array("abc".utf8))
  }

  @Test("An idle timeout reports how long it waited, with fractions of a second")
  func silence() throws {
    let server = try LoopbackServer { _, _ in .silence(milliseconds: 2000) }
    let error = #expect(throws: TransportError.self) { try answer(server, idle: .milliseconds(300)) }
    #expect(error?.kind == .idleTimeout)
    #expect(error?.detail.contains("0.3 s") == true)
  }

  @Test("White space around a header's value is not part of it (RFC 9110 §5.5)")
  func headerWhiteSpace() throws {
    let server = try LoopbackServer { _, _ in
      .raw("HTTP/1.1 429 No\r\nRetry-After: \t30 \t\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
    }
    #expect(try answer(server).head["Retry-After"] == "30")
  }

  @Test("A folded header is one (RFC 9112 §5.2)")
  func foldedHeader() throws {
    let server = try LoopbackServer { _, _ in
      .raw(
        "HTTP/1.1 429 No\r\nRetry-After:\r\n 30\r\nX: a\r\n\t b: c \r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
    }
    let head = try answer(server).head
    #expect(head["Retry-After"] == "30")
    #expect(head["X"] == "a b: c")
  }

  @Test("A 407 is a proxy's, whoever was asked")
  func proxyLogin() throws {
    let server = try LoopbackServer { _, _ in .text(407, "login") }
    for variables in [[:], ["http_proxy": server.url]] {
      let error = #expect(throws: TransportError.self) { try answer(server, variables: variables) }
      #expect(error?.kind == .proxyAuthentication && (error?.proxy == nil) == variables.isEmpty)
    }
  }

  @Test(
    "Why a certificate is not trusted is read from OpenSSL's codes and from GnuTLS's bits",
    arguments: [
      (2, false, "authority"), (18, false, "authority"), (19, false, "authority"), (20, false, "authority"),
      (21, false, "authority"), (27, false, "authority"), (9, false, "date"), (10, false, "date"), (0, false, "name"),
      (1, false, "name"), (62, false, "name"), (64, false, "name"), (66, false, "certificate"),
      (66, true, "authority"), (1090, true, "authority"), (130, true, "authority"), (514, true, "date"),
      (1026, true, "date"), (0, true, "name"), (16_386, true, "name"), (2, true, "certificate"),
    ])
  func distrust(verification: Int, isGnuTLS: Bool, expected: String) {
    let bundle = Sourced("/own.pem", from: .variable("AWS_CA_BUNDLE"))
    let certificates = Certificates(bundle: bundle, variables: [:], system: .standard)
    let name =
      switch Distrust(verification: verification, isGnuTLS: isGnuTLS, certificates) {
      case .authority(let setting): setting == bundle ? "authority" : "authority of another setting"
      case .date: "date"
      case .name: "name"
      case .certificate: "certificate"
      case .damage: "damage"
      case .handshake: "handshake"
      }
    #expect(name == expected)
  }

  @Test("A request that may not use a proxy goes directly, whatever the variables say")
  func directly() throws {
    let server = try LoopbackServer { _, _ in .text(200, "direct") }
    let proxy = try LoopbackServer { _, _ in .text(200, "by proxy") }
    let variables = ["http_proxy": proxy.url]
    #expect(try answer(server, variables: variables).body == Array("by proxy".utf8))
    #expect(
      try answer(server, variables: variables) { $0.url = "HTTP\($0.url.dropFirst(4))" }.body == Array("by proxy".utf8))
    #expect(try answer(server, variables: variables) { $0.mayUseProxy = false }.body == Array("direct".utf8))
  }

  @Test("No proxy sees a container's token or what instance metadata returns")
  func localServices() throws {
    let home = TemporaryHome()
    let key =
      #"{"Code":"Success","AccessKeyId":"AKID","SecretAccessKey":"s","Token":"t","Expiration":"2030-01-31T12:00:00Z"}"#
    let server = try LoopbackServer { request, _ in .text(200, request.target.hasSuffix("/role") ? key : "role") }
    let proxy = try LoopbackServer { _, _ in .text(200, key) }
    let transport = CurlTransport(configuration(["http_proxy": proxy.url]))
    for variables in [
      ["AWS_CONTAINER_CREDENTIALS_FULL_URI": "\(server.url)/role", "AWS_CONTAINER_AUTHORIZATION_TOKEN": "a-token"],
      ["AWS_EC2_METADATA_DISABLED": "false", "AWS_EC2_METADATA_SERVICE_ENDPOINT": server.url],
    ] {
      _ = try home.context(variables, transport: transport).resolve()
    }
    #expect(server.requests.count == 4)
    #expect(proxy.requests.isEmpty)
  }

  @Test(
    "A key or a token that would start another header is refused, and so is a secret with a line break",
    arguments: ["t\r\nX-Evil: 1", "t\n", "t\u{0}", "t\r"])
  func injection(text: String) throws {
    let home = TemporaryHome()
    for variables in [
      ["AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "s", "AWS_SESSION_TOKEN": text],
      ["AWS_ACCESS_KEY_ID": text, "AWS_SECRET_ACCESS_KEY": "s"],
      ["AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": text],
    ] {
      let failure = try failure { try home.context(variables).resolve() }
      #expect(failure.code == .credentialsFailed)
      #expect(failure.message.contains("AWS_ACCESS_KEY_ID"))
      #expect(!failure.message.contains(text))
    }
  }
}
