import ArgumentParser

/// What lists and single values can be written as.
enum OutputFormat: String, CaseIterable, ExpressibleByArgument {
  /// For people; through a pipe, columns separated by tabs.
  case text
  /// One value.
  case json
  /// One object a line.
  case ndjson
}

/// What a reply can be written as.
enum ReplyFormat: String, CaseIterable, ExpressibleByArgument {
  /// The reply alone.
  case text
  /// One object at the end.
  case json
  /// One event a line.
  case ndjson
  /// One server-sent event each.
  case sse
}

/// What an export can be written as.
enum ExportFormat: String, CaseIterable, ExpressibleByArgument {
  /// Markdown.
  case text
  /// For people, and for programs that print.
  case markdown
  /// One page.
  case html
  /// One value.
  case json
  /// One object a line, which `import` reads.
  case ndjson
}
