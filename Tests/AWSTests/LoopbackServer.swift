#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif
import Synchronization
import Testing

@testable import MosaicAICore

/// An HTTP server on a loopback port that answers each request as its script says, one connection after the other.
final class LoopbackServer: Sendable {
  /// What came.
  struct Request: Sendable {
    let method: String
    let target: String
    /// Names in lower case.
    let headers: [String: String]
    let body: String
  }

  /// What goes back.
  enum Answer: Sendable {
    case text(Int, String)
    /// Nothing, for that long.
    case silence(milliseconds: Int)
    /// The connection ends without an answer.
    case hangUp
    /// Bytes that need not be HTTP.
    case raw(String)
    /// Bytes that need not be HTTP, each that long after the one before.
    case slow(String, milliseconds: Int)
  }

  let port: UInt16
  private let listener: Int32
  private let received = Mutex<[Request]>([])

  /// - Parameter answer: the answer to the n-th request, counted from 0
  init(_ answer: @escaping @Sendable (Request, Int) -> Answer) throws {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isListening = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, size) == 0 && listen(listener, 16) == 0 && getsockname(listener, $0, &size) == 0
      }
    }
    try #require(isListening)
    self.listener = listener
    port = UInt16(bigEndian: address.sin_port)
    onThread { [weak self] in
      while true {
        let connection = accept(listener, nil, nil)
        if connection < 0 { return }
        if let server = self { server.serve(connection, answer) }
        close(connection)
      }
    }
  }

  deinit {
    shutdown(listener, Int32(SHUT_RDWR))
    close(listener)
  }

  var url: String { "http://127.0.0.1:\(port)" }

  /// All requests so far.
  var requests: [Request] { received.withLock { $0 } }

  private func serve(_ connection: Int32, _ answer: @Sendable (Request, Int) -> Answer) {
    guard let request = read(connection) else { return }
    let number = received.withLock { requests in
      requests.append(request)
      return requests.count - 1
    }
    switch answer(request, number) {
    case .text(let status, let body):
      write(
        connection,
        "HTTP/1.1 \(status) Status\r\nContent-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n\(body)")
    case .silence(let milliseconds): usleep(UInt32(milliseconds) * 1000)
    case .hangUp: break
    case .raw(let text): write(connection, text)
    case .slow(let text, let milliseconds):
      for character in text {
        write(connection, String(character))
        usleep(UInt32(milliseconds) * 1000)
      }
    }
  }

  private func read(_ connection: Int32) -> Request? {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 14)
    while true {
      let text = String(decoding: bytes, as: UTF8.self)
      if let end = text.firstRange(of: "\r\n\r\n") {
        let lines = text[..<end.lowerBound].split(separator: "\r\n")
        let words = lines[0].split(separator: " ")
        let headers = lines.dropFirst().compactMap { line -> (String, String)? in
          guard let colon = line.firstIndex(of: ":") else { return nil }
          return (line[..<colon].lowercased(), pythonStripped(String(line[line.index(after: colon)...])))
        }
        let table = Dictionary(headers, uniquingKeysWith: { $1 })
        let body = text[end.upperBound...]
        if body.utf8.count >= Int(table["content-length"] ?? "0") ?? 0 {
          return Request(method: String(words[0]), target: String(words[1]), headers: table, body: String(body))
        }
      }
      let count = recv(connection, &buffer, buffer.count, 0)
      if count <= 0 { return nil }
      bytes.append(contentsOf: buffer.prefix(count))
    }
  }

  private func write(_ connection: Int32, _ text: String) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      if count <= 0 { return }
      rest = rest.dropFirst(count)
    }
  }
}

/// Runs `body` on a thread of its own: blocking calls do not belong on Swift's.
func onThread(_ body: @escaping @Sendable () -> Void) {
  let context = Unmanaged.passRetained(ThreadBody(body)).toOpaque()
  var thread = pthread_t()
  pthread_create(
    &thread, nil,
    { context in
      if let context { Unmanaged<ThreadBody>.fromOpaque(context).takeRetainedValue().run() }
      return nil
    }, context)
  pthread_detach(thread)
}

private final class ThreadBody: Sendable {
  let run: @Sendable () -> Void

  init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}
