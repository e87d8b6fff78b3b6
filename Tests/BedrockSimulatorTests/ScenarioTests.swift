import MosaicAICore
import Testing

@testable import BedrockSimulator

/// Scenarios are found by their names and do what the table says.
struct ScenarioTests {
  @Test(
    "Every scenario is found by its name and arguments",
    arguments: Scenario.all.map(\.name))
  func findsEveryScenario(name: String) throws {
    let scenario = try #require(Scenario.all.first { $0.name == name })
    func written(_ parameters: [Scenario.Parameter]) -> String {
      parameters.reduce(name) { text, parameter in
        switch parameter.kind {
        case .number: "\(text)-3"
        case .choice(let words): "\(text)-\(words.last ?? "")"
        }
      }
    }
    #expect(try ScenarioCall(written(scenario.parameters)[...]).scenario.name == name)
    #expect(try ScenarioCall(written(scenario.parameters.filter { !$0.isOptional })[...]).scenario.name == name)
    if let times = scenario.parameters.firstIndex(where: { $0.name == "TIMES" }) {
      #expect(times == scenario.parameters.count - 1)
      let normal = try play("normal").text
      let text = written(scenario.parameters)
      #expect(try play(text, attempt: 4).text == normal)
      #expect(try play(text, attempt: 3).body != play(text, attempt: 4).body)
    }
    #expect(!scenario.summary.isEmpty)
  }

  @Test("Scenario names are unique")
  func hasUniqueNames() {
    #expect(Set(Scenario.all.map(\.name)).count == Scenario.all.count)
  }

  @Test(
    "An unknown scenario is refused",
    arguments: [
      "", "nope", "throttle-x", "throttle-1-2", "cut", "exception-nothing-1", "http-418", "slow--1", "slow-",
      "tiny-1234567890",
    ])
  func refusesUnknownScenarios(name: String) {
    #expect(throws: ServiceError.self) { try ScenarioCall(name[...]) }
  }

