import Testing

@testable import MosaicAICore

@Suite struct TimestampTests {
  @Test(
    "A moment is written in UTC as RFC 3339 and as AWS does, and read back",
    arguments: [
      (0, "1970-01-01T00:00:00.000Z", "19700101T000000Z"),
      (1_795_414_382_123, "2026-11-23T06:13:02.123Z", "20261123T061302Z"),
      (951_782_399_999, "2000-02-28T23:59:59.999Z", "20000228T235959Z"),
      (951_782_400_000, "2000-02-29T00:00:00.000Z", "20000229T000000Z"),
      (951_868_800_000, "2000-03-01T00:00:00.000Z", "20000301T000000Z"),
      (1_709_164_800_000, "2024-02-29T00:00:00.000Z", "20240229T000000Z"),
      (4_107_542_400_000, "2100-03-01T00:00:00.000Z", "21000301T000000Z"),
      (1_735_689_599_999, "2024-12-31T23:59:59.999Z", "20241231T235959Z"),
      (-1, "1969-12-31T23:59:59.999Z", "19691231T235959Z"),
      (-86_400_000, "1969-12-31T00:00:00.000Z", "19691231T000000Z"),
      (-2_203_891_200_000, "1900-03-01T00:00:00.000Z", "19000301T000000Z"),
      (-62_135_596_800_000, "0001-01-01T00:00:00.000Z", "00010101T000000Z"),
      (253_402_300_799_999, "9999-12-31T23:59:59.999Z", "99991231T235959Z"),
    ] as [(Int64, String, String)])
  func dates(milliseconds: Int64, rfc3339: String, basic: String) {
    let time = Timestamp(milliseconds: milliseconds)
    #expect(time.rfc3339 == rfc3339)
    #expect(time.iso8601Basic == basic)
    #expect(Timestamp(rfc3339: rfc3339) == time)
  }

  @Test("Every day of four centuries survives a round trip")
  func everyDay() {
    var day: Int64 = -11_000
    while day < 140_000 {
      let time = Timestamp(milliseconds: day * 86_400_000 + 43_200_001)
      #expect(Timestamp(rfc3339: time.rfc3339) == time)
      day += 1
    }
  }

  @Test(
    "Offsets and fractions are understood",
    arguments: [
      ("2026-11-23T06:13:02Z", 1_795_414_382_000), ("2026-11-23t06:13:02z", 1_795_414_382_000),
      ("2026-11-23 06:13:02Z", 1_795_414_382_000),
      ("2026-11-23T06:13:02+00:00", 1_795_414_382_000),
      ("2026-11-23T07:43:02+01:30", 1_795_414_382_000), ("2026-11-22T20:13:02-10:00", 1_795_414_382_000),
      ("2026-11-23T06:13:02.5Z", 1_795_414_382_500), ("2026-11-23T06:13:02.05Z", 1_795_414_382_050),
      ("2026-11-23T06:13:02.123456789Z", 1_795_414_382_123), ("2026-11-23T06:13:02.999999+00:00", 1_795_414_382_999),
      ("2016-12-31T23:59:60Z", 1_483_228_800_000),
    ] as [(String, Int64)])
  func parsing(text: String, milliseconds: Int64) {
    #expect(Timestamp(rfc3339: text)?.milliseconds == milliseconds)
  }

  @Test(
    "Text that is not an RFC 3339 time is refused",
    arguments: [
      "", "2026", "2026-11-23", "2026-11-23T06:13:02", "2026-11-23T06:13Z", "2026-13-01T00:00:00Z",
      "2026-00-01T00:00:00Z",
      "2026-01-00T00:00:00Z",
      "2026-01-32T00:00:00Z", "2026-02-29T00:00:00Z", "2024-02-30T00:00:00Z", "2026-04-31T00:00:00Z",
      "2100-02-29T00:00:00Z",
      "2026-11-23T24:00:00Z",
      "2026-11-23T06:60:00Z", "2026-11-23T06:13:61Z", "2026-11-23T06:13:02.Z", "2026-11-23T06:13:02ZZ",
      "2026-11-23T06:13:02Z ",
      " 2026-11-23T06:13:02Z",
      "2026-11-23T06:13:02+1:00", "2026-11-23T06:13:02+0100", "2026-11-23T06:13:02+24:00", "2026-11-23T06:13:02+01:60",
      "2026-1-23T06:13:02Z",
      "+026-11-23T06:13:02Z", "-026-11-23T06:13:02Z", "２０２６-11-23T06:13:02Z", "2026-11-23T06:13:02 UTC",
      "2026-11-23T06:13:02GMT", "2026-11-23T06:13:02UTC",
    ])
  func rejects(text: String) {
    #expect(Timestamp(rfc3339: text) == nil)
  }

