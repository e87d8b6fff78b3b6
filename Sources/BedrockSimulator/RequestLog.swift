import MosaicAICore
import Platform

/// A file with one line of JSON for each request, written before the client gets its answer.
final class RequestLog: Sendable {
  /// What is logged about a request: everything but its secrets.
  struct Entry {
    let json: JSON

    /// Every member is present; those without a value are null.
    ///
    /// - Parameter clientPort: the other end of the connection
    init(_ request: ReceivedRequest, _ decision: Decision, receivedAt: Timestamp, from clientPort: Int) {
      json = [
        // Milliseconds since 1970.
        "received_at": .integer(Int(receivedAt.milliseconds)),
        // The same for all requests on one connection.
        "client_port": .integer(clientPort),
        "method": .string(request.method),
        // With its query, percent-encoded as it arrived.
        "path": .string(request.target),
        // Percent-decoded; null if the path has none.
        "model_id": JSON(decision.modelID),
        "headers": Entry.headers(of: request),
        // Null if it is not JSON.
        "body": (try? JSON(parsing: request.body)) ?? .null,
        "body_bytes": .integer(request.body.count),
        // With its arguments; null if the model id does not name one.
        "scenario": JSON(decision.scenario),
        // Null if the request did not get as far as the model.
        "attempt": JSON(decision.attempt),
        // Null if the client does not get to see one.
        "status": JSON(decision.answer.visibleStatus),
        // `ok`, the name of the error, or the scenario's own word for what it does.
        "verdict": .string(decision.answer.verdict),
      ]
    }

    /// The headers by name, in lower case; values of the same name are joined by commas.
    private static func headers(of request: ReceivedRequest) -> JSON {
      let values = Dictionary(request.headers.map(withoutSecrets), uniquingKeysWith: { "\($0),\($1)" })
      return .object(values.sorted { $0.key < $1.key }.map { JSON.Member($0.key, .string($0.value)) })
    }

    /// A header without anything that could be used to sign in.
    private static func withoutSecrets(_ header: (name: String, value: String)) -> (String, String) {
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

  private let descriptor: Int32

  /// Opens the file at `path`, or creates it.
  ///
  /// - Throws: `SimulatorFailure`
  init(path: String) throws {
    descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw SimulatorFailure("cannot open the log \(path)", errno: errno, exitStatus: EX_IOERR)
    }
  }

  deinit { close(descriptor) }

  /// Appends an entry in one write: `O_APPEND` keeps the lines of several threads and processes apart.
  func append(_ entry: Entry) throws {
    let line = Array((entry.json.compact + "\n").utf8)
    let count = write(descriptor, line, line.count)
    guard count == line.count else {
      // Of the rest, the system takes nothing, and says why.
      let code = count < 0 || write(descriptor, Array(line[count...]), line.count - count) < 0 ? errno : EIO
      throw SimulatorFailure("cannot write to the log", errno: code, exitStatus: EX_IOERR)
    }
  }
}
