import Foundation
import MosaicAICore

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// All that a command gets from outside: a test gives its own.
struct CommandContext {
  /// The process environment.
  var variables: [String: String]
  var home: String
  /// The user where nothing else says who.
  var loginName: String
  var output: Output
  var diagnostics: Diagnostics
  var input: Input
  var now: @Sendable () -> Timestamp
  /// A new random UUID in lower case.
  var makeID: @Sendable () -> String
  /// From now on signals no longer end the process, but are told by what this returns.
  var watchSignals: () -> Cancellation
  /// Asks for a one-time code on the terminal, wherever the input comes from; gives nil where there is no terminal.
  var askCode: @Sendable (String, Cancellation) throws -> Secret?
  var makeTransport: @Sendable (TransportConfiguration) -> any HTTPTransport

  /// The real world.
  static func live() -> CommandContext {
    let variables = ProcessInfo.processInfo.environment
    let account = getpwuid(geteuid())
    func field(_ pointer: UnsafeMutablePointer<CChar>?) -> String? { pointer.map { String(cString: $0) } }
    return CommandContext(
      variables: variables,
      home: variables["HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? field(account?.pointee.pw_dir) ?? "/",
      loginName: field(account?.pointee.pw_name) ?? variables["USER"] ?? "uid-\(geteuid())",
      output: Output(descriptor: STDOUT_FILENO, variables: variables),
      diagnostics: Diagnostics(output: Output(descriptor: STDERR_FILENO, variables: variables)),
      input: Input(descriptor: STDIN_FILENO),
      now: Timestamp.now,
      makeID: { UUID().uuidString.lowercased() },
      watchSignals: Signals.watch,
      askCode: { question, cancellation in try Terminal.ask(question, cancellation).map { Secret($0) } },
      makeTransport: { CurlTransport($0) })
  }

  var paths: Paths { Paths(variables: variables, home: home) }

  /// What the file of settings says: the one named by `--config`, which must be there, or the user's own, if it is.
  ///
  /// - Throws: `Failure` with code `config_invalid`
  func configurationFile(_ flag: String?) throws -> ConfigurationFile {
    let path = flag ?? paths.configurationFile
    guard let bytes = try contents(of: path, code: .configInvalid) else {
      guard flag == nil else {
        throw Failure(.configInvalid, "the configuration file \(path) is not there", hint: "check --config")
      }
      return ConfigurationFile()
    }
    return try ConfigurationFile(bytes, path: path, formats: ReplyFormat.allCases.map(\.rawValue))
  }

  /// The built-in personas with the user's file on top.
  ///
  /// - Throws: `Failure` with code `persona_invalid`
  func personas() throws -> PersonaCatalog {
    let path = paths.personasFile
    return try PersonaCatalog.load(overlay: contents(of: path, code: .personaInvalid), path: path)
  }

  /// Whether there is anything at that path.
  func isThere(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// What is to be imported, and how to call it in errors.
  ///
  /// - Parameter path: `-` for standard input
  /// - Throws: `Failure` with code `invalid_input`
  func importedFile(_ path: String) throws -> (bytes: [UInt8], name: String) {
    let limit = 1 << 30
    guard path == "-" else {
      guard let bytes = try contents(of: path, code: .invalidInput, limit: limit) else {
        throw Failure(.invalidInput, "the file \(path) is not there", hint: "check its name")
      }
      return (bytes, path)
    }
    guard let bytes = try input.readAll(limit: limit) else {
      throw CommandContext.tooLarge("standard input", limit, .invalidInput)
    }
    return (bytes, "standard input")
  }

  /// The bytes of a file; nil where there is none.
  private func contents(of path: String, code: FailureCode, limit: Int = 4 << 20) throws -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw Failure(code, "cannot read \(path): \(String(cString: strerror(errno)))", hint: "check its permissions")
    }
    defer { close(descriptor) }
    do {
      if let bytes = try Input(descriptor: descriptor, name: path).readAll(limit: limit) { return bytes }
    } catch let failure as Failure {
      throw Failure(code, failure.message, hint: "is it the right file?")
    }
    throw CommandContext.tooLarge(path, limit, code)
  }

  private static func tooLarge(_ name: String, _ limit: Int, _ code: FailureCode) -> Failure {
    Failure(code, "\(name) is larger than \(limit >> 20) MiB", hint: "is it the right file?")
  }
}
