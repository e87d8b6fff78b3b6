import MosaicAICore
import Platform

/// The environment variables of this process. Swift silently repairs text that is not UTF-8, which would make another
/// folder of a folder's name and another user of a user's: such variables are kept apart.
struct ProcessEnvironment {
  /// Of a variable that is set twice, the first one.
  private(set) var variables: [String: String] = [:]
  /// `NAME=VALUE` that is not UTF-8, for programs that are started.
  private(set) var foreign: [[UInt8]] = []
  /// The names of those that this program would use.
  private(set) var unreadable: [String] = []
  /// The names of those that say how to trace.
  private(set) var unreadableForTraces: [String] = []

  /// Foundation's ProcessInfo gives variables too, but its first use costs more than reading them all.
  ///
  /// - Parameter entries: as environ(7) has them
  init(_ entries: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) {
    var next = entries
    while let entry = next.pointee {
      next += 1
      guard let text = String(validatingCString: entry) else {
        add(foreign: UnsafeBufferPointer(start: entry, count: strlen(entry)).map { UInt8(bitPattern: $0) })
        continue
      }
      // By scalars: a value may begin with a mark, which makes another character of the sign.
      let scalars = text.unicodeScalars
      guard let equals = scalars.firstIndex(of: "=") else { continue }
      let name = String(text[..<equals])
      if variables[name] == nil { variables[name] = String(text[scalars.index(after: equals)...]) }
    }
  }

  private mutating func add(foreign entry: [UInt8]) {
    foreign.append(entry)
    guard let name = String(validating: entry.prefix { $0 != UInt8(ascii: "=") }, as: UTF8.self) else { return }
    let isOurs =
      ["MOSAIC_AI_", "AWS_", "XDG_"].contains { name.hasPrefix($0) }
      || ["HOME", "TMPDIR", "VISUAL", "EDITOR", "PAGER", "SSL_CERT_FILE", "SSL_CERT_DIR"].contains(name)
      || name.lowercased().hasSuffix("_proxy")
    if isOurs { unreadable.append(name) }
    if name.hasPrefix("OTEL_") || name == "TRACEPARENT" { unreadableForTraces.append(name) }
  }

  /// Why a variable cannot be used; nil if it is UTF-8, or not set.
  func failure(of name: String) -> Failure? {
    variables[name] == nil && isSet(name) ? ProcessEnvironment.encodingFailure(name) : nil
  }

  /// Makes UTC of a time zone that is a pipe or a device: the C library would wait for it, or read it without end, and
  /// no signal would end that (tzset(3)). A file that is no time zone is UTC to it, too.
  func replaceEndlessTimeZone() {
    guard let name = variables["TZ"] else { return }
    let path = name.hasPrefix(":") ? String(name.dropFirst()) : name
    let file = LocalFile(path.hasPrefix("/") ? path : "\(variables["TZDIR"] ?? "/usr/share/zoneinfo")/\(path)")
    if file.exists, !file.isRegular { setenv("TZ", "UTC0", 1) }
  }

  /// The failure for a variable that is not UTF-8.
  static func encodingFailure(_ name: String) -> Failure {
    Failure(
      .invalidInput, "the environment variable \(name) is not valid UTF-8",
      advice: "convert it first, for example with `iconv -t UTF-8`")
  }

  /// Whether a variable is set, be it to nothing or to what is not UTF-8.
  func isSet(_ name: String) -> Bool {
    variables[name] != nil || foreign.contains { $0.starts(with: "\(name)=".utf8) }
  }
}

/// The user who started this process, as the system knows them.
struct Account {
  /// Nil if the system has no entry, or one that cannot be read.
  let name: String?
  let home: String?
  /// Why the name could not be read.
  let failure: Failure?
  /// Why the home folder could not be read.
  let homeFailure: Failure?

  /// The user of this process.
  static func current() -> Account {
    errno = 0
    guard let entry = getpwuid(geteuid()) else {
      // A user may have no entry; systems report that with different error numbers (getpwuid(3)).
      let error = LocalFile.SystemError.current
      let isBroken = ![0, ENOENT, ESRCH, EBADF, EPERM].contains(error.code)
      func failure(_ what: String, _ advice: Advice) -> Failure? {
        guard isBroken else { return nil }
        return Failure(
          .storageFailed, "cannot find out your \(what): \(error)",
          advice: error.advice.map { .either([$0, advice]) } ?? advice)
      }
      return Account(
        name: nil, home: nil, failure: failure("login name", .choose(.user, from: [])),
        homeFailure: failure("home folder", Account.setHome))
    }
    let name = entry.pointee.pw_name.flatMap { String(validatingCString: $0) }
    let home = entry.pointee.pw_dir.flatMap { String(validatingCString: $0) }
    let failure = Failure(
      .invalidInput, "your login name is not valid UTF-8", advice: .choose(.user, from: []))
    let homeFailure = Failure(
      .invalidInput, "the name of your home folder is not valid UTF-8", advice: Account.setHome)
    return Account(
      name: name, home: home, failure: name == nil ? failure : nil, homeFailure: home == nil ? homeFailure : nil)
  }

  private static let setHome: Advice = "set HOME to the folder to use instead"
}
