import ArgumentParser
import MosaicAICore

struct SetupCommand: MosaicCommand {
  static let configuration = CommandConfiguration(
    commandName: "setup", abstract: "Ask how to reach Claude, test it, and save what worked.",
    discussion: """
      Asks for an Amazon Bedrock API key or one of your AWS profiles, and for a region; sends one tiny request, \
      which costs a few tokens; and saves what worked: settings in config.yaml, a key in credentials.yaml next to it, \
      which only you can read. A key in the environment or a profile overrides the saved one.
      """)

  @OptionGroup var format: TextOption
  @OptionGroup var common: CommonOptions

  var options: [any SettingOptions] { [format] }

  func run(_ session: Session) throws {
    guard session.input.isTerminal else {
      throw Failure(
        .usage, "setup asks questions, and standard input is not a terminal",
        advice: .either([
          "set AWS_BEARER_TOKEN_BEDROCK or AWS_PROFILE, and AWS_REGION",
          "write what you know with `mosaic-ai config set region REGION`",
        ]))
    }
    try Interviewer(session: session, common: common).run()
  }
}

/// The questions, the trial, and what is kept.
private struct Interviewer {
  /// How to sign in.
  enum Way: Equatable {
    case environment(String)
    case key(Secret)
    case profile(String)
  }

  let session: Session
  let common: CommonOptions

  private var diagnostics: Diagnostics { session.diagnostics }

  func run() throws {
    // Answers would be lost if the file could not be changed in the end.
    let configuration = try Configuration(session, common)
    diagnostics.remark("mosaic-ai talks with Claude through Amazon Bedrock, on your own AWS account.")
    repeat {
      guard let way = try askForWay(), let region = try askForRegion(way) else { return }
      let access = BedrockAccess(choices(way, region), world(way))
      diagnostics.remark("Asking Claude for one word …")
      do {
        let settings = session.settings
        let trial = try ConnectionTrial(
          access, modelID: settings.model?.value ?? Persona.defaultModelID, fields: settings.modelFields?.value,
          maximumTokens: settings.maximumTokens?.value ?? Persona.defaultMaximumTokens)
        return try keep(way, region, trial, configuration)
      } catch {
        diagnostics.fail(Failure.from(error))
      }
    } while try session.agrees(to: "Nothing was saved. Try something else?", preset: true) == true
    throw Failure(.noCredentials, "setup is not complete", advice: .setUp)
  }

  /// How to sign in; nil at the end of the input.
  private func askForWay() throws -> Way? {
    let variables = session.context.variables
    if let name = ["AWS_BEARER_TOKEN_BEDROCK", "AWS_ACCESS_KEY_ID"].first(where: { variables.variable($0) != nil }) {
      diagnostics.remark("\(name) is set in the environment and overrides anything that setup can save; testing that.")
      return .environment(name)
    }
    let profiles = session.bedrockAccess().profileNames
    guard !profiles.isEmpty else { return try askForKey() }
    diagnostics.remark("How do you want to sign in?")
    diagnostics.remark("  1  with an Amazon Bedrock API key")
    for (index, profile) in profiles.enumerated() {
      diagnostics.remark("  \(index + 2)  with the AWS profile \(profile)")
    }
    while let answer = try session.ask("Number [1]:") {
      let typed = answer.filter { !$0.isWhitespace }
      guard let number = typed.isEmpty ? 1 : Int(typed), (1...profiles.count + 1).contains(number) else {
        if let profile = profiles.first(where: { $0 == typed }) { return .profile(profile) }
        diagnostics.remark("Type a number from 1 to \(profiles.count + 1).")
        continue
      }
      return number == 1 ? try askForKey() : .profile(profiles[number - 2])
    }
    return nil
  }

  private func askForKey() throws -> Way? {
    diagnostics.remark(
      "Make an API key in the Amazon Bedrock console, under API keys, and paste it here. It is not shown.")
    while let answer = try session.ask("API key:", isSecret: true) {
      let key = answer.filter { !$0.isWhitespace }
      if APIKeyFile.isKey(key) { return .key(Secret(key)) }
      diagnostics.remark(key.isEmpty ? "Nothing was typed." : "An API key has only letters, digits and signs.")
    }
    return nil
  }

  /// The region; nil at the end of the input.
  private func askForRegion(_ way: Way) throws -> String? {
    let usual = BedrockAccess(choices(way, nil), world(way)).regionName?.value ?? "us-east-1"
    while let answer = try session.ask("AWS region [\(usual)]:") {
      let region = answer.filter { !$0.isWhitespace }.lowercased()
      if region.isEmpty { return usual }
      let isName = (try? RegionName.checked(Sourced(region, from: .option("")))) != nil
      if isName, BedrockAccess.mayHaveRegion(named: region) { return region }
      diagnostics.remark("AWS has no region of that name. Type one such as us-east-1 or eu-central-1.")
    }
    return nil
  }

  /// The choice of model, region and credentials that these answers would make.
  private func choices(_ way: Way, _ region: String?) -> BedrockAccess.Choices {
    var choices = session.settings.bedrock
    if let region { choices.region = Preference(option: Sourced(region, from: .configuration("region"))) }
    switch way {
    case .environment: break
    case .key: choices.profile = Preference()
    case .profile(let name): choices.profile = Preference(configured: Sourced(name, from: .configuration("profile")))
    }
    return choices
  }

  /// The context, with the key in place of all others.
  private func world(_ way: Way) -> BedrockAccess.World {
    var world = session.context.bedrockWorld
    switch way {
    case .environment: break
    case .key(let key): world.typedAPIKey = key
    case .profile: world = world.with("AWS_PROFILE", nil).with("AWS_DEFAULT_PROFILE", nil)
    }
    return world
  }

  /// Saves the settings that worked, and says so.
  private func keep(
    _ way: Way, _ region: String, _ trial: ConnectionTrial, _ configuration: Configuration
  ) throws {
    diagnostics.remark("Claude answered.")
    var configuration = configuration
    var kept: [(Setting, String)] = [(.region, region)]
    if trial.modelID != session.settings.model?.value ?? Persona.defaultModelID { kept.append((.model, trial.modelID)) }
    switch way {
    case .environment: break
    case .key(let key):
      let file = APIKeyFile(session.context.paths.credentialsFile)
      try file.keep(key)
      diagnostics.remark("The key is saved in \(file.path), which only you can read.")
    case .profile(let name): kept.append((.profile, name))
    }
    _ = try configuration.change { text in
      for (setting, value) in kept { try text.set(setting, to: value) }
      // A profile would override the key.
      if case .key = way { _ = try text.unset(.profile) }
      return true
    }
    diagnostics.remark("Saved in \(configuration.path): \(kept.map(\.0.rawValue).joined(separator: ", ")).")
    warnAboutVariables(way)
    let send = diagnostics.words.command("send \"MESSAGE\"")
    diagnostics.remark("Ready. Begin with \(command: send)")
  }

  /// Variables still override what was saved.
  private func warnAboutVariables(_ way: Way) {
    let settings: [Setting] = if case .environment = way { [.region] } else { [.region, .profile] }
    for name in settings.flatMap({ SettingEntry.of($0).variables })
    where session.context.variables.variable(name) != nil {
      diagnostics.warn("\(name) is set in the environment, and overrides what was saved")
    }
  }
}
