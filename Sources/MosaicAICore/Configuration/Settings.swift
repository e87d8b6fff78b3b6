/// What holds for this command: flags beat the environment, that beats `config.yaml`, that beats what is built in.
public struct Settings: Equatable, Sendable {
  /// Path of the database, absolute or relative to the working folder.
  public let database: Sourced<String>
  /// The user's handle.
  public let user: Sourced<String>
  /// A legacy's name or id, where one is chosen.
  public let legacy: Sourced<String>?
  /// A persona's id.
  public let persona: Sourced<String>
  /// A model's id, where one is chosen; nil: the persona's.
  public let model: Sourced<String>?
  /// An output format's name.
  public let output: Sourced<String>
  /// What is set in `config.yaml` alone.
  public let file: ConfigurationFile

  /// What was typed; nil where it was not.
  public struct Flags: Equatable, Sendable {
    public var database: String?
    public var user: String?
    public var legacy: String?
    public var persona: String?
    public var model: String?
    public var output: String?

    public init() {}
  }

  /// - Parameter loginName: the user where nothing else says who
  public init(
    flags: Flags, variables: [String: String], file: ConfigurationFile, paths: Paths, home: String, loginName: String
  ) {
    func choose(_ flag: String?, _ name: String, _ configured: String?) -> Sourced<String>? {
      if let flag { return Sourced(flag, from: .flag("--\(name)")) }
      let variable = "MOSAIC_AI_\(name.uppercased())"
      if let value = variables[variable], !value.isEmpty { return Sourced(value, from: .variable(variable)) }
      return configured.map { Sourced($0, from: .configuration(name)) }
    }
    database =
      choose(flags.database, "database", file.database.map { Paths.expandingTilde($0, home: home) })
      ?? Sourced(paths.database, from: .fallback)
    user = choose(flags.user, "user", file.user) ?? Sourced(loginName, from: .fallback)
    legacy = choose(flags.legacy, "legacy", file.legacy)
    persona = choose(flags.persona, "persona", file.persona) ?? Sourced("biographer", from: .fallback)
    model = choose(flags.model, "model", file.model)
    output = choose(flags.output, "output", file.output) ?? Sourced("text", from: .fallback)
    self.file = file
  }
}
