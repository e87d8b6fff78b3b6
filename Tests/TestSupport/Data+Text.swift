import Foundation
import Platform

extension Data {
  /// Whether the text stands anywhere in these bytes. By the C library: files of databases are large, and
  /// `range(of:)` takes a hundred times as long in a debug build.
  package func contains(text: String) -> Bool {
    let text = Array(text.utf8)
    guard let first = text.first else { return true }
    return withUnsafeBytes { bytes in
      var rest = bytes
      while rest.count >= text.count, let start = rest.baseAddress {
        guard let found = memchr(start, Int32(first), rest.count - text.count + 1) else { return false }
        if memcmp(found, text, text.count) == 0 { return true }
        rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(UnsafeRawPointer(found) - start + 1))
      }
      return false
    }
  }
}
