import CTestSupport
import Foundation
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A file descriptor that is closed when nobody has it any more, and that no child inherits.
final class Descriptor: Sendable {
  private let number: Mutex<Int32>

  init(_ number: Int32) { self.number = Mutex(number) }

  deinit { close() }

  var rawValue: Int32 { number.withLock { $0 } }

  /// Both ends of a new pipe.
  static func pipe() throws -> (reading: Descriptor, writing: Descriptor) {
    var ends: [Int32] = [-1, -1]
    guard test_pipe(&ends) == 0 else { throw Complaint("no pipe: \(String(cString: strerror(errno)))") }
    return (Descriptor(ends[0]), Descriptor(ends[1]))
  }

  func close() {
    number.withLock { number in
      if number >= 0 { _ = systemClose(number) }
      number = -1
    }
  }

  /// The next bytes; nil at the end.
  func read() -> [UInt8]? {
    let descriptor = rawValue
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = systemRead(descriptor, &buffer, buffer.count)
      if count > 0 { return Array(buffer.prefix(count)) }
      guard count < 0, errno == EINTR else { return nil }
    }
  }

  /// Writes all of `bytes`, or as much as the reader wants.
  func write(_ bytes: [UInt8]) {
    let descriptor = rawValue
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { systemWrite(descriptor, $0.baseAddress, $0.count) }
      if count > 0 { rest = rest.dropFirst(count) } else if errno != EINTR { return }
    }
  }
}

private func systemClose(_ descriptor: Int32) -> Int32 { close(descriptor) }
private func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer?, _ count: Int) -> Int {
  read(descriptor, buffer, count)
}
private func systemWrite(_ descriptor: Int32, _ buffer: UnsafeRawPointer?, _ count: Int) -> Int {
  write(descriptor, buffer, count)
}

/// A terminal without a screen.
struct PseudoTerminal {
  let master: Descriptor
  /// What a program opens to be on it.
  let path: String
  let streams: Set<Command.Stream>
  /// Open until the program is there, so that the terminal does not hang up before.
  private let slave: Descriptor

  init(_ terminal: Command.Terminal) throws {
    var name = [CChar](repeating: 0, count: 128)
    master = Descriptor(test_open_terminal(Int32(terminal.columns), &name, name.count))
    guard master.rawValue >= 0 else { throw Complaint("no terminal: \(String(cString: strerror(errno)))") }
    path = name.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
    slave = Descriptor(open(path, O_RDWR | O_NOCTTY | O_CLOEXEC))
    streams = terminal.streams
  }

  /// Leaves the terminal to the program.
  func closeSlave() { slave.close() }
}

/// Where one of the standard streams of a program leads.
enum Route {
  case file(String, flags: Int32)
  case descriptor(Descriptor)
}

extension Command {
  /// What the sanitizers are told (`TSAN_OPTIONS` and the like) goes to every program, whatever else its environment
  /// is.
  static let sanitizerOptions = ProcessInfo.processInfo.environment.filter { $0.key.hasSuffix("SAN_OPTIONS") }

  /// Makes the process and gives its id.
  ///
  /// - Parameter routes: of standard input, output and error
  func spawn(_ routes: [Route]) throws -> pid_t {
    // A program that does not read its input is no reason for the tests to die.
    signal(SIGPIPE, SIG_IGN)
    let argumentStrings = CStrings([Array(program.utf8)] + arguments)
    let environment = variables.merging(Command.sanitizerOptions) { own, _ in own }
    let variableStrings = CStrings(environment.map { Array("\($0.key)=\($0.value)".utf8) })
    let paths = CStrings(
      routes.map { route in
        if case .file(let path, _) = route { Array(path.utf8) } else { [] }
      })
    let streams = zip(routes, paths.pointers).map { route, path in
      switch route {
      case .file(_, let flags): test_stream(path: path, flags: flags, descriptor: -1)
      case .descriptor(let descriptor): test_stream(path: nil, flags: 0, descriptor: descriptor.rawValue)
      }
    }
    var pid: pid_t = 0
    let failure = test_spawn(
      &pid, program, argumentStrings.pointers, variableStrings.pointers, folder, streams, terminal == nil ? 0 : 1)
    guard failure == 0 else { throw Complaint("cannot start \(program): \(String(cString: strerror(failure)))") }
    return pid
  }
}

/// Strings as C has them, for as long as this lives.
private final class CStrings {
  private(set) var pointers: [UnsafeMutablePointer<CChar>?]

  init(_ strings: [[UInt8]]) {
    pointers =
      strings.map { string in
        (string + [0]).withUnsafeBufferPointer { bytes in
          bytes.withMemoryRebound(to: CChar.self) { $0.baseAddress.flatMap { strdup($0) } }
        }
      } + [nil]
  }

  deinit { for pointer in pointers { free(pointer) } }
}
