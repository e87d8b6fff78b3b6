import Testing

@testable import MosaicAICore

@Suite struct TypedTimeTests {
  /// An hour ahead of UTC, two from the last Sunday of March to that of October, as in Berlin in 2026.
  private static let berlin = Zone { time in
    let summer = moment("2026-03-29T01:00:00Z")..<moment("2026-10-25T01:00:00Z")
    return summer.contains(time) ? 7200 : 3600
  }
  /// The clocks go from midnight to one at the end of 2026-09-05, and from midnight to 23:00 at the end of 2026-04-04,
  /// as in Santiago.
  private static let santiago = Zone { time in
    let winter = moment("2026-04-05T03:00:00Z")..<moment("2026-09-06T04:00:00Z")
    return winter.contains(time) ? -14_400 : -10_800
  }

  private static func moment(_ text: String) -> Timestamp {
    Timestamp(rfc3339: text) ?? Timestamp(milliseconds: 0)
  }

  private func span(_ text: String, _ zone: Zone = berlin, now: String = "2026-05-31T12:00:00.500Z") throws -> [String?]
  {
    let span = try #require(TypedTime(text)).span(now: TypedTimeTests.moment(now), in: zone)
    return [span.start?.rfc3339, span.end?.rfc3339]
  }

  @Test(
    "A date is all of the day, the month or the year where the user is",
    arguments: [
      ("2026-01-31", "2026-01-30T23:00:00.000Z", "2026-01-31T23:00:00.000Z"),
      ("2026-07-01", "2026-06-30T22:00:00.000Z", "2026-07-01T22:00:00.000Z"),
      // These days have 23 and 25 hours.
      ("2026-03-29", "2026-03-28T23:00:00.000Z", "2026-03-29T22:00:00.000Z"),
      ("2026-10-25", "2026-10-24T22:00:00.000Z", "2026-10-25T23:00:00.000Z"),
      ("2026-02", "2026-01-31T23:00:00.000Z", "2026-02-28T23:00:00.000Z"),
      ("2026-03", "2026-02-28T23:00:00.000Z", "2026-03-31T22:00:00.000Z"),
      ("2026-12", "2026-11-30T23:00:00.000Z", "2026-12-31T23:00:00.000Z"),
      ("2024-02-29", "2024-02-28T23:00:00.000Z", "2024-02-29T23:00:00.000Z"),
      ("2026", "2025-12-31T23:00:00.000Z", "2026-12-31T23:00:00.000Z"),
    ])
  func dates(text: String, start: String, end: String) throws {
    #expect(try span(text) == [start, end])
  }

  @Test("A day that begins at one, or whose first hour comes twice, has no hole and no overlap with the day before")
  func midnights() throws {
    let zone = TypedTimeTests.santiago
    #expect(try span("2026-09-06", zone) == ["2026-09-06T04:00:00.000Z", "2026-09-07T03:00:00.000Z"])
    #expect(try span("2026-09-05", zone) == ["2026-09-05T04:00:00.000Z", "2026-09-06T04:00:00.000Z"])
    #expect(try span("2026-04-04", zone) == ["2026-04-04T03:00:00.000Z", "2026-04-05T04:00:00.000Z"])
    #expect(try span("2026-04-05", zone) == ["2026-04-05T04:00:00.000Z", "2026-04-06T04:00:00.000Z"])
  }

  @Test("The days of a year follow one another everywhere, and make up its months and the year")
  func tiling() throws {
    for zone in [Zone.utc, TypedTimeTests.berlin, TypedTimeTests.santiago] {
      var end = try span("2026", zone)[0]
      for month in 1...12 {
        let name = "2026-\(month < 10 ? "0" : "")\(month)"
        #expect(try span(name, zone)[0] == end)
        for day in 1...31 where TypedTime("\(name)-\(day < 10 ? "0" : "")\(day)") != nil {
          let span = try span("\(name)-\(day < 10 ? "0" : "")\(day)", zone)
          #expect(span[0] == end)
          end = span[1]
        }
        #expect(try span(name, zone)[1] == end)
      }
      #expect(try span("2026", zone)[1] == end)
    }
  }

  @Test(
    "How long ago counts days and months where the user is, at the same time of day",
    arguments: [
      ("7d", "2026-05-24T12:00:00.500Z"), ("2w", "2026-05-17T12:00:00.500Z"), ("0d", "2026-05-31T12:00:00.500Z"),
      // Winter time, when noon in UTC is one o'clock.
      ("70d", "2026-03-22T13:00:00.500Z"), ("3m", "2026-02-28T13:00:00.500Z"), ("1m", "2026-04-30T12:00:00.500Z"),
      ("5m", "2025-12-31T13:00:00.500Z"), ("1y", "2025-05-31T13:00:00.500Z"), ("12m", "2025-05-31T13:00:00.500Z"),
    ])
  func ago(text: String, start: String) throws {
    #expect(try span(text)[0] == start)
  }

  @Test("A leap day is the last of February in other years")
  func leapDay() throws {
    #expect(try span("1y", .utc, now: "2024-02-29T10:00:00Z")[0] == "2023-02-28T10:00:00.000Z")
    #expect(try span("4y", .utc, now: "2024-02-29T10:00:00Z")[0] == "2020-02-29T10:00:00.000Z")
  }

  @Test("A time is itself, and belongs to what it begins and to what it ends")
  func moments() throws {
    #expect(try span("2026-01-31T18:00:00+01:00") == ["2026-01-31T17:00:00.000Z", "2026-01-31T17:00:00.001Z"])
  }

  @Test("What is before all years is the first moment, and what goes beyond them has no end")
  func farAway() throws {
    #expect(try span("9999y") == ["0000-01-01T00:00:00.000Z", "0000-01-01T00:00:00.001Z"])
    #expect(try span("1m", .utc, now: "9999-12-31T10:00:00Z")[0] == "9999-11-30T10:00:00.000Z")
    #expect(try span("0m", .utc, now: "9999-12-31T10:00:00Z")[0] == "9999-12-31T10:00:00.000Z")
    #expect(try span("0000")[1] == "0000-12-31T23:00:00.000Z")
    for first in ["0000", "0000-01", "0000-01-01"] { #expect(try span(first)[0] == nil, "\(first)") }
    for last in ["9999", "9999-12", "9999-12-31"] { #expect(try span(last)[1] == nil, "\(last)") }
    #expect(try span("0000-01-02")[0] != nil && span("9999-12-30")[1] != nil)
  }

  @Test(
    "Anything else is not a time",
    arguments: [
      "", " ", "x", "7", "7D", "d", "-7d", "+7d", "7 d", "7dd", "12345d", "7h", "yesterday", "2026-13", "2026-00",
      "2026-1", "2026-02-29", "2026-04-31", "2026-01-1", "2026-01-32", "26", "20260131", "2026/01/31", "31.1.2026",
      "2026-01-31T18:00", "2026-01-31T18:00:00", "2026-", "２０２６", "2026-01-31 ", "1٣d",
    ])
  func nonsense(text: String) {
    #expect(TypedTime(text) == nil)
  }

  @Test("The local zone is that of the system")
  func local() {
    let now = Timestamp.now()
    #expect(Zone.local.moment(of: Zone.local.clock(at: now)) == now)
    #expect(abs(Zone.local.clock(at: now).milliseconds - now.milliseconds) <= 14 * 3_600_000)
  }
}
