import CTestSupport
import Foundation

import Platform

/// A terminal without a screen.
package struct PseudoTerminal {
  package let master: Descriptor
  /// What a program opens to be on it.
  package let path: String
  package let streams: Set<Command.Stream>
  /// Open until the program is there, so that the terminal does not hang up before.
  private let slave: Descriptor

  package init(_ terminal: Command.Terminal) throws {
    var name = [CChar](repeating: 0, count: 128)
    master = Descriptor(test_open_terminal(Int32(terminal.columns), &name, name.count))
    guard master.rawValue >= 0 else { throw Complaint("no terminal: \(String(cString: strerror(errno)))") }
    path = name.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
    slave = Descriptor(open(path, O_RDWR | O_NOCTTY | O_CLOEXEC))
    streams = terminal.streams
  }

  /// Leaves the terminal to the program.
  package func closeSlave() { slave.close() }
}
