/// What PostgreSQL, or the way to it, says about something that failed.
package struct PostgresError: Error, Equatable, CustomStringConvertible {
  /// What was being done.
  package enum Phase: Equatable, Sendable {
    /// libpq could not be loaded.
    case loading
    /// Reading the URL.
    case parsing
    /// The server was not reached, or did not let anyone in.
    case connecting
    /// The connection was there, and no longer is.
    case lost
    /// The server refused a statement; the connection is still there.
    case statement
  }

  package let phase: Phase
  /// One of the codes of https://www.postgresql.org/docs/current/errcodes-appendix.html; nil if the server gave none.
  package let sqlState: String?
  /// Why the system could not load libpq, as errno(3) has it; 0 if that was not the reason.
  package let systemError: Int32
  /// The server's or libpq's words, on one line. Those of the server may quote values.
  package let message: String

  package init(_ phase: Phase, sqlState: String? = nil, systemError: Int32 = 0, _ message: String) {
    self.phase = phase
    self.sqlState = sqlState
    self.systemError = systemError
    self.message = message.split(whereSeparator: \.isNewline).joined(separator: " ")
  }

  /// From libpq's verbose text about a connection: `… FATAL:  28P01: password authentication failed for user "ada"`,
  /// and then a line about the place in the server's source.
  init(_ phase: Phase, connectionText text: String) {
    var lines = text.split(whereSeparator: \.isNewline).map(String.init)
    lines.removeAll { $0.hasPrefix("LOCATION:") }
    let line = lines.joined(separator: " ")
    guard let match = line.firstMatch(of: /(?:FATAL|ERROR|PANIC|[^\s:]+):  ([0-9A-Z]{5}): (.*)/) else {
      self.init(phase, line)
      return
    }
    self.init(phase, sqlState: String(match.1), String(match.2))
  }

  package var description: String { sqlState.map { "\(message) (\($0))" } ?? message }
}
