import Platform

/// Writes to the descriptor of standard output, without a buffer in between.
///
/// - Throws: `SimulatorFailure` if nobody reads it
func writeOut(_ text: String) throws {
  var rest = Array(text.utf8)[...]
  while !rest.isEmpty {
    let written = rest.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
    guard written >= 0 || errno == EINTR else {
      throw SimulatorFailure("cannot write to standard output", errno: errno, exitStatus: EX_IOERR)
    }
    rest = rest.dropFirst(max(0, written))
  }
}

/// Writes a line to standard error.
func complain(_ message: String) {
  let line = Array("bedrock-simulator: \(message)\n".utf8)
  _ = write(STDERR_FILENO, line, line.count)
}

/// Why the simulator cannot start or go on.
struct SimulatorFailure: Error, CustomStringConvertible {
  /// What failed and why, on one line.
  let description: String
  /// The process's exit status, from sysexits(3).
  let exitStatus: Int32

  /// - Parameter code: the system's error number, whose text is added
  init(_ description: String, errno code: Int32, exitStatus: Int32) {
    self.description = "\(description): \(String(cString: strerror(code)))"
    self.exitStatus = exitStatus
  }
}
