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
      || ["HOME", "TMPDIR", "VISUAL", "EDITOR", "SSL_CERT_FILE", "SSL_CERT_DIR"].contains(name)
      || name.lowercased().hasSuffix("_proxy")
    if isOurs { unreadable.append(name) }
  }
}

/// The user who started this process, as the system knows them.
struct Account {
  /// Nil if the system has no entry, or one that cannot be read.
  let name: String?
  let home: String?
  /// Why it could not be read.
  let failure: Failure?

  /// The user of this process.
  static func current() -> Account {
    errno = 0
    guard let entry = getpwuid(geteuid()) else {
      // A user may have no entry; systems report that with different error numbers.
      let error = LocalFile.SystemError.current
      let isBroken = [EMFILE, ENFILE, EIO, ENOMEM].contains(error.code)
      let failure = Failure(
        .storageFailed, "cannot find out your login name: \(error)",
        advice: error.advice.map { .either([$0, .choose(.user, from: [])]) } ?? .choose(.user, from: []))
      return Account(name: nil, home: nil, failure: isBroken ? failure : nil)
    }
    let name = entry.pointee.pw_name.flatMap { String(validatingCString: $0) }
    let home = entry.pointee.pw_dir.flatMap { String(validatingCString: $0) }
    let failure = Failure(
      .invalidInput, "your login name is not valid UTF-8", advice: .choose(.user, from: []))
    return Account(name: name, home: home, failure: name == nil ? failure : nil)
  }
}
