import MosaicAICore
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A descriptor that is written to at once, without a buffer in between.
final class Output: Sendable {
  /// Whether somebody looks at it.
  let isTerminal: Bool
  /// Whether colours are welcome there.
  let hasColor: Bool
  /// Columns of the terminal.
  let width: Int

  private let descriptor: Int32
  private let cancellation = Mutex(Cancellation.never)

  init(descriptor: Int32, variables: [String: String]) {
    self.descriptor = descriptor
    isTerminal = isatty(descriptor) == 1
    hasColor = isTerminal && variables["NO_COLOR", default: ""].isEmpty && variables["TERM"] != "dumb"
    width = Output.width(of: descriptor, variables)
  }

  /// From now on a write to a reader who has stopped reading ends when a signal comes.
  func observe(_ cancellation: Cancellation) { self.cancellation.withLock { $0 = cancellation } }

  /// Writes all of `bytes`.
  ///
  /// - Throws: `Failure` with code `output_failed`, or `interrupted` where the reader has gone or a signal has come
  func write(_ bytes: [UInt8]) throws {
    try bytes.withUnsafeBytes { buffer in
      var rest = buffer[...]
      while !rest.isEmpty {
        try giveUpOnStalledReader()
        let count = systemWrite(descriptor, UnsafeRawBufferPointer(rebasing: rest))
        if count >= 0 { rest = rest.dropFirst(count) } else { try recover(errno) }
      }
    }
  }

  /// Writes `text`.
  ///
  /// - Throws: as `write(_:)`
  func write(_ text: String) throws { try write(Array(text.utf8)) }

  /// Once a signal has come, a reader gets a second to take what is left.
  private func giveUpOnStalledReader() throws {
    let cancellation = cancellation.withLock { $0 }
    guard cancellation.isRequested else { return }
    var polled = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    if poll(&polled, 1, 1000) == 0 { throw cancellation.failure }
  }

  private func recover(_ code: Int32) throws {
    let cancellation = cancellation.withLock { $0 }
    switch code {
    case EINTR: try cancellation.check()
    case EAGAIN:
      var polled = [
        pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0),
        pollfd(fd: cancellation.descriptor, events: Int16(POLLIN), revents: 0),
      ]
      poll(&polled, 2, -1)
      try cancellation.check()
    case EPIPE: throw Failure.interrupted(by: SIGPIPE)
    default:
      throw Failure(
        .outputFailed, "cannot write the output: \(String(cString: strerror(code)))",
        hint: "check where standard output goes")
    }
  }

  private static func width(of descriptor: Int32, _ variables: [String: String]) -> Int {
    var size = winsize()
    if ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return Int(size.ws_col) }
    return variables["COLUMNS"].flatMap { Int($0) } ?? 80
  }
}

private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
  write(descriptor, bytes.baseAddress, bytes.count)
}