  @Test("A reply has all events in Bedrock's order, with padding and usage")
  func sendsAllEvents() throws {
    let answer = try play("echo", asking: "one two three")
    let frames = try #require(answer.frames)
    #expect(
      frames.map(\.kind) == [
        "messageStart", "contentBlockDelta", "contentBlockDelta", "contentBlockDelta", "contentBlockStop",
        "messageStop", "metadata",
      ])
    #expect(frames.compactMap(\.text) == ["one ", "two ", "three"])
    #expect(frames.allSatisfy { $0.payload?["p"]?.string?.isEmpty == false })
    #expect(
      frames.allSatisfy { $0.headers[":message-type"] == "event" && $0.headers[":content-type"] == "application/json" })
    let usage = try #require(frames.last?.payload?["usage"])
    #expect(usage["inputTokens"] == .integer(8))
    #expect(usage["outputTokens"] == .integer(4))
    #expect(usage["totalTokens"] == .integer(12))
  }

  @Test("text-chunks dictates every delta")
  func dictatesDeltas() throws {
    let answer = try play("text-chunks-7", asking: "a| b||c|")
    #expect(try #require(answer.frames).compactMap(\.text) == ["a", " b", "", "c", ""])
    #expect(answer.pauses == [7, 7, 7, 7])
  }

  @Test(
    "tiny sends exactly that many chunks",
    arguments: [0, 1, 25, 26, 27, 1000, 20_000])
  func countsTinyChunks(count: Int) throws {
    let frames = try #require(try play("tiny-\(count)").frames)
    let texts = frames.compactMap(\.text)
    #expect(texts.count == count)
    #expect(texts.enumerated().allSatisfy { $1.utf8.elementsEqual([UInt8(ascii: "a") + UInt8($0 % 26)]) })
    #expect(frames.last?.kind == "metadata")
  }

  @Test("large sends one delta of that size")
  func sizesLargeDelta() throws {
    #expect(try play("large-1000000").text == String(repeating: "x", count: 1_000_000))
  }

  @Test("timestamps say when they were sent")
  func sendsTimestamps() throws {
    let answer = try play("timestamps-300-4")
    #expect(answer.text == String(repeating: "1795414382123 ", count: 4))
    #expect(answer.pauses == [300, 300, 300])
  }

  @Test(
    "emoji arrive whole, however they are cut",
    arguments: ["emoji", "surrogates"])
  func keepsEmojiWhole(name: String) throws {
    #expect(try play(name).text == "Grandma 👵🏽 and the family 👨‍👩‍👧‍👦 wave 🏳️‍🌈 from the café 🇫🇷.")
  }

  @Test("emoji are cut within their bytes, and surrogates are sent in ASCII")
  func cutsEmoji() throws {
    let segments = try play("emoji").pieces.compactMap { if case .segment(let bytes) = $0 { bytes } else { nil } }
    #expect(segments.contains { $0.last.map { $0 >= 0x80 } ?? false })
    let surrogates = try play("surrogates").body
    #expect(String(decoding: surrogates, as: UTF8.self).contains(#"\uD83D\uDC75"#))
  }

  @Test("Strange events do not change the text")
  func sendsStrangeEvents() throws {
    let strange = try play("unknown-events")
    #expect(strange.text == Stage.parts(5).joined())
    #expect(try #require(strange.frames).allSatisfy { $0.payload != nil })
    #expect(
      Set(try #require(strange.frames).map(\.kind)).isSuperset(of: ["initialResponse", "moonPhase", "afterword"]))
    #expect(try play("reasoning").text == Stage.parts(5).joined())
    #expect(try play("no-metadata").frames?.last?.kind == "messageStop")
    #expect(try play("no-padding").frames?.contains { $0.payload?["p"] != nil } == false)
    #expect(try play("many-frames").pieces.count == 1)
    #expect(try play("many-frames").text == Stage.parts(5).joined())
  }

  @Test(
    "An exception ends the stream after the requested chunks",
    arguments: [
      ("throttling", "throttlingException"), ("validation", "validationException"),
      ("internal", "internalServerException"),
      ("unavailable", "serviceUnavailableException"), ("model-stream", "modelStreamErrorException"),
      ("unknown", "somethingNewException"),
    ])
  func endsWithException(word: String, type: String) throws {
    let answer = try play("exception-\(word)-2-1")
    let frames = try #require(answer.frames)
    #expect(frames.compactMap(\.text) == ["Part 1.", " Part 2."])
    #expect(frames.last?.headers[":message-type"] == "exception")
    #expect(frames.last?.kind == type)
    #expect(frames.last?.payload?["message"]?.string?.isEmpty == false)
  }

  @Test("An error frame has neither an event type nor a payload")
  func sendsErrorFrames() throws {
    let last = try #require(try play("error-frame-1").frames?.last)
    #expect(
      last.headers == [
        ":message-type": "error", ":error-code": "InternalFailure",
        ":error-message": "An internal server error occurred.",
      ])
  }

  @Test(
    "Damage comes after whole frames",
    arguments: [
      "corrupt-prelude-2", "corrupt-message-2", "absurd-length-2", "cut-prelude-2", "cut-headers-2", "cut-payload-2",
      "end-checksum-2",
    ])
  func damagesLater(name: String) throws {
    let answer = try play(name)
    #expect(answer.frames == nil)
    let whole = try play("cut-2")
    #expect(whole.text == "Part 1. Part 2.")
    #expect(answer.pieces.count > whole.pieces.count)
  }

  @Test("An absurd length has a valid checksum")
  func sendsAbsurdLength() throws {
    let answer = try play("absurd-length-0")
    guard case .segment(let bytes) = answer.pieces.last else {
      Issue.record("no segment")
      return
    }
    let checksum = bytes.prefix(8).withUnsafeBytes { CRC32.checksum($0) }
    #expect(bytes[8..<12].reduce(0) { $0 << 8 | UInt32($1) } == checksum)
  }

  @Test(
    "A connection ends as its scenario says",
    arguments: [
      ("cut-1", Answer.Ending.close), ("cut-payload-1", .close), ("end-1", .complete), ("end-payload-1", .complete),
      ("reset-1", .reset),
      ("hang-1", .hang), ("hang-after-stop", .hang), ("hang-headers", .hang), ("close-before-headers", .close),
      ("reset-before-headers", .reset),
    ])
  func endsConnections(name: String, ending: Answer.Ending) throws {
    #expect(try play(name).ending == ending)
  }

  @Test(
    "A reply stops for the requested reason",
    arguments: [
      ("guardrail-0", "guardrail_intervened", "Sorry, the model cannot answer this question."),
      ("guardrail-1", "guardrail_intervened", "Part 1.Sorry, the model cannot answer this question."),
      ("content-filtered-2", "content_filtered", "Part 1. Part 2."), ("content-filtered-0", "content_filtered", ""),
      ("malformed-output-1", "malformed_model_output", "Part 1."),
      ("max-tokens", "max_tokens", "Part 1. Part 2. Part 3. Part 4. Part 5."),
      ("context-window", "model_context_window_exceeded", "Part 1. Part 2. Part 3. Part 4. Part 5."),
      ("unknown-stop", "moon_phase", "Part 1. Part 2. Part 3. Part 4. Part 5."),
      ("tool-use", "tool_use", "Let me look that up."),
      ("empty", "end_turn", ""), ("blank", "end_turn", " \n\n\t "),
    ])
  func stopsForReason(name: String, reason: String, text: String) throws {
    let answer = try play(name)
    #expect(answer.text == text)
    #expect(answer.frames?.first { $0.kind == "messageStop" }?.payload?["stopReason"] == .string(reason))
  }

  @Test(
    "An error has the status and the name that AWS gives it",
    arguments: [
      ("throttle", 429, "ThrottlingException"), ("throttle-daily", 429, "ThrottlingException"),
      ("model-not-ready", 429, "ModelNotReadyException"), ("quota", 400, "ServiceQuotaExceededException"),
      ("expired-token", 403, "ExpiredTokenException"), ("access-denied", 403, "AccessDeniedException"),
      ("invalid-model", 400, "ValidationException"), ("on-demand", 400, "ValidationException"),
      ("http-404", 404, "ResourceNotFoundException"),
      ("http-408", 408, "ModelTimeoutException"), ("http-424", 424, "ModelErrorException"),
      ("http-500", 500, "InternalServerException"),
      ("http-503", 503, "ServiceUnavailableException"),
    ])
  func answersErrors(name: String, status: Int, error: String) throws {
    let answer = try play(name)
    #expect(answer.status == status)
    #expect(answer.verdict == error)
    let type = answer.headers.first { $0.name == "x-amzn-ErrorType" }?.value
    #expect(type == error || type?.hasPrefix(error + ":http://internal.amazon.com/") == true)
    #expect(try JSON(parsing: answer.body)["message"]?.string?.isEmpty == false)
  }

  @Test("An unreliable service refuses some requests and cuts others, by their number")
  func isUnreliable() throws {
    let statuses = try (1...10).map { try play("unreliable-5-10", attempt: $0).status }
    #expect(statuses == [200, 200, 200, 200, 429, 200, 200, 200, 200, 429])
    let endings = try (1...10).map { try play("unreliable-5-10", attempt: $0).ending }
    #expect(endings.enumerated().filter { $0.element != .complete }.map(\.offset) == [8])
  }

  @Test("A wait is given in seconds or in milliseconds")
  func asksToWait() throws {
    #expect(try play("throttle-retry-after-7").headers.contains { $0 == ("Retry-After", "7") })
    #expect(try play("throttle-amz-retry-after-250-1").headers.contains { $0 == ("x-amz-retry-after", "250") })
  }

  @Test("Control characters are sent unchanged")
  func sendsControls() throws {
    let scalars = Set(try play("controls").text.unicodeScalars)
    #expect(scalars.isSuperset(of: ["\u{1B}", "\u{7}", "\u{0}", "\u{7F}", "\u{9B}", "\u{202E}", "\u{2066}", "\r"]))
  }
}
