import MosaicAICore
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Where Bedrock is and how it is reached: options, environment, `config.yaml` and the files of AWS, resolved once.
struct BedrockConnection {
  let settings: BedrockClient.Settings
  let context: CommandContext
  /// The outside world, for the code of AWS.
  let aws: AWSContext
  private let profile: AWSProfileSettings
  private let region: AWSRegion
  private let diagnostics: Diagnostics

  init(_ options: ConnectionOptions, _ session: Session, _ cancellation: Cancellation) throws {
    context = session.context
    diagnostics = session.diagnostics
    let variables = context.variables
    let file = session.settings.file
    let userAgent = Program.userAgent
    // What the profile says about certificates is known only when it has been read, which needs no network.
    let unconfigured = BedrockConnection.awsContext(
      options, session, cancellation, context.makeTransport(TransportConfiguration(userAgent: userAgent)))
    profile = try AWSProfileSettings.load(unconfigured)
    let certificates = try profile.checkedCABundle()
    let transport = context.makeTransport(
      TransportConfiguration(userAgent: userAgent, variables: variables, certificateFile: certificates?.value))
    aws = BedrockConnection.awsContext(options, session, cancellation, transport)
    region = try AWSRegion.resolve(flag: options.region, configured: file.region, settings: profile, context: aws)
    let endpoint = try AWSEndpoint.resolve(
      region: region, flag: options.endpointUrl, configured: file.endpointURL, settings: profile, context: aws)
    let timeouts = HTTPTimeouts(
      connect: options.connectTimeout.map(Duration.init(seconds:)) ?? file.connectTimeout ?? .seconds(10),
      idle: options.timeout.map(Duration.init(seconds:)) ?? file.timeout ?? .seconds(120))
    let isAttemptsVariable = if case .variable = profile.maxAttempts?.origin { true } else { false }
    let attempts =
      options.maxAttempts ?? (isAttemptsVariable ? profile.maxAttempts?.value : nil) ?? file.maximumAttempts
      ?? profile.maxAttempts?.value ?? 3
    settings = BedrockClient.Settings(
      endpoint: endpoint.url, region: endpoint.signingRegion, timeouts: timeouts, maximumAttempts: max(1, attempts))
    diagnostics.note(
      "region \(region.name) (\(region.origin)), endpoint \(endpoint.url) (\(endpoint.origin)), profile \(profile.profileName.value) (\(profile.profileName.origin))"
    )
    diagnostics.note(
      "at most \(settings.maximumAttempts) attempts, each given up after \(settings.timeouts.idle.seconds) s without a byte"
    )
  }

  /// The client, its credentials looked for when they are needed.
  ///
  /// - Parameters:
  ///   - known: credentials that have been found already
  ///   - transport: nil for the usual one
  func client(with known: CredentialsChain.Resolution? = nil, through transport: (any HTTPTransport)? = nil)
    -> BedrockClient
  {
    let chain = CredentialsChain(context: aws, settings: profile, region: region)
    let diagnostics = diagnostics
    let latest = LatestSource()
    let source: BedrockClient.CredentialsSource = { refreshing in
      let resolution = try refreshing ? chain.resolve(forcingRefresh: true) : known ?? chain.resolve()
      diagnostics.note("credentials from \(resolution.source)")
      latest.name.withLock { $0 = resolution.source }
      return resolution.credentials
    }
    return BedrockClient(
      settings, credentials: source, credentialsName: { latest.name.withLock { $0 } },
      transport: transport ?? aws.transport,
      cancellation: aws.cancellation, now: aws.now)
  }

  /// Where the credentials in use come from.
  private final class LatestSource: Sendable {
    let name = Mutex<String?>(nil)
  }

  /// The outside world for the code of AWS, with a transport of one's own.
  static func awsContext(
    _ options: ConnectionOptions, _ session: Session, _ cancellation: Cancellation, _ transport: any HTTPTransport
  ) -> AWSContext {
    let context = session.context
    let askCode = context.askCode
    return AWSContext(
      variables: context.variables, home: context.home, transport: transport, profileFlag: options.profile,
      configuredProfile: session.settings.file.profile, cancellation: cancellation, now: context.now,
      askCode: { try askCode($0, cancellation) }, cacheFolder: session.paths.cacheFolder)
  }
}

extension Duration {
  fileprivate init(seconds: Double) { self = .milliseconds(max(1, Int64(seconds * 1000))) }
}
