import Testing

@testable import MosaicAICore

@Suite struct ModelRequestTests {
  @Test("The smallest request has neither temperature nor guardrail, and no model in its body")
  func minimalBody() {
    #expect(
      ConverseTrial.request.converseBody.compact
        == #"""
        {"messages":[{"role":"user","content":[{"text":"Hello"}]}],"system":[{"text":"Be kind."}],\#
        "inferenceConfig":{"maxTokens":100}}
        """#
    )
  }

  @Test("Turns keep their order, and every option is where Bedrock expects it")
  func fullBody() throws {
    let request = ModelRequest(
      modelID: "m", system: "S", turns: [.init(.user, "1"), .init(.assistant, "2\n\"\u{1b}"), .init(.user, "3")],
      maximumTokens: 5,
      temperature: 0.25, guardrail: try #require(.init("gr-1:DRAFT")))
    #expect(
      request.converseBody.compact == #"""
        {"messages":[{"role":"user","content":[{"text":"1"}]},{"role":"assistant","content":[{"text":"2\n\"\u001b"}]},\#
        {"role":"user","content":[{"text":"3"}]}],"system":[{"text":"S"}],\#
        "inferenceConfig":{"maxTokens":5,"temperature":0.25},\#
        "guardrailConfig":{"guardrailIdentifier":"gr-1","guardrailVersion":"DRAFT","streamProcessingMode":"sync"}}
        """#)
  }

  @Test("Cache points stand after the system prompt and after the message before the newest")
  func cachePoints() {
    var request = ConverseTrial.request
    request.cachesPrompt = true
    #expect(
      request.converseBody.compact
        == #"{"messages":[{"role":"user","content":[{"text":"Hello"}]}],"system":[{"text":"Be kind."},"#
        + #"{"cachePoint":{"type":"default"}}],"inferenceConfig":{"maxTokens":100}}"#)
    request.turns = [.init(.user, "1"), .init(.assistant, "2"), .init(.user, "3")]
    #expect(
      request.converseBody["messages"]?.compact
        == #"[{"role":"user","content":[{"text":"1"}]},{"role":"assistant","content":[{"text":"2"},"#
        + #"{"cachePoint":{"type":"default"}}]},{"role":"user","content":[{"text":"3"}]}]"#)
  }

  @Test(
    "A model ID is one path segment, with colons and slashes encoded",
    arguments: [
      ("us.anthropic.claude-sonnet-4-5-20250929-v1:0", "us.anthropic.claude-sonnet-4-5-20250929-v1%3A0"),
      (
        "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude",
        "arn%3Aaws%3Abedrock%3Aus-east-1%3A123456789012%3Ainference-profile%2Fus.anthropic.claude"
      ),
      ("a b%c?d#e~f_g-h.i", "a%20b%25c%3Fd%23e~f_g-h.i"), ("é", "%C3%A9"), ("../..", "..%2F.."),
    ])
  func url(modelID: String, encoded: String) {
    var request = ConverseTrial.request
    request.modelID = modelID
    #expect(request.httpRequest(endpoint: "https://host").url == "https://host/model/\(encoded)/converse-stream")
  }

  @Test(
    "The request goes to the endpoint, and Host has a port unless it is the default",
    arguments: [
      ("https://bedrock-runtime.us-east-1.amazonaws.com", "bedrock-runtime.us-east-1.amazonaws.com"),
      ("http://127.0.0.1:8080", "127.0.0.1:8080"),
      ("https://host:443", "host"), ("http://host:443/base", "host:443"),
    ])
  func httpRequest(endpoint: String, host: String) {
    let request = ConverseTrial.request.httpRequest(endpoint: endpoint)
    #expect(request.method == "POST")
    #expect(request.url == "\(endpoint)/model/us.anthropic.claude-v1%3A0/converse-stream")
    #expect(request.headers.map(\.name) == ["Content-Type", "Host"])
    #expect(request.headers.map(\.value) == ["application/json", host])
    #expect(request.body == Array(ConverseTrial.request.converseBody.compact.utf8))
  }

  @Test(
    "A guardrail is an ID or ARN, a colon and a version",
    arguments: [
      ("gr-1:1", "gr-1", "1"), ("gr-1:DRAFT", "gr-1", "DRAFT"), ("abc:12345", "abc", "12345"),
      (
        "arn:aws:bedrock:us-east-1:123456789012:guardrail/abc:3",
        "arn:aws:bedrock:us-east-1:123456789012:guardrail/abc", "3"
      ),
    ])
  func guardrail(text: String, identifier: String, version: String) throws {
    let guardrail = try #require(ModelRequest.Guardrail(text))
    #expect(guardrail.identifier == identifier)
    #expect(guardrail.version == version)
  }

  @Test(
    "Half a guardrail is refused",
    arguments: ["", "gr-1", ":1", "gr-1:", "gr-1:draft", "gr-1:1x", "gr-1:-1", "gr-1:１", "gr-1: 1", ":"])
  func noGuardrail(text: String) {
    #expect(ModelRequest.Guardrail(text) == nil)
  }
}
