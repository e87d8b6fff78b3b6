/// All personas there are: the built-in ones, with the user's file on top.
public struct PersonaCatalog: Equatable, Sendable {
  /// Built-in ones first, then the user's own, each in the order of their file.
  public let personas: [Persona]
  /// What every persona is told first.
  let rules: String

  /// The embedded personas, and on top of them a file's `extra_rules` and `personas`.
  ///
  /// - Parameters:
  ///   - overlay: the contents of the user's file; nil where there is none
  ///   - path: its path, for errors
  /// - Throws: `Failure` with code `persona_invalid`: file, line, column and what is wrong
  public static func load(overlay: [UInt8]?, path: String) throws -> PersonaCatalog {
    let builtIn = try PersonaFile(PackageResources.personas_yaml, path: "personas.yaml", isBuiltIn: true)
    let own = try overlay.map { try PersonaFile($0, path: path, isBuiltIn: false) }
    var personas = try builtIn.entries.map { entry in
      try entry.persona(overriddenBy: own?.entries.first { $0.id == entry.id })
    }
    for entry in own?.entries ?? [] where !personas.contains(where: { $0.id == entry.id }) {
      personas.append(try entry.persona(overriddenBy: nil))
    }
    let rules = [builtIn.rules, own?.rules].compactMap { $0 }.joined(separator: "\n\n")
    return PersonaCatalog(personas: personas, rules: rules)
  }

  /// The persona with that id.
  ///
  /// - Throws: `Failure` with code `not_found`, its hint the nearest ids
  public func persona(id: String) throws -> Persona {
    guard let persona = personas.first(where: { $0.id == id }) else {
      throw Failure(
        .notFound, "there is no persona \"\(id)\"",
        hint: Suggestion.hint(for: id, among: personas.map(\.id)) ?? "`mosaic-ai personas` lists them")
    }
    return persona
  }

  /// What `persona` is told before a conversation about `legacyName`: all rules, a blank line, its own prompt.
  public func systemPrompt(of persona: Persona, legacyName: String) -> String {
    SystemPrompt.build(rules: rules, persona: persona, legacyName: legacyName)
  }
}
