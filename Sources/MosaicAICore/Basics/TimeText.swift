/// A time as programs write it: ISO 8601 in its usual shapes, dates of HTTP and mail, and what date(1) prints.
///
/// Strict: the order of year, month and day is never guessed, and nothing may be left over.
struct TimeText {
  /// What a time without a zone means.
  enum Zoneless {
    /// Nothing: it could be anywhere.
    case refused
    case utc
  }

  private var rest: ArraySlice<UInt8>
  private var (year, month, day) = (0, 0, 0)
  private var (hour, minute, second) = (0, 0, 0)
  private var milliseconds: Int64 = 0
  /// Whether the clock begins after a T, so that an hour may be all of it.
  private var isAfterT = false
  /// East of Greenwich, in minutes.
  private var offset: Int?
  /// The zone's name, if that is all there is.
  private var zoneName: String?

  private static let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
  private static let longMonths = [
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
  ]
  private static let weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
  private static let longWeekdays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

  private init(_ text: String) {
    let isASCII = text.utf8.allSatisfy { $0 < 0x80 }
    // JavaScript puts a narrow space that does not break before AM and PM.
    rest = Array(isASCII ? text.utf8 : String(text.map { $0.isWhitespace ? " " : $0 }).utf8)[...]
  }

  /// The moment that `text` tells; nil if it tells none.
  ///
  /// - Parameter zone: how many seconds the zone with this name is ahead of UTC when its clocks show this, as if they
  ///   showed UTC; nil for a name that is not known
  static func moment(
    _ text: String, zoneless: Zoneless = .refused, zone: (_ name: String, Timestamp) -> Int64? = { _, _ in nil }
  ) -> Timestamp? {
    var time = TimeText(text)
    time.skipSpaces()
    time.skipWeekday()
    guard time.readDateAndTime(), time.second < 60 else { return nil }
    time.skipSpaces()
    guard time.rest.isEmpty,
      let seconds = Timestamp.moment(time.year, time.month, time.day, time.hour, time.minute, time.second),
      let offset = time.zoneName.map({ zone($0, Timestamp(milliseconds: seconds * 1000)) })
        ?? time.offset.map({ Int64($0) * 60 }) ?? (zoneless == .utc ? 0 : nil)
    else { return nil }
    return Timestamp(milliseconds: (seconds - offset) * 1000 + time.milliseconds)
  }

  private var hasZone: Bool { offset != nil || zoneName != nil }

  private mutating func readDateAndTime() -> Bool {
    switch rest.prefix(while: TimeText.isDigit).count {
    case 8, 12, 14: return readCompact()
    case 4: return readNumericDate() && readBetween() && readClock() && readZone()
    case let count where (1...2).contains(count) && rest.dropFirst(count).first == UInt8(ascii: ":"):
      return readClockFirst()
    case 1, 2: return readShortNumberFirst()
    case 0: return readMonthFirst()
    default: return false
    }
  }

  // MARK: Dates

  /// `20300131T120000`, `20300131 120000`, `20300131120000`, the seconds left out or not.
  private mutating func readCompact() -> Bool {
    guard let year = digits(4), let month = digits(2), let day = digits(2) else { return false }
    (self.year, self.month, self.day) = (year, month, day)
    if let next = rest.first, TimeText.isDigit(next) { return readClock() && readZone() }
    return readBetween() && readClock() && readZone()
  }

  /// `2030-01-31`, also with slashes or dots, without leading zeros, and with the month's name.
  private mutating func readNumericDate() -> Bool {
    guard let year = digits(4), let separator = rest.first, "-/.".utf8.contains(separator) else { return false }
    rest.removeFirst()
    guard let month = shortNumber() ?? monthName(), rest.first == separator else { return false }
    rest.removeFirst()
    guard let day = shortNumber() else { return false }
    (self.year, self.month, self.day) = (year, month, day)
    return true
  }

  /// `31 Jan 2030 12:00:00 UTC`, `31 Jan 12:00:00 UTC 2030`, `1/31/2030 12:00:00 PM +00:00`.
  private mutating func readShortNumberFirst() -> Bool {
    if readDateEndingInYear() { return readGap() && readClock() && readZone() }
    guard let day = readDay(), readSpaces(), let month = monthName(), readSpaces() else { return false }
    (self.month, self.day) = (month, day)
    return readClockAndYear()
  }

  /// `1/31/2030`, `31 Jan 2030`; moves nowhere if it is neither.
  private mutating func readDateEndingInYear() -> Bool {
    let start = self
    if readNumericDateEndingInYear() { return true }
    self = start
    if readDayFirst() { return true }
    self = start
    return false
  }

