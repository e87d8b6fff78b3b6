#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif
import CSystem

/// A file of the user's, by its path.
struct LocalFile: Sendable {
  /// As it is opened.
  let path: String

  /// A path as it stands.
  init(_ path: String) { self.path = path }

  /// A path as it stands in a variable of the AWS CLI: `$NAME`, `${NAME}` and a leading `~` or `~user` mean what they
  /// mean in Python's `expandvars` and `expanduser`.
  init(_ path: String, expandingWith variables: [String: String], home: String) {
    self.init(expandingHome(in: expandingVariables(in: path, with: variables), home: home))
  }

  /// Whether it is there and is neither a folder nor anything else that is not a file.
  var isRegular: Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  /// Whether it may be read.
  var isReadable: Bool { access(path, R_OK) == 0 }

  /// Whether anything is there.
  var exists: Bool { access(path, F_OK) == 0 }

  /// The whole file, or nil where it cannot be read.
  func contents() -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      if count < 0 && errno == EINTR { continue }
      if count < 0 { return nil }
      if count == 0 { return bytes }
      bytes.append(contentsOf: buffer.prefix(count))
    }
  }

  /// Puts `bytes` in its place in one step, readable by the owner only; its folders are made where they are missing,
  /// 0700. False where that cannot be done: nothing has changed then.
  func replace(with bytes: [UInt8]) -> Bool {
    guard makeFolders() else { return false }
    let temporary = "\(path).\(getpid()).\(UInt64.random(in: 0...UInt64.max)).tmp"
    let descriptor = sys_open_creating(temporary, O_WRONLY | O_EXCL | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { return false }
    let isWritten = writeAll(bytes, to: descriptor) && fsync(descriptor) == 0
    guard close(descriptor) == 0, isWritten, rename(temporary, path) == 0 else {
      unlink(temporary)
      return false
    }
    return true
  }

  /// Whether all bytes could be written.
  private func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      if count <= 0 { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }

  /// Whether the folder it is in exists, now if not before.
  private func makeFolders() -> Bool {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")), slash > path.startIndex else { return true }
    let folder = LocalFile(String(path[..<slash]))
    if folder.exists { return true }
    return folder.makeFolders() && (mkdir(folder.path, 0o700) == 0 || errno == EEXIST)
  }
}

/// Python's `os.path.expandvars`: a variable that is not set stays as it is written.
private func expandingVariables(in path: String, with variables: [String: String]) -> String {
  var result = String.UnicodeScalarView()
  var rest = path.unicodeScalars[...]
  while let dollar = rest.firstIndex(of: "$") {
    result.append(contentsOf: rest[..<dollar])
    let after = rest[rest.index(after: dollar)...]
    var name: Substring.UnicodeScalarView
    let end: String.Index
    if after.first == "{", let close = after.firstIndex(of: "}") {
      name = after[after.index(after: after.startIndex)..<close]
      end = after.index(after: close)
    } else {
      name = after.prefix {
        $0 == "_" || ("0"..."9").contains($0) || ("a"..."z").contains($0) || ("A"..."Z").contains($0)
      }
      end = name.endIndex
    }
    if let value = variables[String(name)], !name.isEmpty {
      result.append(contentsOf: value.unicodeScalars)
    } else {
      name = rest[dollar..<end]
      result.append(contentsOf: name)
    }
    rest = rest[end...]
  }
  result.append(contentsOf: rest)
  return String(result)
}

/// Python's `os.path.expanduser`: an unknown user stays as it is written.
private func expandingHome(in path: String, home: String) -> String {
  guard path.utf8.first == UInt8(ascii: "~") else { return path }
  let name = path.dropFirst().prefix { $0 != "/" }
  let rest = path.dropFirst(1 + name.count)
  var folder = home
  if !name.isEmpty {
    guard let entry = getpwnam(String(name)), let directory = entry.pointee.pw_dir else { return path }
    folder = String(cString: directory)
  }
  while folder.hasSuffix("/") { folder.removeLast() }
  let expanded = folder + rest
  return expanded.isEmpty ? "/" : expanded
}
