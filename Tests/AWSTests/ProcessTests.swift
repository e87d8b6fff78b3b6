#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif
import Testing

@testable import MosaicAICore

/// A cancellation that comes by itself.
func cancellation(afterMilliseconds milliseconds: Int) -> Cancellation {
  let ends = PipeEnds()
  onThread {
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
    try ChildProcess(words: words, variables: ["PATH": "/usr/bin:/bin", "X": "y"], seconds: seconds).run(
      cancellation)
  }

  private func failing(_ command: String) throws -> Failure {
    home.write(".aws/config", "[profile p]\ncredential_process = \(command)\n")
    return try failure { try home.context(["PATH": "/usr/bin:/bin"], profile: "p").resolve() }
  }

  @Test func bothStreamsAreCollectedAndTheStatusTold() throws {
    guard case .ended(let status, let output, let errors) = try run(["sh", "-c", "echo $X; echo no >&2; cat; exit 3"])
    else {
      return #expect(Bool(false))
    }
    #expect(status == 3)
    #expect(String(decoding: output, as: UTF8.self) == "y\n")
    #expect(String(decoding: errors, as: UTF8.self) == "no\n")
  }

  @Test func aSignalIsAStatusToo() throws {
    guard case .ended(let status, _, _) = try run(["sh", "-c", "kill -KILL $$"]) else { return #expect(Bool(false)) }
    #expect(status == 128 + 9)
  }

  @Test func muchOutputDoesNotBlock() throws {
    guard
      case .ended(_, let output, let errors) = try run([
        "sh", "-c", "head -c 3000000 /dev/zero; head -c 200000 /dev/zero >&2",
      ])
    else {
      return #expect(Bool(false))
    }
    #expect(output.count == 1 << 20)
    #expect(errors.count == 200_000)
  }

  @Test func aSlowProgramIsEnded() throws {
    let start = ContinuousClock.now
    guard case .tookTooLong = try run(["sleep", "20"], seconds: 1) else { return #expect(Bool(false)) }
    #expect(start.duration(to: .now) < .seconds(15))
  }

  @Test func aSignalEndsTheProgram() throws {
    let start = ContinuousClock.now
    #expect(
      try failure { try run(["sh", "-c", "trap '' TERM; sleep 20"], cancellation(afterMilliseconds: 100)) }.code
        == .interrupted)
    #expect(start.duration(to: .now) < .seconds(15))
  }

  @Test(arguments: [
    ("/nowhere/x", "could not be started: /nowhere/x: No such file or directory"),
    ("~/bin/x", "could not be started: ~/bin/x: No such file or directory"),
    ("nowhere-x", "could not be started: nowhere-x: no such program"),
    ("/tmp", "could not be started: /tmp: Permission denied"),
    ("sh -c 'echo first >&2; echo last words >&2; exit 2'", "failed with status 2: last words"),
    ("false", "failed with status 1"),
    ("echo hello", "did not print credentials as JSON"), ("echo '{}'", "printed version none where 1 is known"),
  ])
  func failuresSayWhatHappened(command: String, words: String) throws {
    let failure = try failing(command)
    #expect(failure.code == .credentialsFailed)
    #expect(failure.message == "credential_process of profile p \(words)")
  }

  @Test func nothingOfWhatWasPrintedIsTold() throws {
    let failure = try failing(
      #"echo '{"Version":1,"AccessKeyId":"A","SecretAccessKey":"hushhush","Expiration":"soon"}'"#)
    #expect(failure.code == .credentialsFailed)
    #expect(!"\(failure)".contains("hushhush"))
  }
}
