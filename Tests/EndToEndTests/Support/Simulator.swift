import Foundation
import TestSupport

import Platform

/// The built simulator, running until this is gone, or with it the tests.
final class Simulator: Sendable {
  /// The one that most tests share: model IDs keep them apart.
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
    // The last line may still be being written.
    let log = (folder.contents("requests.ndjson") ?? Data()).split(
      separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false
    )
    .dropLast()
    return try log.map { String(decoding: $0, as: UTF8.self) }.filter { $0.contains(mark) }.map { try JSONText($0) }
      .filter { $0["model_id"].string?.contains(mark) == true }
  }
}
