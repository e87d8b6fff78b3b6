import MosaicAICore

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A descriptor that is read from.
struct Input {
  let descriptor: Int32
  /// How it is called in errors.
  var name = "the input"
  /// What ends a wait for it early.
  var cancellation = Cancellation.never

  /// Whether somebody types there.
  var isTerminal: Bool { isatty(descriptor) == 1 }

  /// Everything up to the end; nil where that is more than `limit` bytes.
  ///
  /// - Throws: `Failure` with code `invalid_input` where it cannot be read
  func readAll(limit: Int) throws -> [UInt8]? {
    var bytes: [UInt8] = []
    while bytes.count <= limit {
      guard let piece = try read(64 << 10) else { return bytes }
      bytes += piece
    }
    return nil
  }

  /// The next line, without its end; nil at the end of the input.
  ///
  /// - Throws: `Failure` with code `invalid_input` where it cannot be read
  func readLine() throws -> String? {
    var bytes: [UInt8] = []
    // Byte by byte, so that nothing behind the line is taken from whoever reads next.
    while let byte = try read(1)?.first {
      if byte == UInt8(ascii: "\n") { return String(decoding: bytes, as: UTF8.self) }
      bytes.append(byte)
    }
    return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
  }

  /// Up to `count` bytes; nil at the end.
  private func read(_ count: Int) throws -> [UInt8]? {
    while true {
      if cancellation.descriptor >= 0 { try cancellation.waitUntilReadable(descriptor) }
      var result = 0
      let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
        result = systemRead(descriptor, buffer.baseAddress, count)
        initialized = max(0, result)
      }
      if result > 0 { return bytes }
      if result == 0 { return nil }
      guard errno == EINTR else {
        throw Failure(
          .invalidInput, "cannot read \(name): \(String(cString: strerror(errno)))",
          hint: "open it, or give what is to be read as an argument")
      }
    }
  }
}

/// The terminal the command was started from, whatever its input and output are.
enum Terminal {
  /// The answer to a question; nil where there is no terminal, or none is given.
  ///
  /// - Throws: `Failure` with code `invalid_input` where it cannot be read, `interrupted` where a signal comes first
  static func ask(_ question: String, _ cancellation: Cancellation) throws -> String? {
    let descriptor = open("/dev/tty", O_RDWR | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    Diagnostics(output: Output(descriptor: descriptor, variables: [:])).ask(question)
    return try Input(descriptor: descriptor, cancellation: cancellation).readLine()
  }
}

private func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer?, _ count: Int) -> Int {
  read(descriptor, buffer, count)
}
