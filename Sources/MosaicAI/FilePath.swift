import MosaicAICore

/// Paths that were given. A URL is not a path: no file or folder is ever made from one, and it may contain a password.
enum FilePath {
  /// What a URL begins with, up to its colon: any scheme before a slash, and those of databases before anything. Nil for a
  /// path.
  private static func scheme(of text: String) -> Substring? {
    let text = text.drop(while: \.isWhitespace)
    let known = /(?i:(jdbc|sqlite|postgres|postgresql|mysql|mariadb|redis|mongodb|sqlserver|https?)):/
    return (text.prefixMatch(of: /([A-Za-z][A-Za-z0-9+.\-:]+):\//)?.output.1)
      ?? text.prefixMatch(of: known)?.output.1
  }

  /// Whether it is the other form that PostgreSQL's programs take: names of parameters and their values.
  private static func isConnectionString(_ text: String) -> Bool {
    text.prefixMatch(of: /\s*(host|hostaddr|port|dbname|user|password|passfile|service|sslmode)\s*=/) != nil
  }

  /// The path.
  ///
  /// - Parameter what: how to call it in the error
  /// - Throws: `Failure` with code `usage` for a URL, and for what no file can be called
  static func checked(_ text: String, _ what: String, advice: Advice = "give the path of a file") throws -> String {
    guard !text.isEmpty else { throw Failure(.usage, "\(what) is empty", advice: advice) }
    guard !text.utf8.contains(0) else { throw Failure(.usage, "\(what) contains a NUL character", advice: advice) }
    if isConnectionString(text) {
      throw Failure(.usage, "\(what) is a connection string, not a path", advice: advice)
    }
    guard let scheme = scheme(of: text) else { return text }
    throw Failure(.usage, "\(what) is a URL (\(scheme):), not a path", advice: advice)
  }

  /// The path to show; for a URL, only its kind.
  static func shown(_ text: String) -> String {
    isConnectionString(text) ? "…" : scheme(of: text).map { "\($0):…" } ?? text
  }
}
