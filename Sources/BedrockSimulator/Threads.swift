import Platform

/// Runs `body` on a thread of its own, which scenarios may block for as long as they like: the standard library's tasks
/// share a few threads, and these must not be blocked. False if the system has no more threads.
func detachThread(_ body: @escaping @Sendable () -> Void) -> Bool {
  var attributes = pthread_attr_t()
  pthread_attr_init(&attributes)
  defer { pthread_attr_destroy(&attributes) }
  pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
  pthread_attr_setstacksize(&attributes, 2 << 20)
  let box = Unmanaged.passRetained(ThreadBody(run: body))
  #if canImport(Glibc)
    var thread = pthread_t()
    let failure = pthread_create(&thread, &attributes, { ThreadBody.run($0) }, box.toOpaque())
  #else
    var thread: pthread_t?
    let failure = pthread_create(&thread, &attributes, { ThreadBody.run($0) }, box.toOpaque())
  #endif
  if failure != 0 { box.release() }
  return failure == 0
}

/// Carries a closure through `pthread_create`.
private final class ThreadBody: Sendable {
  private let body: @Sendable () -> Void

  init(run body: @escaping @Sendable () -> Void) { self.body = body }

  /// Takes the closure out of the box and runs it.
  static func run(_ box: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    if let box { Unmanaged<ThreadBody>.fromOpaque(box).takeRetainedValue().body() }
    return nil
  }
}

/// Sleeps for the whole time, even if signals arrive.
func sleep(milliseconds: Int) {
  var wanted = timespec(tv_sec: milliseconds / 1000, tv_nsec: milliseconds % 1000 * 1_000_000)
  var left = timespec()
  while nanosleep(&wanted, &left) != 0 && errno == EINTR { wanted = left }
}
