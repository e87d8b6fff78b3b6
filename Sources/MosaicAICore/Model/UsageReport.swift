/// How many tokens there were of each kind.
package struct TokenCounts: Equatable, Sendable {
  /// Those that were neither read from the service's cache nor written to it.
  package var input = 0
  package var output = 0
  package var cacheRead = 0
  package var cacheWrite = 0

  /// Adds them up. What does not fit into a number is left at the largest one.
  package static func += (left: inout TokenCounts, right: TokenCounts) {
    for kind in [\TokenCounts.input, \.output, \.cacheRead, \.cacheWrite] {
      left[keyPath: kind] = left[keyPath: kind].addingClamped(right[keyPath: kind])
    }
  }
}

extension Int {
  /// The sum, or the largest number if it is too large for one. Both are not negative.
  func addingClamped(_ other: Int) -> Int {
    let (sum, isOverflow) = addingReportingOverflow(other)
    return isOverflow ? .max : sum
  }
}

/// What tokens are counted by.
package enum UsageKey: String, CaseIterable, Sendable {
  case conversation
  case legacy
  case persona
  case model
  case user
  /// Where the user is.
  case day
  /// Where the user is.
  case month
}

/// The tokens of one conversation, day or other group.
package struct UsageGroup: Equatable, Sendable {
  /// An id, or a day or month such as `2026-01-31` or `2026-01`; nil for messages that no model replied to.
  package let key: String?
  /// Its name; nil for a conversation without a title, and for messages that no model replied to.
  package let name: String?
  /// Of both sides, superseded replies included.
  package private(set) var messages = 0
  package private(set) var tokens = TokenCounts()
  private var bill: Bill

  fileprivate init(key: String?, name: String?, _ nothing: Cost?) {
    self.key = key
    self.name = name
    bill = Bill(nothing: nothing)
  }

  /// Nil if it is not known.
  package var cost: Cost? { bill.cost }

  fileprivate mutating func add(messages: Int, _ tokens: TokenCounts) {
    self.messages += messages
    self.tokens += tokens
  }

  fileprivate mutating func charge(_ cost: Cost?) { bill.add(cost) }
}

/// Costs that are added up.
private struct Bill: Equatable {
  private let nothing: Cost?
  private var sum: Cost?
  private var isKnown = true

  /// - Parameter nothing: what it comes to as long as nothing is added
  init(nothing: Cost?) { self.nothing = nothing }

  /// Nil if one of them is not known, or they are in different currencies.
  var cost: Cost? { isKnown ? sum ?? nothing : nil }

  mutating func add(_ cost: Cost?) {
    let added = sum.map { sum in cost.flatMap(sum.adding) } ?? cost
    if let added { sum = added } else { isKnown = false }
  }
}

/// The tokens and costs of conversations, group by group.
package struct UsageReport: Equatable, Sendable {
  package private(set) var groups: [UsageGroup] = []
  package private(set) var total: UsageGroup
  /// The models that replied and have no price.
  package private(set) var unpricedModels: Set<String> = []
  private let prices: PriceList
  private var places: [String?: Int] = [:]

  /// Nothing so far.
  init(prices: PriceList) {
    self.prices = prices
    total = UsageGroup(key: "total", name: "total", prices.nothing)
  }

  /// Adds messages to a group, a new one if there is none of that key.
  ///
  /// - Parameter modelID: of those that are replies; nil if it is not known
  mutating func add(
    _ tokens: TokenCounts, messages: Int, replies: Int, by modelID: String?, toGroup key: String?, named name: String?
  ) {
    let place = places[key] ?? groups.count
    if place == groups.count {
      groups.append(UsageGroup(key: key, name: name, prices.nothing))
      places[key] = place
    }
    groups[place].add(messages: messages, tokens)
    total.add(messages: messages, tokens)
    guard replies > 0 else { return }
    let cost = modelID.flatMap(prices.price).flatMap { $0.cost(of: tokens) }
    groups[place].charge(cost)
    total.charge(cost)
    if cost == nil, let modelID { unpricedModels.insert(modelID) }
  }
}
