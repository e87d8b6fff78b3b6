import MosaicAICore
import Platform

/// A program that someone uses at the terminal: their editor, or their pager. It belongs to the same job as this one, so
/// that Ctrl-C and Ctrl-Z reach it.
struct TerminalProgram {
  let pid: pid_t

  /// Starts a program.
  ///
  /// - Parameters:
  ///   - input: what it reads; nil for what this process reads
  ///   - variables: `NAME=VALUE` besides the environment of this process
  /// - Throws: `LocalFile.SystemError`
  init(_ arguments: [String], input: Int32? = nil, variables: [String] = []) throws {
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
    if let input { posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO) }
    var defaults = sigset_t()
    sigemptyset(&defaults)
    for number in [SIGINT, SIGQUIT, SIGPIPE, SIGXFSZ] { sigaddset(&defaults, number) }
    posix_spawnattr_setsigdefault(&attributes, &defaults)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
    var pointers = arguments.map { strdup($0) } + [nil]
    var entries = variables.map { strdup($0) }
    var next = environ
    while let entry = next.pointee {
      entries.append(strdup(entry))
      next += 1
    }
    entries.append(nil)
    defer { for pointer in pointers + entries { free(pointer) } }
    var pid: pid_t = 0
    let failure = posix_spawn(&pid, arguments[0], &actions, &attributes, &pointers, &entries)
    guard failure == 0 else { throw LocalFile.SystemError(code: failure) }
    self.pid = pid
  }

  /// How a program has ended.
  struct Ending {
    private let status: Int32

    fileprivate init(_ status: Int32) { self.status = status }

    /// The signal that ended it; nil if none did.
    var signal: Int32? { status & 0x7f == 0 ? nil : status & 0x7f }
    /// Its exit status; 0 after a signal.
    var exitStatus: Int32 { status >> 8 & 0xff }
    /// Whether it did what it is for.
    var isSuccess: Bool { status == 0 }
    /// Whether the shell could not start it.
    var isNotStarted: Bool { signal == nil && [126, 127].contains(exitStatus) }
  }

  /// Waits until it has ended.
  func wait() -> Ending {
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
    return Ending(status)
  }
}
