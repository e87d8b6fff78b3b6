import TestSupport
import Testing

@testable import MosaicAICore

@Suite struct BackoffTests {
  @Test(
    "The wait is a random part of 1, 2, 4 seconds and so on, at most 20",
    arguments: [
      (Int.min + 2, 1), (0, 1), (1, 1), (2, 1), (3, 2), (4, 4), (5, 8), (6, 16), (7, 20), (8, 20), (63, 20), (66, 20),
      (1000, 20), (Int.max, 20),
    ])
  func bounds(attempt: Int, seconds: Int) {
    #expect(Backoff { 0 }.delay(before: attempt) == .zero)
    #expect(Backoff { 0.5 }.delay(before: attempt) == .milliseconds(seconds * 500))
    let longest = Backoff { 1.0.nextDown }.delay(before: attempt)
    #expect(longest <= .seconds(seconds) && longest > .seconds(seconds) - .milliseconds(2))
    #expect(longest <= Backoff.longest)
  }

  @Test("Real waits differ, and stay within their bounds")
  func jitter() {
    for (attempt, seconds) in [(2, 1), (3, 2), (9, 20)] {
      let waits = (0..<500).map { _ in Backoff().delay(before: attempt) }
      #expect(waits.allSatisfy { $0 >= .zero && $0 <= .seconds(seconds) })
      // Full jitter: both halves occur.
      #expect(waits.contains { $0 < .seconds(seconds) / 2 } && waits.contains { $0 > .seconds(seconds) / 2 })
    }
  }
}

@Suite struct AdviceTests {
  @Test("Steps follow one another, however many there are")
  func then() {
    let (first, second, third): (Advice, Advice, Advice) = ("one", .showHistory, .raise(.timeout))
    #expect(first.then(second) == .steps(["one", .showHistory]))
    #expect(first.then(second).then(third) == .steps(["one", .showHistory, .raise(.timeout)]))
    #expect(Advice.either([first, second]).then(third) == .steps([.either([first, second]), third]))
  }

  @Test("Words are advice")
  func words() {
    let advice: Advice = "wait \(3) s"
    #expect(advice == .text("wait 3 s"))
  }

  @Test("A near name is advised, and no other")
  func suggestion() {
    #expect(Suggestion.advice(for: "persna", among: ["persona", "model"]) == .didYouMean(["persona"]))
    #expect(Suggestion.advice(for: "quite another", among: ["persona", "model"]) == nil)
    #expect(Suggestion.advice(for: "x", among: []) == nil)
  }
}
