import MosaicAICore

/// How the simulator was asked to behave.
struct SimulatorSettings: Sendable {
  /// Who may ask.
  let credentials: AcceptedCredentials
  /// False accepts any signature, any API key, and none at all.
  let verifiesCredentials: Bool
  /// Milliseconds between two chunks of text.
  let chunkDelay: Int
}

/// What is done about a request, and what the log tells of it.
struct Decision: Sendable {
  /// What goes over the wire.
  let answer: Answer
  /// The server's clock, ahead of ours by that many seconds.
  var clockOffset: Int64 = 0
  /// Percent-decoded; nil where the path has none.
  var modelID: String?
  /// The scenario and its arguments, as the model id names them.
  var scenario: String?
  /// Counts the requests for this model id that got as far as being answered by the model.
  var attempt: Int?
}

/// Bedrock Runtime without its network: requests in, answers out.
final class Simulator: Sendable {
  private let settings: SimulatorSettings
  /// By model id.
  private let attempts = Locked<[String: Int]>([:])

  /// Starts with no attempts counted.
  init(settings: SimulatorSettings) { self.settings = settings }

  /// Decides what is answered to a request that came at `now`.
  func decide(_ request: ReceivedRequest, at now: Timestamp) -> Decision {
    if request.method == "GET", request.path == "/" || request.path == "/health" {
      return Decision(
        answer: .document(status: 200, type: "application/json", Array("{\"status\":\"healthy\"}".utf8), verdict: "ok"))
    }
    let segments = request.path.split(separator: "/", omittingEmptySubsequences: false)
    guard request.method == "POST", segments.count == 4, segments[0].isEmpty, segments[1] == "model",
      segments[3] == "converse-stream"
    else { return Decision(answer: .error(.unknownOperation)) }
    let model: ModelID
    do { model = try ModelID(segment: segments[2]) } catch {
      return Decision(answer: .error(refusal(of: request, at: now) ?? error), modelID: percentDecoded(segments[2]))
    }
    return decide(request, for: model, at: now)
  }

  /// Decides about a request to a model: credentials first, then model, then body.
  private func decide(_ request: ReceivedRequest, for model: ModelID, at now: Timestamp) -> Decision {
    let call: ScenarioCall?
    do { call = try model.scenarioName.map(ScenarioCall.init) } catch {
      return Decision(answer: .error(refusal(of: request, at: now) ?? error), modelID: model.text)
    }
    var decision = Decision(
      answer: .error(.missingAuthentication), clockOffset: call?.clockOffset ?? 0, modelID: model.text,
      scenario: model.scenarioName.map(String.init))
    if let refusal = refusal(of: request, at: now + decision.clockOffset) { return decision.answering(.error(refusal)) }
    do {
      try model.checkExistence()
      let converse = try ConverseInput(body: request.body)
      let attempt = attempts.withLock { attempts in
        attempts[model.text, default: 0] += 1
        return attempts[model.text, default: 0]
      }
      decision.attempt = attempt
      guard let call else {
        let stage = Stage(
          request: converse, arguments: Stage.Arguments(), attempt: attempt, chunkDelay: settings.chunkDelay)
        return decision.answering(stage.normalReply())
      }
      return decision.answering(call.answer(to: converse, attempt: attempt, chunkDelay: settings.chunkDelay))
    } catch {
      return decision.answering(.error(error))
    }
  }

  /// The error that the credentials of a request earn, if any.
  private func refusal(of request: ReceivedRequest, at now: Timestamp) -> ServiceError? {
    guard settings.verifiesCredentials else { return nil }
    do {
      try settings.credentials.check(request, at: now)
      return nil
    } catch { return error }
  }
}

extension Decision {
  /// The same with another answer.
  fileprivate func answering(_ answer: Answer) -> Decision {
    Decision(answer: answer, clockOffset: clockOffset, modelID: modelID, scenario: scenario, attempt: attempt)
  }
}
