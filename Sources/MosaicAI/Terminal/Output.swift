import MosaicAICore
import Platform
import Synchronization

/// A descriptor that is written to directly, without a buffer.
final class Output: Sendable {
  /// Whether it is a terminal.
  let isTerminal: Bool
  let style: Style
  /// Whether the cursor can be moved back to write over text.
  let canRewrite: Bool

  let descriptor: Int32
  /// How wide a terminal is that does not say so itself.
  private let usualWidth: Int
  private let cancellation = Mutex(Cancellation.never)
  /// Takes what is written in place of the descriptor.
  private let collector: (@Sendable ([UInt8]) throws -> Void)?

  init(descriptor: Int32, variables: [String: String]) {
    self.descriptor = descriptor
    isTerminal = isatty(descriptor) == 1
    style = Style(
      hasColor: isTerminal && variables["NO_COLOR", default: ""].isEmpty && variables["TERM"] != "dumb")
    usualWidth = variables["COLUMNS"].flatMap { Int($0) } ?? 80
    canRewrite = isTerminal && variables["TERM"] != "dumb"
    collector = nil
  }

  /// The same terminal, where what is written is collected first.
  init(_ output: Output, _ collector: @escaping @Sendable ([UInt8]) throws -> Void) {
    (isTerminal, style, canRewrite) = (output.isTerminal, output.style, output.canRewrite)
    (descriptor, usualWidth) = (output.descriptor, output.usualWidth)
    self.collector = collector
  }

  /// The same descriptor without color and without lines that are written over.
  private init(undecorated output: Output) {
    descriptor = output.descriptor
    isTerminal = false
    style = Style(hasColor: false)
    usualWidth = output.usualWidth
    canRewrite = false
    collector = output.collector
  }

  /// The same descriptor as if it were not a terminal.
  var undecorated: Output { Output(undecorated: self) }

  /// From now on, cancellation ends a write to a reader that has stopped reading.
  func observe(_ cancellation: Cancellation) { self.cancellation.withLock { $0 = cancellation } }

  /// Writes all of `bytes`.
  ///
  /// - Throws: `Failure` with code `output_failed`, or `interrupted` if the reader is gone or the write
  ///   is canceled
  func write(_ bytes: [UInt8]) throws {
    if let collector { return try collector(bytes) }
    try bytes.withUnsafeBytes { buffer in
      var rest = buffer[...]
      while !rest.isEmpty {
        try giveUpOnStalledReader()
        let next = UnsafeRawBufferPointer(rebasing: rest)
        let count = Platform.write(descriptor, next.baseAddress, next.count)
        if count >= 0 { rest = rest.dropFirst(count) } else { try recover(.current) }
      }
    }
  }

  /// Writes `text`.
  ///
  /// - Throws: as `write(_:)`
  func write(_ text: String) throws { try write(Array(text.utf8)) }

  /// After cancellation, a reader gets a second to take what is left.
  private func giveUpOnStalledReader() throws {
    let cancellation = cancellation.withLock { $0 }
    guard cancellation.isRequested else { return }
    var polled = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    if poll(&polled, 1, 1000) == 0 { throw cancellation.failure }
  }

  private func recover(_ error: LocalFile.SystemError) throws {
    let cancellation = cancellation.withLock { $0 }
    switch error.code {
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
      throw Failure(.outputFailed, "cannot write the output: \(error)", advice: "check where standard output goes")
    }
  }

  /// Waits that long.
  ///
  /// - Throws: `Failure` with code `interrupted` once the reader is gone or it is canceled
  func wait(_ time: Duration) throws {
    let cancellation = cancellation.withLock { $0 }
    var polled = [
      pollfd(fd: cancellation.descriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: descriptor, events: 0, revents: 0),
    ]
    guard poll(&polled, 2, Int32(clamping: time.milliseconds)) > 0 else { return try cancellation.check() }
    try cancellation.check()
    if polled[1].revents != 0 { throw Failure.interrupted(by: SIGPIPE) }
  }

  /// How much room there is now.
  var size: TerminalSize {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 else { return TerminalSize(columns: usualWidth, rows: 24) }
    return TerminalSize(
      columns: size.ws_col > 0 ? Int(size.ws_col) : usualWidth, rows: size.ws_row > 0 ? Int(size.ws_row) : 24)
  }

  /// How many columns there are now.
  var width: Int { size.columns }
}

extension Output {
  /// Writes one value: indented on a terminal, otherwise on one line.
  ///
  /// - Throws: as `write(_:)`
  func write(_ value: JSON) throws {
    if isTerminal { return try write(value.indented + "\n") }
    var bytes: [UInt8] = []
    value.append(to: &bytes)
    bytes.append(UInt8(ascii: "\n"))
    try write(bytes)
  }
}
