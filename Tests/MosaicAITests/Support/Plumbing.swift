import CTestSupport
import Foundation
import MosaicAICore
import Synchronization
import Testing

@testable import MosaicAI
// Swift Testing has one too.
@testable import enum MosaicAI.ExitStatus

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A pipe whose both ends are ours alone: a program that another test starts meanwhile must not keep it open.
final class TestPipe {
  let reader: Int32
  private(set) var writer: Int32

  init() {
    var ends: [Int32] = [-1, -1]
    precondition(test_pipe(&ends) == 0)
    (reader, writer) = (ends[0], ends[1])
  }

  deinit {
    closeWriter()
    close(reader)
  }

  func closeWriter() {
    if writer >= 0 { close(writer) }
    writer = -1
  }

  /// All that was written; the end of the writing. As much as a pipe holds without a reader.
  func drain() -> [UInt8] {
    closeWriter()
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while case let count = read(reader, &buffer, buffer.count), count > 0 { bytes += buffer[..<count] }
    return bytes
  }

  func text() -> String { String(decoding: drain(), as: UTF8.self) }
}

/// Answers every request in the same way, and keeps the requests.
final class FixedTransport: HTTPTransport {
  private let status: Int
  private let body: [UInt8]
  private let list = Mutex<[HTTPRequest]>([])

  init(status: Int = 200, body: [UInt8]) {
    self.status = status
    self.body = body
  }

  var requests: [HTTPRequest] { list.withLock { $0 } }

  func send(
    _ request: HTTPRequest, timeouts: HTTPTimeouts, cancellation: Cancellation, to receiver: any HTTPResponseReceiver
  ) throws {
    list.withLock { $0.append(request) }
    let type = status == 200 ? "application/vnd.amazon.eventstream" : "application/json"
    try receiver.receive(head: HTTPResponseHead(status: status, headers: [("Content-Type", type)]))
    try body.withUnsafeBytes { try receiver.receive(body: $0) }
  }
}

/// A home of its own in which commands are run, without a process.
final class TestHome {
  let path: String
  var variables = ["AWS_BEARER_TOKEN_BEDROCK": "key", "AWS_EC2_METADATA_DISABLED": "true"]
  var transport: any HTTPTransport = FixedTransport(status: 500, body: [])

  init() throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("mosaic-ai-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file below the home folder.
  func write(_ name: String, _ text: String) throws {
    let url = URL(fileURLWithPath: "\(path)/\(name)")
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
  }

  /// What a command ended with and wrote.
  struct Result {
    let status: ExitStatus
    let output: String
    let errors: String
  }

  /// Runs a command line.
  func run(_ arguments: String..., input: String = "") -> Result { run(arguments, input: input) }

  /// Runs a command line.
  func run(_ arguments: [String], input: String = "") -> Result {
    let (standardInput, output, errors) = (TestPipe(), TestPipe(), TestPipe())
    _ = Array(input.utf8).withUnsafeBytes { writeBytes(standardInput.writer, $0.baseAddress, $0.count) }
    standardInput.closeWriter()
    let transport = transport
    let context = CommandContext(
      variables: variables, home: path, loginName: "ada",
      output: Output(descriptor: output.writer, variables: variables),
      diagnostics: Diagnostics(output: Output(descriptor: errors.writer, variables: variables)),
      input: Input(descriptor: standardInput.reader),
      now: { Timestamp(milliseconds: 1_795_414_382_000) }, makeID: { UUID().uuidString.lowercased() },
      watchSignals: { .never },
      askCode: { _, _ in nil },
      makeTransport: { _ in transport })
    let status = Program.run(arguments, in: context)
    return Result(status: status, output: output.text(), errors: errors.text())
  }
}

private func writeBytes(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  write(descriptor, bytes, count)
}
