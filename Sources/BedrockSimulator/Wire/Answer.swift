import MosaicAICore

/// All that goes over the wire in answer to one request, and how it ends.
struct Answer: Sendable {
  /// How the client learns where the body ends.
  enum Framing: Sendable {
    case chunked
    case contentLength
    /// The body ends with the connection.
    case close
  }

  /// What is done next, once the head is out.
  enum Piece: Sendable {
    /// Sends these bytes of the body in one segment.
    case segment([UInt8])
    /// Sends a block again and again; nil until the client goes away.
    case repeated([UInt8], times: Int?)
    /// Sends what is made at that very moment.
    case fresh(@Sendable (Timestamp) -> [UInt8])
    /// Does nothing for some milliseconds.
    case pause(Int)
  }

  /// How much of the head is sent.
  enum Head: Sendable {
    case whole
    /// The first bytes only.
    case cut
    case none
  }

  /// What follows the last piece.
  enum Ending: Sendable {
    /// The body ends as it should.
    case complete
    /// The connection ends, whatever the framing promised.
    case close
    /// The connection is reset.
    case reset
    /// Nothing, until the client goes away.
    case hang
  }

  var status = 200
  var headers: [(name: String, value: String)] = []
  var framing = Framing.chunked
  var head = Head.whole
  /// Milliseconds before anything is sent.
  var delay = 0
  var pieces: [Piece] = []
  var ending = Ending.complete
  /// Whether everything is sent byte by byte.
  var isBytewise = false
  /// What the log calls it: `ok`, or the name of an error.
  var verdict = "ok"

  /// An event stream.
  static func stream(_ pieces: [Piece]) -> Answer {
    Answer(headers: [("Content-Type", "application/vnd.amazon.eventstream")], pieces: pieces)
  }

  /// A document sent at once.
  static func document(status: Int, type: String, _ body: [UInt8], verdict: String) -> Answer {
    Answer(
      status: status, headers: [("Content-Type", type)], framing: .contentLength, pieces: [.segment(body)],
      verdict: verdict)
  }

  /// An error of AWS.
  static func error(_ error: ServiceError) -> Answer {
    var answer = document(status: error.status, type: "application/json", Array(error.body.utf8), verdict: error.name)
    answer.headers.append(("x-amzn-ErrorType", error.errorType))
    return answer
  }

  /// No head, no body: the connection just ends in that way.
  static func silence(_ ending: Ending, verdict: String) -> Answer {
    Answer(head: .none, ending: ending, verdict: verdict)
  }

  /// The status the client gets to see.
  var visibleStatus: Int? { head == .whole ? status : nil }
}

extension Connection {
  /// Sends an answer and ends as it says.
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

  /// How long a client has to read what came before a reset: the reset would throw away what it did not fetch yet.
  private static let timeToArrive = 50

  /// Ends the connection without losing what is still on its way.
  private mutating func endGently() {
    endSending()
    drain(milliseconds: 1000)
  }

  /// Sends bytes as one segment, or each as its own.
  private func sendPiece(_ bytes: [UInt8], bytewise: Bool) throws {
    guard bytewise else { return try send(bytes) }
    try bytes.withUnsafeBytes { bytes in
      for index in bytes.indices { try send(UnsafeRawBufferPointer(rebasing: bytes[index...index])) }
    }
  }
}

extension Answer {
  /// Status line and headers, with those that every answer has.
  fileprivate func encodedHead(date: Timestamp, keepsAlive: Bool) -> [UInt8] {
    var lines = ["HTTP/1.1 \(status) \(Answer.reason(status))", "Date: \(date.httpDate)"]
    lines += headers.map { "\($0.name): \($0.value)" }
    switch framing {
    case .chunked: lines.append("Transfer-Encoding: chunked")
    case .contentLength: lines.append("Content-Length: \(bodyLength)")
    case .close: break
    }
    lines += ["Connection: \(keepsAlive ? "keep-alive" : "close")", "x-amzn-RequestId: \(randomUUID())", "", ""]
    return Array(lines.joined(separator: "\r\n").utf8)
  }

  /// Bytes of the body as the framing wants them.
  fileprivate func framed(_ bytes: [UInt8]) -> [UInt8] {
    guard framing == .chunked, !bytes.isEmpty else { return bytes }
    return Array("\(String(bytes.count, radix: 16))\r\n".utf8) + bytes + Array("\r\n".utf8)
  }

  /// What `Content-Length` says.
  private var bodyLength: Int {
    pieces.reduce(0) { length, piece in
      switch piece {
      case .segment(let bytes): length + bytes.count
      case .repeated(let bytes, let times): length + bytes.count * (times ?? 0)
      case .fresh, .pause: length
      }
    }
  }

  /// What stands behind the status.
  private static func reason(_ status: Int) -> String {
    reasons[status] ?? "Status \(status)"
  }

  /// Reason phrases of RFC 9110.
  private static let reasons = [
    200: "OK", 307: "Temporary Redirect", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found",
    407: "Proxy Authentication Required", 408: "Request Timeout", 413: "Content Too Large", 424: "Failed Dependency",
    429: "Too Many Requests", 500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable",
    504: "Gateway Timeout",
  ]
}

/// A random UUID (version 4, RFC 9562) in lower case.
func randomUUID() -> String {
  let high = UInt64.random(in: .min ... .max) & ~0xF000 | 0x4000
  let low = UInt64.random(in: .min ... .max) & ~(3 << 62) | 2 << 62
  let digits = [high, low].map { word in
    let digits = String(word, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
  let text = Array(digits.joined())
  return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(text[$0]) }.joined(separator: "-")
}

extension Timestamp {
  /// `Mon, 23 Nov 2026 06:13:02 GMT` (RFC 9110, IMF-fixdate).
  var httpDate: String {
    let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    let digits = Array(rfc3339)
    let month = (Int(String(digits[5..<7])) ?? 1) - 1
    let weekday = Int((milliseconds / 86_400_000) % 7)
    return
      "\(days[weekday]), \(String(digits[8..<10])) \(months[month]) \(String(digits[0..<4])) \(String(digits[11..<19])) GMT"
  }
}
