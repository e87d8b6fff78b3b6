import Foundation
import TestSupport

/// A mount namespace in which files of the machine look different, for one command alone.
enum Sandbox {
  /// Whether this machine lets tests make one.
  static let isPossible: Bool = {
    guard let unshare = try? Tool.path("unshare") else { return false }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: unshare)
    process.arguments = ["--map-root-user", "--mount", "sh", "-c", "mount -t tmpfs none /mnt"]
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }()

  /// The same command line, for which a folder cannot be written.
  static func readOnly(_ folder: String, _ command: Command) throws -> Command {
    try mounting("mount --bind \"$0\" \"$0\" && mount -o remount,ro,bind \"$0\"", folder, command)
  }

  /// The same command line, for which a file is mounted by itself, as a container may have it.
  static func mounted(_ file: String, _ command: Command) throws -> Command {
    try mounting("mount --bind \"$0\" \"$0\"", file, command)
  }

  /// The same command line, for which a folder is empty.
  static func empty(_ folder: String, _ command: Command) throws -> Command {
    try mounting("mount -t tmpfs none \"$0\"", folder, command)
  }

  /// The same command line, for which a folder has what a shell script makes in it.
  static func making(_ folder: String, _ script: String, _ command: Command) throws -> Command {
    try mounting("mount -t tmpfs none \"$0\" && (cd \"$0\" && \(script))", folder, command)
  }

  private static func mounting(_ script: String, _ folder: String, _ command: Command) throws -> Command {
    command.run(
      by: try Tool.path("unshare"),
      ["--map-root-user", "--mount", "sh", "-c", "\(script) && exec \"$@\"", folder])
  }
}
