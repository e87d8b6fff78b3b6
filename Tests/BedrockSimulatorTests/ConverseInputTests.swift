import Testing

@testable import BedrockSimulator

/// Bodies are accepted and refused as Bedrock does it.
struct ConverseInputTests {
  private static let hello = #"{"role":"user","content":[{"text":"Hello"}]}"#
  private static let reply = #"{"role":"assistant","content":[{"text":"Good day"}]}"#

  private func refusal(of body: String) -> ServiceError? {
    do {
      _ = try ConverseInput(body: Array(body.utf8))
      return nil
    } catch { return error }
  }

  @Test("The body gives what a reply is made of")
  func readsBody() throws {
    let body = """
      {"messages":[\(ConverseInputTests.hello),\(ConverseInputTests.reply),
       {"role":"user","content":[{"text":"One"},{"cachePoint":{"type":"default"}},{"text":"two \\uD83D\\uDE00"}]}],
       "system":[{"text":"You are The Friend."},{"text":"Be kind."}],
       "inferenceConfig":{"maxTokens":12,"temperature":0.5,"topP":1},
       "guardrailConfig":{"guardrailIdentifier":"abc","guardrailVersion":"DRAFT","streamProcessingMode":"async"}}
      """
    let request = try ConverseInput(body: Array(body.utf8))
    #expect(request.system == "You are The Friend.\n\nBe kind.")
    #expect(request.messages.map(\.text) == ["Hello", "Good day", "One\ntwo 😀"])
    #expect(request.messages.map(\.isFromUser) == [true, false, true])
    #expect(request.maxTokens == 12)
    #expect(request.question == "two 😀")
  }

  @Test(
    "A body that breaks a rule is refused in Bedrock's words",
    arguments: [
      ("", "Malformed input request, please reformat your input and try again."),
      ("[]", "Malformed input request, please reformat your input and try again."),
      (#"{"messages":["#, "Malformed input request, please reformat your input and try again."),
      (
        "{}",
        "1 validation error detected: Value null at 'messages' failed to satisfy constraint: Member must not be null"
      ),
      (
        #"{"messages":[]}"#,
        "A conversation must start with a user message. Try again with a conversation that starts with a user message."
      ),
      (
        #"{"messages":[\#(reply),\#(hello)]}"#,
        "A conversation must start with a user message. Try again with a conversation that starts with a user message."
      ),
      (
        #"{"messages":[\#(hello),\#(hello)]}"#,
        "A conversation must alternate between user and assistant roles. "
          + "Make sure the conversation alternates between user and assistant roles and try again."
      ),
      (
        #"{"messages":[\#(hello),\#(reply)]}"#,
        "This model does not support assistant message prefill. The conversation must end with a user message."
      ),
      (
        #"{"messages":[{"role":"user","content":[{"text":" \n"}]}]}"#,
        """
        The text field in the ContentBlock object at messages.0.content.0 is blank. Add text to the text field, and \
        try again.
        """
      ),
      (
        #"{"messages":[{"role":"user","content":[]}]}"#,
        """
        The content field in the Message object at messages.0 is empty. Add a ContentBlock object to the content field \
        and try again.
        """
      ),
      (
        #"{"messages":[{"role":"system","content":[{"text":"x"}]}]}"#,
        "1 validation error detected: Value 'system' at 'messages.0.role' failed to satisfy constraint: "
          + "Member must satisfy enum value set: [user, assistant]"
      ),
      (
        #"{"messages":[\#(hello)],"modelId":"x"}"#,
        """
        Malformed input request: #: extraneous key [modelId] is not permitted, please reformat your input and try \
        again.
        """
      ),
      (
        #"{"messages":[{"role":"user","content":[{"text":"x"}],"id":1}]}"#,
        """
        Malformed input request: messages.0: extraneous key [id] is not permitted, please reformat your input and try \
        again.
        """
      ),
      (
        #"{"messages":[\#(hello)],"inferenceConfig":{"max_tokens":1}}"#,
        """
        Malformed input request: inferenceConfig: extraneous key [max_tokens] is not permitted, please reformat your \
        input and try again.
        """
      ),
      (
        #"{"messages":[\#(hello)],"inferenceConfig":{"maxTokens":0}}"#,
        "1 validation error detected: Value '0' at 'inferenceConfig.maxTokens' failed to satisfy constraint: "
          + "Member must have value greater than or equal to 1"
      ),
      (
        #"{"messages":[\#(hello)],"inferenceConfig":{"temperature":1.1}}"#,
        "1 validation error detected: Value '1.1' at 'inferenceConfig.temperature' failed to satisfy constraint: "
          + "Member must have value less than or equal to 1"
      ),
      (
        #"{"messages":[\#(hello)],"inferenceConfig":{"temperature":-1}}"#,
        "1 validation error detected: Value '-1.0' at 'inferenceConfig.temperature' failed to satisfy constraint: "
          + "Member must have value greater than or equal to 0"
      ),
      (
        #"{"messages":[\#(hello)],"system":[{"text":""}]}"#,
        "1 validation error detected: Value '' at 'system.0.text' failed to satisfy constraint: "
          + "Member must have length greater than or equal to 1"
      ),
      (
        #"{"messages":[\#(hello)],"guardrailConfig":{"guardrailIdentifier":"abc"}}"#,
        "The guardrailConfig field must set both guardrailIdentifier and guardrailVersion."
      ),
      (
        #"{"messages":[{"role":"user","content":[{"text":"x","image":{}}]}]}"#,
        """
        The ContentBlock object at messages.0.content.0 must set one of the following keys: text, image, document, \
        toolUse, toolResult.
        """
      ),
    ])
  func refusesBrokenRules(body: String, message: String) {
    #expect(refusal(of: body) == .validation(message))
  }

  @Test(
    "A value of another type is refused as unreadable",
    arguments: [
      #"{"messages":"x"}"#, #"{"messages":["x"]}"#, #"{"messages":[{"role":"user","content":"x"}]}"#,
      #"{"messages":[{"role":"user","content":[{"text":1}]}]}"#, #"{"messages":[\#(hello)],"system":"x"}"#,
      #"{"messages":[\#(hello)],"inferenceConfig":{"maxTokens":"1"}}"#,
      #"{"messages":[\#(hello)],"inferenceConfig":{"maxTokens":1.5}}"#,
    ])
  func refusesOtherTypes(body: String) {
    #expect(refusal(of: body)?.name == "SerializationException")
  }
}

/// Model identifiers are what Bedrock would take them for.
struct ModelIDTests {
  private func refusal(of segment: String) -> ServiceError? {
    do {
      try ModelID(segment: segment).checkExistence()
      return nil
    } catch { return error }
  }

