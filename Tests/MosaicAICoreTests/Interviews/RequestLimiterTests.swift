import Dispatch
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import MosaicAICore

/// One limit for all jobs of a run.
@Suite struct RequestLimiterTests {
  /// A clock that the test sets.
  private final class Clock: Sendable {
    private let time = Mutex(ContinuousClock.now)
    var now: ContinuousClock.Instant { time.withLock { $0 } }
    func advance(_ duration: Duration) { time.withLock { $0 += duration } }
  }

  private let clock = Clock()

  private func limiter(rate: Int? = nil) -> RequestLimiter {
    RequestLimiter(rate: rate, now: { [clock] in clock.now })
  }

  /// Makes a request that the service takes. False if its turn has not come.
  private func succeed(_ limiter: RequestLimiter) -> Bool {
    guard var turn = limiter.turnIfFree() else { return false }
    limiter.begin(&turn)
    limiter.accept(&turn)
    limiter.end(&turn, nil)
    return true
  }

  /// Makes a request that the service refuses.
  private func fail(_ limiter: RequestLimiter, wait: Duration? = nil) -> Bool {
    guard var turn = limiter.turnIfFree() else { return false }
    limiter.begin(&turn)
    limiter.end(&turn, Refusal(wait: wait))
    return true
  }

  /// How long until a turn can be had, to 10 ms; it is given back.
  private func pause(_ limiter: RequestLimiter) -> Duration {
    var waited = Duration.zero
    while waited < .seconds(100) {
      if let turn = limiter.turnIfFree() {
        limiter.giveBack(turn)
        return waited
      }
      clock.advance(.milliseconds(10))
      waited += .milliseconds(10)
    }
    return waited
  }

