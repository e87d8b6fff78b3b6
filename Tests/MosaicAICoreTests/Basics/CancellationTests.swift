import Foundation
import Platform
import TestSupport
import Testing

@testable import MosaicAICore

/// The wish that something stops, and who sees it.
@Suite struct CancellationTests {
  @Test("Everyone sees a request: those who looked before, and those who look later")
  func everyone() throws {
    let source = try CancellationSource()
    let early = [source.cancellation, source.cancellation]
    #expect(early.allSatisfy { !$0.isRequested })
    for cancellation in early { try cancellation.check() }
    source.request()
    for cancellation in early + [source.cancellation] {
      for _ in 0..<2 {
        #expect(cancellation.isRequested, "nobody's look takes the request from the others")
        #expect(cancellation.wait(.seconds(60)))
        #expect(try failure { try cancellation.check() }.code == .interrupted)
      }
    }
  }

  @Test("Once re-armed, a source has no request, however often it was made, until there is another")
  func rearm() throws {
    let source = try CancellationSource()
    let cancellation = source.cancellation
    for count in [1, 2, 64, 65, 1000] {
      for _ in 0..<count { source.request() }
      #expect(cancellation.isRequested)
      source.rearm()
      #expect(!cancellation.isRequested && !source.cancellation.isRequested)
      try cancellation.check()
      source.rearm()
      #expect(!cancellation.isRequested)
    }
  }

  @Test("Requests that nobody takes back never block")
  func manyRequests() throws {
    let source = try CancellationSource()
    for _ in 0..<200_000 { source.request() }
    #expect(source.cancellation.isRequested)
    source.rearm()
    #expect(!source.cancellation.isRequested)
  }

  @Test("A byte to the wake descriptor is a request, as a signal handler makes it")
  func wakeDescriptor() throws {
    let source = try CancellationSource()
    #expect(write(source.wakeDescriptor, "!", 1) == 1)
    #expect(source.cancellation.isRequested)
  }

  @Test("A request from another thread ends a wait early")
  func wait() throws {
    let source = try CancellationSource()
    #expect(!source.cancellation.wait(.milliseconds(5)))
    Thread.detachNewThread {
      usleep(20_000)
      source.request()
    }
    let began = ContinuousClock.now
    #expect(source.cancellation.wait(.seconds(60)))
    #expect(began.duration(to: .now) < .seconds(30))
  }

  @Test("A signal that asks for nothing ends no wait, and one that asks ends it")
  func interrupted() throws {
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { _ in }
    var previous = sigaction()
    try #require(sigaction(SIGUSR2, &action, &previous) == 0)
    defer { sigaction(SIGUSR2, &previous, nil) }
    // Threads of a pool keep signals out.
    var (signals, mask) = (sigset_t(), sigset_t())
    sigaddset(&signals, SIGUSR2)
    pthread_sigmask(SIG_UNBLOCK, &signals, &mask)
    defer { pthread_sigmask(SIG_SETMASK, &mask, nil) }
    let source = try CancellationSource()
    for isAsking in [false, true] {
      nonisolated(unsafe) let waiter = pthread_self()
      Thread.detachNewThread {
        usleep(50_000)
        if isAsking { source.request() }
        pthread_kill(waiter, SIGUSR2)
      }
      let began = ContinuousClock.now
      #expect(source.cancellation.wait(isAsking ? .seconds(60) : .milliseconds(300)) == isAsking)
      if !isAsking { #expect(began.duration(to: .now) >= .milliseconds(300)) }
    }
  }

  @Test("A wait for input ends with the input, with its end, or with a request")
  func waitUntilReadable() throws {
    let source = try CancellationSource()
    var ends: [Int32] = [0, 0]
    try #require(makePipe(&ends) == 0)
    defer { close(ends[0]) }
    _ = write(ends[1], "!", 1)
    try source.cancellation.waitUntilReadable(ends[0])
    try Cancellation.never.waitUntilReadable(ends[0])
    var byte: UInt8 = 0
    _ = read(ends[0], &byte, 1)
    source.request()
    #expect(try failure { try source.cancellation.waitUntilReadable(ends[0]) }.code == .interrupted)
    source.rearm()
    close(ends[1])
    try source.cancellation.waitUntilReadable(ends[0])
  }

  @Test("The failure names the signal, if it was one", arguments: [nil, SIGINT, SIGTERM])
  func signal(number: Int32?) throws {
    let source = try CancellationSource(signal: { number })
    source.request()
    let failure = try failure { try source.cancellation.check() }
    #expect(failure == .interrupted(by: number))
    #expect(failure.signal == number)
  }

  @Test("A cancellation keeps its source alive")
  func lifetime() throws {
    let (cancellation, wake) = try {
      let source = try CancellationSource()
      return (source.cancellation, source.wakeDescriptor)
    }()
    #expect(!cancellation.isRequested)
    #expect(write(wake, "!", 1) == 1)
    #expect(cancellation.isRequested)
  }

  @Test("What nothing can cancel is never cancelled")
  func never() throws {
    #expect(!Cancellation.never.isRequested)
    #expect(!Cancellation.never.wait(.milliseconds(1)))
    try Cancellation.never.check()
  }
}

private func makePipe(_ ends: UnsafeMutablePointer<Int32>) -> Int32 { pipe(ends) }
