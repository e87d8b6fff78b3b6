import Platform

/// The folders in which programs are found by their names, as execvp(3) finds them. The name of a folder can be any
/// bytes.
package struct ProgramFolders {
  private let folders: [[UInt8]]

  /// - Parameters:
  ///   - variables: an environment, perhaps with `PATH`
  ///   - foreign: `NAME=VALUE` of it that is not UTF-8
  package init(_ variables: [String: String], foreign: [[UInt8]] = []) {
    let name = Array("PATH=".utf8)
    let path =
      foreign.first { $0.starts(with: name) }?.dropFirst(name.count)
      ?? Array((variables["PATH"] ?? "/bin:/usr/bin").utf8)[...]
    folders = path.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false).map { Array($0) }
  }

  /// The path of the program of that name, or the name if it is a path itself; nil if no folder has a program of that
  /// name.
  package func path(of name: String) -> [UInt8]? {
    let name = Array(name.utf8)
    if name.contains(UInt8(ascii: "/")) { return name }
    return folders.lazy.map { $0.isEmpty ? name : $0 + [UInt8(ascii: "/")] + name }.first(where: isProgram)
  }

  /// Whether it is an ordinary file that may be run.
  private func isProgram(_ path: [UInt8]) -> Bool {
    (path + [0]).withUnsafeBytes { bytes in
      guard let path = bytes.assumingMemoryBound(to: CChar.self).baseAddress else { return false }
      var status = stat()
      return access(path, X_OK) == 0 && stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }
  }
}
