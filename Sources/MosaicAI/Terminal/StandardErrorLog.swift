import Logging
import MosaicAICore

/// How what is said on standard error is written.
enum LogFormat: String, CaseIterable, Sendable {
  /// For people.
  case text
  /// An object a line, for programs.
  case json
}

/// The parts of a line of the log other than its level and message.
struct LogEntry: CustomStringConvertible, Sendable {
  /// How a message is shown to people.
  enum Style: Sendable {
    case plain
    case faint
    /// With command lines to copy.
    case hint(Hint)
    /// As JSON: the message is that value, on one line.
    case json(JSON)
  }

  let event: Diagnostics.Event
  let hint: Hint?
  let style: Style

  /// Where metadata have it.
  static let key = "entry"

  init(_ event: Diagnostics.Event, hint: Hint? = nil, style: Style = .plain) {
    self.event = event
    self.hint = hint
    self.style = style
  }

  var description: String { event.name }
}

/// Writes the log to standard error: for people, or an object a line.
struct StandardErrorLog: LogHandler {
  let output: Output
  let format: LogFormat
  let now: @Sendable () -> Timestamp
  var logLevel = Logger.Level.notice
  var metadata: Logger.Metadata = [:]
  var metadataProvider: Logger.MetadataProvider?

  init(output: Output, format: LogFormat, now: @escaping @Sendable () -> Timestamp, telemetry: Telemetry?) {
    self.output = output
    self.format = format
    self.now = now
    metadataProvider = telemetry.map { telemetry in
      Logger.MetadataProvider {
        let ids = telemetry.ids
        return ["trace_id": .string(ids.trace), "span_id": .string(ids.span)]
      }
    }
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    guard case .stringConvertible(let value) = event.metadata?[LogEntry.key], let entry = value as? LogEntry else {
      return
    }
    switch format {
    case .text: writeText(event.level, event.message.description, entry)
    case .json: writeJSON(event.level, event.message.description, entry)
    }
  }

  /// If standard error itself fails, the failure cannot be reported.
  private func write(_ text: String) { try? output.write(text) }

  // MARK: For programs

  private func writeJSON(_ level: Logger.Level, _ message: String, _ entry: LogEntry) {
    var members = [
      JSON.Member("time", .string(now().rfc3339)), JSON.Member("level", .string(level.rawValue)),
      JSON.Member("event", .string(entry.event.name)),
    ]
    if case .json(let value) = entry.style {
      members += value.members ?? []
    } else {
      members.append(JSON.Member("message", .string(message)))
    }
    if let hint = entry.hint { members.append(JSON.Member("hint", .string(hint.line))) }
    members += entry.event.fields
    let provided = metadata.merging(metadataProvider?.get() ?? [:]) { $1 }
    members += provided.sorted { $0.key > $1.key }.map { JSON.Member($0.key, .string($0.value.description)) }
    write(JSON.object(members).compact + "\n")
  }

  // MARK: For people

  private func writeText(_ level: Logger.Level, _ message: String, _ entry: LogEntry) {
    switch entry.style {
    case .plain: writeText(level, message)
    case .faint: write(output.style.faint(SafeText.line(message)) + "\n")
    case .hint(let hint):
      guard output.isTerminal else { return write("\(SafeText.line(hint.line))\n") }
      write(hint.lines(width: output.width, indent: 0).joined(separator: "\n") + "\n")
    case .json: write(message + "\n")
    }
    if let hint = entry.hint { write(hint) }
  }

  private func writeText(_ level: Logger.Level, _ message: String) {
    let style = output.style
    switch level {
    case .error, .critical: write("mosaic-ai: error: ", message, style.red)
    case .warning: write("mosaic-ai: warning: ", message, style.yellow)
    case .notice: write("", message) { $0 }
    case .info, .debug, .trace: write("mosaic-ai: \(SafeText.line(message))\n")
    }
  }

  private func write(_ hint: Hint) {
    guard output.isTerminal else { return write("hint: \(SafeText.line(hint.line))\n") }
    let lines = hint.lines(width: output.width, indent: 6)
    write(output.style.bold("hint:") + " " + lines.joined(separator: "\n") + "\n")
  }

  /// A message of one line; on a terminal broken between words, what follows the first line set in.
  ///
  /// - Parameters:
  ///   - start: of the line
  ///   - styled: sets the start off
  private func write(_ start: String, _ message: String, _ styled: (String) -> String) {
    let message = SafeText.line(message)
    guard output.isTerminal else { return write("\(start)\(message)\n") }
    let lines = WordWrap.lines(start + message, width: output.width - (start.isEmpty ? 0 : 2))
    let set = lines.dropFirst(start.count).split(separator: "\n", omittingEmptySubsequences: false)
      .joined(separator: start.isEmpty ? "\n" : "\n  ")
    write("\(styled(start))\(set)\n")
  }
}
