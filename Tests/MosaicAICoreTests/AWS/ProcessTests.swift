import Platform
import Foundation
import TestSupport
import Testing

@testable import MosaicAICore

/// A cancellation that comes by itself.
func cancellation(afterMilliseconds milliseconds: Int) -> Cancellation {
  let ends = PipeEnds()
  Thread.detachNewThread {
    usleep(UInt32(milliseconds) * 1000)
    _ = write(ends.writer, "x", 1)
  }
  return Cancellation(
    descriptor: ends.reader,
    signal: {
      withExtendedLifetime(ends) {}
      return SIGINT
    })
}

/// A pipe that is closed when nobody needs it any more.
private final class PipeEnds: Sendable {
  let reader: Int32
  let writer: Int32

  init() {
    var ends: [Int32] = [-1, -1]
    precondition(pipe(&ends) == 0)
    (reader, writer) = (ends[0], ends[1])
  }

  deinit {
    close(reader)
    close(writer)
  }
}

@Suite struct ProcessTests {
  private let home = TemporaryHome()

  private func run(_ words: [String], seconds: Int = 10, _ cancellation: Cancellation = .never) throws
    -> ChildProcess.Outcome
  {
    try ChildProcess(words: words, variables: ["PATH": "/usr/bin:/bin", "X": "y"], timeLimit: .seconds(seconds)).run(
      cancellation)
  }

  /// How a process ended that is given all the time it needs.
  private func ended(_ words: [String]) throws -> (status: Int32, output: [UInt8], errors: [UInt8]) {
    let outcome = try run(words)
    guard case .ended(let status, let output, let errors) = outcome else { throw Complaint("not ended: \(outcome)") }
    return (status, Array(output), Array(errors))
  }

  private func failing(_ command: String) throws -> Failure {
    home.write(".aws/config", "[profile p]\ncredential_process = \(command)\n")
    return try failure { try home.context(["PATH": "/usr/bin:/bin"], profile: "p").resolve() }
  }

  @Test("Both streams and the status are collected")
  func bothStreamsAreCollectedAndTheStatusTold() throws {
    let (status, output, errors) = try ended(["sh", "-c", "echo $X; echo no >&2; cat; exit 3"])
    #expect(status == 3)
    #expect(String(decoding: output, as: UTF8.self) == "y\n")
    #expect(String(decoding: errors, as: UTF8.self) == "no\n")
  }

  @Test("A process that a signal ends has a status too")
  func aSignalIsAStatusToo() throws {
    let (status, _, _) = try ended(["sh", "-c", "kill -KILL $$"])
    #expect(status == 128 + 9)
  }

  @Test("A lot of output does not block the process")
  func muchOutputDoesNotBlock() throws {
    let (_, output, errors) = try ended([
      "sh", "-c", "head -c 1048576 /dev/zero; head -c 3000000 /dev/zero >&2",
    ])
    #expect(output.count == 1 << 20)
    #expect(errors.count > 1_000_000)
  }

  @Test("A process that writes too much is ended at once", arguments: ["cat /dev/zero", "head -c 1048577 /dev/zero"])
  func tooMuchOutput(command: String) throws {
    let outcome = try run(["sh", "-c", command])
    guard case .wroteTooMuch = outcome else {
      Issue.record("it is not ended: \(outcome)")
      return
    }
    let failure = try failing(command)
    #expect(failure.code == .credentialsFailed && failure.message.contains("more than 1 MiB"))
  }

  @Test("A slow process is ended")
  func aSlowProgramIsEnded() throws {
    let start = ContinuousClock.now
    let outcome = try run(["sleep", "20"], seconds: 1)
    guard case .tookTooLong = outcome else {
      Issue.record("it ended by itself: \(outcome)")
      return
    }
    #expect(start.duration(to: .now) < .seconds(15))
  }

  @Test("A signal ends the process")
  func aSignalEndsTheProgram() throws {
    let start = ContinuousClock.now
    #expect(
      try failure { try run(["sh", "-c", "trap '' TERM; sleep 20"], cancellation(afterMilliseconds: 100)) }.code
        == .interrupted)
    #expect(start.duration(to: .now) < .seconds(15))
  }

  @Test(
    "A failing credential_process names the profile and the reason",
    arguments: [
      ("/nowhere/x", ["/nowhere/x", "No such file or directory"]),
      ("~/bin/x", ["~/bin/x", "No such file or directory"]), ("nowhere-x", ["nowhere-x"]),
      ("/tmp", ["/tmp", "Permission denied"]),
      ("sh -c 'echo first >&2; echo last words >&2; exit 2'", ["2", "last words"]), ("false", ["1"]),
      ("echo hello", ["JSON"]), ("echo '{}'", ["1"]),
      (#"echo '{"Version":1,"AccessKeyId":"A","SecretAccessKey":"s","Expiration":1893456000}'"#, ["not a time"]),
    ])
  func failuresSayWhatHappened(command: String, facts: [String]) throws {
    let failure = try failing(command)
    #expect(failure.code == .credentialsFailed)
    for fact in ["credential_process", "profile p"] + facts { #expect(failure.message.contains(fact)) }
  }

  @Test("An error never shows what credential_process printed")
  func nothingOfWhatWasPrintedIsTold() throws {
    let failure = try failing(
      #"echo '{"Version":1,"AccessKeyId":"A","SecretAccessKey":"hushhush","Expiration":"soon"}'"#)
    #expect(failure.code == .credentialsFailed)
    #expect(!"\(failure)".contains("hushhush"))
  }
}
