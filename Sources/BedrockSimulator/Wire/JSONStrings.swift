import MosaicAICore

extension JSON {
  /// The number, whole or not, if this is one.
  var double: Double? {
    switch self {
    case .integer(let number): Double(number)
    case .number(let number): number
    default: nil
    }
  }
}

/// `text` as a JSON string, in its quotes. As in Bedrock's answers only what JSON demands is escaped: the core's writer
/// also escapes DEL and C1, and clients would never see them raw.
func jsonQuoted(_ text: String) -> String {
  var quoted = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": quoted += "\\\""
    case "\\": quoted += "\\\\"
    case "\n": quoted += "\\n"
    case "\t": quoted += "\\t"
    case "\r": quoted += "\\r"
    case "\u{0}"..."\u{1F}": quoted += jsonEscape(UInt16(scalar.value))
    default: quoted.unicodeScalars.append(scalar)
    }
  }
  return quoted + "\""
}

/// `text` as a JSON string in ASCII. Everything else is escaped as UTF-16, in surrogate pairs if necessary.
func jsonQuotedInASCII(_ text: String) -> String {
  let units = text.utf16.map { unit in
    (0x20..<0x7F).contains(unit) && unit != 0x22 && unit != 0x5C
      ? String(UnicodeScalar(UInt8(unit))) : jsonEscape(unit)
  }
  return "\"\(units.joined())\""
}

/// The JSON escape of a UTF-16 unit.
private func jsonEscape(_ unit: UInt16) -> String {
  "\\u" + hexadecimal([UInt8(unit >> 8), UInt8(unit & 0xFF)]).uppercased()
}
