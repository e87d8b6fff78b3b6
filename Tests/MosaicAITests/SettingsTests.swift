import ArgumentParser
import TestSupport
import Testing

@testable import MosaicAI
@testable import MosaicAICore

/// The one table of settings: what it says, and what comes of it.
@Suite struct SettingsTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  // MARK: The table

  @Test("The table has every setting once, and no option or variable twice")
  func everySetting() {
    let entries = SettingEntry.all
    #expect(entries.count == Setting.allCases.count)
    #expect(Set(entries.map(\.setting)) == Set(Setting.allCases))
    #expect(Set(entries.compactMap(\.option)).count == entries.count - 1)
    #expect(entries.filter { $0.option == nil }.map(\.setting) == [.prices])
    #expect(Set(entries.flatMap(\.variables)).count == entries.flatMap(\.variables).count)
    for entry in entries {
      #expect(SettingEntry.of(entry.setting).option == entry.option)
      #expect(!entry.help.isEmpty && entry.valueName?.isEmpty != true)
    }
  }

  @Test("Whatever config.yaml can have is in the table, and all but the temperature can be in config.yaml")
  func configurationFile() {
    #expect(ConfigurationFile.settings.count == Set(ConfigurationFile.settings).count)
    #expect(Set(ConfigurationFile.settings).isSubset(of: SettingEntry.all.map(\.setting)))
    #expect(Set(Setting.allCases).subtracting(ConfigurationFile.settings) == [.logFormat, .temperature])
  }

  /// An option or a flag of a command.
  private struct Argument {
    let command: String
    let isFlag: Bool
    /// As they are typed.
    let names: [String]
    let valueName: String?
    let help: String?
  }

  /// All options and flags of all commands, as ArgumentParser has them.
  private func arguments() throws -> [Argument] {
    func collect(_ command: JSONText, _ path: [String]) -> [Argument] {
      let path = path + [command["commandName"].string ?? ""]
      let own = command["arguments"].elements.filter { $0["kind"].string != "positional" }.map { argument in
        Argument(
          command: path.joined(separator: " "), isFlag: argument["kind"].string == "flag",
          names: argument["names"].elements.map {
            ($0["kind"].string == "long" ? "--" : "-") + ($0["name"].string ?? "")
          },
          valueName: argument["valueName"].string, help: argument["abstract"].string)
      }
      return own + command["subcommands"].elements.flatMap { collect($0, path) }
    }
    let all = collect(try JSONText(MosaicAI._dumpHelp())["command"], [])
    try #require(Set(all.map(\.command)).count > 10)
    return all
  }

  @Test("The options in the table are those that the commands have, with the table's words")
  func options() throws {
    let all = try arguments()
    for entry in SettingEntry.all {
      guard let option = entry.option else { continue }
      let found = all.filter { $0.names.contains(option) && $0.isFlag == (entry.valueName == nil) }
      #expect(found.contains { $0.command == "mosaic-ai send" }, "\(option)")
      // Options of lists, and the formats of each command, have words of their own.
      for option in found where ["mosaic-ai send", "mosaic-ai doctor"].contains(option.command) {
        #expect(entry.valueName == nil || option.valueName == entry.valueName)
        if entry.setting != .output { #expect(option.help == entry.help) }
      }
    }
    #expect(all.filter { $0.names.contains("--user") }.allSatisfy { $0.help == SettingEntry.of(.user).help })
    #expect(all.filter { $0.names.contains("--database") }.allSatisfy { $0.help == SettingEntry.of(.database).help })
  }

  @Test("The flags that the command line is read with are exactly the options without a value")
  func flags() throws {
    let all = try arguments()
    func names(isFlag: Bool, prefix: String) -> Set<String> {
      let names = all.filter { $0.isFlag == isFlag }.flatMap(\.names)
      return Set(names.filter { $0.hasPrefix("--") == (prefix == "--") })
    }
    #expect(CommandWords.flags == names(isFlag: true, prefix: "--"))
    #expect(names(isFlag: false, prefix: "--").isDisjoint(with: CommandWords.flags))
    #expect(names(isFlag: false, prefix: "-") == ["-o"])
    for flag in CommandWords.flags {
      #expect(CommandWords(["send", flag, "- not an option"]).parsable.last == "- not an option")
    }
    for option in SettingEntry.all.filter({ $0.valueName != nil }).compactMap(\.option) {
      let words = CommandWords(["send", option, "- a value"]).parsable
      #expect(words == ["send", "\(option)=- a value"])
      // A variable of a script may be empty; what comes next is the message then, too.
      #expect(CommandWords(["send", "\(option)=", "Hello"]).parsable == ["send", option, "", "Hello"])
    }
  }

  @Test("Errors name a setting by the options and variables of the table")
  func advice() {
    let words = AdviceWords()
    for entry in SettingEntry.all {
      for advice in [.change(entry.setting, to: []), .raise(entry.setting), .omit(entry.setting)] as [Advice] {
        #expect(words.text(advice).contains(entry.place))
      }
      #expect(words.text(.change(entry.setting, to: ["a", "b"])).contains("\(entry.place) a or \(entry.place) b"))
      let choose = words.text(.choose(entry.setting, from: ["first", "second"]))
      for place in [entry.place] + entry.variables + ["\"first\", \"second\""] { #expect(choose.contains(place)) }
    }
    let check = words.text(.check([.model, .region, .endpointURL]))
    for place in ["--model", "--region", "--endpoint-url", "AWS_ENDPOINT_URL_BEDROCK_RUNTIME", "AWS_ENDPOINT_URL"] {
      #expect(check.contains(place))
    }
  }

  // MARK: Precedence

  /// What a setting came to.
  private struct Found: Equatable {
    var value: String?
    /// Nil if it is not kept.
    var origin: SettingOrigin?
  }

  /// A setting with values for all the places where it can be made, and what holds if nothing does.
  struct Sample: Sendable, CustomTestStringConvertible {
    let setting: Setting
    /// Nil for a flag.
    let option: String?
    /// One for each variable of the table.
    var variables: [String] = []
    let file: String
    let fallback: String?
    /// Whether it is known where the value was set.
    var hasOrigin = true

    var testDescription: String { setting.rawValue }
  }

  static let samples = [
    Sample(
      setting: .database, option: "/option", variables: ["/variable"], file: "/file",
      fallback: "/home/ada/.local/share/mosaic-ai/mosaic-ai.sqlite3"),
    Sample(setting: .user, option: "option", variables: ["variable"], file: "file", fallback: "login"),
    Sample(setting: .legacy, option: "option", variables: ["variable"], file: "file", fallback: nil),
    Sample(setting: .persona, option: "option", variables: ["variable"], file: "file", fallback: nil),
    Sample(setting: .model, option: "option", variables: ["variable"], file: "file", fallback: nil),
    Sample(setting: .output, option: "json", variables: ["ndjson"], file: "sse", fallback: "text"),
    Sample(
      setting: .region, option: "option-1", variables: ["variable-1", "variable-2"], file: "file-1",
      fallback: "us-east-1"),
    Sample(
      setting: .profile, option: "option", variables: ["variable", "other"], file: "file", fallback: "default"),
    Sample(
      setting: .endpointURL, option: "http://option", variables: ["http://variable", "http://other"],
      file: "http://file", fallback: "https://bedrock-runtime.us-east-1.amazonaws.com"),
    Sample(setting: .maximumTokens, option: "5", file: "7", fallback: nil),
    Sample(setting: .modelFields, option: #"{"a":5}"#, file: #"{"a":7}"#, fallback: nil),
    Sample(setting: .timeout, option: "5", file: "7.5", fallback: "120", hasOrigin: false),
    Sample(setting: .connectTimeout, option: "5", file: "7.5", fallback: "10", hasOrigin: false),
    Sample(
      setting: .maximumAttempts, option: "5", variables: ["6"], file: "7", fallback: "3", hasOrigin: false),
    Sample(setting: .promptCache, option: nil, file: "true", fallback: "true"),
    Sample(setting: .recallTokens, option: "5", file: "7", fallback: "2000"),
  ]

  @Test("Every setting that config.yaml can have is in the next test, but for those that nothing else sets")
  func allSampled() {
    #expect(SettingsTests.samples.map(\.setting) + [.prices] == ConfigurationFile.settings)
    for sample in SettingsTests.samples {
      #expect(SettingEntry.of(sample.setting).variables.count == sample.variables.count)
    }
  }

  @Test("An option beats the variables, those beat config.yaml, that beats the default", arguments: samples)
  func precedence(sample: Sample) throws {
    let entry = SettingEntry.of(sample.setting)
    func origin(_ origin: SettingOrigin) -> SettingOrigin? { sample.hasOrigin ? origin : nil }
    let option = [entry.place, sample.option].compactMap { $0 }
    let typed = sample.option ?? "false"
    let variables = Dictionary(uniqueKeysWithValues: zip(entry.variables, sample.variables))
    #expect(
      try found(sample, option, variables, sample.file)
        == Found(value: typed, origin: origin(.option(entry.place))))
    // The first variable counts, then the others in their order; an empty one is not set.
    var left = variables
    for (name, value) in zip(entry.variables, sample.variables) {
      #expect(try found(sample, [], left, sample.file) == Found(value: value, origin: origin(.variable(name))))
      left[name] = ""
    }
    let configured = Found(value: sample.file, origin: origin(.configuration(sample.setting.rawValue)))
    #expect(try found(sample, [], left, sample.file) == configured)
    #expect(try found(sample, [], [:], sample.file) == configured)
    #expect(try found(sample, option, [:], nil).value == typed)
    let fallback = Found(value: sample.fallback, origin: sample.fallback == nil ? nil : origin(.fallback))
    #expect(try found(sample, [], [:], nil) == fallback)
  }

  /// What a message sent with these options, variables and file would be sent with.
  private func found(
    _ sample: Sample, _ options: [String], _ variables: [String: String], _ file: String?
  ) throws -> Found {
    let text = file.map { "\(sample.setting.rawValue): \($0)\n" } ?? ""
    let configuration = try ConfigurationFile(
      Array(text.utf8), path: "c.yaml", formats: ReplyFormat.allCases.map(\.rawValue))
    let settings = try settings(options, variables, configuration)
    func of(_ value: Sourced<String>?) -> Found { Found(value: value?.value, origin: value?.origin) }
    let access = try access(settings, variables)
    switch sample.setting {
    case .database: return of(settings.database)
    case .user: return of(settings.user)
    case .legacy: return of(settings.legacy)
    case .persona: return of(settings.persona)
    case .model: return of(settings.model)
    case .output: return of(settings.output)
    case .maximumTokens: return of(settings.maximumTokens?.map { String($0) })
    case .modelFields: return of(settings.modelFields?.map(\.json.compact))
    case .region:
      let region = try access.region.get()
      return Found(value: region.name, origin: region.origin)
    case .profile: return of(try access.profile.get().profileName)
    case .endpointURL:
      let endpoint = try access.endpoint.get()
      return Found(value: endpoint.url, origin: endpoint.origin)
    case .timeout: return Found(value: access.timeouts.idle.secondsText)
    case .connectTimeout: return Found(value: access.timeouts.connect.secondsText)
    case .maximumAttempts: return Found(value: String(access.maximumAttempts))
    case .promptCache: return of(settings.promptCache.map { String($0) })
    case .recallTokens: return of(settings.recallTokens.map { String($0) })
    case .prices, .logFormat, .temperature: return Found()
    }
  }

  /// The settings of a command line, read as the program reads it.
  private func settings(
    _ options: [String] = [], _ variables: [String: String] = [:], _ file: ConfigurationFile = .init()
  ) throws -> Settings {
    let command = try #require(try MosaicAI.parseAsRoot(["send"] + options + ["Hi"]) as? any MosaicCommand)
    return Settings(
      command.typedSettings, variables: variables, file: file, paths: Paths(variables: [:], home: "/home/ada"),
      home: "/home/ada", loginName: "login")
  }

  /// How Bedrock is reached, with every profile there is.
  private func access(_ settings: Settings, _ variables: [String: String]) throws -> BedrockAccess {
    let names = ["option", "variable", "other", "file"]
    try folder.write(names.map { "[profile \($0)]\n" }.joined(), to: ".aws/config")
    return BedrockAccess(
      settings.bedrock,
      BedrockAccess.World(
        variables: variables, home: folder.path, cacheFolder: folder.path, userAgent: "test", now: Timestamp.now,
        askCode: { _, _ in nil }, makeTransport: { _ in ScriptedTransport.unused }))
  }

  @Test("A temperature is only ever typed")
  func temperature() throws {
    let command = try #require(try MosaicAI.parseAsRoot(["send", "--temperature", "0.5", "Hi"]) as? SendCommand)
    #expect(try command.model.choice(settings()).temperature == 0.5)
    let plain = try #require(try MosaicAI.parseAsRoot(["send", "Hi"]) as? SendCommand)
    #expect(try plain.model.choice(settings()).temperature == nil)
    #expect(throws: Failure.self) {
      try ConfigurationFile(Array("temperature: 0.5\n".utf8), path: "c.yaml", formats: [])
    }
  }

  @Test("A tilde that no shell has expanded is the home folder, wherever the database is named")
  func tilde() throws {
    var file = ConfigurationFile()
    file.database = "~/my.db"
    #expect(try settings([], [:], file).database.value == "/home/ada/my.db")
    #expect(try settings(["--database", "~/my.db"]).database.value == "/home/ada/my.db")
    #expect(try settings([], ["MOSAIC_AI_DATABASE": "~/my.db"]).database.value == "/home/ada/my.db")
    #expect(try settings(["--database", "./~/my.db"]).database.value == "./~/my.db")
  }
}
