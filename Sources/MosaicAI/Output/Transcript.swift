import MosaicAICore

/// What was said, to be read and printed: without superseded replies, and without what would drive a terminal.
struct Transcript {
  /// A conversation under its heading.
  struct Part {
    let title: String
    let utterances: [Utterance]
  }

  /// What somebody said.
  struct Utterance {
    let isUser: Bool
    let speaker: String
    /// To the minute.
    let time: String
    /// What is to be known of one that is not as it should be.
    let remark: String?
    let text: String
  }

  /// Whom it is about.
  let name: String
  let parts: [Part]

  /// - Parameter personaName: what to call a persona, by its id
  init(_ archive: Archive, personaName: (String) -> String) {
    name = SafeText.line(archive.legacy.name)
    parts = archive.conversations.map { conversation in
      let persona = SafeText.line(personaName(conversation.personaID))
      return Part(
        title: conversation.title.map(SafeText.line) ?? persona,
        utterances: conversation.entries.map(\.message).filter { $0.status != .superseded }.map { message in
          Utterance(
            isUser: message.author == .user, speaker: message.author == .user ? "You" : persona,
            time: Transcript.minute(message.createdAt), remark: Transcript.remark(on: message.status),
            text: SafeText.lines(message.content))
        })
    }
  }

  /// `2026-11-23 06:13 UTC` of an RFC 3339 time.
  private static func minute(_ time: String) -> String {
    time.count > 16 ? "\(time.prefix(10)) \(time.dropFirst(11).prefix(5)) UTC" : time
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
  /// In Markdown. What was said stands in quotations, so that nothing in it can pass for the transcript itself;
  /// emphasis and lists stay, links, images and HTML become plain text.
  var markdown: String {
    var blocks = ["# \(Transcript.literal(name))"]
    for part in parts {
      blocks.append("## \(Transcript.literal(part.title))")
      for utterance in part.utterances {
        let remark = utterance.remark.map { " (\($0))" } ?? ""
        blocks.append("**\(Transcript.literal(utterance.speaker))**, \(utterance.time)\(remark)")
        blocks.append(Transcript.quotation(utterance.text))
      }
    }
    return blocks.joined(separator: "\n\n") + "\n"
  }

  private static func quotation(_ text: String) -> String {
    var lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }.map { escaped(String($0)) }
    while lines.last?.allSatisfy(\.isWhitespace) == true { lines.removeLast() }
    return lines.enumerated().map { index, line in
      let isBroken = !line.isEmpty && index + 1 < lines.count && !lines[index + 1].isEmpty
      return line.isEmpty ? ">" : "> \(line)\(isBroken ? "  " : "")"
    }.joined(separator: "\n")
  }

  /// What could make a link, an image, HTML, or an entity.
  private static let active: Set<Unicode.Scalar> = ["\\", "<", "&", "[", "]"]
  /// What could make emphasis, code, or the end of a heading.
  private static let emphatic: Set<Unicode.Scalar> = ["*", "_", "`", "~", "#"]

  /// A line whose every character stands for itself.
  private static func literal(_ text: String) -> String { escaped(text, active.union(emphatic)) }

  private static func escaped(_ text: String, _ special: Set<Unicode.Scalar> = active) -> String {
    var escaped = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if special.contains(scalar) { escaped.append("\\") }
      escaped.append(scalar)
    }
    return String(escaped)
  }
}

extension Transcript {
  /// As one page of HTML that needs nothing else, to be looked at and printed.
  var html: String {
    var page = """
      <!DOCTYPE html>
      <html>
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
      <title>\(Transcript.entities(name))</title>
      <style>
      body { max-width: 42rem; margin: 2rem auto; padding: 0 1rem; font: 1.05rem/1.6 Georgia, serif; color: #222; background: #fff; }
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
      <h1 dir="auto">\(Transcript.entities(name))</h1>

      """
    for part in parts {
      page += "<section>\n<h2 dir=\"auto\">\(Transcript.entities(part.title))</h2>\n"
      for utterance in part.utterances {
        let remark = utterance.remark.map { " (\($0))" } ?? ""
        page += """
          <article\(utterance.isUser ? " class=\"you\"" : "")>
          <header><b>\(Transcript.entities(utterance.speaker))</b>, \(utterance.time)\(remark)</header>
          <p dir="auto">\(Transcript.entities(utterance.text))</p>
          </article>

          """
      }
      page += "</section>\n"
    }
    return page + "</body>\n</html>\n"
  }

  /// With what HTML would take for its own replaced.
  private static func entities(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
