/// Says when each request of a run may be made, and learns from how it went.
package protocol RequestPace: AnyObject, Sendable {
  /// Waits until a request may be made.
  ///
  /// - Throws: `Failure` with code `interrupted` if canceled first
  func begin(_ cancellation: Cancellation) throws
  /// The service has taken the request, and is answering.
  func accept()
  /// The request has ended: called once after each `begin` that returned.
  ///
  /// - Parameter refusal: a reason to ask less often; nil if there is none
  func end(refusal: Refusal?)
}

/// A sign that the service, or the way to it, cannot take more.
package struct Refusal: Equatable, Sendable {
  /// How long the service asks to wait; nil if it does not say.
  package let wait: Duration?
}

extension BedrockModel {
  /// The same model for one job of several, which keeps to a pace.
  package func paced(by pace: any RequestPace) -> any LanguageModel { PacedModel(model: self, pace: pace) }
}

private struct PacedModel: LanguageModel {
  let model: BedrockModel
  let pace: any RequestPace

  func reply(
    to request: ModelRequest, _ receiver: any ReplyReceiver, _ cancellation: Cancellation
  ) throws -> ModelReply {
    try model.reply(to: request, receiver, cancellation, pace: pace)
  }
}

extension AttemptError {
  /// A reason to ask less often: throttling, an outage, a connection that was lost; nil for everything else.
  ///
  /// - Parameter time: from which the wait is counted, if the service names a moment
  func refusal(at time: Timestamp) -> Refusal? {
    switch failure.code {
    case .throttled, .unavailable, .connection, .timeout: Refusal(wait: retryAfter?.delay(at: time))
    default: nil
    }
  }
}
