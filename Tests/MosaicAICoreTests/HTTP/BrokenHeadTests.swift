import TestSupport
import Testing

@testable import MosaicAICore

/// Answers that end before they have begun.
@Suite struct BrokenHeadTests {
  private func error(_ answer: String) throws -> TransportError {
    let server = try LoopbackServer { _, _ in .raw(answer) }
    let request = HTTPRequest(method: "POST", url: "\(server.url)/", body: Array("{}".utf8))
    let transport = CurlTransport(TransportConfiguration(userAgent: "test"))
    return try #require(throws: TransportError.self) {
      try transport.collect(request, timeouts: HTTPTimeouts(), cancellation: .never)
    }
  }

  @Test(
    "A connection that is cut in the head of an answer is lost, wherever it is cut",
    arguments: [
      "", "HTT", "HTTP/1.1 20", "HTTP/1.1 200 OK", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Ty",
      "HTTP/1.1 200 OK\r\nContent-Type: a/b\r\n", "HTTP/1.1 503 No\r\nA: b\r\n", "HTTP/1.1 100 Continue\r\n\r\n",
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n",
    ])
  func cut(answer: String) throws {
    #expect(try error(answer).kind == .lost)
  }

  @Test("Wherever a head is cut, the connection is lost")
  func everywhere() throws {
    let head = "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 30\r\nContent-Length: 0\r\n\r\n"
    for length in 0..<head.utf8.count {
      #expect(try error(String(decoding: head.utf8.prefix(length), as: UTF8.self)).kind == .lost, "\(length)")
    }
  }

  @Test(
    "The answer of a proxy that is cut is a lost connection, too",
    arguments: ["", "HTTP/1.1 2", "HTTP/1.1 200 Connection est", "HTTP/1.1 200 OK\r\nA: b\r\n"])
  func proxies(answer: String) throws {
    let proxy = try LoopbackServer { _, _ in .raw(answer) }
    let variables = ["https_proxy": proxy.url]
    let transport = CurlTransport(
      TransportConfiguration(
        userAgent: "test", variables: variables,
        certificates: Certificates(bundle: nil, variables: variables, system: .standard)))
    let error = try #require(throws: TransportError.self) {
      try transport.collect(
        HTTPRequest(method: "GET", url: "https://bedrock.test/"), timeouts: HTTPTimeouts(), cancellation: .never)
    }
    #expect(error.kind == .lost)
    #expect(
      error.failure(of: .model(endpoint: "https://bedrock.test", timeouts: HTTPTimeouts())).message.contains(proxy.url))
  }

  @Test("What is not HTTP is not Bedrock's", arguments: ["garbage", "SSH-2.0-x\r\n"])
  func garbage(answer: String) throws {
    #expect(try error(answer).kind == .malformedAnswer)
  }
}
