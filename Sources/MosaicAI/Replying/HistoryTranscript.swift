import MosaicAICore

/// A conversation for people: who, when, and the text.
struct HistoryTranscript {
  private let session: Session
  private let persona: String
  /// The command that asks for the last reply again; nil if that is not shown.
  private let retry: String?
  /// The exchange that may be the last one.
  private var exchange: [Message] = []
  private var isFirst = true

  /// - Parameters:
  ///   - persona: the name of whoever answered
  ///   - retry: the command that asks for the last reply again; nil if that is not shown
  init(_ session: Session, persona: String, retry: String?) {
    self.session = session
    self.persona = SafeText.line(persona)
    self.retry = retry
  }

  /// Takes the next message. Gives what can be shown now.
  mutating func add(_ message: Message) -> String {
    let text = message.author == .user ? showExchange(retry: nil) : ""
    exchange.append(message)
    return text
  }

  /// Gives what is left.
  mutating func end() -> String { showExchange(retry: retry) }

  private mutating func showExchange(retry: String?) -> String {
    let text = exchange.map { message -> String in
      let style = session.output.style
      let who = message.author == .user ? "You" : persona
      let remark = HistoryTranscript.remark(on: message, retry: retry).map { "  (\($0))" } ?? ""
      let safe = SafeText.lines(message.content)
      let text = message.author == .user ? session.wrapped(safe) : session.typeset(safe)
      let separator = isFirst ? "" : "\n"
      isFirst = false
      return "\(separator)\(style.bold(who))  \(style.faint(session.time(message.createdAt) + remark))\n"
        + (text.hasSuffix("\n") ? text : text + "\n")
    }.joined()
    exchange.removeAll()
    return text
  }

  /// What there is to say about a message that is not complete.
  ///
  /// - Parameter retry: the command that asks again, if it can
  private static func remark(on message: Message, retry: String?) -> String? {
    let again = retry.map { "; \($0) asks again" } ?? ""
    return switch message.status {
    case .complete: nil
    case .pending: "waiting for the reply"
    case .streaming: "arriving"
    case .failed: "no reply\(again)"
    case .interrupted: "broke off\(again)"
    case .blocked: "blocked"
    case .superseded: "superseded"
    }
  }
}
