import ArgumentParser
import MosaicAICore

/// `doctor`: every setting, where it was made, and whether `send` would work with it.
struct DoctorCommand: MosaicCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Tell what is configured, from where, and whether it works.",
    discussion: """
      Checks all that send depends on, and changes nothing: files, database, region and endpoint, proxy and certificates, credentials. \
      Ends as send would: with 0 if that would work as far as can be told, else with the status of the first problem.
      """)

  @Flag(help: "Ask the model for a word too, which costs a few tokens.")
  var online = false

  @Option(help: ArgumentHelp("Who would answer.", valueName: "persona"), completion: .personas)
  var persona: String?

  @Option(
    help: ArgumentHelp("Whom it would be about: a name, an id or its beginning.", valueName: "legacy"),
    completion: .legacies)
  var legacy: String?

  @OptionGroup var model: ModelOption
  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var format: FormatOption
  @OptionGroup var common: CommonOptions

  /// Checks everything, writes what was found, and ends with the first problem.
  func run(in context: CommandContext) throws {
    try model.check()
    try connection.check()
    var checks = [Check.ok("version", Program.version)]
    let file = readConfiguration(context, into: &checks)
    let session = Session(common, context, file: file) {
      $0.output = format.output?.rawValue
      $0.legacy = legacy
      $0.persona = persona
      $0.model = model.model
    }
    _ = try session.listFormat()
    let answering = findPersona(session, into: &checks)
    checkDatabase(session, into: &checks)
    checkConnection(session, answering, into: &checks)
    try session.write(checks)
    if let failure = checks.firstFailure { throw failure }
  }

  /// Checks `config.yaml`. Without it, or with a broken one, defaults hold.
  private func readConfiguration(_ context: CommandContext, into checks: inout [Check]) -> ConfigurationFile {
    let path = common.config ?? context.paths.configurationFile
    let origin: SettingOrigin = common.config == nil ? .fallback : .flag("--config")
    do {
      let file = try context.configurationFile(common.config)
      checks.append(.ok("config_file", path, origin: origin, message: context.isThere(path) ? nil : "not there"))
      return file
    } catch {
      checks.append(.error("config_file", path, origin: origin, because: .from(error)))
      return ConfigurationFile()
    }
  }

  /// Checks `personas.yaml` and gives the persona that would answer; nil where there is no such one.
  private func findPersona(_ session: Session, into checks: inout [Check]) -> Persona? {
    let context = session.context
    let path = session.paths.personasFile
    do {
      let personas = try context.personas()
      checks.append(.ok("personas_file", path, message: context.isThere(path) ? nil : "not there"))
      checks.append(.ok("personas", String(personas.personas.count)))
      checks.append(.persona(session.settings.persona, personas))
      return personas.personas.first { $0.id == session.settings.persona.value }
    } catch {
      checks.append(.error("personas_file", path, because: .from(error)))
      checks.append(.unknown("persona", until: "correct personas.yaml"))
      return nil
    }
  }

  /// Checks the database, the user and the legacy.
  private func checkDatabase(_ session: Session, into checks: inout [Check]) {
    let database = DatabaseChecks(session.settings.database)
    checks += database.checks
    let user = session.settings.user
    do {
      let service = try session.service(database.store ?? .inMemory())
      checks.append(.ok("user", user.value, origin: user.origin))
      let isKnown = database.store != nil || database.checks.firstFailure == nil
      checks.append(
        isKnown ? .legacy(session.settings.legacy, service) : .unknown("legacy", until: "make the database work"))
    } catch {
      checks.append(.error("user", user.value, origin: user.origin, because: .from(error)))
    }
  }

  /// Checks how Bedrock is reached, and, if asked to, whether it answers.
  private func checkConnection(_ session: Session, _ persona: Persona?, into checks: inout [Check]) {
    let (context, file) = (session.context, session.settings.file)
    let connected = try? connection.bedrock(session, .never)
    // Settings that do not fit together are looked at one by one all the same.
    let aws =
      connected?.aws
      ?? BedrockConnection.awsContext(
        connection, session, .never,
        context.makeTransport(
          TransportConfiguration(userAgent: Program.userAgent, variables: context.variables, certificateFile: nil)))
    var choices = ConnectionChecks.Choices()
    choices.regionFlag = connection.region
    choices.configuredRegion = file.region
    choices.endpointFlag = connection.endpointUrl
    choices.configuredEndpoint = file.endpointURL
    let reach = ConnectionChecks(choices, aws)
    let model = Check.model(session.settings.model, persona, region: reach.region)
    checks.append(model)
    checks += reach.checks
    checks.append(.libcurl())
    guard let chain = reach.chain else {
      return checks.append(.unknown("credentials", until: "correct the AWS profile and the region"))
    }
    let credentials = CredentialsChecks(chain, now: context.now())
    checks += credentials.checks
    guard online else { return }
    guard let connected, let resolution = credentials.resolution, let modelID = model.value, checks.firstFailure == nil
    else {
      return checks.append(.unknown("model_access", until: "solve the problems above"))
    }
    let probe = ModelProbe(through: connected.aws.transport)
    checks.append(probe.check(connected.client(with: resolution, through: probe.transport), modelID: modelID))
  }
}
