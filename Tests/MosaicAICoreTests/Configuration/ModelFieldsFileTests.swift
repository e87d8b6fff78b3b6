import TestSupport
import Testing

@testable import MosaicAICore

/// `model_fields` in config.yaml and in personas.yaml.
@Suite struct ModelFieldsFileTests {
  private func configured(_ text: String) throws -> String? {
    try ConfigurationFile(Array(text.utf8), path: "/c.yaml", formats: ["text"]).modelFields?.json.compact
  }

  @Test(
    "A scalar becomes what YAML's core schema says it is",
    arguments: [
      ("1", "1"), ("-2", "-2"), ("+3", "3"), ("007", "7"), ("0x1F", "31"), ("0o17", "15"), ("1.5", "1.5"),
      (".5", "0.5"), ("1.", "1"), ("1e3", "1e3"), ("-1.5E-1", "-1.5E-1"), ("1.50", "1.50"),
      ("+00.5e2", "0.5e2"), ("-0", "0"),
      ("true", "true"), ("False", "false"),
      ("TRUE", "true"), ("null", "null"), ("~", "null"), ("Null", "null"), ("", "null"), ("low", #""low""#),
      ("yes", #""yes""#), ("tRue", #""tRue""#), ("1_000", #""1_000""#), ("0b1", #""0b1""#), ("0x", #""0x""#),
      ("0x-1", #""0x-1""#), ("12:30", #""12:30""#), ("1.2.3", #""1.2.3""#), ("e5", #""e5""#),
      ("infinity", #""infinity""#), ("nan", #""nan""#), ("'1'", #""1""#), ("\"true\"", #""true""#),
      ("!!str 5", #""5""#), ("[1, {b: two}]", #"[1,{"b":"two"}]"#), ("{c: [], d: {}}", #"{"c":[],"d":{}}"#),
      ("12345678901234567890", "12345678901234567890"), ("1e999", "1e999"), ("-0.1e-999", "-0.1e-999"),
    ])
  func scalars(yaml: String, json: String) throws {
    #expect(try configured("model_fields:\n  a: \(yaml)\n") == #"{"a":\#(json)}"#)
  }

  @Test("Aliases are followed, but not without end")
  func aliases() throws {
    #expect(try configured("model_fields: {a: &x {n: 1}, b: *x}\n") == #"{"a":{"n":1},"b":{"n":1}}"#)
    let bomb = (1...8).map {
      "  a\($0): &a\($0) [\([String](repeating: "*a\($0 - 1)", count: 9).joined(separator: ","))]"
    }
    let text = "model_fields:\n  a0: &a0 [1,1]\n" + bomb.joined(separator: "\n") + "\n"
    #expect(try code { try configured(text) } == .configInvalid)
  }

  @Test(
    "Anything but a mapping that JSON can hold is an error with its place",
    arguments: [
      ("model_fields: [1]", "1:15"), ("model_fields: 5", "1:15"), ("model_fields:", "1:14"),
      ("model_fields:\n  a: .inf", "2:6"), ("model_fields:\n  a: [1, .NaN]", "2:10"),
      ("model_fields:\n  a: 0xFFFFFFFFFFFFFFFFF", "2:6"), ("model_fields:\n  [1]: 2", "2:3"),
      ("model_fields:\n  a: 1\n  a: 2", "3:3"),
    ])
  func errors(text: String, place: String) throws {
    let failure = try failure { try configured(text) }
    #expect(failure.code == .configInvalid)
    #expect(failure.message.hasPrefix("/c.yaml:\(place): "), "\(failure.message)")
  }

  @Test("A persona has its own, which replace those of the built-in one")
  func personas() throws {
    func fields(_ text: String) throws -> ModelFields? {
      try PersonaCatalog.load(overlay: Array(text.utf8), path: "/p.yaml")["friend"]?.modelFields
    }
    #expect(try fields("") == nil)
    #expect(try fields("personas:\n  friend:\n    model_fields: {a: 1}\n")?.json.compact == #"{"a":1}"#)
    let failure = try failure { try fields("personas:\n  friend:\n    model_fields: [1]\n") }
    #expect(failure.code == .personaInvalid)
    #expect(failure.message.hasPrefix("/p.yaml:3:19: "), "\(failure.message)")
  }

  @Test("The model is Claude Sonnet 4.6 with 4096 tokens unless something else is said")
  func defaults() throws {
    let personas = try builtInPersonas().personas
    #expect(!personas.isEmpty && personas.allSatisfy { $0.modelID == "us.anthropic.claude-sonnet-4-6" })
    #expect(personas.allSatisfy { $0.maximumTokens == 4096 })
    #expect(Persona.defaultModelID == "us.anthropic.claude-sonnet-4-6" && Persona.defaultMaximumTokens == 4096)
  }
}
