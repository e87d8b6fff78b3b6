import Foundation
import TestSupport
import Testing

import Platform

/// The programs under test: those in the folder that MOSAIC_AI_PROGRAMS names, or those that were built together with
/// these tests.
enum Programs {
  /// Their folder.
  static let folder: String = {
    let chosen = ProcessInfo.processInfo.environment["MOSAIC_AI_PROGRAMS"].map { [$0] }
    let candidates = chosen ?? [ownFolder, Bundle.main.bundlePath, "\(TestFiles.root)/.build/debug"]
    return candidates.first { access("\($0)/mosaic-ai", X_OK) == 0 && access("\($0)/bedrock-simulator", X_OK) == 0 }
      ?? candidates[0]
  }()

  static var mosaicAI: String { "\(folder)/mosaic-ai" }
  static var simulator: String { "\(folder)/bedrock-simulator" }

  /// Where the program that runs these tests is.
  private static var ownFolder: String {
    let own = realpath("/proc/self/exe", nil).map { pointer in
      defer { free(pointer) }
      return String(cString: pointer)
    }
    return (own ?? CommandLine.arguments[0]).split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(
      separator: "/")
  }
}

/// Runs at most eight tests at once: each starts several processes.
struct Crowd: SuiteTrait, TestTrait, TestScoping {
  let isRecursive = true

  func provideScope(for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void)
    async throws
  {
    await Gate.shared.enter()
    do {
      try await function()
      await Gate.shared.leave()
    } catch {
      await Gate.shared.leave()
      throw error
    }
  }

  private actor Gate {
    static let shared = Gate(8)
    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(_ count: Int) { free = count }

    func enter() async {
      guard free == 0 else {
        free -= 1
        return
      }
      await withCheckedContinuation { waiting.append($0) }
    }

    func leave() {
      if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
    }
  }
}

extension Trait where Self == Crowd {
  /// Not all tests at once.
  static var crowd: Crowd { Crowd() }
}

extension Trait where Self == TimeLimitTrait {
  /// No test takes forever. Waiting for its turn counts, and a sanitizer makes every program before it slow.
  static var inGoodTime: TimeLimitTrait { .timeLimit(.minutes(30)) }
}
