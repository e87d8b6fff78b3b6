import MosaicAICore
import Platform

/// Texts that are kept in a file without a name until it is their turn, so that they take no memory.
final class Spool {
  /// Where a text is.
  struct Piece {
    fileprivate let offset: Int
    fileprivate let count: Int
  }

  private let descriptor: Int32
  private let folder: String
  private var end = 0

  /// - Throws: `Failure` with code `output_failed`
  init(in folder: String) throws {
    var template = Array("\(folder)/mosaic-ai-XXXXXX".utf8CString)
    descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw Spool.failure(in: folder, .current) }
    unlink(template)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    self.folder = folder
  }

  deinit { close(descriptor) }

  /// Keeps a text.
  ///
  /// - Throws: `Failure` with code `output_failed`
  func keep(_ text: String) throws -> Piece {
    let bytes = Array(text.utf8)
    do {
      try LocalFile.write(bytes[...], to: descriptor)
    } catch let error as LocalFile.SystemError {
      throw Spool.failure(in: folder, error)
    }
    defer { end += bytes.count }
    return Piece(offset: end, count: bytes.count)
  }

  /// A text that was kept.
  ///
  /// - Throws: `Failure` with code `output_failed`
  func text(_ piece: Piece) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: piece.count)
    var read = 0
    while read < piece.count {
      let count = bytes.withUnsafeMutableBytes { buffer in
        pread(descriptor, buffer.baseAddress.map { $0 + read }, piece.count - read, off_t(piece.offset + read))
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw Spool.failure(in: folder, .current) }
      read += count
    }
    return bytes
  }

  private static func failure(in folder: String, _ error: LocalFile.SystemError) -> Failure {
    error.ofTemporaryFile("cannot keep answers in \(folder)")
  }
}
