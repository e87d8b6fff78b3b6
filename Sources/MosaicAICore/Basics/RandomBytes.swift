import Platform

/// Random numbers from the kernel.
package enum RandomBytes {
  /// Gives that many bytes, which nobody can guess.
  ///
  /// - Throws: `Failure` with code `storage_failed` if the kernel gives none: nothing may be stored with an id that is
  ///   not unique
  package static func make(_ count: Int) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    guard platform_random(&bytes, count) == 0 else {
      throw Failure(
        .storageFailed, "the system gives no random numbers, which ids are made from: \(LocalFile.SystemError.current)",
        advice: "allow getrandom(2), or make /dev/urandom readable")
    }
    return bytes
  }

  /// At least 0 and below 1, for waits at random: from the clock if the kernel gives nothing.
  package static func fraction() -> Double {
    var number: UInt64 = 0
    if platform_random(&number, MemoryLayout<UInt64>.size) != 0 {
      var time = timespec()
      clock_gettime(CLOCK_MONOTONIC, &time)
      number = UInt64(truncatingIfNeeded: time.tv_nsec) &* 0x9e37_79b9_7f4a_7c15
    }
    return Double(number >> 11) / Double(1 << 53)
  }
}
