import MosaicAICore

/// Everything that is sent in answer to one request, and how it ends.
struct Answer: Sendable {
  /// How the client knows where the body ends.
  enum Framing: Sendable {
    case chunked
    case contentLength
    /// The body ends with the connection.
    case close
  }

  /// A step of sending the body.
  enum Piece: Sendable {
    /// Sends these bytes in one segment.
    case segment([UInt8])
    /// Sends these bytes several times; nil means until the client goes away.
    case repeated([UInt8], times: Int?)
    /// Sends what the closure makes of the time of sending.
    case fresh(@Sendable (Timestamp) -> [UInt8])
    /// Waits for this many milliseconds.
    case pause(Int)
  }

  /// How much of the head is sent.
  enum Head: Sendable {
    case whole
    /// The first half.
    case cut
    case none
  }

  /// What happens after the last piece.
  enum Ending: Sendable {
    /// The body ends as it should.
    case complete
    /// The connection is closed, whatever the framing promised.
    case close
    /// The connection is reset.
    case reset
    /// Nothing until the client goes away.
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
  /// Whether each byte is sent as a segment of its own.
  var isBytewise = false
  /// What the log calls it: `ok`, the name of an error, or a scenario's own word.
  var verdict = "ok"

  /// An event stream.
  static func stream(_ pieces: [Piece]) -> Answer {
    Answer(headers: [("Content-Type", "application/vnd.amazon.eventstream")], pieces: pieces)
  }

  /// A document, sent in one segment.
  static func document(status: Int, type: String, _ body: [UInt8], verdict: String) -> Answer {
    Answer(
      status: status, headers: [("Content-Type", type)], framing: .contentLength, pieces: [.segment(body)],
      verdict: verdict)
  }

  /// A JSON document.
  static func json(_ json: JSON, status: Int = 200, verdict: String = "ok") -> Answer {
    document(status: status, type: "application/json", Array(json.compact.utf8), verdict: verdict)
  }

  /// An error in the form that AWS gives it.
  static func error(_ error: ServiceError) -> Answer {
    var answer = json(error.body, status: error.status, verdict: error.name)
    answer.headers.append(("x-amzn-ErrorType", error.errorType))
    return answer
  }

  /// Neither head nor body: the connection ends in this way.
  static func silence(_ ending: Ending, verdict: String) -> Answer {
    Answer(head: .none, ending: ending, verdict: verdict)
  }

  /// The status, if the client gets to see it.
  var visibleStatus: Int? { head == .whole ? status : nil }
}