  @Test("The first request is made alone; once it is taken, there is no limit")
  func first() throws {
    let limiter = limiter()
    var turn = try #require(limiter.turnIfFree())
    #expect(limiter.turnIfFree() == nil)
    limiter.begin(&turn)
    #expect(limiter.turnIfFree() == nil)
    limiter.accept(&turn)
    for _ in 0..<100 { #expect(limiter.turnIfFree() != nil) }
  }

  @Test("A turn that is given back lets the next one try")
  func givenBack() throws {
    let limiter = limiter()
    let turn = try #require(limiter.turnIfFree())
    limiter.giveBack(turn)
    let next = try #require(limiter.turnIfFree())
    #expect(limiter.turnIfFree() == nil)
    limiter.giveBack(next)
  }

  @Test("There are never more requests than the rate in any 60 seconds")
  func rate() throws {
    let limiter = limiter(rate: 3)
    var made: [ContinuousClock.Instant] = []
    for _ in 0..<3000 {
      if succeed(limiter) { made.append(clock.now) }
      clock.advance(.milliseconds(700))
    }
    #expect(made.count > 90)
    for (first, fourth) in zip(made, made.dropFirst(3)) { #expect(first.duration(to: fourth) > .seconds(60)) }
  }

  @Test("A turn counts from when its request is made, however long that takes")
  func reserved() throws {
    let limiter = limiter(rate: 2)
    #expect(succeed(limiter))
    var turn = try #require(limiter.turnIfFree())
    clock.advance(.seconds(600))
    #expect(succeed(limiter))
    #expect(limiter.turnIfFree() == nil)
    limiter.begin(&turn)
    limiter.end(&turn, nil)
    clock.advance(.seconds(60))
    #expect(limiter.turnIfFree() == nil)
  }

  @Test("After a refusal one request at a time tries, with pauses that double, and become shorter again step by step")
  func slowingDown() throws {
    let limiter = limiter()
    #expect(succeed(limiter))
    var pauses: [Duration] = []
    for _ in 0..<8 {
      _ = pause(limiter)
      #expect(fail(limiter))
      pauses.append(pause(limiter))
    }
    #expect(zip(pauses, pauses.dropFirst()).allSatisfy { $0 <= $1 })
    #expect(pauses[0] >= .milliseconds(200) && pauses[7] >= .seconds(4) && pauses[7] <= .seconds(5))
    // One that tries keeps the others waiting.
    var trial = try #require(limiter.turnIfFree())
    limiter.begin(&trial)
    clock.advance(.seconds(60))
    #expect(limiter.turnIfFree() == nil)
    limiter.accept(&trial)
    #expect(succeed(limiter))
    var recovering: [Duration] = []
    while recovering.last != .zero, recovering.count < 100 {
      recovering.append(pause(limiter))
      #expect(succeed(limiter))
    }
    #expect(zip(recovering.dropFirst(), recovering.dropFirst(2)).allSatisfy { $0 >= $1 })
    #expect(recovering.count > 15, "it recovers slowly")
    #expect(recovering.reduce(.zero, +) > .seconds(10))
  }

  @Test("A burst that fails together slows the run down once")
  func burst() throws {
    let limiter = limiter()
    #expect(succeed(limiter))
    var turns = try (0..<16).map { _ in try #require(limiter.turnIfFree()) }
    for index in turns.indices { limiter.begin(&turns[index]) }
    for index in turns.indices { limiter.end(&turns[index], Refusal(wait: nil)) }
    #expect(pause(limiter) <= .milliseconds(300))
    // What was taken before the refusal says nothing about the time after it.
    var late = try #require(limiter.turnIfFree())
    limiter.begin(&late)
    limiter.end(&late, Refusal(wait: nil))
    #expect(pause(limiter) >= .milliseconds(400))
  }

  @Test("A request that was refused only after a long time slows down at once")
  func slowRefusal() throws {
    let limiter = limiter()
    #expect(succeed(limiter))
    var turn = try #require(limiter.turnIfFree())
    limiter.begin(&turn)
    clock.advance(.seconds(10))
    limiter.end(&turn, Refusal(wait: nil))
    #expect(pause(limiter) >= .seconds(2))
  }

  @Test("A wait that the service asks for holds for all, but not for more than 20 seconds", arguments: [3, 3600])
  func askedWait(seconds: Int) throws {
    let limiter = limiter()
    #expect(succeed(limiter))
    #expect(fail(limiter, wait: .seconds(seconds)))
    let pause = pause(limiter)
    #expect(pause >= .seconds(min(seconds, 20)) && pause <= .seconds(21))
  }

  @Test("After an outage of any length, there are at most three requests in the first second", arguments: 1...40)
  func noStampede(tenths: Int) throws {
    // Outages from 10 to 14 s, in which 16 jobs fail at once and then one after the other.
    let limiter = limiter()
    #expect(succeed(limiter))
    let end = clock.now + .seconds(10) + .milliseconds(tenths * 100)
    var turns = try (0..<16).map { _ in try #require(limiter.turnIfFree()) }
    for index in turns.indices { limiter.begin(&turns[index]) }
    for index in turns.indices { limiter.end(&turns[index], Refusal(wait: nil)) }
    while clock.now < end {
      if !fail(limiter) { clock.advance(.milliseconds(10)) }
    }
    var made: [ContinuousClock.Instant] = []
    while made.count < 8 {
      if succeed(limiter) { made.append(clock.now) }
      clock.advance(.milliseconds(10))
    }
    for (index, first) in made.enumerated() {
      if first < end + .seconds(1) { #expect(made[index...].count { $0 < first + .seconds(1) } <= 3) }
    }
  }

  @Test("Those who wait are served in the order they came, and can be stopped")
  func queue() throws {
    let limiter = limiter()
    var first = try #require(limiter.turnIfFree())
    let served = Mutex<[Int]>([])
    let group = DispatchGroup()
    for number in 0..<4 {
      group.enter()
      let isWaiting = DispatchSemaphore(value: 0)
      Thread.detachNewThread {
        defer { group.leave() }
        guard
          var turn = try? limiter.wait(
            .never,
            while: {
              isWaiting.signal()
              return true
            })
        else { return }
        served.withLock { $0.append(number) }
        limiter.begin(&turn)
        limiter.accept(&turn)
      }
      isWaiting.wait()
    }
    let source = try CancellationSource()
    source.request()
    #expect(try code { _ = try limiter.wait(source.cancellation) } == .interrupted)
    limiter.begin(&first)
    limiter.accept(&first)
    group.wait()
    #expect(served.withLock { $0 } == [0, 1, 2, 3])
  }
}
