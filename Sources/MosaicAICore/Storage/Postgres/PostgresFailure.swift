import PostgreSQL

extension PostgresError {
  /// What the server does not let happen now, but may soon.
  var isTemporary: Bool {
    // Too many connections, no memory; starting up, shutting down.
    ["53300", "53200", "57P03", "57P01"].contains(sqlState)
  }

  /// Whether the same transaction, done again, may end otherwise: what others did at the same time was in its way.
  var isConflict: Bool { ["40001", "40P01"].contains(sqlState) }

  /// Whether someone else had a lock for too long.
  var isLockTimeout: Bool { sqlState == "55P03" }

  /// Whether the server ended the statement, since it took too long.
  var isCanceled: Bool { sqlState == "57014" }

  /// Whether the server has no database of that name.
  var isNoDatabase: Bool { sqlState == "3D000" }

  /// Whether the server can only be read, as a standby.
  var isReadOnly: Bool { sqlState == "25006" }

  /// Whether there is no way to the server, or it ended the connection.
  var isUnreachable: Bool { phase == .lost || (phase == .connecting && sqlState == nil && !isOfSettings) }

  /// Whether the connection cannot be made with what was set, now or later.
  private var isOfSettings: Bool {
    guard phase == .connecting, !isTemporary else { return false }
    if let sqlState { return !["08", "53", "57"].contains(sqlState.prefix(2)) }
    let words = [
      "SSL was required", "does not support SSL", "certificate", "SSL error", "private key", "no password supplied",
      "password retrieved from file", "authentication method", "GSS", "SCRAM", "channel binding", "invalid",
      "definition of service", "service file", "sslmode", "require auth",
    ]
    // Not in what is quoted, such as the name of a host.
    let text = message.replacing((/"[^"]*"/).matchingSemantics(.unicodeScalar), with: "\"\"")
    return words.contains(where: text.contains)
  }

  /// As a failure of the database's. The server's words are only shown where they hold no words of a message.
  func failure(_ address: PostgresAddress) -> Failure {
    switch phase {
    case .loading:
      let what = "cannot load libpq, PostgreSQL's client library"
      if let shortage = LocalFile.SystemError(code: systemError).shortage(what) { return shortage }
      return Failure(
        .configInvalid, "\(what): \(message)",
        advice: "install it: the package is called libpq5 in Debian and Ubuntu, libpq in Fedora and Homebrew")
    case .parsing: return Failure(.usage, "the database's URL cannot be read: \(message)")
    case .connecting where isOfSettings:
      return Failure(.configInvalid, "the database \(address) cannot be used: \(reason)", advice: settingsAdvice)
    case .connecting where sqlState == "53300":
      return Failure(
        .databaseUnavailable, "the database \(address) has too many connections",
        advice: "try again later; or ask for a higher max_connections, or a pooler in session mode")
    case .connecting:
      return Failure(
        .databaseUnavailable, "cannot reach the database \(address): \(reason)",
        advice: "try again later; check that the server runs, and the host and the port in the URL")
    case .lost:
      return Failure(
        .databaseUnavailable, "the connection to the database \(address) was lost: \(reason)",
        advice: "try again later")
    case .statement: return statementFailure(address)
    }
  }

  private func statementFailure(_ address: PostgresAddress) -> Failure {
    switch sqlState ?? "" {
    case _ where isReadOnly:
      return Failure(
        .databaseUnavailable, "the database \(address) can only be read: the server may be a standby",
        advice: "name the primary, or several hosts and target_session_attrs=read-write")
    case _ where isConflict || isLockTimeout:
      return Failure(
        .busy, "other processes keep the database \(address) busy", advice: "try again when they have finished")
    case _ where isCanceled:
      return Failure(
        .databaseUnavailable, "the database \(address) ended a statement that took too long",
        advice: "try again later; or ask for a higher statement_timeout for this role")
    case "42501":
      return Failure(
        .configInvalid, "this role may not use the tables of \(address)",
        advice: "have the owner of the database grant it the rights that the guide lists")
    case "42P01", "3F000":
      return Failure(
        .storageFailed, "the tables that \(address) had are gone", advice: .tablesGone)
    case let state where ["53", "58"].contains(state.prefix(2)):
      return Failure(
        .storageFailed, "the server of \(address) cannot store anything: \(message)",
        advice: "free some space on the server's disk, then try again")
    case let state where ["XX", "F0"].contains(state.prefix(2)):
      return Failure(.storageFailed, "the database \(address) is damaged: \(message)", advice: .tablesGone)
    case let state:
      return Failure(.internal, "the database \(address) refused an operation (SQLSTATE \(state))", advice: .reportBug)
    }
  }

  /// Why there is no connection, without the place that the address shows already.
  private var reason: String {
    var text = message[...]
    if let range = text.ranges(of: " failed: ").last { text = text[range.upperBound...] }
    if let range = text.firstRange(of: "Is the server running") { text = text[..<range.lowerBound] }
    if let range = text.firstRange(of: "FATAL:  ") { text = text[range.upperBound...] }
    while text.last?.isWhitespace == true || text.last == "." { text.removeLast() }
    return text.isEmpty ? "no answer" : String(text)
  }

  private var settingsAdvice: Advice {
    switch sqlState {
    case "28P01": "check the user and the password: PGPASSWORD, or a line in ~/.pgpass, which only you may read"
    case "28000": "check the user; on the server, a line of pg_hba.conf has to let it in"
    case "3D000": "check the database's name in the URL, or create it: createdb NAME"
    case nil where message.contains("no password"):
      "give the password in ~/.pgpass, which only you may read, or in PGPASSWORD"
    case nil where ["SSL", "certificate", "sslmode"].contains(where: reason.contains):
      "check sslmode and sslrootcert in the URL, and whether the server offers TLS"
    default: "check the URL, and the variables that begin with PG"
    }
  }
}
