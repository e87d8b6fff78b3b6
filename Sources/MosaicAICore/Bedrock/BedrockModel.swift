import Synchronization

/// Claude through Amazon Bedrock Runtime: sends the request, and repeats it if that may help.
///
/// It can be used for one reply after another: it keeps its credentials while they last, and its transport may keep the
/// connection open.
package final class BedrockModel: LanguageModel {
  /// Which service to ask, and how patiently.
  package struct Settings: Equatable, Sendable {
    /// Scheme and host, without a slash at the end.
    package var endpoint: String
    package var region: String
    package var timeouts: HTTPTimeouts
    /// How many requests to make at most, the first one included.
    package var maximumAttempts: Int
    /// How long after the first request another one may still begin.
    package var deadline: Duration

    package init(
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

  /// Looks for credentials, other than those that AWS says have expired.
  package typealias CredentialsSource =
    @Sendable (_ refused: Credentials?, Cancellation) throws -> CredentialsChain.Resolution

  private let settings: Settings
  private let source: CredentialsSource
  private let transport: any HTTPTransport
  private let now: @Sendable () -> Timestamp
  private let backoff: Backoff
  /// What was learned from earlier requests.
  private let known: Mutex<Known>
  /// Held while credentials are looked for: others wait and get the same ones, so that no person is asked twice.
  private let search = Mutex(())

  private struct Known {
    var resolution: CredentialsChain.Resolution?
    /// By how many seconds the server's clock is ahead of this machine's.
    var clockOffset: Int64 = 0
    /// What of a request each model does not take, by its id.
    var refusedParts: [String: Set<OptionalPart>] = [:]
  }

  /// Credentials that end sooner are looked for again before they are used, in seconds.
  private static let leastSeconds: Int64 = 60

  /// - Parameters:
  ///   - resolution: credentials to begin with
  ///   - now: the clock that requests are signed with
  ///   - backoff: the waits between attempts
  package init(
    _ settings: Settings, holding resolution: CredentialsChain.Resolution? = nil,
    credentials: @escaping CredentialsSource, transport: any HTTPTransport,
    now: @escaping @Sendable () -> Timestamp = Timestamp.now, backoff: Backoff = Backoff()
  ) {
    self.settings = settings
    known = Mutex(Known(resolution: resolution))
    source = credentials
    self.transport = transport
    self.now = now
    self.backoff = backoff
  }

  /// What requests have shown so far: the credentials that are in use, if any were looked for, and by how many seconds
  /// the server's clock is ahead.
  package var learned: (resolution: CredentialsChain.Resolution?, clockOffset: Int64) {
    known.withLock { ($0.resolution, $0.clockOffset) }
  }

  /// Returns once `messageStop` has come and the stream is at its end.
  ///
  /// Before the first text, whatever may pass by itself is tried again: up to `maximumAttempts` requests until
  /// `deadline`, with exponential backoff and full jitter (AWS SDKs and Tools Reference Guide, "Retry behavior",
  /// standard mode). A request that is refused for a part that it can do without follows once more without it, which is
  /// not counted as an attempt.
  package func reply(
    to request: ModelRequest, _ receiver: any ReplyReceiver, _ cancellation: Cancellation
  ) throws -> ModelReply {
    try reply(to: request, receiver, cancellation, pace: nil)
  }

  /// - Parameter pace: of every request; nil for as soon as possible
  func reply(
    to request: ModelRequest, _ receiver: any ReplyReceiver, _ cancellation: Cancellation, pace: (any RequestPace)?
  ) throws -> ModelReply {
    var request = request.leavingOut(known.withLock { $0.refusedParts[request.modelID] ?? [] })
    var resolution = try credentials(cancellation)
    var hasRefreshed = false
    var hasCorrectedClock = false
    var attempt = 1
    let began = ContinuousClock.now
    while true {
      let reader = ConverseStreamReader(
        request, region: settings.region, hiding: resolution.credentials.secrets, to: receiver)
      do {
        return try perform(request, with: resolution.credentials, reader, cancellation, pace)
      } catch let error as AttemptError {
        if reader.hasText { throw failure(error, resolution) }
        if let part = error.refusedParts.first(where: request.has) {
          known.withLock { _ = $0.refusedParts[request.modelID, default: []].insert(part) }
          request = request.leavingOut([part])
          try receiver.receive(.leftOut(part))
          continue
        }
        if error.failure.code == .credentialsExpired, !hasRefreshed {
          hasRefreshed = true
          let renewed = try credentials(replacing: resolution.credentials, cancellation)
          guard renewed.credentials != resolution.credentials else { throw failure(error, renewed) }
          resolution = renewed
          continue
        }
        if let offset = clockOffset(error), !hasCorrectedClock {
          hasCorrectedClock = true
          known.withLock { $0.clockOffset = offset }
          continue
        }
        guard error.mayRetry, attempt < settings.maximumAttempts else { throw failure(error, resolution) }
        attempt += 1
        let remaining = settings.deadline - began.duration(to: .now)
        guard let delay = delay(before: attempt, after: error), delay < remaining else {
          throw failure(error, resolution)
        }
        let notice = RetryNotice(
          attempt: attempt, maximumAttempts: settings.maximumAttempts, delay: delay, failure: error.failure)
        try receiver.receive(.retry(notice))
        if cancellation.wait(delay) { throw cancellation.failure }
      }
    }
  }

  /// The credentials in use, or new ones.
  ///
  /// - Parameter refused: those that have expired
  private func credentials(
    replacing refused: Credentials? = nil, _ cancellation: Cancellation
  ) throws -> CredentialsChain.Resolution {
    try search.withLock { _ in
      let soon = now() + BedrockModel.leastSeconds
      if let held = known.withLock({ $0.resolution }), held.credentials != refused,
        held.credentials.expiration.map({ $0 > soon }) ?? true
      {
        return held
      }
      let resolution = try source(refused, cancellation)
      known.withLock { $0.resolution = resolution }
      return resolution
    }
  }

  /// Makes one request when its turn has come, and tells the pace how it went.
  private func perform(
    _ request: ModelRequest, with credentials: Credentials, _ reader: ConverseStreamReader,
    _ cancellation: Cancellation, _ pace: (any RequestPace)?
  ) throws -> ModelReply {
    guard let pace else { return try perform(request, with: credentials, reader, cancellation) }
    try pace.begin(cancellation)
    do {
      reader.didAccept = pace.accept
      let reply = try perform(request, with: credentials, reader, cancellation)
      pace.end(refusal: nil)
      return reply
    } catch {
      pace.end(refusal: (error as? AttemptError)?.refusal(at: now()))
      throw error
    }
  }

  private func perform(
    _ request: ModelRequest, with credentials: Credentials, _ reader: ConverseStreamReader, _ cancellation: Cancellation
  ) throws -> ModelReply {
    let time = now() + known.withLock { $0.clockOffset }
    let signed = credentials.authorize(
      request.httpRequest(endpoint: settings.endpoint), region: settings.region, at: time)
    do {
      try transport.send(signed, timeouts: settings.timeouts, cancellation: cancellation, to: reader)
      return try reader.finish(after: nil)
    } catch let error as TransportError {
      return try reader.finish(
        after: AttemptError(error, timeouts: settings.timeouts, endpoint: settings.endpoint, region: settings.region))
    } catch {
      return try reader.finish(after: error)
    }
  }

  /// What the attempts failed with: where refused credentials come from, and how long to wait if the service says so.
  private func failure(_ error: AttemptError, _ resolution: CredentialsChain.Resolution) -> Failure {
    var failure = error.failure
    if error.isAboutCredentials { failure.message += "; the credentials come from: \(resolution.source)" }
    if error.isAboutKey, let origin = resolution.keyOrigin { failure.advice = advice(failure.code, onKey: origin) }
    if failure.code.isRetryable, let wait = error.retryAfter?.advice(at: now()) { failure.advice = wait }
    return failure
  }

  /// What to do about an API key that is refused: it is replaced where it comes from.
  private func advice(_ code: FailureCode, onKey origin: APIKeyProvider.Origin) -> Advice {
    switch origin {
    case .typed where code == .credentialsExpired: "make a new key in the Amazon Bedrock console"
    case .typed: .text("check that you pasted the whole key, and that it was made for \(settings.region)")
    case .variable: "set AWS_BEARER_TOKEN_BEDROCK to a key that Bedrock made for \(settings.region), or unset it"
    case .file: .setUp.then("it replaces the key that is saved in credentials.yaml")
    }
  }

  /// By how many seconds the server's clock is ahead, if that is why the request was refused: more than four minutes.
  private func clockOffset(_ error: AttemptError) -> Int64? {
    guard let serverTime = error.serverTime else { return nil }
    let offset = (serverTime.milliseconds - now().milliseconds) / 1000
    return abs(offset) > 240 ? offset : nil
  }

  /// How long to wait before an attempt; nil if the service asks for too long a wait.
  private func delay(before attempt: Int, after error: AttemptError) -> Duration? {
    let asked = error.retryAfter?.delay(at: now()) ?? .zero
    return asked <= Backoff.longest ? max(asked, backoff.delay(before: attempt)) : nil
  }
}

extension Credentials {
  /// `request` with what shows Amazon Bedrock who asks.
  func authorize(_ request: HTTPRequest, region: String, at time: Timestamp) -> HTTPRequest {
    switch self {
    case .accessKey(let key):
      return SigV4Signer(service: "bedrock", region: region).sign(request, with: key, at: time)
    case .apiKey(let token):
      var request = request
      request.headers.append(("Authorization", "Bearer \(token.exposed)"))
      return request
    }
  }
}
