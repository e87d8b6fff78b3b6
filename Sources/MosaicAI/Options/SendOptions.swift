import ArgumentParser
import MosaicAICore

/// Which conversation a message belongs to.
struct SelectionOptions: ParsableArguments, SettingOptions {
  @Option(help: .setting(.persona), completion: .personas)
  var persona: String?

  @Option(help: .setting(.legacy), completion: .legacies)
  var legacy: String?

  @Option(
    help: ArgumentHelp(
      "Continue this conversation: its id, the start of its id, its name, its title, or last, the latest of all.",
      valueName: "conversation"),
    completion: .conversations)
  var conversation: String?

  @Flag(help: "Start a new conversation.")
  var new = false

  @Option(
    help: ArgumentHelp(
      "Continue your conversation of exactly this name with that legacy and persona, or start it.", valueName: "name"),
    completion: .conversationNames)
  var name: String?

  @Option(help: ArgumentHelp("Give the conversation this title.", valueName: "title"))
  var title: String?

  func add(to typed: inout TypedSettings) {
    typed.legacy = legacy
    typed.persona = persona
  }

  /// The conversation that these options choose.
  ///
  /// - Parameter isRetry: the message is already there; then only options and the environment say where, since what is
  ///   configured is for new messages
  func selection(_ settings: Settings, isRetry: Bool) -> Selection {
    func choice(_ setting: Sourced<String>) -> Selection.Choice {
      let isBinding =
        switch setting.origin {
        case .option: true
        case .variable: isRetry && conversation == nil
        default: false
        }
      return Selection.Choice(setting.value, isBinding: isBinding)
    }
    var selection = Selection(persona: settings.persona.map(choice))
    selection.legacy = settings.legacy.map(choice)
    if let conversation {
      selection.target = .conversation(conversation)
    } else if let name {
      selection.target = .named(name)
    } else if new {
      selection.target = .new
    }
    selection.title = title
    return selection
  }

  /// - Throws: `Failure` with code `usage` for two ways to say which conversation
  func check() throws {
    let given = [("--conversation", conversation != nil), ("--name", name != nil), ("--new", new)].filter(\.1).map(\.0)
    if given.count > 1 { throw Failure(.usage, "\(given[0]) cannot be combined with \(given[1])") }
  }
}

/// Which model is asked, and with which parameters of its own.
struct ModelOption: ParsableArguments, SettingOptions {
  @Option(help: .setting(.model))
  var model: String?

  @Option(help: .setting(.modelFields), transform: ModelFields.init(parsing:))
  var modelFields: ModelFields?

  func add(to typed: inout TypedSettings) {
    typed.model = model
    typed.modelFields = modelFields
  }

  /// - Throws: `Failure` with code `usage`
  func check() throws {
    if let model, !ModelRequest.isModelID(model) {
      throw Failure(
        .usage, "--model must be a model id, an inference profile id or an ARN",
        advice: "for example \(Persona.defaultModelID)")
    }
  }
}

/// What the model is asked for.
struct ModelOptions: ParsableArguments, SettingOptions {
  @OptionGroup var id: ModelOption

  @Option(help: .setting(.maximumTokens))
  var maxTokens: Int?

  @Option(help: .setting(.temperature))
  var temperature: Double?

  @Flag(help: .setting(.promptCache))
  var noPromptCache = false

  @Option(help: .setting(.recallTokens))
  var recallTokens: Int?

  @Option(
    help: ArgumentHelp(
      "Check the reply with this guardrail: its id or ARN, a colon and its version.", valueName: "id:version"))
  var guardrail: String?

  func add(to typed: inout TypedSettings) {
    id.add(to: &typed)
    typed.maximumTokens = maxTokens
    if noPromptCache { typed.promptCache = false }
    typed.recallTokens = recallTokens
  }

  /// What was chosen, by these options or in any other place.
  ///
  /// - Throws: `Failure` with code `usage`
  func choice(_ settings: Settings) throws -> ModelChoice {
    try id.check()
    try Setting.maximumTokensRange.check(maxTokens, of: "--max-tokens")
    try Setting.recallTokensRange.check(recallTokens, of: "--recall-tokens")
    if let temperature, !(0...1).contains(temperature) {
      throw Failure(.usage, "--temperature is \(temperature), but must be from 0 to 1")
    }
    var choice = ModelChoice()
    choice.modelID = settings.model?.value
    choice.maximumTokens = settings.maximumTokens?.value
    choice.temperature = temperature
    choice.fields = settings.modelFields?.value
    choice.cachesPrompt = settings.promptCache.value
    choice.recallTokens = settings.recallTokens.value
    choice.guardrail = try guardrail.map {
      guard let guardrail = ModelRequest.Guardrail($0) else {
        throw Failure(
          .usage, "--guardrail must be an id or ARN, a colon and a version",
          advice: "for example gr-abc123:1 or gr-abc123:DRAFT")
      }
      return guardrail
    }
    return choice
  }
}

/// How to reach Bedrock.
struct ConnectionOptions: ParsableArguments, SettingOptions {
  @Option(help: .setting(.region))
  var region: String?

  @Option(help: .setting(.profile), completion: .profiles)
  var profile: String?

  @Option(help: .setting(.endpointURL))
  var endpointUrl: String?

  @Option(help: .setting(.timeout))
  var timeout: Double?

  @Option(help: .setting(.connectTimeout))
  var connectTimeout: Double?

  @Option(help: .setting(.maximumAttempts))
  var maxAttempts: Int?

  func add(to typed: inout TypedSettings) {
    typed.region = region
    typed.profile = profile
    typed.endpointURL = endpointUrl
    typed.timeout = timeout
    typed.connectTimeout = connectTimeout
    typed.maximumAttempts = maxAttempts
  }

  /// Checks what can be checked before anything is stored.
  ///
  /// - Throws: `Failure` with code `usage`
  func check() throws {
    if let region { _ = try RegionName.checked(Sourced(region, from: .option("--region"))) }
    if let endpointUrl { _ = try EndpointURL.checked(Sourced(endpointUrl, from: .option("--endpoint-url"))) }
    for (name, value) in [("--timeout", timeout), ("--connect-timeout", connectTimeout)] {
      if let value, !(value > 0 && value <= 86_400) {
        throw Failure(.usage, "\(name) is \(value), but must be above 0 and at most 86400 seconds")
      }
    }
    try Setting.maximumAttemptsRange.check(maxAttempts, of: "--max-attempts")
  }
}
