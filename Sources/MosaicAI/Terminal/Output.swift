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

  private let channel: Channel
  /// How wide a terminal is that does not say so itself.
  private let usualWidth: Int
  /// Takes what is written in place of the descriptor.
  private let collector: (@Sendable ([UInt8]) throws -> Void)?

  init(descriptor: Int32, variables: [String: String]) {
    isTerminal = isatty(descriptor) == 1
    channel = Channel(descriptor, isTerminal: isTerminal)
    style = Style(
      hasColor: isTerminal && variables["NO_COLOR", default: ""].isEmpty && variables["TERM"] != "dumb")
    // As many as a terminal can say itself (tty_ioctl(4)).
    usualWidth = variables["COLUMNS"].flatMap { UInt16($0) }.flatMap { $0 > 0 ? Int($0) : nil } ?? 80
    canRewrite = isTerminal && variables["TERM"] != "dumb"
    collector = nil
  }

  /// The same terminal, where what is written is collected first.
  init(_ output: Output, _ collector: @escaping @Sendable ([UInt8]) throws -> Void) {
    (isTerminal, style, canRewrite) = (output.isTerminal, output.style, output.canRewrite)
    (channel, usualWidth) = (output.channel, output.usualWidth)
    self.collector = collector
  }

  /// The same descriptor without color.
  private init(_ output: Output, isTerminal: Bool, canRewrite: Bool) {
    (channel, usualWidth, collector) = (output.channel, output.usualWidth, output.collector)
    (self.isTerminal, self.canRewrite) = (isTerminal, canRewrite)
    style = Style(hasColor: false)
  }

  /// The same terminal without color.
  var uncolored: Output { Output(self, isTerminal: isTerminal, canRewrite: canRewrite) }

  /// The same descriptor as if it were not a terminal.
  var undecorated: Output { Output(self, isTerminal: false, canRewrite: false) }

  var descriptor: Int32 { channel.descriptor }

  /// Ends a write to a reader that has stopped reading.
  var cancellation: Cancellation { channel.cancellation }

  /// From now on, cancellation ends a write to a reader that has stopped reading, also of all that write to the same
  /// descriptor. What was requested before stays in effect.
  func observe(_ cancellation: Cancellation) { channel.observe(cancellation) }

  /// Writes all of `bytes`.
  ///
  /// - Throws: `Failure` with code `output_failed`, or `interrupted` if the reader is gone or the write
  ///   is canceled
  func write(_ bytes: [UInt8]) throws {
    if let collector { return try collector(bytes) }
    try channel.write(bytes)
  }

  /// Writes `text`.
  ///
  /// - Throws: as `write(_:)`
  func write(_ text: String) throws { try write(Array(text.utf8)) }

  /// Why what was written is lost, which some file systems say only when a descriptor is closed (close(2)); nil if it
  /// is not.
  var loss: Failure? {
    let copy = dup(descriptor)
    guard copy >= 0, close(copy) != 0, errno != EINTR else { return nil }
    return LocalFile.SystemError.current.ofOutput
  }

  /// Waits that long.
  ///
  /// - Throws: `Failure` with code `interrupted` once the reader is gone or it is canceled
  func wait(_ time: Duration) throws {
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

/// The way to a reader. However long the reader takes nothing, no write goes on after it was canceled, whichever thread
/// it is of: each piece is written only once there is room for it.
private final class Channel: Sendable {
  let descriptor: Int32
  private let observed = Mutex(Cancellation.never)
  /// Until when the reader may take what is left after cancellation. Whoever holds it writes.
  private let patience = Mutex<ContinuousClock.Instant?>(nil)
  /// The most bytes that are taken at once where there is room, as poll(2) has it.
  private let pieceSize: Int

  /// What a reader gets after cancellation.
  private static let grace = Duration.seconds(1)

  init(_ descriptor: Int32, isTerminal: Bool) {
    self.descriptor = descriptor
    var status = stat()
    let isPipe = fstat(descriptor, &status) == 0 && [S_IFIFO, S_IFSOCK].contains(status.st_mode & S_IFMT)
    pieceSize = isTerminal ? 256 : isPipe ? 4096 : .max
  }

  var cancellation: Cancellation { observed.withLock { $0 } }

  func observe(_ cancellation: Cancellation) {
    observed.withLock { observed in
      if !observed.isRequested { observed = cancellation }
    }
  }

  func write(_ bytes: [UInt8]) throws {
    try patience.withLock { end in
      try bytes.withUnsafeBytes { buffer in
        var rest = buffer[...]
        while !rest.isEmpty {
          try waitForRoom(&end)
          let next = UnsafeRawBufferPointer(rebasing: rest.prefix(pieceSize))
          let count = Platform.write(descriptor, next.baseAddress, next.count)
          if count >= 0 { rest = rest.dropFirst(count) } else { try recover(.current) }
        }
      }
    }
  }

  private func waitForRoom(_ end: inout ContinuousClock.Instant?) throws {
    var polled = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    // A write to a descriptor that is closed says so.
    if descriptor < 0 || poll(&polled, 1, 0) > 0 {
      end = nil
      return
    }
    while true {
      var both = [polled, pollfd(fd: cancellation.descriptor, events: Int16(POLLIN), revents: 0)]
      // Another cancellation may be observed meanwhile.
      guard poll(&both, 2, 1000) > 0 else { continue }
      if both[0].revents != 0 { return }
      break
    }
    let last = end ?? ContinuousClock.now + Channel.grace
    end = last
    let left = max(.zero, ContinuousClock.now.duration(to: last))
    // A second signal ends the wait too.
    if poll(&polled, 1, Int32(clamping: left.milliseconds)) <= 0 { throw cancellation.failure }
  }

  private func recover(_ error: LocalFile.SystemError) throws {
    switch error.code {
    case EINTR, EAGAIN: break
    case EPIPE: throw Failure.interrupted(by: SIGPIPE)
    default: throw error.ofOutput
    }
  }
}

extension LocalFile.SystemError {
  /// The failure to write to standard output.
  var ofOutput: Failure {
    Failure(.outputFailed, "cannot write the output: \(self)", advice: advice ?? "check where standard output goes")
  }
}
