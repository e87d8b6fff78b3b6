import CTestSupport
import Foundation

import Platform

/// A pipe with both ends in this process alone: a program that another test starts does not keep it open.
package final class TestPipe {
  package let reader: Int32
  package private(set) var writer: Int32

  package init() {
    var ends: [Int32] = [-1, -1]
    precondition(test_pipe(&ends) == 0)
    (reader, writer) = (ends[0], ends[1])
  }

  deinit {
    closeWriter()
    close(reader)
  }

  package func closeWriter() {
    if writer >= 0 { close(writer) }
    writer = -1
  }

  /// Ends the writing, and gives all that was written, at most as much as a pipe holds.
  package func drain() -> [UInt8] {
    closeWriter()
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while case let count = read(reader, &buffer, buffer.count), count > 0 { bytes += buffer[..<count] }
    return bytes
  }

  package func text() -> String { String(decoding: drain(), as: UTF8.self) }
}
