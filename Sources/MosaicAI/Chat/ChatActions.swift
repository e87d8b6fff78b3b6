import MosaicAICore
import Platform

/// What you can do at the prompt of a conversation other than talk.
struct ChatAction: Sendable {
  let name: String
  /// What goes after the name; in brackets if it can be left out.
  let argument: String?
  let help: String
  private let body: @Sendable (Chat, _ argument: String) throws -> Void

  /// Every one, in the order in which `/help` shows them.
  static let all: [ChatAction] = [
    .init("retry", "ask again for the last reply") { chat, _ in try chat.retry() },
    .init("new", "start a new conversation") { chat, _ in try chat.startAnew() },
    .init("persona ID", "talk with someone else") { try $0.go(with: $1) },
    .init("legacy L", "talk about someone else") { try $0.go(to: $1) },
    .init("history [N]", "show the last N messages (default: 10)") { try $0.showHistory(count(in: $1)) },
    .init("search WORDS", "find what was said about this person") { try $0.search($1) },
    .init("question [skip]", "put the next question of the bank at the prompt; or skip it first") {
      try $0.putQuestion($1)
    },
    .init("title TEXT", "give the conversation a title") { try $0.rename($1) },
    .init("usage", "count the tokens of this conversation, and what they cost") { chat, _ in try chat.showUsage() },
    .init("export FILE", "write the conversation to a file: .md, .txt, .html, .json or .ndjson") {
      try $0.export(to: $1)
    },
    .init("help", "show this") { chat, _ in try chat.showHelp() },
    .init("quit", "leave; so does Ctrl-D") { chat, _ in chat.isOver = true },
  ]

  /// - Parameter usage: how it is typed, without the slash
  private init(_ usage: String, _ help: String, _ body: @escaping @Sendable (Chat, String) throws -> Void) {
    let words = usage.split(separator: " ", maxSplits: 1).map(String.init)
    name = words[0]
    argument = words.dropFirst().first
    self.help = help
    self.body = body
  }

  /// As it is typed.
  var usage: String { "/\(name)\(argument.map { " \($0)" } ?? "")" }

  /// The one with this name.
  ///
  /// - Throws: `Failure` with code `usage`, which suggests the nearest
  static func named(_ name: String) throws -> ChatAction {
    if let action = all.first(where: { $0.name == name }) { return action }
    let other: Advice = "/help shows the commands, and // begins a message that starts with a slash"
    let suggestion = Suggestion.advice(for: "/\(name)", among: all.map { "/\($0.name)" })
    throw Failure(.usage, "unknown command /\(name)", advice: suggestion ?? other)
  }

  /// The format that a file's name ends in; Markdown for a name without an ending.
  ///
  /// - Throws: `Failure` with code `usage` for what looks like any other ending
  fileprivate static func exportFormat(of path: String) throws -> ExportFormat {
    guard let ending = LocalFile(path).name.firstMatch(of: /.\.([A-Za-z][A-Za-z0-9]{0,7})$/)?.1.lowercased() else {
      return .markdown
    }
    switch ending {
    case "md", "markdown", "txt": return .markdown
    case "html", "htm": return .html
    case "json": return .json
    case "ndjson", "jsonl": return .ndjson
    default:
      throw Failure(
        .usage, "cannot export to a .\(ending) file", advice: "end the name in .md, .txt, .html, .json or .ndjson")
    }
  }

  /// Does it.
  ///
  /// - Throws: `Failure` with code `usage` for an argument that is missing or not expected; what the command throws
  func run(_ chat: Chat, _ text: String) throws {
    if argument == nil, !text.isEmpty {
      throw Failure(.usage, "/\(name) takes no value", advice: "// begins a message that starts with a slash")
    }
    if let argument, !argument.hasPrefix("["), text.isEmpty {
      throw Failure(.usage, "/\(name) needs a value", advice: .text("type \(usage)"))
    }
    try body(chat, text)
  }

  private static func count(in text: String) throws -> Int {
    if text.isEmpty { return 10 }
    guard let count = Int(text), count > 0 else {
      throw Failure(.usage, "/history takes a number above 0", advice: "for example /history 20")
    }
    return count
  }
}

