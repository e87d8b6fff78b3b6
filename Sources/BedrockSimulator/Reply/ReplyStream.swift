import MosaicAICore

/// Puts the pieces of an answer together from the events of a reply.
struct ReplyStream {
  /// Each frame is a segment of its own.
  private(set) var pieces: [Answer.Piece] = []
  /// Whether payloads carry the padding `p`, which hides from eavesdroppers how long a chunk's text is.
  var isPadded = true

  private let request: ConverseInput
  /// Milliseconds between two chunks of text.
  private let chunkDelay: Int
  /// What AWS would bill, roughly, reasoning included.
  private var outputTokens = 0
  /// What `metadata` will say: all pauses, and a little.
  private var latency = 20
  /// Whether a chunk of text or reasoning was appended.
  private var hasContent = false
  /// The index of the current content block.
  private var block = 0

  /// - Parameters:
  ///   - request: what the reply is for
  ///   - chunkDelay: milliseconds between two chunks of text
  init(to request: ConverseInput, chunkDelay: Int) {
    self.request = request
    self.chunkDelay = chunkDelay
  }

  /// Appends a frame.
  mutating func append(_ frame: EventStreamFrame) { append(frame.encoded) }

  /// Appends any bytes, as one segment.
  mutating func append(_ bytes: [UInt8]) { pieces.append(.segment(bytes)) }

  /// Appends a piece of any kind.
  mutating func append(_ piece: Answer.Piece) { pieces.append(piece) }

  /// Appends `messageStart`.
  mutating func start() { event("messageStart", #""role":"assistant""#) }

  /// Appends a chunk of text, after a pause if it is not the first.
  mutating func text(_ text: String) {
    pauseBetweenChunks()
    append(textFrame(text))
  }

  /// Appends chunks of text.
  mutating func text(_ chunks: some Sequence<String>) {
    for chunk in chunks { text(chunk) }
  }

  /// Appends a delta of any kind.
  mutating func delta(_ json: String) {
    event("contentBlockDelta", "\"contentBlockIndex\":\(block),\"delta\":\(json)")
  }

  /// The frame of a chunk of text, whose tokens are counted. It is not appended.
  ///
  /// - Parameter quoted: the text as JSON, if it is not to be written as usual
  mutating func textFrame(_ text: String, quoted: String? = nil) -> EventStreamFrame {
    outputTokens += approximateTokens(text)
    hasContent = true
    return frame(
      "contentBlockDelta", "\"contentBlockIndex\":\(block),\"delta\":{\"text\":\(quoted ?? jsonQuoted(text))}")
  }

  /// Appends a chunk of reasoning, after a pause if it is not the first.
  mutating func reasoning(_ text: String) {
    pauseBetweenChunks()
    outputTokens += approximateTokens(text)
    hasContent = true
    delta("{\"reasoningContent\":{\"text\":\(jsonQuoted(text))}}")
  }

  /// Appends the pause between two chunks, if there was one before.
  mutating func pauseBetweenChunks() {
    if hasContent && chunkDelay > 0 { pause(milliseconds: chunkDelay) }
  }

  /// Appends a pause.
  mutating func pause(milliseconds: Int) {
    latency += milliseconds
    pieces.append(.pause(milliseconds))
  }

  /// Counts tokens of text that was appended as bytes.
  mutating func count(tokens: Int) { outputTokens += tokens }

  /// Appends `contentBlockStop`; what follows belongs to the next block.
  mutating func endBlock() {
    event("contentBlockStop", "\"contentBlockIndex\":\(block)")
    block += 1
  }

  /// Appends `messageStop`.
  mutating func stop(_ reason: String) { event("messageStop", "\"stopReason\":\(jsonQuoted(reason))") }

  /// Appends `metadata`. As in Bedrock's, cached tokens are not part of `inputTokens`, but of `totalTokens`.
  mutating func metadata() {
    let (read, written) = (request.cacheUse.read, request.cacheUse.totalWritten)
    let input = max(0, request.inputTokens - read - written)
    var usage: [JSON.Member] = []
    if written > 0 { usage.append(JSON.Member("cacheDetails", cacheDetails)) }
    usage += [
      JSON.Member("cacheReadInputTokens", .integer(read)), JSON.Member("cacheWriteInputTokens", .integer(written)),
      JSON.Member("inputTokens", .integer(input)), JSON.Member("outputTokens", .integer(outputTokens)),
      JSON.Member("totalTokens", .integer(input + read + written + outputTokens)),
    ]
    event("metadata", "\"metrics\":{\"latencyMs\":\(latency)},\"usage\":\(JSON.object(usage).compact)")
  }

  /// What was written to the cache, by lifetime, the longest first.
  private var cacheDetails: JSON {
    let lifetimes = request.cacheUse.written.sorted { $0.key.seconds > $1.key.seconds }
    return .array(lifetimes.map { ["ttl": .string($0.key.rawValue), "inputTokens": .integer($0.value)] })
  }

  /// Appends everything that ends a reply.
  ///
  /// - Parameter outputTokens: what `metadata` says, if not the tokens that were counted
  mutating func finish(_ reason: String = "end_turn", outputTokens: Int? = nil) {
    endBlock()
    stop(reason)
    if let outputTokens { self.outputTokens = outputTokens }
    metadata()
  }

  /// Appends an event.
  mutating func event(_ type: String, _ members: String) { append(frame(type, members)) }

  /// An event's frame, padded if that is on.
  func frame(_ type: String, _ members: String) -> EventStreamFrame {
    let padding =
      isPadded ? ",\"p\":\"\(ReplyStream.alphabet.prefix(.random(in: 1...ReplyStream.alphabet.count)))\"" : ""
    return .event(type, payload: Array("{\(members)\(padding)}".utf8))
  }

  /// Bedrock's padding is the start of this.
  private static let alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
}
