/// How a reply ended.
public struct ConverseOutcome: Equatable, Sendable {
  public let stopReason: StopReason
  /// Nil where the stream ended without its metadata.
  public let usage: TokenUsage?
  /// The service's own measure, in milliseconds; nil where the stream ended without its metadata.
  public let latency: Int?
}

/// Why the model stopped. Open: new reasons come without notice.
public struct StopReason: RawRepresentable, Hashable, Sendable {
  public let rawValue: String

  public init(rawValue: String) { self.rawValue = rawValue }

  /// The reply is as long as the model wanted it.
  public static let endTurn = StopReason(rawValue: "end_turn")
  /// The reply reached the limit of tokens.
  public static let maximumTokens = StopReason(rawValue: "max_tokens")
  /// The model wrote a stop sequence.
  public static let stopSequence = StopReason(rawValue: "stop_sequence")
  /// A guardrail stepped in.
  public static let guardrailIntervened = StopReason(rawValue: "guardrail_intervened")
  /// A content filter stepped in.
  public static let contentFiltered = StopReason(rawValue: "content_filtered")
  /// The model's output made no sense.
  public static let malformedModelOutput = StopReason(rawValue: "malformed_model_output")
  /// The model's call of a tool made no sense.
  public static let malformedToolUse = StopReason(rawValue: "malformed_tool_use")
  /// The conversation fills the model's context window.
  public static let contextWindowExceeded = StopReason(rawValue: "model_context_window_exceeded")
  /// The model wants a tool, though none was offered.
  public static let toolUse = StopReason(rawValue: "tool_use")
}

/// What a reply cost, in tokens.
public struct TokenUsage: Equatable, Sendable {
  public var input: Int
  public var output: Int
  public var total: Int
  /// Nil where the service does not tell.
  public var cacheRead: Int?
  /// Nil where the service does not tell.
  public var cacheWrite: Int?

  public init(input: Int, output: Int, total: Int, cacheRead: Int? = nil, cacheWrite: Int? = nil) {
    self.input = input
    self.output = output
    self.total = total
    self.cacheRead = cacheRead
    self.cacheWrite = cacheWrite
  }
}

/// What takes a reply as it comes.
public protocol ConverseReceiver: AnyObject {
  /// An attempt failed before its first piece of text, and another will be made.
  func receive(retry: RetryNotice) throws
  /// A piece of the reply, in UTF-8, never empty; valid during the call only.
  func receive(text: UnsafeBufferPointer<UInt8>) throws
  /// All that the network has given so far has been handed over: time to show it.
  func flush() throws
}

/// An attempt that failed and the one that follows.
public struct RetryNotice: Equatable, Sendable {
  /// The attempt about to be made; the first retry is 2.
  public let attempt: Int
  public let maximumAttempts: Int
  /// How long until then.
  public let delayMilliseconds: Int
  /// Why the one before failed.
  public let failure: Failure
}
