/// Paths that were given. A URL is not a path: no file or folder is ever made from one, and it may contain a password.
package enum FilePath {
  /// What else a text is, for errors; nil for a path.
  ///
  /// Whatever begins with `./` is a path, so that a file of any name can be given.
  package static func problem(of text: String) -> String? {
    guard !text.hasPrefix("./"), text.utf8.contains(where: { ":=".utf8.contains($0) }) || text.contains("//") else {
      return nil
    }
    if let scheme = scheme(of: text) { return "is a URL (\(scheme):), not a path" }
    if isURL(text) { return "is a URL, not a path" }
    if isConnectionString(text) { return "is a connection string, not a path" }
    return nil
  }

  /// What a URL begins with, up to its first colon: any scheme before a slash, and those of databases before anything.
  private static func scheme(of text: String) -> Substring? {
    let any = /([A-Za-z][A-Za-z0-9+.\-]+):(?:[A-Za-z0-9+.\-:]*:)?\//
    let known = /(?i)(jdbc|sqlite|postgres|postgresql|mysql|mariadb|redis|mongodb|sqlserver|https?):/
    let text = withoutQuotes(text)
    return [any, known].lazy.compactMap { text.prefixMatch(of: $0.matchingSemantics(.unicodeScalar))?.output.1 }.first
  }

  /// Whether there is a URL somewhere in it, or what is left of one: a user and a password before a host.
  private static func isURL(_ text: String) -> Bool {
    let text = withoutQuotes(text)
    return [/:\/\//, /^postgres(?:ql)?\/\//, /^(?:\/\/)?[^\/]*:[^\/]+@/].contains {
      text.firstMatch(of: $0.matchingSemantics(.unicodeScalar)) != nil
    }
  }

  /// Whether it is the other form that the programs of databases take: names of parameters and their values.
  private static func isConnectionString(_ text: String) -> Bool {
    let text = withoutQuotes(text)
    return [
      /^(?:host|hostaddr|port|dbname|user|service|sslmode)\s*=/,
      /(?i)(?:^|[\s"'?&;,])(?:\w*pass(?:word|wd|file)|pwd)\s*=/,
    ].contains { text.firstMatch(of: $0.matchingSemantics(.unicodeScalar)) != nil }
  }

  /// Without what is copied along with a URL.
  private static func withoutQuotes(_ text: String) -> Substring {
    let marks: Set<Unicode.Scalar> = ["\"", "'", "`", "<", "(", "\u{feff}"]
    return Substring(text.unicodeScalars.drop { $0.properties.isWhitespace || marks.contains($0) })
  }

  /// The path.
  ///
  /// - Parameters:
  ///   - what: how to call it in the error
  ///   - code: of the failure
  /// - Throws: `Failure` for a URL, and for what no file can be called
  package static func checked(
    _ text: String, _ what: String, code: FailureCode = .usage, advice: Advice = "give the path of a file"
  ) throws -> String {
    guard !text.isEmpty else { throw Failure(code, "\(what) is empty", advice: advice) }
    guard !text.utf8.contains(0) else { throw Failure(code, "\(what) contains a NUL character", advice: advice) }
    guard let problem = problem(of: text) else { return text }
    throw Failure(
      code, "\(what) \(problem)", advice: advice.then("put ./ in front if a file is really called that"))
  }

  /// The path to show; for a URL, only its kind.
  package static func shown(_ text: String) -> String {
    problem(of: text) == nil ? text : scheme(of: text).map { "\($0):…" } ?? "…"
  }
}
