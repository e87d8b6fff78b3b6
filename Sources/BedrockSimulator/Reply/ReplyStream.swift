/// The events of a reply, put together one by one into the pieces of an answer.
struct ReplyStream {
  /// What has been put together so far; each frame is a segment of its own.
  private(set) var pieces: [Answer.Piece] = []
  /// Whether payloads carry the padding `p`, with which Bedrock hides how long the text of a chunk is.
  var isPadded = true

  /// What the reply answers.
  private let request: ConverseInput
  /// Milliseconds between one text chunk and the next.
  private let chunkDelay: Int
  /// What AWS would bill, roughly.
  private var outputTokens = 0
  /// What `metadata` will tell: all pauses, and a little.
  private var latency = 20
  /// Whether a chunk of text has come.
  private var hasText = false
  /// The index of the current content block.
  private var block = 0

  /// - Parameters:
  ///   - request: what the reply answers
  ///   - chunkDelay: milliseconds between one text chunk and the next
  init(to request: ConverseInput, chunkDelay: Int) {
    self.request = request
    self.chunkDelay = chunkDelay
  }

  /// Appends a frame.
  mutating func append(_ frame: EventStreamFrame) { append(frame.encoded) }

  /// Appends bytes that need not be a frame, as one segment.
  mutating func append(_ bytes: [UInt8]) { pieces.append(.segment(bytes)) }

  /// Appends anything.
  mutating func append(_ piece: Answer.Piece) { pieces.append(piece) }

  /// Appends `messageStart`.
  mutating func start() { event("messageStart", #""role":"assistant""#) }

  /// Appends a piece of text, after the pause that lies between two of them.
  mutating func text(_ text: String) {
    pauseBetweenChunks()
    append(textFrame(text))
  }

  /// Appends pieces of text.
  mutating func text(_ chunks: some Sequence<String>) {
    for chunk in chunks { text(chunk) }
  }

  /// Appends a delta of any kind.
  mutating func delta(_ json: String) {
    event("contentBlockDelta", "\"contentBlockIndex\":\(block),\"delta\":\(json)")
  }

  /// The frame of a piece of text, which it counts but does not append.
  ///
  /// - Parameter quoted: the text as JSON, where it is to be written in a way of its own
  mutating func textFrame(_ text: String, quoted: String? = nil) -> EventStreamFrame {
    outputTokens += approximateTokens(text)
    hasText = true
    return frame(
      "contentBlockDelta", "\"contentBlockIndex\":\(block),\"delta\":{\"text\":\(quoted ?? jsonQuoted(text))}")
  }

  /// Appends the pause that lies between two chunks of text; none before the first.
  mutating func pauseBetweenChunks() {
    if hasText && chunkDelay > 0 { pause(milliseconds: chunkDelay) }
  }

  /// Appends a pause.
  mutating func pause(milliseconds: Int) {
    latency += milliseconds
    pieces.append(.pause(milliseconds))
  }

  /// Counts text that was appended in a way of its own.
  mutating func count(tokens: Int) { outputTokens += tokens }

  /// Appends `contentBlockStop`; what follows belongs to the next block.
  mutating func endBlock() {
    event("contentBlockStop", "\"contentBlockIndex\":\(block)")
    block += 1
  }

  /// Appends `messageStop`.
  mutating func stop(_ reason: String) { event("messageStop", "\"stopReason\":\(jsonQuoted(reason))") }

  /// Appends `metadata`.
  mutating func metadata() {
    let input = request.inputTokens
    event(
      "metadata",
      "\"metrics\":{\"latencyMs\":\(latency)},\"usage\":{\"cacheReadInputTokens\":0,\"cacheWriteInputTokens\":0,"
        + "\"inputTokens\":\(input),\"outputTokens\":\(outputTokens),\"totalTokens\":\(input + outputTokens)}")
  }

  /// Appends all that ends a reply.
  mutating func finish(_ reason: String = "end_turn") {
    endBlock()
    stop(reason)
    metadata()
  }

  /// Appends an event.
  mutating func event(_ type: String, _ members: String) { append(frame(type, members)) }

  /// An event's frame, padded or not.
  func frame(_ type: String, _ members: String) -> EventStreamFrame {
    let padding =
      isPadded ? ",\"p\":\"\(ReplyStream.alphabet.prefix(.random(in: 1...ReplyStream.alphabet.count)))\"" : ""
    return .event(type, payload: Array("{\(members)\(padding)}".utf8))
  }

  /// Bedrock pads with the beginning of this.
  private static let alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
}
