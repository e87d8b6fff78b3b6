#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The wish to end early: a descriptor that becomes readable, for good, when a signal has come.
public struct Cancellation: Sendable {
  /// What to poll together with one's own descriptors; -1 where nothing can cancel.
  public let descriptor: Int32
  private let signal: @Sendable () -> Int32

  /// - Parameters:
  ///   - descriptor: becomes readable, and is never read, once a signal has come
  ///   - signal: the number of that signal
  public init(descriptor: Int32, signal: @escaping @Sendable () -> Int32) {
    self.descriptor = descriptor
    self.signal = signal
  }

  /// Never cancelled.
  public static let never = Cancellation(descriptor: -1, signal: { 0 })

  /// Whether a signal has come.
  public var isRequested: Bool { wait(milliseconds: 0) }

  /// Sleeps for that long, or until a signal comes. True where one has.
  public func wait(milliseconds: Int) -> Bool {
    var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&polled, 1, Int32(clamping: milliseconds)) > 0
  }

  /// Waits until `descriptor` can be read, or is at its end.
  ///
  /// - Throws: `Failure` with code `interrupted` where a signal comes first
  public func waitUntilReadable(_ descriptor: Int32) throws {
    var polled = [self.descriptor, descriptor].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    while poll(&polled, 2, -1) < 0 && errno == EINTR {}
    if polled[0].revents != 0 { throw failure }
  }

  /// - Throws: `Failure` with code `interrupted` once a signal has come.
  public func check() throws {
    if isRequested { throw failure }
  }

  /// What a command ends with that a signal has cancelled.
  public var failure: Failure { .interrupted(by: signal()) }
}
