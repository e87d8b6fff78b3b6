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

    /// The error of the system call that just failed.
    package static var current: SystemError { SystemError(code: errno) }

    package var description: String { String(cString: strerror(code)) }
  }

  /// The names of what is in the folder; none if it is no folder, or cannot be read.
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
  package var isRegular: Bool { status.map { $0.st_mode & S_IFMT == S_IFREG } ?? false }
  /// Whether it is there and is a folder.
  package var isFolder: Bool { status.map { $0.st_mode & S_IFMT == S_IFDIR } ?? false }
  package var isReadable: Bool { access(path, R_OK) == 0 }
  package var isWritable: Bool { access(path, W_OK) == 0 }
  /// Whether what is in the folder can be reached.
  package var isSearchable: Bool { access(path, X_OK) == 0 }
  /// In bytes; nil if it is not there.
  package var size: Int? { status.map { Int($0.st_size) } }
  /// The permission bits; nil if it is not there.
  package var mode: mode_t? { status.map { $0.st_mode & 0o777 } }

  /// The folder it is in.
  package var folder: LocalFile {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    return LocalFile(parts.isEmpty ? "." : parts == [""] ? "/" : parts.joined(separator: "/"))
  }

  /// Its name in its folder.
  package var name: String { path.split(separator: "/").last.map { String($0) } ?? "" }

  /// Its path without links; nil if nothing is there.
  package var resolved: String? {
    realpath(path, nil).map { pointer in
      defer { free(pointer) }
      return String(cString: pointer)
    }
  }

  private var status: stat? {
    var status = stat()
    return stat(path, &status) == 0 ? status : nil
  }

  /// The whole file; nil if it is not there.
  ///
  /// - Parameter limit: the most bytes it may have
  /// - Throws: `SystemError` if it cannot be read; `TooLarge`
  package func contents(limit: Int = .max) throws -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw SystemError.current
    }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      if count < 0 && errno == EINTR { continue }
      if count < 0 { throw SystemError.current }
      if count == 0 { return bytes }
      guard bytes.count + count <= limit else { throw TooLarge(limit: limit) }
      bytes.append(contentsOf: buffer.prefix(count))
    }
  }

  /// A file has more bytes than it may have.
  package struct TooLarge: Error, Equatable {
    package let limit: Int
  }

  /// The whole file; nil if it is not there, is a folder, or cannot be read.
  package func readableContents() -> [UInt8]? { (try? contents()) ?? nil }

  /// Puts `bytes` in its place in one step, readable by the owner only. Missing folders are made, with mode 0700.
  ///
  /// - Throws: `SystemError`; nothing has changed then
  package func replace(with bytes: [UInt8]) throws {
    try folder.makeFolder()
    let temporary = "\(path).\(getpid()).\(UInt64.random(in: 0...UInt64.max)).tmp"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw SystemError.current }
    do {
      defer { close(descriptor) }
      try LocalFile.write(bytes[...], to: descriptor)
      guard fsync(descriptor) == 0 else { throw SystemError.current }
      guard rename(temporary, path) == 0 else { throw SystemError.current }
    } catch {
      unlink(temporary)
      throw error
    }
  }

  /// Copies the file to a new one, which is on disk then and readable by the owner only.
  ///
  /// - Throws: `SystemError`; nothing is left behind then
  func copy(to path: String) throws {
    let source = open(self.path, O_RDONLY | O_CLOEXEC)
    guard source >= 0 else { throw SystemError.current }
    defer { close(source) }
    let copy = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard copy >= 0 else { throw SystemError.current }
    do {
      defer { close(copy) }
      var buffer = [UInt8](repeating: 0, count: 1 << 18)
      while true {
        let count = read(source, &buffer, buffer.count)
        if count < 0, errno == EINTR { continue }
        guard count >= 0 else { throw SystemError.current }
        guard count > 0 else { break }
        try LocalFile.write(buffer[..<count], to: copy)
      }
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
  static func write(_ bytes: ArraySlice<UInt8>, to descriptor: Int32) throws {
    var rest = bytes
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Platform.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw SystemError.current }
      rest = rest.dropFirst(count)
    }
  }
}
