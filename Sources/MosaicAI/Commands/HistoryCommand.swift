import ArgumentParser
import MosaicAICore

struct HistoryCommand: MosaicCommand {
  static let configuration = CommandConfiguration(
    commandName: "history", abstract: "Show what was said in a conversation, oldest first.",
    discussion: """
      Shows your latest conversation unless you name one; --legacy and --persona narrow down which is the latest. Through \
      a pipe each message is one line of fields separated by tabs: id, time, role, status and text, with line breaks, tabs \
      and backslashes in the text written as \\n, \\t and \\\\.
      """)

  @Argument(
    help: ArgumentHelp(
      "The conversation: its id, the start of its id, its name, its title, or last, the latest of all.",
      valueName: "conversation"),
    completion: .conversations)
  var conversation: String?

  @OptionGroup var filter: FilterOptions
  @OptionGroup var time: TimeOptions
  @OptionGroup var page: PageOptions

  @Option(help: ArgumentHelp("Show only the last N.", valueName: "n"))
  var tail: Int?

  @Flag(help: "Show superseded replies too.")
  var all = false

  @OptionGroup var format: FormatOption
  @OptionGroup var common: CommonOptions

  var options: [any SettingOptions] { [format] }

  func run(_ session: Session) throws {
    try page.check()
    try PageOptions.checkNotNegative(tail, "--tail")
    guard tail == nil || (page.limit == nil && page.offset == nil) else {
      throw Failure(.usage, "--tail cannot be combined with --limit or --offset")
    }
    let span = try time.span(session.context)
    let personas = try session.personas()
    let format = try session.listFormat()
    var buffer = OutputBuffer(session.output)
    let service = try session.existingService()
    let personaID = try filter.persona.map { try service.personaID($0, in: personas) }
    try service.history(
      of: conversation, legacy: filter.legacy, personaID: personaID,
      ConversationService.Page(limit: page.limit, offset: page.offset ?? 0, tail: tail, all: all, in: span)
    ) { page, forEachMessage in
      switch format {
      case .json, .ndjson:
        var writer = HistoryWriter(format == .ndjson ? .lines : session.output.layout)
        try buffer.write { writer.begin(to: &$0) }
        try forEachMessage { message in try buffer.write { writer.add(message, to: &$0) } }
        try buffer.write { writer.end(page, to: &$0) }
      case .text where session.output.isTerminal:
        // Only the last exchange of a conversation can be retried.
        let isEndShown = span.end == nil && (tail != nil || !page.hasMore)
        var transcript = HistoryTranscript(
          session, persona: personas.name(of: page.conversation.personaID),
          retry: isEndShown ? session.diagnostics.words.retryCommand(page.conversation.id) : nil)
        try forEachMessage { message in try buffer.write(transcript.add(message)) }
        try buffer.write(transcript.end())
      case .text: try forEachMessage { message in try buffer.write { HistoryCommand.append(message, to: &$0) } }
      }
    }
    try buffer.flush()
  }

  /// For programs: one line of fields.
  private static func append(_ message: Message, to bytes: inout [UInt8]) {
    for field in [
      message.id.rawValue, message.createdAt.rfc3339, message.author.rawValue, message.status.rawValue,
    ] {
      bytes.append(contentsOf: field.utf8)
      bytes.append(UInt8(ascii: "\t"))
    }
    SafeText.appendEscaped(message.content, to: &bytes)
    bytes.append(UInt8(ascii: "\n"))
  }
}

/// A conversation for people: who, when, and the text.
private struct HistoryTranscript {
  private let session: Session
  private let persona: String
  /// The command that asks for the last reply again; nil if that is not shown.
  private let retry: String?
  /// The exchange that may be the last one.
  private var exchange: [Message] = []
  private var isFirst = true

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
      let text = session.wrapped(SafeText.lines(message.content))
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
