import MosaicAICore
import Platform

/// A program that someone uses at the terminal: their editor, or their pager. It belongs to the same job as this one,
/// so that Ctrl-C and Ctrl-Z reach it.
struct TerminalProgram {
  let pid: pid_t

  /// Starts a program.
  ///
  /// - Parameters:
  ///   - input: what it reads; nil for what this process reads
  ///   - variables: `NAME=VALUE` in addition to the environment of this process
  /// - Throws: `LocalFile.SystemError`
  init(_ arguments: [String], input: Int32? = nil, variables: [String] = []) throws {
    var environment = variables.map { Array($0.utf8) }
    var next = environ
    while let entry = next.pointee {
      environment.append(UnsafeRawBufferPointer(start: entry, count: strlen(entry)).map { $0 })
      next += 1
    }
    pid = try startProgram(
      Array(arguments[0].utf8), arguments, environment: environment, routes: input.map { [($0, STDIN_FILENO)] } ?? [],
      defaults: [SIGINT, SIGQUIT, SIGPIPE, SIGXFSZ])
  }
}
