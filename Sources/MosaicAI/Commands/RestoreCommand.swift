import ArgumentParser
import MosaicAICore

struct RestoreCommand: MosaicCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore", abstract: "Put a backup in the database's place.",
    discussion: """
      Verifies the backup first, and refuses while any process uses the database. The previous database is kept \
      next to the new one, under its name with .before-restore.backup added. Even if restore is interrupted, either \
      the old database or the new one is in place.
      """)

  @Argument(
    help: ArgumentHelp("The file to restore, as mosaic-ai backup wrote it.", valueName: "file"), completion: .file())
  var file: String

  @OptionGroup var format: FormatOption
  @OptionGroup var common: CommonOptions

  var options: [any SettingOptions] { [format] }

  func run(_ session: Session) throws {
    let isText = try session.listFormat() == .text
    guard file != "-", !file.isEmpty else {
      throw Failure(.usage, "a restore needs a file", advice: "give the name of a backup")
    }
    let source = try FilePath.checked(file, "the file to restore")
    let database = try session.databaseFile(instead: "pg_restore")
    session.warnOfNames(.file(database))
    let restoration = try SQLiteStore.restore(
      source, to: database, cancellation: session.context.watchSignals().cancellation)
    try session.write(restoration.record, text: restoration.database.path + "\n")
    if let kept = restoration.kept {
      if restoration.isKeptDamaged {
        session.diagnostics.warn("the previous database is damaged; it is kept as it is: \(kept)")
      } else if isText {
        session.diagnostics.remark("The previous database is kept: \(kept)")
      }
    }
  }
}
