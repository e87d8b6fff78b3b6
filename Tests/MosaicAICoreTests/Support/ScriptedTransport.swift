import Synchronization
import Testing

@testable import MosaicAICore

/// Answers requests from a list, and keeps them. One more than foreseen fails the test.
final class ScriptedTransport: HTTPTransport {
  /// One answer: a head, pieces of a body, and how the connection ends.
  struct Answer: Sendable {
    var head: HTTPResponseHead?
    var body: [[UInt8]] = []
    var error: TransportError?
    /// What happens before the answer comes.
    var before: @Sendable () -> Void = {}
  }

  private struct State {
    var answers: [Answer]
    var requests: [HTTPRequest] = []
  }

  private let state: Mutex<State>

  init(_ answers: [Answer]) { state = Mutex(State(answers: answers)) }

  /// The requests so far.
  var requests: [HTTPRequest] { state.withLock { $0.requests } }

  func send(
    _ request: HTTPRequest, timeouts: HTTPTimeouts, cancellation: Cancellation, to receiver: any HTTPResponseReceiver
  ) throws {
    let answer: Answer? = state.withLock { state in
      state.requests.append(request)
      return state.answers.isEmpty ? nil : state.answers.removeFirst()
    }
    guard let answer else {
      Issue.record("request \(requests.count) was not foreseen: \(request.url)")
      throw TransportError(.other, "not foreseen")
    }
    answer.before()
    if let head = answer.head { try receiver.receive(head: head) }
    for piece in answer.body { try piece.withUnsafeBytes { try receiver.receive(body: $0) } }
    if let error = answer.error { throw error }
  }
}

extension ScriptedTransport.Answer: CustomTestStringConvertible {
  var testDescription: String {
    let bytes = body.reduce(0) { $0 + $1.count }
    return "\(head.map { "\($0.status)" } ?? "no answer"), \(bytes) bytes\(error.map { ", then \($0.kind)" } ?? "")"
  }

  private static let eventStream = HTTPResponseHead(
    status: 200, headers: [("Content-Type", "application/vnd.amazon.eventstream")])

  /// An event stream, in one piece.
  static func stream(_ frames: [Frame], then error: TransportError.Kind? = nil) -> Self {
    stream(bytes: frames.flatMap(\.encoded), then: error)
  }

  static func stream(bytes: [UInt8], then error: TransportError.Kind? = nil) -> Self {
    Self(head: eventStream, body: [bytes], error: error.map { TransportError($0, "as foreseen") })
  }

  /// A whole reply.
  static func reply(_ text: String, stop reason: String = "end_turn") -> Self {
    stream([.start, .text(text), .blockStop, .stop(reason), .metadata])
  }

  /// An error of HTTP.
  static func error(_ status: Int, _ headers: [(String, String)] = [], _ body: String = "") -> Self {
    Self(
      head: HTTPResponseHead(status: status, headers: headers.map { (name: $0.0, value: $0.1) }),
      body: [Array(body.utf8)])
  }

  /// An error as Bedrock words it.
  static func error(_ status: Int, named name: String, _ message: String = "no") -> Self {
    error(
      status, [("x-amzn-ErrorType", "\(name):http://internal.amazon.com/coral/com.amazon.bedrock/")],
      #"{"message":"\#(message)"}"#)
  }

  /// No answer at all.
  static func failing(_ kind: TransportError.Kind) -> Self { Self(error: TransportError(kind, "as foreseen")) }
}
