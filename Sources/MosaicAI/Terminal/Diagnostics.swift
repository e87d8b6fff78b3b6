import Logging
import MosaicAICore

/// Writes errors, warnings and remarks on standard error.
struct Diagnostics: Sendable {
  /// How much is written.
  enum Level: Comparable, Sendable { case quiet, normal, verbose }

  /// What a line is about, for programs that read it: a name that stays the same, and fields.
  struct Event: Sendable {
    let name: String
    var fields: [JSON.Member] = []
  }

  var output: Output
  var level = Level.normal
  var words = AdviceWords()
  private(set) var format = LogFormat.text
  /// What is being traced.
  var telemetry: Telemetry?
  /// The time of a line.
  var now: @Sendable () -> Timestamp = Timestamp.now

  init(output: Output, level: Level = .normal) {
    self.output = output
    self.level = level
  }

  /// With another level, and with words for advice.
  func at(_ level: Level, _ words: AdviceWords? = nil) -> Diagnostics {
    var diagnostics = self
    diagnostics.level = level
    if let words { diagnostics.words = words }
    return diagnostics
  }

  /// In another format. In JSON, color and lines that are written over are left out.
  func written(in format: LogFormat) -> Diagnostics {
    guard format == .json else { return self }
    var diagnostics = self
    diagnostics.format = format
    diagnostics.output = output.undecorated
    return diagnostics
  }

  /// A failure: one line for the error and one for the hint; on a terminal, wrapped.
  func fail(_ failure: Failure, _ event: Event = Event(name: "error")) {
    say(.error, failure.message, LogEntry(event.adding(failure), hint: failure.advice.map(words.hint)))
  }

  /// Something that the user should know, and perhaps what to do about it; not with `--quiet`.
  func warn(_ message: String, _ advice: Advice? = nil, _ event: Event = Event(name: "warning")) {
    say(.warning, message, LogEntry(event, hint: advice.map(words.hint)))
  }

  /// A remark about what was done; not with `--quiet`.
  func remark(_ message: String, _ event: Event = Event(name: "remark")) { say(.notice, message, LogEntry(event)) }

  /// A remark with command lines to copy; not with `--quiet`.
  func remark(_ hint: Hint) { say(.notice, hint.line, LogEntry(Event(name: "remark"), style: .hint(hint))) }

  /// Whether it goes to a terminal, as text for people. What is private goes nowhere else.
  var isForPeople: Bool { output.isTerminal && format == .text }

  /// Whether people see it, or want to see nothing.
  var isSeen: Bool { level < .normal || isForPeople }

  /// An aside, faint on a terminal; not with `--quiet`.
  func aside(_ message: String) { say(.notice, message, LogEntry(Event(name: "remark"), style: .faint)) }

  /// Progress, on a line of a terminal that each call writes over; nil erases it.
  func progress(_ message: String?) {
    if format == .json, let message { say(.info, message, LogEntry(Event(name: "progress"))) }
    guard level >= .normal, output.isTerminal, output.style.hasColor else { return }
    let text = message.map { TextWidth.fit(SafeText.line($0), in: max(1, output.width - 1)) } ?? ""
    // If standard error itself fails, the failure cannot be reported.
    try? output.write("\r\u{1b}[K" + output.style.faint(text) + (text.isEmpty ? "" : "\r"))
  }

  /// A step that is being taken; only with `--verbose`.
  func note(_ message: @autoclosure () throws -> String) rethrows {
    if level == .verbose { say(.debug, try message(), LogEntry(Event(name: "detail"))) }
  }

  /// Something that happened; only with `--verbose`.
  func note(_ event: @autoclosure () -> Event, _ message: @autoclosure () -> String) {
    if level == .verbose { say(.info, message(), LogEntry(event())) }
  }

  /// Something that happened, for programs alone: people see it in other lines. Only with `--verbose`.
  func record(_ event: @autoclosure () -> Event, _ message: @autoclosure () -> String) {
    if format == .json { note(event(), message()) }
  }

  /// A piece of a trace, as one line of JSON; not with `--quiet`.
  func show(trace: JSON) { say(.notice, trace.compact, LogEntry(Event(name: "trace"), style: .json(trace))) }

  private func say(_ level: Logger.Level, _ message: String, _ entry: LogEntry) {
    var logger = Logger(label: "mosaic-ai") { _ in
      StandardErrorLog(output: output, format: format, now: now, telemetry: telemetry)
    }
    switch self.level {
    case .quiet: logger.logLevel = .error
    case .normal: logger.logLevel = .notice
    case .verbose: logger.logLevel = .debug
    }
    logger.log(level: level, "\(message)", metadata: [LogEntry.key: .stringConvertible(entry)])
  }
}
