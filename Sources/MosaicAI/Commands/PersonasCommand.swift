import ArgumentParser
import MosaicAICore

struct PersonasCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "personas", abstract: "List the personas who answer, or show one.",
    subcommands: [List.self, Show.self], defaultSubcommand: List.self)

  /// The options of `list`, the default subcommand: a subcommand finds in its own what was typed before its name.
  @OptionGroup var format: FormatOption
  @OptionGroup var common: CommonOptions

  struct List: MosaicCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the personas.")

    @OptionGroup var format: FormatOption
    @OptionGroup var common: CommonOptions

    var options: [any SettingOptions] { [format] }

    func run(_ session: Session) throws {
      try session.write(session.personas().personas, record: \.record) { personas in
        Table(
          columns: [.init("ID"), .init("NAME", dropOrder: 0), .init("DESCRIPTION", minimumWidth: 24)],
          rows: personas.map { [$0.id, $0.name, $0.description] })
      }
    }
  }

  struct Show: MosaicCommand {
    static let configuration = CommandConfiguration(
      commandName: "show", abstract: "Show a persona and its instructions.",
      discussion: "With --legacy, the prompt has the person's name in it.")

    @Argument(help: ArgumentHelp("The persona's id.", valueName: "id"), completion: .personas)
    var id: String

    @Option(help: ArgumentHelp("Put this legacy's name in the prompt.", valueName: "legacy"), completion: .legacies)
    var legacy: String?

    @OptionGroup var format: FormatOption
    @OptionGroup var common: CommonOptions

    var options: [any SettingOptions] { [format] }

    func run(_ session: Session) throws {
      let personas = try session.personas()
      let persona = try personas.persona(id: id)
      let name = try legacy.map { try session.existingService().legacy($0).name } ?? "{legacy_name}"
      let prompt = personas.systemPrompt(of: persona, legacyName: name)
      let record = JSON.object((persona.record.members ?? []) + [.init("system_prompt", .string(prompt))])
      let text = "\(SafeText.line(persona.name)): \(SafeText.line(persona.description))\n\n\(SafeText.lines(prompt))\n"
      try session.write(record, text: session.wrapped(text))
    }
  }
}
