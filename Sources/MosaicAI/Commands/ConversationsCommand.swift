import ArgumentParser
import MosaicAICore

struct ConversationsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "conversations", abstract: "List your conversations, or give one another title.",
    subcommands: [List.self, Rename.self], defaultSubcommand: List.self)

  /// The options of `list`, the default subcommand: a subcommand finds in its own what was typed before its name.
  @OptionGroup var filter: FilterOptions
  @OptionGroup var narrowing: NarrowingOptions
  @OptionGroup var page: PageOptions
  @OptionGroup var format: FormatOption
  @OptionGroup var common: CommonOptions

  /// What narrows down the conversations that are listed.
  struct NarrowingOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Show only those whose title or name contains all of these words.", valueName: "words"))
    var search: String?

    @OptionGroup var time: TimeOptions
  }

  struct List: MosaicCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "List your conversations, latest first.")

    @OptionGroup var filter: FilterOptions
    @OptionGroup var narrowing: NarrowingOptions
    @OptionGroup var page: PageOptions
    @OptionGroup var format: FormatOption
    @OptionGroup var common: CommonOptions

    var options: [any SettingOptions] { [format] }

    func run(_ session: Session) throws {
      try page.check()
      let span = try narrowing.time.span(session.context)
      let service = try session.existingService()
      let personaID = try filter.persona.map { try service.personaID($0, in: session.personas()) }
      let conversations = try service.conversations(
        legacy: filter.legacy, personaID: personaID, in: span,
        search: narrowing.search, limit: page.limit, offset: page.offset)
      let isForPeople = try session.output.isTerminal && session.listFormat() == .text
      guard isForPeople else {
        return try session.write(conversations, record: \.record) { ConversationsCommand.fields($0, session) }
      }
      let unanswered = try service.unansweredCounts()
      try session.write(ConversationsCommand.table(conversations, unanswered, session))
      let count = conversations.reduce(0) { $0 + (unanswered[$1.id] ?? 0) }
      if count > 0 {
        let retry = session.diagnostics.words.command("send --retry --all")
        session.diagnostics.remark(
          "\(counted(count, "message")) without a reply. Ask again with \(command: retry)")
      }
      if conversations.isEmpty, span == .always, narrowing.search == nil {
        let send = session.diagnostics.words.command("send \"MESSAGE\"")
        session.diagnostics.remark("No conversations yet. Start one with \(command: send)")
      }
    }
  }

  /// For programs.
  private static func fields(_ conversations: [Conversation], _ session: Session) -> Table {
    Table(
      columns: [],
      rows: conversations.map {
        [
          session.id($0.id), session.time($0.lastMessageAt), $0.legacyName, $0.personaID,
          session.number($0.messageCount), $0.title ?? "",
        ]
      })
  }

  /// For people.
  ///
  /// - Parameter unanswered: how many messages have no reply
  private static func table(
    _ conversations: [Conversation], _ unanswered: [ConversationID: Int], _ session: Session
  ) throws -> Table {
    let personas = try session.personas()
    let isMarked = conversations.contains { unanswered[$0.id] != nil }
    return Table(
      columns: [
        .init("TITLE", minimumWidth: 16), .init("ABOUT", minimumWidth: 8, dropOrder: 3), .init("WITH", dropOrder: 1),
        .init("WHEN", dropOrder: 2), .init("MESSAGES", dropOrder: 0, isNumber: true),
      ] + (isMarked ? [.init("NO REPLY", isNumber: true)] : []) + [.init("ID")],
      rows: conversations.map { conversation in
        [
          conversation.title ?? conversation.name ?? "Untitled", conversation.legacyName,
          personas.name(of: conversation.personaID), session.time(conversation.lastMessageAt),
          session.number(conversation.messageCount),
        ] + (isMarked ? [unanswered[conversation.id].map(session.number) ?? ""] : []) + [session.id(conversation.id)]
      })
  }

  struct Rename: MosaicCommand {
    static let configuration = CommandConfiguration(
      commandName: "rename", abstract: "Give a conversation another title.")

    @Argument(
      help: ArgumentHelp(
        "The conversation: its id, the start of its id, its title, or last, the latest of all.",
        valueName: "conversation"),
      completion: .conversations)
    var conversation: String

    @Argument(help: ArgumentHelp("The new title, of 1 to 200 characters.", valueName: "title"))
    var title: String

    @OptionGroup var format: FormatOption
    @OptionGroup var common: CommonOptions

    var options: [any SettingOptions] { [format] }

    func run(_ session: Session) throws {
      let renamed = try session.existingService(isWriting: true).renameConversation(conversation, to: title)
      try session.write(renamed.record, text: "\(renamed.id)\n")
    }
  }
}
