import ArgumentParser
import MosaicAICore

/// The one table of settings: the option or flag and the variables that set each, its help, and its default. Its key in
/// `config.yaml` is the setting's own name.
///
/// Options are declared with `help: .setting(…)`, and errors name settings through it.
struct SettingEntry {
  let setting: Setting
  /// As it is typed; nil for what is only set in `config.yaml`.
  let option: String?
  /// In the order they count. Those of AWS are read by the AWS code, the others by `Settings`.
  let variables: [String]
  /// Nil for a flag, and for what has no option.
  let valueName: String?
  let help: String

  /// What to call the place where it is set: its option, or its key in the file.
  var place: String { option ?? "\(setting.rawValue) in config.yaml" }

  /// Read before the command line is.
  static let logFormatVariable = "MOSAIC_AI_LOG_FORMAT"

  /// Every setting.
  static let all: [SettingEntry] = [
    entry(
      .database, "path", "Use this database: a file, or one of PostgreSQL's by its URL.", variable: "MOSAIC_AI_DATABASE"
    ),
    entry(.user, "handle", "Act as this user (default: your login name).", variable: "MOSAIC_AI_USER"),
    entry(
      .legacy, "legacy", "Talk about this legacy: its name, its id, or the start of either.",
      variable: "MOSAIC_AI_LEGACY"),
    entry(
      .persona, "persona",
      "Talk with this persona (default: that of your latest conversation about the legacy, else biographer).",
      variable: "MOSAIC_AI_PERSONA"),
    entry(
      .model, "id", "Ask this model: a model id, an inference profile id or an ARN (default: the persona's).",
      variable: "MOSAIC_AI_MODEL"),
    entry(.output, "format", "Write this format (default: text).", variable: "MOSAIC_AI_OUTPUT"),
    entry(
      .logFormat, "format",
      "Write everything on standard error as text, or as json: an object a line (default: text).",
      variable: logFormatVariable),
    entry(.region, "region", "Use this AWS region.", variable: "AWS_REGION", "AWS_DEFAULT_REGION"),
    entry(
      .profile, "profile", "Use the settings and credentials of this AWS CLI profile.",
      variable: "AWS_PROFILE", "AWS_DEFAULT_PROFILE"),
    entry(
      .endpointURL, "url", "Send requests to this address instead of the region's.",
      variable: "AWS_ENDPOINT_URL_BEDROCK_RUNTIME", "AWS_ENDPOINT_URL"),
    entry(.maximumTokens, "n", "Limit the reply to this many tokens (default: the persona's)."),
    entry(
      .modelFields, "json", "Send the model these parameters of its own, a JSON object (default: the persona's)."),
    entry(.temperature, "t", "Sample with this temperature, from 0 to 1; newer models refuse it."),
    entry(.timeout, "seconds", "Give up after this much silence (default: 120)."),
    entry(.connectTimeout, "seconds", "Give up connecting after this long (default: 10)."),
    entry(
      .maximumAttempts, "n",
      "Make at most this many requests, within five minutes, if the first ones fail (default: 3).",
      variable: "AWS_MAX_ATTEMPTS"),
    entry(
      .promptCache, flag: "--no-prompt-cache",
      "Turn off prompt caching, which makes a conversation cheaper while it goes on."),
    entry(
      .recallTokens, "n",
      "Remind the model of related earlier messages with at most this many tokens; 0 for none (default: 2000)."),
    entry(
      .prices, inFile: "What a million tokens of each model cost; see PRICES."),
  ]

  /// The entry of a setting.
  static func of(_ setting: Setting) -> SettingEntry { bySetting[setting] ?? entry(setting, "value", "") }

  private static let bySetting = Dictionary(uniqueKeysWithValues: all.map { ($0.setting, $0) })

  private static func entry(
    _ setting: Setting, _ valueName: String, _ help: String, variable variables: String...
  ) -> SettingEntry {
    SettingEntry(
      setting: setting, option: "--" + setting.rawValue.replacing("_", with: "-"), variables: variables,
      valueName: valueName, help: help)
  }

  /// A setting that is on unless a flag turns it off.
  private static func entry(_ setting: Setting, flag: String, _ help: String) -> SettingEntry {
    SettingEntry(setting: setting, option: flag, variables: [], valueName: nil, help: help)
  }

  /// A setting that can only be made in `config.yaml`.
  private static func entry(_ setting: Setting, inFile help: String) -> SettingEntry {
    SettingEntry(setting: setting, option: nil, variables: [], valueName: nil, help: help)
  }
}

extension ArgumentHelp {
  /// The help of a setting's option or flag.
  static func setting(_ setting: Setting) -> ArgumentHelp {
    let entry = SettingEntry.of(setting)
    return ArgumentHelp(stringLiteral: entry.help).valued(entry.valueName)
  }

  /// Help with a name for the value.
  func valued(_ name: String?) -> ArgumentHelp {
    var help = self
    help.valueName = name
    return help
  }
}

