import Foundation
import Platform
import TestSupport
import Testing

@testable import MosaicAI
@testable import MosaicAICore

/// How far an interview is, in words.
@Suite struct InterviewProgressTests {
  private struct Nobody: InterviewReceiver {
    func receive(_ event: InterviewEvent) {}
  }

  private let question = InterviewQuestion(
    id: "q", legacyID: "00000000-0000-4000-8000-000000000001", legacyName: "Rose", conversationID: nil, text: "One?",
    index: 1, total: 12_000)

  /// What is said after these events until the end, line by line: how far it is comes at least once. With `--quiet`,
  /// what is said within some milliseconds.
  private func lines(_ events: [InterviewEvent], _ level: Diagnostics.Level = .normal) throws -> [String] {
    let (errors, output) = (TestPipe(), TestPipe())
    let diagnostics = Diagnostics(output: Output(descriptor: errors.writer, variables: [:]), level: level)
    let progress = InterviewProgress(
      Nobody(), diagnostics, beside: Output(descriptor: output.writer, variables: [:]), count: 12_000,
      every: .milliseconds(2))
    for event in events { try progress.receive(event) }
    var bytes: [UInt8] = []
    if level == .quiet {
      usleep(50_000)
    } else {
      // What comes first may have been made before the last event.
      var buffer = [UInt8](repeating: 0, count: 1 << 16)
      while String(decoding: bytes, as: UTF8.self).components(separatedBy: " waiting").count < 4 {
        let count = read(errors.reader, &buffer, buffer.count)
        guard count > 0 else { throw Complaint("nothing can be read") }
        bytes += buffer[..<count]
      }
    }
    try progress.receive(.ended(InterviewSummary(questions: 12_000)))
    return String(decoding: bytes + errors.drain(), as: UTF8.self).split(separator: "\n").map(String.init)
  }

  private func answer(isReplayed: Bool = false) -> InterviewEvent {
    let done = ReplyDone(
      messageID: "00000000-0000-4000-8000-000000000002", conversationID: "00000000-0000-4000-8000-000000000003",
      stopReason: .endTurn, usage: TokenUsage(total: 12_345), latency: nil, firstChunk: nil, isReplayed: isReplayed)
    return .answer(
      question, InterviewAnswer(userMessageID: "00000000-0000-4000-8000-000000000004", content: "Yes.", done: done))
  }

  private func retry(_ code: FailureCode) -> InterviewEvent {
    .retry(
      question,
      RetryNotice(attempt: 2, maximumAttempts: 3, delay: .seconds(1), failure: Failure(code, "no")))
  }

  @Test("Away from a terminal, lines say what is done, failed and waiting, the tokens, the time left and the trouble")
  func line() throws {
    let failure = InterviewEvent.failure(question, ReplyFailure(Failure(.blocked, "a guardrail stopped the reply")))
    let lines = try lines([answer(isReplayed: true), answer(), failure, retry(.throttled)])
    #expect(lines.contains { $0.hasPrefix("mosaic-ai: warning: ") && $0.contains("a guardrail stopped the reply") })
    let last = try #require(lines.last)
    for fact in ["2 of 12,000", "1 failed", "11,997 waiting", "12,345 tokens", " left", "Amazon Bedrock is busy"] {
      #expect(last.contains(fact), "\(last)")
    }
  }

  @Test("The first answer ends the message about trouble")
  func relief() throws {
    let line = try #require(try lines([retry(.throttled), answer()]).last)
    #expect(line.contains("1 of 12,000") && !line.contains("busy"))
  }

  @Test("With --quiet nothing is said")
  func quiet() throws {
    let failure = InterviewEvent.failure(question, ReplyFailure(Failure(.blocked, "a guardrail stopped the reply")))
    #expect(try lines([answer(), failure, retry(.throttled)], .quiet) == [])
  }
}
