import Foundation

/// How a program ended, and what it wrote.
package struct Ended: Sendable {
  package enum Ending: Equatable, Sendable {
    case exited(Int32)
    case killed(by: Int32)
  }

  package let ending: Ending
  package let outputBytes: [UInt8]
  package let errorBytes: [UInt8]
  /// What was on the terminal, with newlines as programs write them.
  package let screen: String

  /// The exit status, or the negative number of the signal that ended the program.
  package var status: Int32 {
    switch ending {
    case .exited(let status): status
    case .killed(let signal): -signal
    }
  }

  package var output: String { String(decoding: outputBytes, as: UTF8.self) }
  package var errors: String { String(decoding: errorBytes, as: UTF8.self) }
  /// The lines of standard output.
  package var lines: [String] { value.isEmpty ? [] : value.components(separatedBy: "\n") }
  /// Standard error, line by line.
  package var standardError: StandardError { StandardError(errors) }
  /// The lines of standard error.
  package var errorLines: [String] { standardError.lines }
  /// What went wrong, without its prefix; empty if nothing did.
  package var error: String { standardError.error }
  /// What to do about it, without its prefix; empty if there is no hint.
  package var hint: String { standardError.hint }
  /// Standard output without its last newline.
  package var value: String { output.hasSuffix("\n") ? String(output.dropLast()) : output }

  /// Standard output as one JSON value.
  package func json() throws -> JSONText { try JSONText(outputBytes) }

  /// Standard output as one JSON value a line.
  package func jsonLines() throws -> [JSONText] { try lines.map { try JSONText(Array($0.utf8)) } }

  /// Standard output as server-sent events.
  package func serverSentEvents() throws -> [JSONText] {
    guard output.hasSuffix("\n\n") else { throw Complaint("no blank line at the end of: \(output)") }
    return try output.dropLast(2).split(separator: "\n\n", omittingEmptySubsequences: false).map { event in
      guard event.hasPrefix("data: "), !event.contains("\n") else { throw Complaint("no event: \(event)") }
      return try JSONText(Array(event.dropFirst("data: ".count).utf8))
    }
  }
}
