#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A file that gets its name only when it is complete and on disk; until then it is hidden beside the place where it will be.
struct PartialFile {
  /// Where it is until then.
  let path: String
  private let target: String
  private let folder: String

  /// Makes an empty one that only its owner can read.
  ///
  /// - Throws: `Failure` with code `storage_failed`
  init(for target: String) throws {
    self.target = target
    let parts = target.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    folder = parts.isEmpty ? "." : parts == [""] ? "/" : parts.joined(separator: "/")
    var template = Array("\(folder)/.mosaic-ai-XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw PartialFile.failure(target, errno) }
    close(descriptor)
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Puts it on disk and gives it its name.
  ///
  /// - Parameter isReplacing: takes the place of a file of that name
  /// - Throws: `Failure` with code `storage_failed`, or `usage` where there is such a file and it is not to be replaced
  func finish(isReplacing: Bool) throws {
    try PartialFile.synchronize(path, for: target)
    if isReplacing {
      guard rename(path, target) == 0 else { throw PartialFile.failure(target, errno) }
    } else if link(path, target) == 0 {
      unlink(path)
    } else if errno == EEXIST {
      throw PartialFile.taken(target)
    } else {
      // A file system without links, as on memory sticks.
      guard access(target, F_OK) != 0 else { throw PartialFile.taken(target) }
      guard rename(path, target) == 0 else { throw PartialFile.failure(target, errno) }
    }
    // The name too; not every file system can, and then it is not needed.
    try? PartialFile.synchronize(folder, for: target)
  }

  /// Takes it away, and what SQLite may have put beside it.
  func remove() {
    for suffix in ["", "-journal", "-wal", "-shm"] { unlink(path + suffix) }
  }

  /// What is said of a file that is there and must not be replaced.
  static func taken(_ path: String) -> Failure {
    Failure(.usage, "\(path) is there already", hint: "choose another name, or replace it with --force")
  }

  /// What is said of a file that cannot be written.
  static func failure(_ path: String, _ code: Int32) -> Failure {
    failure(path, String(cString: strerror(code)))
  }

  /// What is said of a file that cannot be written.
  static func failure(_ path: String, _ reason: String) -> Failure {
    Failure(
      .storageFailed, "cannot write \(path): \(reason)", hint: "check its folder's permissions and the space on its disk")
  }

  /// Waits until something is on disk.
  private static func synchronize(_ path: String, for target: String) throws {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(target, errno) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw failure(target, errno) }
  }
}
