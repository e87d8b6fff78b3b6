import Synchronization

@testable import MosaicAICore

/// A model that answers as a test wants it to, without Bedrock.
package final class ScriptedModel: LanguageModel {
  /// What happens, one step after another.
  package enum Step: Sendable {
    /// An attempt failed.
    case retry(Failure)
    /// Pieces that come together.
    case chunks([String])
    /// Something happens elsewhere.
    case run(@Sendable () throws -> Void)
    /// Waits until someone asks for an end, and then ends.
    case stall
  }

  private let steps: [Step]
  private let reply: ModelReply
  private let asked = Mutex<[ModelRequest]>([])

  /// - Parameter stop: why the reply ends, if no step ends it
  package init(_ steps: [Step], stop: StopReason = .endTurn, usage: TokenUsage? = nil, latency: Duration? = nil) {
    self.steps = steps
    reply = ModelReply(stopReason: stop, usage: usage, latency: latency)
  }

  /// What it was asked.
  package var requests: [ModelRequest] { asked.withLock { $0 } }

  package func reply(
    to request: ModelRequest, _ receiver: any ReplyReceiver, _ cancellation: Cancellation
  ) throws -> ModelReply {
    asked.withLock { $0.append(request) }
    var attempt = 1
    for step in steps {
      switch step {
      case .retry(let failure):
        attempt += 1
        try receiver.receive(
          .retry(RetryNotice(attempt: attempt, maximumAttempts: 3, delay: .milliseconds(1), failure: failure)))
      case .chunks(let pieces): try receiver.receive(pieces)
      case .run(let body): try body()
      case .stall:
        while !cancellation.wait(.seconds(60)) {}
        try cancellation.check()
      }
    }
    return reply
  }
}

extension ReplyReceiver {
  /// Pieces that come together.
  package func receive(_ pieces: [String]) throws {
    var bytes: [UInt8] = []
    let ends = pieces.map { piece in
      bytes += piece.utf8
      return bytes.count
    }
    try bytes.withUnsafeBufferPointer { try receive(ReplyChunks($0, ends: ends)) }
  }
}
