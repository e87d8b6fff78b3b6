import ArgumentParser
import MosaicAICore

struct PersonasCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "personas", abstract: "Who answers: list the personas, or show one.",
    subcommands: [List.self, Show.self],
    defaultSubcommand: List.self)

  /// Those of `list`, which is what is done without a subcommand. A subcommand finds in its own what was typed before
  /// it.
  @OptionGroup var format: FormatOption
  @OptionGroup var common: CommonOptions

  struct List: MosaicCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the personas.")

    @OptionGroup var format: FormatOption
    @OptionGroup var common: CommonOptions

    func run(in context: CommandContext) throws {
      let session = try Session(common, context) { $0.output = format.output?.rawValue }
      try session.write(context.personas().personas, record: \.record) { personas in
        Table(
          columns: [.init(heading: "ID"), .init(heading: "NAME", rank: 0), .init(heading: "DESCRIPTION", least: 24)],
          rows: personas.map { [$0.id, $0.name, $0.description] })
      }
    }
  }

  struct Show: MosaicCommand {
    static let configuration = CommandConfiguration(
      commandName: "show", abstract: "Show a persona and what it is told before a conversation.",
      discussion: "With a legacy, the prompt has the person's name in its place.")

    @Argument(help: ArgumentHelp("The persona's id.", valueName: "id"), completion: .personas)
    var id: String

    @Option(help: ArgumentHelp("Put this legacy's name into the prompt.", valueName: "legacy"), completion: .legacies)
    var legacy: String?

    @OptionGroup var format: FormatOption
    @OptionGroup var common: CommonOptions

    func run(in context: CommandContext) throws {
      let session = try Session(common, context) { $0.output = format.output?.rawValue }
      let personas = try context.personas()
      let persona = try personas.persona(id: id)
      let name = try legacy.map { try session.lookingService().legacy($0).name } ?? "{legacy_name}"
      let prompt = personas.systemPrompt(of: persona, legacyName: name)
      guard case .object(let members) = persona.record else { return }
      let text = "\(SafeText.line(persona.name)): \(SafeText.line(persona.description))\n\n\(SafeText.lines(prompt))\n"
      try session.write(.object(members + [.init("system_prompt", .string(prompt))]), text: session.wrapped(text))
    }
  }
}
