import Synchronization
import Tracing

/// A span of ours, kept in memory until it is exported.
final class RecordedSpan: Tracing.Span {
  /// What can be read of it at once.
  struct State {
    var name: String
    var attributes = SpanAttributes()
    var events: [SpanEvent] = []
    var status: SpanStatus?
    /// Nanoseconds since 1970.
    var end: UInt64?
  }

  let identity: TraceParent
  /// The span above it.
  let parentID: String?
  let kind: SpanKind
  /// Nanoseconds since 1970.
  let start: UInt64
  private let outer: ServiceContext
  private let state: Mutex<State>
  private let recorder: SpanRecorder

  /// More events than this are left out.
  private static let mostEvents = 128

  fileprivate init(
    _ name: String, _ identity: TraceParent, below parentID: String?, _ kind: SpanKind, start: UInt64,
    in outer: ServiceContext, _ recorder: SpanRecorder
  ) {
    self.identity = identity
    self.parentID = parentID
    self.kind = kind
    self.start = start
    self.outer = outer
    self.recorder = recorder
    state = Mutex(State(name: name))
  }

  /// With this span as the current one.
  var context: ServiceContext {
    var context = outer
    context[CurrentSpan.self] = self
    return context
  }

  /// As it is now.
  var snapshot: State { state.withLock { $0 } }

  var isRecording: Bool { identity.isSampled && state.withLock { $0.end == nil } }

  var operationName: String {
    get { state.withLock { $0.name } }
    set { state.withLock { $0.name = newValue } }
  }

  var attributes: SpanAttributes {
    get { state.withLock { $0.attributes } }
    set { state.withLock { $0.attributes = newValue } }
  }

  func setStatus(_ status: SpanStatus) { state.withLock { $0.status = status } }

  func addEvent(_ event: SpanEvent) {
    state.withLock { if $0.events.count < RecordedSpan.mostEvents { $0.events.append(event) } }
  }

  /// Links are of no use here: every span is below the one that it follows from.
  func addLink(_ link: SpanLink) {}

  /// Names the kind of error; its text may quote a message.
  func recordError<Instant: TracerInstant>(
    _ error: any Error, attributes: SpanAttributes, at instant: @autoclosure () -> Instant
  ) {
    let type = errorType(error)
    var attributes = attributes
    attributes["exception.type"] = type
    addEvent(SpanEvent(name: "exception", at: TraceInstant.now(), attributes: attributes))
    state.withLock { $0.attributes["error.type"] = type }
  }

  /// The clock may have been set back since it began.
  func end<Instant: TracerInstant>(at instant: @autoclosure () -> Instant) {
    let end = max(start, TraceInstant.now().nanosecondsSinceEpoch)
    let isFirst = state.withLock { state in
      defer { state.end = state.end ?? end }
      return state.end == nil
    }
    if isFirst, identity.isSampled { recorder.take(self) }
  }
}

/// The key of the current span in a context.
enum CurrentSpan: ServiceContextKey {
  typealias Value = RecordedSpan

  /// The span that this thread is in.
  static var value: RecordedSpan? { ServiceContext.current?[CurrentSpan.self] }
}

/// What kind of error it is, in a word that is the same for all of its kind.
func errorType(_ error: any Error) -> String {
  switch error {
  case let error as Failure: error.code.rawValue
  case let error as ReplyFailure: error.failure.code.rawValue
  case let error as AttemptError: error.failure.code.rawValue
  case let error as TransportError:
    error.failure(of: .model(endpoint: "", timeouts: HTTPTimeouts())).code.rawValue
  default: String(describing: type(of: error))
  }
}

/// Makes spans and keeps them. Whatever is not below another span is below the root.
final class SpanRecorder: Tracer {
  private struct State {
    var root: RecordedSpan?
    var ended: [RecordedSpan] = []
    var lost = 0
  }

  private let traceID: String
  private let parent: TraceParent?
  private let isSampled: Bool
  private let state = Mutex(State())

  /// More spans that nobody has taken are left out.
  private static let most = 2048

  /// - Throws: `Failure` with code `storage_failed` without random numbers
  init(_ sampler: TraceSampler, below parent: TraceParent?) throws {
    traceID = try parent?.traceID ?? hexadecimal(RandomBytes.make(16))
    self.parent = parent
    isSampled = sampler.isSampled(traceID, parent: parent)
  }

  /// The spans that have ended since the last call, and how many had no room.
  func takeEnded() -> (spans: [RecordedSpan], lost: Int) {
    state.withLock { state in
      defer { (state.ended, state.lost) = ([], 0) }
      return (state.ended, state.lost)
    }
  }

  fileprivate func take(_ span: RecordedSpan) {
    state.withLock { state in
      if state.ended.count < SpanRecorder.most { state.ended.append(span) } else { state.lost += 1 }
    }
  }

  func startSpan<Instant: TracerInstant>(
    _ operationName: String, context: @autoclosure () -> ServiceContext, ofKind kind: SpanKind,
    at instant: @autoclosure () -> Instant, function: String, file fileID: String, line: UInt
  ) -> RecordedSpan {
    let outer = context()
    let above = outer[CurrentSpan.self] ?? state.withLock { $0.root }
    // Without random numbers nothing would be stored, let alone traced.
    let id = (try? RandomBytes.make(8)).map { hexadecimal($0) } ?? "0000000000000001"
    let span = RecordedSpan(
      operationName, TraceParent(traceID: traceID, spanID: id, isSampled: isSampled),
      below: above?.identity.spanID ?? parent?.spanID, kind, start: TraceInstant.now().nanosecondsSinceEpoch, in: outer,
      self)
    state.withLock { state in if state.root == nil { state.root = span } }
    return span
  }

  /// Nothing waits here: exporting takes what has ended.
  func forceFlush() {}

  /// Nobody sends us requests: which trace goes on here is among the settings.
  func extract<Carrier, Extract: Extractor>(
    _ carrier: Carrier, into context: inout ServiceContext, using extractor: Extract
  ) where Extract.Carrier == Carrier {}

  /// Does nothing: none of the services that we call takes part in the trace.
  func inject<Carrier, Inject: Injector>(
    _ context: ServiceContext, into carrier: inout Carrier, using injector: Inject
  ) where Inject.Carrier == Carrier {}
}
