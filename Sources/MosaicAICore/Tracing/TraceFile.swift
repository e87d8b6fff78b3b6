import Platform

/// A file that traces are added to, also by several processes at once.
struct TraceFile {
  let path: String

  /// Adds a line, in one piece unless there is no room for all of it.
  ///
  /// - Throws: `LocalFile.SystemError`; `IsDatabase`
  func append(_ line: [UInt8]) throws {
    guard !DatabasePath.isDatabase(LocalFile(path).beginning(16)) else { throw IsDatabase() }
    // A pipe without a reader is an error at once, not a wait for one.
    let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0o600)
    guard descriptor >= 0 else { throw LocalFile.SystemError.current }
    defer { close(descriptor) }
    var count: Int
    repeat { count = write(descriptor, line, line.count) } while count < 0 && errno == EINTR
    guard count >= 0 else { throw LocalFile.SystemError.current }
    guard count < line.count else { return }
    do {
      // Writing the rest tells why there was no room.
      try LocalFile.write(line[count...], to: descriptor)
    } catch {
      // A line that found no room as a whole is of no use; what is left of it must not spoil the next one.
      _ = write(descriptor, "\n", 1)
      throw error
    }
  }

  /// The file is a database, perhaps the one that has the messages.
  struct IsDatabase: Error, CustomStringConvertible {
    let description = "it is a database"
  }
}
