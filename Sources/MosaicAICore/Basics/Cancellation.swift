import Platform

/// A request to stop, as seen by the code that works or waits.
package struct Cancellation: Sendable {
  /// A descriptor to poll together with others: readable while cancellation is requested. -1 if nothing can request it.
  package let descriptor: Int32
  private let signal: @Sendable () -> Int32?

  /// - Parameters:
  ///   - descriptor: readable, and never read by others, while cancellation is requested
  ///   - signal: the signal that requested it, if one did
  package init(descriptor: Int32, signal: @escaping @Sendable () -> Int32?) {
    self.descriptor = descriptor
    self.signal = signal
  }

  /// Is never requested.
  package static let never = Cancellation(descriptor: -1, signal: { nil })

  /// Whether it was requested.
  package var isRequested: Bool { wait(.zero) }

  /// Sleeps that long, or until cancellation. True if canceled.
  package func wait(_ time: Duration) -> Bool {
    let end = ContinuousClock.now + time
    var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    while true {
      let left = max(.zero, ContinuousClock.now.duration(to: end))
      // Rounded up: not a moment too early.
      let count = poll(&polled, 1, Int32(clamping: (left + .nanoseconds(999_999)).milliseconds))
      // A signal ends the poll early, even the one whose handler requests cancellation.
      guard count < 0, errno == EINTR else { return count > 0 }
    }
  }

  /// Waits until `descriptor` can be read, or is at its end, also if reading from it would not wait.
  ///
  /// - Throws: `Failure` with code `interrupted` if canceled first
  package func waitUntilReadable(_ descriptor: Int32) throws {
    var polled = [self.descriptor, descriptor].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    while poll(&polled, 2, -1) < 0 && errno == EINTR {}
    if polled[0].revents != 0 { throw failure }
  }

  /// - Throws: `Failure` with code `interrupted` after cancellation
  package func check() throws {
    if isRequested { throw failure }
  }

  /// The error that canceled work ends with.
  package var failure: Failure { .interrupted(by: signal()) }
}

/// Requests cancellation, any number of times: of the process, or of one reply after another.
package final class CancellationSource: Sendable {
  private let reader: Int32
  private let writer: Int32
  private let received: @Sendable () -> Int32?
  private let forget: @Sendable () -> Void

  /// - Parameters:
  ///   - received: the signal that requests it, if one does
  ///   - forget: makes `received` give nil again, if its signal is one that does not end the process
  /// - Throws: `Failure` with code `storage_failed` if the process has no descriptors left, which the database
  ///   needs too
  package init(
    signal received: @escaping @Sendable () -> Int32? = { nil }, forget: @escaping @Sendable () -> Void = {}
  ) throws {
    var ends: [Int32] = [-1, -1]
    guard platform_pipe(&ends) == 0 else {
      let error = LocalFile.SystemError.current
      throw Failure(.storageFailed, "cannot make a pipe: \(error)", advice: error.advice)
    }
    for end in ends { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
    (reader, writer) = (ends[0], ends[1])
    self.received = received
    self.forget = forget
  }

  deinit {
    close(reader)
    close(writer)
  }

  /// The cancellation to hand to other code. It keeps the source alive.
  package var cancellation: Cancellation {
    Cancellation(descriptor: reader) { [self] in received() }
  }

  /// Writing a byte here requests cancellation, which a signal handler can do.
  package var wakeDescriptor: Int32 { writer }

  /// Requests cancellation.
  package func request() { _ = write(writer, "", 1) }

  /// Takes the request back, so that the next piece of work can begin. A signal that ends the process stays in effect,
  /// and so does one that comes meanwhile.
  package func rearm() {
    forget()
    var bytes = [UInt8](repeating: 0, count: 64)
    while read(reader, &bytes, bytes.count) > 0 {}
    if received() != nil { request() }
  }
}
