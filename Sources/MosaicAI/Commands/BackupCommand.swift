import ArgumentParser
import MosaicAICore

struct BackupCommand: MosaicCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup", abstract: "Copy the database to a file, and verify the copy.",
    discussion: """
      The copy is consistent even if other processes write meanwhile. It holds what all users have said, and is a \
      database by itself: one file, which --database opens. It gets its name only when it is complete, verified and on \
      disk, and only you can read it.
      """)

  @Argument(help: ArgumentHelp("The file to write.", valueName: "file"), completion: .file())
  var file: String

  @Flag(help: "Replace an existing file.")
  var force = false

  @OptionGroup var format: FormatOption
  @OptionGroup var common: CommonOptions

  var options: [any SettingOptions] { [format] }

  func run(_ session: Session) throws {
    _ = try session.listFormat()
    guard file != "-", !file.isEmpty else {
      throw Failure(.usage, "a backup needs a file", advice: "give the name of a file to write")
    }
    let target = try FilePath.checked(file, "the file to write")
    let database = try session.databaseFile(instead: "pg_dump")
    try session.checkPresent(database)
    let backup = try SQLiteStore.backUp(
      path: database, to: target, isReplacing: force,
      cancellation: session.context.watchSignals().cancellation)
    try session.write(backup.record, text: backup.path + "\n")
  }
}
