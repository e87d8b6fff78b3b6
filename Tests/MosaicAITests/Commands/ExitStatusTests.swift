import MosaicAICore
import TestSupport
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
    69: ["quota", "model_unavailable", "protocol_error", "tls_failed", "no_text"],
    70: ["internal"],
    74: ["storage_failed", "output_failed"],
    75: [
      "throttled", "timeout", "unavailable", "connection", "corrupt_stream", "empty_reply", "model_error", "busy",
      "budget", "database_unavailable",
    ],
    77: ["forbidden", "access_denied", "credentials_failed", "credentials_expired"],
    78: ["no_credentials", "config_invalid", "persona_invalid", "proxy_auth"],
    130: ["interrupted"],
  ]

  @Test("Every code has the documented status, and there is no other code")
  func documentedTable() {
    let actual = Dictionary(grouping: FailureCode.allCases, by: ExitStatus.status).mapValues { Set($0.map(\.rawValue)) }
    #expect(actual == Self.table.mapValues { Set($0) })
  }

  @Test("A code is retryable exactly if its status is 75", arguments: FailureCode.allCases)
  func retryable(code: FailureCode) {
    let failure = Failure(code, "message")
    let status = ExitStatus.status(of: code)
    #expect(code.isRetryable == (status == 75))
    let members = ReplyEvent.failure(ReplyFailure(failure)).members(FailureWording(AdviceWords()))
    #expect(members.contains(.init("retryable", .bool(status == 75))))
    #expect(members.contains(.init("exit_status", .integer(Int(status)))))
    #expect(ExitStatus(failure) == .failure(status) && ExitStatus(failure).number == status)
  }

  @Test(
    "A signal ends the process, and a shell sees 128 plus its number",
    arguments: [(1, 129), (2, 130), (13, 141), (15, 143)] as [(Int32, Int32)])
  func signals(signal: Int32, status: Int32) {
    let failure = Failure.interrupted(by: signal)
    #expect(failure.code == .interrupted)
    #expect(ExitStatus(failure).number == status)
    #expect(!failure.code.isRetryable)
    #expect(ExitStatus(failure) == .signal(signal))
  }

  @Test("An error of another type is an internal error")
  func bug() {
    struct Odd: Error {}
    let failure = Failure.from(Odd())
    #expect(failure.code == .internal)
    #expect(failure.advice == .reportBug)
    #expect(Failure.from(Failure(.usage, "x")) == Failure(.usage, "x"))
  }
}
