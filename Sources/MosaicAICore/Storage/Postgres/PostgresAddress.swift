import PostgreSQL

/// A database on a server, as its URL names it
/// (https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS).
package struct PostgresAddress: Equatable, Sendable, CustomStringConvertible {
  private let url: String
  /// Without a password, nor anything that could be one.
  package let description: String

  /// - Parameter text: nil is given for any other text than a URL of PostgreSQL's
  package init?(_ text: String) {
    guard let scheme = ["postgresql://", "postgres://"].first(where: text.hasPrefix) else { return nil }
    url = text
    description = scheme + PostgresAddress.shown(text.dropFirst(scheme.count))
  }

  /// - Parameter text: what follows the scheme
  private static func shown(_ text: Substring) -> String {
    let parts = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    // A password that is not encoded can be anywhere before an @.
    guard let head = parts.first, parts.count < 2 || !parts[1].contains("@"), !hasStrayAt(text) else { return "…" }
    guard let at = head.lastIndex(of: "@") else { return String(withoutOddPort(head)) }
    return head[..<at].prefix { $0 != ":" } + "@" + withoutOddPort(head[head.index(after: at)...])
  }

  /// Where no host is named, what looks like a port may be a password.
  private static func withoutOddPort(_ text: Substring) -> String {
    let hosts = text.prefix { $0 != "/" }
    guard let match = hosts.firstMatch(of: /:([^\]]*)$/), !match.1.allSatisfy({ $0.isNumber || ",:.".contains($0) })
    else { return String(text) }
    return String(hosts[..<match.range.lowerBound]) + text[hosts.endIndex...]
  }

  /// Whether there is more than one @ before the parameters, or one after a slash: libpq would take a part of the
  /// password for the name of the host. The same can happen if a mark follows an @.
  private static func hasStrayAt(_ text: Substring) -> Bool {
    guard text.count == text.unicodeScalars.count else { return true }
    let head = text.prefix { $0 != "?" }
    guard let first = head.firstIndex(of: "@") else { return false }
    return head[head.index(after: first)...].contains("@") || head[..<first].contains("/")
  }

  /// The parameters of the connection, with those of ours that neither the URL nor the environment sets.
  ///
  /// - Throws: `Failure` with code `usage` for a URL that cannot be read, `config_invalid` if libpq is missing
  func parameters() throws -> ConnectionParameters {
    let text = url.drop { $0 != "/" }.dropFirst(2)
    guard !PostgresAddress.hasStrayAt(text), !text.drop(while: { $0 != "?" }).contains("@") else {
      throw PostgresAddress.unreadable("a part of it is not percent-encoded")
    }
    do {
      var parameters = try ConnectionParameters(url: url)
      let defaults = try ConnectionParameters.defaults()
      for (keyword, value) in PostgresAddress.standard where parameters[keyword] == nil && defaults[keyword] == nil {
        parameters[keyword] = value
      }
      // Whatever the environment says: ours is UTF-8.
      parameters["client_encoding"] = "UTF8"
      return parameters
    } catch let error as PostgresError where error.phase == .parsing {
      throw PostgresAddress.unreadable(error.message)
    } catch let error as PostgresError {
      throw error.failure(self)
    }
  }

  /// A server that cannot be reached is found out about, in seconds; in milliseconds what TCP is told.
  private static let standard = [
    "connect_timeout": "10", "keepalives_idle": "15", "keepalives_interval": "5", "keepalives_count": "3",
    "tcp_user_timeout": "30000", "fallback_application_name": "mosaic-ai",
  ]

  private static func unreadable(_ reason: String) -> Failure {
    Failure(
      .usage, "the database's URL cannot be read: \(reason)",
      advice: """
        write it as postgresql://USER@HOST:PORT/DATABASE, with other characters than letters and digits as %40 and the \
        like; the password is best kept in ~/.pgpass
        """)
  }
}
