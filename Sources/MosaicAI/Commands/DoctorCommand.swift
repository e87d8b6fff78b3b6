import ArgumentParser
import MosaicAICore

/// `doctor`: every setting, where it was made, and whether `send` would work with it.
struct DoctorCommand: MosaicCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Show what is configured, where it comes from, and whether it works.",
    discussion: """
      Checks everything that send depends on, and changes nothing: files, database, region and endpoint, proxy and \
      certificates, credentials. On a terminal, the verdict comes first, then the problems; -v shows every check. The \
      exit status is the one that send would have: 0 if doctor finds no problem, otherwise that of the first problem.
      """)

  @Flag(help: "Also read the whole database, which takes time if it is large.")
  var deep = false

  @Flag(help: "Also ask the model for one word, which costs a few tokens, and look up when it will be shut down.")
  var online = false

  @Option(help: .setting(.persona), completion: .personas)
  var persona: String?

  @Option(help: .setting(.legacy), completion: .legacies)
  var legacy: String?

  @OptionGroup var model: ModelOption
  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var format: FormatOption
  @OptionGroup var common: CommonOptions

  var options: [any SettingOptions] { [Choice(command: self), model, connection, format] }

  /// The options of the command itself.
  private struct Choice: SettingOptions {
    let command: DoctorCommand

    func add(to typed: inout TypedSettings) {
      typed.legacy = command.legacy
      typed.persona = command.persona
    }
  }

  /// A configuration file that cannot be read is a finding; the other checks go on.
  func run(in context: CommandContext) throws {
    try model.check()
    try connection.check()
    var checks = [Check.ok("version", Release.version)]
    let file = readConfiguration(context, into: &checks)
    try run(Session(common, typedSettings, context, file: file), checks)
  }

  func run(_ session: Session) throws { try run(session, []) }

  /// Checks everything, writes what was found, and ends with the first problem.
  private func run(_ session: Session, _ earlier: [Check]) throws {
    _ = try session.listFormat()
    var checks = earlier
    var databaseChecks: [Check] = []
    let service = checkDatabase(session, into: &databaseChecks)
    let answering = findPersona(session, service, into: &checks)
    checks.append(questions(session.context))
    checks += databaseChecks
    checkConnection(session, answering, into: &checks)
    try session.write(DoctorReport(checks: checks, words: session.diagnostics.words))
    guard let failure = checks.firstFailure else { return }
    // Someone at a terminal has just read it.
    let isShown = try session.output.isTerminal && session.listFormat() == .text
    throw isShown ? ReportedFailure(failure: failure) : failure
  }

  /// Checks `config.yaml`. Without it, or if it is broken, defaults apply.
  private func readConfiguration(_ context: CommandContext, into checks: inout [Check]) -> ConfigurationFile {
    let path = common.config ?? context.paths.configurationFile
    let origin: SettingOrigin = common.config == nil ? .fallback : .option("--config")
    do {
      let file = try context.configurationFile(common.config)
      checks.append(
        .ok("config_file", path, origin: origin, message: LocalFile(path).exists ? nil : "does not exist"))
      return file
    } catch {
      checks.append(.error("config_file", path, origin: origin, because: .from(error)))
      return ConfigurationFile()
    }
  }

  /// Checks `personas.yaml` and gives the persona that would answer; nil if none has its id.
  ///
  /// - Parameter service: over the database, if it can be read
  private func findPersona(
    _ session: Session, _ service: ConversationService?, into checks: inout [Check]
  ) -> Persona? {
    let path = session.context.paths.personasFile
    do {
      let personas = try session.personas()
      checks.append(.ok("personas_file", path, message: LocalFile(path).exists ? nil : "does not exist"))
      checks.append(.ok("personas", String(personas.personas.count)))
      let chosen = session.settings.persona
      var selection = Selection()
      selection.legacy = session.settings.legacy.map { .init($0.value, isBinding: false) }
      let latest = chosen == nil ? try? service?.place(of: selection, personas: personas) : nil
      let check = Check.persona(
        chosen, latestID: latest?.isPersonaOfLatest == true ? latest?.personaID : nil, personas)
      checks.append(check)
      return check.value.flatMap { personas[$0] }
    } catch {
      checks.append(.error("personas_file", path, because: .from(error)))
      checks.append(.unknown("persona", until: "correct personas.yaml"))
      return nil
    }
  }

  /// Checks `questions.yaml`, on which nothing else depends.
  private func questions(_ context: CommandContext) -> Check {
    let path = context.paths.questionsFile
    do {
      _ = try context.questions()
      return .ok("questions_file", path, message: LocalFile(path).exists ? nil : "does not exist")
    } catch {
      return .error("questions_file", path, because: .from(error))
    }
  }

  /// Checks the database, the user and the legacy. Gives the service over what can be read.
  private func checkDatabase(_ session: Session, into checks: inout [Check]) -> ConversationService? {
    let user = session.settings.user
    do {
      let database = DatabaseChecks(
        Sourced(try session.database(), from: session.settings.database.origin), isDeep: deep)
      checks += database.checks
      let service = try session.service(database.store ?? SQLiteStore.inMemory())
      checks.append(.ok("user", user.value, origin: user.origin))
      let isKnown = database.store != nil || database.checks.firstFailure == nil
      checks.append(
        isKnown ? .legacy(session.settings.legacy, service) : .unknown("legacy", until: "fix the database"))
      return service
    } catch {
      let failure = Failure.from(error)
      checks.append(.error(failure.code == .invalidInput ? "user" : "database", because: failure))
      return nil
    }
  }

  /// Checks how Bedrock is reached and, if asked to, whether it answers.
  private func checkConnection(_ session: Session, _ persona: Persona?, into checks: inout [Check]) {
    let access = session.bedrockAccess()
    let connection = ConnectionChecks(access)
    let settings = session.settings
    let model = Check.model(settings.model, persona, region: connection.region)
    checks.append(model)
    let fields = settings.modelFields?.value ?? persona?.modelFields
    if let fields {
      let own = persona.map { SettingOrigin.persona($0.id) }
      checks.append(.ok("model_fields", fields.json.compact, origin: settings.modelFields?.origin ?? own))
    }
    checks += connection.checks
    checks.append(.libcurl())
    guard let chain = try? access.credentials() else {
      return checks.append(.unknown("credentials", until: "solve the problems above"))
    }
    let credentials = CredentialsChecks(chain, now: session.context.now())
    checks += credentials.checks
    guard online else { return }
    guard let resolution = credentials.resolution, let modelID = model.value, checks.firstFailure == nil else {
      return checks.append(.unknown("model_access", until: "solve the problems above"))
    }
    let limit = settings.maximumTokens?.value ?? persona?.maximumTokens ?? Persona.defaultMaximumTokens
    let probe = ModelProbe(access, with: resolution, modelID: modelID, fields: fields, maximumTokens: limit)
    checks.append(probe.check)
    checks.append(.lifecycle(of: modelID, access, with: probe.resolution, clockOffset: probe.clockOffset))
  }
}
