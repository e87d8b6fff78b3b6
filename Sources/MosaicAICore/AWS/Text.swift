/// What somebody else wrote, fit for a message: its first line without control characters, not longer than `limit`.
func printable(_ text: some StringProtocol, limit: Int = 300) -> String {
  let line = text.unicodeScalars.prefix { $0 != "\n" && $0 != "\r" }
  let cleaned = String(String.UnicodeScalarView(line.filter { $0 == " " || !isPythonSpace($0) && !isInvisible($0) }))
  return cleaned.count > limit ? "\(cleaned.prefix(limit))…" : cleaned
}

/// A text of a service without what was sent to it and must be told to nobody: `secrets`, and any signature.
func hiding(_ secrets: [Secret], in text: String) -> String {
  var hidden = text
  // Fewer characters are in other words too, and no secret.
  for secret in secrets where secret.exposed.utf8.count >= 8 { hidden = hidden.replacing(secret.exposed, with: "…") }
  var told = ""
  var rest = hidden[...]
  while let mark = rest.firstRange(of: "Signature=") {
    told += rest[..<mark.upperBound]
    rest = rest[mark.upperBound...].drop { $0.isHexDigit }
    told += "…"
  }
  return told + rest
}

/// Whether a scalar controls how others are shown, and is not shown itself.
private func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
  [.control, .format].contains(scalar.properties.generalCategory)
}

/// Whether Python's `str.isspace` holds.
func isPythonSpace(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.value {
  case 0x09...0x0D, 0x1C...0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: true
  default: false
  }
}

/// `text` as Python's `str.strip` leaves it.
func pythonStripped(_ text: String) -> String {
  let scalars = text.unicodeScalars
  guard let first = scalars.firstIndex(where: { !isPythonSpace($0) }),
    let last = scalars.lastIndex(where: { !isPythonSpace($0) })
  else { return "" }
  return String(scalars[first...last])
}

/// A string as Python's `json.dumps` writes it: ASCII only.
func pythonJSON(_ text: String) -> String {
  var result = "\""
  for unit in text.utf16 {
    switch unit {
    case 0x22: result += "\\\""
    case 0x5C: result += "\\\\"
    case 0x0A: result += "\\n"
    case 0x0D: result += "\\r"
    case 0x09: result += "\\t"
    case 0x08: result += "\\b"
    case 0x0C: result += "\\f"
    case 0x20...0x7E: result.unicodeScalars.append(Unicode.Scalar(UInt8(unit)))
    default: result += "\\u" + hexadecimal([UInt8(unit >> 8), UInt8(unit & 0xFF)])
    }
  }
  return result + "\""
}

/// Whether a byte is a letter or a digit of ASCII.
func isASCIIAlphanumeric(_ byte: UInt8) -> Bool {
  switch byte {
  case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
    UInt8(ascii: "A")...UInt8(ascii: "Z"):
    true
  default: false
  }
}
