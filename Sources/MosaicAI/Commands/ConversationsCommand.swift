import ArgumentParser
import MosaicAICore

struct ConversationsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "conversations", abstract: "List your conversations, latest first.", subcommands: [List.self],
    defaultSubcommand: List.self
  )

  /// Those of `list`, which is what is done without a subcommand. A subcommand finds in its own what was typed before
  /// it.
  @OptionGroup var filter: FilterOptions
  @OptionGroup var page: PageOptions
  @OptionGroup var format: FormatOption
  @OptionGroup var common: CommonOptions

  struct List: MosaicCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "List your conversations, latest first.")

    @OptionGroup var filter: FilterOptions
    @OptionGroup var page: PageOptions
    @OptionGroup var format: FormatOption
    @OptionGroup var common: CommonOptions

    func run(in context: CommandContext) throws {
      let session = try Session(common, context) { $0.output = format.output?.rawValue }
      try page.check()
      if let persona = filter.persona { _ = try context.personas().persona(id: persona) }
      let conversations = try session.lookingService().conversations(
        legacy: filter.legacy, personaID: filter.persona, limit: page.limit, offset: page.offset)
      try session.write(conversations, record: \.record) { conversations in
        Table(
          columns: [
            .init(heading: "ID"), .init(heading: "LAST MESSAGE", rank: 2), .init(heading: "LEGACY", least: 12, rank: 3),
            .init(heading: "PERSONA", rank: 1), .init(heading: "MESSAGES", rank: 0), .init(heading: "TITLE", least: 24),
          ],
          rows: conversations.map {
            [
              session.id($0.id), session.time($0.lastMessageAt), $0.legacyName, $0.personaID, String($0.messageCount),
              $0.title ?? "",
            ]
          })
      }
      if conversations.isEmpty, context.output.isTerminal {
        session.diagnostics.warn("no conversations yet; begin one: mosaic-ai send MESSAGE")
      }
    }
  }
}
