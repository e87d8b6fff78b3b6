import Platform

/// A file of the user's, by its path.
package struct LocalFile: Sendable {
  /// As it is opened.
  package let path: String

  package init(_ path: String) { self.path = path }

  /// Why a file could not be used, in the system's words.
  package struct SystemError: Error, Equatable, CustomStringConvertible {
    /// The number of errno(3).
    package let code: Int32

    package init(code: Int32) { self.code = code }

    /// The error of the system call that just failed.
    package static var current: SystemError { SystemError(code: errno) }

    package var description: String { String(cString: strerror(code)) }

    /// What to do about it in any case; nil if that depends.
    package var advice: Advice? {
      switch code {
      case EMFILE, ENFILE: "allow more open files, for example with `ulimit -n 256`"
      case EAGAIN: "end other programs, or allow more processes with `ulimit -u unlimited`"
      case ENOMEM: "end other programs, or allow more memory with `ulimit -v unlimited`"
      case EFBIG: "allow larger files with `ulimit -f unlimited`"
      case ENOSPC, EDQUOT: "free some disk space, then try again"
      case ENAMETOOLONG: "choose a shorter name"
      default: nil
      }
    }

    /// The failure of something that the system has no descriptor, no process or no memory for; nil for any other
    /// error.
    ///
    /// - Parameter what: failed
    package func shortage(_ what: String) -> Failure? {
      guard [EMFILE, ENFILE, EAGAIN, ENOMEM].contains(code) else { return nil }
      return Failure(.storageFailed, "\(what): \(self)", advice: advice)
    }

    /// The failure of something to do with a file: a shortage if that is the reason, otherwise one with `code`.
    ///
    /// - Parameter what: failed
    package func failure(_ code: FailureCode, _ what: String) -> Failure {
      shortage(what) ?? Failure(code, "\(what): \(self)")
    }

    /// The failure to read a file.
    ///
    /// - Parameter name: the file's path, or what to call it
    package func failureToRead(_ code: FailureCode, _ name: String) -> Failure {
      var failure = failure(code, "cannot read \(name)")
      if self.code == EACCES { failure.advice = "make it readable for yourself" }
      return failure
    }

    /// The failure of a file in the folder for temporary files.
    ///
    /// - Parameter what: failed
    package func ofTemporaryFile(_ what: String) -> Failure {
      let isOfFolder = advice == nil || [ENOSPC, EDQUOT, ENAMETOOLONG].contains(code)
      return Failure(
        .outputFailed, "\(what): \(self)", advice: isOfFolder ? "set TMPDIR to a folder with room" : advice)
    }
  }

  /// The names of what is in the folder; none if it is not a folder, or cannot be read.
  var fileNames: [String] {
    guard let folder = opendir(path) else { return [] }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if ![".", ".."].contains(name) { names.append(name) }
    }
    return names
  }

  /// Whether anything is there.
  package var exists: Bool { access(path, F_OK) == 0 }
  /// Whether it is there and is an ordinary file.
  package var isRegular: Bool { kind == S_IFREG }
  /// Whether it is there and is a folder.
  package var isFolder: Bool { kind == S_IFDIR }
  /// Whether it is there and is a pipe.
  package var isPipe: Bool { kind == S_IFIFO }
  package var isReadable: Bool { access(path, R_OK) == 0 }
  /// Whether this process may not read it, or not even find out whether it is there.
  package var isForbidden: Bool { access(path, R_OK) != 0 && errno == EACCES }
  package var isWritable: Bool { access(path, W_OK) == 0 }
  /// Whether what is in the folder can be reached.
  package var isSearchable: Bool { access(path, X_OK) == 0 }
  /// In bytes; nil if it is not there.
  package var size: Int? { status.map { Int($0.st_size) } }
  /// The permission bits; nil if it is not there.
  package var mode: mode_t? { status.map { $0.st_mode & 0o777 } }

  /// Whether it is a link, wherever that leads.
  var isLink: Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
  }
  /// How many names the file has; nil if it is not there.
  package var nameCount: Int? { status.map { Int($0.st_nlink) } }

  /// The folder it is in.
  package var folder: LocalFile {
    var parts = path.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.contains(where: { !$0.isEmpty }) else { return LocalFile(path.isEmpty ? "." : "/") }
    while parts.last == "" { parts.removeLast() }
    parts.removeLast()
    return LocalFile(parts.isEmpty ? "." : parts == [""] ? "/" : parts.joined(separator: "/"))
  }

  /// Its name in its folder.
  package var name: String { path.split(separator: "/").last.map { String($0) } ?? "" }

  /// Its path without links; nil if nothing is there, or if the path is not UTF-8.
  package var resolved: String? { withResolved { String(validatingCString: $0) } ?? nil }

  /// How many bytes its path has without links, also if they are not UTF-8; nil if nothing is there.
  var resolvedLength: Int? { withResolved { strlen($0) } }

  private func withResolved<Result>(_ body: (UnsafeMutablePointer<CChar>) -> Result) -> Result? {
    realpath(path, nil).map { pointer in
      defer { free(pointer) }
      return body(pointer)
    }
  }

  /// A link leads to a path that cannot be written as text.
  package struct UnreadableLink: Error, CustomStringConvertible {
    package let path: String

    package var description: String { "the link \(path) leads to a path that is not valid UTF-8" }
  }

  /// Its path without links, also if the file is not there yet: where one that is opened under this path would be made.
  ///
  /// - Throws: `UnreadableLink`
  package func destination() throws -> String {
    var path = path
    // As many links as Linux follows.
    for _ in 0..<40 {
      if let resolved = LocalFile(path).resolved { return resolved }
      let file = LocalFile(path)
      guard let target = try file.linkTarget() else {
        guard file.folder.path != path, !file.name.isEmpty else { return path }
        let folder = try file.folder.destination()
        return folder == "/" ? "/\(file.name)" : "\(folder)/\(file.name)"
      }
      path = target.hasPrefix("/") ? target : "\(file.folder.path)/\(target)"
    }
    return path
  }

  /// Where it leads if it is a link.
  private func linkTarget() throws -> String? {
    var bytes = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink(path, &bytes, bytes.count)
    guard count > 0 else { return nil }
    guard let target = String(validating: bytes[..<count].lazy.map { UInt8(bitPattern: $0) }, as: UTF8.self) else {
      throw UnreadableLink(path: path)
    }
    return target
  }

  /// What kind of file it is, as stat(2) has it; nil if it is not there.
  private var kind: mode_t? { status.map { $0.st_mode & S_IFMT } }

  private var status: stat? {
    var status = stat()
    return stat(path, &status) == 0 ? status : nil
  }

  /// The whole file; nil if it is not there.
  ///
  /// - Parameters:
  ///   - limit: the most bytes it may have
  ///   - cancellation: ends waiting for a pipe early
  /// - Throws: `SystemError` if it cannot be read; `TooLarge`; `Failure` with code `interrupted`
  package func contents(limit: Int = LocalFile.usualLimit, _ cancellation: Cancellation = .never) throws -> [UInt8]? {
    // Opening a pipe would wait for its writer, whatever signals come; reading waits for both.
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw SystemError.current
    }
    defer { close(descriptor) }
    let isPipe = kind == S_IFIFO
    var bytes: [UInt8] = []
    // Most of a large file may be holes, and a device may have any size.
    bytes.reserveCapacity(min(size ?? 0, limit, 1 << 20))
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      if isPipe { try cancellation.waitUntilReadable(descriptor) }
      let count = read(descriptor, &buffer, buffer.count)
      if count < 0 && errno == EINTR { continue }
      if count < 0 && errno == EAGAIN {
        try cancellation.waitUntilReadable(descriptor)
        continue
      }
      if count < 0 { throw SystemError.current }
      if count == 0 { return bytes }
      guard bytes.count + count <= limit else { throw TooLarge(limit: limit) }
      bytes.append(contentsOf: buffer.prefix(count))
    }
  }

  /// The first bytes of an ordinary file, as many as it has; none if this process may not read it.
  func beginning(_ count: Int) -> [UInt8] {
    guard isRegular else { return [] }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return [] }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: count)
    let length = read(descriptor, &bytes, count)
    return Array(bytes.prefix(max(0, length)))
  }

  /// Whether this process can open that many more descriptors, which libraries do not say if they cannot: for a socket,
  /// a file, or what belongs to it.
  static func canOpen(_ count: Int) -> Bool {
    var probes: [Int32] = []
    defer { for probe in probes { close(probe) } }
    for _ in 0..<count {
      let probe = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0)
      guard probe >= 0 else { return errno != EMFILE }
      probes.append(probe)
    }
    return true
  }

  /// More than any file of settings, credentials or certificates has.
  package static let usualLimit = 16 << 20

  /// A file has more bytes than it may have.
  package struct TooLarge: Error, Equatable, CustomStringConvertible {
    package let limit: Int

    package init(limit: Int) { self.limit = limit }

    package var description: String { "it is larger than \(grouped(limit >> 20)) MiB" }

    /// As an error.
    ///
    /// - Parameter name: the file's
    package func failure(_ code: FailureCode, _ name: String) -> Failure {
      Failure(code, "cannot read \(name): \(self)", advice: "check that it is the right file")
    }
  }

  /// The whole file; nil if it is not there, is a folder or the like, or may not be read.
  ///
  /// - Parameter cancellation: ends waiting for a pipe early
  /// - Throws: `Failure` with code `config_invalid` for one that cannot be read although it may be, or that is too
  ///   large; `storage_failed` for a shortage; or `interrupted`
  package func readableContents(_ cancellation: Cancellation = .never) throws -> [UInt8]? {
    do {
      return try contents(cancellation)
    } catch let error as SystemError {
      guard [EACCES, EPERM, EISDIR, ELOOP, ENAMETOOLONG, ENXIO, ENODEV].contains(error.code) else {
        throw error.failure(.configInvalid, "cannot read \(path)")
      }
      return nil
    } catch let error as TooLarge {
      throw error.failure(.configInvalid, path)
    }
  }

  /// As `replace(with:isSecret:)`, for a file that may be reached by links, which stay.
  ///
  /// - Throws: `Failure` with code `output_failed`; nothing has changed then
  package func rewrite(with bytes: [UInt8], isSecret: Bool = false) throws {
    guard isRegular || !exists else { throw Failure(.outputFailed, "cannot write \(path): it is not a file") }
    do {
      try LocalFile(destination()).replace(with: bytes, isSecret: isSecret)
    } catch {
      let system = error as? SystemError
      // A container may have it from outside.
      let advice: Advice? =
        system?.code == EBUSY ? "it is mounted by itself: change it where it comes from" : system?.advice
      throw Failure(.outputFailed, "cannot write \(path): \(error)", advice: advice)
    }
  }

  /// Runs `body` while no other process runs its own for a file in the same folder, which is made if it is missing.
  /// Where folders cannot be locked, and after some seconds, it runs anyway.
  ///
  /// - Throws: what `body` throws
  package func whileAlone<Result>(_ body: () throws -> Result) throws -> Result {
    let folder = try? LocalFile(destination()).folder
    try? folder?.makeFolder()
    let descriptor = folder.map { open($0.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) } ?? -1
    defer { if descriptor >= 0 { close(descriptor) } }
    let end = ContinuousClock.now + .seconds(5)
    while descriptor >= 0, flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK || errno == EINTR,
      ContinuousClock.now < end
    {
      usleep(5000)
    }
    return try body()
  }

  /// Puts `bytes` in its place in one step, readable by the owner only if it is new: who owned the file still does.
  /// Missing folders are made, with mode 0700.
  ///
  /// - Parameter isSecret: whether nobody else may read it, whoever could until now
  /// - Throws: `SystemError`; nothing has changed then
  package func replace(with bytes: [UInt8], isSecret: Bool = true) throws {
    try folder.makeFolder()
    let owner = isSecret ? Ownership(of: path)?.alone : Ownership(of: path)
    let (descriptor, temporary) = try LocalFile.makeTemporary("\(path).XXXXXX")
    do {
      defer { close(descriptor) }
      try LocalFile.write(bytes[...], to: descriptor)
      owner?.give(to: descriptor)
      guard fsync(descriptor) == 0 else { throw SystemError.current }
      guard rename(temporary, path) == 0 else { throw SystemError.current }
    } catch {
      unlink(temporary)
      throw error
    }
  }

  /// Makes an empty file that only its owner can use, under a name that no file has.
  ///
  /// - Parameter template: its path; six `X` at the end are replaced
  /// - Throws: `SystemError`
  static func makeTemporary(_ template: String) throws -> (descriptor: Int32, path: String) {
    var path = template.utf8CString.map { $0 }
    // The C library needs no source of random numbers here: it tries names until one is free.
    let descriptor = mkstemp(&path)
    guard descriptor >= 0 else { throw SystemError.current }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    return (descriptor, path.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" })
  }

  /// Copies the file to a new one, which is on disk then and has the same owner and permissions.
  ///
  /// - Throws: `SystemError`; `Failure` with code `interrupted`; then no file is left over
  func copy(to path: String, _ cancellation: Cancellation = .never) throws {
    let source = open(self.path, O_RDONLY | O_CLOEXEC)
    guard source >= 0 else { throw SystemError.current }
    defer { close(source) }
    let copy = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard copy >= 0 else { throw SystemError.current }
    do {
      defer { close(copy) }
      var buffer = [UInt8](repeating: 0, count: 1 << 18)
      while true {
        try cancellation.check()
        let count = read(source, &buffer, buffer.count)
        if count < 0, errno == EINTR { continue }
        guard count >= 0 else { throw SystemError.current }
        guard count > 0 else { break }
        try LocalFile.write(buffer[..<count], to: copy)
      }
      Ownership(of: self.path)?.give(to: copy)
      guard fsync(copy) == 0 else { throw SystemError.current }
    } catch {
      unlink(path)
      throw error
    }
  }

  /// Makes the folder of this path if it is missing, and those it is in, each with mode 0700.
  ///
  /// - Throws: `SystemError`
  package func makeFolder() throws {
    guard !exists, path != "", folder.path != path else { return }
    try folder.makeFolder()
    guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw SystemError.current }
  }

  /// Writes all of `bytes`.
  ///
  /// - Throws: `SystemError`
  package static func write(_ bytes: ArraySlice<UInt8>, to descriptor: Int32) throws {
    var rest = bytes
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Platform.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw SystemError.current }
      rest = rest.dropFirst(count)
    }
  }
}

