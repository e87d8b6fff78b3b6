import TestSupport
import Testing

/// What models differ in, as a user meets it.
@Suite(.crowd, .inGoodTime) struct ModelTests {
  private func home() async throws -> Home { try await Home.remembering() }

  @Test("A model's own parameters come from an option, else from config.yaml, else from the persona")
  func modelFields() async throws {
    let home = try await home()
    func sent(_ options: String...) async throws -> JSONText {
      let ended = try await home.mosaic(["send", "--dry-run"] + options + ["Hello."]).run()
      guard ended.status == 0 else { throw Complaint(ended.errors) }
      return try ended.json()["body"]["additionalModelRequestFields"]
    }
    #expect(try await sent() == .null)
    try home.write("personas: {biographer: {model_fields: {from: persona}}}\n", to: ".config/mosaic-ai/personas.yaml")
    #expect(try await sent()["from"].string == "persona")
    try home.write("model_fields: {from: config}\n", to: ".config/mosaic-ai/config.yaml")
    #expect(try await sent()["from"].string == "config")
    #expect(try await sent("--model-fields", #"{"from":"option"}"#)["from"].string == "option")
    let ended = try await home.mosaic("send", "--model-fields", "[1]", "-o", "json", "Hello.").run()
    #expect(ended.status == 64)
    #expect(try ended.json()["code"].string == "usage")
    #expect(try home.requests().isEmpty)
  }

  @Test("Numbers among a model's own parameters are sent as they were written, wherever that is")
  func exactNumbers() async throws {
    let home = try await home()
    let fields = #"{"b":1e400,"c":12345678901234567890,"d":[0.10,-0,1.0],"e":2}"#
    func body(_ options: String...) async throws -> String {
      try await home.mosaic(["send", "--dry-run"] + options + ["Hello."]).run().output
    }
    #expect(try await body("--model-fields", fields).contains(fields))
    try await home.succeed("send", "--model-fields", fields, "--model", home.model("echo"), "Hello.")
    let yaml = #"{"b":1e400,"c":12345678901234567890,"d":[0.10,1.0],"e":2}"#
    try await home.succeed("config", "set", "model_fields", yaml)
    #expect(try await body().contains(yaml))
    try await home.succeed("config", "unset", "model_fields")
    try home.write("personas: {biographer: {model_fields: \(yaml)}}\n", to: ".config/mosaic-ai/personas.yaml")
    #expect(try await body().contains(yaml))
    for number in [".inf", "0xFFFFFFFFFFFFFFFFFFFF"] {
      try home.write("model_fields: {a: \(number)}\n", to: ".config/mosaic-ai/config.yaml")
      #expect(try await home.mosaic("send", "--dry-run", "Hello.").run().status == 78)
    }
    #expect(try await home.mosaic("send", "--dry-run", "--model-fields", #"{"a":NaN}"#, "Hi.").run().status == 64)
  }

  @Test("A model that thinks until its tokens are used up ends in no_text, and answers once it thinks less")
  func silent() async throws {
    let home = try await home()
    let model = home.model("silent")
    let ended = try await home.mosaic("send", "--model", model, "-o", "ndjson", "Hello.").run()
    #expect(ended.status == 69)
    let events = try ended.jsonLines()
    #expect(events.compactMap { $0["type"].string } == ["start", "error"])
    #expect(events.last?["code"].string == "no_text")
    #expect(events.last?["retryable"].isTrue == false)
    #expect(ended.hint.contains("--max-tokens") && ended.hint.contains("--model-fields"))
    #expect(try home.requests().count == 1)
    #expect(try await home.messages().statuses == ["failed"])
    let fields = #"{"thinking":{"type":"disabled"}}"#
    try await home.succeed("send", "--retry", "--model", model, "--model-fields", fields)
    #expect(try await home.messages().statuses == ["complete", "complete"])
  }

  @Test("Thinking is neither an event nor part of the reply")
  func thinking() async throws {
    let home = try await home()
    let ended = try await home.mosaic("send", "--model", home.model("thinking"), "-o", "ndjson", "Hello.").run()
    #expect(ended.status == 0)
    let events = try ended.jsonLines()
    #expect(Set(events.compactMap { $0["type"].string }) == ["start", "chunk", "done"])
    let text = events.compactMap { $0["content"].string }.joined()
    #expect(try await home.messages().contents.last == text)
  }

  @Test("A refused temperature is left out with a warning, even if one attempt is all there is")
  func temperature() async throws {
    let home = try await home()
    let ended = try await home.mosaic(
      "send", "--model", home.model("refuse-temperature"), "--temperature", "0.5", "--max-attempts", "1", "Hello."
    ).run()
    #expect(ended.status == 0)
    #expect(ended.standardError.warnings.count == 1)
    #expect(ended.standardError.warnings.first?.contains("temperature") == true)
    #expect(try home.requests().map { $0["body"]["inferenceConfig"]["temperature"] == .null } == [false, true])
  }

  @Test(
    "A legacy model and one that is gone lead to the list of active ones", arguments: [("legacy", 69), ("gone", 65)])
  func legacy(scenario: String, status: Int32) async throws {
    let home = try await home()
    let ended = try await home.mosaic("send", "--model", home.model(scenario), "Hello.").run()
    #expect(ended.status == status)
    #expect(ended.hint.contains("aws bedrock list-foundation-models --region us-east-1"))
    #expect(ended.hint.contains("ACTIVE"))
  }

  @Test(
    "doctor --online tells how long the model will be there, and fails for nothing of it",
    arguments: [
      ("lifecycle-legacy", "warning"), ("lifecycle-undated", "warning"), ("lifecycle-denied", "ok"),
      ("lifecycle-missing", "ok"), ("normal", "ok"),
    ])
  func lifecycle(scenario: String, status: String) async throws {
    let home = try await home()
    let command = home.mosaic("doctor", "--online", "--model", home.model(scenario))
    let report = try await DoctorTests.Report(command.with("AWS_ENDPOINT_URL_BEDROCK", home.simulator.endpoint))
    #expect(report.ended.status == 0)
    #expect(report["model_access"]["status"].string == "ok")
    #expect(report["model_lifecycle"]["status"].string == status)
    let paths = try home.requests().compactMap { $0["path"].string }
    #expect(paths.last?.hasPrefix("/foundation-models/") == true)
  }

  @Test("doctor --online asks nobody about models that are run elsewhere, and a silent model answers too")
  func probe() async throws {
    let home = try await home()
    let report = try await DoctorTests.Report(home.mosaic("doctor", "--online", "--model", home.model("silent")))
    #expect(report.ended.status == 0)
    #expect(report["model_access"]["status"].string == "ok")
    #expect(report["model_lifecycle"]["status"].string == "ok")
    #expect(report["model_lifecycle"]["message"].string?.contains("AWS_ENDPOINT_URL_BEDROCK") == true)
    #expect(try home.requests().count == 1)
  }

  @Test("A head that is cut is tried again, and then lost for now")
  func cutHead() async throws {
    let home = try await home()
    try await home.succeed("send", "--model", home.model("close-inside-headers-1"), "Hello.")
    let ended = try await home.mosaic(
      "send", "--model", home.model("close-inside-headers"), "--max-attempts", "1", "-o", "json", "Again."
    ).run()
    #expect(ended.status == 75)
    #expect(try ended.json()["code"].string == "connection")
  }
}
