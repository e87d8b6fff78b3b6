import CSystem
import MosaicAICore

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// How the process ends.
enum ExitStatus: Equatable {
  case success
  /// With this status.
  case failure(Int32)
  /// By this signal, as if nobody had handled it, so that a shell stops its loop.
  case signal(Int32)

  init(_ failure: Failure) {
    self = failure.signal.map { .signal($0) } ?? .failure(failure.exitStatus)
  }

  /// Ends the process.
  func exit() -> Never {
    switch self {
    case .success: systemExit(0)
    case .failure(let status): systemExit(status)
    case .signal(let signal): sys_die_by_signal(signal)
    }
  }
}

/// Without handlers of `exit`: another thread may still be loading libcurl, and would find its libraries taken down.
/// Nothing waits in a buffer, since all output is written at once.
private func systemExit(_ status: Int32) -> Never { _exit(status) }

/// The signals that end a command early.
enum Signals {
  /// From now on SIGHUP, SIGINT and SIGTERM end no process, but are told by what this returns.
  static func watch() -> Cancellation {
    Cancellation(descriptor: sys_watch_signals(), signal: sys_received_signal)
  }

  /// The signal of a reader who has gone away.
  static let closedPipe = SIGPIPE

  /// A reader who goes away is an error of the write, not the end of the process.
  static func ignoreClosedPipes() { signal(SIGPIPE, SIG_IGN) }
}
