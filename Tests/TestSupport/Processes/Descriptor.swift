import CTestSupport
import Foundation
import Synchronization

import Platform

/// A file descriptor that is closed with its last reference, and that no child inherits.
package final class Descriptor: Sendable {
  private let number: Mutex<Int32>

  package init(_ number: Int32) { self.number = Mutex(number) }

  deinit { close() }

  package var rawValue: Int32 { number.withLock { $0 } }

  /// Both ends of a new pipe.
  package static func pipe() throws -> (reading: Descriptor, writing: Descriptor) {
    var ends: [Int32] = [-1, -1]
    guard test_pipe(&ends) == 0 else { throw Complaint("no pipe: \(String(cString: strerror(errno)))") }
    return (Descriptor(ends[0]), Descriptor(ends[1]))
  }

  package func close() {
    number.withLock { number in
      if number >= 0 { _ = systemClose(number) }
      number = -1
    }
  }

  /// The next bytes; nil at the end.
  package func read() -> [UInt8]? {
    let descriptor = rawValue
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = systemRead(descriptor, &buffer, buffer.count)
      if count > 0 { return Array(buffer.prefix(count)) }
      guard count < 0, errno == EINTR else { return nil }
    }
  }

  /// Writes all of `bytes`, or as much as the reader wants.
  package func write(_ bytes: [UInt8]) {
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
