#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A value that many threads read and write, one at a time.
final class Locked<Value>: @unchecked Sendable {
  private var value: Value
  /// Must not move, so it lies outside.
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)

  /// Starts with `value`.
  init(_ value: Value) {
    self.value = value
    pthread_mutex_init(mutex, nil)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  /// Runs `body` while no other thread has the value.
  func withLock<Result>(_ body: (inout Value) -> Result) -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return body(&value)
  }
}

/// Runs `body` on a thread of its own. False where the system gives no more threads.
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

  /// Boxes `body`.
  init(run body: @escaping @Sendable () -> Void) { self.body = body }

  /// Takes the box back and runs what is in it.
  static func run(_ box: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    if let box { Unmanaged<ThreadBody>.fromOpaque(box).takeRetainedValue().body() }
    return nil
  }
}

/// Sleeps for that long, signals or not.
func sleep(milliseconds: Int) {
  var wanted = timespec(tv_sec: milliseconds / 1000, tv_nsec: milliseconds % 1000 * 1_000_000)
  var left = timespec()
  while nanosleep(&wanted, &left) != 0 && errno == EINTR { wanted = left }
}
