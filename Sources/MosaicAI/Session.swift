import MosaicAICore
import Platform

/// What a command works with: its settings, resolved once, and the services they lead to.
struct Session {
  let settings: Settings
  private(set) var diagnostics: Diagnostics
  private(set) var context: CommandContext
  /// The words and numbers of failures, as events have them.
  let wording: FailureWording

  var output: Output { context.output }
  var input: Input { context.input }

  /// - Parameter typed: the settings that were typed, from all options of the command
  /// - Throws: `Failure` with code `config_invalid`
  init(_ common: CommonOptions, _ typed: TypedSettings, _ context: CommandContext) throws {
    self.init(common, typed, context, file: try context.configurationFile(common.config))
  }

  /// With a configuration file that has been read already.
  init(_ common: CommonOptions, _ typed: TypedSettings, _ context: CommandContext, file: ConfigurationFile) {
    self.context = context
    settings = Settings(
      typed, variables: context.variables, file: file, paths: context.paths, home: context.home,
      loginName: context.loginName)
    let words = AdviceWords(repeatedOptions: common.repeated)
    diagnostics = context.diagnostics.at(common.level, words)
    wording = FailureWording(words)
    let (user, database) = (settings.user, settings.database)
    diagnostics.note(
      "user \(user.value) (\(user.origin)), database \(Session.shown(database: database.value)) (\(database.origin))")
  }

  /// The same for a conversation at a terminal: with its words for advice.
  ///
  /// - Parameter isPlain: without color and without writing over earlier output
  func inConversation(isPlain: Bool) -> Session {
    var session = self
    var words = diagnostics.words
    words.isInConversation = true
    func output(_ output: Output) -> Output { isPlain && output.isTerminal ? output.uncolored : output }
    session.diagnostics.output = output(diagnostics.output)
    session.diagnostics.words = words
    session.context.output = output(context.output)
    return session
  }

  /// The same with another output.
  func writing(to output: Output) -> Session {
    var session = self
    session.context.output = output
    return session
  }

  /// The service over the database, which is created if it is missing.
  ///
  /// - Throws: `Failure` with code `storage_failed`, `busy`, `usage` or `invalid_input`
  func service() throws -> ConversationService {
    let location = try database()
    let store = try location.open()
    warnOfNames(location)
    return try service(store)
  }

  /// Warns about a file that has several names, before anything is written to it.
  func warnOfNames(_ location: DatabaseLocation) {
    guard case .file(let path) = location, let warning = SQLiteStore.warningOfNames(path: path) else { return }
    diagnostics.warn(warning.message, warning.advice)
  }

  /// The service for asking the model. That needs a legacy, so a missing database is created only if there is someone
  /// to ask for the first one.
  ///
  /// - Parameter selection: of a new message; nil for what is stored already, or about a legacy that must be there
  /// - Throws: as `service()`
  func service(for selection: Selection?) throws -> ConversationService {
    guard selection.map(mayAskForLegacy) != true, case .file(let path) = try database(), !LocalFile(path).exists,
      errno == ENOENT
    else { return try service() }
    try SQLiteStore.checkPlace(path)
    return try service(SQLiteStore.inMemory())
  }

  /// The service over the database, or over an empty one if it does not exist: for commands that create nothing.
  ///
  /// - Parameter isWriting: whether the command changes what is there
  /// - Throws: as `service()`; `Failure` with code `storage_failed` if a file was named and is not there
  func existingService(isWriting: Bool = false) throws -> ConversationService {
    let location = try database()
    if case .file(let path) = location { try checkPresent(path) }
    let store = try location.openIfPresent()
    if isWriting { warnOfNames(location) }
    if store == nil {
      let isFile = if case .file = location { true } else { false }
      diagnostics.remark(isFile ? "There is no database yet." : "There is nothing in the database yet.")
    }
    return try service(store ?? SQLiteStore.inMemory())
  }

  /// Whether there is a database, for commands that change nothing.
  ///
  /// - Throws: `Failure` with code `storage_failed` if one was named and is not there
  func checkPresent(_ path: String) throws {
    guard !LocalFile(path).exists, errno == ENOENT, settings.database.origin != .fallback else { return }
    try SQLiteStore.checkPath(path)
    throw Failure(
      .storageFailed, "the database \(path) does not exist (\(settings.database.origin))",
      advice: .either([.text("check \(settings.database.origin)"), .addLegacy]))
  }

