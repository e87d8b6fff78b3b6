/// The time that a message asks about, said in English words: `last spring`, `in July`, `yesterday`, `in May 2024`.
enum RecallTime {
  /// The stretch of time that is meant, as the past that it was said of; nil if there is none.
  static func span(in text: String, now: Timestamp, _ zone: Zone) -> TimeSpan? {
    let words = SearchWord.all(in: text).map(\.folded)
    let (year, month, _) = zone.clock(at: now).day
    let today = Day(zone.clock(at: now))
    for (index, word) in words.enumerated() {
      let before = index > 0 ? words[index - 1] : ""
      let isLast = ["last", "this", "past"].contains(before)
      switch word {
      case "yesterday": return days(today.number - 1, 1, zone)
      case "week" where isLast: return days(today.number - 14, 15, zone)
      case "weekend" where isLast: return days(today.number - 9, 10, zone)
      case "month" where isLast: return days(today.number - 62, 63, zone)
      case "year" where before == "last": return months(year * 12 - 12, 12, zone)
      case "year" where isLast: return months(year * 12, 12, zone)
      default: break
      }
      let said = index + 1 < words.count ? Int(words[index + 1]).flatMap { (1900...9999).contains($0) ? $0 : nil } : nil
      let isNamed = isLast || said != nil || ["in", "of", "during", "since", "by", "on", "the"].contains(before)
      if isNamed, let season = seasons[word] {
        return months(latest(season, 3, year, month, said), 3, zone)
      }
      if isNamed, let named = monthNames.firstIndex(of: word) {
        return months(latest(named, 1, year, month, said), 1, zone)
      }
    }
    return nil
  }

  private struct Day {
    /// Since 1970.
    let number: Int
    init(_ clock: Timestamp) { number = Int((Double(clock.milliseconds) / 86_400_000).rounded(.down)) }
  }

  private static let monthNames = [
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
  ]

  /// By the first of its months, from 0.
  private static let seasons = ["spring": 2, "summer": 5, "autumn": 8, "fall": 8, "winter": 11]

  /// The months since the year 0 at which a season or a month began last.
  private static func latest(_ first: Int, _ count: Int, _ year: Int, _ month: Int, _ said: Int?) -> Int {
    if let said { return said * 12 + first }
    let start = year * 12 + first
    return start <= year * 12 + month - 1 ? start : start - 12
  }

  private static func months(_ first: Int, _ count: Int, _ zone: Zone) -> TimeSpan? {
    func start(_ month: Int) -> Timestamp? {
      Timestamp(year: month / 12, month: month % 12 + 1, day: 1).map(zone.moment)
    }
    return TimeSpan(start: start(first), end: start(first + count))
  }

  private static func days(_ first: Int, _ count: Int, _ zone: Zone) -> TimeSpan {
    func start(_ day: Int) -> Timestamp { zone.moment(of: Timestamp(milliseconds: Int64(day) * 86_400_000)) }
    return TimeSpan(start: start(first), end: start(first + count))
  }
}
