import ArgumentParser
import MosaicAICore

/// The options that choose a span of time.
struct TimeOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Leave out what is older: a date or a time, such as 2026-01-31, 2026-01, 2026 or 2026-01-31T18:00:00Z, or how "
        + "long ago, such as 7d, 2w, 3m or 1y.",
      valueName: "time"))
  var since: String?

  @Option(help: ArgumentHelp("Leave out what is newer; a day, month or year counts to its end.", valueName: "time"))
  var until: String?

  /// The span of time; dates are in the user's time zone.
  ///
  /// - Throws: `Failure` with code `usage` for what is not a time, and for an end before the beginning
  func span(_ context: CommandContext) throws -> TimeSpan {
    func span(_ text: String?, _ option: String) throws -> TimeSpan? {
      guard let text else { return nil }
      guard let time = TypedTime(text) else {
        throw Failure(
          .usage, "\(option) must be a date, a time, or how long ago",
          advice: "for example 2026-01-31, 2026-01, 2026, 2026-01-31T18:00:00Z, 7d, 2w, 3m or 1y")
      }
      return time.span(now: context.now(), in: context.zone)
    }
    let span = TimeSpan(start: try span(since, "--since")?.start, end: try span(until, "--until")?.end)
    if let start = span.start, let end = span.end, start >= end {
      throw Failure(.usage, "--since is later than --until")
    }
    return span
  }
}
