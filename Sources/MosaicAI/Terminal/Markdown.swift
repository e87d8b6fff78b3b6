/// Text in Markdown.
enum Markdown {
  /// A line whose every character stands for itself.
  static func literal(_ text: String) -> String { escaped(text) { isActive($0) || isEmphatic($0) } }

  /// Lines that keep emphasis and lists; links, images and HTML in them are plain text.
  static func inert(_ text: String) -> String { escaped(text, isActive) }

  /// A text of several lines below a heading: as `inert`, and nothing in it makes a heading of its own, or begins code
  /// that might never end.
  static func body(_ text: String) -> String {
    var isBelowText = false
    return inert(text).split(separator: "\n", omittingEmptySubsequences: false).map { line in
      defer { isBelowText = !line.allSatisfy(\.isWhitespace) }
      let start = line.prefix { $0 == " " }
      let rest = line[start.endIndex...]
      let isMark = ["#", "```", "~~~"].contains { rest.hasPrefix($0) }
      return isMark || isBelowText && isUnderline(rest) ? "\(start)\\\(rest)" : String(line)
    }.joined(separator: "\n")
  }

  /// Whether a line makes the one above it a heading.
  private static func isUnderline(_ line: Substring) -> Bool {
    guard let mark = line.first, mark == "=" || mark == "-" else { return false }
    return line.drop { $0 == mark }.allSatisfy(\.isWhitespace)
  }

  /// What could make a link, an image, HTML, or an entity.
  private static func isActive(_ byte: UInt8) -> Bool {
    switch Unicode.Scalar(byte) {
    case "\\", "<", "&", "[", "]": true
    default: false
    }
  }

  /// What could make emphasis, code, or the end of a heading.
  private static func isEmphatic(_ byte: UInt8) -> Bool {
    switch Unicode.Scalar(byte) {
    case "*", "_", "`", "~", "#": true
    default: false
    }
  }

  /// - Parameter isSpecial: of a byte of UTF-8, whether it is an ASCII character to put a backslash before
  private static func escaped(_ text: String, _ isSpecial: (UInt8) -> Bool) -> String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count + 16)
    for byte in text.utf8 {
      if isSpecial(byte) { bytes.append(UInt8(ascii: "\\")) }
      bytes.append(byte)
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
