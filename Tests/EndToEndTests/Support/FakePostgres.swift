import Foundation
import Synchronization
import TestSupport

/// A server that speaks PostgreSQL's protocol (version 3.0) as far as the start, and closes the connection at the first
/// statement of a certain kind.
final class FakePostgres: Sendable {
  let port: UInt16
  private let listener: Descriptor
  private let count = Mutex(0)

  /// - Parameter statement: how the statement begins that it does not answer
  init(closingAt statement: String) throws {
    (listener, port) = try Descriptor.listening()
    let listener = listener
    Thread.detachNewThread { [weak self] in
      while let connection = listener.accept() {
        self?.count.withLock { $0 += 1 }
        FakePostgres.serve(connection, closingAt: statement)
        connection.close()
      }
    }
  }

  deinit { listener.shutDown() }

  var url: String { "postgresql://zoe@127.0.0.1:\(port)/memories?sslmode=disable&gssencmode=disable" }

  /// How many connections there were.
  var connections: Int { count.withLock { $0 } }

  private static func serve(_ connection: Descriptor, closingAt statement: String) {
    guard connection.read() != nil else { return }
    // Welcome; the number of the process and its key; ready.
    connection.write(message("R", number(0)) + message("K", number(1) + number(2)) + message("Z", Array("I".utf8)))
    while let bytes = connection.read(), bytes.first == UInt8(ascii: "Q") {
      let sql = String(decoding: bytes.dropFirst(5).prefix { $0 != 0 }, as: UTF8.self)
      if sql.hasPrefix(statement) { return }
      let facts = sql.contains("server_version_num") ? ["150000", "UTF8", "0", "t", "t"] : nil
      connection.write(rows(facts ?? (sql.contains("version") ? ["2"] : [])))
    }
  }

  /// The answer to a statement: one row of text, or none.
  private static func rows(_ values: [String]) -> [UInt8] {
    let columns = values.indices.flatMap { index in
      Array("c\(index)\0".utf8) + number(0) + [0, 0] + number(25) + [0xff, 0xff] + number(-1) + [0, 0]
    }
    let count = [0, UInt8(values.count)]
    let row = values.flatMap { number(Int32($0.utf8.count)) + Array($0.utf8) }
    let answer = values.isEmpty ? [] : message("T", count + columns) + message("D", count + row)
    return answer + message("C", Array("SELECT 1\0".utf8)) + message("Z", Array("I".utf8))
  }

  private static func message(_ kind: Character, _ body: [UInt8]) -> [UInt8] {
    Array(String(kind).utf8) + number(Int32(body.count + 4)) + body
  }

  private static func number(_ number: Int32) -> [UInt8] { withUnsafeBytes(of: number.bigEndian) { Array($0) } }
}
