import MosaicAICore

/// A conversation for people: a line for each day, who, when, and the text.
struct HistoryTranscript {
  private let session: Session
  private let persona: String
  /// The command that asks for the last reply again; nil if that is not shown.
  private let retry: String?
  /// The exchange that may be the last one.
  private var exchange: [Message] = []
  private var isFirst = true
  /// The day that was shown last.
  private var day: String?

  /// - Parameters:
  ///   - persona: the name of the persona that answered
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

  /// Who says a message, and when, on a line of its own, or several if it is narrow; before it the day, if that is
  /// another one.
  ///
  /// - Parameters:
  ///   - remark: what else there is to say about it
  ///   - retry: the command that asks again, which is never broken
  mutating func heading(of message: Message, _ remark: String?, retry: String? = nil) -> String {
    let style = session.output.style
    let (now, zone) = (session.context.now(), session.context.zone)
    var text = isFirst ? "" : "\n"
    isFirst = false
    let today = RelativeTime.day(of: message.createdAt, now: now, in: zone)
    if today != day { text += "\(style.faint("── \(today) ──"))\n\n" }
    day = today
    let time = RelativeTime.withinDay(message.createdAt, now: now, in: zone)
    let who = message.author == .user ? "You" : persona
    func line(_ more: String) -> String { "\(who)  \(time)\(remark.map { "  (\($0)\(more))" } ?? "")" }
    let whole = line(retry.map { "; \($0) asks again" } ?? "")
    let shown: String
    if let retry, retry.contains(" "), TextWidth.of(whole) > session.output.width {
      shown = "\(session.wrapped(line("; ask again with:")))\n  \(retry)"
    } else {
      shown = session.wrapped(whole)
    }
    return text + "\(style.bold(String(shown.prefix(who.count))))\(style.faint(String(shown.dropFirst(who.count))))\n"
  }

  /// The text of a message, on lines of its own.
  func body(of message: Message) -> String {
    let safe = SafeText.lines(message.content)
    let text = message.author == .user ? session.wrapped(safe) : session.typeset(safe)
    return text.hasSuffix("\n") ? text : text + "\n"
  }

  private mutating func showExchange(retry: String?) -> String {
    defer { exchange.removeAll() }
    return exchange.map { message in
      let mayBeRetried = [.failed, .interrupted].contains(message.status)
      return heading(of: message, HistoryTranscript.remark(on: message), retry: mayBeRetried ? retry : nil)
        + body(of: message)
    }.joined()
  }

  /// What there is to say about a message that is not complete.
  static func remark(on message: Message) -> String? {
    switch message.status {
    case .complete: nil
    case .pending: "waiting for the reply"
    case .streaming: "arriving"
    case .failed: "no reply"
    case .interrupted: "broke off"
    case .blocked: "blocked"
    case .superseded: "superseded"
    }
  }
}
