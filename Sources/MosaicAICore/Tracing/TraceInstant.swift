import Platform
import Tracing

/// The time of spans, which OTLP has as nanoseconds since 1970 in 64 bits. The system clock may be set to anything: at
/// least the first moment that can be written, at most the last.
///
/// It takes the place of the instants that callers hand over, which are `DefaultTracerClock`'s: that ends the process
/// before 1970 and after 2554.
struct TraceInstant: TracerInstant {
  let nanosecondsSinceEpoch: UInt64

  static func now() -> TraceInstant {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    guard time.tv_sec >= 0 else { return TraceInstant(nanosecondsSinceEpoch: 0) }
    let (whole, isTooLate) = UInt64(time.tv_sec).multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, isOver) = whole.addingReportingOverflow(UInt64(time.tv_nsec))
    return TraceInstant(nanosecondsSinceEpoch: isTooLate || isOver ? .max : sum)
  }

  static func < (left: TraceInstant, right: TraceInstant) -> Bool {
    left.nanosecondsSinceEpoch < right.nanosecondsSinceEpoch
  }
}
