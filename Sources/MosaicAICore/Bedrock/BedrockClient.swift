/// Asks Bedrock Runtime, and asks again where that helps.
public struct BedrockClient: Sendable {
  /// Whom to ask and how patiently.
  public struct Settings: Equatable, Sendable {
    /// Scheme and host, without a slash at the end.
    public var endpoint: String
    public var region: String
    public var timeouts: HTTPTimeouts
    /// How many requests are made at the most, the first among them.
    public var maximumAttempts: Int
    /// How long after the first request another one may still begin.
    public var deadline: Duration

    public init(
      endpoint: String, region: String, timeouts: HTTPTimeouts = HTTPTimeouts(), maximumAttempts: Int = 3,
      deadline: Duration = .seconds(300)
    ) {
      self.endpoint = endpoint
      self.region = region
      self.timeouts = timeouts
      self.maximumAttempts = maximumAttempts
      self.deadline = deadline
    }
  }

  /// Gives credentials; with `true`, new ones, since those given before have expired.
  public typealias CredentialsSource = @Sendable (_ refreshing: Bool) throws -> Credentials

  private let settings: Settings
  private let credentials: CredentialsSource
  private let credentialsName: @Sendable () -> String?
  private let transport: any HTTPTransport
  private let cancellation: Cancellation
  private let now: @Sendable () -> Timestamp
  private let random: @Sendable () -> Double

  /// - Parameters:
  ///   - credentialsName: what to call the source of the credentials given last, for people; nil where nobody knows
  ///   - now: the clock that requests are signed with
  ///   - random: a number from 0 up to 1, for the jitter of delays
  public init(
    _ settings: Settings, credentials: @escaping CredentialsSource,
    credentialsName: @escaping @Sendable () -> String? = { nil },
    transport: any HTTPTransport, cancellation: Cancellation = .never,
    now: @escaping @Sendable () -> Timestamp = Timestamp.now,
    random: @escaping @Sendable () -> Double = { .random(in: 0..<1) }
  ) {
    self.settings = settings
    self.credentials = credentials
    self.credentialsName = credentialsName
    self.transport = transport
    self.cancellation = cancellation
    self.now = now
    self.random = random
  }

  /// Sends `request` and hands the reply to `receiver` as it comes. Returns once `messageStop` has come and the stream
  /// is at its end.
  ///
  /// Before the first piece of text, what may pass by itself is tried again: up to `maximumAttempts` requests until
  /// `deadline`, with exponential backoff and full jitter (AWS SDKs and Tools Reference Guide, "Retry behavior",
  /// standard mode).
  ///
  /// - Throws: `Failure`
  public func converse(_ request: ConverseRequest, to receiver: any ConverseReceiver) throws -> ConverseOutcome {
    var key = try credentials(false)
    var clockOffset: Int64 = 0
    var hasRefreshed = false
    var attempt = 1
    let began = ContinuousClock.now
    while true {
      let reader = ConverseStreamReader(request, region: settings.region, hiding: key.secrets, to: receiver)
      do {
        return try perform(request, with: key, at: now() + clockOffset, reader)
      } catch let error as AttemptError {
        if reader.hasText { throw failure(error) }
        if error.failure.code == .credentialsExpired, !hasRefreshed {
          hasRefreshed = true
          let renewed = try credentials(true)
          guard renewed != key else { throw failure(error) }
          key = renewed
          continue
        }
        if let offset = clockError(error), clockOffset == 0 {
          clockOffset = offset
          continue
        }
        guard error.mayRetry, attempt < settings.maximumAttempts else { throw failure(error) }
        attempt += 1
        try wait(before: attempt, after: error, remaining: settings.deadline - began.duration(to: .now), receiver)
      }
    }
  }

  private func perform(
    _ request: ConverseRequest, with credentials: Credentials, at time: Timestamp, _ reader: ConverseStreamReader
  ) throws -> ConverseOutcome {
    var unsigned = request.httpRequest(endpoint: settings.endpoint)
    let signed: HTTPRequest
    switch credentials {
    case .accessKey(let key):
      signed = SigV4Signer(service: "bedrock", region: settings.region).sign(unsigned, with: key, at: time)
    case .apiKey(let token):
      unsigned.headers.append(("Authorization", "Bearer \(token.exposed)"))
      signed = unsigned
    }
    do {
      try transport.send(signed, timeouts: settings.timeouts, cancellation: cancellation, to: reader)
      return try reader.finish(after: nil)
    } catch let error as TransportError {
      return try reader.finish(after: AttemptError(error, timeouts: settings.timeouts, endpoint: settings.endpoint))
    } catch {
      return try reader.finish(after: error)
    }
  }

  /// What an attempt failed with; where its credentials were refused, with where they come from, and with how long to
  /// wait, where the service says so.
  private func failure(_ error: AttemptError) -> Failure {
    var failure = error.failure
    if error.isAboutCredentials, let name = credentialsName() {
      failure.message += "; the credentials are from: \(name)"
    }
    if failure.isRetryable, let milliseconds = error.retryAfterMilliseconds, milliseconds > 0 {
      failure.hint = "the service asks to wait \(max(1, milliseconds / 1000)) s; try again then"
    }
    return failure
  }

  /// By how many seconds this machine's clock is off, where that is why the request was refused: more than four
  /// minutes.
  private func clockError(_ error: AttemptError) -> Int64? {
    guard let serverTime = error.serverTime else { return nil }
    let offset = (serverTime.milliseconds - now().milliseconds) / 1000
    return abs(offset) > 240 ? offset : nil
  }

  /// Waits until another attempt may be made, and tells so.
  ///
  /// - Throws: the failure of the one before, where the wait would be too long or go beyond the deadline
  private func wait(
    before attempt: Int, after error: AttemptError, remaining: Duration, _ receiver: any ConverseReceiver
  ) throws {
    let backoff = random() * min(Double(1 << min(attempt - 2, 10)), BedrockClient.maximumDelay)
    let asked = error.retryAfterMilliseconds.map { max(0, $0) } ?? 0
    guard asked <= Int(BedrockClient.maximumDelay * 1000) else { throw failure(error) }
    let delay = max(asked, Int(backoff * 1000))
    guard .milliseconds(delay) < remaining else { throw failure(error) }
    try receiver.receive(
      retry: RetryNotice(
        attempt: attempt, maximumAttempts: settings.maximumAttempts, delayMilliseconds: delay, failure: error.failure))
    if cancellation.wait(milliseconds: delay) { throw cancellation.failure }
  }

  /// The longest that is waited between two attempts, in seconds.
  private static let maximumDelay = 20.0
}