  /// `1/31/2030`, `31.1.2030`, `31-01-2030`: whichever number can be no month is the day, and without one there is no
  /// date.
  private mutating func readNumericDateEndingInYear() -> Bool {
    guard let first = shortNumber(), let separator = rest.first, "-/.".utf8.contains(separator) else { return false }
    rest.removeFirst()
    guard let second = shortNumber(), rest.first == separator else { return false }
    rest.removeFirst()
    guard first > 12 || second > 12 || first == second else { return false }
    (month, day) = first > 12 ? (second, first) : (first, second)
    return readYear()
  }

  /// `31 Jan 2030`, `31-Jan-2030`, and the same with a year of two digits.
  private mutating func readDayFirst() -> Bool {
    guard let day = readDay() else { return false }
    let isHyphenated = skip("-")
    guard isHyphenated || readSpaces(), let month = monthName(), isHyphenated ? skip("-") : readSpaces() else {
      return false
    }
    (self.month, self.day) = (month, day)
    // A clock may be next, and the year come after it.
    if rest.prefix(while: TimeText.isDigit).count == 2, rest.dropFirst(2).first != UInt8(ascii: ":"),
      let year = digits(2)
    {
      self.year = year < 70 ? 2000 + year : 1900 + year
      return true
    }
    return readYear()
  }

  /// `Jan 31 2030 12:00:00 UTC`, and what date(1) and asctime(3) print, with the year at the end.
  private mutating func readMonthFirst() -> Bool {
    guard let month = monthName(), readSpaces(), let day = readDay() else { return false }
    (self.month, self.day) = (month, day)
    _ = skip(",")
    guard readSpaces() else { return false }
    if rest.prefix(while: TimeText.isDigit).count == 4 {
      return readYear() && readGap() && readClock() && readZone()
    }
    return readClockAndYear()
  }

  /// `12:00:00 UTC 2030`, the zone after the clock or after the year.
  private mutating func readClockAndYear() -> Bool {
    readClock() && readZone() && readSpaces() && readYear() && (hasZone || readZone())
  }

  /// `12:00:00 UTC 2030-01-31`, the zone after the clock or after the date.
  private mutating func readClockFirst() -> Bool {
    guard readClock(), readZone(), readGap() else { return false }
    skipWeekday()
    let isYearFirst = rest.prefix(while: TimeText.isDigit).count == 4
    return (isYearFirst ? readNumericDate() : readDateEndingInYear()) && (hasZone || (readSpaces() && readZone()))
  }

  private mutating func readYear() -> Bool {
    guard rest.prefix(while: TimeText.isDigit).count == 4, let year = digits(4) else { return false }
    self.year = year
    return true
  }

  /// `31`, `31st`.
  private mutating func readDay() -> Int? {
    let day = shortNumber()
    if ["st", "nd", "rd", "th"].contains(word()) { rest.removeFirst(2) }
    return day
  }

  /// Moves past a weekday, if there is one, which is not compared with the date.
  private mutating func skipWeekday() {
    let word = word()
    guard TimeText.weekdays.contains(word) || TimeText.longWeekdays.contains(word) else { return }
    rest.removeFirst(word.utf8.count)
    _ = skip(",")
    skipSpaces()
  }

  private mutating func monthName() -> Int? {
    let word = word()
    let short = word == "sept" ? "sep" : word
    guard let index = TimeText.months.firstIndex(of: short) ?? TimeText.longMonths.firstIndex(of: word) else {
      return nil
    }
    rest.removeFirst(word.utf8.count)
    return index + 1
  }

  // MARK: Clocks

  /// What stands between a date and a clock.
  private mutating func readBetween() -> Bool {
    isAfterT = skip("T") || skip("t")
    return isAfterT || readGap()
  }

  /// White space, perhaps after a comma, and perhaps with an "at" in it.
  private mutating func readGap() -> Bool {
    _ = skip(",")
    return readSpaces() && (!skip("at") || readSpaces())
  }

  /// `12:00:00.123`, `120000.123`, the end left out or not, also with AM or PM.
  private mutating func readClock() -> Bool {
    switch rest.prefix(while: TimeText.isDigit).count {
    case 1, 2:
      guard let hour = shortNumber() else { return false }
      self.hour = hour
      guard skip(":") else {
        // `2030-01-31T12Z`, `2030-01-31 12 PM UTC`.
        let before = rest.count
        return readHalfOfDay() && (isAfterT || rest.count < before)
      }
      guard let minute = shortNumber() else { return false }
      self.minute = minute
      guard skip(":") else { return readHalfOfDay() }
      guard let second = shortNumber() else { return false }
      self.second = second
    case 4:
      guard let hour = digits(2), let minute = digits(2) else { return false }
      (self.hour, self.minute) = (hour, minute)
      return true
    case 6:
      guard let hour = digits(2), let minute = digits(2), let second = digits(2) else { return false }
      (self.hour, self.minute, self.second) = (hour, minute, second)
    default: return false
    }
    return readFraction() && readHalfOfDay()
  }

