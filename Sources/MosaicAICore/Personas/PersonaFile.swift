/// A file of personas, read but not yet put together.
struct PersonaFile {
  /// One persona as it stands in the file; what is nil was not given.
  struct Entry {
    let id: String
    let mapping: YAMLMapping
    let name: String?
    let icon: String?
    let description: String?
    let modelID: String?
    let maximumTokens: Int?
    let systemPrompt: String?

    /// The persona, each field taken from `override` where that gives it.
    ///
    /// - Throws: `Failure` with code `persona_invalid` for one without name, description or prompt
    func persona(overriddenBy override: Entry?) throws -> Persona {
      func required(_ value: String?, _ name: String) throws -> String {
        guard let value else { throw mapping.failure("the persona \"\(id)\" has no \(name)") }
        return value
      }
      return Persona(
        id: id, name: try required(override?.name ?? name, "name"), icon: override?.icon ?? icon,
        description: try required(override?.description ?? description, "description"),
        modelID: override?.modelID ?? modelID, maximumTokens: override?.maximumTokens ?? maximumTokens,
        systemPrompt: try required(override?.systemPrompt ?? systemPrompt, "system_prompt"))
    }
  }

  /// `base_rules` of the built-in file, `extra_rules` of the user's.
  let rules: String?
  let entries: [Entry]

  /// - Throws: `Failure` with code `persona_invalid`
  init(_ bytes: [UInt8], path: String, isBuiltIn: Bool) throws {
    guard let root = try YAMLFile(bytes, path: path, code: .personaInvalid).root else {
      rules = nil
      entries = []
      return
    }
    let rulesKey = isBuiltIn ? "base_rules" : "extra_rules"
    if !isBuiltIn, root.keys.contains("base_rules") {
      throw root.failure(
        "the base rules hold for every persona and can only be added to, with extra_rules", about: "base_rules")
    }
    try root.checkKeys([rulesKey, "personas"])
    rules = try root.text(rulesKey).map(PersonaFile.trimmed)
    let personas = try root.mapping("personas")
    entries =
      try personas?.keys.map { id in
        try PersonaFile.checkID(id, personas)
        guard let mapping = try personas?.mapping(id) else { throw Failure(.internal, "a persona without a value") }
        return try PersonaFile.entry(id, mapping)
      } ?? []
  }

  private static func entry(_ id: String, _ mapping: YAMLMapping) throws -> Entry {
    try mapping.checkKeys(["name", "icon", "description", "model_id", "max_tokens", "system_prompt"])
    return Entry(
      id: id, mapping: mapping, name: try mapping.text("name"), icon: try mapping.text("icon"),
      description: try mapping.text("description"), modelID: try mapping.text("model_id"),
      maximumTokens: try mapping.integer("max_tokens", in: 1...1_000_000),
      systemPrompt: try mapping.text("system_prompt").map(trimmed))
  }

  private static func checkID(_ id: String, _ mapping: YAMLMapping?) throws {
    let isValid =
      (1...50).contains(id.count)
      && id.utf8.allSatisfy {
        ($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7a) || (0x30...0x39).contains($0) || $0 == 0x2d || $0 == 0x5f
      }
    guard isValid else {
      throw mapping?.failure("a persona's id has 1 to 50 letters, digits, - and _", about: id)
        ?? Failure(.personaInvalid, id)
    }
  }

  /// Without the line breaks that YAML's block texts have at their end.
  private static func trimmed(_ text: String) -> String {
    var text = text
    while text.last?.isWhitespace == true { text.removeLast() }
    return text
  }
}
