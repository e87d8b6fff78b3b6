import MosaicAICore
import Testing

@testable import BedrockSimulator

import Platform

/// From a request's bytes to what is decided about it, and back over a socket.
struct SimulatorTests {
  private let now = Timestamp(milliseconds: 1_795_414_382_123)

  private func simulator(verifies: Bool = true) -> Simulator {
    Simulator(
      settings: SimulatorSettings(
        credentials: AcceptedCredentials(
          accessKeyID: "AKIDSIMULATOR", secretAccessKey: Secret("simulator-secret"), sessionToken: nil,
          apiKey: Secret("key"), region: nil),
        verifiesCredentials: verifies, chunkDelay: 0))
  }

  private func request(
    _ model: String, method: String = "POST", key: String? = "key",
    body: String = #"{"messages":[{"role":"user","content":[{"text":"Hi"}]}]}"#
  ) -> ReceivedRequest {
    ReceivedRequest(
      method: method, target: "/model/\(model)/converse-stream",
      headers: key.map { [("Authorization", "Bearer \($0)")] } ?? [],
      body: Array(body.utf8))
  }

  @Test("Attempts are counted by model ID, and only those that the model answers")
  func countsAttempts() {
    let simulator = simulator()
    let first = simulator.decide(request("simulator.throttle-1%3Aa"), at: now)
    #expect(first.attempt == 1 && first.answer.status == 429)
    #expect(first.modelID == "simulator.throttle-1:a" && first.scenario == "throttle-1")
    #expect(simulator.decide(request("simulator.throttle-1%3Aa", key: "wrong"), at: now).attempt == nil)
    #expect(simulator.decide(request("simulator.throttle-1%3Aa", body: "{}"), at: now).attempt == nil)
    #expect(simulator.decide(request("simulator.throttle-1%3Ab"), at: now).attempt == 1)
    let second = simulator.decide(request("simulator.throttle-1%3Aa"), at: now)
    #expect(second.attempt == 2 && second.answer.status == 200)
  }

  @Test("An outage begins with the request after COUNT, and lasts as long as it says")
  func outage() {
    let simulator = simulator()
    func status(_ seconds: Int64) -> Int {
      simulator.decide(request("simulator.outage-2-10"), at: now + seconds).answer.status
    }
    #expect([0, 100, 200, 201, 209, 210, 300].map(status) == [200, 200, 503, 503, 503, 200, 200])
  }

  @Test("The caller is checked before the request")
  func checksCallerFirst() {
    let simulator = simulator()
    for model in ["us.anthropic.claude-x", "nobody", "simulator.nope", "simulator.http-500"] {
      #expect(
        simulator.decide(request(model, key: nil), at: now).answer.verdict == "MissingAuthenticationTokenException")
    }
    #expect(simulator.decide(request("nobody", key: "key"), at: now).answer.verdict == "ValidationException")
  }

  @Test("Without verification, anybody may ask")
  func skipsVerification() {
    #expect(simulator(verifies: false).decide(request("simulator.echo", key: nil), at: now).answer.text == "Hi")
  }

  @Test("Another path or method is an unknown operation")
  func refusesOtherPaths() {
    let simulator = simulator()
    #expect(simulator.decide(request("simulator.echo", method: "GET"), at: now).answer.status == 404)
    for target in [
      "/model/simulator.echo/invoke", "/model/a/b/converse-stream", "/foundation-models", "//converse-stream",
    ] {
      let answer = simulator.decide(ReceivedRequest(method: "POST", target: target, headers: [], body: []), at: now)
        .answer
      #expect(answer.status == 404)
      #expect(answer.verdict == "UnknownOperationException")
    }
  }

  @Test(
    "Anybody may ask for the health",
    arguments: ["/", "/health", "/health?x=1"])
  func answersHealthChecks(target: String) {
    let answer = simulator().decide(ReceivedRequest(method: "GET", target: target, headers: [], body: []), at: now)
      .answer
    #expect(answer.status == 200)
    #expect((try? JSON(parsing: answer.body)) != nil)
  }

  @Test("A scenario moves the server's clock")
  func movesClock() throws {
    #expect(simulator().decide(request("simulator.stale-clock-600"), at: now).clockOffset == 600)
    #expect(simulator().decide(request("simulator.early-clock-600"), at: now).clockOffset == -600)
    #expect(now.httpDate == "Mon, 23 Nov 2026 06:13:02 GMT")
    #expect(Timestamp(httpDate: now.httpDate)?.milliseconds == 1_795_414_382_000)
  }

  @Test("The log holds no secret")
  func logsNoSecrets() throws {
    var secret = request("simulator.echo")
    secret = ReceivedRequest(
      method: secret.method, target: secret.target,
      headers: [
        ("Authorization", "AWS4-HMAC-SHA256 Credential=SECRET"), ("X-Amz-Security-Token", "SECRET"), ("Accept", "x"),
      ],
      body: secret.body)
    let decision = simulator(verifies: false).decide(secret, at: now)
    let line = RequestLog.Entry(secret, decision, receivedAt: now, from: 50_000).json.compact
    #expect(!line.contains("SECRET"))
    let entry = try JSON(parsing: line.utf8)
    #expect(
      entry["headers"] == ["accept": "x", "authorization": "AWS4-HMAC-SHA256 …", "x-amz-security-token": "…"])
    #expect(entry["model_id"] == .string("simulator.echo"))
    #expect(entry["scenario"] == .string("echo"))
    #expect(entry["attempt"] == .integer(1))
    #expect(entry["status"] == .integer(200))
    #expect(entry["verdict"] == .string("ok"))
    #expect(entry["received_at"] == .integer(1_795_414_382_123))
    #expect(entry["client_port"] == .integer(50_000))
    #expect(entry["body"]?["messages"]?.elements?.count == 1)
  }
}

