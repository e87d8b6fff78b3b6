import TestSupport
import Testing

@testable import MosaicAICore

/// What conversations took, counted from what is stored.
@Suite struct UsageTests {
  private let household: Household
  private let service: ConversationService

  init() throws {
    household = try Household()
    service = try household.service()
    for name in ["Rose", "ben"] { _ = try service.addLegacy(name: name, evenIfKnown: false) }
  }

  private static let cents = PriceList([
    ModelPrice(model: "a", input: 10_000, output: 10_000, cacheRead: 10_000, cacheWrite: 10_000, currency: "USD")
  ])

  /// Sends a message; the reply takes as many tokens of each kind.
  @discardableResult
  private func send(
    _ message: String?, at time: String = "2026-01-31T12:00:00Z", model: String = "a1", tokens: (Int, Int, Int, Int),
    legacy: String = "Rose", persona: String = "biographer", target: Selection.Target = .latest, breaks: Bool = false
  ) throws -> ConversationID {
    household.clock.now = try #require(Timestamp(rfc3339: time))
    var choice = ModelChoice()
    choice.modelID = model
    let selection = Selection.to(legacy: legacy, persona: persona, target)
    let personas = try builtInPersonas()
    let exchange =
      try message.map { try service.begin($0, selection, choice, personas: personas) }
      ?? service.beginRetry(selection, choice, personas: personas)
    let usage = TokenUsage(
      input: tokens.0, output: tokens.1, total: 0, cacheRead: tokens.2 > 0 ? tokens.2 : nil, cacheWrite: tokens.3)
    let stop: StopReason = breaks ? .malformedModelOutput : .endTurn
    try? service.answer(exchange, to: RecordedReply(), .never) {
      ScriptedModel([.chunks(["Well."])], stop: stop, usage: usage)
    }
    return exchange.start.conversationID
  }

  private func usage(
    by key: UsageKey = .conversation, legacy: String? = nil, personaID: String? = nil, in span: TimeSpan = .always,
    prices: PriceList = PriceList(), zone: Zone = .utc
  ) throws -> UsageReport {
    try service.usage(
      by: key, legacy: legacy, personaID: personaID, in: span, prices: prices, personas: builtInPersonas(), zone: zone)
  }

  private func summary(_ report: UsageReport) -> [String] {
    (report.groups + [report.total]).map { group in
      let tokens = group.tokens
      return "\(group.name ?? "-") \(group.messages) \(tokens.input)+\(tokens.output)+\(tokens.cacheRead)"
        + "+\(tokens.cacheWrite)\(group.cost.map { " \($0.text)" } ?? "")"
    }
  }

