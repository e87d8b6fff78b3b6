import ArgumentParser
import MosaicAICore

struct SearchCommand: MosaicCommand {
  static let configuration = CommandConfiguration(
    commandName: "search", abstract: "Search everything that was said in your conversations.",
    discussion: """
      Finds messages that have every word, in any form and whatever the case and accents, best match first; if there \
      are none, those that have any of the words. "Words in quotes" must follow each other, and a word that ends in * \
      stands for all words that begin like that. Of very many matches, the newest 5,000 are ranked. Through a pipe \
      each message is one line of fields separated by tabs: conversation, message, time, role and excerpt.
      """)

  @Argument(help: ArgumentHelp("The words to look for.", valueName: "query"))
  var query: [String]

  @OptionGroup var filter: FilterOptions

  @Option(
    help: ArgumentHelp(
      "Search only this conversation: its id, the start of its id, its title, or last.",
      valueName: "conversation"), completion: .conversations)
  var conversation: String?

  @Option(help: ArgumentHelp("Search only what you said (user) or what was answered (assistant).", valueName: "role"))
  var role: Message.Author?

  @OptionGroup var time: TimeOptions
  @Option(help: ArgumentHelp("Show at most N (default: 20).", valueName: "n"))
  var limit: Int?

  @Option(help: ArgumentHelp("Skip the first N.", valueName: "n"))
  var offset: Int?

  @OptionGroup var format: FormatOption
  @OptionGroup var pager: PagerOption
  @OptionGroup var common: CommonOptions

  var options: [any SettingOptions] { [format] }

  func run(_ session: Session) throws {
    try (0...Int.max).check(limit, of: "--limit")
    try (0...Int.max).check(offset, of: "--offset")
    let format = try session.listFormat()
    var place = ConversationService.SearchPlace()
    place.legacy = filter.legacy
    place.conversation = conversation
    place.author = role
    place.time = try time.span(session.context)
    let service = try session.existingService()
    place.personaID = try filter.persona.map { try service.personaID($0, in: session.personas()) }
    try session.indexMessages(service)
    let result = try service.search(
      SearchQuery(query.joined(separator: " ")), in: place, limit: limit ?? 20, offset: offset ?? 0)
    if result.hits.isEmpty {
      if limit != 0 { session.diagnostics.remark(offset ?? 0 > 0 ? "Nothing more was found." : "Nothing was found.") }
    } else if !result.hasEveryWord {
      session.diagnostics.remark("No message has all of the words; these have some of them.")
    }
    try session.paging(pager) { session in
      switch format {
      case .json: try session.output.write(.array(result.hits.map(\.record)))
      case .ndjson: try session.write(lines: result.hits.map(\.record))
      case .text where session.output.isTerminal:
        try session.output.write(SearchCommand.text(result.hits, session))
      case .text: try session.output.write(result.hits.map(SearchCommand.line).joined())
      }
    }
  }

  /// For programs: one line of fields.
  private static func line(_ hit: SearchHit) -> String {
    let fields = [
      hit.conversation.id.rawValue, hit.message.id.rawValue, hit.message.createdAt.rfc3339, hit.message.author.rawValue,
    ]
    var bytes = Array(fields.map { "\($0)\t" }.joined().utf8)
    SafeText.appendEscaped(hit.excerpt.text, to: &bytes)
    return String(decoding: bytes, as: UTF8.self) + "\n"
  }

  /// For people: the messages of each conversation below its title, in the order of their best matches.
  static func text(_ hits: [SearchHit], _ session: Session) throws -> String {
    let style = session.output.style
    var order: [ConversationID] = []
    let groups = Dictionary(grouping: hits) { $0.conversation.id }
    for hit in hits where !order.contains(hit.conversation.id) { order.append(hit.conversation.id) }
    return try order.map { id -> String in
      let hits = groups[id] ?? []
      guard let conversation = hits.first?.conversation else { return "" }
      let title = SafeText.line(conversation.title ?? "Untitled")
      let persona = try session.personas().name(of: conversation.personaID)
      let about = SafeText.line("\(conversation.legacyName) · \(persona) · \(session.id(id))")
      func set(_ text: String) -> String { WordWrap.lines(text, width: session.output.width) }
      let messages = hits.map { hit -> String in
        let who = hit.message.author == .user ? "You" : SafeText.line(persona)
        /// Set in by two columns.
        func lines(_ text: String) -> [String] {
          WordWrap.lines(text, width: max(20, session.output.width - 2))
            .split(separator: "\n", omittingEmptySubsequences: false).map { "  \($0)" }
        }
        let head = lines("\(who) · \(session.time(hit.message.createdAt)) · \(hit.message.id.short)")
        return head.map { style.faint($0) + "\n" }.joined()
          + emphasized(lines(marked(hit.excerpt)).joined(separator: "\n"), style) + "\n"
      }
      return "\(style.bold(set(title)))\n\(style.faint(set(about)))\n" + messages.joined()
    }.joined(separator: "\n")
  }

  /// Marks around what was searched for, which take no room and cannot be in safe text.
  private static let (begin, end): (Character, Character) = ("\u{2060}", "\u{2061}")

  private static func marked(_ excerpt: Excerpt) -> String {
    let scalars = Array(excerpt.text.unicodeScalars)
    var text = ""
    var place = 0
    func part(_ range: Range<Int>) -> String {
      var part = String.UnicodeScalarView()
      part.append(contentsOf: scalars[range])
      return SafeText.line(String(part)).filter { $0 != begin && $0 != end }
    }
    for highlight in excerpt.highlights {
      text += part(place..<highlight.lowerBound) + "\(begin)" + part(highlight) + "\(end)"
      place = highlight.upperBound
    }
    text += part(place..<scalars.count)
    // Of paragraphs a space is left.
    while text.contains("  ") { text.replace("  ", with: " ") }
    return text
  }

  private static func emphasized(_ text: String, _ style: Style) -> String {
    guard style.hasColor else { return text.filter { $0 != begin && $0 != end } }
    return text.replacingScalars("\(begin)", with: "\u{1b}[1m").replacingScalars("\(end)", with: "\u{1b}[0m")
  }
}

extension Message.Author: ExpressibleByArgument {}
