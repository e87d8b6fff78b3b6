import Platform

/// A file of lines that is read any number of times, never as a whole.
///
/// What can be read only once, as a pipe, is copied to a file without a name that only this process can read.
package final class LineFile: Sendable {
  /// Its name in errors.
  package let name: String
  private let descriptor: Int32
  /// Where its first line begins.
  private let start: Int64

  private static let pieceSize = 256 << 10
  /// The longest line that is read, in bytes: many times what a model can say.
  package static let maximumLineLength = 16 << 20

  /// A line has more bytes than a line may have.
  package struct TooLong: Error {
    /// Counted from 1.
    package let line: Int
  }

  /// - Parameters:
  ///   - descriptor: is read from its current position; still belongs to the caller, who may close it
  ///   - temporaryFolder: for the copy of a pipe
  ///   - cancellation: ends waiting for a pipe early
  ///   - isOfUse: whether more than the first line of a pipe is worth copying, by that line
  /// - Throws: `LocalFile.SystemError` if it cannot be read; `Failure` with code `output_failed` if it cannot be
  ///   copied, or `interrupted`
  package init(
    _ descriptor: Int32, name: String, temporaryFolder: String = "/tmp", _ cancellation: Cancellation = .never,
    isOfUse: (UnsafeRawBufferPointer) -> Bool = { _ in true }
  ) throws {
    self.name = name
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw LocalFile.SystemError.current }
    guard status.st_mode & S_IFMT != S_IFDIR else { throw LocalFile.SystemError(code: EISDIR) }
    let position = lseek(descriptor, 0, SEEK_CUR)
    if status.st_mode & S_IFMT == S_IFREG, position >= 0 {
      start = Int64(position)
      self.descriptor = fcntl(descriptor, F_DUPFD_CLOEXEC, 3)
      guard self.descriptor >= 0 else { throw LocalFile.SystemError.current }
    } else {
      start = 0
      self.descriptor = try LineFile.spool(descriptor, name, in: temporaryFolder, cancellation, isOfUse)
    }
  }

  deinit { close(descriptor) }

  /// Calls `body` with each line, without its line break. The bytes are valid during the call.
  ///
  /// - Throws: `LocalFile.SystemError`, `TooLong`; what `body` throws
  package func forEachLine(_ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    var buffer = [UInt8](repeating: 0, count: LineFile.pieceSize)
    var (offset, kept, line) = (start, 0, 0)
    while true {
      if kept == buffer.count {
        guard kept < LineFile.maximumLineLength else { throw TooLong(line: line + 1) }
        buffer.append(contentsOf: repeatElement(0, count: kept))
      }
      let count = try buffer.withUnsafeMutableBytes {
        try read(UnsafeMutableRawBufferPointer(rebasing: $0[kept...]), offset)
      }
      offset += Int64(count)
      let end = kept + count
      kept = try buffer.withUnsafeMutableBytes { bytes -> Int in
        guard let base = bytes.baseAddress else { return 0 }
        var next = 0
        // No line break is in what was kept.
        var searched = kept
        while searched < end, let found = memchr(base + searched, Int32(UInt8(ascii: "\n")), end - searched) {
          let position = base.distance(to: found)
          line += 1
          try body(UnsafeRawBufferPointer(start: base + next, count: position - next))
          next = position + 1
          searched = next
        }
        if count == 0, next < end { try body(UnsafeRawBufferPointer(start: base + next, count: end - next)) }
        memmove(base, base + next, end - next)
        return end - next
      }
      if count == 0 { return }
    }
  }

  private func read(_ bytes: UnsafeMutableRawBufferPointer, _ offset: Int64) throws -> Int {
    while true {
      let count = pread(descriptor, bytes.baseAddress, bytes.count, off_t(offset))
      if count >= 0 { return count }
      guard errno == EINTR else { throw LocalFile.SystemError.current }
    }
  }

  /// A file without a name that holds everything that can be read, or all up to a line that is too long or a first one
  /// that says that the rest is of no use.
  private static func spool(
    _ source: Int32, _ name: String, in folder: String, _ cancellation: Cancellation,
    _ isOfUse: (UnsafeRawBufferPointer) -> Bool
  ) throws -> Int32 {
    func copying<Result>(_ body: () throws -> Result) throws -> Result {
      do {
        return try body()
      } catch let error as LocalFile.SystemError {
        throw error.ofTemporaryFile("cannot keep a copy of \(name) in \(folder)")
      }
    }
    let file = try copying { try temporaryFile(in: folder) }
    do {
      var buffer = [UInt8](repeating: 0, count: pieceSize)
      var lineLength = 0
      var firstLine: [UInt8]? = []
      while lineLength <= maximumLineLength {
        if cancellation.descriptor >= 0 { try cancellation.waitUntilReadable(source) }
        let count = Platform.read(source, &buffer, buffer.count)
        if count < 0, errno == EINTR { continue }
        if count < 0, errno == EAGAIN {
          try cancellation.waitUntilReadable(source)
          continue
        }
        guard count >= 0 else { throw LocalFile.SystemError.current }
        if count == 0 { return file }
        try copying { try LocalFile.write(buffer[..<count], to: file) }
        let end = buffer[..<count].lastIndex(of: UInt8(ascii: "\n"))
        firstLine?.append(contentsOf: buffer[..<count].prefix { $0 != UInt8(ascii: "\n") })
        if end != nil, let line = firstLine {
          guard line.withUnsafeBytes(isOfUse) else { return file }
          firstLine = nil
        }
        lineLength = end.map { count - 1 - $0 } ?? lineLength + count
      }
      return file
    } catch {
      close(file)
      throw error
    }
  }

  private static func temporaryFile(in folder: String) throws -> Int32 {
    let file = try LocalFile.makeTemporary("\(folder)/mosaic-ai-XXXXXX")
    unlink(file.path)
    return file.descriptor
  }
}
