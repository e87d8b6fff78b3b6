import Foundation
import TestSupport
import Testing

/// `--since` and `--until`, wherever they are.
@Suite(.crowd, .inGoodTime) struct TimeTests {
  private static let commands = [["conversations"], ["history"], ["export", "--legacy", "Rose"]]

  /// How many messages and conversations a command writes.
  private func count(_ home: Home, _ arguments: [String], zone: String = "UTC0") async throws -> Int {
    let ended = try await home.mosaic(arguments + ["-o", "ndjson"]).with("TZ", zone).run()
    guard ended.status == 0 else { throw Complaint(ended.errors) }
    return try ended.jsonLines().filter { ["message", nil].contains($0["type"].string) }.count
  }

  @Test("What was said just now is in every stretch of time with now in it, and in no other", arguments: commands)
  func now(command: [String]) async throws {
    let home = try await Home.remembering()
    try await home.succeed("send", "Hello.")
    let all = try await count(home, command)
    #expect(all > 0)
    for (options, isIn) in [
      (["--since", "1d"], true), (["--since", "2w", "--until", "9999"], true), (["--since", "2020-01"], true),
      (["--until", "2020"], false), (["--until", "3m"], false), (["--since", "9000-01-01"], false),
      (["--since", "2020-01-01T00:00:00Z", "--until", "2020-12-31T23:59:59+01:00"], false),
    ] {
      #expect(try await count(home, command + options) == (isIn ? all : 0), "\(options)")
    }
  }

  @Test("A date is the day where the user is, to its end", arguments: commands)
  func zones(command: [String]) async throws {
    let home = try await Home.remembering()
    try await home.succeed("send", "Hello.")
    let all = try await count(home, command)
    let said = try #require(try await home.json("history")["messages"][0]["created_at"].string)
    // Eleven hours west of UTC and thirteen east: the two never have the same day.
    for (zone, offset) in [("AAA11", -11), ("BBB-13", 13)] {
      let formatter = ISO8601DateFormatter()
      formatter.formatOptions = [.withInternetDateTime, .withFractionalSeconds]
      let time = try #require(formatter.date(from: said)).addingTimeInterval(Double(offset) * 3600)
      formatter.formatOptions = [.withFullDate]
      func day(_ days: Double) -> String { formatter.string(from: time.addingTimeInterval(days * 86_400)) }
      #expect(try await count(home, command + ["--since", day(0), "--until", day(0)], zone: zone) == all)
      #expect(try await count(home, command + ["--since", day(1)], zone: zone) == 0)
      #expect(try await count(home, command + ["--until", day(-1)], zone: zone) == 0)
    }
  }

  @Test("What is not a time, and an end before the beginning, are usage errors", arguments: commands)
  func wrong(command: [String]) async throws {
    let home = try await Home.remembering()
    try await home.succeed("send", "Hello.")
    for options in [["--since", "yesterday"], ["--until", "2026-13"], ["--since", "2026", "--until", "2025"]] {
      let ended = try await home.mosaic(command + options).run()
      #expect(ended.status == 64 && ended.output == "" && ended.error.contains(options[0]))
    }
  }
}
