/// A file of personas as it stands, not yet combined with another.
struct PersonaFile: Sendable {
  /// One persona as it stands in the file; what is nil is not given.
  struct Entry: Sendable {
    let id: String
    let mapping: YAMLMapping
    let name: String?
    let icon: String?
    let description: String?
    let modelID: String?
    let maximumTokens: Int?
    let modelFields: ModelFields?
    let systemPrompt: String?

    /// The persona, each field taken from `override` if that gives it.
    ///
    /// - Throws: `Failure` with code `persona_invalid` if name, description or prompt is missing
    func persona(overriddenBy override: Entry?) throws -> Persona {
      func required(_ value: String?, _ name: String) throws -> String {
        guard let value else { throw mapping.failure("the persona \"\(id)\" has no \(name)") }
        return value
      }
      return Persona(
        id: id, name: try required(override?.name ?? name, "name"), icon: override?.icon ?? icon,
        description: try required(override?.description ?? description, "description"),
        modelID: override?.modelID ?? modelID, maximumTokens: override?.maximumTokens ?? maximumTokens,
        modelFields: override?.modelFields ?? modelFields,
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
        "the base rules apply to every persona; extra_rules can add to them", about: "base_rules")
    }
    try root.checkKeys([rulesKey, "personas"])
    rules = try root.text(rulesKey).map(PersonaFile.trimmed)
    let personas = try root.mapping("personas")
    var known: Set<String> = []
    entries =
      try personas?.keys.map { id in
        try PersonaFile.checkID(id, personas)
        guard known.insert(Persona.key(id)).inserted else {
          throw personas?.failure("the persona \"\(id)\" is given twice", about: id) ?? Failure(.personaInvalid, id)
        }
        guard let mapping = try personas?.mapping(id) else { throw Failure(.internal, "a persona without a value") }
        return try PersonaFile.entry(id, mapping)
      } ?? []
  }

  private static func entry(_ id: String, _ mapping: YAMLMapping) throws -> Entry {
    try mapping.checkKeys(["name", "icon", "description", "model_id", "max_tokens", "model_fields", "system_prompt"])
    return Entry(
      id: id, mapping: mapping, name: try mapping.text("name"), icon: try mapping.text("icon"),
      description: try mapping.text("description"), modelID: try mapping.text("model_id"),
      maximumTokens: try mapping.integer("max_tokens", in: Setting.maximumTokensRange),
      modelFields: try modelFields(mapping),
      systemPrompt: try mapping.text("system_prompt").map(trimmed))
  }

  private static func modelFields(_ mapping: YAMLMapping) throws -> ModelFields? {
    guard let json = try mapping.json("model_fields") else { return nil }
    guard let fields = ModelFields(json) else {
      throw mapping.failure("model_fields must be a mapping of names to values", aboutValueOf: "model_fields")
    }
    return fields
  }

  private static func checkID(_ id: String, _ mapping: YAMLMapping?) throws {
    let isValid =
      (1...Persona.maximumIDLength).contains(id.count)
      && id.utf8.allSatisfy {
        ($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7a) || (0x30...0x39).contains($0) || $0 == 0x2d || $0 == 0x5f
      }
    guard isValid else {
      throw mapping?.failure(
        "the id of a persona must be 1 to \(Persona.maximumIDLength) letters, digits, - and _", about: id)
        ?? Failure(.personaInvalid, id)
    }
  }

  /// `text` without the line breaks that YAML's block texts end with.
  private static func trimmed(_ text: String) -> String {
    var text = text
    while text.last?.isWhitespace == true { text.removeLast() }
    return text
  }
}
