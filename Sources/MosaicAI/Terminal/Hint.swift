/// What to do about an error: text, and command lines to copy.
struct Hint: Equatable, Sendable {
  enum Segment: Equatable, Sendable {
    case text(String)
    /// A command line, as it is typed.
    case command(String)
    /// One of several things to choose from.
    case items([String])
  }

  private(set) var segments: [Segment] = []

  init(_ segments: [Segment]) { for segment in segments { append(segment) } }

  /// Text in which command lines stand between backticks.
  init(marked text: String) {
    for (index, part) in text.split(separator: "`", omittingEmptySubsequences: false).enumerated() {
      let isQuoted = index % 2 == 1
      append(isQuoted && part.contains(" ") ? .command(String(part)) : .text(isQuoted ? "`\(part)`" : String(part)))
    }
  }

  /// Several hints, with text between them.
  init(joining hints: [Hint], with separator: String) {
    for (index, hint) in hints.enumerated() {
      if index > 0 { append(.text(separator)) }
      for segment in hint.segments { append(segment) }
    }
  }

  /// Adds a segment; text joins the text before it.
  private mutating func append(_ segment: Segment) {
    switch (segments.last, segment) {
    case (_, .text("")): break
    case (.text(let before), .text(let text)): segments[segments.count - 1] = .text(before + text)
    default: segments.append(segment)
    }
  }

  /// All of it on one line, commands between backticks.
  var line: String {
    segments.map { segment in
      switch segment {
      case .text(let text): text
      case .command(let command): "`\(command)`"
      case .items(let items): items.prefix(3).joined(separator: ", ") + (items.count > 3 ? ", …" : "")
      }
    }.joined()
  }

  /// For people: text broken between words, each command and each item on a line of its own.
  ///
  /// - Parameter indent: of every line but the first, in columns; the first has that much before it already
  func lines(width: Int, indent: Int) -> [String] {
    var lines: [String] = []
    let margin = String(repeating: " ", count: indent)
    func add(_ text: String, _ mark: String = "") {
      for (index, line) in WordWrap.lines(SafeText.line(text), width: width - indent - mark.count)
        .split(separator: "\n", omittingEmptySubsequences: false).enumerated()
      {
        let words = String(line.reversed().drop { $0 == " " }.reversed())
        lines.append(margin + (index == 0 ? mark : String(repeating: " ", count: mark.count)) + words)
      }
    }
    for (index, segment) in segments.enumerated() {
      switch segment {
      case .text(let text):
        // A new line stands for what would separate it.
        let words = String(text.drop { index > 0 && ";, ".contains($0) }.reversed().drop { $0 == " " }.reversed())
        guard !words.isEmpty else { continue }
        let isIntroduction = index + 1 < segments.count && !":;,".contains(words.last ?? " ")
        add(isIntroduction ? words + ":" : String(words.reversed().drop { ";,".contains($0) }.reversed()))
      case .command(let command): lines.append("\(margin)  \(SafeText.line(command))")
      case .items(let items):
        for item in items.prefix(10) { add(item, "- ") }
        if items.count > 10 { add("…", "- ") }
      }
    }
    if !lines.isEmpty { lines[0] = String(lines[0].dropFirst(indent)) }
    return lines
  }
}

extension Hint: ExpressibleByStringInterpolation {
  init(stringLiteral text: String) { self.init([.text(text)]) }
  init(stringInterpolation: StringInterpolation) { self.init(stringInterpolation.segments) }

  struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var segments: [Segment] = []

    init(literalCapacity: Int, interpolationCount: Int) {}

    mutating func appendLiteral(_ text: String) { segments.append(.text(text)) }
    mutating func appendInterpolation(_ text: String) { segments.append(.text(text)) }
    mutating func appendInterpolation(command: String) { segments.append(.command(command)) }
    mutating func appendInterpolation(items: [String]) { segments.append(.items(items)) }
  }
}
