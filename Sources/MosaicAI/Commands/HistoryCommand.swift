import ArgumentParser
import MosaicAICore

struct HistoryCommand: MosaicCommand {
  static let configuration = CommandConfiguration(
    commandName: "history", abstract: "Show what was said in a conversation, oldest first.",
    discussion: """
      Shows your latest conversation unless you name one; --legacy and --persona narrow down which is the latest. \
      Through a pipe each message is one line of fields separated by tabs: id, time, role, status and text, with line \
      breaks, tabs and backslashes in the text written as \\n, \\t and \\\\. With --follow such a line comes once the \
      message has ended.
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

  @Flag(help: "Go on with messages and pieces of replies as they are stored, until interrupted.")
  var follow = false

  @OptionGroup var format: FormatOption
  @OptionGroup var pager: PagerOption
  @OptionGroup var common: CommonOptions

  var options: [any SettingOptions] { [format] }

  func run(_ session: Session) throws {
    try page.check()
    try (0...Int.max).check(tail, of: "--tail")
    guard tail == nil || (page.limit == nil && page.offset == nil) else {
      throw Failure(.usage, "--tail cannot be combined with --limit or --offset")
    }
    let refused = [("--limit", page.limit != nil), ("--offset", page.offset != nil), ("--until", time.until != nil)]
    if follow, let (option, _) = refused.first(where: \.1) {
      throw Failure(.usage, "--follow cannot be combined with \(option)")
    }
    let personas = try session.personas()
    let format = try session.listFormat()
    let wanted = ConversationService.Page(
      limit: page.limit, offset: page.offset ?? 0, tail: tail, all: all, in: try time.span(session.context))
    let service = try session.existingService()
    let personaID = try filter.persona.map { try service.personaID($0, in: personas) }
    guard !follow else {
      return try Following(session, service).run(conversation, legacy: filter.legacy, personaID: personaID, wanted) {
        switch format {
        case .json: try ValueFollowingWriter(session.output, $0)
        case .ndjson: RecordFollowingWriter(session.output)
        case .text where session.output.isTerminal:
          TerminalFollowingWriter(session, persona: personas.name(of: $0.conversation.personaID))
        case .text: LineFollowingWriter(session.output)
        }
      }
    }
    try session.paging(pager) { session in
      var buffer = OutputBuffer(session.output)
      try service.history(of: conversation, legacy: filter.legacy, personaID: personaID, wanted) {
        try write($0, $1, format, personas, session, &buffer)
      }
      try buffer.flush()
    }
  }

  private func write(
    _ page: HistoryPage, _ forEachMessage: ((Message) throws -> Void) throws -> Void, _ format: OutputFormat,
    _ personas: PersonaCatalog, _ session: Session, _ buffer: inout OutputBuffer
  ) throws {
    switch format {
    case .json, .ndjson:
      var writer = HistoryWriter(format == .ndjson ? .lines : session.output.layout)
      try buffer.write { writer.begin(to: &$0) }
      try forEachMessage { message in try buffer.write { writer.add(message, to: &$0) } }
      try buffer.write { writer.end(total: page.total, hasMore: page.hasMore, to: &$0) }
    case .text where session.output.isTerminal:
      // Only the last exchange of a conversation can be retried.
      let isEndShown = time.until == nil && (tail != nil || !page.hasMore)
      var transcript = HistoryTranscript(
        session, persona: personas.name(of: page.conversation.personaID),
        retry: isEndShown ? session.diagnostics.words.retryCommand(page.conversation.id) : nil)
      try forEachMessage { message in try buffer.write(transcript.add(message)) }
      try buffer.write(transcript.end())
    case .text: try forEachMessage { message in try buffer.write { HistoryCommand.append(message, to: &$0) } }
    }
  }

  /// For programs: one line of fields.
  static func append(_ message: Message, to bytes: inout [UInt8]) {
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
