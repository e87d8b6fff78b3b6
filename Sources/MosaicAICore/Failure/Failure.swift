/// Every error that leaves the core: what happened, in a line, and what to do about it.
///
/// Neither text holds a secret or the words of a message.
public struct Failure: Error, Equatable, Sendable {
  /// What went wrong, for programs.
  public let code: FailureCode
  /// What went wrong, for people: one line without a full stop.
  public var message: String
  /// What to do about it, where something can be done.
  public var hint: String?
  /// The signal that ended the command, where `code` is `interrupted`.
  public let signal: Int32?

  public init(_ code: FailureCode, _ message: String, hint: String? = nil) {
    self.code = code
    self.message = message
    self.hint = hint
    signal = nil
  }

  private init(signal: Int32, message: String) {
    code = .interrupted
    self.message = message
    hint = nil
    self.signal = signal
  }

  /// The failure of a command that `signal` ended.
  public static func interrupted(by signal: Int32) -> Failure {
    Failure(signal: signal, message: "interrupted by signal \(signal)")
  }

  /// The process's exit status; for a signal, what a shell makes of it.
  public var exitStatus: Int32 {
    if let signal { 128 + signal } else { code.exitStatus }
  }

  /// Whether doing the same again later may work.
  public var isRetryable: Bool { code.isRetryable }

  /// Anything thrown as a `Failure`: what is not one already is a bug.
  public static func from(_ error: any Error) -> Failure {
    if let failure = error as? Failure { return failure }
    return Failure(
      .internal, "internal error: \(error)",
      hint: "this is a bug in mosaic-ai; please report it with the command that led to it")
  }
}
