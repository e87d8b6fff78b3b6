/// Which legacy a message would be about, who would answer, and with which model.
extension Check {
  /// The legacy that sending would choose.
  ///
  /// - Parameter chosen: what is set; nil if nothing is
  package static func legacy(_ chosen: Sourced<String>?, _ service: ConversationService) -> Check {
    do {
      let legacies = try service.legacies().filter(\.role.mayChat)
      let only = legacies.count == 1 ? legacies.first : nil
      guard let legacy = try chosen.map({ try service.legacy($0.value) }) ?? only else {
        return legacies.isEmpty
          ? .warning("legacy", message: "none yet", advice: .addLegacy)
          : .warning(
            "legacy", message: "\(legacies.count) to choose from, and none is chosen",
            advice: ConversationService.advice(toChooseFrom: legacies))
      }
      return .ok("legacy", legacy.name, origin: chosen?.origin)
    } catch {
      return .error("legacy", chosen?.value, origin: chosen?.origin, because: .from(error))
    }
  }

  /// The persona that sending would choose.
  ///
  /// - Parameters:
  ///   - chosen: what is set; nil: that of the latest conversation about the legacy, else the default
  ///   - latestID: of the latest conversation about the legacy
  package static func persona(
    _ chosen: Sourced<String>?, latestID: String?, _ personas: PersonaCatalog
  ) -> Check {
    let latest = latestID.flatMap { personas[$0] }.map { Sourced($0.id, from: .latestConversation) }
    let persona = chosen ?? latest ?? Sourced(Persona.defaultID, from: .fallback)
    do {
      return .ok("persona", try personas.persona(id: persona.value).id, origin: persona.origin)
    } catch {
      return .error("persona", persona.value, origin: persona.origin, because: .from(error))
    }
  }

  /// The model that sending would ask, and whether the region has its inference profile.
  ///
  /// - Parameters:
  ///   - chosen: what is set; nil: the persona's own, else the default
  ///   - region: nil if it is not known
  package static func model(_ chosen: Sourced<String>?, _ persona: Persona?, region: String?) -> Check {
    let own = persona.flatMap { persona in persona.modelID.map { Sourced($0, from: .persona(persona.id)) } }
    let model = chosen ?? own ?? Sourced(Persona.defaultModelID, from: .fallback)
    guard let region, let misfit = InferenceProfile(model.value)?.misfit(in: region) else {
      return .ok("model", model.value, origin: model.origin)
    }
    return .warning("model", model.value, origin: model.origin, message: misfit.message, advice: misfit.advice)
  }
}
