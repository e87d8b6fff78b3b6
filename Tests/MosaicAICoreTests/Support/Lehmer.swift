/// Random numbers that are the same in every run (Lehmer's generator, 64 of 128 bits).
struct Lehmer: RandomNumberGenerator {
  private var state: UInt128

  init(seed: UInt64) {
    state = UInt128(seed) << 1 | 1
    for _ in 0..<4 { _ = next() }
  }

  mutating func next() -> UInt64 {
    state &*= 0xda94_2042_e4dd_58b5
    return UInt64(truncatingIfNeeded: state >> 64)
  }
}
