/// Writes the normal reply. It shows what the request says about persona, person, context and message, and is the same
/// each time.
struct ReplyComposer: Sendable {
  let request: ConverseInput

  /// The whole reply: two short paragraphs.
  var text: String {
    let remembered = RememberedPerson(prompt: request.system)
    let quoted = "“\(excerpt(of: request.question))”"
    let opening =
      switch remembered.persona {
      case .biographer:
        "This is The Biographer, glad to help you put \(remembered.name ?? "a life")’s story into words. "
          + "You wrote \(quoted), and that is worth keeping."
      case .friend:
        "This is The Friend, here to listen to whatever "
          + (remembered.name.map { "\($0) brings up in you. " } ?? "comes up. ")
          + "You said \(quoted), and I am glad you told me."
      case nil:
        if let name = remembered.name {
          "Thank you for telling me about \(name). You wrote \(quoted), and I have read it with care."
        } else {
          "Thank you for writing. You said \(quoted), and I have read it with care."
        }
      }
    let closing =
      remembered.name.map { "What comes to mind first when you think of \($0) on that day?" }
      ?? "What would you like to tell me next?"
    return "\(opening)\n\n\(context) \(closing)"
  }

  /// The reply in chunks of a few words, cut short when the request allows no more tokens.
  var chunks: (texts: [String], stopReason: String) {
    var chunks: [String] = []
    var tokens = 0
    var chunk = ""
    var words = 0
    func isFull(_ next: String) -> Bool { request.maxTokens.map { tokens + approximateTokens(next) > $0 } ?? false }
    for word in text.split(separator: " ", omittingEmptySubsequences: false) {
      let next = chunks.isEmpty && chunk.isEmpty ? String(word) : chunk + " " + word
      guard !isFull(next) else {
        if !chunk.isEmpty { chunks.append(chunk) }
        if chunks.isEmpty { chunks = [String(word.prefix(4))] }
        return (chunks, "max_tokens")
      }
      chunk = next
      words += 1
      if words == 2 + chunks.count % 3 {
        tokens += approximateTokens(chunk)
        chunks.append(chunk)
        chunk = ""
        words = 0
      }
    }
    if !chunk.isEmpty { chunks.append(chunk) }
    return (chunks, "end_turn")
  }

  /// A sentence about how many earlier messages the request has.
  private var context: String {
    switch request.messages.count - 1 {
    case 0: "This is the first thing you have shared with me."
    case 1: "I also have the earlier message of our conversation before me."
    case let count: "I also have the \(count) earlier messages of our conversation before me."
    }
  }

  /// The first words of a message, on one line.
  private func excerpt(of message: String) -> String {
    let words = message.split(whereSeparator: \.isWhitespace)
    var excerpt = ""
    for word in words {
      let next = excerpt.isEmpty ? String(word) : "\(excerpt) \(word)"
      if next.count > 60 { return "\(excerpt.isEmpty ? String(word.prefix(60)) : excerpt)…" }
      excerpt = next
    }
    return excerpt
  }
}
