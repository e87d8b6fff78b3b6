import MosaicAICore
import Synchronization

/// How the simulator behaves.
struct SimulatorSettings: Sendable {
  let credentials: AcceptedCredentials
  /// If false, any credentials are accepted, and none.
  let verifiesCredentials: Bool
  /// Milliseconds between two chunks of text.
  let chunkDelay: Int
}

/// What is answered to a request, and what the log says about it.
struct Decision: Sendable {
  var answer: Answer
  /// How many seconds the server's clock is ahead of ours.
  var clockOffset: Int64 = 0
  /// Percent-decoded; nil if the path has none.
  var modelID: String?
  /// The scenario and its arguments, as the model id names them.
  var scenario: String?
  /// The number of requests for this model id that have reached the model, including this one.
  var attempt: Int?
}

/// Bedrock without its network: requests in, answers out.
final class Simulator: Sendable {
  private let settings: SimulatorSettings
  /// What has come for a model id.
  private struct Course {
    var attempts = 0
    /// When the attempt arrived from which the scenario measures time.
    var measuredFrom: Timestamp?
  }

  /// By model id.
  private let courses = Mutex<[String: Course]>([:])
  private let cache = Mutex(PromptCache())

  init(settings: SimulatorSettings) { self.settings = settings }

  /// The answer to a request that arrived at `now`.
  func decide(_ request: ReceivedRequest, at now: Timestamp) -> Decision {
    if request.method == "GET", request.path == "/" || request.path == "/health" {
      return Decision(answer: .json(["status": "healthy"]))
    }
    guard let operation = Operation(request) else { return Decision(answer: .error(.unknownOperation)) }
    return decide(request, operation, at: now)
  }

  /// The answer to a request about a model. Credentials are checked first, then the model, then the body.
  private func decide(_ request: ReceivedRequest, _ operation: Operation, at now: Timestamp) -> Decision {
    var decision = Decision(answer: .error(.unknownOperation), modelID: percentDecoded(operation.model))
    do throws(ServiceError) {
      let model: ModelID
      let call: ScenarioCall
      do throws(ServiceError) {
        model = try ModelID(segment: operation.model)
        call = try ScenarioCall(model.scenarioName ?? "normal")
        decision.scenario = model.scenarioName.map(String.init)
      } catch {
        try check(request, at: now)
        throw error
      }
      decision.clockOffset = call.clockOffset
      let now = now + decision.clockOffset
      try check(request, at: now)
      switch operation {
      case .converseStream:
        decision.answer = try converse(request, with: model, call, at: now, attempt: &decision.attempt)
      case .describe(let kind, _):
        let controlPlane = ControlPlane(region: request.signingRegion ?? settings.credentials.region ?? "us-east-1")
        decision.answer = .json(try controlPlane.answer(kind, for: model, call.catalogEntry(at: now)))
      }
    } catch {
      decision.answer = .error(error)
    }
    return decision
  }

  /// The answer of a model.
  ///
  /// - Parameter attempt: becomes the number of this attempt if the request reaches the model
  private func converse(
    _ request: ReceivedRequest, with model: ModelID, _ call: ScenarioCall, at now: Timestamp, attempt: inout Int?
  ) throws(ServiceError) -> Answer {
    try model.checkExistence()
    var input = try ConverseInput(body: request.body)
    let (number, began) = courses.withLock { courses in
      var course = courses[model.text] ?? Course()
      course.attempts += 1
      if course.attempts == call.measuredAttempt { course.measuredFrom = now }
      courses[model.text] = course
      return (course.attempts, course.measuredFrom)
    }
    attempt = number
    let measured = began.map { now.milliseconds - $0.milliseconds }
    input.cacheUse = cache.withLock { $0.use(of: input.prompt, for: model.text, at: now) }
    let answer = call.answer(
      to: input, attempt: number, at: now, measured: measured, chunkDelay: settings.chunkDelay)
    // A request that is refused leaves the cache as it was.
    if answer.visibleStatus == 200 { cache.withLock { $0.remember(input.prompt, for: model.text, at: now) } }
    return answer
  }

  /// Checks a request's credentials.
  ///
  /// - Throws: the error that AWS answers with
  private func check(_ request: ReceivedRequest, at now: Timestamp) throws(ServiceError) {
    if settings.verifiesCredentials { try settings.credentials.check(request, at: now) }
  }
}

/// What a request asks for.
private enum Operation {
  case converseStream(model: Substring)
  case describe(ControlPlane.Operation, model: Substring)

  /// Reads method and path; nil if no operation has them.
  init?(_ request: ReceivedRequest) {
    let segments = request.path.split(separator: "/", omittingEmptySubsequences: false)
    guard segments.count >= 3, segments[0].isEmpty else { return nil }
    switch (request.method, segments.count) {
    case ("POST", 4) where segments[1] == "model" && segments[3] == "converse-stream":
      self = .converseStream(model: segments[2])
    case ("GET", 3):
      guard let kind = ControlPlane.Operation(rawValue: String(segments[1])) else { return nil }
      self = .describe(kind, model: segments[2])
    default: return nil
    }
  }

  /// Percent-encoded, as it is in the path.
  var model: Substring {
    switch self {
    case .converseStream(let model), .describe(_, let model): model
    }
  }
}