/// Settings as they were typed; nil if they were not.
struct TypedSettings {
  var database: String?
  var user: String?
  var legacy: String?
  var persona: String?
  var model: String?
  var output: String?
  var region: String?
  var profile: String?
  var endpointURL: String?
  var maximumTokens: Int?
  var modelFields: ModelFields?
  var timeout: Double?
  var connectTimeout: Double?
  var maximumAttempts: Int?
  var promptCache: Bool?
  var recallTokens: Int?
}

/// A group of options with settings among them.
protocol SettingOptions {
  /// Adds what was typed.
  func add(to typed: inout TypedSettings)
}

/// The settings in effect: options override the environment, which overrides `config.yaml`, which overrides defaults.
struct Settings {
  /// A path, absolute or relative to the working folder.
  let database: Sourced<String>
  /// The user's handle.
  let user: Sourced<String>
  /// A legacy's name or id, if one is chosen.
  let legacy: Sourced<String>?
  /// A persona's id, if one is chosen; nil: that of the latest conversation about the legacy.
  let persona: Sourced<String>?
  /// A model's id, if one is chosen; nil: the persona's.
  let model: Sourced<String>?
  /// The name of an output format.
  let output: Sourced<String>
  /// The limit of output tokens, if one is chosen; nil: the persona's.
  let maximumTokens: Sourced<Int>?
  /// The model's own parameters, if any are chosen; nil: the persona's.
  let modelFields: Sourced<ModelFields>?
  /// Whether prompts are kept for the next request.
  let promptCache: Sourced<Bool>
  /// How many tokens earlier messages may take.
  let recallTokens: Sourced<Int>
  let prices: PriceList
  /// How Bedrock is to be reached. The AWS code resolves it further, with its own variables and files.
  let bedrock: BedrockAccess.Choices

  /// - Parameter loginName: the user, unless a setting names another
  init(
    _ typed: TypedSettings, variables: [String: String], file: ConfigurationFile, paths: Paths, home: String,
    loginName: String
  ) {
    func option<Value>(_ value: Value?, _ setting: Setting) -> Sourced<Value>? {
      value.map { Sourced($0, from: .option(SettingEntry.of(setting).place)) }
    }
    func choose(_ value: String?, _ setting: Setting, _ configured: String?) -> Sourced<String>? {
      let variable = SettingEntry.of(setting).variables.lazy.compactMap { name in
        variables.variable(name).map { Sourced($0, from: .variable(name)) }
      }.first
      return option(value, setting) ?? variable ?? file.sourced(configured, setting)
    }
    func preference<Value>(_ value: Value?, _ setting: Setting, _ configured: Value?) -> Preference<Value> {
      Preference(option: option(value, setting), configured: file.sourced(configured, setting))
    }
    // `ConnectionOptions.check()` refuses numbers that are out of range later.
    func seconds(_ value: Double?) -> Duration? {
      value.flatMap { $0 > 0 && $0 <= 86_400 ? .ofSeconds($0) : nil }
    }
    database =
      choose(typed.database, .database, file.database)?.map { Paths.expandingTilde($0, home: home) }
      ?? Sourced(paths.database, from: .fallback)
    user = choose(typed.user, .user, file.user) ?? Sourced(loginName, from: .fallback)
    legacy = choose(typed.legacy, .legacy, file.legacy)
    persona = choose(typed.persona, .persona, file.persona)
    model = choose(typed.model, .model, file.model)?.map(\.asReference)
    output = choose(typed.output, .output, file.output) ?? Sourced(OutputFormat.text.rawValue, from: .fallback)
    maximumTokens =
      option(typed.maximumTokens, .maximumTokens) ?? file.sourced(file.maximumTokens, .maximumTokens)
    modelFields = option(typed.modelFields, .modelFields) ?? file.sourced(file.modelFields, .modelFields)
    promptCache =
      option(typed.promptCache, .promptCache) ?? file.sourced(file.promptCache, .promptCache)
      ?? Sourced(true, from: .fallback)
    recallTokens =
      option(typed.recallTokens, .recallTokens) ?? file.sourced(file.recallTokens, .recallTokens)
      ?? Sourced(ModelChoice.defaultRecallTokens, from: .fallback)
    prices = file.prices ?? PriceList()
    var bedrock = BedrockAccess.Choices()
    bedrock.region = preference(typed.region, .region, file.region)
    bedrock.profile = preference(typed.profile, .profile, file.profile)
    bedrock.endpoint = preference(typed.endpointURL, .endpointURL, file.endpointURL)
    bedrock.maximumAttempts = preference(typed.maximumAttempts, .maximumAttempts, file.maximumAttempts)
    bedrock.timeouts = HTTPTimeouts(
      connect: seconds(typed.connectTimeout) ?? file.connectTimeout ?? .seconds(10),
      idle: seconds(typed.timeout) ?? file.timeout ?? .seconds(120))
    self.bedrock = bedrock
  }
}
