import MosaicAICore
import Platform

/// How a terminal takes keys.
enum TerminalMode {
  /// Unseen and one by one. Ctrl-C and the like are signals still.
  case quiet
  /// One by one, and all of them are keys.
  case keys

  /// Does something while the terminal takes keys in this way. However the process ends meanwhile, the terminal is as
  /// it was found.
  ///
  /// - Throws: `Failure` with code `invalid_input` if it cannot; what `body` throws
  func during<Result>(on descriptor: Int32, _ body: () throws -> Result) throws -> Result {
    let mode = self == .quiet ? PLATFORM_QUIET : PLATFORM_KEYS
    let before = platform_set_terminal(descriptor, Int32(mode))
    guard before >= 0 else { throw TerminalMode.failure }
    defer { platform_set_terminal(descriptor, before) }
    return try body()
  }

  /// Whether the terminal is used for a question right now.
  static var isTakingKeys: Bool { platform_terminal_mode() == Int32(PLATFORM_KEYS) }

  /// The system's last error as a failure to read from the terminal.
  static var failure: Failure {
    Failure(.invalidInput, "cannot read the terminal: \(LocalFile.SystemError.current)")
  }
}

/// Tells when what stands on a terminal has to be shown again.
final class RedrawSignals {
  enum Reason {
    case resized
    /// The process was stopped and continued, and something else was written meanwhile.
    case continued
  }

  private let source: CancellationSource

  /// - Throws: `Failure` with code `internal` if the process has no descriptors left
  init() throws {
    source = try CancellationSource()
    platform_watch_redraws(source.wakeDescriptor)
  }

  deinit { platform_watch_redraws(-1) }

  /// Can be read as long as there is a reason.
  var descriptor: Int32 { source.cancellation.descriptor }

  /// The reason since the last time; nil if there is none.
  func take() -> Reason? {
    var bytes = [UInt8](repeating: 0, count: 64)
    var reason: Reason?
    while case let count = read(descriptor, &bytes, bytes.count), count > 0 {
      if bytes.prefix(count).contains(UInt8(ascii: "c")) { reason = .continued }
      reason = reason ?? .resized
    }
    return reason
  }
}
