extension Stage {
  /// An empty stream for a reply.
  func stream() -> ReplyStream { ReplyStream(to: request, chunkDelay: chunkDelay) }

  /// The reply that shows what the request says.
  func normalReply() -> Answer {
    let (texts, reason) = ReplyComposer(request: request).chunks
    return reply(texts, stop: reason)
  }

  /// A complete reply of these chunks.
  func reply(_ chunks: some Sequence<String>, stop reason: String = "end_turn") -> Answer {
    var stream = stream()
    stream.start()
    stream.text(chunks)
    stream.finish(reason)
    return .stream(stream.pieces)
  }

  /// A chunk of the text that scenarios use: `Part 1.`, ` Part 2.`, and so on.
  static func part(_ number: Int) -> String { number == 1 ? "Part 1." : " Part \(number)." }

  /// The first chunks of that text.
  static func parts(_ count: Int) -> [String] { count > 0 ? (1...count).map(part) : [] }

  /// How many chunks a complete reply has, unless the scenario needs more.
  static let wholeReply = 5

  /// A stream with its first `AFTER` chunks of text.
  func streamUntilThen() -> ReplyStream {
    var stream = stream()
    stream.start()
    stream.text(Stage.parts(after))
    return stream
  }

  /// Continues as if nothing had happened, to the end of the reply.
  func finish(_ stream: inout ReplyStream) {
    stream.text(Stage.part(after + 2))
    stream.finish()
  }
}
