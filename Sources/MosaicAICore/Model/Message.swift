/// A user's message or a reply to one.
package struct Message: Equatable, Sendable {
  /// Who wrote it.
  package enum Author: String, CaseIterable, Sendable { case user, assistant }

  /// Its state.
  package enum Status: String, Sendable {
    /// A user's message whose reply is on its way.
    case pending
    /// A user's message without any reply.
    case failed
    /// A reply that is arriving.
    case streaming
    /// A reply that broke off.
    case interrupted
    /// A reply that a guardrail or filter stopped.
    case blocked
    /// A reply that a later one has replaced.
    case superseded
    /// A complete reply, or a user's message that has a reply.
    case complete

    /// Whether a process may still be working on it.
    package var isUnderWay: Bool { self == .pending || self == .streaming }
  }

  package let id: MessageID
  package let conversationID: ConversationID
  package let author: Author
  package internal(set) var content: String
  /// Of a reply: its output tokens, if the model said.
  package let tokenCount: Int?
  /// Of a reply: the tokens the model read that were neither in its cache nor put there, if it said.
  package let inputTokens: Int?
  /// Of a reply: the tokens the model had in its cache, if it said.
  package let cacheReadInputTokens: Int?
  /// Of a reply: the tokens the model read and put into its cache, if it said.
  package let cacheWriteInputTokens: Int?
  package var status: Status
  package let stopReason: StopReason?
  /// Why the reply is missing or not complete.
  package var errorCode: ErrorCode?
  package let modelID: String?
  /// Of a reply: the message it answers.
  package let replyTo: MessageID?
  /// Of a user's message: what keeps a script from asking it twice.
  package let idempotencyKey: IdempotencyKey?
  package let createdAt: Timestamp
}

/// A key that a script gives a message so that it is asked once, however often the script runs. Each user has keys of
/// their own.
package struct IdempotencyKey: RawRepresentable, Hashable, Sendable {
  package let rawValue: String

  /// - Parameter rawValue: not checked; see `Rules.key(_:)`
  package init(rawValue: String) { self.rawValue = rawValue }
}

/// A failure's code as it is kept with a message. Open: another version may know more codes.
package struct ErrorCode: RawRepresentable, Hashable, Sendable {
  package let rawValue: String

  package init(rawValue: String) { self.rawValue = rawValue }

  package init(_ code: FailureCode) { rawValue = code.rawValue }
}
