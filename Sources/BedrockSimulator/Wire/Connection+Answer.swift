import MosaicAICore

extension Connection {
  /// Sends an answer and ends the connection as it says.
  ///
  /// - Returns: whether the client may send another request
  mutating func send(_ answer: Answer, by clock: () -> Timestamp, keepsAlive: Bool) throws -> Bool {
    sleep(milliseconds: answer.delay)
    let staysOpen = keepsAlive && answer.framing != .close
    let head = answer.encodedHead(date: clock(), keepsAlive: staysOpen)
    switch answer.head {
    case .whole: try sendPiece(head, bytewise: answer.isBytewise)
    case .cut: try send(Array(head.prefix(head.count / 2)))
    case .none: break
    }
    for piece in answer.pieces {
      switch piece {
      case .segment(let bytes): try sendPiece(answer.framed(bytes), bytewise: answer.isBytewise)
      case .repeated(let block, let times):
        let framed = answer.framed(block)
        var sent = 0
        while times.map({ sent < $0 }) ?? true {
          try send(framed)
          sent += 1
        }
      case .fresh(let make): try sendPiece(answer.framed(make(clock())), bytewise: answer.isBytewise)
      case .pause(let milliseconds): sleep(milliseconds: milliseconds)
      }
    }
    switch answer.ending {
    case .complete:
      if answer.framing == .chunked { try send(Array("0\r\n\r\n".utf8)) }
      if staysOpen { return true }
      endGently()
    case .close: endGently()
    case .reset:
      sleep(milliseconds: Connection.timeToArrive)
      resetOnClose()
    case .hang: waitForEnd()
    }
    return false
  }

  /// Milliseconds for the client to read what came before a reset, which discards what was not read.
  private static let timeToArrive = 50

  /// Ends the connection without losing what was sent.
  private mutating func endGently() {
    endSending()
    drain(milliseconds: 1000)
  }

  /// Sends bytes as one segment, or as a segment for each byte.
  private func sendPiece(_ bytes: [UInt8], bytewise: Bool) throws {
    guard bytewise else { return try send(bytes) }
    try bytes.withUnsafeBytes { bytes in
      for index in bytes.indices { try send(UnsafeRawBufferPointer(rebasing: bytes[index...index])) }
    }
  }
}
