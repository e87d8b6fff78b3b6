/// Random numbers that are the same in every run (Lehmer's generator, 64 of 128 bits).
package struct Lehmer: RandomNumberGenerator {
  private var state: UInt128

  package init(seed: UInt64) {
    state = UInt128(seed) << 1 | 1
    for _ in 0..<4 { _ = next() }
  }

  package mutating func next() -> UInt64 {
    state &*= 0xda94_2042_e4dd_58b5
    return UInt64(truncatingIfNeeded: state >> 64)
  }
}
