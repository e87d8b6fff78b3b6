/// Writes the reply that is given where no scenario says otherwise. It shows what was understood of persona, person,
/// context and message, and is always the same for the same request.
struct ReplyComposer: Sendable {
  /// What it answers.
  let request: ConverseInput

  /// The whole reply: two short paragraphs.
  var text: String {
    let person = RememberedPerson(prompt: request.system).name
    let quoted = "“\(excerpt(of: request.question))”"
    let opening =
      switch (RememberedPerson(prompt: request.system).persona, person) {
      case (.biographer, let person?):
        "This is The Biographer, glad to help you put \(person)’s story into words. You wrote \(quoted), and that is worth keeping."
      case (.biographer, nil):
        "This is The Biographer, glad to help you put a life’s story into words. You wrote \(quoted), and that is worth keeping."
      case (.friend, let person?):
        "This is The Friend, here to listen to whatever \(person) brings up in you. You said \(quoted), and I am glad you told me."
      case (.friend, nil):
        "This is The Friend, here to listen to whatever comes up. You said \(quoted), and I am glad you told me."
      case (nil, let person?):
        "Thank you for telling me about \(person). You wrote \(quoted), and I have read it with care."
      case (nil, nil): "Thank you for writing. You said \(quoted), and I have read it with care."
      }
    let closing =
      person.map { "What comes to mind first when you think of \($0) on that day?" }
      ?? "What would you like to tell me next?"
    return "\(opening)\n\n\(context) \(closing)"
  }

  /// The reply in chunks of a few words, cut short where the request allows no more tokens.
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

  /// A sentence that tells how many earlier messages came along.
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

/// Who the system prompt says is speaking, and about whom.
struct RememberedPerson: Equatable, Sendable {
  /// The personas that the reply knows how to sound like.
  enum Persona: Equatable, Sendable {
    case biographer
    case friend
  }

  /// Nil where the prompt names none of them.
  let persona: Persona?
  /// Nil where the prompt names nobody.
  let name: String?

  /// Looks for the personas' names and for what reads like a person's.
  init(prompt: String) {
    let first = [("The Biographer", Persona.biographer), ("The Friend", .friend), ("biographer", .biographer)]
    persona =
      first.compactMap { name, persona in prompt.firstRange(of: name).map { ($0.lowerBound, persona) } }.min {
        $0.0 < $1.0
      }?.1
    name =
      RememberedPerson.frames.lazy.compactMap { RememberedPerson.name(in: prompt, between: $0.before, and: $0.after) }
      .first
      ?? RememberedPerson.cues.lazy.compactMap { RememberedPerson.name(in: prompt, after: $0) }.first
  }

  /// What stands around the name in the prompts of mosaic-ai: there it is found whatever its spelling.
  private static let frames = [
    (before: "the life story of ", after: " from someone who knew"),
    (before: "talking to you about ", after: ", whom they love"),
  ]

  /// What lies between two texts on one line.
  private static func name(in prompt: String, between before: String, and after: String) -> String? {
    guard let start = prompt.firstRange(of: before) else { return nil }
    let line = prompt[start.upperBound...].prefix { !$0.isNewline }
    return line.firstRange(of: after).map { String(line[..<$0.lowerBound]) }
  }

  /// What stands before a name in a prompt, the surest first.
  private static let cues = [
    "person remembered is ", "person being remembered is ", "name of the person is ", "whose name is ", "is named ",
    "named ",
    "the life of ", "life story of ", "the story of ", "in memory of ", "memories of ", "remembering ", "remember ",
    "who knew ",
    "who loved ",
    "loss of ", "about ",
  ]

  /// A name behind any occurrence of `cue`: a quoted text, or words that begin with a capital letter.
  private static func name(in prompt: String, after cue: String) -> String? {
    var rest = prompt[...]
    while let range = rest.firstRange(of: cue) {
      rest = rest[range.upperBound...]
      if let name = quoted(rest) ?? capitalized(rest) { return name }
    }
    return nil
  }

  /// The text in quotes that `text` begins with.
  private static func quoted(_ text: Substring) -> String? {
    guard let opening = text.first, let closing = quotes[opening] else { return nil }
    let name = text.dropFirst().prefix { $0 != closing && !$0.isNewline }
    guard !name.isEmpty, text.dropFirst(name.count + 1).first == closing else { return nil }
    return String(name)
  }

  /// What closes a quote, by what opens it.
  private static let quotes: [Character: Character] = ["“": "”", "\"": "\"", "«": "»", "‘": "’"]

  /// The words with capital letters that `text` begins with, up to the end of a clause.
  private static func capitalized(_ text: Substring) -> String? {
    var words: [Substring] = []
    for word in text.prefix(while: { !$0.isNewline }).prefix(200).split(separator: " ") {
      guard word.first?.isUppercase == true else { break }
      let isLast = word.last.map { ".,;:!?)".contains($0) } ?? false
      let bare = word.hasSuffix("’s") || word.hasSuffix("'s") ? word.dropLast(2) : word
      words.append(bare.trimmedPunctuation)
      if isLast || bare.count != word.count { break }
    }
    return words.isEmpty ? nil : words.joined(separator: " ")
  }
}

extension Substring {
  /// Without the punctuation that ends a clause.
  fileprivate var trimmedPunctuation: Substring {
    var rest = self
    while let last = rest.last, ".,;:!?)".contains(last) { rest.removeLast() }
    return rest
  }
}
