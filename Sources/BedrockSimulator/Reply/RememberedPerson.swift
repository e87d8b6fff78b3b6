/// Who speaks, and about which person, according to the system prompt.
struct RememberedPerson: Equatable, Sendable {
  /// A persona that replies can sound like.
  enum Persona: Equatable, Sendable {
    case biographer
    case friend
  }

  /// Nil if the prompt names none of them.
  let persona: Persona?
  /// Nil if the prompt names nobody.
  let name: String?

  /// Looks for the personas' names, and for what looks like a person's name.
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

  /// What surrounds the name in the prompts of mosaic-ai. In these any spelling is found.
  private static let frames = [
    (before: "the life story of ", after: " from someone who knew"),
    (before: "talking to you about ", after: ", whom they love"),
  ]

  /// The text between two others on one line.
  private static func name(in prompt: String, between before: String, and after: String) -> String? {
    guard let start = prompt.firstRange(of: before) else { return nil }
    let line = prompt[start.upperBound...].prefix { !$0.isNewline }
    return line.firstRange(of: after).map { String(line[..<$0.lowerBound]) }
  }

  /// What precedes a name in a prompt, the most certain first.
  private static let cues = [
    "person remembered is ", "person being remembered is ", "name of the person is ", "whose name is ", "is named ",
    "named ",
    "the life of ", "life story of ", "the story of ", "in memory of ", "memories of ", "remembering ", "remember ",
    "who knew ",
    "who loved ",
    "loss of ", "about ",
  ]

  /// A name after any occurrence of `cue`: a quoted text, or words that start with a capital letter.
  private static func name(in prompt: String, after cue: String) -> String? {
    var rest = prompt[...]
    while let range = rest.firstRange(of: cue) {
      rest = rest[range.upperBound...]
      if let name = quoted(rest) ?? capitalized(rest) { return name }
    }
    return nil
  }

  /// The text in quotes that `text` starts with.
  private static func quoted(_ text: Substring) -> String? {
    guard let opening = text.first, let closing = quotes[opening] else { return nil }
    let name = text.dropFirst().prefix { $0 != closing && !$0.isNewline }
    guard !name.isEmpty, text.dropFirst(name.count + 1).first == closing else { return nil }
    return String(name)
  }

  /// The closing quotation mark of each opening one.
  private static let quotes: [Character: Character] = ["“": "”", "\"": "\"", "«": "»", "‘": "’"]

  /// The capitalized words that `text` starts with, up to the end of a clause.
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
  /// Without punctuation at the end.
  fileprivate var trimmedPunctuation: Substring {
    var rest = self
    while let last = rest.last, ".,;:!?)".contains(last) { rest.removeLast() }
    return rest
  }
}
