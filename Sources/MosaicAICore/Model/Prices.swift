/// What a model costs, in a currency, for each million tokens.
package struct ModelPrice: Equatable, Sendable {
  /// A model's id, or the beginning of the ids of several.
  package let model: String
  private let input: Int128
  private let output: Int128
  private let cacheRead: Int128?
  private let cacheWrite: Int128?
  /// Its code, such as `USD`.
  package let currency: String

  /// - Parameters:
  ///   - cacheRead: nil if it is not known
  ///   - cacheWrite: nil if it is not known
  package init(
    model: String, input: Double, output: Double, cacheRead: Double? = nil, cacheWrite: Double? = nil,
    currency: String
  ) {
    func millionths(_ price: Double) -> Int128 { Int128((price * 1e6).rounded()) }
    self.model = model
    self.input = millionths(input)
    self.output = millionths(output)
    self.cacheRead = cacheRead.map(millionths)
    self.cacheWrite = cacheWrite.map(millionths)
    self.currency = currency
  }

  /// What the tokens cost; nil if the price of some is not known.
  package func cost(of tokens: TokenCounts) -> Cost? {
    guard let read = ModelPrice.amount(tokens.cacheRead, cacheRead),
      let written = ModelPrice.amount(tokens.cacheWrite, cacheWrite)
    else { return nil }
    return Cost(
      amount: Int128(tokens.input) * input + Int128(tokens.output) * output + read + written, currency: currency)
  }

  private static func amount(_ tokens: Int, _ price: Int128?) -> Int128? {
    tokens == 0 ? 0 : price.map { Int128(tokens) * $0 }
  }
}

/// The prices of models.
package struct PriceList: Equatable, Sendable {
  private let prices: [ModelPrice]

  package init(_ prices: [ModelPrice] = []) { self.prices = prices }

  /// Whether no price is known.
  package var isEmpty: Bool { prices.isEmpty }

  /// That of the longest beginning of the model's id.
  package func price(of modelID: String) -> ModelPrice? {
    prices.filter { modelID.hasPrefix($0.model) }.max { $0.model.utf8.count < $1.model.utf8.count }
  }

  /// A cost of zero; nil if prices are in different currencies, or there are none.
  package var nothing: Cost? {
    prices.first.flatMap { first in
      prices.allSatisfy { $0.currency == first.currency } ? Cost(amount: 0, currency: first.currency) : nil
    }
  }
}

/// A sum of money.
package struct Cost: Equatable, Sendable {
  /// In millionths of a millionth of the currency.
  private let amount: Int128
  /// Its code, such as `USD`.
  package let currency: String

  fileprivate init(amount: Int128, currency: String) {
    self.amount = amount
    self.currency = currency
  }

  /// Both together; nil if they are in different currencies.
  package func adding(_ other: Cost) -> Cost? {
    currency == other.currency ? Cost(amount: amount + other.amount, currency: currency) : nil
  }

  package var value: Double { Double(amount) / 1e12 }

  /// `0.0135`: all digits that there are.
  package var exactText: String {
    let (whole, fraction) = amount.quotientAndRemainder(dividingBy: 1_000_000_000_000)
    var digits = String(String(1_000_000_000_000 + fraction).dropFirst())
    while digits.hasSuffix("0") { digits.removeLast() }
    return digits.isEmpty ? "\(whole)" : "\(whole).\(digits)"
  }

  /// `0.01 USD`, `< 0.01 USD`: to the hundredth, for people.
  package var text: String {
    let hundredths = Int(clamping: (amount + 5_000_000_000) / 10_000_000_000)
    guard hundredths > 0 || amount == 0 else { return "< 0.01 \(currency)" }
    let cents = hundredths % 100
    return "\(grouped(hundredths / 100)).\(cents < 10 ? "0" : "")\(cents) \(currency)"
  }
}
