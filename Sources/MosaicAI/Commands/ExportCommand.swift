import ArgumentParser
import MosaicAICore

struct ExportCommand: MosaicCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write out a conversation, or all you have said about a legacy.",
    discussion: """
      As Markdown unless told otherwise; as html it is one page that needs nothing else. ndjson is what mosaic-ai import reads: it \
      holds everything, superseded replies too. Only your own conversations are exported, oldest activity first.
      """)

  @Argument(
    help: ArgumentHelp("The conversation: an id, its beginning, or last.", valueName: "conversation"),
    completion: .conversations)
  var conversation: String?

  @Option(
    help: ArgumentHelp("All about this legacy: a name, an id or its beginning.", valueName: "legacy"),
    completion: .legacies)
  var legacy: String?

  @Option(name: .output, help: ArgumentHelp("markdown, html, json or ndjson.", valueName: "format"))
  var output: ExportFormat?

  @OptionGroup var common: CommonOptions

  func run(in context: CommandContext) throws {
    let session = try Session(common, context) { $0.output = output?.rawValue }
    guard let format = ExportFormat(rawValue: session.settings.output.value) else {
      throw Failure(
        .usage, "this command cannot write \(session.settings.output.value) (\(session.settings.output.origin))",
        hint: "choose markdown, html, json or ndjson with --output")
    }
    let archive = try session.lookingService().archive(conversation: conversation, legacy: legacy)
    func transcript() throws -> Transcript {
      let personas = try context.personas().personas
      return Transcript(archive) { id in personas.first { $0.id == id }?.name ?? id }
    }
    switch format {
    case .text, .markdown: try context.output.write(transcript().markdown)
    case .html: try context.output.write(transcript().html)
    case .json: try context.output.write(archive.record)
    case .ndjson: for line in archive.lines { try context.output.write(line.compact + "\n") }
    }
  }
}
