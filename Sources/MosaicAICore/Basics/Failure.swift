/// An error that leaves the core: what happened, and what to do about it.
///
/// None of its texts holds a secret or the words of a message.
package struct Failure: Error, Equatable, Sendable {
  /// What went wrong, for programs.
  package let code: FailureCode
  /// What went wrong, for people: one line without a full stop.
  package var message: String
  /// What to do about it; nil if nothing can be done.
  package var advice: Advice?
  /// The signal that ended the command, if `code` is `interrupted` and there was one.
  package let signal: Int32?

  package init(_ code: FailureCode, _ message: String, advice: Advice? = nil) {
    self.init(code, message, advice, signal: nil)
  }

  private init(_ code: FailureCode, _ message: String, _ advice: Advice?, signal: Int32?) {
    self.code = code
    self.message = message.showingInvisible
    self.advice = advice
    self.signal = signal
  }

  /// The failure of work that was canceled.
  ///
  /// - Parameter signal: the signal that canceled it; nil if it was not a signal
  package static func interrupted(by signal: Int32? = nil) -> Failure {
    Failure(.interrupted, "stopped", nil, signal: signal)
  }

  /// Any error as a `Failure`: one that is not one already is a bug.
  package static func from(_ error: any Error) -> Failure {
    if let failure = error as? Failure { return failure }
    return Failure(.internal, "internal error: \(error)", advice: .reportBug)
  }
}
