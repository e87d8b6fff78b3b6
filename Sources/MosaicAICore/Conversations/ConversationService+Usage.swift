extension ConversationService {
  /// How many tokens the user's conversations took, and what they cost.
  ///
  /// - Parameters:
  ///   - legacy: only about the legacy with this name, id or id prefix
  ///   - personaID: only with this persona
  ///   - span: only what was said in this time
  ///   - zone: the time zone of days and months
  /// - Throws: `Failure` with code `not_found`, `ambiguous` or `forbidden`; as `Store.read`
  package func usage(
    by key: UsageKey, legacy: String? = nil, personaID: String? = nil, in span: TimeSpan = .always,
    prices: PriceList, personas: PersonaCatalog, zone: Zone
  ) throws -> UsageReport {
    try find { transaction, user in
      let legacyID = try legacy.map { try resolveReadableLegacy($0, for: user, transaction).id }
      var report = UsageReport(prices: prices)
      guard let user else { return report }
      let filter = ConversationFilter(legacyID: legacyID, personaID: personaID, span: span)
      try transaction.forEachUsage(of: user, by: key, filter) { row in
        // Earlier versions wrote years beyond 9999 with five digits.
        let date = row.quarter.map { zone.clock(at: Timestamp(rfc3339: "\($0):00Z") ?? .latest).date }
        let group =
          switch key {
          case .month: date.map { String($0.prefix(7)) }
          // In personas.yaml, the case of its id may have changed.
          case .persona: row.key.map { personas[$0]?.id ?? $0 }
          default: date ?? row.key
          }
        let name =
          switch key {
          case .conversation, .legacy: row.name
          case .persona: group.map(personas.name)
          case .user: handle
          case .model, .day, .month: group
          }
        report.add(
          row.tokens, messages: row.messages, replies: row.replies, by: row.modelID, toGroup: group, named: name)
      }
      return report
    }
  }
}
