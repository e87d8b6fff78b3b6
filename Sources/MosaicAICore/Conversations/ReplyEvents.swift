/// The message is stored, and the model is about to be asked.
public struct ReplyStart: Equatable, Sendable {
  public let conversationID: String
  public let userMessageID: String
  public let legacyID: String
  public let personaID: String
  public let modelID: String
  /// Whether the conversation began with this message.
  public let isNewConversation: Bool
}

/// The reply is whole, and stored.
public struct ReplyDone: Equatable, Sendable {
  public let messageID: String
  public let conversationID: String
  public let stopReason: StopReason
  /// Nil where the service did not tell.
  public let usage: TokenUsage?
  /// The service's own measure in milliseconds, nil where it did not tell.
  public let latency: Int?
  /// From storing the message to the first piece of the reply, in milliseconds.
  public let firstChunk: Int?
}

/// There is no whole reply. What came of it is stored.
public struct ReplyFailure: Error, Equatable, Sendable {
  public let failure: Failure
  public let conversationID: String
  public let userMessageID: String
  /// The part of the reply that is stored, if there is one.
  public let messageID: String?
}

/// What shows a reply as it comes.
public protocol ReplySink: AnyObject {
  func start(_ start: ReplyStart) throws
  func retry(_ notice: RetryNotice) throws
  /// A piece of the reply, in UTF-8, never empty; valid during the call only. It may be held back until `flush`.
  func chunk(_ text: UnsafeBufferPointer<UInt8>) throws
  /// Shows all chunks given so far.
  func flush() throws
  func done(_ done: ReplyDone) throws
}
