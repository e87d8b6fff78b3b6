import Foundation

import Platform

/// A program that some tests need and that may be missing.
package enum Tool {
  /// Where it is.
  package static func path(_ name: String) throws -> String {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    let paths: [String] = folders.map { "\($0)/\(name)" }
    guard let path = paths.first(where: { access($0, X_OK) == 0 }) else { throw Complaint("\(name) is not installed") }
    return path
  }

  /// Whether all of them are installed.
  package static func have(_ names: String...) -> Bool { names.allSatisfy { (try? path($0)) != nil } }
}
