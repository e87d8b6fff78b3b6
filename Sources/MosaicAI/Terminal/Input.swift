import MosaicAICore
import Platform

/// A descriptor that is read from.
struct Input {
  let descriptor: Int32
  /// Its name in errors.
  var name = "standard input"
  /// Ends a wait for it early.
  var cancellation = Cancellation.never

  /// Whether it is a terminal.
  var isTerminal: Bool { isatty(descriptor) == 1 }

  /// Everything up to the end; nil if that is more than `limit` bytes.
  ///
  /// - Throws: `Failure` with code `invalid_input` if it cannot be read
  func readAll(limit: Int) throws -> [UInt8]? {
    var bytes: [UInt8] = []
    while bytes.count <= limit {
      guard let piece = try read(64 << 10) else { return bytes }
      bytes += piece
    }
    return nil
  }

  /// Up to `count` bytes; nil at the end.
  private func read(_ count: Int) throws -> [UInt8]? {
    while true {
      if cancellation.descriptor >= 0 { try cancellation.waitUntilReadable(descriptor) }
      var result = 0
      let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
        result = Platform.read(descriptor, buffer.baseAddress, count)
        initialized = max(0, result)
      }
      if result > 0 { return bytes }
      if result == 0 { return nil }
      switch errno {
      case EINTR: break
      // Whoever started the program reads from it without waiting, and so would we.
      case EAGAIN: try cancellation.waitUntilReadable(descriptor)
      default:
        throw Failure(
          .invalidInput, "cannot read \(name): \(LocalFile.SystemError.current)",
          advice: "give the text as an argument")
      }
    }
  }
}

/// The terminal that the command was started from, wherever its input and output lead.
enum Terminal {
  /// The answer to a question, which is not shown as it is typed; nil without a terminal or an answer.
  ///
  /// - Throws: `Failure` with code `invalid_input` if it cannot be read, `storage_failed` if the process has no
  ///   descriptors left, `interrupted` if it is canceled first
  static func ask(_ question: String, _ cancellation: Cancellation) throws -> String? {
    let descriptor = open("/dev/tty", O_RDWR | O_CLOEXEC)
    guard descriptor >= 0 else {
      if let shortage = LocalFile.SystemError.current.shortage("cannot open the terminal") { throw shortage }
      return nil
    }
    defer { close(descriptor) }
    let echo = Output(descriptor: descriptor, variables: [:])
    echo.observe(cancellation)
    let reader = LineReader(input: descriptor, echo: echo, cancellation: cancellation)
    return try reader.ask(SafeText.line(question), isSecret: true)
  }
}
