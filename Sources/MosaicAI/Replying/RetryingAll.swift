import MosaicAICore
import Platform

/// Asks for the reply to every message of the user's that has none, oldest first, with one model for all of them.
struct RetryingAll {
  let session: Session
  let choice: ModelChoice
  let personas: PersonaCatalog

  /// - Throws: `Failure` with code `not_found` if every message has a reply; `ReportedFailure` with the worst status if
  ///   one of them still has none
  func run() throws {
    let format = try session.format(ReplyFormat.self)
    let service = try session.service(for: nil)
    let messages = try service.unansweredMessages()
    guard !messages.isEmpty else {
      throw Failure(.notFound, "there is nothing to retry: every message of yours has a reply")
    }
    let cancellation = try session.context.watchSignals().cancellation
    service.observe(cancellation)
    var model: (any LanguageModel)?
    func sharedModel() throws -> any LanguageModel {
      let shared = try model ?? session.model()
      model = shared
      return shared
    }
    var worst: Failure?
    var failed = 0
    for (index, message) in messages.enumerated() {
      if index > 0, format == .text { try session.output.write("\n") }
      let receiver = format.receiver(session.output, session.wording)
      do {
        let exchange = try service.beginRetry(
          ofMessage: message.rawValue, choice, personas: personas, isKeepingOrder: true)
        let replying = Replying(session: session, receiver: receiver)
        replying.introduce(exchange, number: index + 1, of: messages.count)
        try replying.answer(exchange, service, cancellation, model: sharedModel)
      } catch {
        let reported = Replying.report(error, to: receiver, session.diagnostics)
        failed += 1
        worst = RetryingAll.worse(worst, reported.failure)
        if RetryingAll.endsAll(reported.failure) { throw reported }
      }
    }
    guard let worst else { return }
    session.diagnostics.remark(
      "Got a reply to \(grouped(messages.count - failed)) of \(counted(messages.count, "message")).")
    throw ReportedFailure(failure: worst)
  }

  /// Whether the next message would fail for the same reason.
  private static func endsAll(_ failure: Failure) -> Bool {
    failure.signal != nil || ![EX_DATAERR, EX_NOINPUT, EX_TEMPFAIL].contains(ExitStatus.status(of: failure.code))
  }

  /// The failure with the higher status; those that may work later have the highest.
  private static func worse(_ first: Failure?, _ second: Failure) -> Failure {
    guard let first, ExitStatus.status(of: first.code) >= ExitStatus.status(of: second.code) else { return second }
    return first
  }
}
