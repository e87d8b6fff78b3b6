extension Stage {
  /// An empty stream to put a reply together in.
  func stream() -> ReplyStream { ReplyStream(to: request, chunkDelay: chunkDelay) }

  /// The reply that shows what was understood.
  func normalReply() -> Answer {
    let (texts, reason) = ReplyComposer(request: request).chunks
    return reply(texts, stop: reason)
  }

  /// A whole reply of these chunks.
  func reply(_ chunks: some Sequence<String>, stop reason: String = "end_turn") -> Answer {
    var stream = stream()
    stream.start()
    stream.text(chunks)
    stream.finish(reason)
    return .stream(stream.pieces)
  }

  /// The text that scenarios are played with: `Part 1.`, ` Part 2.`, and so on.
  static func part(_ number: Int) -> String { number == 1 ? "Part 1." : " Part \(number)." }

  /// The first of these parts.
  static func parts(_ count: Int) -> [String] { count > 0 ? (1...count).map(part) : [] }

  /// How many parts make a whole reply, unless the scenario needs more.
  static let wholeReply = 5

  /// A stream that has come as far as `AFTER` chunks of text.
  func streamUntilThen() -> ReplyStream {
    var stream = stream()
    stream.start()
    stream.text(Stage.parts(after))
    return stream
  }

  /// Goes on as if nothing had happened, to the end of a whole reply.
  func finish(_ stream: inout ReplyStream) {
    stream.text(Stage.part(after + 2))
    stream.finish()
  }
}
