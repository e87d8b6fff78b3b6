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

  @Test("What is not HTTP is not Bedrock's", arguments: ["garbage", "SSH-2.0-x\r\n"])
  func garbage(answer: String) throws {
    #expect(try error(answer).kind == .malformedAnswer)
  }
}
