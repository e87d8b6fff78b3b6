#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// How the database stands, told without changing or creating anything.
public struct DatabaseChecks {
  /// What was found, in the order it was.
  public private(set) var checks: [Check] = []
  /// The database, to read from; nil where there is none, or none that can be read.
  public private(set) var store: Store?

  /// - Parameter path: of the database, and where that was set
  public init(_ path: Sourced<String>) {
    var status = stat()
    guard stat(path.value, &status) == 0 else {
      checks.append(DatabaseChecks.missing(path, errno))
      return
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      let failure = Failure(.storageFailed, "\(path.value) is no file", hint: "name another with --database")
      checks.append(.error("database", path.value, origin: path.origin, because: failure))
      return
    }
    let folder = Store.folder(of: path.value)
    guard access(path.value, R_OK | W_OK) == 0, access(folder, W_OK | X_OK) == 0 else {
      let failure = Failure(
        .storageFailed, "the database or its folder cannot be written",
        hint: "check their permissions, or name another with --database")
      checks.append(.error("database", path.value, origin: path.origin, because: failure))
      return
    }
    checks.append(.ok("database", path.value, origin: path.origin))
    checks.append(
      .ok(
        "database_size", String(DatabaseChecks.size(of: path.value)), message: "bytes, the write-ahead log among them"))
    checks.append(DatabaseChecks.permissions(of: path.value, in: folder))
    inspect(path.value)
  }

  /// Reads the file: whether it is whole, and whether it is ours.
  private mutating func inspect(_ path: String) {
    var findings: [Check] = []
    defer { checks += findings }
    let opened = Check.attempt("database_integrity", into: &findings) { try Store.openForReading(path: path) }
    guard let opened, let damage = Check.attempt("database_integrity", into: &findings, { try opened.findDamage() })
    else { return }
    if let damage {
      let failure = Failure(
        .storageFailed, "the database is damaged: \(damage)", hint: "restore a backup, or name another with --database")
      findings.append(.error("database_integrity", because: failure))
      return
    }
    findings.append(.ok("database_integrity", "whole"))
    guard let version = Check.attempt("database_schema", into: &findings, { try opened.version() }) else { return }
    let isCurrent = version == Schema.version
    findings.append(
      .ok(
        "database_schema", String(version),
        message: isCurrent ? nil : "brought to \(Schema.version) by the next command that writes"))
    if isCurrent { store = opened }
  }

  /// A database that is not there is made by the first command that writes, if that can make it.
  private static func missing(_ path: Sourced<String>, _ code: Int32) -> Check {
    var folder = Store.folder(of: path.value)
    while access(folder, F_OK) != 0, errno == ENOENT, folder != "/", folder != "." { folder = Store.folder(of: folder) }
    var status = stat()
    let isFolder = stat(folder, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    guard code == ENOENT, isFolder, access(folder, W_OK | X_OK) == 0 else {
      let reason = code == ENOENT ? "\(folder) cannot be written" : String(cString: strerror(code))
      return .error(
        "database", path.value, origin: path.origin,
        because: Failure(
          .storageFailed, "the database cannot be created: \(reason)",
          hint: "check the folder's permissions, or name another database with --database"))
    }
    return .ok(
      "database", path.value, origin: path.origin, message: "not there yet; the first command that writes creates it")
  }

  /// Of the file and its write-ahead log, in bytes.
  private static func size(of path: String) -> Int {
    [path, "\(path)-wal"].reduce(0) { sum, path in
      var status = stat()
      return sum + (stat(path, &status) == 0 ? Int(status.st_size) : 0)
    }
  }

  /// Nobody else is to read what is kept: 0600, the folder 0700.
  private static func permissions(of path: String, in folder: String) -> Check {
    func mode(_ path: String) -> mode_t? {
      var status = stat()
      return stat(path, &status) == 0 ? status.st_mode & 0o777 : nil
    }
    func octal(_ mode: mode_t?) -> String { mode.map { "0\(String($0, radix: 8))" } ?? "?" }
    let value = "\(octal(mode(path))), folder \(octal(mode(folder)))"
    let wide = [(path, "600"), ("\(path)-wal", "600"), ("\(path)-shm", "600"), (folder, "700")].filter {
      (mode($0.0) ?? 0) & 0o077 != 0
    }
    guard !wide.isEmpty else { return .ok("database_permissions", value) }
    return .warning(
      "database_permissions", value, message: "others may reach what is kept",
      hint: wide.map { "chmod \($0.1) \(shellQuoted($0.0))" }.joined(separator: "; "))
  }

  /// `text` as one word of a shell.
  private static func shellQuoted(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy { isASCIIAlphanumeric($0) || "/._-+@,".utf8.contains($0) }
    return isPlain ? text : "'\(text.replacing("'", with: "'\\''"))'"
  }
}
