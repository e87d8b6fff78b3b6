import Foundation
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The built simulator, running until this is gone, or with it the tests.
final class Simulator: Sendable {
  /// The one that most stories share: model ids keep them apart.
  static let shared = Result { try Simulator() }

  let endpoint: String
  let port: Int
  private let folder: TemporaryFolder
  private let process: Running

  /// Starts one.
  init(_ options: String...) throws {
    folder = try TemporaryFolder()
    let arguments = ["--chunk-delay", "0", "--exit-with-stdin", "--log", "\(folder.path)/requests.ndjson"] + options
    process = try Command(Programs.simulator, arguments, variables: [:], folder: folder.path, owner: folder)
      .readingOpenPipe().start()
    let deadline = Date(timeIntervalSinceNow: Running.patience)
    while !process.outputSoFar.hasSuffix("\n") {
      guard Date() < deadline, !process.hasEnded else { throw Complaint("the simulator does not start") }
      usleep(2000)
    }
    let readiness = try JSONText(process.outputSoFar)
    guard let endpoint = readiness["endpoint_url"].string, let port = readiness["port"].integer else {
      throw Complaint("the simulator says: \(process.outputSoFar)")
    }
    self.endpoint = endpoint
    self.port = port
  }

  deinit { process.signal(SIGTERM) }

  /// The requests whose model id contains `mark`, in the order they came.
  func requests(_ mark: String) throws -> [JSONText] {
    let log = (try? String(contentsOfFile: "\(folder.path)/requests.ndjson", encoding: .utf8)) ?? ""
    return try log.split(separator: "\n").filter { $0.contains(mark) }.map { try JSONText(String($0)) }
      .filter { $0["model_id"].string?.contains(mark) == true }
  }
}

/// A folder that goes away with this, or at the latest with the process.
final class TemporaryFolder: Sendable {
  let path: String

  init() throws {
    var template = Array("\(NSTemporaryDirectory())/mosaic-ai-test-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil, let path = realpath(template, nil) else { throw Complaint("no temporary folder") }
    self.path = String(cString: path)
    free(path)
    Leftovers.shared.add(self.path)
  }

  deinit { Leftovers.shared.remove(path) }

  /// Folders to be removed at the end by those who had no chance to.
  private final class Leftovers: Sendable {
    static let shared = Leftovers()
    private let paths = Mutex<Set<String>>([])

    private init() {
      atexit { for path in Leftovers.shared.paths.withLock({ $0 }) { Leftovers.shared.remove(path) } }
    }

    func add(_ path: String) { paths.withLock { _ = $0.insert(path) } }

    func remove(_ path: String) {
      try? FileManager.default.removeItem(atPath: path)
      paths.withLock { _ = $0.remove(path) }
    }
  }
}
