import ArgumentParser
import MosaicAICore

struct DatabaseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "database", abstract: "Look after a database that is kept by a PostgreSQL server.",
    subcommands: [Migrate.self])

  struct Migrate: MosaicCommand {
    static let configuration = CommandConfiguration(
      commandName: "migrate", abstract: "Create the tables, or bring them to this version.",
      discussion: """
        Every command that writes does this by itself if its role may create tables. --print writes the SQL instead, \
        for whoever may; it needs no connection.
        """)

    @Flag(help: "Print the SQL for PostgreSQL, and change nothing.")
    var print = false

    @Option(
      help: ArgumentHelp(
        "With --print: the version that the tables have; 0 if there are none (default: 0).", valueName: "version"))
    var from: Int?

    @OptionGroup var common: CommonOptions

    var options: [any SettingOptions] { [] }

    func validate() throws {
      guard from == nil || print else { throw ValidationError("--from only goes with --print.") }
    }

    func run(_ session: Session) throws {
      guard !print else {
        return try session.output.write(PostgresSchema.script(from: from ?? 0) + "\n")
      }
      let location = try session.database()
      _ = try location.open()
      session.diagnostics.remark("The tables of \(location) are those of this version.")
    }
  }
}
