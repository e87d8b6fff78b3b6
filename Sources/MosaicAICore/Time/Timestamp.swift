#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A moment, to the millisecond, in UTC.
public struct Timestamp: Comparable, Hashable, Sendable {
  /// Milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
  public var milliseconds: Int64

  public init(milliseconds: Int64) { self.milliseconds = milliseconds }

  /// The system clock's time.
  public static func now() -> Timestamp {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
  }

  public static func < (left: Timestamp, right: Timestamp) -> Bool { left.milliseconds < right.milliseconds }

  public static func + (time: Timestamp, seconds: Int64) -> Timestamp {
    Timestamp(milliseconds: time.milliseconds + seconds * 1000)
  }

  /// `2026-11-23T06:13:02.123Z` (RFC 3339).
  public var rfc3339: String {
    let part = civil
    return
      "\(pad(part.year, 4))-\(pad(part.month, 2))-\(pad(part.day, 2))T\(pad(part.hour, 2)):\(pad(part.minute, 2)):\(pad(part.second, 2)).\(pad(part.millisecond, 3))Z"
  }

  /// `20261123T061302Z`, the basic format of ISO 8601 that AWS signs.
  public var iso8601Basic: String {
    let part = civil
    return
      "\(pad(part.year, 4))\(pad(part.month, 2))\(pad(part.day, 2))T\(pad(part.hour, 2))\(pad(part.minute, 2))\(pad(part.second, 2))Z"
  }

  /// Reads RFC 3339, with or without a fraction; the offset `Z` or `±hh:mm`. `UTC` at the end, which
  /// the AWS CLI writes into its caches, counts as `Z`.
  public init?(rfc3339 text: String) {
    var scanner = DigitScanner(text)
    guard let year = scanner.digits(4), scanner.skip("-"), let month = scanner.digits(2), scanner.skip("-"),
      let day = scanner.digits(2), scanner.skip("T") || scanner.skip("t") || scanner.skip(" "),
      let hour = scanner.digits(2), scanner.skip(":"), let minute = scanner.digits(2), scanner.skip(":"),
      let second = scanner.digits(2), (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60,
      second <= 60
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
    if !(scanner.skip("Z") || scanner.skip("z") || scanner.skip("UTC")) {
      let sign: Int64
      if scanner.skip("+") { sign = 1 } else if scanner.skip("-") { sign = -1 } else { return nil }
      guard let hours = scanner.digits(2), scanner.skip(":"), let minutes = scanner.digits(2), hours < 24, minutes < 60
      else { return nil }
      offset = sign * Int64(hours * 60 + minutes) * 60
    }
    guard scanner.isAtEnd, let days = Timestamp.days(year: year, month: month, day: day) else { return nil }
    milliseconds =
      ((days * 24 + Int64(hour)) * 60 + Int64(minute)) * 60_000 + Int64(second) * 1000 + fraction - offset * 1000
  }

  /// Reads the `Date` header of HTTP, `Mon, 23 Nov 2026 06:13:02 GMT` (RFC 9110, IMF-fixdate).
  public init?(httpDate text: String) {
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    let parts = text.split(separator: " ")
    func number(_ text: Substring) -> Int? { text.first == "+" || text.first == "-" ? nil : Int(text) }
    guard parts.count == 6, parts[5] == "GMT", let day = number(parts[1]),
      let month = months.firstIndex(of: String(parts[2])),
      let year = number(parts[3]), (1970...9999).contains(year), (1...31).contains(day),
      let days = Timestamp.days(year: year, month: month + 1, day: day)
    else { return nil }
    let clock = parts[4].split(separator: ":").map(number)
    guard clock.count == 3, let hour = clock[0], let minute = clock[1], let second = clock[2],
      (0..<24).contains(hour), (0..<60).contains(minute), (0...60).contains(second)
    else { return nil }
    milliseconds = (((days * 24 + Int64(hour)) * 60 + Int64(minute)) * 60 + Int64(second)) * 1000
  }

  private struct Civil {
    var year, month, day, hour, minute, second, millisecond: Int
  }

  /// Days to a date of the proleptic Gregorian calendar (Howard Hinnant, "chrono-compatible low-level date
  /// algorithms").
  private var civil: Civil {
    let days = Int(floorDivide(milliseconds, 86_400_000))
    let rest = Int(milliseconds - Int64(days) * 86_400_000)
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    return Civil(
      year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month: month,
      day: dayOfYear - (153 * monthFromMarch + 2) / 5 + 1,
      hour: rest / 3_600_000, minute: rest / 60_000 % 60, second: rest / 1000 % 60, millisecond: rest % 1000)
  }

  /// Days since 1970-01-01; nil where the month has no such day.
  private static func days(year: Int, month: Int, day: Int) -> Int64? {
    let shifted = month <= 2 ? year - 1 : year
    let era = (shifted >= 0 ? shifted : shifted - 399) / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let days = Int64(era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468)
    return Timestamp(milliseconds: days * 86_400_000).civil.day == day ? days : nil
  }
}

private func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
  value >= 0 ? value / divisor : -((-value + divisor - 1) / divisor)
}

private func pad(_ value: Int, _ width: Int) -> String {
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
