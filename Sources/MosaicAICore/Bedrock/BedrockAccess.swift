/// How Amazon Bedrock is reached: what was chosen, resolved once with the environment and the AWS CLI's files.
///
/// Every part is resolved by itself, so that one fault does not hide another: sending stops at the first one, a
/// diagnosis lists them all.
package struct BedrockAccess: Sendable {
  /// The choices of the command line and `config.yaml`.
  package struct Choices: Equatable, Sendable {
    package var region = Preference<String>()
    package var endpoint = Preference<String>()
    package var profile = Preference<String>()
    /// How many requests to make at most, the first one included.
    package var maximumAttempts = Preference<Int>()
    package var timeouts = HTTPTimeouts()

    /// Nothing chosen.
    package init() {}
  }

  /// What Bedrock needs from outside.
  package struct World: Sendable {
    package private(set) var variables: [String: String]
    /// `NAME=VALUE` in the environment that is not UTF-8, for programs that are started.
    package var foreignVariables: [[UInt8]] = []
    package let home: String
    /// Where temporary credentials are kept if the AWS CLI's own cache cannot be written.
    package let cacheFolder: String
    /// The program's name and version, for services.
    package let userAgent: String
    package let now: @Sendable () -> Timestamp
    /// Asks for a one-time code on the terminal; gives nil without a terminal.
    package let askCode: @Sendable (_ question: String, Cancellation) throws -> Secret?
    package let makeTransport: @Sendable (TransportConfiguration) -> any HTTPTransport
    /// Where this machine keeps the certificates of the authorities that it trusts.
    package var systemCertificates = SystemCertificates.standard
    /// The API key that is kept with mosaic-ai. It stands in for `AWS_BEARER_TOKEN_BEDROCK` if neither that, nor other
    /// keys in the environment, nor a profile is given.
    package var keptAPIKey: APIKeyFile?
    /// An API key that was just typed, and overrides every other source.
    package var typedAPIKey: Secret?
    /// Ends waiting for a file early, as for a pipe that nobody writes to.
    package var cancellation = Cancellation.never

    package init(
      variables: [String: String], home: String, cacheFolder: String, userAgent: String,
      now: @escaping @Sendable () -> Timestamp,
      askCode: @escaping @Sendable (_ question: String, Cancellation) throws -> Secret?,
      makeTransport: @escaping @Sendable (TransportConfiguration) -> any HTTPTransport
    ) {
      self.variables = variables
      self.home = home
      self.cacheFolder = cacheFolder
      self.userAgent = userAgent
      self.now = now
      self.askCode = askCode
      self.makeTransport = makeTransport
    }

    /// The same with a variable set, or without it.
    package func with(_ name: String, _ value: String?) -> World {
      var world = self
      world.variables[name] = value
      return world
    }
  }

  /// What the AWS CLI's files and variables say.
  package let profile: Result<AWSProfileSettings, Failure>
  /// Whose certificates are trusted, as far as it is known: without its profile, only that of a variable. A failure
  /// if no server could be trusted and that matters.
  package let certificates: Result<Certificates, Failure>
  /// Whether certificates that cannot be used keep requests from being made.
  let isTrustNeeded: Bool
  /// The proxy on the way to the endpoint; nil if there is none. A failure if it cannot be one.
  let proxy: Result<ProxyServer?, Failure>
  /// Proxies and certificates, whether they can be used or not.
  let transport: TransportConfiguration
  /// As far as it is known: without its profile, only the region of an option or a variable.
  package let region: Result<AWSRegion, Failure>
  /// As far as it is known: without its region, only the endpoint of an option or a variable.
  package let endpoint: Result<AWSEndpoint, Failure>
  package let maximumAttempts: Int
  package let timeouts: HTTPTimeouts
  /// The same for the AWS code.
  package let context: AWSContext
  private let askCode: @Sendable (_ question: String, Cancellation) throws -> Secret?

  /// Reads the AWS CLI's files; nothing is sent.
  package init(_ choices: Choices, _ world: World) {
    func transport(_ bundle: Sourced<String>?) -> TransportConfiguration {
      TransportConfiguration(
        userAgent: world.userAgent, variables: world.variables,
        certificates: Certificates(
          bundle: bundle, variables: world.variables, system: world.systemCertificates, world.cancellation))
    }
    func context(_ configuration: TransportConfiguration) -> AWSContext {
      var context = AWSContext(
        variables: world.variables, home: world.home, transport: world.makeTransport(configuration),
        profile: choices.profile, now: world.now, cacheFolder: world.cacheFolder)
      context.foreignVariables = world.foreignVariables
      let others = ["AWS_BEARER_TOKEN_BEDROCK", "AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_DEFAULT_PROFILE"]
      let isOtherGiven = others.contains { context.variable($0) != nil } || choices.profile != Preference()
      context.keptAPIKey = isOtherGiven ? nil : world.keptAPIKey
      context.typedAPIKey = world.typedAPIKey
      return context
    }
    func attempt<Value>(_ body: () throws -> Value) -> Result<Value, Failure> {
      Result(catching: body).mapError { Failure.from($0) }
    }
    // What the profile says about certificates is known only once it has been read, which takes no network.
    let bundle = Certificates.bundle(in: world.variables)
    let unconfigured = transport(bundle)
    let profile = attempt { try AWSProfileSettings(context(unconfigured)) }
    // Looking for certificates takes a while: once is enough for most people.
    let ownBundle = (try? profile.get())?.caBundle ?? bundle
    let transport = ownBundle == bundle ? unconfigured : transport(ownBundle)
    let configured = context(transport)
    self.profile = profile
    self.transport = transport
    self.context = configured
    // Malformed options and variables can be found even without the profile.
    let settings =
      (try? profile.get()).map { Result.success($0) }
      ?? attempt { try AWSProfileSettings(configured.withoutProfile) }
    region = settings.flatMap { settings in
      attempt { try AWSRegion.resolve(chosen: choices.region, settings: settings, context: configured) }
    }
    let region = try? region.get()
    endpoint = settings.flatMap { settings in
      attempt {
        try AWSEndpoint.resolve(
          .bedrockRuntime, chosen: choices.endpoint, region: region ?? AWSRegion(Sourced("us-east-1", from: .fallback)),
          settings: settings, context: configured)
      }
    }
    let url = (try? endpoint.get().url) ?? "https://"
    let certificates = transport.certificates
    let proxy = transport.proxy(for: url)
    isTrustNeeded = certificates.isOfAWS || Certificates.areNeeded(for: url, through: proxy)
    self.certificates =
      (isTrustNeeded ? certificates.problem : nil).map { .failure($0) } ?? .success(certificates)
    self.proxy = proxy?.problem.map { .failure($0) } ?? .success(proxy)
    askCode = world.askCode
    maximumAttempts = BedrockAccess.attempts(choices.maximumAttempts, try? profile.get().maxAttempts)
    timeouts = choices.timeouts
  }

  /// An option beats `AWS_MAX_ATTEMPTS`, that beats `config.yaml`, that beats the AWS profile.
  private static func attempts(_ choice: Preference<Int>, _ profile: Sourced<Int>?) -> Int {
    let isVariable = if case .variable = profile?.origin { true } else { false }
    let chosen = choice.option ?? (isVariable ? profile : nil) ?? choice.configured ?? profile
    return max(1, chosen?.value ?? 3)
  }

  /// Bedrock as a model that answers.
  ///
  /// - Parameters:
  ///   - transport: nil for the usual one
  ///   - resolution: credentials that were found already
  ///   - didResolve: called each time credentials were looked for and found
  /// - Throws: `Failure`: the first thing that keeps requests from being made
  package func model(
    through transport: (any HTTPTransport)? = nil, with resolution: CredentialsChain.Resolution? = nil,
    didResolve: @escaping @Sendable (CredentialsChain.Resolution) -> Void = { _ in }
  ) throws -> BedrockModel {
    let endpoint = try usable().endpoint
    return BedrockModel(
      BedrockModel.Settings(
        endpoint: endpoint.url, region: endpoint.signingRegion, timeouts: timeouts, maximumAttempts: maximumAttempts),
      holding: resolution,
      credentials: { refused, cancellation in
        let resolution = try self.credentials(cancellation).resolve(replacing: refused)
        didResolve(resolution)
        return resolution
      }, transport: transport ?? context.transport, now: context.now)
  }

  /// The source of credentials.
  ///
  /// - Parameter cancellation: ends the search early
  /// - Throws: `Failure`: the first thing that keeps them from being looked for
  package func credentials(_ cancellation: Cancellation = .never) throws -> CredentialsChain {
    let (profile, region) = (try profile.get(), try region.get())
    _ = (try proxy.get(), try certificates.get())
    var context = context
    context.cancellation = cancellation
    context.askCode = { [askCode] question in try askCode(question, cancellation) }
    return CredentialsChain(context: context, settings: profile, region: region)
  }

  /// Everything that requests need, credentials aside, in the order in which a diagnosis lists it.
  ///
  /// - Throws: `Failure`: the first thing that keeps requests from being made
  func usable() throws -> (profile: AWSProfileSettings, region: AWSRegion, endpoint: AWSEndpoint) {
    let parts = (profile: try profile.get(), region: try region.get(), endpoint: try endpoint.get())
    _ = (try proxy.get(), try certificates.get())
    return parts
  }

  /// What was resolved, for people: region, endpoint, profile, each with its origin.
  ///
  /// - Throws: `Failure`: the first thing that keeps requests from being made
  package func summary() throws -> String {
    let (profile, region, endpoint) = try usable()
    return "region \(region.name) (\(region.origin)), endpoint \(endpoint.url) (\(endpoint.origin)), "
      + "profile \(profile.profileName.value) (\(profile.profileName.origin)); at most "
      + "\(counted(maximumAttempts, "attempt")), each given up after \(timeouts.idle.secondsText) s of silence"
  }
}

extension AWSContext {
  /// The same without the profile, which cannot be read.
  fileprivate var withoutProfile: AWSContext {
    var bare = self
    bare.profile = Preference()
    for name in ["AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_MAX_ATTEMPTS", "AWS_RETRY_MODE"] {
      bare.variables[name] = nil
    }
    for name in ["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"] { bare.variables[name] = "/dev/null" }
    return bare
  }
}
