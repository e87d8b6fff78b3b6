import CTestSupport
import Foundation

import Platform

/// Where one of the standard streams of a program leads.
package enum Route {
  case file(String, flags: Int32)
  case descriptor(Descriptor)
}

extension Command {
  /// The options of the sanitizers (`TSAN_OPTIONS` and the like), which every program gets in its environment.
  package static let sanitizerOptions = ProcessInfo.processInfo.environment.filter { $0.key.hasSuffix("SAN_OPTIONS") }

  /// Starts the process and gives its ID.
  ///
  /// - Parameter routes: of standard input, output and error
  package func spawn(_ routes: [Route]) throws -> pid_t {
    // A program that does not read its input must not kill the tests.
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

/// C strings, for as long as this lives.
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
