import ArgumentParser
import MosaicAICore

struct ConfigCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "config", abstract: "Show and change your settings.",
    discussion: """
      Settings are kept in config.yaml. Environment variables override them, and options override both. Changing one \
      keeps the file's comments and order; nothing is written that could not be read again.
      """,
    subcommands: [List.self, Get.self, Set.self, Unset.self, Path.self], defaultSubcommand: List.self)

  /// The options of `list`, the default subcommand: a subcommand finds in its own what was typed before its name.
  @OptionGroup var format: FormatOption
  @OptionGroup var common: CommonOptions

  struct List: MosaicCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "List all settings: name, value and where it comes from.")

    @OptionGroup var format: FormatOption
    @OptionGroup var common: CommonOptions

    var options: [any SettingOptions] { [format] }

    func run(_ session: Session) throws {
      let configuration = try Configuration(session, common)
      try session.write(try ConfigurationFile.settings.map(configuration.inEffect), record: \.record) { entries in
        Table(
          columns: [.init("NAME"), .init("VALUE", minimumWidth: 16), .init("SET IN", dropOrder: 0)],
          rows: entries.map { [$0.setting.rawValue, $0.value?.value ?? "", $0.value?.origin.description ?? ""] })
      }
    }
  }

  struct Get: MosaicCommand {
    static let configuration = CommandConfiguration(
      commandName: "get", abstract: "Print the value of a setting.",
      discussion: "The value in effect: from the environment variable if it is set, otherwise from config.yaml.")

    @OptionGroup var key: KeyArgument
    @OptionGroup var format: FormatOption
    @OptionGroup var common: CommonOptions

    var options: [any SettingOptions] { [format] }

    func run(_ session: Session) throws {
      let setting = try key.setting()
      let entry = try Configuration(session, common).inEffect(setting)
      guard let value = entry.value else {
        throw Failure(
          .notFound, "\(setting.rawValue) is not set",
          advice: .text("set it with `mosaic-ai config set \(setting.rawValue) VALUE`"))
      }
      try session.write(entry.record, text: SafeText.line(value.value) + "\n")
    }
  }

  struct Set: MosaicCommand {
    static let configuration = CommandConfiguration(commandName: "set", abstract: "Set a setting in config.yaml.")

    @OptionGroup var key: KeyArgument

    @Argument(help: ArgumentHelp("The new value.", valueName: "value"))
    var value: String

    @OptionGroup var format: FormatOption
    @OptionGroup var common: CommonOptions

    var options: [any SettingOptions] { [format] }

    func run(_ session: Session) throws {
      let setting = try key.setting()
      if setting == .database, PostgresAddress(value) == nil {
        _ = try Session.checkedPath(ofDatabase: value, "the database")
      }
      var configuration = try Configuration(session, common)
      // A path may begin with a space.
      let text = setting == .database ? value : value.asReference
      _ = try configuration.change {
        try $0.set(setting, to: text)
        return true
      }
      let entry = try configuration.inEffect(setting)
      try session.write(entry.record, text: "")
      guard let variable = entry.value, case .variable(let name) = variable.origin else { return }
      session.diagnostics.warn("\(name) is set, and overrides config.yaml")
    }
  }

  struct Unset: MosaicCommand {
    static let configuration = CommandConfiguration(
      commandName: "unset", abstract: "Remove a setting from config.yaml.")

    @OptionGroup var key: KeyArgument
    @OptionGroup var format: FormatOption
    @OptionGroup var common: CommonOptions

    var options: [any SettingOptions] { [format] }

    func run(_ session: Session) throws {
      let setting = try key.setting()
      var configuration = try Configuration(session, common)
      if try !configuration.change({ try $0.unset(setting) }) {
        session.diagnostics.remark("\(setting.rawValue) is not set in \(configuration.path).")
      }
      try session.write(configuration.inEffect(setting).record, text: "")
    }
  }

  struct Path: MosaicCommand {
    static let configuration = CommandConfiguration(
      commandName: "path", abstract: "Print where config.yaml is, whether it exists or not.")

    @OptionGroup var format: FormatOption
    @OptionGroup var common: CommonOptions

    var options: [any SettingOptions] { [format] }

    /// A file that cannot be read has a path too.
    func run(in context: CommandContext) throws {
      let named = common.config
      var common = common
      common.config = nil
      try run(Session(common, typedSettings, context, file: ConfigurationFile()), named)
    }

    func run(_ session: Session) throws { try run(session, common.config) }

    private func run(_ session: Session, _ named: String?) throws {
      let path = try named.map { try FilePath.checked($0, "--config") } ?? session.context.paths.configurationFile
      try session.write(["path": .string(path)], text: path + "\n")
    }
  }
}

/// The setting that a subcommand is about.
struct KeyArgument: ParsableArguments {
  @Argument(
    help: ArgumentHelp("The setting, as it is called in config.yaml.", valueName: "key"),
    completion: .list(ConfigurationFile.settings.map(\.rawValue)))
  var key: String

  /// - Throws: `Failure` with code `usage`
  func setting() throws -> Setting { try ConfigurationText.setting(named: key) }
}

/// `config.yaml`, and everything else that its settings depend on.
struct Configuration {
  /// A setting, and its value in effect.
  struct Entry {
    let setting: Setting
    /// Nil if it is not set.
    let value: Sourced<String>?

    var record: JSON {
      [
        "key": .string(setting.rawValue), "value": JSON(value?.value), "origin": JSON(value?.origin.description),
      ]
    }
  }

  let path: String
  private var text: ConfigurationText
  private let session: Session

  /// - Throws: `Failure` with code `config_invalid`
  init(_ session: Session, _ common: CommonOptions) throws {
    path = common.config ?? session.context.paths.configurationFile
    self.session = session
    text = try session.context.configurationText(path)
  }

  /// The value in effect: a variable's, otherwise the file's, otherwise, for AWS settings, that of the AWS CLI's files.
  func inEffect(_ setting: Setting) throws -> Entry {
    let variable = SettingEntry.of(setting).variables.lazy.compactMap { name in
      session.context.variables.variable(name).map { Sourced($0, from: .variable(name)) }
    }.first
    let configured = text.value(of: setting).map { Sourced($0, from: .configuration(setting.rawValue)) }
    let value = variable ?? configured ?? ofProfile(setting)
    switch setting {
    case .database: return Entry(setting: setting, value: value?.map(Session.shown(database:)))
    case .endpointURL: return Entry(setting: setting, value: value?.map(EndpointURL.shown))
    default: return Entry(setting: setting, value: value)
    }
  }

  private func ofProfile(_ setting: Setting) -> Sourced<String>? {
    let access = session.bedrockAccess()
    let found =
      switch setting {
      case .region: access.regionName
      case .endpointURL: access.endpointURL
      default: nil as Sourced<String>?
      }
    switch found?.origin {
    case .profile, .services: return found
    default: return nil
    }
  }

  /// Changes the file, whole or not at all, and keeps what other processes change at the same time.
  ///
  /// - Parameter body: changes the text, more than once perhaps; false if there is nothing to change
  /// - Returns: what `body` returns
  /// - Throws: `Failure` with code `output_failed`, or `config_invalid` if the file has become unreadable; what `body`
  ///   throws; nothing has changed then
  mutating func change(_ body: (inout ConfigurationText) throws -> Bool) throws -> Bool {
    guard try body(&text) else { return false }
    let file = LocalFile(path)
    try file.whileAlone {
      text = try session.context.configurationText(path)
      if try body(&text) { try file.rewrite(with: text.bytes) }
    }
    return true
  }
}