extension Chat {
  /// What the keys and commands do.
  fileprivate func showHelp() throws {
    let keys = [
      ("Enter", "send the message"), ("Alt-Enter, or \\ at the end", "begin another line"),
      ("↑ ↓", "bring back what you said before"), ("Ctrl-C", "stop a reply, or clear the line; twice, leave"),
      ("//…", "send a message that starts with a slash"),
    ]
    let actions = ChatAction.all.map { ($0.usage, $0.help) }
    let width = session.output.width
    let column = (actions + keys).reduce(0) { max($0, TextWidth.of($1.0)) } + 2
    let isNarrow = column > width / 2
    func list(_ entries: [(String, String)]) -> String {
      entries.map { usage, help in
        var wrap = WordWrap(canRewrite: false) { width }
        wrap.hang = isNarrow ? 2 : column
        let start = isNarrow ? "\(usage)  " : TextWidth.pad(usage, to: column)
        return wrap.add(start + help + "\n")
      }.joined()
    }
    try write("\(list(actions))\n\(list(keys))")
  }

  /// Shows the ten best matches for these words in what was said about the legacy.
  fileprivate func search(_ words: String) throws {
    var search = ConversationService.SearchPlace()
    search.legacy = place.legacyID.rawValue
    try session.indexMessages(service, cancellation)
    let result = try service.search(SearchQuery(words), in: search, limit: 10)
    if result.hits.isEmpty { return session.diagnostics.remark("Nothing was found.") }
    if !result.hasEveryWord {
      session.diagnostics.remark("No message has all of the words; these have some of them.")
    }
    try write(SearchCommand.text(result.hits, session))
  }

  /// Puts the next question of the bank at the prompt, to be sent or changed.
  ///
  /// - Parameter argument: `skip` if the one that would be next is to be skipped
  fileprivate func putQuestion(_ argument: String) throws {
    guard ["", "skip"].contains(argument.lowercased()) else {
      throw Failure(.usage, "/question takes no other value than skip", advice: "type /question or /question skip")
    }
    let questions = try session.context.questions().questions
    let legacy = place.legacyID.rawValue
    if !argument.isEmpty { _ = try service.nextQuestion(of: questions, about: legacy, skipping: true) }
    guard let next = try service.nextQuestion(of: questions, about: legacy, skipping: false) else {
      throw Failure(.notFound, "no questions are left: all were asked or skipped")
    }
    draft = Array(next.text.utf8)
  }

  /// Shows how many tokens the conversation took.
  fileprivate func showUsage() throws {
    guard let id = conversationID else { return session.diagnostics.remark("Nothing has been said yet.") }
    let personas = try session.personas()
    let report = try service.usage(
      by: .conversation, legacy: place.legacyID.rawValue, personaID: place.personaID,
      prices: session.settings.prices, personas: personas, zone: session.context.zone)
    guard let group = report.groups.first(where: { $0.key == id.rawValue }) else {
      return session.diagnostics.remark("There is nothing to count.")
    }
    let tokens = group.tokens
    var lines = [
      ("Messages", group.messages), ("Tokens read", tokens.input), ("Read from the cache", tokens.cacheRead),
      ("Put into the cache", tokens.cacheWrite), ("Tokens written", tokens.output),
    ].map { ($0, session.number($1)) }
    if !session.settings.prices.isEmpty { lines.append(("Cost", group.cost?.text ?? "not known")) }
    let column = lines.reduce(0) { max($0, TextWidth.of($1.0)) } + 2
    try write(lines.map { "\(TextWidth.pad($0, to: column))\($1)\n" }.joined())
  }

  /// Writes the conversation to a new file.
  fileprivate func export(to name: String) throws {
    guard let id = conversationID else {
      throw Failure(.notFound, "there is nothing to export: the conversation has no messages")
    }
    let path = try FilePath.checked(Paths.expandingTilde(name, home: session.context.home), "the file to write")
    let format = try ChatAction.exportFormat(of: path)
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      let error = LocalFile.SystemError.current
      guard error.code != EEXIST else {
        throw Failure(.invalidInput, "\(name) already exists", advice: "choose another name")
      }
      throw error.failure(.invalidInput, "cannot create \(name)")
    }
    defer { close(descriptor) }
    do {
      try session.export(
        id.rawValue, legacy: nil, of: service, format, to: Output(descriptor: descriptor, variables: [:]))
    } catch {
      unlink(path)
      // Standard output is well.
      var failure = Failure.from(error)
      if failure.code == .outputFailed { failure = Failure(.storageFailed, "cannot write \(name): \(failure.message)") }
      throw failure
    }
    session.diagnostics.remark("Exported to \(name).")
  }
}
