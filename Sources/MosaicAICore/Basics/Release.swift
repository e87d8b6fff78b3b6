/// This release of the library and of both programs.
package enum Release {
  /// Follows Semantic Versioning. Scripts, packages and man pages read it from this line.
  package static let version = "0.1.0"
}
