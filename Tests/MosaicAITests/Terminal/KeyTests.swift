import Testing

@testable import MosaicAI

@Suite struct KeyTests {
  private func keys(_ text: String) -> [Key] { keys(Array(text.utf8)) }

  private func keys(_ bytes: [UInt8]) -> [Key] {
    var decoder = KeyDecoder()
    return bytes.flatMap { decoder.decode($0) }
  }

  @Test("Text comes scalar by scalar, and what is not UTF-8 byte by byte")
  func text() {
    #expect(keys("aé東🌻\t") == [.text("a"), .text("é"), .text("東"), .text("🌻"), .text("\t")])
    #expect(keys([0xe9, 0x61]) == [.invalid(0xe9), .text("a")])
    #expect(keys([0xff, 0xc3, 0xa9]) == [.invalid(0xff), .text("é")])
    #expect(keys([0xe6, 0x9d, 0x0d]) == [.invalid(0xe6), .invalid(0x9d), .enter])
    // A surrogate, and what is longer than it has to be.
    #expect(keys([0xed, 0xa0, 0x80]) == [.invalid(0xed), .invalid(0xa0), .invalid(0x80)])
    #expect(keys([0xe0, 0x80, 0x80]) == [.invalid(0xe0), .invalid(0x80), .invalid(0x80)])
  }

  @Test(
    "What is no key that is known leaves nothing behind",
    arguments: [
      "\u{1b}é", "\u{1b}東", "\u{1b}🌻", "\u{1b}x", "\u{1b}[[A", "\u{1b}[[E", "\u{1b}[17~", "\u{1b}[?1;2c",
      "\u{1b}]11;rgb:0000/0000/0000\u{1b}\\", "\u{1b}]11;rgb:0000/0000/0000\u{7}", "\u{1b}P1+r524742\u{1b}\\",
    ])
  func nothingLeft(typed: String) {
    #expect(keys("a\(typed)b") == [.text("a"), .text("b")])
  }

  @Test("An escape that nothing follows is over, later if it cannot have been the Escape key")
  func patience() {
    var decoder = KeyDecoder()
    #expect(decoder.patience == nil)
    for (byte, patience) in [("\u{1b}", 50), ("[", 1000), ("2", 1000)] {
      #expect(decoder.decode(byte.utf8.first ?? 0) == [])
      #expect(decoder.patience == .milliseconds(patience))
    }
    decoder.endEscape()
    #expect(decoder.patience == nil && decoder.decode(0x61) == [.text("a")])
  }

  @Test(
    "Control characters are the keys that readline made usual",
    arguments: [
      ("\u{1}", .lineStart), ("\u{2}", .left), ("\u{3}", .interrupt), ("\u{4}", .end), ("\0", .end),
      ("\u{5}", .lineEnd),
      ("\u{6}", .right), ("\u{8}", .erase), ("\u{7f}", .erase), ("\n", .enter), ("\r", .enter),
      ("\u{b}", .eraseToEnd), ("\u{c}", .clearScreen), ("\u{e}", .down), ("\u{10}", .up), ("\u{15}", .eraseToStart),
      ("\u{17}", .eraseWord), ("\u{19}", .yank), ("\u{1a}", .stop), ("\u{1c}", .quit),
    ] as [(String, Key)])
  func control(typed: String, key: Key) {
    #expect(keys(typed) == [key])
  }

  @Test(
    "The keys without a character are known in the forms that terminals send",
    arguments: [
      (["[A", "OA"], .up), (["[B", "OB"], .down), (["[C", "OC"], .right), (["[D", "OD"], .left),
      (["[H", "OH", "[1~", "[7~"], .lineStart), (["[F", "OF", "[4~", "[8~"], .lineEnd), (["[3~"], .eraseForward),
      (["b", "[1;5D", "[1;3D", "\u{1b}[D", "Od", "\u{1b}OD"], .wordLeft),
      (["f", "[1;5C", "[1;3C", "\u{1b}[C", "Oc"], .wordRight),
      (["d", "[3;5~"], .eraseWordForward), (["\u{7f}", "\u{8}"], .eraseWordBack),
      (["\r", "\n", "[13;2u", "[27;2;13~"], .newLine),
      (["[1;5H"], .textStart), (["[1;5F"], .textEnd), (["[13u", "OM"], .enter),
    ] as [([String], Key)])
  func sequences(forms: [String], key: Key) {
    for form in forms { #expect(keys("\u{1b}\(form)") == [key], "\(form)") }
  }

  @Test(
    "What no key here sends is no text", arguments: ["[I", "[200", "[5~", "[6~", "[24;1R", "OP", "x", "[?1;2c", "[M"])
  func unknown(form: String) {
    #expect(keys("\u{1b}\(form)").allSatisfy { $0 == .left })
  }

  @Test("A paste is one key, whatever is in it, with line breaks as they are stored")
  func paste() {
    let pasted = keys("\u{1b}[200~one\rtwo\r\nthree\nfour\u{1b}[A\u{3}\u{1b}[201~x")
    #expect(pasted == [.paste(Array("one\ntwo\nthree\nfour\u{1b}[A\u{3}".utf8)), .text("x")])
    #expect(keys("\u{1b}[200~\u{1b}[201~") == [.paste([])])
    #expect(keys("\u{1b}[200~\r\r\u{1b}[201~") == [.paste([0x0a, 0x0a])])
  }
}
