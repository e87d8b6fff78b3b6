import MosaicAICore
import Synchronization
import Testing

@testable import BedrockSimulator

import Platform

/// The server from outside: connections, the log, the end.
struct ServerTests {
  /// A flag that several threads use.
  private final class Flag: Sendable {
    let isSet = Mutex(false)
  }

  /// A server that runs on a thread, its port, its log, and what ends it.
  private struct Running {
    let port: UInt16
    let log: String
    private let signals: (read: Int32, write: Int32)
    private let hasEnded = Flag()

    init() throws {
      var ends: [Int32] = [0, 0]
      try #require(pipe(&ends) == 0)
      signals = (ends[0], ends[1])
      log = "/tmp/bedrock-simulator-test-\(randomUUID())"
      let credentials = AcceptedCredentials(
        accessKeyID: "AKIDSIMULATOR", secretAccessKey: Secret("s"), sessionToken: nil, apiKey: Secret("key"),
        region: nil)
      let server = try Server(
        at: try #require(LoopbackAddress("127.0.0.1")), port: 0,
        simulator: Simulator(
          settings: SimulatorSettings(credentials: credentials, verifiesCredentials: true, chunkDelay: 0)),
        log: RequestLog(path: log))
      port = server.port
      let (signal, hasEnded) = (signals.read, hasEnded)
      try #require(
        detachThread {
          do { try server.run(untilReadable: signal, endsWithInput: false) } catch { Issue.record(error) }
          hasEnded.isSet.withLock { $0 = true }
        })
    }

    /// What the log tells so far, of each request model id, attempt and status.
    func entries() throws -> [[JSON?]] {
      let descriptor = open(log, O_RDONLY)
      try #require(descriptor >= 0)
      defer { close(descriptor) }
      var buffer = [UInt8](repeating: 0, count: 1 << 16)
      let count = read(descriptor, &buffer, buffer.count)
      return buffer.prefix(max(0, count)).split(separator: UInt8(ascii: "\n")).map { line in
        let entry = try? JSON(parsing: Array(line))
        return ["model_id", "attempt", "status"].map { entry?[$0] }
      }
    }

    /// Ends it as a signal would, and waits for that.
    func end() -> Bool {
      _ = write(signals.write, "x", 1)
      for _ in 0..<500 {
        if hasEnded.isSet.withLock({ $0 }) { break }
        sleep(milliseconds: 10)
      }
      unlink(log)
      return hasEnded.isSet.withLock { $0 }
    }

    func connect() throws -> Connection {
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_port = port.bigEndian
      inet_pton(AF_INET, "127.0.0.1", &address.sin_addr)
      #if canImport(Glibc)
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      #else
        let descriptor = socket(AF_INET, SOCK_STREAM, 0)
      #endif
      let size = socklen_t(MemoryLayout<sockaddr_in>.size)
      let connected = withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connectSocket(descriptor, $0, size) }
      }
      try #require(connected == 0)
      return Connection(accepted: descriptor)
    }
  }

  private func request(_ scenario: String) -> [UInt8] {
    let body = #"{"messages":[{"role":"user","content":[{"text":"Hello there"}]}]}"#
    return Array(
      """
      POST /model/simulator.\(scenario)/converse-stream HTTP/1.1\r\nAuthorization: Bearer key\r\nContent-Length: \
      \(body.utf8.count)\r\n\r\n\(body)
      """
      .utf8)
  }

  @Test("One connection serves one request after another, and the log is written before the answer")
  func servesInOrder() throws {
    let running = try Running()
    var connection = try running.connect()
    for (attempt, status) in [(1, "429"), (2, "200")] {
      try connection.send(request("throttle-1"))
      let head = try #require(try connection.read(through: Array("\r\n\r\n".utf8), atMost: 4096))
      #expect(String(decoding: head, as: UTF8.self).hasPrefix("HTTP/1.1 \(status) "))
      #expect(
        try running.entries().last == [.string("simulator.throttle-1"), .integer(attempt), .integer(Int(status) ?? 0)])
      if status == "429" { _ = try connection.read(through: Array("}".utf8), atMost: 4096) }
    }
    let body = try #require(try connection.read(through: Array("0\r\n\r\n".utf8), atMost: 1 << 20))
    #expect(String(decoding: body, as: UTF8.self).contains("messageStop"))
    #expect(running.end())
  }

  @Test("A hanging connection stops the server neither from answering others nor from ending")
  func survivesHangingConnection() throws {
    let running = try Running()
    let hanging = try (0..<20).map { _ in
      let connection = Holder(try running.connect())
      try connection.send(request("hang-headers"))
      return connection
    }
    var connection = try running.connect()
    try connection.send(request("echo"))
    #expect(try connection.read(through: Array("messageStop".utf8), atMost: 1 << 20) != nil)
    #expect(running.end())
    _ = hanging.count
  }

  /// Keeps a connection in an array.
  private final class Holder {
    private let connection: Connection

    init(_ connection: consuming Connection) { self.connection = connection }

    func send(_ bytes: [UInt8]) throws { try connection.send(bytes) }
  }
}

/// The system's `connect`, which the method of that name hides.
private func connectSocket(_ descriptor: Int32, _ address: UnsafePointer<sockaddr>, _ size: socklen_t) -> Int32 {
  connect(descriptor, address, size)
}
