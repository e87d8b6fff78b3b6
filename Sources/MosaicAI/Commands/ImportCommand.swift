import ArgumentParser
import MosaicAICore

struct ImportCommand: MosaicCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Read in what export -o ndjson has written.",
    discussion: """
      The conversations become yours, and come before those you have; a legacy that is not there yet becomes yours too. What is there \
      already is left as it is, so that importing twice adds nothing twice; a conversation that was continued elsewhere is continued \
      here. All of it is imported or, where anything is wrong, nothing.
      """)

  @Argument(
    help: ArgumentHelp("The file to read; - for standard input.", valueName: "file"),
    completion: .file(extensions: ["ndjson"]))
  var file: String

  @OptionGroup var format: FormatOption
  @OptionGroup var common: CommonOptions

  func run(in context: CommandContext) throws {
    let session = try Session(common, context) { $0.output = format.output?.rawValue }
    let isText = try session.listFormat() == .text
    let (bytes, name) = try context.importedFile(file)
    // Reading first: a file that cannot be imported begins no database.
    let archive = try ArchiveReader.read(bytes, name: name)
    let summary = try session.service().add(archive)
    try session.write(summary.record, text: summary.legacyID + "\n")
    if isText { session.diagnostics.warn(summary.text) }
  }
}
