import Platform
import Synchronization

/// Runs `body` on a thread of its own, which may block for as long as it likes: the standard library's tasks share a
/// few threads, which must not be blocked, and Dispatch waits without end for a thread that the system does not give.
/// Signals go to other threads. False if the system has no more threads.
package func detachThread(_ body: @escaping @Sendable () -> Void) -> Bool {
  var attributes = pthread_attr_t()
  pthread_attr_init(&attributes)
  defer { pthread_attr_destroy(&attributes) }
  pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
  pthread_attr_setstacksize(&attributes, 2 << 20)
  // A new thread inherits what is blocked.
  var (all, before) = (sigset_t(), sigset_t())
  sigfillset(&all)
  pthread_sigmask(SIG_SETMASK, &all, &before)
  defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
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

/// A value that one thread gives, and that others wait for.
package final class Handover<Value: Sendable>: Sendable {
  private let value = Mutex<Value?>(nil)
  private let mutex: Pointer<pthread_mutex_t>
  private let condition: Pointer<pthread_cond_t>

  /// May be used by any thread, as POSIX says.
  private struct Pointer<Pointee>: @unchecked Sendable {
    let address = UnsafeMutablePointer<Pointee>.allocate(capacity: 1)
  }

  package init() {
    (mutex, condition) = (Pointer(), Pointer())
    pthread_mutex_init(mutex.address, nil)
    var attributes = pthread_condattr_t()
    pthread_condattr_init(&attributes)
    defer { pthread_condattr_destroy(&attributes) }
    #if os(Linux)
      pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    #endif
    pthread_cond_init(condition.address, &attributes)
  }

  deinit {
    pthread_cond_destroy(condition.address)
    pthread_mutex_destroy(mutex.address)
    condition.address.deallocate()
    mutex.address.deallocate()
  }

  /// Sets the value, and wakes those who wait for it.
  package func give(_ value: Value) {
    pthread_mutex_lock(mutex.address)
    self.value.withLock { $0 = value }
    pthread_cond_broadcast(condition.address)
    pthread_mutex_unlock(mutex.address)
  }

  /// The value; nil if it has not come in time.
  package func wait(_ time: Duration) -> Value? {
    var end = timespec()
    #if os(Linux)
      clock_gettime(CLOCK_MONOTONIC, &end)
    #else
      clock_gettime(CLOCK_REALTIME, &end)
    #endif
    let nanoseconds = Int(end.tv_nsec) + time.milliseconds % 1000 * 1_000_000
    end.tv_sec += time.milliseconds / 1000 + nanoseconds / 1_000_000_000
    end.tv_nsec = nanoseconds % 1_000_000_000
    pthread_mutex_lock(mutex.address)
    defer { pthread_mutex_unlock(mutex.address) }
    while true {
      if let value = value.withLock({ $0 }) { return value }
      guard pthread_cond_timedwait(condition.address, mutex.address, &end) == 0 else { return value.withLock { $0 } }
    }
  }
}

/// Does something again and again, on a thread of its own, until it is stopped or released.
package final class Ticker: Sendable {
  /// Whether it runs: the system may have no thread for it.
  package let isRunning: Bool
  private let end: Handover<Bool>

  package init(every interval: Duration, _ body: @escaping @Sendable () -> Void) {
    let end = Handover<Bool>()
    self.end = end
    isRunning = detachThread { while end.wait(interval) == nil { body() } }
  }

  deinit { stop() }

  /// Does it once more at most.
  package func stop() { end.give(true) }
}
