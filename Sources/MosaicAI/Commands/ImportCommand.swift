import ArgumentParser
import MosaicAICore

struct ImportCommand: MosaicCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Import what export -o ndjson wrote.",
    discussion: """
      The conversations become yours, and come before the ones you have; a legacy that is not there yet becomes yours \
      too. What is already there stays as it is, so importing twice adds nothing twice; a conversation that was \
      continued elsewhere is continued here. Either everything is imported or, if anything is wrong, nothing.
      """)

  @Argument(
    help: ArgumentHelp("The file to read; - for standard input.", valueName: "file"),
    completion: .file(extensions: ["ndjson"]))
  var file: String

  @OptionGroup var format: FormatOption
  @OptionGroup var common: CommonOptions

  var options: [any SettingOptions] { [format] }

  func run(_ session: Session) throws {
    let isText = try session.listFormat() == .text
    let archive = try session.context.archiveFile(file, session.input.cancellation)
    let (summary, service) = try add(archive, session)
    try session.write(summary.record, text: "\(summary.legacyID)\n")
    if isText { session.diagnostics.remark(ImportCommand.describe(summary)) }
    // The import is done, whatever becomes of this.
    let left = try service.unindexedMessages()
    if left <= ImportCommand.mostIndexed {
      try session.indexMessages(service)
    } else {
      session.diagnostics.remark(
        "\(grouped(left)) messages are not indexed yet; until you search, the model is reminded of few of them.")
    }
  }

  /// Indexing more takes longer than the import.
  private static let mostIndexed = 200_000

  private func add(_ archive: ArchiveFile, _ session: Session) throws -> (ImportSummary, ConversationService) {
    let isNew = if case .file(let path) = try session.database() { !LocalFile(path).exists } else { false }
    // A file that cannot be imported creates no database.
    let plan = try isNew ? session.service(SQLiteStore.inMemory()).planImport(of: archive) : nil
    let service = try session.service()
    return (try plan.map { try service.carryOut($0, archive) } ?? service.add(archive), service)
  }

  private static func describe(_ summary: ImportSummary) -> String {
    let continued =
      summary.updatedConversations == 0 ? "" : ", continued \(grouped(summary.updatedConversations))"
    return "\(summary.legacyName): added \(counted(summary.addedConversations, "conversation"))\(continued), with "
      + "\(counted(summary.addedMessages, "message")); \(counted(summary.skippedConversations, "conversation")) and "
      + "\(counted(summary.skippedMessages, "message")) were already there."
  }
}
