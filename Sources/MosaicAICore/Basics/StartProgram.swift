import Platform

/// Starts another program (posix_spawn(3)). No signal is blocked in it.
///
/// - Parameters:
///   - path: of any bytes but 0
///   - environment: `NAME=VALUE`, of any bytes but 0
///   - routes: which of our descriptors become which of its
///   - signals: those that have their default effect in it
/// - Returns: its process id
/// - Throws: `LocalFile.SystemError`
package func startProgram(
  _ path: [UInt8], _ arguments: [String], environment: [[UInt8]], routes: [(from: Int32, to: Int32)],
  defaults signals: [Int32]
) throws -> pid_t {
  #if canImport(Glibc)
    var actions = posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
  #else
    var actions: posix_spawn_file_actions_t?
    var attributes: posix_spawnattr_t?
  #endif
  posix_spawn_file_actions_init(&actions)
  posix_spawnattr_init(&attributes)
  defer {
    posix_spawn_file_actions_destroy(&actions)
    posix_spawnattr_destroy(&attributes)
  }
  for route in routes { posix_spawn_file_actions_adddup2(&actions, route.from, route.to) }
  var set = sigset_t()
  sigemptyset(&set)
  posix_spawnattr_setsigmask(&attributes, &set)
  for signal in signals { sigaddset(&set, signal) }
  posix_spawnattr_setsigdefault(&attributes, &set)
  posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
  func copies(_ texts: [[UInt8]]) -> [UnsafeMutablePointer<CChar>?] {
    texts.map { text in
      (text + [0]).withUnsafeBytes { $0.assumingMemoryBound(to: CChar.self).baseAddress.flatMap { strdup($0) } }
    } + [nil]
  }
  let file = copies([path])
  var words = copies(arguments.map { Array($0.utf8) })
  var variables = copies(environment)
  defer { for text in file + words + variables { free(text) } }
  guard let program = file[0] else { throw LocalFile.SystemError(code: ENOMEM) }
  var child: pid_t = 0
  let code = posix_spawn(&child, program, &actions, &attributes, &words, &variables)
  guard code == 0 else { throw LocalFile.SystemError(code: code) }
  return child
}

/// How a program that was started has ended.
package struct ProgramEnding: Sendable {
  private let status: Int32

  /// Waits until it has ended.
  ///
  /// - Throws: `LocalFile.SystemError` if the system does not say how it ended
  package init(waitingFor program: pid_t) throws {
    var status: Int32 = 0
    while waitpid(program, &status, 0) < 0 {
      guard errno == EINTR else { throw LocalFile.SystemError.current }
    }
    self.status = status
  }

  /// Nil if it has not ended yet.
  ///
  /// - Throws: `LocalFile.SystemError` if the system does not say how it ended
  package init?(ofProgramIfEnded program: pid_t) throws {
    var status: Int32 = 0
    let ended = waitpid(program, &status, WNOHANG)
    guard ended >= 0 || errno == EINTR else { throw LocalFile.SystemError.current }
    guard ended > 0 else { return nil }
    self.status = status
  }

  /// The signal that ended it; nil if none did.
  package var signal: Int32? { status & 0x7f == 0 ? nil : status & 0x7f }
  /// Its exit status; 0 after a signal.
  package var exitStatus: Int32 { signal == nil ? status >> 8 & 0xff : 0 }
  /// Whether it succeeded.
  package var isSuccess: Bool { status == 0 }
  /// Whether the shell could not start it.
  package var isNotStarted: Bool { [126, 127].contains(exitStatus) }
}
