import Testing

@testable import MosaicAICore

@Suite struct PricesTests {
  private let sonnet = ModelPrice(
    model: "us.anthropic.claude-sonnet", input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75, currency: "USD")

  private func counts(_ input: Int, _ output: Int, _ read: Int = 0, _ written: Int = 0) -> TokenCounts {
    TokenCounts(input: input, output: output, cacheRead: read, cacheWrite: written)
  }

  @Test(
    "A cost is exact, whatever is added up",
    arguments: [
      ((3000, 300, 0, 0), "0.0135", "0.01 USD"), ((0, 0, 0, 0), "0", "0.00 USD"),
      ((1, 0, 0, 0), "0.000003", "< 0.01 USD"),
      ((0, 0, 1, 0), "0.0000003", "< 0.01 USD"), ((1_000_000, 1_000_000, 1_000_000, 1_000_000), "22.05", "22.05 USD"),
      ((100_000_000_000, 0, 0, 0), "300000", "300,000.00 USD"), ((0, 1000, 0, 0), "0.015", "0.02 USD"),
      ((0, 333, 0, 0), "0.004995", "< 0.01 USD"), ((0, 66_600, 0, 0), "0.999", "1.00 USD"),
    ] as [((Int, Int, Int, Int), String, String)])
  func exact(tokens: (Int, Int, Int, Int), exact: String, text: String) throws {
    let cost = try #require(sonnet.cost(of: counts(tokens.0, tokens.1, tokens.2, tokens.3)))
    #expect(cost.exactText == exact)
    #expect(cost.text == text)
    #expect(cost.value == Double(exact))
  }

  @Test("A tenth added ten times is one")
  func tenths() throws {
    let price = ModelPrice(model: "m", input: 0.1, output: 0, currency: "EUR")
    var sum = try #require(price.cost(of: counts(1_000_000, 0)))
    for _ in 0..<9 { sum = try #require(price.cost(of: counts(1_000_000, 0)).flatMap(sum.adding)) }
    #expect(sum.value == 1 && sum.exactText == "1" && sum.currency == "EUR")
  }

  @Test("Cached tokens cost nothing that is known if their price is missing; without them it is not missed")
  func missing() throws {
    let price = ModelPrice(model: "m", input: 1, output: 1, cacheWrite: 2, currency: "USD")
    #expect(price.cost(of: counts(1, 1)) != nil)
    #expect(price.cost(of: counts(1, 1, 0, 1)) != nil)
    #expect(price.cost(of: counts(1, 1, 1, 0)) == nil)
  }

  @Test("The longest beginning of a model's ID decides, whatever the order")
  func longest() {
    func price(_ model: String) -> ModelPrice { ModelPrice(model: model, input: 1, output: 1, currency: "USD") }
    let models = ["us.", "us.anthropic.claude-sonnet-4-6", "us.anthropic.claude", "eu.anthropic.claude-sonnet-4-6"]
    for models in [models, models.reversed()] {
      let list = PriceList(models.map(price))
      #expect(list.price(of: "us.anthropic.claude-sonnet-4-6")?.model == "us.anthropic.claude-sonnet-4-6")
      #expect(list.price(of: "us.anthropic.claude-sonnet-4-6-v2:0")?.model == "us.anthropic.claude-sonnet-4-6")
      #expect(list.price(of: "us.anthropic.claude-opus")?.model == "us.anthropic.claude")
      #expect(list.price(of: "us.amazon.nova")?.model == "us.")
      #expect(list.price(of: "anthropic.claude-sonnet-4-6") == nil)
    }
    #expect(PriceList().price(of: "us.x") == nil)
  }

  @Test("Different currencies are not added up")
  func currencies() throws {
    let euros = ModelPrice(model: "e", input: 1, output: 1, currency: "EUR")
    let (one, other) = (try #require(sonnet.cost(of: counts(1, 1))), try #require(euros.cost(of: counts(1, 1))))
    #expect(one.adding(other) == nil)
    #expect(PriceList([sonnet, euros]).nothing == nil)
    #expect(PriceList([sonnet]).nothing?.text == "0.00 USD")
    #expect(PriceList().nothing == nil)
  }
}
