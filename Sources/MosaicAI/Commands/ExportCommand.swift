import ArgumentParser
import MosaicAICore

struct ExportCommand: MosaicCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Export a conversation, or everything you have said about a legacy.",
    discussion: """
      Writes Markdown by default; html is one page that needs nothing else. ndjson is what mosaic-ai import reads: it \
      has everything, superseded replies included. Only your own conversations are exported, the latest activity last. \
      --since and --until choose by the time of your messages; replies go with them.
      """)

  @Argument(
    help: ArgumentHelp(
      "The conversation: its id, the start of its id, its name, its title, or last.", valueName: "conversation"),
    completion: .conversations)
  var conversation: String?

  @Option(
    help: ArgumentHelp(
      "Export everything about this legacy: its name, its id or the start of its id.", valueName: "legacy"),
    completion: .legacies)
  var legacy: String?

  @OptionGroup var time: TimeOptions

  @Option(
    name: .output, help: ArgumentHelp("Write markdown, html, json or ndjson (default: markdown).", valueName: "format"))
  var output: ExportFormat?

  @OptionGroup var pager: PagerOption
  @OptionGroup var common: CommonOptions

  var options: [any SettingOptions] { [Choice(format: output)] }

  /// The format of exports.
  private struct Choice: SettingOptions {
    let format: ExportFormat?

    func add(to typed: inout TypedSettings) { typed.output = format?.rawValue }
  }

  func run(_ session: Session) throws {
    let format = try session.format(ExportFormat.self)
    let span = try time.span(session.context)
    try session.paging(pager) { session in
      try session.export(
        conversation, legacy: legacy, in: span, of: session.existingService(), format, to: session.output)
    }
  }
}

extension Session {
  /// Writes a conversation, or everything about a legacy.
  ///
  /// - Parameter conversation: nil for the latest, unless a legacy is given
  /// - Throws: as `ConversationService.export`; `Failure` with code `output_failed`
  func export(
    _ conversation: String?, legacy: String?, in span: TimeSpan = .always, of service: ConversationService,
    _ format: ExportFormat, to output: Output
  ) throws {
    var buffer = OutputBuffer(output)
    switch format {
    case .text, .markdown, .html:
      var transcript = Transcript(format == .html ? .html : .markdown, personaName: try personas().name)
      try service.export(conversation: conversation, legacy: legacy, in: span) { try buffer.write(transcript.add($0)) }
    case .json, .ndjson:
      var writer = ArchiveWriter(format == .ndjson ? .lines : output.layout)
      try service.export(conversation: conversation, legacy: legacy, in: span) { part in
        try buffer.write { writer.add(part, to: &$0) }
      }
    }
    try buffer.flush()
  }
}
