import Foundation
import Synchronization
import TestSupport

import Platform

/// A proxy on loopback that tunnels (CONNECT) and forwards everything to one port, whatever host is asked for.
final class Proxy: Sendable {
  /// Whom it lets through.
  enum Manner: Sendable {
    /// Everybody.
    case open
    /// Those who give this login, `user:password`.
    case login(String)
    /// Nobody, with this status, and perhaps with a `Retry-After`.
    case refusing(Int, retryAfter: String? = nil)
  }

  /// A request that came.
  struct Request: Equatable, Sendable {
    let method: String
    let target: String
    let hasLogin: Bool
  }

  let port: UInt16
  private let manner: Manner
  private let destination: UInt16
  private let listener: Descriptor
  private let received = Mutex<[Request]>([])

  /// - Parameter destination: the loopback port that everything goes to
  init(_ manner: Manner, to destination: Int) throws {
    self.manner = manner
    self.destination = UInt16(destination)
    (listener, port) = try Descriptor.listening()
    let listener = listener
    Thread.detachNewThread { [weak self] in
      while let connection = listener.accept() {
        guard let proxy = self else { return }
        Thread.detachNewThread { proxy.serve(connection) }
      }
    }
  }

  deinit { listener.shutDown() }

  /// Without a login.
  var url: String { "http://127.0.0.1:\(port)" }

  /// All requests so far.
  var requests: [Request] { received.withLock { $0 } }

  /// Answers one request after the other, until one has been let through.
  private func serve(_ client: Descriptor) {
    var buffer: [UInt8] = []
    while let head = readHead(client, &buffer) {
      let words = head.line.split(separator: " ")
      guard words.count == 3 else { return }
      let login = head.headers.first { $0.name == "proxy-authorization" }?.value
      received.withLock {
        $0.append(Request(method: String(words[0]), target: String(words[1]), hasLogin: login != nil))
      }
      let length = head.headers.first { $0.name == "content-length" }.flatMap { Int($0.value) } ?? 0
      while buffer.count < length, let piece = client.read() { buffer += piece }
      let body = Array(buffer.prefix(length))
      buffer.removeFirst(body.count)
      if let refusal = refusal(login) {
        client.write(Array(refusal.utf8))
        continue
      }
      guard let server = Descriptor.connected(to: destination) else { return }
      if words[0] == "CONNECT" {
        client.write(Array("HTTP/1.1 200 Connection established\r\n\r\n".utf8))
        Thread.detachNewThread { Proxy.relay(client, to: server) }
      } else {
        server.write(forwarded(words, head.headers) + body)
      }
      return Proxy.relay(server, to: client)
    }
  }

  /// The answer for those who are not let through; nil lets them through.
  private func refusal(_ login: String?) -> String? {
    switch manner {
    case .open: return nil
    case .refusing(let status, let time):
      let retryAfter = time.map { "Retry-After: \($0)\r\n" } ?? ""
      return "HTTP/1.1 \(status) No\r\n\(retryAfter)Content-Length: 0\r\n\r\n"
    case .login(let expected):
      if login == "Basic \(Data(expected.utf8).base64EncodedString())" { return nil }
      return "HTTP/1.1 407 Login\r\nProxy-Authenticate: Basic realm=\"proxy\"\r\nContent-Length: 0\r\n\r\n"
    }
  }

  /// The request as the server gets it: its path alone, and nothing that was for the proxy.
  private func forwarded(_ words: [Substring], _ headers: [(name: String, value: String)]) -> [UInt8] {
    let rest = words[1].dropFirst("http://".count)
    let path = rest.firstIndex(of: "/").map { rest[$0...] } ?? "/"
    let kept = headers.filter { !$0.name.hasPrefix("proxy-") }.map { "\($0.name): \($0.value)\r\n" }.joined()
    return Array("\(words[0]) \(path) \(words[2])\r\n\(kept)connection: close\r\n\r\n".utf8)
  }

  /// The next request's first line and headers, their names in lower case; what follows stays in `buffer`.
  private func readHead(_ client: Descriptor, _ buffer: inout [UInt8]) -> (
    line: String, headers: [(name: String, value: String)]
  )? {
    let end = Array("\r\n\r\n".utf8)
    while buffer.firstRange(of: end) == nil {
      guard let piece = client.read() else { return nil }
      buffer += piece
    }
    guard let range = buffer.firstRange(of: end) else { return nil }
    let lines = String(decoding: buffer[..<range.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
    buffer.removeSubrange(..<range.upperBound)
    let headers = lines.dropFirst().compactMap { line -> (name: String, value: String)? in
      guard let colon = line.firstIndex(of: ":") else { return nil }
      return (line[..<colon].lowercased(), line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces))
    }
    return (lines[0], headers)
  }

  /// Hands on what comes, to its end.
  private static func relay(_ source: Descriptor, to target: Descriptor) {
    while let piece = source.read() { target.write(piece) }
    target.shutDown()
  }
}
