import TestSupport
import Testing

@testable import MosaicAICore

/// Requests that are refused for a part that they can do without.
@Suite struct RefusedPartsTests {
  private typealias Answer = ScriptedTransport.Answer

  private var request: ModelRequest {
    var request = ConverseTrial.request
    request.temperature = 0.5
    return request
  }

  private func temperatures(_ trial: ConverseTrial) throws -> [Bool] {
    try trial.transport.requests.map { try JSON(parsing: $0.body)["inferenceConfig"]?["temperature"] != nil }
  }

  @Test(
    "A refused temperature is left out, which is told and is no attempt",
    arguments: [
      "The model returned the following errors: `temperature` is deprecated for this model.",
      "This model doesn't support the temperature field. Remove temperature and try again.",
      "The model returned the following errors: temperature may only be set to 1 when thinking is enabled.",
      "Malformed input request: extraneous key [temperature] is not permitted, please reformat your input.",
      "Unsupported parameter: 'temperature' is not supported with this model.",
      #"{\"error\":{\"message\":\"`temperature` is deprecated for this model.\"}}"#,
    ], [(400, "ValidationException"), (403, "AccessDeniedException")])
  func refused(message: String, error: (status: Int, name: String)) throws {
    var trial = ConverseTrial(.error(error.status, named: error.name, message), .reply("Well."))
    trial.attempts = 1
    _ = try trial.model.reply(to: request, trial.receiver, .never)
    #expect(try temperatures(trial) == [true, false])
    #expect(trial.receiver.events == [.leftOut(.temperature)])
    #expect(trial.receiver.text == "Well.")
  }

  private static func cachePoints(_ trial: ConverseTrial) -> [Bool] {
    trial.transport.requests.map { String(decoding: $0.body, as: UTF8.self).contains("cachePoint") }
  }

  @Test(
    "Refused cache points are left out, which is told and is no attempt",
    arguments: [
      "You invoked an unsupported model or your request did not allow prompt caching. See the documentation for more "
        + "information.",
      "Malformed input request: #/messages/6/content/0: extraneous key [cachePoint] is not permitted, please reformat "
        + "your input and try again.",
      "This model doesn't support the cachePoint field. Remove cachePoint and try again.",
      "The model returned the following errors: system.0.cache_control: Extra inputs are not permitted",
    ], [(400, "ValidationException"), (403, "AccessDeniedException")])
  func refusedCachePoints(message: String, error: (status: Int, name: String)) throws {
    var trial = ConverseTrial(.error(error.status, named: error.name, message), .reply("Well."))
    trial.attempts = 1
    var request = ConverseTrial.request
    request.cachesPrompt = true
    _ = try trial.model.reply(to: request, trial.receiver, .never)
    #expect(RefusedPartsTests.cachePoints(trial) == [true, false])
    #expect(trial.receiver.events == [.leftOut(.cachePoints)])
    #expect(trial.receiver.text == "Well.")
  }

  @Test("A model that refuses both parts is asked twice more, and then never again with either")
  func both() throws {
    var trial = ConverseTrial(
      .error(400, named: "ValidationException", "`temperature` is deprecated for this model."),
      .error(403, named: "AccessDeniedException", "Your request did not allow prompt caching."),
      .reply("One."), .reply("Two."))
    trial.attempts = 1
    var request = request
    request.cachesPrompt = true
    let model = trial.model
    _ = try model.reply(to: request, trial.receiver, .never)
    _ = try model.reply(to: request, trial.receiver, .never)
    #expect(try temperatures(trial) == [true, false, false, false])
    #expect(RefusedPartsTests.cachePoints(trial) == [true, true, false, false])
    #expect(trial.receiver.events == [.leftOut(.temperature), .leftOut(.cachePoints)])
  }

  @Test("The stream may refuse it too, before any text")
  func refusedInStream() throws {
    let payload = #"{"message":"`temperature` is deprecated for this model."}"#
    let trial = ConverseTrial(.stream([.start, .exception("validationException", payload)]), .reply("Well."))
    _ = try trial.model.reply(to: request, trial.receiver, .never)
    #expect(try temperatures(trial) == [true, false])
  }

  @Test("A refused part is not sent to the model again, and is reported once; another model still gets it")
  func memory() throws {
    let refusal = Answer.error(400, named: "ValidationException", "`temperature` is deprecated for this model.")
    let trial = ConverseTrial(refusal, .reply("One."), .reply("Two."), .reply("Three."))
    let model = trial.model
    _ = try model.reply(to: request, trial.receiver, .never)
    _ = try model.reply(to: request, trial.receiver, .never)
    var other = request
    other.modelID = "other.model"
    _ = try model.reply(to: other, trial.receiver, .never)
    #expect(try temperatures(trial) == [true, false, false, true])
    #expect(trial.receiver.events == [.leftOut(.temperature)])
  }

