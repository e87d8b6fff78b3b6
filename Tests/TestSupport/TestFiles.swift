/// The files that tests read.
package enum TestFiles {
  /// The package's folder.
  package static let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
    .joined(separator: "/")

  /// The folder `Tests`.
  package static let tests = "\(root)/Tests"

  /// What botocore made, and what generates it.
  package static let conformance = "\(tests)/Conformance"
}
