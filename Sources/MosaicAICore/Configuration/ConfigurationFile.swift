/// `config.yaml`: the user's settings. Nil is not set.
package struct ConfigurationFile: Equatable, Sendable {
  package var database: String?
  package var user: String?
  package var legacy: String?
  package var persona: String?
  package var model: String?
  package var output: String?
  package var region: String?
  package var profile: String?
  package var endpointURL: String?
  package var maximumTokens: Int?
  package var modelFields: ModelFields?
  package var timeout: Duration?
  package var connectTimeout: Duration?
  package var maximumAttempts: Int?
  package var promptCache: Bool?
  package var recallTokens: Int?
  package var prices: PriceList?

  /// The settings that the file can have.
  package static let settings: [Setting] = [
    .database, .user, .legacy, .persona, .model, .output, .region, .profile, .endpointURL, .maximumTokens, .modelFields,
    .timeout, .connectTimeout, .maximumAttempts, .promptCache, .recallTokens, .prices,
  ]

  /// A file that sets nothing.
  package init() {}

  /// - Parameters:
  ///   - path: of the file, for errors
  ///   - formats: what `output` may be
  /// - Throws: `Failure` with code `config_invalid`: file, line, column and problem
  package init(_ bytes: [UInt8], path: String, formats: [String]) throws {
    guard let root = try YAMLFile(bytes, path: path, code: .configInvalid).root else { return }
    try root.checkKeys(ConfigurationFile.settings.map(\.rawValue))
    func text(_ setting: Setting) throws -> String? { try root.text(setting.rawValue) }
    func refuse(_ setting: Setting, _ what: String) -> Failure {
      root.failure("\(setting.rawValue) must be \(what)", aboutValueOf: setting.rawValue)
    }
    database = try text(.database)
    user = try text(.user)
    legacy = try text(.legacy)
    persona = try text(.persona)
    model = try text(.model)
    output = try text(.output)
    region = try text(.region)
    profile = try text(.profile)
    endpointURL = try text(.endpointURL)
    maximumTokens = try root.integer(Setting.maximumTokens.rawValue, in: Setting.maximumTokensRange)
    modelFields = try root.json(Setting.modelFields.rawValue).map { json in
      guard let fields = ModelFields(json) else { throw refuse(.modelFields, "a mapping of names to values") }
      return fields
    }
    timeout = try root.seconds(Setting.timeout.rawValue)
    connectTimeout = try root.seconds(Setting.connectTimeout.rawValue)
    maximumAttempts = try root.integer(Setting.maximumAttempts.rawValue, in: Setting.maximumAttemptsRange)
    promptCache = try root.boolean(Setting.promptCache.rawValue)
    recallTokens = try root.integer(Setting.recallTokens.rawValue, in: Setting.recallTokensRange)
    prices = try root.mapping(Setting.prices.rawValue).map(PriceList.init)
    if let output, !formats.contains(output) {
      throw refuse(.output, "one of \(formats.joined(separator: ", "))")
    }
    if let region, (try? RegionName.checked(Sourced(region, from: .configuration("region")))) == nil {
      throw refuse(.region, "the name of a region, such as us-east-1")
    }
    if let endpointURL, (try? EndpointURL.checked(Sourced(endpointURL, from: .configuration("endpoint_url")))) == nil {
      throw refuse(.endpointURL, "an address such as https://bedrock-runtime.us-east-1.amazonaws.com")
    }
  }

  /// A value of the file with its origin, for a setting that is resolved from several places.
  package func sourced<Value>(_ value: Value?, _ setting: Setting) -> Sourced<Value>? {
    value.map { Sourced($0, from: .configuration(setting.rawValue)) }
  }
}

extension PriceList {
  /// Prices by a model's id or its beginning.
  fileprivate init(_ mapping: YAMLMapping) throws {
    self.init(
      try mapping.keys.map { model in
        guard let price = try mapping.mapping(model) else { throw Failure(.internal, "a price without a value") }
        try price.checkKeys(["input", "output", "cache_read", "cache_write", "currency"])
        let currency = try price.text("currency") ?? "USD"
        guard currency.wholeMatch(of: /[A-Z]{3}/) != nil else {
          throw price.failure("currency must be a code of three letters, such as USD", aboutValueOf: "currency")
        }
        guard let input = try price.number("input", in: 0...1_000_000),
          let output = try price.number("output", in: 0...1_000_000)
        else { throw mapping.failure("a price needs both input and output", about: model) }
        return ModelPrice(
          model: model, input: input, output: output, cacheRead: try price.number("cache_read", in: 0...1_000_000),
          cacheWrite: try price.number("cache_write", in: 0...1_000_000), currency: currency)
      })
  }
}
