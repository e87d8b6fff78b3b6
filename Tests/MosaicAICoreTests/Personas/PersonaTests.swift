import Foundation
import TestSupport
import Testing

@testable import MosaicAICore

@Suite struct PersonaTests {
  private func catalog(_ overlay: String? = nil) throws -> PersonaCatalog {
    try PersonaCatalog.load(overlay: overlay.map { Array($0.utf8) }, path: "/home/p.yaml")
  }

  private func prompt(_ id: String, _ name: String, _ overlay: String? = nil) throws -> String {
    let catalog = try catalog(overlay)
    return try catalog.systemPrompt(of: catalog.persona(id: id), legacyName: name)
  }

  // MARK: The built-in personas

  @Test("The Biographer and the Friend exist, with the documented fields")
  func builtIn() throws {
    let personas = try catalog().personas
    #expect(personas.map(\.id) == ["biographer", "friend"])
    #expect(personas.map(\.name) == ["The Biographer", "The Friend"])
    #expect(personas.map(\.icon) == ["BookOpen", "Heart"])
    #expect(
      personas.allSatisfy { $0.modelID == "us.anthropic.claude-sonnet-4-6" && $0.maximumTokens == 4096 })
    #expect(personas.allSatisfy { !$0.description.isEmpty && !$0.description.contains("\n") })
  }

  @Test("The system prompts are the reviewed ones, byte for byte", arguments: ["biographer", "friend"])
  func goldenPrompt(id: String) throws {
    // After an intended change: copy the output of `mosaic-ai personas show ID --legacy "Ada Lovelace"` after its
    // first two lines.
    let file = URL(fileURLWithPath: "\(TestFiles.conformance)/prompts/\(id).txt")
    #expect(try prompt(id, "Ada Lovelace") + "\n" == String(contentsOf: file, encoding: .utf8))
  }

  @Test(
    "The base rules say all seven things, before the persona's own prompt",
    arguments: [
      ("grief-aware and respectful", ["memorial", "grief", "respectful"]),
      ("no certainty", ["medical", "legal", "financial", "no certainty"]),
      ("never impersonate", ["Never pretend to be the person remembered", "voice"]),
      ("acknowledge uncertainty", ["Say so when you do not know"]),
      ("no speculation", ["Do not speculate", "died", "quarrels"]), ("redirect", ["outside your role", "kindly"]),
      ("concise and warm", ["brief and warm", "two to four", "paragraphs", "unless you are asked for more"]),
    ])
  func baseRules(rule: String, words: [String]) throws {
    for id in ["biographer", "friend"] {
      let text = try prompt(id, "Ada").split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }.joined(
        separator: " ")
      let own = try #require(text.range(of: "You are The "))
      for word in words { #expect(text[..<own.lowerBound].contains(word), "\(rule): \(word)") }
    }
    #expect(try prompt("friend", "Ada").contains(".\n\nYou are The Friend. "))
  }

  @Test("A name is inserted before a mark, too")
  func nameBeforeMark() throws {
    let own = "personas: {nan: {name: Nan, description: d, system_prompt: \"{legacy_name}\u{301}!\"}}"
    let catalog = try PersonaCatalog.load(overlay: Array(own.utf8), path: "personas.yaml")
    #expect(try catalog.systemPrompt(of: catalog.persona(id: "nan"), legacyName: "Ada").hasSuffix("\n\nAda\u{301}!"))
  }

  @Test(
    "A name is inserted literally, whatever it contains",
    arguments: [
      "Ada", "{legacy_name}", "$1 \\1 $0", "%s %@ %d", "O'Brien \"Bob\"", "{{name}}", "Zoé 🌻", "\\(name)", "e\u{301}",
      "..", "{legacy_name",
    ])
  func literalNames(name: String) throws {
    for persona in try catalog().personas {
      let template = persona.systemPrompt
      let places = template.components(separatedBy: "{legacy_name}").count - 1
      try #require(places > 0)
      let expected = template.components(separatedBy: "{legacy_name}").joined(separator: name)
      let text = try prompt(persona.id, name)
      #expect(text.utf8.suffix(expected.utf8.count).elementsEqual(expected.utf8))
      #expect(
        text.split(separator: "\n", omittingEmptySubsequences: false).count
          == (try prompt(persona.id, "Ada")).split(separator: "\n", omittingEmptySubsequences: false).count)
    }
  }

  // MARK: The user's file

  @Test(
    "One field of a built-in persona can be changed alone",
    arguments: [
      ("name: Bio", \Persona.name, "Bio"), ("description: Asks.", \.description, "Asks."),
      ("system_prompt: \"Be {legacy_name}'s.\"", \.systemPrompt, "Be {legacy_name}'s."),
    ] as [(String, KeyPath<Persona, String> & Sendable, String)])
  func overridesText(line: String, field: KeyPath<Persona, String> & Sendable, value: String) throws {
    let (before, after) = (try catalog(), try catalog("personas:\n  biographer:\n    \(line)\n"))
    #expect(try after.persona(id: "biographer")[keyPath: field] == value)
    for other in [\Persona.name, \.description, \.systemPrompt] where other != field {
      #expect(after.personas[0][keyPath: other] == before.personas[0][keyPath: other])
    }
    #expect(after.personas[1] == before.personas[1])
    #expect(after.personas.map(\.id) == before.personas.map(\.id))
  }

  @Test("The icon, model and limit can be changed too")
  func overridesRest() throws {
    let friend = try catalog("personas:\n  friend:\n    icon: Sun\n    model_id: other:1\n    max_tokens: 7\n").persona(
      id: "friend")
    #expect(friend.icon == "Sun")
    #expect(friend.modelID == "other:1")
    #expect(friend.maximumTokens == 7)
    #expect(friend.name == "The Friend")
  }

  @Test("A new persona comes after the built-in ones, without model, limit or icon by default")
  func addsPersona() throws {
    let catalog = try catalog(
      """
      personas:
        Poet_2-x:
          name: The Poet
          description: In verse.
          system_prompt: |
            Write a verse about {legacy_name}.

            Then stop.

        friend:
          name: My Friend
      """)
    #expect(catalog.personas.map(\.id) == ["biographer", "friend", "Poet_2-x"])
    let poet = try catalog.persona(id: "Poet_2-x")
    #expect(
      poet
        == Persona(
          id: "Poet_2-x", name: "The Poet", icon: nil, description: "In verse.", modelID: nil, maximumTokens: nil,
          systemPrompt: "Write a verse about {legacy_name}.\n\nThen stop."))
    #expect(catalog.systemPrompt(of: poet, legacyName: "Ada").hasSuffix("\n\nWrite a verse about Ada.\n\nThen stop."))
    #expect(catalog.systemPrompt(of: poet, legacyName: "Ada").hasPrefix("You are part of a memorial site"))
  }

  @Test("Extra rules come after the base rules for every persona, and remove nothing")
  func extraRules() throws {
    let overlay = "extra_rules: |\n  Answer in French.\n  Always.\n\n"
    for id in ["biographer", "friend"] {
      let plain = try prompt(id, "Ada")
      let own = try #require(plain.range(of: "\n\nYou are The "))
      #expect(
        try prompt(id, "Ada", overlay) == plain[..<own.lowerBound] + "\n\nAnswer in French.\nAlways."
          + plain[own.lowerBound...])
    }
  }

  @Test("An empty file changes nothing", arguments: ["", "\n", "# nothing yet\n", "---\n", "personas: {}\n"])
  func emptyFile(text: String) throws {
    #expect(try catalog(text) == catalog())
  }

  @Test(
    "An error in the file names file, line and column",
    arguments: [
      ("persona:\n", "1:1", "persona", "personas"),
      ("extra_rules: x\nextra_rule: y\n", "2:1", "extra_rule", "extra_rules"),
      ("zzzzzzzz: 1\n", "1:1", "zzzzzzzz", "extra_rules"),
      ("personas:\n  friend:\n    promt: x\n", "3:5", "promt", "name"),
      ("personas:\n  friend:\n    modelid: x\n", "3:5", "modelid", "model_id"),
      ("base_rules: none\n", "1:1", "extra_rules", ""),
      ("extra_rules: x\nbase_rules: none\n", "2:1", "extra_rules", ""),
      ("personas:\n  poet:\n    description: d\n    system_prompt: s\n", "3:5", "name", ""),
      ("personas:\n  poet:\n    name: n\n    system_prompt: s\n", "3:5", "description", ""),
      ("personas:\n  poet:\n    name: n\n    description: d\n", "3:5", "system_prompt", ""),
      ("personas:\n  poet:\n", "2:8", "poet", ""),
      ("personas:\n  poet: {}\n", "2:9", "name", ""),
      ("personas:\n  \"the poet\":\n    name: n\n", "2:3", "50", ""),
      ("personas:\n  poète:\n    name: n\n", "2:3", "50", ""),
      ("personas:\n  \"\":\n    name: n\n", "2:3", "50", ""),
      (
        "personas:\n  \(String(repeating: "x", count: 51)):\n    name: n\n",
        "2:3", "50", ""
      ),
      ("personas:\n  ? [a, b]\n  : name: n\n", "2:5", "", ""),
      ("personas:\n  friend:\n    max_tokens: many\n", "3:17", "max_tokens", ""),
      ("personas:\n  friend:\n    max_tokens: 0\n", "3:17", "max_tokens", ""),
      ("personas:\n  friend:\n    max_tokens: 1.5\n", "3:17", "max_tokens", ""),
      ("personas:\n  friend:\n    max_tokens: 1000001\n", "3:17", "max_tokens", ""),
      ("personas:\n  friend:\n    name:\n      - a\n", "4:7", "name", ""),
      ("personas:\n  friend:\n    name: \"  \"\n", "3:11", "name", ""),
      ("personas:\n  friend:\n    name: ~\n", "3:11", "name", ""),
      ("extra_rules: [a]\n", "1:14", "extra_rules", ""),
      ("personas:\n  - friend\n", "2:3", "personas", ""),
      ("- personas\n", "1:1", "", ""),
      ("just a text\n", "1:1", "", ""),
    ])
  func errors(text: String, place: String, fact: String, suggestion: String) throws {
    let failure = try failure { try catalog(text) }
    #expect(failure.code == .personaInvalid)
    #expect(
      failure.message.hasPrefix("/home/p.yaml:\(place): ") && failure.names(fact), "\(failure.message)")
    #expect(suggestion.isEmpty || failure.adviceText.contains(suggestion), "\(failure.adviceText)")
  }

  @Test(
    "A file that is not YAML is an error with file, line and column",
    arguments: [
      "personas: [", "personas:\n\tfriend: x\n", "a: b: c\n", "personas:\n  friend:\n    name: \"open\n",
      "personas: *nobody\n", "{",
      "a: 1\n---\nb: 2\n", "%bad\n",
    ])
  func notYAML(text: String) throws {
    let failure = try failure { try catalog(text) }
    #expect(failure.code == .personaInvalid)
    #expect(failure.message.wholeMatch(of: /\/home\/p\.yaml:[1-9]\d*:[1-9]\d*: .+/) != nil, "\(failure.message)")
  }

  @Test(
    "A repeated name is refused at either level",
    arguments: [
      "extra_rules: a\nextra_rules: b\n", "personas:\n  friend:\n    name: a\n    name: b\n",
      "personas:\n  friend:\n    name: a\n  friend:\n    name: b\n",
    ])
  func duplicateKeys(text: String) throws {
    let failure = try failure { try catalog(text) }
    #expect(failure.code == .personaInvalid)
    #expect(failure.message.wholeMatch(of: /\/home\/p\.yaml:[1-9]\d*:[1-9]\d*: .+/) != nil, "\(failure.message)")
  }

  @Test(
    "A file that is not UTF-8 is refused",
    arguments: [[0xff], [0x61, 0x3a, 0x20, 0xe9, 0x0a], [0xc0, 0x80], [0xff, 0xfe, 0x61, 0x00]] as [[UInt8]])
  func notUTF8(bytes: [UInt8]) throws {
    let failure = try failure { try PersonaCatalog.load(overlay: bytes, path: "p.yaml") }
    #expect(failure.code == .personaInvalid && failure.message.hasPrefix("p.yaml: "))
  }

  @Test(
    "An unknown persona is answered with the closest IDs",
    arguments: [
      ("freind", .didYouMean(["friend"])), ("bio", .didYouMean(["biographer"])),
      ("xyz", .list(.personas)), ("", .list(.personas)),
    ] as [(String, Advice)])
  func unknownPersona(id: String, advice: Advice) throws {
    let failure = try failure { try catalog().persona(id: id) }
    #expect(failure.code == .notFound && failure.message.contains("\"\(id)\""))
    #expect(failure.advice == advice)
  }
}
