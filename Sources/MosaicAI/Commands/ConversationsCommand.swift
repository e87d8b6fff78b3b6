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
    @Option(help: ArgumentHelp("Show only those whose title or name has all of these words.", valueName: "words"))
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
      try session.write(conversations, record: \.record) { conversations in
        Table(
          columns: [
            .init("ID"), .init("LAST MESSAGE", dropOrder: 2), .init("LEGACY", minimumWidth: 12, dropOrder: 3),
            .init("PERSONA", dropOrder: 1), .init("MESSAGES", dropOrder: 0), .init("TITLE", minimumWidth: 24),
          ],
          rows: conversations.map {
            [
              session.id($0.id), session.time($0.lastMessageAt), $0.legacyName, $0.personaID,
              session.number($0.messageCount), $0.title ?? "",
            ]
          })
      }
      if conversations.isEmpty, span == .always, narrowing.search == nil, session.output.isTerminal {
        let send = session.diagnostics.words.command("send \"MESSAGE\"")
        session.diagnostics.remark("No conversations yet. Start one with \(command: send)")
      }
    }
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
      let renamed = try session.existingService().renameConversation(conversation, to: title)
      try session.write(renamed.record, text: "\(renamed.id)\n")
    }
  }
}