  @Test(
    "Other errors are not answered like that",
    arguments: [
      "The model returned the following errors: temperature: range: -1..1",
      "`temperature` and `top_p` cannot both be specified for this model. Please use only one.",
      "1 validation error detected: Value at 'inferenceConfig.temperature' failed to satisfy constraint",
      "messages.0.content.0.cache_control.ttl: a ttl='1h' cache_control block must not come after a ttl='5m' one",
      "A maximum of 4 blocks with cache_control may be provided. Found 5.",
      "The provided model identifier is invalid.", "top_p is deprecated for this model.", "",
    ])
  func others(message: String) throws {
    let trial = ConverseTrial(.error(400, named: "ValidationException", message))
    var request = request
    request.cachesPrompt = true
    let failure = try failure { try trial.model.reply(to: request, trial.receiver, .never) }
    #expect(failure.code == .validation)
    #expect(trial.transport.requests.count == 1)
    #expect(trial.receiver.events == [])
  }

  @Test("A request without a temperature is not sent twice, whatever the refusal says, nor one that is throttled")
  func nothingToLeaveOut() throws {
    let words = "`temperature` is deprecated for this model."
    let bare = ConverseTrial(.error(400, named: "ValidationException", words))
    #expect(try failure { try bare.run() }.code == .validation)
    var throttled = ConverseTrial(.error(429, named: "ThrottlingException", words))
    throttled.attempts = 1
    #expect(try failure { try throttled.model.reply(to: request, throttled.receiver, .never) }.code == .throttled)
  }
}

/// What else an answer may say.
@Suite struct AnswerDetailTests {
  private static let thought = Frame.event(
    "contentBlockDelta", #"{"contentBlockIndex":0,"delta":{"reasoningContent":{"text":"Hm."}}}"#)
  private static let signature = Frame.event(
    "contentBlockDelta", #"{"delta":{"reasoningContent":{"signature":"c2ln"}},"contentBlockIndex":0}"#)

  @Test("Thinking is reported once, before the text, and is not part of it")
  func thinking() throws {
    let trial = ConverseTrial(
      .stream([
        .start, AnswerDetailTests.thought, AnswerDetailTests.thought, AnswerDetailTests.signature, .blockStop,
        .text("Well."), AnswerDetailTests.thought, .stop(), .metadata,
      ]))
    let reply = try trial.model.reply(to: ConverseTrial.request, trial.receiver, .never)
    #expect(reply.stopReason == .endTurn)
    #expect(trial.receiver.events == [.thinking])
    #expect(trial.receiver.text == "Well.")
  }

  @Test("A model that thinks after it has begun to answer is not waited for")
  func laterThinking() throws {
    let trial = ConverseTrial(.stream([.start, .text("Well."), AnswerDetailTests.thought, .stop(), .metadata]))
    _ = try trial.model.reply(to: ConverseTrial.request, trial.receiver, .never)
    #expect(trial.receiver.events == [])
  }

  @Test("Thinking and parts left out are not among the events of the contract")
  func contract() {
    let wording = FailureWording(hint: { _ in nil }, exitStatus: { _ in 0 })
    for event in [ReplyEvent.thinking, .leftOut(.temperature), .leftOut(.cachePoints)] {
      #expect(event.record(wording) == nil)
      #expect(event.type == nil)
    }
  }

  @Test("What the model's provider said is passed on, from the body and from the stream, without secrets")
  func originalMessage() throws {
    let body = #"{"message":"It failed.","originalMessage":"Overloaded by session-token","originalStatusCode":529}"#
    for answer in [
      ScriptedTransport.Answer.error(424, [("x-amzn-ErrorType", "ModelErrorException")], body),
      .stream([.start, .exception("modelStreamErrorException", body)]),
    ] {
      var trial = ConverseTrial(answer)
      trial.attempts = 1
      let failure = try failure { try trial.run() }
      #expect(failure.code == .modelError)
      #expect(failure.names("It failed.") && failure.names("Overloaded by"))
      #expect(!failure.names("session-token"))
    }
  }

  @Test("Retry-After as a date counts from the server's Date, else from our own clock")
  func retryDate() throws {
    let date = ("Retry-After", "Mon, 23 Nov 2026 06:13:10 GMT")
    // Our own clock shows 06:13:02.
    for (headers, seconds) in [([date], 8), ([date, ("Date", "Mon, 23 Nov 2026 06:13:05 GMT")], 5)] {
      struct Stop: Error {}
      let trial = ConverseTrial(.error(503, headers, "{}"))
      trial.receiver.atRetry { _ in throw Stop() }
      #expect(throws: Stop.self) { try trial.run() }
      #expect(trial.receiver.retries.map(\.delay) == [.seconds(seconds)])
    }
    let far = ConverseTrial(.error(503, [("Retry-After", "Mon, 23 Nov 2026 07:13:02 GMT")], "{}"))
    let failure = try failure { try far.run() }
    #expect(failure.code == .unavailable && failure.adviceText.contains("3600 s"))
    #expect(far.transport.requests.count == 1)
  }
}