/// Requests are read however they come, and answers are framed as they say.
struct ConnectionTests {
  /// Two ends of one connection.
  private func pair() throws -> (client: Int32, server: Int32) {
    var ends: [Int32] = [0, 0]
    #if canImport(Glibc)
      let made = socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends)
    #else
      let made = socketpair(AF_UNIX, SOCK_STREAM, 0, &ends)
    #endif
    try #require(made == 0)
    return (ends[0], ends[1])
  }

  private func write(_ text: String, to descriptor: Int32, slice: Int = .max) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let piece = Array(rest.prefix(slice))
      _ = send(descriptor, piece, piece.count, 0)
      rest = rest.dropFirst(piece.count)
    }
  }

  private func everything(from descriptor: Int32) -> String {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while case let count = recv(descriptor, &buffer, buffer.count, 0), count > 0 { bytes += buffer.prefix(count) }
    close(descriptor)
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test(
    "A request is read in slices of any size, and so is the next one",
    arguments: [1, 2, 3, 7, 1000])
  func readsSlices(slice: Int) throws {
    let (client, server) = try pair()
    var connection = Connection(accepted: server)
    let requests =
      """
      POST /model/a%3Ab/converse-stream?x HTTP/1.1\r\nHost: h\r\nX-Two:  a \r\nX-Two: b\r\nContent-Length: 5\r\n\r\n\
      hello
      """
      + "POST /c HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nTrailer: t\r\n\r\n"
      + "GET / HTTP/1.0\r\n\r\n"
    #expect(
      detachThread {
        write(requests, to: client, slice: slice); close(client)
      })
    let first = try #require(try connection.readRequest())
    #expect(
      first.method == "POST" && first.target == "/model/a%3Ab/converse-stream?x"
        && first.path == "/model/a%3Ab/converse-stream")
    #expect(first["x-two"] == "a,b" && first.body == Array("hello".utf8) && first.keepsAlive)
    #expect(try connection.readRequest()?.body == Array("abcde".utf8))
    #expect(try connection.readRequest()?.keepsAlive == false)
    #expect(try connection.readRequest() == nil)
  }

  @Test(
    "Bytes that are not a request are refused",
    arguments: [
      "nonsense\r\n\r\n", "GET / HTTP/2\r\n\r\n", "GET x HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nno colon\r\n\r\n",
      "POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n", "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
      "POST / HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n",
      "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ])
  func refusesNonsense(text: String) throws {
    let (client, server) = try pair()
    var connection = Connection(accepted: server)
    write(text, to: client)
    close(client)
    do {
      _ = try connection.readRequest()
      Issue.record("accepted")
    } catch is UnreadableRequest {
      // As it should be.
    }
  }

  @Test("A request that is cut off is a lost connection")
  func noticesCutRequests() throws {
    for text in ["POST / HT", "POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nhell"] {
      let (client, server) = try pair()
      var connection = Connection(accepted: server)
      write(text, to: client)
      close(client)
      do {
        _ = try connection.readRequest()
        Issue.record("accepted")
      } catch is ConnectionLost {
        // As it should be.
      }
    }
  }

  private func sent(_ answer: Answer, keepsAlive: Bool = true) throws -> (text: String, staysOpen: Bool) {
    let (client, server) = try pair()
    shutdown(client, Int32(SHUT_WR))
    var staysOpen = false
    do {
      var connection = Connection(accepted: server)
      staysOpen = try connection.send(answer, by: { Timestamp(milliseconds: 0) }, keepsAlive: keepsAlive)
    }
    return (everything(from: client), staysOpen)
  }

  @Test("An answer is framed in chunks, by its length, or by the end of the connection")
  func framesAnswers() throws {
    var answer = Answer(
      headers: [("A", "b")], pieces: [.segment(Array("hello".utf8)), .repeated(Array("ab".utf8), times: 2)])
    var (text, staysOpen) = try sent(answer)
    #expect(
      text.hasPrefix(
        """
        HTTP/1.1 200 OK\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\nA: b\r\nTransfer-Encoding: chunked\r\nConnection: \
        keep-alive\r\n
        """
      ))
    #expect(text.hasSuffix("\r\n\r\n5\r\nhello\r\n2\r\nab\r\n2\r\nab\r\n0\r\n\r\n"))
    #expect(staysOpen)
    answer.framing = .contentLength
    (text, staysOpen) = try sent(answer, keepsAlive: false)
    #expect(text.contains("Content-Length: 9\r\nConnection: close\r\n") && text.hasSuffix("\r\n\r\nhelloabab"))
    #expect(!staysOpen)
    answer.framing = .close
    (text, staysOpen) = try sent(answer)
    #expect(
      text.contains("Connection: close\r\n") && !text.contains("Content-Length") && text.hasSuffix("\r\n\r\nhelloabab"))
    #expect(!staysOpen)
  }

  @Test("A cut leaves out the end of the body, and a cut head the end of the head")
  func cutsAnswers() throws {
    var answer = Answer(pieces: [.segment(Array("hello".utf8))], ending: .close)
    #expect(try sent(answer).text.hasSuffix("\r\n\r\n5\r\nhello\r\n"))
    answer.head = .cut
    answer.pieces = []
    #expect(try !sent(answer).text.contains("\r\n\r\n"))
    #expect(try sent(.silence(.close, verdict: "x")).text.isEmpty)
  }

  @Test("bytewise changes only the segments")
  func sendsBytewise() throws {
    var answer = Answer(pieces: [.segment(Array("hello".utf8))])
    answer.isBytewise = true
    #expect(try sent(answer).text.hasSuffix("\r\n\r\n5\r\nhello\r\n0\r\n\r\n"))
  }
}

/// Where the simulator may listen.
struct LoopbackAddressTests {
  @Test(
    "Loopback addresses are allowed",
    arguments: ["127.0.0.1", "127.3.2.1", "localhost", "::1"])
  func allowsLoopback(host: String) {
    #expect(LoopbackAddress(host) != nil)
  }

  @Test(
    "Other addresses are refused",
    arguments: ["0.0.0.0", "::", "192.168.1.1", "10.0.0.1", "example.org", "", "::ffff:127.0.0.1", "127.1"])
  func refusesOtherAddresses(host: String) {
    #expect(LoopbackAddress(host) == nil)
  }

  @Test("Any free port is used and reported")
  func picksFreePort() throws {
    let address = try #require(LoopbackAddress("127.0.0.1"))
    let (descriptor, port) = try address.listen(port: 0)
    defer { close(descriptor) }
    #expect(port > 0)
    #expect(throws: SimulatorFailure.self) { try address.listen(port: port) }
  }
}
