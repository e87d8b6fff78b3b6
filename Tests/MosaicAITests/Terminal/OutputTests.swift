import Foundation
import Platform
import TestSupport
import Testing

@testable import MosaicAI
@testable import MosaicAICore
// Swift Testing has one too.
@testable import enum MosaicAI.ExitStatus

@Suite struct OutputTests {
  init() { Signals.ignoreClosedPipes() }

  @Test("What is written arrives at once and whole")
  func writes() throws {
    let pipe = TestPipe()
    let output = Output(descriptor: pipe.writer, variables: [:])
    try output.write("Zoé\0\n")
    var buffer = [UInt8](repeating: 0, count: 16)
    // Read before the writer is closed: nothing may wait in a buffer.
    #expect(read(pipe.reader, &buffer, buffer.count) == 6)
    #expect(buffer.prefix(6).elementsEqual(Array("Zoé\0\n".utf8)))
    #expect(!output.isTerminal)
    #expect(!output.style.hasColor)
  }

  @Test("A reader that has gone away counts as SIGPIPE")
  func closedPipe() throws {
    var ends: [Int32] = [-1, -1]
    try #require(pipe(&ends) == 0)
    close(ends[0])
    defer { close(ends[1]) }
    let failure = try failure { try Output(descriptor: ends[1], variables: [:]).write("x") }
    #expect(failure.code == .interrupted)
    #expect(failure.signal == SIGPIPE)
    #expect(ExitStatus(failure).number == 141)
  }

  @Test("A full disk fails the output", arguments: ["/dev/full"])
  func full(path: String) throws {
    let descriptor = open(path, O_WRONLY)
    try #require(descriptor >= 0)
    defer { close(descriptor) }
    let failure = try failure { try Output(descriptor: descriptor, variables: [:]).write("x") }
    #expect(failure.code == .outputFailed)
    #expect(ExitStatus(failure).number == 74)
  }

  @Test("A closed descriptor fails the output")
  func closed() throws {
    #expect(try failure { try Output(descriptor: -1, variables: [:]).write("x") }.code == .outputFailed)
  }

  @Test("A slow reader of a nonblocking pipe gets everything")
  func slowReader() async throws {
    let pipe = TestPipe()
    #expect(fcntl(pipe.writer, F_SETFL, O_NONBLOCK) == 0)
    let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
    let reader = pipe.reader
    let received = Awaited<[UInt8]>()
    // On a thread of its own: as a task it would wait for a turn that the other tests take.
    Thread.detachNewThread {
      var all: [UInt8] = []
      var buffer = [UInt8](repeating: 0, count: 1000)
      while all.count < 300_000, case let count = read(reader, &buffer, buffer.count), count > 0 {
        all += buffer[..<count]
      }
      received.set(all)
    }
    try Output(descriptor: pipe.writer, variables: [:]).write(bytes)
    #expect(await received.wait(Running.patience) == bytes)
  }

  @Test("After a signal, a reader that has stopped does not hold up the process")
  func stalledReader() throws {
    let (stalled, signals) = (TestPipe(), TestPipe())
    #expect(fcntl(stalled.writer, F_SETFL, O_NONBLOCK) == 0)
    let chunk = [UInt8](repeating: 0, count: 4096)
    while write(stalled.writer, chunk, chunk.count) > 0 {}
    #expect(write(signals.writer, "!", 1) == 1)
    let output = Output(descriptor: stalled.writer, variables: [:])
    output.observe(Cancellation(descriptor: signals.reader, signal: { SIGTERM }))
    #expect(try failure { try output.write("x") } == .interrupted(by: SIGTERM))
  }

  @Test("Nor does it whatever thread writes, once it is asked to stop, and what is left is given up for all at once")
  func stalledThread() async throws {
    let (stalled, signals) = (TestPipe(), TestPipe())
    #expect(fcntl(stalled.writer, F_SETFL, O_NONBLOCK) == 0)
    let chunk = [UInt8](repeating: 0, count: 4096)
    while write(stalled.writer, chunk, chunk.count) > 0 {}
    // As it is in any shell.
    #expect(fcntl(stalled.writer, F_SETFL, 0) == 0)
    let output = Output(descriptor: stalled.writer, variables: [:])
    let undecorated = output.undecorated
    let failure = Awaited<Failure?>()
    Thread.detachNewThread {
      do {
        try undecorated.write([UInt8](repeating: 1, count: 100_000))
        failure.set(nil)
      } catch {
        failure.set(.from(error))
      }
    }
    try await Task.sleep(for: .milliseconds(100))
    output.observe(Cancellation(descriptor: signals.reader, signal: { SIGTERM }))
    #expect(write(signals.writer, "!", 1) == 1)
    #expect(await failure.wait(Running.patience) == .some(.interrupted(by: SIGTERM)))
    #expect(throws: Failure.interrupted(by: SIGTERM)) { try output.write("x") }
    // Nobody listens to another any more.
    output.observe(.never)
    #expect(throws: Failure.interrupted(by: SIGTERM)) { try output.write("x") }
  }

  @Test(
    "Diagnostics respect the level and are one safe line each",
    arguments: [
      (Diagnostics.Level.quiet, []), (.normal, ["r .", "mosaic-ai: warning: w"]),
      (.verbose, ["mosaic-ai: n", "r .", "mosaic-ai: warning: w"]),
    ])
  func diagnostics(level: Diagnostics.Level, others: [String]) {
    let pipe = TestPipe()
    var diagnostics = Diagnostics(output: Output(descriptor: pipe.writer, variables: [:]))
    diagnostics.level = level
    diagnostics.note("n")
    diagnostics.remark("r\u{1b}\n.")
    diagnostics.warn("w")
    diagnostics.fail(Failure(.usage, "f\u{1b}[1m\nx", advice: "h\u{1b}\n!"))
    let lines = StandardError(pipe.text()).lines
    #expect(lines.dropLast(2) == others[...])
    let failure = StandardError(lines.suffix(2).joined(separator: "\n"))
    #expect(failure.isErrorAndHint)
    #expect(failure.error == "fU+001B[1m x" && failure.hint == "h !")
  }

  @Test("A failure without a hint is one line")
  func noHint() {
    let pipe = TestPipe()
    Diagnostics(output: Output(descriptor: pipe.writer, variables: [:])).fail(Failure(.usage, "wrong"))
    let standardError = StandardError(pipe.text())
    #expect(standardError.lines.count == 1 && standardError.error == "wrong")
  }

  @Test("Input is read to its end, and then there is nothing left")
  func readAll() throws {
    let pipe = TestPipe()
    #expect(write(pipe.writer, "yes\nrest", 8) == 8)
    pipe.closeWriter()
    let input = Input(descriptor: pipe.reader)
    #expect(try input.readAll(limit: 100) == Array("yes\nrest".utf8))
    #expect(try input.readAll(limit: 100) == [])
  }

  @Test("Input is read up to its limit, and more is too much", arguments: [(4, true), (5, true), (6, false)])
  func limit(count: Int, isEnough: Bool) throws {
    let pipe = TestPipe()
    #expect(write(pipe.writer, "123456", count) == count)
    pipe.closeWriter()
    #expect(try Input(descriptor: pipe.reader).readAll(limit: 5)?.count == (isEnough ? count : nil))
  }
}
