import Foundation
import Platform
import Synchronization

/// A PostgreSQL server of the tests' own, on a socket in a temporary folder. It ends with the process.
package final class PostgresServer: Sendable {
  /// Where its socket is.
  package let folder: String
  private let databases = Atomic(0)

  /// The one server of this process; nil if PostgreSQL is not installed.
  package static let shared = start()

  private init(folder: String) { self.folder = folder }

  /// The URL of a place that has no tables yet.
  ///
  /// - Parameter role: whom to connect as
  package func freshSchema(role: String = "postgres") -> String {
    let number = databases.add(1, ordering: .relaxed).newValue
    return url(role: role, parameters: "options=-csearch_path%3Dtest\(number)")
  }

  /// The URL of a database of the server.
  package func url(role: String = "postgres", database: String = "postgres", parameters: String = "") -> String {
    let host = folder.replacingOccurrences(of: "/", with: "%2F")
    return "postgresql://\(role)@\(host)/\(database)\(parameters.isEmpty ? "" : "?\(parameters)")"
  }

  /// Runs SQL as a superuser, and gives what psql prints, without headings.
  @discardableResult
  package func sql(_ statements: String, database: String = "postgres") throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", folder, "-U", "postgres", "-d", database, "-c",
      statements,
    ]
    let (output, errors) = (Pipe(), Pipe())
    (process.standardOutput, process.standardError) = (output, errors)
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    let complaint = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Complaint("psql: \(complaint)") }
    return text.trimmingCharacters(in: .newlines)
  }

  /// Makes a server in the background, which ends when its standard input does. It refuses to run as root.
  private static func start() -> PostgresServer? {
    let version = (try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib/postgresql"))?.compactMap(Int.init)
      .max()
    guard let version else { return nil }
    let folder = "/tmp/mosaic-ai-postgres-\(getpid())"
    let script = """
      set -e
      PATH="/usr/lib/postgresql/\(version)/bin:$PATH"
      trap '' INT
      mkdir -m 700 \(folder)
      cd \(folder)
      trap 'rm -rf \(folder)' EXIT
      initdb -D data -U postgres -A trust --locale=C.UTF-8 -E UTF8 -N >log 2>&1
      printf 'local all guarded scram-sha-256\\nlocal all refused reject\\nlocal all all trust\\n' >data/pg_hba.conf
      postgres -D data -k \(folder) -h '' -F -c max_connections=200 >>log 2>&1 </dev/null &
      until psql -X -h \(folder) -U postgres -c 'SELECT 1' >/dev/null 2>&1; do kill -0 $!; sleep 0.05; done
      chmod 755 \(folder)
      echo ready
      cat >/dev/null || true
      kill -INT $!
      wait
      """
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = (geteuid() == 0 ? ["runuser", "-u", "postgres", "--"] : []) + ["sh", "-c", script]
    let (input, output) = (Pipe(), Pipe())
    (process.standardInput, process.standardOutput) = (input, output)
    process.standardError = FileHandle.standardError
    guard (try? process.run()) != nil else { return nil }
    // Nobody else may keep it open: the server ends when this end is closed.
    kept.withLock { $0 = input }
    _ = fcntl(input.fileHandleForWriting.fileDescriptor, F_SETFD, FD_CLOEXEC)
    guard output.fileHandleForReading.availableData.starts(with: Data("ready".utf8)) else { return nil }
    return PostgresServer(folder: folder)
  }

  private static let kept = Mutex<Pipe?>(nil)
}