  @Test(
    "Profiles, on-demand models and their ARNs exist",
    arguments: [
      "us.anthropic.claude-sonnet-4-5-20250929-v1%3A0", "eu.anthropic.claude-sonnet-4-5-20250929-v1:0",
      "apac.anthropic.claude-x",
      "au.anthropic.claude-x", "jp.anthropic.claude-x", "global.anthropic.claude-x",
      "anthropic.claude-3-haiku-20240307-v1%3A0",
      "amazon.nova-pro-v1%3A0", "simulator.echo", "simulator.throttle-2%3Aunique",
      """
      arn%3Aaws%3Abedrock%3Aus-east-1%3A123456789012%3Ainference-profile%2F\
      us.anthropic.claude-sonnet-4-5-20250929-v1%3A0
      """,
      "arn%3Aaws%3Abedrock%3Aus-east-1%3A123456789012%3Aapplication-inference-profile%2Fabc123",
      "arn%3Aaws-us-gov%3Abedrock%3Aus-gov-west-1%3A123456789012%3Ainference-profile%2Fus-gov.anthropic.claude-x",
      "arn%3Aaws%3Abedrock%3Aus-east-1%3A%3Afoundation-model%2Fanthropic.claude-3-haiku-20240307-v1%3A0",
    ])
  func knowsModels(segment: String) {
    #expect(refusal(of: segment) == nil)
  }

  @Test(
    "A newer Claude needs an inference profile",
    arguments: ["anthropic.claude-sonnet-4-5-20250929-v1:0", "anthropic.claude-opus-4-1-20250805-v1:0"])
  func needsProfile(id: String) {
    #expect(refusal(of: id) == .onDemand(id))
    let arn = "arn:aws:bedrock:us-east-1::foundation-model/\(id)"
    #expect(refusal(of: arn.replacing("/", with: "%2F")) == .onDemand(arn))
  }

  @Test(
    "Anything else is an invalid identifier",
    arguments: [
      "", "claude", "us.claude", "nobody.model", "us.nobody.model", "a%20b", "a@b", "%", "%4", "%FF", "anthropic.",
      "arn%3Aaws%3As3%3A%3A%3Ax",
      "arn%3Aaws%3Abedrock%3Aus-east-1%3A123%3Ainference-profile%2Fx",
      "arn%3Aaws%3Abedrock%3Aus-east-1%3A123456789012%3Ainference-profile%2F",
      "arn%3Aaws%3Abedrock%3Aus-east-1%3A123456789012%3Aguardrail%2Fx",
    ])
  func refusesOtherIdentifiers(segment: String) {
    #expect(refusal(of: segment) == .invalidModel)
  }

  @Test("An identifier has at most 2,048 characters")
  func limitsIdentifiers() {
    #expect(refusal(of: "us.anthropic." + String(repeating: "x", count: 2048 - 13)) == nil)
    #expect(
      refusal(of: "us.anthropic." + String(repeating: "x", count: 2049 - 13))?.message.hasSuffix(
        "length less than or equal to 2048")
        == true)
  }

  @Test("A scenario is named before the colon, even in an ARN")
  func findsScenarios() throws {
    #expect(try ModelID(segment: "simulator.throttle-2%3At17").scenarioName == "throttle-2")
    #expect(
      try ModelID(segment: "arn%3Aaws%3Abedrock%3Aus-east-1%3A123456789012%3Ainference-profile%2Fsimulator.echo")
        .scenarioName == "echo")
    #expect(try ModelID(segment: "us.anthropic.claude").scenarioName == nil)
  }
}
