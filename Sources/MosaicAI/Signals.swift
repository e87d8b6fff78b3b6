import MosaicAICore
import Platform

/// The signals that end a command early.
enum Signals {
  /// From now on, SIGHUP, SIGINT, SIGTERM and SIGXCPU do not end the process, but request cancellation.
  ///
  /// - Throws: `Failure` with code `storage_failed` if the process has no descriptors left
  static func watch() throws -> CancellationSource {
    let source = try CancellationSource(
      signal: {
        let signal = platform_received_signal()
        return signal == 0 ? nil : signal
      }, forget: platform_forget_interrupt)
    platform_watch_signals(source.wakeDescriptor)
    return source
  }

  /// Makes the signals end the process again.
  static func unwatch() { platform_unwatch_signals() }

  /// The signal of a reader that has gone away.
  static let closedPipe = SIGPIPE

  /// A reader that goes away is an error of the write, not the end of the process.
  static func ignoreClosedPipes() { signal(SIGPIPE, SIG_IGN) }

  /// Programs that are started can be waited for, even if whoever started this one ignores how its own end.
  static func waitForPrograms() { signal(SIGCHLD, SIG_DFL) }

  /// A file that is mapped into memory, as SQLite does with `-shm`, and that is cut short or cannot be read, is an
  /// error that is told.
  static func explainBusErrors() {
    let text: StaticString =
      """
      mosaic-ai: error: a file of the database was cut short while it was in use, or cannot be read; what came last may \
      not be saved
      hint: try again, and leave the files beside the database alone while it is in use

      """
    platform_explain_bus_errors(UnsafeRawPointer(text.utf8Start).assumingMemoryBound(to: CChar.self))
  }

  /// A file that may not grow (`ulimit -f`) is an error of the write, not the end of the process.
  static func ignoreFileSizeLimits() { signal(SIGXFSZ, SIG_IGN) }
}
