/// All personas: the built-in ones, with the user's file on top.
package struct PersonaCatalog: Equatable, Sendable {
  /// Built-in ones first, then the user's own, each in the order of their file.
  package let personas: [Persona]
  /// The rules that come first in every system prompt.
  let rules: String

  /// The embedded personas and rules.
  private static let builtIn = Result {
    try PersonaFile(PackageResources.personas_yaml, path: "personas.yaml", isBuiltIn: true)
  }

  /// The embedded personas, and on top of them a file's `extra_rules` and `personas`.
  ///
  /// - Parameters:
  ///   - overlay: the contents of the user's file; nil if there is none
  ///   - path: its path, for errors
  /// - Throws: `Failure` with code `persona_invalid`: file, line, column and problem
  package static func load(overlay: [UInt8]?, path: String) throws -> PersonaCatalog {
    let builtIn = try builtIn.get()
    let own = try overlay.map { try PersonaFile($0, path: path, isBuiltIn: false) }
    var added = own?.entries ?? []
    var personas = try builtIn.entries.map { entry in
      let override = added.firstIndex { Persona.key($0.id) == Persona.key(entry.id) }.map { added.remove(at: $0) }
      return try entry.persona(overriddenBy: override)
    }
    personas += try added.map { try $0.persona(overriddenBy: nil) }
    let rules = [builtIn.rules, own?.rules].compactMap { $0 }.joined(separator: "\n\n")
    return PersonaCatalog(personas: personas, rules: rules)
  }

  /// The persona with that id, whatever its case; nil if there is none.
  package subscript(id: String) -> Persona? {
    let key = Persona.key(id.asReference)
    return personas.first { Persona.key($0.id) == key }
  }

  /// What to call the persona with that id: its name, or the id if it no longer exists.
  package func name(of id: String) -> String { self[id]?.name ?? id }

  /// The persona with that id, whatever its case.
  ///
  /// - Parameter others: more ids that may have been meant
  /// - Throws: `Failure` with code `not_found`, its advice the nearest ids
  package func persona(id: String, suggesting others: [String] = []) throws -> Persona {
    guard let persona = self[id] else {
      throw Failure(
        .notFound, "unknown persona \"\(id.asReference)\"",
        advice: Suggestion.advice(for: id.asReference, among: personas.map(\.id) + others) ?? .list(.personas))
    }
    return persona
  }

  /// The system prompt of `persona` for a conversation about `legacyName`: all rules, a blank line, its own prompt with
  /// the name put in literally.
  ///
  /// The name is one line without control characters (`Rules.name`), so it adds no lines of its own.
  package func systemPrompt(of persona: Persona, legacyName: String) -> String {
    let prompt = persona.systemPrompt.replacingScalars("{legacy_name}", with: legacyName)
    return "\(rules)\n\n\(prompt)"
  }
}
