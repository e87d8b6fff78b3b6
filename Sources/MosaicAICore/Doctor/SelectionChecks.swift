/// Whom a message would be about, who would answer, and with which model.
extension Check {
  /// The legacy that `send` would choose.
  ///
  /// - Parameter chosen: what is set; nil where nothing is
  public static func legacy(_ chosen: Sourced<String>?, _ service: ConversationService) -> Check {
    do {
      let legacies = try service.legacies().filter(\.role.mayChat)
      guard
        let legacy = try chosen.map({ try service.legacy($0.value) }) ?? (legacies.count == 1 ? legacies.first : nil)
      else {
        return legacies.isEmpty
          ? .warning("legacy", message: "none yet", hint: "add one: mosaic-ai legacies add \"NAME\"")
          : .warning(
            "legacy", message: "\(legacies.count), and none chosen",
            hint: "choose one with --legacy or MOSAIC_AI_LEGACY")
      }
      return .ok("legacy", legacy.name, origin: chosen?.origin)
    } catch {
      return .error("legacy", chosen?.value, origin: chosen?.origin, because: .from(error))
    }
  }

  /// The persona that `send` would choose.
  public static func persona(_ chosen: Sourced<String>, _ personas: PersonaCatalog) -> Check {
    do {
      return .ok("persona", try personas.persona(id: chosen.value).id, origin: chosen.origin)
    } catch {
      return .error("persona", chosen.value, origin: chosen.origin, because: .from(error))
    }
  }

  /// The model that `send` would ask, and whether its inference profile is one of the region's.
  ///
  /// - Parameters:
  ///   - chosen: what is set; nil: the persona's own, else the default one
  ///   - region: nil where it cannot be told
  public static func model(_ chosen: Sourced<String>?, _ persona: Persona?, region: String?) -> Check {
    let ownModel = persona?.modelID
    let id = chosen?.value ?? ownModel ?? Persona.defaultModelID
    let check: Check
    if let region, let misfit = InferenceProfile(id)?.misfit(in: region) {
      check = .warning("model", id, origin: chosen?.origin ?? .fallback, message: misfit.message, hint: misfit.hint)
    } else {
      check = .ok("model", id, origin: chosen?.origin ?? .fallback)
    }
    guard chosen == nil, let persona, ownModel != nil else { return check }
    return check.from("persona \(persona.id)")
  }
}
