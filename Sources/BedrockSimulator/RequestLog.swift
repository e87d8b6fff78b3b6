import CSystem
import MosaicAICore

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// One line of JSON for each request, in the file by the time the client gets an answer.
final class RequestLog: Sendable {
  /// What is told of a request. Secrets are not.
  struct Entry: Encodable {
    /// Milliseconds since 1970.
    let receivedAt: Int64
    let method: String
    /// With its query, percent-encoded as it came.
    let path: String
    /// Percent-decoded; null where the path has none.
    let modelID: String?
    /// Names in lower case.
    let headers: [String: String]
    /// Null where it is not JSON.
    let body: JSONValue?
    let bodyBytes: Int
    /// With its arguments; null where the model is not one of the simulator.
    let scenario: String?
    /// Null where the request did not get as far as the model.
    let attempt: Int?
    /// Null where the client gets no status to see.
    let status: Int?
    /// `ok`, the name of the error, or the scenario's own word for what happened.
    let verdict: String

    /// The members' names.
    private enum CodingKeys: String, CodingKey {
      case receivedAt = "received_at"
      case method, path
      case modelID = "model_id"
      case headers, body
      case bodyBytes = "body_bytes"
      case scenario, attempt, status, verdict
    }

    /// Tells what `decision` made of `request`.
    init(_ request: ReceivedRequest, _ decision: Decision, receivedAt: Timestamp) {
      self.receivedAt = receivedAt.milliseconds
      method = request.method
      path = request.target
      modelID = decision.modelID
      headers = Dictionary(request.headers.map(Entry.harmless), uniquingKeysWith: { "\($0),\($1)" })
      body = JSONValue(parsing: request.body)
      bodyBytes = request.body.count
      scenario = decision.scenario
      attempt = decision.attempt
      status = decision.answer.visibleStatus
      verdict = decision.answer.verdict
    }

    /// Writes all members: those that are absent as null.
    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(receivedAt, forKey: .receivedAt)
      try container.encode(method, forKey: .method)
      try container.encode(path, forKey: .path)
      try container.encode(modelID, forKey: .modelID)
      try container.encode(headers, forKey: .headers)
      try container.encode(body, forKey: .body)
      try container.encode(bodyBytes, forKey: .bodyBytes)
      try container.encode(scenario, forKey: .scenario)
      try container.encode(attempt, forKey: .attempt)
      try container.encode(status, forKey: .status)
      try container.encode(verdict, forKey: .verdict)
    }

    /// A header without what could be used to sign in.
    private static func harmless(_ header: (name: String, value: String)) -> (String, String) {
      let name = header.name.lowercased()
      switch name {
      case "authorization", "proxy-authorization":
        let scheme = header.value.prefix { $0 != " " }
        return (name, scheme.count < header.value.count ? "\(scheme) …" : "…")
      case "x-amz-security-token", "cookie": return (name, "…")
      default: return (name, header.value)
      }
    }
  }

  /// Of the open file.
  private let descriptor: Int32

  /// Appends to `path`, which is made where it is missing.
  ///
  /// - Throws: `SimulatorFailure`
  init(path: String) throws {
    descriptor = sys_open_creating(path, O_WRONLY | O_APPEND, 0o600)
    guard descriptor >= 0 else {
      throw SimulatorFailure("cannot open the log \(path)", errno: errno, exitStatus: EX_IOERR)
    }
  }

  deinit { close(descriptor) }

  /// Appends an entry, whole: `O_APPEND` keeps the lines of several threads and processes apart.
  func append(_ entry: Entry) throws {
    let line = Array((try jsonLine(entry) + "\n").utf8)
    guard write(descriptor, line, line.count) == line.count else {
      throw SimulatorFailure("cannot write the log", errno: errno, exitStatus: EX_IOERR)
    }
  }
}