  /// The service over a database that is open.
  ///
  /// - Throws: `Failure` with code `invalid_input` for a user's handle that cannot be one; whatever hides the login
  ///   name
  func service(_ store: any Store) throws -> ConversationService {
    if settings.user.origin == .fallback, let failure = context.loginNameFailure { throw failure }
    return try ConversationService(
      store: context.telemetry?.observing(store) ?? store, handle: settings.user.value, now: context.now,
      ids: context.ids, zone: context.zone)
  }

  /// Where the database is.
  ///
  /// - Throws: `Failure` with code `usage`, or `config_invalid` for a value of config.yaml, for a URL of another kind
  ///   than PostgreSQL's: no file or folder is ever made from one, and its password is not shown
  func database() throws -> DatabaseLocation {
    let database = settings.database
    // What the home folder is called makes no server of it.
    if database.origin != .fallback, let address = PostgresAddress(database.value) { return .server(address) }
    var code = FailureCode.usage
    if case .configuration = database.origin { code = .configInvalid }
    return .file(try Session.checkedPath(ofDatabase: database.value, "the database (\(database.origin))", code))
  }

  /// The path of a database in a file.
  ///
  /// - Parameters:
  ///   - what: how to call it in the error
  ///   - code: of the failure
  /// - Throws: `Failure` for a URL, and for what no file can be called
  static func checkedPath(ofDatabase text: String, _ what: String, _ code: FailureCode = .usage) throws -> String {
    try FilePath.checked(
      text, what, code: code,
      advice: "give the path of a file, or a URL like postgresql://USER@HOST/DATABASE with nothing around it")
  }

  /// The path of the database's file, for what only a file can be used for.
  ///
  /// - Parameter instead: PostgreSQL's own program for it
  /// - Throws: as `database()`; `Failure` with code `usage` for a database on a server
  func databaseFile(instead: String) throws -> String {
    switch try database() {
    case .file(let path): return path
    case .server(let address):
      throw Failure(
        .usage, "the database is on a server (\(address)), not in a file",
        advice: "use \(instead), which comes with PostgreSQL")
    }
  }

  /// A database as it can be shown: without a password.
  static func shown(database: String) -> String {
    PostgresAddress(database)?.description ?? FilePath.shown(database)
  }

  /// The built-in personas with the user's file on top.
  ///
  /// - Throws: `Failure` with code `persona_invalid`
  func personas() throws -> PersonaCatalog {
    let personas = try context.personas()
    let count = personas.personas.count
    diagnostics.record(
      Diagnostics.Event(name: "personas.loaded", fields: [JSON.Member("count", .integer(count))]),
      counted(count, "persona"))
    return personas
  }

  /// How Bedrock is reached: the AWS CLI's files are read, nothing is sent.
  func bedrockAccess() -> BedrockAccess {
    let access = BedrockAccess(settings.bedrock, context.bedrockWorld)
    context.telemetry?.trustCertificates(of: access)
    return access
  }

  /// Claude through Bedrock.
  ///
  /// - Throws: `Failure`: the first thing that keeps requests from being made
  func model() throws -> any LanguageModel {
    let source = modelSource()
    return try source.observing(source.make())
  }

  /// Makes the model on any thread. How to reach Bedrock is resolved already, but may turn out not to work.
  func modelSource() -> ModelSource {
    let access = bedrockAccess()
    let endpoint = try? access.endpoint.get().url
    return ModelSource(
      make: { [diagnostics] in
        let model = try access.model { diagnostics.note("credentials from \($0.source)") }
        try diagnostics.note(access.summary())
        return model
      },
      observing: { [telemetry = context.telemetry] model in
        endpoint.flatMap { telemetry?.observing(model, at: $0) } ?? model
      })
  }
}

extension FailureWording {
  /// This program's words and exit statuses.
  init(_ words: AdviceWords) {
    self.init(hint: { $0.advice.map(words.text) }, exitStatus: { Int(ExitStatus($0).number) })
  }
}

/// Makes the model that answers.
struct ModelSource: Sendable {
  /// - Throws: `Failure`: the first thing that keeps requests from being made
  let make: @Sendable () throws -> BedrockModel
  /// Adds the model's replies to the trace, if there is one.
  let observing: @Sendable (any LanguageModel) -> any LanguageModel
}
