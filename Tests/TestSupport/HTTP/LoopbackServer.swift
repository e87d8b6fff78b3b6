import Foundation
import Synchronization

/// An HTTP server on a loopback port that answers each request as its script says, one connection after the other.
package final class LoopbackServer: Sendable {
  /// A request that came.
  package struct Request: Sendable {
    package let method: String
    package let target: String
    /// Names in lower case.
    package let headers: [String: String]
    package let body: String
  }

  /// What it answers.
  package enum Answer: Sendable {
    case text(Int, String)
    /// Nothing, for that long.
    case silence(milliseconds: Int)
    /// The connection ends without an answer.
    case hangUp
    /// Bytes that need not be HTTP.
    case raw(String)
    /// Bytes that need not be HTTP, with a pause after each.
    case slow(String, milliseconds: Int)
  }

  package let port: UInt16
  private let listener: Descriptor
  private let received = Mutex<[Request]>([])

  /// - Parameter answer: the answer to the n-th request, counted from 0
  package init(_ answer: @escaping @Sendable (Request, Int) -> Answer) throws {
    (listener, port) = try Descriptor.listening()
    let listener = listener
    // Blocking calls belong on a thread of their own.
    Thread.detachNewThread { [weak self] in
      while let connection = listener.accept() {
        if let server = self { server.serve(connection, answer) }
        connection.close()
      }
    }
  }

  deinit { listener.shutDown() }

  package var url: String { "http://127.0.0.1:\(port)" }

  /// All requests so far.
  package var requests: [Request] { received.withLock { $0 } }

  private func serve(_ connection: Descriptor, _ answer: @Sendable (Request, Int) -> Answer) {
    guard let request = read(connection) else { return }
    let number = received.withLock { requests in
      requests.append(request)
      return requests.count - 1
    }
    switch answer(request, number) {
    case .text(let status, let body):
      let head = "HTTP/1.1 \(status) Status\r\nContent-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n"
      connection.write(Array((head + body).utf8))
    case .silence(let milliseconds): Thread.sleep(forTimeInterval: Double(milliseconds) / 1000)
    case .hangUp: break
    case .raw(let text): connection.write(Array(text.utf8))
    case .slow(let text, let milliseconds):
      for byte in text.utf8 {
        connection.write([byte])
        Thread.sleep(forTimeInterval: Double(milliseconds) / 1000)
      }
    }
  }

  private func read(_ connection: Descriptor) -> Request? {
    var bytes: [UInt8] = []
    while true {
      let text = String(decoding: bytes, as: UTF8.self)
      if let end = text.firstRange(of: "\r\n\r\n") {
        let lines = text[..<end.lowerBound].split(separator: "\r\n")
        let words = lines[0].split(separator: " ")
        let headers = lines.dropFirst().compactMap { line -> (String, String)? in
          guard let colon = line.firstIndex(of: ":") else { return nil }
          return (
            line[..<colon].lowercased(), line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
          )
        }
        let table = Dictionary(headers, uniquingKeysWith: { $1 })
        let body = text[end.upperBound...]
        if body.utf8.count >= Int(table["content-length"] ?? "0") ?? 0 {
          return Request(method: String(words[0]), target: String(words[1]), headers: table, body: String(body))
        }
      }
      guard let piece = connection.read() else { return nil }
      bytes += piece
    }
  }
}
