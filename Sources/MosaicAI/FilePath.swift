import MosaicAICore

/// Paths that were given. A URL is not a path: no file or folder is ever made from one, and it may contain a password.
enum FilePath {
  /// What comes before the `://` of a URL, or before `:/` in `file:/…`; nil for a path.
  private static func scheme(of text: String) -> Substring? {
    (text.prefixMatch(of: /([A-Za-z][A-Za-z0-9+.\-:]*):\/\//) ?? text.prefixMatch(of: /([Ff][Ii][Ll][Ee]):\//))?.1
  }

  /// The path.
  ///
  /// - Parameter what: how to call it in the error
  /// - Throws: `Failure` with code `usage` for a URL, and for what no file can be called
  static func checked(_ text: String, _ what: String, advice: Advice = "give the path of a file") throws -> String {
    guard !text.isEmpty else { throw Failure(.usage, "\(what) is empty", advice: advice) }
    guard !text.utf8.contains(0) else { throw Failure(.usage, "\(what) contains a NUL character", advice: advice) }
    guard let scheme = scheme(of: text) else { return text }
    throw Failure(.usage, "\(what) is a URL (\(scheme):), not a path", advice: advice)
  }

  /// The path to show; for a URL, only its kind.
  static func shown(_ text: String) -> String { scheme(of: text).map { "\($0)://…" } ?? text }

  /// Whether it is a path.
  static func isPath(_ text: String) -> Bool { scheme(of: text) == nil }
}
