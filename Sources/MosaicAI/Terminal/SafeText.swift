/// Text that cannot drive a terminal: without C0 but newline and tab, DEL, C1, and what turns the direction of text
/// around.
enum SafeText {
  /// Appends `text`, in UTF-8, without what a terminal would obey.
  static func append(_ text: UnsafeBufferPointer<UInt8>, to bytes: inout [UInt8]) {
    var keptFrom = 0
    var index = 0
    while index < text.count {
      let length = unsafeLength(text, at: index)
      guard length > 0 else {
        index += 1
        continue
      }
      bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[keptFrom..<index]))
      index += length
      keptFrom = index
    }
    bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[keptFrom...]))
  }

  /// `text` on as many lines as it has.
  static func lines(_ text: String) -> String {
    var text = text
    var bytes: [UInt8] = []
    text.withUTF8 { append($0, to: &bytes) }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// `text` on one line, line breaks and tabs made spaces.
  static func line(_ text: String) -> String {
    String(lines(text).map { $0.isNewline || $0 == "\t" ? " " : $0 })
  }

  /// Appends `text` on one line, with line breaks, tabs and backslashes as `\n`, `\t` and `\\`.
  static func appendEscaped(_ text: String, to bytes: inout [UInt8]) {
    for byte in lines(text).utf8 {
      switch Unicode.Scalar(byte) {
      case "\\": bytes.append(contentsOf: #"\\"#.utf8)
      case "\n": bytes.append(contentsOf: #"\n"#.utf8)
      case "\t": bytes.append(contentsOf: #"\t"#.utf8)
      default: bytes.append(byte)
      }
    }
  }

  /// How many bytes at `index` have to go.
  private static func unsafeLength(_ text: UnsafeBufferPointer<UInt8>, at index: Int) -> Int {
    let byte = text[index]
    if byte < 0x20 { return byte == 0x0a || byte == 0x09 ? 0 : 1 }
    guard byte >= 0x7f else { return 0 }
    if byte == 0x7f { return 1 }
    if byte == 0xc2, index + 1 < text.count, text[index + 1] < 0xa0 { return 2 }
    if byte == 0xe2, index + 2 < text.count {
      let isEmbedding = text[index + 1] == 0x80 && (0xaa...0xae).contains(text[index + 2])
      let isIsolate = text[index + 1] == 0x81 && (0xa6...0xa9).contains(text[index + 2])
      if isEmbedding || isIsolate { return 3 }
    }
    return 0
  }
}
