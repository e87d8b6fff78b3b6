/// A text that never appears in a log, an error or a debugger.
package struct Secret: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The text itself, only for code that sends it.
  package let exposed: String

  package init(_ text: String) { exposed = text }

  package var description: String { "<secret>" }
  package var debugDescription: String { description }
  package var customMirror: Mirror { Mirror(self, children: []) }
}

/// A service's text with what was sent to it and must not be shown replaced by `…`: `secrets`, and any signature.
func hiding(_ secrets: [Secret], in text: String) -> String {
  var hidden = text
  // Shorter texts occur in ordinary words, and are not secrets.
  for secret in secrets where secret.exposed.utf8.count >= 8 {
    hidden = hidden.replacingScalars(secret.exposed, with: "…")
  }
  var shown = ""
  var rest = hidden[...]
  while let mark = rest.firstRange(of: "Signature=") {
    shown += rest[..<mark.upperBound]
    rest = rest[mark.upperBound...].drop { $0.isHexDigit }
    shown += "…"
  }
  return shown + rest
}
