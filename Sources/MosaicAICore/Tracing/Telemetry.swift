import Synchronization
import Tracing

/// Traces one command: makes its spans, and exports them. There is none if tracing is off.
///
/// Spans are exported once the work is done that they tell of: those of one request when the next one begins, on a
/// thread of their own, and the rest at the end.
package final class Telemetry: Sendable {
  /// What made the spans, and where they go.
  package struct World: Sendable {
    let name: String
    let version: String
    let makeTransport: @Sendable (TransportConfiguration) -> any HTTPTransport
    let writeToConsole: @Sendable (JSON) -> Void

    /// - Parameters:
    ///   - name: the program's
    ///   - writeToConsole: is given each piece of a trace if the console is to show it
    package init(
      name: String, version: String, makeTransport: @escaping @Sendable (TransportConfiguration) -> any HTTPTransport,
      writeToConsole: @escaping @Sendable (JSON) -> Void
    ) {
      self.name = name
      self.version = version
      self.makeTransport = makeTransport
      self.writeToConsole = writeToConsole
    }
  }

  /// Why spans did not arrive.
  package struct Problem: Equatable, Sendable {
    package let message: String
    /// Whether it matters only to those who ask for details.
    package let isMinor: Bool
  }

  let recorder: SpanRecorder
  /// Whether spans may have the text of messages.
  let hasContent: Bool
  private let settings: TraceSettings
  private let root: RecordedSpan
  private let trace: OTLPTrace
  private let world: World
  private let variables: [String: String]
  private let state = Mutex(State())

  private struct State {
    /// Whose certificates are trusted; nil if the command's own are not known: those of the variables, or the system's.
    var certificates: Certificates?
    /// Nil before the collector is first asked.
    var transport: (any HTTPTransport)?
    /// Spans that are still to be sent to the collector.
    var unsent: [RecordedSpan] = []
    var lost = 0
    /// Spans that are being sent.
    var sending: Handover<Problem?>?
    var problems: [Problem] = []
  }

  /// The most spans that wait for the collector.
  private static let mostUnsent = 2048

  /// Begins the root span.
  ///
  /// - Parameters:
  ///   - command: the root span's name
  ///   - variables: the environment, for proxies and certificates
  /// - Throws: `Failure` with code `storage_failed` without random numbers
  package init(
    _ command: String, _ settings: TraceSettings, _ world: World, variables: [String: String]
  ) throws {
    self.settings = settings
    self.world = world
    hasContent = settings.hasContent
    recorder = try SpanRecorder(settings.sampler, below: settings.parent)
    root = recorder.startSpan(command, context: .topLevel)
    let own = [
      ("service.name", world.name), ("service.version", world.version), ("telemetry.sdk.language", "swift"),
      ("telemetry.sdk.name", world.name), ("telemetry.sdk.version", world.version),
    ].map(TraceSettings.Attribute.init)
    let given = settings.resource
    trace = OTLPTrace(
      resource: own.filter { own in !given.contains { $0.name == own.name } } + given,
      scope: (world.name, world.version))
    self.variables = variables
  }

  /// From the first request to the collector on, trusts the certificates that `access` does.
  package func trustCertificates(of access: BedrockAccess) {
    state.withLock { $0.certificates = access.transport.certificates }
  }

  /// The ids of the current span, as logs have them.
  package var ids: (trace: String, span: String) {
    let span = CurrentSpan.value ?? root
    return (span.identity.traceID, span.identity.spanID)
  }

  /// Where the trace goes, for people.
  package var summary: String {
    let places = [settings.collector?.url, settings.isConsole ? "standard error" : nil, settings.file]
    let sampled = root.identity.isSampled ? "" : ", which is not sampled"
    return "trace \(root.identity.traceID)\(sampled), to \(places.compactMap { $0 }.joined(separator: ", "))"
  }

  /// Notes in the current span that something has happened.
  func note(_ event: String, _ fields: [JSON.Member]) {
    var attributes = SpanAttributes()
    for field in fields {
      switch field.value {
      case .string(let text): attributes[field.name] = text
      case .integer(let number): attributes[field.name] = number
      default: continue
      }
    }
    (CurrentSpan.value ?? root).addEvent(SpanEvent(name: event, at: TraceInstant.now(), attributes: attributes))
  }

  // MARK: Exporting

  /// Exports what has ended, without waiting for the collector.
  func exportEarly() {
    export()
    state.withLock { state in
      guard let sending = state.sending else { return send(&state) }
      if let result = sending.wait(.zero) { sendNext(after: result, &state) }
    }
  }

  /// Ends the root span and exports what is left.
  ///
  /// - Parameters:
  ///   - status: the process's
  ///   - wait: how long to wait for the collector at most
  ///   - cancellation: ends the wait
  /// - Returns: why spans did not arrive
  package func finish(status: Int, within wait: Duration, _ cancellation: () -> Cancellation) -> [Problem] {
    root.attributes["process.exit.code"] = status
    if status != 0 { root.setStatus(SpanStatus(code: .error)) }
    root.end()
    export()
    state.withLock { if $0.sending == nil { send(&$0) } }
    if state.withLock({ $0.sending != nil }) { settle(by: ContinuousClock.now + wait, cancellation()) }
    return state.withLock { state in
      guard state.lost > 0 else { return state.problems }
      let lost = "\(counted(state.lost, "span")) of the trace left out: too many were waiting to be sent"
      return state.problems + [Problem(message: lost, isMinor: true)]
    }
  }

  /// Waits until everything has been sent, what is on its way first.
  private func settle(by end: ContinuousClock.Instant, _ cancellation: Cancellation) {
    while let sending = state.withLock({ $0.sending }) {
      if let result = sending.wait(.milliseconds(10)) {
        state.withLock { sendNext(after: result, &$0) }
      } else if ContinuousClock.now >= end || cancellation.isRequested {
        guard let collector = settings.collector else { return }
        return state.withLock { $0.problems.append(Telemetry.problem(collector, "it did not answer in time")) }
      }
    }
  }

  private func sendNext(after result: Problem?, _ state: inout State) {
    if let problem = result { state.problems.append(problem) }
    send(&state)
  }

  /// Writes what has ended to file and console, and keeps it for the collector.
  private func export() {
    let (spans, lost) = recorder.takeEnded()
    state.withLock { $0.lost += lost }
    guard !spans.isEmpty else { return }
    if settings.isConsole || settings.file != nil {
      let json = trace.json(spans)
      if settings.isConsole { world.writeToConsole(json) }
      if let path = settings.file { write(json, to: path) }
    }
    guard settings.collector != nil else { return }
    state.withLock { state in
      state.unsent += spans
      let excess = state.unsent.count - Telemetry.mostUnsent
      if excess > 0 {
        state.unsent.removeLast(excess)
        state.lost += excess
      }
    }
  }

  private func write(_ json: JSON, to path: String) {
    var line: [UInt8] = []
    json.append(to: &line)
    line.append(UInt8(ascii: "\n"))
    do {
      try TraceFile(path: path).append(line)
    } catch {
      let problem = Problem(message: "cannot write the trace to \(path): \(error)", isMinor: false)
      state.withLock { if !$0.problems.contains(problem) { $0.problems.append(problem) } }
    }
  }

  private func makeTransport(_ certificates: Certificates?) -> any HTTPTransport {
    world.makeTransport(
      TransportConfiguration(
        userAgent: "\(world.name)/\(world.version)", variables: variables,
        certificates: certificates
          ?? Certificates(bundle: Certificates.bundle(in: variables), variables: variables, system: .standard)))
  }

  /// Sends what the collector has not been sent, on a thread of its own.
  private func send(_ state: inout State) {
    state.sending = nil
    guard let collector = settings.collector, !state.unsent.isEmpty else { return }
    let transport = state.transport ?? makeTransport(state.certificates)
    state.transport = transport
    var body: [UInt8] = []
    trace.json(state.unsent).append(to: &body)
    state.unsent = []
    let handover = Handover<Problem?>()
    let request = HTTPRequest(
      method: "POST", url: collector.url,
      headers: [("Content-Type", "application/json")] + collector.headers.map { ($0.name, $0.value) }, body: body)
    let isStarted = detachThread {
      handover.give(Telemetry.send(request, to: collector, through: transport))
    }
    if isStarted {
      state.sending = handover
    } else {
      state.problems.append(Telemetry.problem(collector, "the system has no thread for it"))
    }
  }

  private static func send(
    _ request: HTTPRequest, to collector: TraceSettings.Collector, through transport: any HTTPTransport
  ) -> Problem? {
    // The longest wait, even without a limit.
    let timeout = collector.timeout ?? .seconds(300)
    do {
      let response = try transport.collect(
        request, timeouts: HTTPTimeouts(connect: timeout, idle: timeout), cancellation: .never, limit: 1 << 16)
      let status = response.head.status
      return (200..<300).contains(status) ? nil : problem(collector, "it answered \(status)")
    } catch let error as TransportError {
      return problem(collector, printable(error.detail))
    } catch {
      return problem(collector, Failure.from(error).message)
    }
  }

  private static func problem(_ collector: TraceSettings.Collector, _ reason: String) -> Problem {
    Problem(message: "cannot send the trace to \(collector.url): \(reason)", isMinor: true)
  }
}
