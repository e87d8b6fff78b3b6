import MosaicAICore
import Testing

@testable import MosaicAI
// Swift Testing has one too.
@testable import enum MosaicAI.ExitStatus

@Suite struct ExitStatusTests {
  /// The table that scripts rely on.
  private static let table: [Int32: [String]] = [
    64: ["usage"],
    65: ["invalid_input", "validation", "blocked"],
    66: ["not_found", "ambiguous"],
    69: ["quota", "model_unavailable", "protocol_error", "tls_failed"],
    70: ["internal"],
    74: ["storage_failed", "output_failed"],
    75: ["throttled", "timeout", "unavailable", "connection", "corrupt_stream", "empty_reply", "model_error", "busy"],
    77: ["forbidden", "access_denied", "credentials_failed", "credentials_expired"],
    78: ["no_credentials", "config_invalid", "persona_invalid", "proxy_auth"],
    130: ["interrupted"],
  ]

  @Test("every code has the documented status, and there is no other code")
  func documentedTable() {
    let actual = Dictionary(grouping: FailureCode.allCases, by: \.exitStatus).mapValues { Set($0.map(\.rawValue)) }
    #expect(actual == Self.table.mapValues { Set($0) })
  }

  @Test("trying again helps exactly where the status is 75", arguments: FailureCode.allCases)
  func retryable(code: FailureCode) {
    let failure = Failure(code, "message")
    #expect(failure.isRetryable == (failure.exitStatus == 75))
    #expect(ErrorEvent(failure).members.contains(.init("retryable", .bool(failure.exitStatus == 75))))
    #expect(ErrorEvent(failure).members.contains(.init("exit_status", .integer(Int(failure.exitStatus)))))
    if code != .interrupted { #expect(ExitStatus(failure) == .failure(failure.exitStatus)) }
  }

  @Test(
    "a signal ends the process by itself, and a shell sees 128 and its number",
    arguments: [(1, 129), (2, 130), (13, 141), (15, 143)] as [(Int32, Int32)])
  func signals(signal: Int32, status: Int32) {
    let failure = Failure.interrupted(by: signal)
    #expect(failure.code == .interrupted)
    #expect(failure.exitStatus == status)
    #expect(!failure.isRetryable)
    #expect(ExitStatus(failure) == .signal(signal))
  }

  @Test("what is no failure of ours is a bug, and says so")
  func bug() {
    struct Odd: Error {}
    let failure = Failure.from(Odd())
    #expect(failure.code == .internal)
    #expect(failure.hint?.contains("report") == true)
    #expect(Failure.from(Failure(.usage, "x")) == Failure(.usage, "x"))
  }
}