  private mutating func readFraction() -> Bool {
    // A comma before white space ends the clock.
    guard !rest.starts(with: ", ".utf8), skip(".") || skip(",") else { return true }
    var scale: Int64 = 100
    guard let first = rest.first, TimeText.isDigit(first) else { return false }
    while let digit = digits(1) {
      milliseconds += Int64(digit) * scale
      scale /= 10
    }
    return true
  }

  private mutating func readHalfOfDay() -> Bool {
    var ahead = self
    ahead.skipSpaces()
    let half = ahead.word()
    guard ["am", "pm"].contains(half) else { return true }
    ahead.rest.removeFirst(2)
    guard (0...12).contains(hour) else { return false }
    self = ahead
    hour = hour % 12 + (half == "pm" ? 12 : 0)
    return true
  }

  // MARK: Zones

  /// `Z`, `UTC`, `GMT`, `+01:30`, `+0130`, `+01`, `UTC+00:00`, `CET`; true without one, too.
  private mutating func readZone() -> Bool {
    var ahead = self
    ahead.skipSpaces()
    for name in ["UTC", "GMT", "Z", "z"] where ahead.word() == name.lowercased() && ahead.skip(name) {
      ahead.offset = 0
      self = ahead
      ahead.skipSpaces()
      guard ahead.rest.first == UInt8(ascii: "+") || ahead.rest.first == UInt8(ascii: "-") else { return true }
      // `UTC+3` means the opposite to different readers; `UTC+0` means the same to all.
      guard ahead.readZone(), ahead.offset == 0 else { return false }
      self = ahead
      return true
    }
    let sign = ahead.skip("+") ? 1 : ahead.skip("-") ? -1 : 0
    guard sign != 0 else {
      if let name = ahead.readZoneName() {
        self = ahead
        zoneName = name
      }
      return true
    }
    let count = ahead.rest.prefix(while: TimeText.isDigit).count
    guard [1, 2, 4].contains(count), let hours = ahead.digits(min(count, 2)) else { return false }
    var minutes: Int? = 0
    if count == 4 || ahead.skip(":") { minutes = ahead.digits(2) }
    guard let minutes, hours < 24, minutes < 60 else { return false }
    ahead.offset = sign * (hours * 60 + minutes)
    self = ahead
    ahead.skipSpaces()
    // The zone's name once more: `-0500 (EST)`.
    guard ahead.skip("("), let name = ahead.readZoneName(), ahead.skip(")") else { return true }
    self = ahead
    return offset == 0 || !["UTC", "GMT"].contains(name)
  }

  /// Three to five capital letters that are neither a month nor a weekday.
  private mutating func readZoneName() -> String? {
    let letters = rest.prefix { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
    let word = word()
    guard letters.count == word.utf8.count, (3...5).contains(letters.count),
      ![TimeText.months, TimeText.longMonths, TimeText.weekdays].contains(where: { $0.contains(word) })
    else { return nil }
    rest.removeFirst(letters.count)
    return String(decoding: letters, as: UTF8.self)
  }

  // MARK: Pieces

  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

  /// A number of exactly that many digits; more may follow.
  private mutating func digits(_ count: Int) -> Int? {
    let digits = rest.prefix(count)
    guard digits.count == count, digits.allSatisfy(TimeText.isDigit) else { return nil }
    rest.removeFirst(count)
    return digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
  }

  /// A number of one or two digits.
  private mutating func shortNumber() -> Int? {
    let count = rest.prefix(while: TimeText.isDigit).count
    return (1...2).contains(count) ? digits(count) : nil
  }

  /// The letters that come next, in lower case.
  private func word() -> String {
    let letters = rest.prefix { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0 | 0x20) }
    return String(decoding: letters, as: UTF8.self).lowercased()
  }

  private mutating func skip(_ text: String) -> Bool {
    guard rest.starts(with: text.utf8) else { return false }
    rest.removeFirst(text.utf8.count)
    return true
  }

  private mutating func skipSpaces() { rest = rest.drop { " \t\r\n".utf8.contains($0) } }

  private mutating func readSpaces() -> Bool {
    let before = rest.count
    skipSpaces()
    return rest.count < before
  }
}
