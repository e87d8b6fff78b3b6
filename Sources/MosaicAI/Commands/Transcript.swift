import MosaicAICore

/// A conversation to read and print, without superseded replies and terminal control sequences.
struct Transcript {
  /// The format it is written in.
  enum Markup {
    /// What was said stands in quotations, so that nothing in it can pass for the transcript itself; emphasis and lists
    /// stay, links, images and HTML become plain text.
    case markdown
    /// One page that needs nothing else, to be looked at and printed.
    case html
  }

  private let markup: Markup
  /// The name of a persona, by its id.
  private let personaName: (String) -> String
  /// Of the conversation that is being written; nil before the first.
  private var persona: String?

  init(_ markup: Markup, personaName: @escaping (String) -> String) {
    self.markup = markup
    self.personaName = personaName
  }

  /// The text of the next part.
  mutating func add(_ part: Archive.Part) -> String {
    switch part {
    case .legacy(let legacy):
      let name = SafeText.line(legacy.name)
      return markup == .html ? Transcript.beginPage(name) : "# \(Markdown.literal(name))\n"
    case .conversation(let conversation):
      let isFirst = persona == nil
      let persona = SafeText.line(personaName(conversation.personaID))
      self.persona = persona
      let title = conversation.title.map(SafeText.line) ?? persona
      return markup == .html ? Transcript.beginSection(title, isFirst) : "\n## \(Markdown.literal(title))\n"
    case .message(let placed) where placed.message.status == .superseded: return ""
    case .message(let placed):
      let utterance = Utterance(placed.message, persona: persona ?? "")
      return markup == .html ? Transcript.article(utterance) : Transcript.paragraphs(utterance)
    case .end: return markup == .html ? "\(persona == nil ? "" : "</section>\n")</body>\n</html>\n" : ""
    }
  }

  /// What someone said.
  private struct Utterance {
    let isUser: Bool
    let speaker: String
    /// When it was said, to the minute, and a remark if it is not complete.
    let time: String
    let text: String

    init(_ message: Message, persona: String) {
      isUser = message.author == .user
      speaker = isUser ? "You" : persona
      time = message.createdAt.minute + (Transcript.remark(on: message.status).map { " (\($0))" } ?? "")
      text = SafeText.lines(message.content)
    }
  }

  private static func remark(on status: Message.Status) -> String? {
    switch status {
    case .failed: "no reply"
    case .interrupted: "broke off"
    case .blocked: "blocked"
    case .complete, .pending, .streaming, .superseded: nil
    }
  }
}

extension Transcript {
  private static func paragraphs(_ utterance: Utterance) -> String {
    "\n**\(Markdown.literal(utterance.speaker))**, \(utterance.time)\n\n\(quotation(utterance.text))\n"
  }

  private static func quotation(_ text: String) -> String {
    // Escaped first: no escape is, or goes into, a line break.
    var lines = Markdown.inert(text).split(omittingEmptySubsequences: false) { $0.isNewline }.map(String.init)
    while lines.last?.allSatisfy(\.isWhitespace) == true { lines.removeLast() }
    return lines.enumerated().map { index, line in
      let isBroken = !line.isEmpty && index + 1 < lines.count && !lines[index + 1].isEmpty
      return line.isEmpty ? ">" : "> \(line)\(isBroken ? "  " : "")"
    }.joined(separator: "\n")
  }
}

extension Transcript {
  private static func beginPage(_ name: String) -> String {
    """
    <!DOCTYPE html>
    <html>
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
    <title>\(entities(name))</title>
    <style>
    body { max-width: 42rem; margin: 2rem auto; padding: 0 1rem; font: 1.05rem/1.6 Georgia, serif; \
    color: #222; background: #fff; }
    h1, h2 { font-weight: normal; line-height: 1.25; }
    h2 { margin-top: 3rem; border-bottom: 1px solid #ccc; break-after: avoid; }
    header { font: 0.85rem/1.4 sans-serif; color: #666; break-after: avoid; }
    header b { color: #222; }
    article { margin: 1.5rem 0; }
    article p { margin: 0.25rem 0 0; white-space: pre-wrap; overflow-wrap: anywhere; }
    article.you p { border-left: 3px solid #bbb; padding-left: 0.75rem; }
    @media print { body { margin: 0; max-width: none; font-size: 11pt; } }
    </style>
    </head>
    <body>
    <h1 dir="auto">\(entities(name))</h1>

    """
  }

  private static func beginSection(_ title: String, _ isFirst: Bool) -> String {
    "\(isFirst ? "" : "</section>\n")<section>\n<h2 dir=\"auto\">\(entities(title))</h2>\n"
  }

  private static func article(_ utterance: Utterance) -> String {
    """
    <article\(utterance.isUser ? " class=\"you\"" : "")>
    <header><b>\(entities(utterance.speaker))</b>, \(utterance.time)</header>
    <p dir="auto">\(entities(utterance.text))</p>
    </article>

    """
  }

  /// With the characters that mean something in HTML replaced.
  private static func entities(_ text: String) -> String {
    var escaped: [UInt8] = []
    escaped.reserveCapacity(text.utf8.count + 16)
    for byte in text.utf8 {
      switch Unicode.Scalar(byte) {
      case "&": escaped.append(contentsOf: "&amp;".utf8)
      case "<": escaped.append(contentsOf: "&lt;".utf8)
      case ">": escaped.append(contentsOf: "&gt;".utf8)
      case "\"": escaped.append(contentsOf: "&quot;".utf8)
      case "'": escaped.append(contentsOf: "&#39;".utf8)
      default: escaped.append(byte)
      }
    }
    return String(decoding: escaped, as: UTF8.self)
  }
}
