import Synchronization
import Testing

@testable import MosaicAICore

/// Answers requests as the script says, and keeps them. A request without an answer fails the test.
package final class ScriptedTransport: HTTPTransport {
  /// One answer: a head, pieces of a body, and how the connection ends.
  package struct Answer: Sendable {
    package var head: HTTPResponseHead?
    package var body: [[UInt8]]
    package var error: TransportError?
    /// What happens before the answer comes.
    package var before: @Sendable () -> Void

    package init(
      head: HTTPResponseHead? = nil, body: [[UInt8]] = [], error: TransportError? = nil,
      before: @escaping @Sendable () -> Void = {}
    ) {
      self.head = head
      self.body = body
      self.error = error
      self.before = before
    }
  }

  private struct State {
    var answers: [Answer]
    var requests: [HTTPRequest] = []
  }

  private let state: Mutex<State>
  /// What every request gets once the list is used up; nil fails the test.
  private let last: Answer?

  /// - Parameter answers: one for each request, in their order
  package init(_ answers: [Answer]) {
    state = Mutex(State(answers: answers))
    last = nil
  }

  /// Gives every request the same answer.
  package init(always answer: Answer) {
    state = Mutex(State(answers: []))
    last = answer
  }

  /// Expects no request at all.
  package static var unused: ScriptedTransport { ScriptedTransport([]) }

  /// The requests so far.
  package var requests: [HTTPRequest] { state.withLock { $0.requests } }

  package func send(
    _ request: HTTPRequest, timeouts: HTTPTimeouts, cancellation: Cancellation, to receiver: any HTTPResponseReceiver
  ) throws {
    let answer: Answer? = state.withLock { state in
      state.requests.append(request)
      return state.answers.isEmpty ? last : state.answers.removeFirst()
    }
    guard let answer else {
      Issue.record("unexpected request \(requests.count): \(request.url)")
      throw TransportError(.other, "unexpected request")
    }
    answer.before()
    if let head = answer.head { try receiver.receive(head: head) }
    for piece in answer.body { try piece.withUnsafeBytes { try receiver.receive(body: $0) } }
    if let error = answer.error { throw error }
  }
}

extension ScriptedTransport.Answer: CustomTestStringConvertible {
  package var testDescription: String {
    let bytes = body.reduce(0) { $0 + $1.count }
    return "\(head.map { "\($0.status)" } ?? "no answer"), \(bytes) bytes\(error.map { ", then \($0.kind)" } ?? "")"
  }

  private static let eventStream = HTTPResponseHead(
    status: 200, headers: [("Content-Type", "application/vnd.amazon.eventstream")])

  /// An event stream, in one piece.
  package static func stream(_ frames: [Frame], then error: TransportError.Kind? = nil) -> Self {
    stream(bytes: frames.flatMap(\.encoded), then: error)
  }

  package static func stream(bytes: [UInt8], then error: TransportError.Kind? = nil) -> Self {
    Self(head: eventStream, body: [bytes], error: error.map { TransportError($0, "as scripted") })
  }

  /// A whole reply.
  package static func reply(_ text: String, stop reason: String = "end_turn") -> Self {
    stream([.start, .text(text), .blockStop, .stop(reason), .metadata])
  }

  /// An HTTP error.
  package static func error(_ status: Int, _ headers: [(String, String)] = [], _ body: String = "") -> Self {
    Self(
      head: HTTPResponseHead(status: status, headers: headers.map { (name: $0.0, value: $0.1) }),
      body: [Array(body.utf8)])
  }

  /// An error in Bedrock's own form.
  package static func error(_ status: Int, named name: String, _ message: String = "no") -> Self {
    error(
      status, [("x-amzn-ErrorType", "\(name):http://internal.amazon.com/coral/com.amazon.bedrock/")],
      #"{"message":"\#(message)"}"#)
  }

  /// No answer at all.
  package static func failing(_ kind: TransportError.Kind, _ detail: String = "as scripted") -> Self {
    Self(error: TransportError(kind, detail))
  }
}
