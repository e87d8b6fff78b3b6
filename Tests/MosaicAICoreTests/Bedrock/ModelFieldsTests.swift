import TestSupport
import Testing

@testable import MosaicAICore

/// A model's own parameters: how they are read, and where they go.
@Suite struct ModelFieldsTests {
  @Test("They go to Bedrock as they are, and an empty object is not sent")
  func body() throws {
    var request = ConverseTrial.request
    request.fields = try ModelFields(parsing: #"{"output_config":{"effort":"low"},"top_k":5,"x":[null,true,0.5]}"#)
    #expect(
      request.converseBody["additionalModelRequestFields"]?.compact
        == #"{"output_config":{"effort":"low"},"top_k":5,"x":[null,true,0.5]}"#)
    request.fields = try ModelFields(parsing: "{}")
    #expect(request.converseBody == ConverseTrial.request.converseBody)
  }

  @Test("Anything but a JSON object is refused", arguments: ["", "[1]", "5", "\"x\"", "null", "{", #"{"a":1}x"#, "nö"])
  func malformed(text: String) {
    #expect(throws: ModelFields.Malformed.self) { try ModelFields(parsing: text) }
  }

  @Test("A choice beats the persona's own, and without either nothing is sent")
  func precedence() throws {
    let household = try Household()
    let service = try household.service()
    _ = try service.addLegacy(name: "Ada", evenIfKnown: false)
    let overlay = "personas:\n  friend:\n    model_fields: {own: 1}\n"
    let personas = try PersonaCatalog.load(overlay: Array(overlay.utf8), path: "p.yaml")
    var choice = ModelChoice()
    func fields(_ persona: String) throws -> String? {
      try service.preview("Hello.", .to(persona: persona), choice, personas: personas).fields?.json.compact
    }
    #expect(try fields("friend") == #"{"own":1}"#)
    #expect(try fields("biographer") == nil)
    choice.fields = try ModelFields(parsing: #"{"chosen":2}"#)
    #expect(try fields("friend") == #"{"chosen":2}"#)
    #expect(try fields("biographer") == #"{"chosen":2}"#)
  }

  @Test("A stop at max_tokens without a word is no_text, is asked once, and its message can be retried")
  func noText() throws {
    for text in ["", " \n"] {
      let service = try Household().service()
      _ = try service.addLegacy(name: "Ada", evenIfKnown: false)
      let sent = try service.send("Hello.", .reply(text, stop: "max_tokens"))
      let failure = try #require(sent.failure?.failure)
      #expect(failure.code == .noText)
      #expect(!failure.code.isRetryable)
      #expect(failure.advises(.raise(.maximumTokens)) && failure.advises(.thinkLess))
      #expect(try service.messages().map(\.status) == [.failed])
      let retried = try service.send(nil, .reply("Well."))
      #expect(retried.failure == nil)
      #expect(try service.messages().map(\.status) == [.complete, .complete])
    }
  }
}
