import Foundation
import Platform
import Synchronization
import TestSupport
import Testing

@testable import MosaicAICore

/// A transport keeps its connections open from one request to the next.
@Suite struct ConnectionReuseTests {
  /// Answers any number of requests on each connection, as its script says.
  private final class KeepAliveServer: Sendable {
    enum Answer {
      case text(String)
      /// The connection ends without an answer.
      case hangUp
      /// The head of an answer, half of its body, and then silence.
      case half
      /// Nothing until the client goes away.
      case silence
    }

    let port: UInt16
    private let listener: Int32
    private let accepted = Mutex(0)

    /// - Parameter answer: the answer to a request, by the numbers of its connection and of the request on it, from 1
    init(_ answer: @escaping @Sendable (_ connection: Int, _ request: Int) -> Answer) throws {
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
      Thread.detachNewThread { [weak self] in
        while true {
          let connection = accept(listener, nil, nil)
          guard connection >= 0,
            let number = self?.accepted.withLock({
              $0 += 1; return $0
            })
          else { return }
          Thread.detachNewThread {
            KeepAliveServer.serve(connection) { answer(number, $0) }
            close(connection)
          }
        }
      }
    }

    deinit {
      shutdown(listener, Int32(SHUT_RDWR))
      close(listener)
    }

    var url: String { "http://127.0.0.1:\(port)/" }
    /// How many connections there have been.
    var connections: Int { accepted.withLock { $0 } }

    private static func serve(_ connection: Int32, _ answer: (Int) -> Answer) {
      var number = 0
      var buffer = [UInt8](repeating: 0, count: 1 << 14)
      // The requests of these tests have no body and come one at a time, so each ends where the bytes do.
      while recv(connection, &buffer, buffer.count, 0) > 0 {
        number += 1
        switch answer(number) {
        case .text(let text): write(connection, "HTTP/1.1 200 OK\r\nContent-Length: \(text.utf8.count)\r\n\r\n\(text)")
        case .half: write(connection, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
        case .silence: break
        case .hangUp: return
        }
      }
    }

    private static func write(_ connection: Int32, _ text: String) {
      let bytes = Array(text.utf8)
      _ = bytes.withUnsafeBytes { send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
    }
  }

  private let transport = CurlTransport(TransportConfiguration(userAgent: "test"))

  private func get(
    _ server: KeepAliveServer, idle: Duration = .seconds(30), _ cancellation: Cancellation = .never
  ) throws -> String {
    let response = try transport.collect(
      HTTPRequest(method: "GET", url: server.url), timeouts: HTTPTimeouts(idle: idle), cancellation: cancellation)
    return String(decoding: response.body, as: UTF8.self)
  }

  @Test("Requests one after another share a connection")
  func sequence() throws {
    let server = try KeepAliveServer { .text("\($0).\($1)") }
    #expect(try (0..<5).map { _ in try get(server) } == ["1.1", "1.2", "1.3", "1.4", "1.5"])
    #expect(server.connections == 1)
  }

  @Test("A kept connection that the server closes when it is used again costs a connection, not the request")
  func deadConnection() throws {
    let server = try KeepAliveServer { connection, request in
      connection == 1 && request == 2 ? .hangUp : .text("\(connection).\(request)")
    }
    #expect(try (0..<3).map { _ in try get(server) } == ["1.1", "2.1", "2.2"])
  }

  @Test("A server that always closes without an answer has lost the connection")
  func alwaysDead() throws {
    let server = try KeepAliveServer { connection, request in request == 1 && connection == 1 ? .text("ok") : .hangUp }
    #expect(try get(server) == "ok")
    #expect(#expect(throws: TransportError.self) { try get(server) }?.kind == .lost)
  }

  @Test("A transfer that was too slow takes its connection with it, and the next request works")
  func afterSilence() throws {
    let server = try KeepAliveServer { connection, request in
      switch (connection, request) {
      case (1, 2): .silence
      case (2, 1): .half
      default: .text("\(connection).\(request)")
      }
    }
    #expect(try get(server) == "1.1")
    for _ in 0..<2 {
      #expect(#expect(throws: TransportError.self) { try get(server, idle: .milliseconds(300)) }?.kind == .idleTimeout)
    }
    #expect(try get(server) == "3.1")
    #expect(try get(server) == "3.2")
  }

  @Test("A cancelled transfer takes its connection with it, and the next request works")
  func afterCancellation() throws {
    let server = try KeepAliveServer { connection, request in
      connection == 1 && request == 2 ? .silence : .text("\(connection).\(request)")
    }
    let source = try CancellationSource()
    #expect(try get(server, source.cancellation) == "1.1")
    Thread.detachNewThread {
      usleep(100_000)
      source.request()
    }
    #expect(try failure { try get(server, source.cancellation) }.code == .interrupted)
    source.rearm()
    #expect(try get(server, source.cancellation) == "2.1")
    #expect(try get(server, source.cancellation) == "2.2")
  }

  @Test("What a receiver throws ends the transfer, and the next request works")
  func afterRefusal() throws {
    struct Refused: Error {}
    final class Refuser: HTTPResponseReceiver {
      var head: HTTPResponseHead? { nil }

      func receive(head: HTTPResponseHead) {}
      func receive(body: UnsafeRawBufferPointer) throws { throw Refused() }
    }
    let server = try KeepAliveServer { .text("\($0).\($1)") }
    #expect(throws: Refused.self) {
      try transport.send(
        HTTPRequest(method: "GET", url: server.url), timeouts: HTTPTimeouts(), cancellation: .never, to: Refuser())
    }
    #expect(try get(server) == "2.1")
  }

  @Test("Threads that ask at once do not share a connection")
  func threads() throws {
    let server = try KeepAliveServer { .text("\($0).\($1)") }
    let answers = Mutex<[String]>([])
    let threads = 6
    let requests = 50
    try withUnsafeTemporaryAllocation(of: pthread_t.self, capacity: threads) { handles in
      final class Work: Sendable {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
      }
      let failures = Mutex(0)
      try withoutActuallyEscaping(
        {
          for _ in 0..<requests {
            if let answer = try? self.get(server) {
              answers.withLock { $0.append(answer) }
            } else {
              failures.withLock { $0 += 1 }
            }
          }
        } as @Sendable () -> Void
      ) { body in
        let work = Work(body)
        for index in 0..<threads {
          let code = pthread_create(
            &handles[index], nil,
            { context in
              if let context { Unmanaged<Work>.fromOpaque(context).takeUnretainedValue().run() }
              return nil
            }, Unmanaged.passUnretained(work).toOpaque())
          try #require(code == 0)
        }
        for handle in handles { pthread_join(handle, nil) }
        withExtendedLifetime(work) {}
      }
      #expect(failures.withLock { $0 } == 0)
    }
    let all = answers.withLock { $0 }
    #expect(all.count == threads * requests && Set(all).count == all.count)
    #expect(server.connections <= threads)
  }

  @Test("Programs that are started do not inherit a kept connection")
  func closeOnExec() throws {
    let server = try KeepAliveServer { .text("\($0).\($1)") }
    _ = try get(server)
    let mine = (0..<1024).filter { descriptor in
      var address = sockaddr_in()
      var size = socklen_t(MemoryLayout<sockaddr_in>.size)
      let code = withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getpeername(Int32(descriptor), $0, &size) }
      }
      return code == 0 && address.sin_family == AF_INET && UInt16(bigEndian: address.sin_port) == server.port
    }
    try #require(mine.count == 1)
    #expect(fcntl(Int32(mine[0]), F_GETFD) & FD_CLOEXEC != 0)
  }
}
