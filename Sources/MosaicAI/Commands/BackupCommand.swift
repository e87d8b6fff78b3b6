import ArgumentParser
import MosaicAICore

struct BackupCommand: MosaicCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup", abstract: "Copy the database into a file, and check the copy.",
    discussion: """
      The copy is consistent whatever other processes write meanwhile, holds what everybody has said, and is a database of its own: \
      one file, which --database opens. It gets its name only when it is complete, checked and on disk, and only you can read it.
      """)

  @Argument(help: ArgumentHelp("The file to write.", valueName: "file"), completion: .file())
  var file: String

  @Flag(help: "Replace a file that is there.")
  var force = false

  @OptionGroup var format: FormatOption
  @OptionGroup var common: CommonOptions

  func run(in context: CommandContext) throws {
    let session = try Session(common, context) { $0.output = format.output?.rawValue }
    _ = try session.listFormat()
    guard file != "-", !file.isEmpty else {
      throw Failure(.usage, "a backup goes to a file", hint: "give the name of one")
    }
    let backup = try Store.backUp(
      path: session.settings.database.value, to: file, isReplacing: force, cancellation: context.watchSignals())
    try session.write(backup.record, text: backup.path + "\n")
  }
}
