import ArgumentParser
import MosaicAICore

/// Which conversation a message belongs to.
struct SelectionOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Who answers.", valueName: "persona"), completion: .personas)
  var persona: String?

  @Option(
    help: ArgumentHelp("Whom it is about: a name, an id or its beginning.", valueName: "legacy"), completion: .legacies)
  var legacy: String?

  @Option(
    help: ArgumentHelp(
      "Continue this conversation: an id, its beginning, or last, the latest of all.", valueName: "conversation"),
    completion: .conversations)
  var conversation: String?

  @Flag(help: "Begin a new conversation.")
  var new = false

  @Option(help: ArgumentHelp("The conversation's title from now on.", valueName: "title"))
  var title: String?

  /// What is meant.
  ///
  /// - Parameter isRetry: the message is already there; then only flags and the environment narrow down where, since
  ///   settings of `config.yaml` are for new messages
  func request(_ settings: Settings, isRetry: Bool) -> SendRequest {
    func choice(_ setting: Sourced<String>) -> SendRequest.Choice {
      let isExplicit =
        switch setting.origin {
        case .flag: true
        case .variable: isRetry && conversation == nil
        default: false
        }
      return SendRequest.Choice(setting.value, isExplicit: isExplicit)
    }
    var request = SendRequest(persona: choice(settings.persona))
    request.legacy = settings.legacy.map(choice)
    if isRetry, request.legacy?.isExplicit == false { request.legacy = nil }
    if let conversation { request.target = .conversation(conversation) } else if new { request.target = .new }
    return request
  }
}

/// Which model is asked.
struct ModelOption: ParsableArguments {
  @Option(help: ArgumentHelp("A model's id, an inference profile's id, or an ARN.", valueName: "id"))
  var model: String?

  /// - Throws: `Failure` with code `usage`
  func check() throws {
    if let model, !(1...2048).contains(model.utf8.count) || model.contains(where: \.isWhitespace) {
      throw Failure(
        .usage, "--model must be a model's id, an inference profile's id, or an ARN",
        hint: "for example \(Persona.defaultModelID)")
    }
  }
}

/// What the model is asked for.
struct ModelOptions: ParsableArguments {
  @OptionGroup var choice: ModelOption

  @Option(help: ArgumentHelp("The longest reply, in tokens.", valueName: "n"))
  var maxTokens: Int?

  @Option(help: ArgumentHelp("How free the words are chosen, from 0 to 1; newer models refuse it.", valueName: "t"))
  var temperature: Double?

  @Option(
    help: ArgumentHelp(
      "A guardrail that reads along: its id or ARN, a colon, and its version.", valueName: "id:version"))
  var guardrail: String?

  /// - Throws: `Failure` with code `usage`
  func check() throws {
    try choice.check()
    if let maxTokens, maxTokens < 1 {
      throw Failure(.usage, "--max-tokens must be at least 1", hint: "leave it out for the persona's own")
    }
    if let temperature, !(0...1).contains(temperature) {
      throw Failure(.usage, "--temperature must be from 0 to 1", hint: "leave it out for the model's own")
    }
    _ = try parsedGuardrail()
  }

  /// - Throws: `Failure` with code `usage`
  func parsedGuardrail() throws -> ConverseRequest.Guardrail? {
    try guardrail.map {
      guard let guardrail = ConverseRequest.Guardrail($0) else {
        throw Failure(
          .usage, "--guardrail must be an id or ARN, a colon, and a version",
          hint: "for example gr-abc123:1 or gr-abc123:DRAFT")
      }
      return guardrail
    }
  }
}

/// How Bedrock is reached.
struct ConnectionOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The AWS region.", valueName: "region"))
  var region: String?

  @Option(
    help: ArgumentHelp("The profile of the AWS CLI whose settings and credentials are used.", valueName: "profile"))
  var profile: String?

  @Option(help: ArgumentHelp("Another address than the region's.", valueName: "url"))
  var endpointUrl: String?

  @Option(help: ArgumentHelp("Give up after so many seconds without a byte (120).", valueName: "s"))
  var timeout: Double?

  @Option(help: ArgumentHelp("Give up a connection that is not made within so many seconds (10).", valueName: "s"))
  var connectTimeout: Double?

  @Option(
    help: ArgumentHelp(
      "The most requests that are made, within five minutes, where the first ones fail (3).", valueName: "n"))
  var maxAttempts: Int?

  /// - Throws: `Failure` with code `usage`
  func check() throws {
    if let region { try AWSRegion.check(flag: region) }
    if let endpointUrl { try AWSEndpoint.check(flag: endpointUrl) }
    for (name, value) in [("--timeout", timeout), ("--connect-timeout", connectTimeout)] {
      if let value, !(value > 0 && value <= 86_400) {
        throw Failure(.usage, "\(name) must be above 0, and 86400 at the most", hint: "give a number of seconds")
      }
    }
    if let maxAttempts, !(1...100).contains(maxAttempts) {
      throw Failure(.usage, "--max-attempts must be from 1 to 100", hint: "1 makes a single attempt")
    }
  }

  /// What the configuration of AWS says, together with these options.
  ///
  /// - Throws: `Failure` with code `config_invalid` or `usage`
  func bedrock(_ session: Session, _ cancellation: Cancellation) throws -> BedrockConnection {
    try BedrockConnection(self, session, cancellation)
  }
}
