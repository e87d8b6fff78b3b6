import ArgumentParser
import MosaicAICore

struct LegaciesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "legacies", abstract: "Whose lives are remembered: list, add, rename, share and remove them.",
    subcommands: [List.self, Add.self, Rename.self, Remove.self, Members.self, Share.self, Unshare.self],
    defaultSubcommand: List.self)

  /// Those of `list`, which is what is done without a subcommand. A subcommand finds in its own what was typed before
  /// it.
  @OptionGroup var format: FormatOption
  @OptionGroup var common: CommonOptions

  struct List: MosaicCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List your legacies.")

    @OptionGroup var format: FormatOption
    @OptionGroup var common: CommonOptions

    func run(in context: CommandContext) throws {
      let session = try Session(common, context) { $0.output = format.output?.rawValue }
      let legacies = try session.lookingService().legacies()
      try session.write(legacies, record: \.record) { legacies in
        Table(
          columns: [
            .init(heading: "ID"), .init(heading: "NAME", least: 24), .init(heading: "ROLE", rank: 2),
            .init(heading: "CONVERSATIONS", rank: 1), .init(heading: "ADDED", rank: 0),
          ],
          rows: legacies.map {
            [session.id($0.id), $0.name, $0.role.rawValue, String($0.conversationCount), session.time($0.createdAt)]
          })
      }
      if legacies.isEmpty, context.output.isTerminal {
        session.diagnostics.warn("no legacies yet; add one: mosaic-ai legacies add \"NAME\"")
      }
    }
  }

  struct Add: MosaicCommand {
    static let configuration = CommandConfiguration(
      commandName: "add", abstract: "Add a legacy, and print its id.",
      discussion:
        "Adding a name that you already have, in whatever case, gives that legacy, unless --new asks for a second one.")

    @Argument(help: ArgumentHelp("The person's name.", valueName: "name"))
    var name: String

    @Flag(help: "Add one even if there is one of that name.")
    var new = false

    @OptionGroup var format: FormatOption
    @OptionGroup var common: CommonOptions

    func run(in context: CommandContext) throws {
      let session = try Session(common, context) { $0.output = format.output?.rawValue }
      let (legacy, isNew) = try session.service().addLegacy(name: name, evenIfKnown: new)
      guard case .object(let members) = legacy.record else { return }
      try session.write(.object(members + [.init("created", .bool(isNew))]), text: legacy.id + "\n")
    }
  }

  struct Rename: MosaicCommand {
    static let configuration = CommandConfiguration(commandName: "rename", abstract: "Give a legacy another name.")

    @Argument(
      help: ArgumentHelp("The legacy: a name, an id or its beginning.", valueName: "legacy"), completion: .legacies)
    var legacy: String

    @Argument(help: ArgumentHelp("The new name.", valueName: "name"))
    var name: String

    @OptionGroup var format: FormatOption
    @OptionGroup var common: CommonOptions

    func run(in context: CommandContext) throws {
      let session = try Session(common, context) { $0.output = format.output?.rawValue }
      let renamed = try session.lookingService().renameLegacy(legacy, to: name)
      try session.write(renamed.record, text: renamed.id + "\n")
    }
  }

  struct Remove: MosaicCommand {
    static let configuration = CommandConfiguration(
      commandName: "remove", abstract: "Remove a legacy and all that anybody has said about it.",
      discussion: "Tells what would go, and asks. Nothing of it stays in the database's files.")

    @Argument(
      help: ArgumentHelp("The legacy: a name, an id or its beginning.", valueName: "legacy"), completion: .legacies)
    var legacy: String

    @Flag(name: .shortAndLong, help: "Do not ask.")
    var yes = false

    @OptionGroup var format: FormatOption
    @OptionGroup var common: CommonOptions

    func run(in context: CommandContext) throws {
      let session = try Session(common, context) { $0.output = format.output?.rawValue }
      let service = try session.lookingService()
      let (legacy, conversations, messages) = try service.legacyToRemove(legacy)
      let question =
        "Remove \(legacy.name), with \(conversations) conversation\(conversations == 1 ? "" : "s") and \(messages) message\(messages == 1 ? "" : "s") of everybody?"
      let isConfirmed = try session.confirm(question, yes: yes)
      if isConfirmed { try service.removeLegacy(id: legacy.id) }
      try session.writeDeleted(
        isConfirmed ? [legacy.id] : [],
        "removed \(legacy.name) and \(conversations) conversation\(conversations == 1 ? "" : "s")")
    }
  }

  struct Members: MosaicCommand {
    static let configuration = CommandConfiguration(
      commandName: "members", abstract: "List who has a role in a legacy.")

    @Argument(
      help: ArgumentHelp("The legacy: a name, an id or its beginning.", valueName: "legacy"), completion: .legacies)
    var legacy: String

    @OptionGroup var format: FormatOption
    @OptionGroup var common: CommonOptions

    func run(in context: CommandContext) throws {
      let session = try Session(common, context) { $0.output = format.output?.rawValue }
      try session.write(session.lookingService().members(of: legacy), record: \.record) { members in
        Table(
          columns: [
            .init(heading: "ID"), .init(heading: "HANDLE", least: 12), .init(heading: "ROLE"),
            .init(heading: "SINCE", rank: 0),
          ],
          rows: members.map { [session.id($0.userID), $0.handle, $0.role.rawValue, session.time($0.createdAt)] })
      }
    }
  }

  struct Share: MosaicCommand {
    static let configuration = CommandConfiguration(
      commandName: "share", abstract: "Give somebody a role in a legacy.",
      discussion: "An owner and a member may talk about it; somebody pending may not yet.")

    @Argument(
      help: ArgumentHelp("The legacy: a name, an id or its beginning.", valueName: "legacy"), completion: .legacies)
    var legacy: String

    @Argument(help: ArgumentHelp("Whom.", valueName: "handle"))
    var handle: String

    @Option(help: ArgumentHelp("owner, member or pending.", valueName: "role"))
    var role = Role.member

    @OptionGroup var format: FormatOption
    @OptionGroup var common: CommonOptions

    func run(in context: CommandContext) throws {
      let session = try Session(common, context) { $0.output = format.output?.rawValue }
      let member = try session.lookingService().share(legacy, with: handle, role: role)
      try session.write(member.record, text: "\(member.userID)\n")
    }
  }

  struct Unshare: MosaicCommand {
    static let configuration = CommandConfiguration(
      commandName: "unshare", abstract: "Take somebody's role in a legacy away.",
      discussion: "They keep their own conversations about it, to read, export and delete, but not to continue.")

    @Argument(
      help: ArgumentHelp("The legacy: a name, an id or its beginning.", valueName: "legacy"), completion: .legacies)
    var legacy: String

    @Argument(help: ArgumentHelp("From whom.", valueName: "handle"))
    var handle: String

    @OptionGroup var format: FormatOption
    @OptionGroup var common: CommonOptions

    func run(in context: CommandContext) throws {
      let session = try Session(common, context) { $0.output = format.output?.rawValue }
      let member = try session.lookingService().unshare(legacy, from: handle)
      try session.write(member.record, text: "\(member.userID)\n")
    }
  }
}

extension Role: ExpressibleByArgument {}