  @Test(
    "A date of HTTP is understood in each of its three forms",
    arguments: [
      ("Sunday, 06-Nov-94 08:49:37 GMT", "1994-11-06T08:49:37.000Z"),
      ("Monday, 23-Nov-26 06:13:02 GMT", "2026-11-23T06:13:02.000Z"),
      ("Sun Nov  6 08:49:37 1994", "1994-11-06T08:49:37.000Z"),
      ("Mon, 23 Nov 2026 06:13:02 GMT", "2026-11-23T06:13:02.000Z"),
      ("Sun, 06 Nov 1994 08:49:37 GMT", "1994-11-06T08:49:37.000Z"),
      ("Thu, 29 Feb 2024 00:00:00 GMT", "2024-02-29T00:00:00.000Z"),
      ("Thu, 01 Jan 1970 00:00:00 GMT", "1970-01-01T00:00:00.000Z"),
    ])
  func httpDates(text: String, expected: String) {
    #expect(Timestamp(httpDate: text)?.rfc3339 == expected)
  }

  @Test(
    "Text that is not a Date header is refused",
    arguments: [
      "", "now", "30", "2026-11-23T06:13:02Z", "Mon, 23 Foo 2026 06:13:02 GMT",
      "Mon, 32 Nov 2026 06:13:02 GMT",
      "Mon, 31 Nov 2026 06:13:02 GMT", "Mon, 23 Nov 2026 24:13:02 GMT", "Mon, 23 Nov 2026 06:60:02 GMT",
      "Foo, 23 Nov 2026 06:13:02 GMT", "Mon, 23 Nov 2026 06:13:02 CET", "Mon, 23 Nov 2026",
      "Mon, x Nov 2026 06:13:02 GMT",
      "Mon, +3 Nov 2026 06:13:02 GMT", "Mon, 23 Nov 2026 -1:13:02 GMT", "Mon, 23 Nov 99999999999999999999 06:13:02 GMT",
    ])
  func badHTTPDates(text: String) {
    #expect(Timestamp(httpDate: text) == nil)
  }

  @Test("Moments are ordered by time, and seconds can be added")
  func arithmetic() {
    #expect(Timestamp(milliseconds: -1) < Timestamp(milliseconds: 0))
    #expect(Timestamp(milliseconds: 500) + 2 == Timestamp(milliseconds: 2500))
    #expect(Timestamp(milliseconds: 500) + -1 == Timestamp(milliseconds: -500))
  }

  @Test(
    "What RFC 3339 cannot write becomes the nearest moment that it can",
    arguments: [
      (Int64.max / 2000, "9999-12-31T23:59:59.999Z"), (253_402_300_800_000, "9999-12-31T23:59:59.999Z"),
      (253_402_300_799_999, "9999-12-31T23:59:59.999Z"), (-62_167_219_200_000, "0000-01-01T00:00:00.000Z"),
      (-62_167_219_200_001, "0000-01-01T00:00:00.000Z"), (Int64.min / 2000, "0000-01-01T00:00:00.000Z"),
      (-1, "1969-12-31T23:59:59.999Z"),
    ] as [(Int64, String)])
  func limits(milliseconds: Int64, expected: String) throws {
    let time = Timestamp(milliseconds: milliseconds)
    #expect(time.rfc3339 == expected)
    #expect(time.date == String(expected.prefix(10)) && time.iso8601Basic.utf8.count == 16)
    #expect(try #require(Timestamp(rfc3339: time.rfc3339)).rfc3339 == expected)
  }

  @Test(
    "A year of more than four digits, as an earlier version stored it, is the last moment",
    arguments: [
      ("10000-01-01T00:00:00.123Z", "9999-12-31T23:59:59.999Z"),
      ("292277-01-01T00:00:00.123Z", "9999-12-31T23:59:59.999Z"),
      ("2026-11-23T06:13:02.123Z", "2026-11-23T06:13:02.123Z"), ("yesterday", nil), ("123456", nil), ("", nil),
    ])
  func stored(text: String, expected: String?) {
    #expect(Timestamp(stored: text)?.rfc3339 == expected)
  }
}
