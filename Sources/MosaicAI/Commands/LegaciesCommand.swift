import ArgumentParser
import MosaicAICore

struct LegaciesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "legacies", abstract: "List, add, rename, share and remove the people whose lives are remembered.",
    subcommands: [List.self, Add.self, Rename.self, Remove.self, Members.self, Share.self, Unshare.self],
    defaultSubcommand: List.self)

  /// The options of `list`, the default subcommand: a subcommand finds in its own what was typed before its name.
  @OptionGroup var format: FormatOption
  @OptionGroup var common: CommonOptions

  struct List: MosaicCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List your legacies.")

    @OptionGroup var format: FormatOption
    @OptionGroup var common: CommonOptions

    var options: [any SettingOptions] { [format] }

    func run(_ session: Session) throws {
      let legacies = try session.existingService().legacies()
      try session.write(legacies, record: \.record) { legacies in
        Table(
          columns: [
            .init("ID"), .init("NAME", minimumWidth: 24), .init("ROLE", dropOrder: 2),
            .init("CONVERSATIONS", dropOrder: 1), .init("ADDED", dropOrder: 0),
          ],
          rows: legacies.map {
            [
              session.id($0.id), $0.name, $0.role.rawValue, session.number($0.conversationCount),
              session.time($0.createdAt),
            ]
          })
      }
      if legacies.isEmpty, session.output.isTerminal {
        let add = session.diagnostics.words.command("legacies add \"NAME\"")
        session.diagnostics.remark("No legacies yet. Add one with \(command: add)")
      }
    }
  }

  struct Add: MosaicCommand {
    static let configuration = CommandConfiguration(
      commandName: "add", abstract: "Add a legacy, and print its id.",
      discussion: """
        Adding a name that you already have, whatever its case and accents, prints that legacy; --new adds a second one.
        """)

    @Argument(help: ArgumentHelp("The person's name.", valueName: "name"))
    var name: String

    @Flag(help: "Add a legacy even if you have one with that name.")
    var new = false

    @OptionGroup var format: FormatOption
    @OptionGroup var common: CommonOptions

    var options: [any SettingOptions] { [format] }

    func run(_ session: Session) throws {
      // No database is made for a name that cannot be one.
      let name = try Rules.name(name, "the name")
      let (legacy, isNew) = try session.service().addLegacy(name: name, evenIfKnown: new)
      let record = JSON.object((legacy.record.members ?? []) + [.init("created", .bool(isNew))])
      try session.write(record, text: "\(legacy.id)\n")
      guard session.output.isTerminal, try session.listFormat() == .text else { return }
      let all = try session.existingService().legacies().filter(\.role.mayChat)
      let isNamesake = all.contains { $0.id != legacy.id && $0.name.folded == legacy.name.folded }
      let reference = isNamesake ? legacy.id.short(among: all.map(\.id)) : shellQuoted(legacy.name)
      let choice = all.count == 1 ? "" : "--legacy \(reference) "
      let send = session.diagnostics.words.command("send \(choice)\"MESSAGE\"")
      session.diagnostics.remark(
        "\(isNew ? "Added \(legacy.name)." : "\(legacy.name) is already there.") Begin with \(command: send)")
    }
  }

  struct Rename: MosaicCommand {
    static let configuration = CommandConfiguration(commandName: "rename", abstract: "Rename a legacy.")

    @OptionGroup var target: WholeLegacyArgument

    @Argument(help: ArgumentHelp("The new name.", valueName: "name"))
    var name: String

    @Flag(help: "Rename it even if you have another legacy with that name.")
    var new = false

    @OptionGroup var format: FormatOption
    @OptionGroup var common: CommonOptions

    var options: [any SettingOptions] { [format] }

    func run(_ session: Session) throws {
      let renamed = try session.existingService(isWriting: true).renameLegacy(
        target.legacy, to: name, evenIfKnown: new)
      try session.write(renamed.record, text: "\(renamed.id)\n")
    }
  }

  struct Remove: MosaicCommand {
    static let configuration = CommandConfiguration(
      commandName: "remove", abstract: "Remove a legacy, and everything that anyone has said about it.",
      discussion: """
        Says what would be deleted, and asks; if it includes conversations of others, you have to type the name. \
        Nothing of it stays in the database's files.
        """)

    @OptionGroup var target: WholeLegacyArgument

    @Flag(name: .shortAndLong, help: "Remove without asking.")
    var yes = false

    @OptionGroup var format: FormatOption
    @OptionGroup var common: CommonOptions

    var options: [any SettingOptions] { [format] }

    func run(_ session: Session) throws {
      let service = try session.existingService(isWriting: true)
      let content = try service.legacyToRemove(target.legacy)
      let (legacy, conversations) = (content.legacy, content.conversations)
      let question =
        "Remove \(legacy.name), with everyone's \(counted(conversations, "conversation")) and "
        + "\(counted(content.messages, "message"))?"
      let others = content.othersConversations
      let isConfirmed =
        others > 0
        ? try session.confirm(
          "\(question) \(others == 1 ? "1 of them is" : "\(grouped(others)) of them are") not yours. "
            + "Type the name to remove it:",
          byTyping: legacy.name, yes: yes)
        : try session.confirm(question, yes: yes)
      if isConfirmed { try service.removeLegacy(id: legacy.id) }
      try session.writeDeleted(
        isConfirmed ? [legacy.id] : [], "Removed \(legacy.name) and \(counted(conversations, "conversation")).")
    }
  }

  struct Members: MosaicCommand {
    static let configuration = CommandConfiguration(
      commandName: "members", abstract: "List who has a role in a legacy.")

    @OptionGroup var target: LegacyArgument
    @OptionGroup var format: FormatOption
    @OptionGroup var common: CommonOptions

    var options: [any SettingOptions] { [format] }

    func run(_ session: Session) throws {
      try session.write(session.existingService().members(of: target.legacy), record: \.record) { members in
        Table(
          columns: [.init("ID"), .init("HANDLE", minimumWidth: 12), .init("ROLE"), .init("SINCE", dropOrder: 0)],
          rows: members.map { [session.id($0.userID), $0.handle, $0.role.rawValue, session.time($0.createdAt)] })
      }
    }
  }

  struct Share: MosaicCommand {
    static let configuration = CommandConfiguration(
      commandName: "share", abstract: "Give someone a role in a legacy.",
      discussion: "Owners and members can talk about it; someone pending cannot yet.")

    @OptionGroup var target: LegacyArgument

    @Argument(help: ArgumentHelp("The person's handle.", valueName: "handle"), completion: .handles)
    var handle: String

    @Option(help: ArgumentHelp("Give them this role: owner, member or pending.", valueName: "role"))
    var role = Role.member

    @OptionGroup var format: FormatOption
    @OptionGroup var common: CommonOptions

    var options: [any SettingOptions] { [format] }

    func run(_ session: Session) throws {
      let service = try session.existingService(isWriting: true)
      let nearest = try service.nearestHandles(to: handle)
      let member = try service.share(target.legacy, with: handle, role: role)
      try session.write(member.record, text: "\(member.userID)\n")
      guard let nearest else { return }
      let message = "\(member.handle) has never used this database"
      if nearest.isEmpty {
        session.diagnostics.warn(message)
      } else {
        session.diagnostics.warn(message, .didYouMean(nearest))
      }
    }
  }

  struct Unshare: MosaicCommand {
    static let configuration = CommandConfiguration(
      commandName: "unshare", abstract: "Take away someone's role in a legacy.",
      discussion: "They keep their own conversations about it: to read, export and delete, but not to continue.")

    @OptionGroup var target: LegacyArgument

    @Argument(help: ArgumentHelp("The person's handle.", valueName: "handle"), completion: .handles)
    var handle: String

    @OptionGroup var format: FormatOption
    @OptionGroup var common: CommonOptions

    var options: [any SettingOptions] { [format] }

    func run(_ session: Session) throws {
      let member = try session.existingService(isWriting: true).unshare(target.legacy, from: handle)
      try session.write(member.record, text: "\(member.userID)\n")
    }
  }
}

/// The legacy that a subcommand is about.
struct LegacyArgument: ParsableArguments {
  @Argument(
    help: ArgumentHelp("The legacy: its name, its id, or the start of either.", valueName: "legacy"),
    completion: .legacies)
  var legacy: String
}

/// The legacy that a subcommand changes for everyone.
struct WholeLegacyArgument: ParsableArguments {
  @Argument(
    help: ArgumentHelp("The legacy: its whole name, its id or the start of its id.", valueName: "legacy"),
    completion: .legacies)
  var legacy: String
}

extension Role: ExpressibleByArgument {}
