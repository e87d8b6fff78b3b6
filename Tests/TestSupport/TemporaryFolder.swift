import Foundation
import Synchronization

/// A folder that goes away with this, or at the latest with the process.
package final class TemporaryFolder: Sendable {
  package let path: String

  package init() throws {
    var template = Array("\(NSTemporaryDirectory())/mosaic-ai-test-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil, let path = realpath(template, nil) else { throw Complaint("no temporary folder") }
    self.path = String(cString: path)
    free(path)
    Leftovers.shared.add(self.path)
  }

  deinit { Leftovers.shared.remove(path) }

  /// The same folder, which goes away with the process.
  package var kept: TemporaryFolder {
    Leftovers.shared.keep(self)
    return self
  }

  /// Writes a file below the folder, and makes the folders it is in. Gives its path.
  @discardableResult
  package func write(_ text: String, to name: String) throws -> String {
    let path = "\(path)/\(name)"
    try FileManager.default.createDirectory(
      atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    return path
  }

  /// What is in a file below the folder; nil if there is no such file.
  package func contents(_ name: String) -> Data? { FileManager.default.contents(atPath: "\(path)/\(name)") }

  /// The permission bits of something in the folder.
  package func mode(_ name: String) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: "\(path)/\(name)")[.posixPermissions] as? Int
  }

  /// Folders to remove at the end because nobody else had the chance to.
  private final class Leftovers: Sendable {
    static let shared = Leftovers()
    private let paths = Mutex<Set<String>>([])
    private let kept = Mutex<[TemporaryFolder]>([])

    private init() {
      atexit { for path in Leftovers.shared.paths.withLock({ $0 }) { Leftovers.shared.remove(path) } }
    }

    func add(_ path: String) { paths.withLock { _ = $0.insert(path) } }

    func keep(_ folder: TemporaryFolder) { kept.withLock { $0.append(folder) } }

    func remove(_ path: String) {
      try? FileManager.default.removeItem(atPath: path)
      paths.withLock { _ = $0.remove(path) }
    }
  }
}
