import Synchronization
import Testing

@testable import MosaicAICore

@Suite struct ThreadsTests {
  @Test("What one thread gives, another gets, and nobody waits for longer than they want")
  func handover() {
    let handover = Handover<Int>()
    #expect(handover.wait(.milliseconds(1)) == nil)
    #expect(detachThread { handover.give(7) })
    #expect(handover.wait(.seconds(60)) == 7)
    #expect(handover.wait(.zero) == 7)
  }

  @Test("A ticker goes on until it is stopped or gone")
  func ticker() async throws {
    let count = Mutex(0)
    nonisolated(unsafe) var ticker: Ticker? = Ticker(every: .milliseconds(1)) { count.withLock { $0 += 1 } }
    #expect(ticker?.isRunning == true)
    while count.withLock({ $0 }) < 3 { try await Task.sleep(for: .milliseconds(1)) }
    ticker?.stop()
    try await Task.sleep(for: .milliseconds(50))
    let stopped = count.withLock { $0 }
    try await Task.sleep(for: .milliseconds(50))
    #expect(count.withLock { $0 } == stopped)
    ticker = Ticker(every: .milliseconds(1)) { count.withLock { $0 += 1 } }
    while count.withLock({ $0 }) == stopped { try await Task.sleep(for: .milliseconds(1)) }
    ticker = nil
    try await Task.sleep(for: .milliseconds(50))
    let gone = count.withLock { $0 }
    try await Task.sleep(for: .milliseconds(50))
    #expect(count.withLock { $0 } == gone)
  }

  @Test("A fraction is from 0 to below 1, and differs")
  func fraction() {
    let fractions = (0..<1000).map { _ in RandomBytes.fraction() }
    #expect(fractions.allSatisfy { (0..<1).contains($0) })
    #expect(Set(fractions).count > 990)
    #expect((fractions.min() ?? 1) < 0.1 && (fractions.max() ?? 0) > 0.9)
  }
}