/// A file's owner and permissions.
struct Ownership {
  let user: uid_t
  let group: gid_t
  private(set) var mode: mode_t

  /// Nil if nothing is there.
  init?(of path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    self.init(status)
  }

  /// Nil if the file cannot be looked at.
  init?(of descriptor: Int32) {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return nil }
    self.init(status)
  }

  private init(_ status: stat) {
    (user, group, mode) = (status.st_uid, status.st_gid, status.st_mode & 0o777)
  }

  /// The user and the group as chown(1) takes them.
  var owner: String { "\(user):\(group)" }

  /// The same, for the owner alone.
  var alone: Ownership {
    var alone = self
    alone.mode = 0o600
    return alone
  }

  /// Makes an open file the same user's and group's, as far as this process may, with the same permissions: a file that
  /// another user creates next to it must not lock the owner out.
  func give(to descriptor: Int32) {
    guard let old = Ownership(of: descriptor) else { return }
    if old.user != user || old.group != group, fchown(descriptor, user, group) != 0 {
      // A member of the group may give the file to it.
      _ = fchown(descriptor, uid_t.max, group)
    }
    guard let given = Ownership(of: descriptor) else { return }
    // What one group may is not for another. Without permissions of its own, its user could not write to it.
    let mode = (given.group == group ? mode : mode & 0o707) | 0o600
    if given.mode != mode { _ = fchmod(descriptor, mode) }
  }
}
