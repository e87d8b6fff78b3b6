/// Remembers which ids there were, in bounded memory: 8 bytes for each, and none for ids beyond some 1,400,000.
///
/// It keeps a number made from an id instead of the id. Two different ids have the same number in about one of ten
/// million large imports, and not when it is repeated: every process makes other numbers.
struct IdentifierSet {
  private var table = [UInt64](repeating: 0, count: 1 << 10)
  private var count = 0

  private static let maximumSize = 1 << 21

  /// Adds an id. False if it was there.
  mutating func insert<Kind>(_ id: Identifier<Kind>) -> Bool {
    if count * 3 >= table.count * 2, !grow() { return true }
    return insert(UInt64(truncatingIfNeeded: id.hashValue) | 1)
  }

  private mutating func insert(_ number: UInt64) -> Bool {
    var index = Int(truncatingIfNeeded: number >> 1) & (table.count - 1)
    while table[index] != 0 {
      if table[index] == number { return false }
      index = (index + 1) & (table.count - 1)
    }
    table[index] = number
    count += 1
    return true
  }

  private mutating func grow() -> Bool {
    guard table.count < IdentifierSet.maximumSize else { return false }
    let old = table
    table = [UInt64](repeating: 0, count: old.count * 2)
    count = 0
    for number in old where number != 0 { _ = insert(number) }
    return true
  }
}
