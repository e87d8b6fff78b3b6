import ArgumentParser
import MosaicAICore

struct HistoryCommand: MosaicCommand {
  static let configuration = CommandConfiguration(
    commandName: "history", abstract: "Show what was said in a conversation, oldest first.",
    discussion: """
      Without a conversation, the latest one, about --legacy and with --persona if these are given. Through a pipe each message is \
      one line of fields separated by tabs: id, time, role, status, and the text, with its line breaks, tabs and backslashes as \
      \\n, \\t and \\\\.
      """)

  @Argument(
    help: ArgumentHelp(
      "The conversation: an id, its beginning, or last, the latest of all.", valueName: "conversation"),
    completion: .conversations)
  var conversation: String?

  @OptionGroup var filter: FilterOptions
  @OptionGroup var page: PageOptions

  @Option(help: ArgumentHelp("Only the last so many.", valueName: "n"))
  var tail: Int?

  @Flag(help: "Superseded replies too.")
  var all = false

  @OptionGroup var format: FormatOption
  @OptionGroup var common: CommonOptions

  func run(in context: CommandContext) throws {
    let session = try Session(common, context) { $0.output = format.output?.rawValue }
    try page.check()
    guard (tail ?? 0) >= 0 else { throw Failure(.usage, "--tail must not be negative", hint: "give 0 or more") }
    guard tail == nil || (page.limit == nil && page.offset == nil) else {
      throw Failure(.usage, "--tail cannot be combined with --limit or --offset", hint: "use one or the other")
    }
    let personas = try context.personas()
    if let persona = filter.persona { _ = try personas.persona(id: persona) }
    let history = try session.lookingService().history(
      of: conversation, legacy: filter.legacy, personaID: filter.persona,
      ConversationService.Page(limit: page.limit, offset: page.offset ?? 0, tail: tail, all: all))
    switch try session.listFormat() {
    case .json:
      try context.output.write([
        "messages": .array(history.messages.map(\.record)), "total": .integer(history.total),
        "has_more": .bool(history.hasMore),
      ])
    case .ndjson:
      for message in history.messages { try context.output.write(message.record.compact + "\n") }
    case .text where context.output.isTerminal:
      let name =
        personas.personas.first { $0.id == history.conversation.personaID }?.name ?? history.conversation.personaID
      try context.output.write(transcript(history, persona: name, session))
    case .text:
      try context.output.write(
        history.messages.map { message in
          [
            message.id, message.createdAt, message.author.rawValue, message.status.rawValue,
            SafeText.escapedLine(message.content),
          ]
          .joined(separator: "\t") + "\n"
        }.joined())
    }
  }

  /// For people: who, when, and the text.
  private func transcript(_ history: History, persona: String, _ session: Session) -> String {
    let output = session.context.output
    func emphasized(_ text: String) -> String { output.hasColor ? "\u{1b}[1m\(text)\u{1b}[0m" : text }
    func faint(_ text: String) -> String { output.hasColor ? "\u{1b}[2m\(text)\u{1b}[0m" : text }
    // Only the last exchange of a conversation can be asked again.
    let last =
      tail != nil || !history.hasMore
      ? history.messages.lastIndex { $0.author == .user } ?? 0 : history.messages.endIndex
    let retry = ConversationService.retryCommand(history.conversation.id) + session.retryOptions
    let paragraphs = history.messages.enumerated().map { index, message in
      let who = message.author == .user ? "You" : SafeText.line(persona)
      let status = HistoryCommand.remark(on: message, retry: index >= last ? retry : nil).map { "  (\($0))" } ?? ""
      let text = session.wrapped(SafeText.lines(message.content))
      return
        "\(emphasized(who))  \(faint(session.time(message.createdAt) + status))\n\(text)\(text.hasSuffix("\n") ? "" : "\n")"
    }
    return paragraphs.joined(separator: "\n")
  }

  /// What there is to say about a message that is not as it should be.
  ///
  /// - Parameter retry: the command that asks again, where that can be done
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
