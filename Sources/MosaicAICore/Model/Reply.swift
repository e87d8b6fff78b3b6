/// The message is stored, and the model is about to be asked.
package struct ReplyStart: Equatable, Sendable {
  package let conversationID: ConversationID
  package let userMessageID: MessageID
  package let legacyID: LegacyID
  package let personaID: String
  package let modelID: String
  /// Whether the conversation began with this message.
  package let isNewConversation: Bool
  /// Earlier messages that the model is reminded of.
  package var recalled: [MessageID] = []
}

/// An attempt failed, and another follows.
package struct RetryNotice: Equatable, Sendable {
  /// The attempt about to be made; the first retry is 2.
  package let attempt: Int
  package let maximumAttempts: Int
  /// How long until then.
  package let delay: Duration
  /// Why the attempt before failed.
  package let failure: Failure

  /// Its name in logs and traces.
  package var eventName: String {
    switch failure.code {
    case .throttled: "bedrock.throttled"
    case .timeout: "bedrock.timeout"
    default: "bedrock.error"
    }
  }

  /// What logs and traces say of it: nothing that may quote a message.
  package var fields: [JSON.Member] {
    [
      JSON.Member("attempt", .integer(attempt)), JSON.Member("max_attempts", .integer(maximumAttempts)),
      JSON.Member("delay_ms", .integer(delay.milliseconds)), JSON.Member("code", .string(failure.code.rawValue)),
    ]
  }
}

/// A part of a request that some models refuse, and without which they give a reply all the same.
package enum OptionalPart: CaseIterable, Sendable {
  case temperature
  /// What marks how far a prompt is to be kept for the next request.
  case cachePoints
}

/// The reply is complete, and stored.
package struct ReplyDone: Equatable, Sendable {
  package let messageID: MessageID
  package let conversationID: ConversationID
  package let stopReason: StopReason
  /// Nil if the service did not say.
  package let usage: TokenUsage?
  /// The service's own measure; nil if it did not say.
  package let latency: Duration?
  /// From storing the message to the first text of the reply.
  package let firstChunk: Duration?
  /// Whether it was stored before, and nothing was sent now.
  package var isReplayed = false
}

/// Why a reply is missing or not complete. The text that arrived is stored.
package struct ReplyFailure: Error, Equatable, Sendable {
  package var failure: Failure
  /// Nil if nothing was stored: the command failed before.
  package let conversationID: ConversationID?
  package let userMessageID: MessageID?
  /// The part of the reply that is stored, if there is one.
  package let messageID: MessageID?
  /// The tokens that were used anyway; nil if the service did not say.
  package let usage: TokenUsage?

  package init(
    _ failure: Failure, conversationID: ConversationID? = nil, userMessageID: MessageID? = nil,
    messageID: MessageID? = nil, usage: TokenUsage? = nil
  ) {
    self.failure = failure
    self.conversationID = conversationID
    self.userMessageID = userMessageID
    self.messageID = messageID
    self.usage = usage
  }

  /// Any error as a `ReplyFailure`.
  package static func from(_ error: any Error) -> ReplyFailure { error as? ReplyFailure ?? ReplyFailure(.from(error)) }
}

/// What happens to a reply, apart from its text.
package enum ReplyEvent: Equatable, Sendable {
  /// Comes first.
  case start(ReplyStart)
  /// Any number of them, before the first text.
  case retry(RetryNotice)
  /// The model does not take a part of the request and is asked again without it: at most one for each part, before the
  /// first text.
  case leftOut(OptionalPart)
  /// The model has begun to think: at most one for each attempt, before the first text.
  case thinking
  /// Comes last, if the reply is complete.
  case done(ReplyDone)
  /// Comes last, if it is not.
  case failure(ReplyFailure)
}

/// The pieces of a reply that came together, valid during the call that passes them on.
package struct ReplyChunks {
  /// All pieces together, in UTF-8; every piece is valid UTF-8 by itself.
  package let bytes: UnsafeBufferPointer<UInt8>
  /// Where each piece ends in `bytes`; never empty, and no piece is.
  private let ends: [Int]

  package init(_ bytes: UnsafeBufferPointer<UInt8>, ends: [Int]) {
    self.bytes = bytes
    self.ends = ends
  }

  /// Calls `body` with the same pieces, with U+FFFD in the place of each U+0000.
  func replacingNUL(_ body: (ReplyChunks) throws -> Void) rethrows {
    guard bytes.contains(0) else { return try body(self) }
    var (replaced, newEnds, start): ([UInt8], [Int], Int) = ([], [], 0)
    for end in ends {
      for byte in bytes[start..<end] { replaced.append(contentsOf: byte == 0 ? Array("\u{fffd}".utf8) : [byte]) }
      newEnds.append(replaced.count)
      start = end
    }
    try replaced.withUnsafeBufferPointer { try body(ReplyChunks($0, ends: newEnds)) }
  }

  /// Calls `body` with one piece after the other.
  package func forEach(_ body: (UnsafeBufferPointer<UInt8>) throws -> Void) rethrows {
    var start = 0
    for end in ends {
      try body(UnsafeBufferPointer(rebasing: bytes[start..<end]))
      start = end
    }
  }
}

/// Takes a reply as it comes: a screen, a database, both.
package protocol ReplyReceiver: AnyObject {
  /// Something has happened.
  func receive(_ event: ReplyEvent) throws
  /// Text has come. It is to be shown now: nothing more may come for a while.
  func receive(_ chunks: ReplyChunks) throws
  /// When the first text came; nil if none has, or if that is not noted.
  var firstTextAt: ContinuousClock.Instant? { get }
}

extension ReplyReceiver {
  package var firstTextAt: ContinuousClock.Instant? { nil }
}
