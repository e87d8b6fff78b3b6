import Platform

/// The state of the database, without changing or creating anything.
package struct DatabaseChecks {
  /// What was found, in the order it was.
  package private(set) var checks: [Check] = []
  /// The database, to read from; nil if there is none, or none that can be read.
  package private(set) var store: (any Store)?

  /// - Parameters:
  ///   - location: of the database, and where that was set
  ///   - isDeep: reads all of a file, which takes long if it is large
  package init(_ location: Sourced<DatabaseLocation>, isDeep: Bool = false) {
    switch location.value {
    case .file(let path): inspect(Sourced(path, from: location.origin), isDeep)
    case .server(let address): inspect(address, location.origin)
    }
  }

  /// Connects to a server, and looks at what it offers.
  private mutating func inspect(_ address: PostgresAddress, _ origin: SettingOrigin) {
    let opened: PostgresStore
    do {
      opened = try PostgresStore.openForReading(address)
    } catch {
      checks.append(.error("database", address.description, origin: origin, because: .from(error)))
      return
    }
    let facts = opened.facts
    checks.append(.ok("database", address.description, origin: origin))
    checks.append(
      .ok(
        "database_server", "PostgreSQL \(facts.serverVersion / 10_000).\(facts.serverVersion % 10_000)",
        message: facts.isEncrypted ? "encrypted" : "not encrypted"))
    if facts.isStandby {
      checks.append(
        .warning(
          "database_role", "standby", message: "nothing can be written",
          advice: "name the primary, or several hosts and target_session_attrs=read-write"))
    }
    checks.append(DatabaseChecks.tables(facts.tables, newest: PostgresSchema.version))
    if facts.tables == PostgresSchema.version { store = opened }
  }

  /// Whether the tables are those of this version.
  private static func tables(_ version: Int, newest: Int) -> Check {
    .ok(
      "database_schema", String(version),
      message: version == newest ? nil : "the next command that writes brings it to \(newest)")
  }

  private mutating func inspect(_ path: Sourced<String>, _ isDeep: Bool) {
    let place: String
    do {
      place = try DatabasePath.resolved(path.value)
    } catch {
      checks.append(.error("database", path.value, origin: path.origin, because: .from(error)))
      return
    }
    if case .configuration = path.origin, !path.value.hasPrefix("/") {
      checks.append(
        .warning(
          "database_path", path.value, message: "it is another database in each folder that you work in",
          advice: "write the whole path there, beginning with / or ~"))
    }
    let file = LocalFile(place)
    var status = stat()
    guard stat(place, &status) == 0 else {
      checks.append(DatabaseChecks.missing(path, at: place, .current))
      return
    }
    guard file.isReadable, file.isWritable, file.folder.isWritable, file.folder.isSearchable else {
      let failure = Failure(
        .storageFailed, "the database or its folder cannot be written",
        advice: .either(["check their permissions", .change(.database, to: [])]))
      checks.append(.error("database", path.value, origin: path.origin, because: failure))
      return
    }
    checks.append(.ok("database", path.value, origin: path.origin))
    checks.append(
      .ok("database_size", String(DatabaseChecks.size(of: file)), message: "bytes, including the write-ahead log"))
    checks.append(DatabaseChecks.permissions(of: file))
    if let warning = SQLiteStore.warningOfNames(path: place) {
      checks.append(.warning("database_names", message: warning.message, advice: warning.advice))
    }
    if let failure = SQLiteStore.failureOfLocks(path: place) {
      checks.append(.error("database_locks", because: failure))
      return
    }
    inspect(place, isDeep)
  }

  /// Reads the file: whether it is ours and, if asked to, whether it is whole.
  private mutating func inspect(_ path: String, _ isDeep: Bool) {
    var findings: [Check] = []
    defer { checks += findings }
    let name = "database_integrity"
    guard let opened = Check.attempt(name, into: &findings, { try SQLiteStore.openForReading(path: path) }) else {
      return
    }
    if isDeep {
      guard let damage = Check.attempt(name, into: &findings, { try opened.findDamage() }) else { return }
      if let damage {
        let failure = Failure(
          .storageFailed, "the database is damaged: \(damage)",
          advice: .either([.restoreBackup, .change(.database, to: [])]))
        findings.append(.error(name, because: failure))
        return
      }
      findings.append(.ok(name, "whole"))
    }
    guard let version = Check.attempt("database_schema", into: &findings, { try opened.version() }) else { return }
    findings.append(DatabaseChecks.tables(version, newest: Schema.version))
    if version == Schema.version { store = opened }
  }

  /// A database that is not there is created by the first command that writes, if it can be.
  ///
  /// - Parameter place: its path without links
  private static func missing(_ path: Sourced<String>, at place: String, _ error: LocalFile.SystemError) -> Check {
    var folder = LocalFile(place).folder
    while !folder.exists, errno == ENOENT, folder.path != "/", folder.path != "." { folder = folder.folder }
    guard error.code == ENOENT, folder.isFolder, folder.isWritable, folder.isSearchable else {
      let reason = error.code == ENOENT ? "\(folder.path) cannot be written" : error.description
      return .error(
        "database", path.value, origin: path.origin,
        because: Failure(
          .storageFailed, "cannot create the database: \(reason)",
          advice: .either(["check the permissions of the folder", .change(.database, to: [])])))
    }
    if let failure = DatabasePath.failureOfLockFile(besideDatabase: place) {
      return .error("database", path.value, origin: path.origin, because: failure)
    }
    return .ok(
      "database", path.value, origin: path.origin,
      message: "does not exist yet; the first command that writes creates it"
    )
  }

  /// Of the file and its write-ahead log, in bytes.
  private static func size(of file: LocalFile) -> Int {
    (file.size ?? 0) + (LocalFile("\(file.path)-wal").size ?? 0)
  }

  /// Nobody else should be able to read it: 0600, the folder 0700.
  private static func permissions(of file: LocalFile) -> Check {
    func octal(_ mode: mode_t?) -> String { mode.map { "0\(String($0, radix: 8))" } ?? "?" }
    let value = "\(octal(file.mode)), folder \(octal(file.folder.mode))"
    let files = [file.path, "\(file.path)-wal", "\(file.path)-shm"].map { ($0, "600") } + [(file.folder.path, "700")]
    let open = files.filter { (LocalFile($0.0).mode ?? 0) & 0o077 != 0 }
    guard !open.isEmpty else { return .ok("database_permissions", value) }
    return .warning(
      "database_permissions", value, message: "others can read it",
      advice: .text(open.map { "chmod \($0.1) \(shellQuoted($0.0))" }.joined(separator: "; ")))
  }
}
