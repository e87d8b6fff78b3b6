import Platform

/// A moment, to the millisecond, in UTC.
package struct Timestamp: Comparable, Hashable, Sendable {
  /// Milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
  package var milliseconds: Int64

  package init(milliseconds: Int64) { self.milliseconds = milliseconds }

  /// The first moment that RFC 3339 has, in the year 0.
  static let earliest = Timestamp(milliseconds: -62_167_219_200_000)
  /// The last moment that RFC 3339 has, in the year 9999.
  static let latest = Timestamp(milliseconds: 253_402_300_799_999)

  /// The system clock's time, which may be set to anything: at least the first moment that can be written, at most the
  /// last.
  package static func now() -> Timestamp {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    let second = Int64(time.tv_sec)
    guard second > earliest.milliseconds / 1000 else { return earliest }
    guard second <= latest.milliseconds / 1000 else { return latest }
    return Timestamp(milliseconds: second * 1000 + Int64(time.tv_nsec) / 1_000_000)
  }

  package static func < (left: Timestamp, right: Timestamp) -> Bool { left.milliseconds < right.milliseconds }

  package static func + (time: Timestamp, seconds: Int64) -> Timestamp {
    Timestamp(milliseconds: time.milliseconds + seconds * 1000)
  }

  /// Midnight of a day in UTC; nil if there is no such day in the years 0 to 9999.
  package init?(year: Int, month: Int, day: Int) {
    guard let moment = Timestamp.moment(year, month, day, 0, 0, 0) else { return nil }
    milliseconds = moment * 1000
  }

  /// The day in UTC.
  package var day: (year: Int, month: Int, day: Int) {
    let parts = parts
    return (parts.year, parts.month, parts.day)
  }

  /// `2026-11-23T06:13:02.123Z` (RFC 3339); for a moment that cannot be written like that, the nearest one that can.
  package var rfc3339: String {
    guard self >= .earliest else { return Timestamp.earliest.rfc3339 }
    guard self <= .latest else { return Timestamp.latest.rfc3339 }
    let parts = parts
    // By hand: every message has a time, and there may be a million of them.
    return String(unsafeUninitializedCapacity: 32) { buffer in
      var end = 0
      func append(_ value: Int, _ width: Int, _ separator: Unicode.Scalar) {
        var (rest, place) = (value, end + width)
        while place > end {
          place -= 1
          buffer[place] = UInt8(ascii: "0") + UInt8(rest % 10)
          rest /= 10
        }
        buffer[end + width] = UInt8(ascii: separator)
        end += width + 1
      }
      append(parts.year, 4, "-")
      append(parts.month, 2, "-")
      append(parts.day, 2, "T")
      append(parts.second / 3600, 2, ":")
      append(parts.second / 60 % 60, 2, ":")
      append(parts.second % 60, 2, ".")
      append(Int(milliseconds - seconds * 1000), 3, "Z")
      return end
    }
  }

  /// `2026-11-23T06:13:02Z`, as the AWS CLI writes times.
  package var rfc3339Seconds: String { text(date: "-", between: "T", clock: ":") + "Z" }

  /// `20261123T061302Z`, the basic format of ISO 8601 that AWS signs.
  package var iso8601Basic: String { text(date: "", between: "T", clock: "") + "Z" }

  /// `2026-11-23`.
  package var date: String { String(rfc3339Seconds.prefix(10)) }

  /// `2026-11-23 06:13 UTC`.
  package var minute: String { "\(text(date: "-", between: " ", clock: ":").dropLast(3)) UTC" }

  /// Reads RFC 3339, with or without a fraction; the offset is `Z` or `±hh:mm`.
  package init?(rfc3339 text: String) {
    var text = text
    if let time = text.withUTF8({ Timestamp(ownFormat: UnsafeRawBufferPointer($0)) }) {
      self = time
      return
    }
    var scanner = DigitScanner(text)
    guard let year = scanner.digits(4), scanner.skip("-"), let month = scanner.digits(2), scanner.skip("-"),
      let day = scanner.digits(2), scanner.skip("T") || scanner.skip("t") || scanner.skip(" "),
      let hour = scanner.digits(2), scanner.skip(":"), let minute = scanner.digits(2), scanner.skip(":"),
      let second = scanner.digits(2),
      let moment = Timestamp.moment(year, month, day, hour, minute, second)
    else { return nil }
    var fraction: Int64 = 0
    if scanner.skip(".") {
      var scale: Int64 = 100
      guard let first = scanner.digits(1) else { return nil }
      fraction = Int64(first) * scale
      while let digit = scanner.digits(1) {
        scale /= 10
        fraction += Int64(digit) * scale
      }
    }
    var offset: Int64 = 0
    if !(scanner.skip("Z") || scanner.skip("z")) {
      let sign: Int64
      if scanner.skip("+") { sign = 1 } else if scanner.skip("-") { sign = -1 } else { return nil }
      guard let hours = scanner.digits(2), scanner.skip(":"), let minutes = scanner.digits(2), hours < 24, minutes < 60
      else { return nil }
      offset = sign * Int64(hours * 60 + minutes) * 60
    }
    guard scanner.isAtEnd else { return nil }
    milliseconds = (moment - offset) * 1000 + fraction
  }

  /// Reads what `rfc3339` gave, now or in a version that wrote years of more than four digits.
  package init?(stored text: String) {
    if let time = Timestamp(rfc3339: text) {
      self = time
    } else if text.prefix(while: \.isNumber).count > 4, text.hasSuffix("Z") {
      self = .latest
    } else {
      return nil
    }
  }

  /// Reads what `rfc3339` gave, and nothing else: every message has such a time.
  ///
  /// - Parameter text: UTF-8
  init?(ownFormat text: UnsafeRawBufferPointer) {
    guard text.count == 24 else { return nil }
    func number(_ range: Range<Int>) -> Int? {
      var value = 0
      for index in range {
        let digit = text[index] &- UInt8(ascii: "0")
        guard digit < 10 else { return nil }
        value = value * 10 + Int(digit)
      }
      return value
    }
    guard text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-"), text[10] == UInt8(ascii: "T"),
      text[13] == UInt8(ascii: ":"), text[16] == UInt8(ascii: ":"), text[19] == UInt8(ascii: "."),
      text[23] == UInt8(ascii: "Z"), let year = number(0..<4), let month = number(5..<7), let day = number(8..<10),
      let hour = number(11..<13), let minute = number(14..<16), let second = number(17..<19), second < 60,
      let fraction = number(20..<23), let moment = Timestamp.moment(year, month, day, hour, minute, second)
    else { return nil }
    milliseconds = moment * 1000 + Int64(fraction)
  }

  /// Reads a date of HTTP, `Mon, 23 Nov 2026 06:13:02 GMT`, also in its two obsolete forms (RFC 9110 §5.6.7).
  package init?(httpDate text: String) {
    guard text.utf8.first.map({ !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) == true,
      let time = TimeText.moment(text, zoneless: .utc)
    else { return nil }
    self = time
  }

  /// Seconds since 1970, rounded down.
  private var seconds: Int64 {
    let (quotient, remainder) = milliseconds.quotientAndRemainder(dividingBy: 1000)
    return remainder < 0 ? quotient - 1 : quotient
  }

  private func text(date: String, between: String, clock: String) -> String {
    let parts = min(max(self, .earliest), .latest).parts
    let day = [padded(parts.year, 4), padded(parts.month, 2), padded(parts.day, 2)]
    let time = [padded(parts.second / 3600, 2), padded(parts.second / 60 % 60, 2), padded(parts.second % 60, 2)]
    return day.joined(separator: date) + between + time.joined(separator: clock)
  }

  /// The date, and the second of the day.
  private var parts: (year: Int, month: Int, day: Int, second: Int) {
    let days = Int((seconds - (seconds % 86_400 + 86_400) % 86_400) / 86_400)
    // Years that begin in March end with the leap day; 400 of them are always as long.
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let month = (5 * dayOfYear + 2) / 153
    return (
      yearOfEra + era * 400 + (month < 10 ? 0 : 1), month < 10 ? month + 3 : month - 9,
      dayOfYear - (153 * month + 2) / 5 + 1, Int(seconds) - days * 86_400
    )
  }

  /// Days since 1970 of a date, which may be the 31st of any month.
  private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let year = month > 2 ? year : year - 1
    let era = (year >= 0 ? year : year - 399) / 400
    let yearOfEra = year - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  /// Seconds since 1970 of a date and a time of day, which may be a leap second; nil if there is no such date or time.
  static func moment(
    _ year: Int, _ month: Int, _ day: Int, _ hour: Int, _ minute: Int, _ second: Int
  ) -> Int64? {
    guard (0...9999).contains(year), (1...12).contains(month), (1...31).contains(day), (0..<24).contains(hour),
      (0..<60).contains(minute), (0...60).contains(second)
    else { return nil }
    let midnight = Timestamp(milliseconds: Int64(days(year, month, day)) * 86_400_000)
    // The 31st of April would be the 1st of May.
    guard midnight.parts.day == day else { return nil }
    return midnight.seconds + Int64((hour * 60 + minute) * 60 + second)
  }
}

private func padded(_ value: Int, _ width: Int) -> String {
  let digits = String(value)
  return String(repeating: "0", count: max(0, width - digits.count)) + digits
}

private struct DigitScanner {
  private let bytes: [UInt8]
  private var index = 0

  init(_ text: String) { bytes = Array(text.utf8) }

  var isAtEnd: Bool { index == bytes.count }

  mutating func digits(_ count: Int) -> Int? {
    guard index + count <= bytes.count else { return nil }
    var value = 0
    for byte in bytes[index..<index + count] {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
      value = value * 10 + Int(byte - UInt8(ascii: "0"))
    }
    index += count
    return value
  }

  mutating func skip(_ text: String) -> Bool {
    guard bytes[index...].starts(with: text.utf8) else { return false }
    index += text.utf8.count
    return true
  }
}