  @Test("Tokens are counted by whatever is asked for, in an order of its own")
  func keys() throws {
    let first = try send("One", tokens: (1, 2, 3, 4))
    try send("Two", model: "a2", tokens: (10, 20, 30, 40), persona: "friend")
    try send("Three", at: "2026-02-01T12:00:00Z", model: "b", tokens: (100, 200, 300, 400), legacy: "ben")
    try send("Four", at: "2026-02-01T13:00:00Z", tokens: (1000, 0, 0, 0), target: .conversation(first.rawValue))
    let total = "total 8 1111+222+333+444"
    #expect(
      try summary(usage()) == ["One 4 1001+2+3+4", "Three 2 100+200+300+400", "Two 2 10+20+30+40", total])
    #expect(try summary(usage(by: .legacy)) == ["ben 2 100+200+300+400", "Rose 6 1011+22+33+44", total])
    #expect(
      try summary(usage(by: .persona)) == ["The Biographer 6 1101+202+303+404", "The Friend 2 10+20+30+40", total])
    #expect(
      try summary(usage(by: .model)) == ["a1 4 1001+2+3+4", "a2 2 10+20+30+40", "b 2 100+200+300+400", total])
    #expect(try summary(usage(by: .user)) == ["ada 8 1111+222+333+444", total])
    #expect(
      try summary(usage(by: .day)) == ["2026-01-31 4 11+22+33+44", "2026-02-01 4 1100+200+300+400", total])
    #expect(try summary(usage(by: .month)) == ["2026-01 4 11+22+33+44", "2026-02 4 1100+200+300+400", total])
    let keys = try usage().groups.map(\.key)
    #expect(keys.first == first.rawValue && Set(keys).count == 3)
  }

  @Test("Only what is asked for counts: a legacy, a persona, a time")
  func filters() throws {
    try send("One", tokens: (1, 0, 0, 0))
    try send("Two", tokens: (10, 0, 0, 0), persona: "friend")
    try send("Three", at: "2026-02-01T00:00:00Z", tokens: (100, 0, 0, 0), legacy: "ben")
    #expect(try usage(legacy: "Rose").total.tokens.input == 11)
    #expect(try usage(personaID: "biographer").total.tokens.input == 101)
    #expect(try usage(legacy: "Rose", personaID: "friend").total.tokens.input == 10)
    let february = TimeSpan(start: Timestamp(rfc3339: "2026-02-01T00:00:00Z"))
    #expect(try usage(in: february).total.tokens.input == 100)
    #expect(try usage(in: TimeSpan(end: february.start)).total.tokens.input == 11)
    #expect(try failure { try usage(legacy: "Nobody") }.code == .notFound)
  }

  @Test("Days and months are those of the place")
  func zones() throws {
    try send("One", at: "2026-01-31T22:59:59Z", tokens: (1, 0, 0, 0))
    try send("Two", at: "2026-01-31T23:00:00Z", tokens: (10, 0, 0, 0))
    let berlin = Zone { _ in 3600 }
    #expect(try usage(by: .day, zone: .utc).groups.map(\.key) == ["2026-01-31"])
    #expect(try summary(usage(by: .day, zone: berlin)).dropLast() == ["2026-01-31 2 1+0+0+0", "2026-02-01 2 10+0+0+0"])
    try send("Three", at: "2026-02-05T18:14:59Z", tokens: (100, 0, 0, 0))
    try send("Four", at: "2026-02-05T18:15:00Z", tokens: (1000, 0, 0, 0))
    let kathmandu = Zone { _ in 20_700 }
    #expect(
      try summary(usage(by: .day, zone: kathmandu)) == [
        "2026-02-01 4 11+0+0+0", "2026-02-05 2 100+0+0+0", "2026-02-06 2 1000+0+0+0", "total 8 1111+0+0+0",
      ])
    #expect(try usage(by: .month, zone: berlin).groups.map(\.key) == ["2026-01", "2026-02"])
  }

  @Test("Superseded replies count, since they were paid for; a message without a reply has no model and no cost")
  func superseded() throws {
    try send("One", tokens: (1, 2, 0, 0), breaks: true)
    try send(nil, model: "a2", tokens: (10, 20, 0, 0))
    try service.send("Lost", .failing(.refused), to: .to(legacy: "Rose"))
    let report = try usage(by: .model, prices: UsageTests.cents)
    #expect(
      summary(report) == [
        "- 1 0+0+0+0 0.00 USD", "a1 1 1+2+0+0 0.03 USD", "a2 2 10+20+0+0 0.30 USD",
        "total 4 11+22+0+0 0.33 USD",
      ])
    #expect(try usage().total.tokens == TokenCounts(input: 11, output: 22))
  }

  @Test("The cost of a group with any model without a price is not known, and the models are named")
  func costs() throws {
    try send("One", tokens: (1, 2, 3, 4))
    try send("Two", model: "b", tokens: (1, 1, 0, 0), legacy: "ben")
    let report = try usage(by: .legacy, prices: UsageTests.cents)
    #expect(summary(report) == ["ben 2 1+1+0+0", "Rose 2 1+2+3+4 0.10 USD", "total 4 2+3+3+4"])
    #expect(report.unpricedModels == ["b"])
    let both = PriceList([
      ModelPrice(model: "a", input: 10_000, output: 0, cacheRead: 0, cacheWrite: 0, currency: "USD"),
      ModelPrice(model: "b", input: 20_000, output: 0, cacheWrite: 0, currency: "EUR"),
    ])
    let mixed = try usage(by: .legacy, prices: both)
    #expect(mixed.groups.map { $0.cost?.text } == ["0.02 EUR", "0.01 USD"])
    #expect(mixed.total.cost == nil && mixed.unpricedModels.isEmpty)
    #expect(try usage(by: .legacy).unpricedModels == ["a1", "b"])
  }

  @Test("Nobody else's conversations count, though the legacy is shared")
  func others() throws {
    let ben = try household.service("ben")
    try send("Mine", tokens: (1, 2, 0, 0))
    _ = try service.share("Rose", with: "ben", role: .member)
    try ben.send("His", .reply("Well."), to: .to(legacy: "Rose"))
    #expect(try usage().total.tokens == TokenCounts(input: 1, output: 2))
    let eve = try household.service("eve")
    let none = try eve.usage(
      by: .user, prices: PriceList(), personas: builtInPersonas(), zone: .utc)
    #expect(none.groups.isEmpty && none.total.messages == 0)
  }

  @Test("Whatever is counted by, the groups make up the same total", arguments: 0..<6)
  func anyHistory(seed: UInt64) throws {
    var generator = Lehmer(seed: seed)
    var expected = TokenCounts()
    var messages = 0
    for number in 0..<30 {
      func any(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &generator) }
      let tokens = (any(100), any(100), any(100), any(100))
      let isRetry = messages > 0 && any(4) == 0
      let day = any(28) + 1
      do {
        try send(
          isRetry ? nil : "m\(number)", at: "2026-0\(any(3) + 1)-\(day < 10 ? "0" : "")\(day)T0\(any(10)):30:00Z",
          model: ["a1", "a2", "b"][any(3)], tokens: tokens, legacy: ["Rose", "ben"][any(2)],
          persona: ["biographer", "friend"][any(2)], target: any(5) == 0 && !isRetry ? .new : .latest,
          breaks: any(3) == 0)
      } catch let failure as Failure where isRetry && failure.code == .notFound {
        // There is nothing to retry.
        continue
      }
      messages += isRetry ? 1 : 2
      expected += TokenCounts(input: tokens.0, output: tokens.1, cacheRead: tokens.2, cacheWrite: tokens.3)
    }
    for key in UsageKey.allCases {
      let report = try usage(by: key, prices: UsageTests.cents)
      #expect(report.total.messages == messages && report.total.tokens == expected, "\(key)")
      #expect(report.groups.reduce(0) { $0 + $1.messages } == messages)
      #expect(report.groups.reduce(into: TokenCounts()) { $0 += $1.tokens } == expected)
      #expect(Set(report.groups.map(\.key)).count == report.groups.count)
    }
  }
}
