import Foundation
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A proxy on loopback: tunnels (CONNECT) and forwards, all of it to one place, whatever host is asked for.
final class Proxy: Sendable {
  /// How it treats those who ask.
  enum Manner: Sendable {
    /// Lets everybody through.
    case open
    /// Lets those through who give this, `user:password`.
    case login(String)
    /// Lets nobody through, with this status.
    case refusing(Int)
  }

  /// What it was asked.
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

  /// What is answered to those who are not let through.
  private func refusal(_ login: String?) -> String? {
    switch manner {
    case .open: return nil
    case .refusing(let status): return "HTTP/1.1 \(status) No\r\nContent-Length: 0\r\n\r\n"
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

extension Descriptor {
  /// Listens on a free loopback port.
  static func listening() throws -> (Descriptor, port: UInt16) {
    let descriptor = Descriptor(socket(AF_INET, streamSocket, 0))
    var address = loopback(port: 0)
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isListening = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor.rawValue, $0, size) == 0 && listen(descriptor.rawValue, 64) == 0
          && getsockname(descriptor.rawValue, $0, &size) == 0
      }
    }
    guard isListening else { throw Complaint("no port: \(String(cString: strerror(errno)))") }
    _ = fcntl(descriptor.rawValue, F_SETFD, FD_CLOEXEC)
    return (descriptor, UInt16(bigEndian: address.sin_port))
  }

  /// Connects to a loopback port; nil where nobody listens there.
  static func connected(to port: UInt16) -> Descriptor? {
    let descriptor = Descriptor(socket(AF_INET, streamSocket, 0))
    var address = loopback(port: port)
    let isConnected = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor.rawValue, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
    _ = fcntl(descriptor.rawValue, F_SETFD, FD_CLOEXEC)
    return isConnected ? descriptor : nil
  }

  /// Takes the next connection; nil once there will be none.
  func accept() -> Descriptor? {
    let connection = systemAccept(rawValue)
    guard connection >= 0 else { return nil }
    _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
    return Descriptor(connection)
  }

  /// Ends the connection, or the listening, in both directions.
  func shutDown() { shutdown(rawValue, Int32(SHUT_RDWR)) }

  private static func loopback(port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    address.sin_port = port.bigEndian
    return address
  }
}

#if canImport(Glibc)
  private let streamSocket = Int32(SOCK_STREAM.rawValue)
#else
  private let streamSocket = SOCK_STREAM
#endif

private func systemAccept(_ descriptor: Int32) -> Int32 { accept(descriptor, nil, nil) }
