import MosaicAICore
import Platform
import TestSupport
import Testing

@testable import MosaicAI

@Suite struct TextEditorTests {
  /// What keys make of a text, with the cursor as a bar.
  private func edit(
    _ typed: String, _ kind: TextEditor.Kind = .message, width: Int = 80, earlier: [String] = [], isPlain: Bool = false
  ) -> (text: String, outcome: TextEditor.Outcome) {
    var editor = TextEditor(kind, earlier: earlier, isPlain: isPlain)
    let outcome = press(typed, &editor, width: width)
    let before = editor.buffer.cells[..<editor.buffer.cursor]
    let after = editor.buffer.cells[editor.buffer.cursor...]
    func text(_ cells: ArraySlice<EditBuffer.Cell>) -> String {
      cells.map { if case .character(let character) = $0 { String(character) } else { "?" } }.joined()
    }
    return ("\(text(before))|\(text(after))", outcome)
  }

  /// Presses keys until one has an outcome.
  private func press(_ typed: String, _ editor: inout TextEditor, width: Int = 80) -> TextEditor.Outcome {
    var decoder = KeyDecoder()
    for byte in typed.utf8 {
      for key in decoder.decode(byte) {
        let outcome = editor.press(key, width: width)
        if outcome != .goesOn { return outcome }
      }
    }
    return .goesOn
  }

  private static let left = "\u{1b}[D"
  private static let right = "\u{1b}[C"
  private static let up = "\u{1b}[A"
  private static let down = "\u{1b}[B"

  @Test(
    "Every key does to the text what readline does",
    arguments: [
      ("abc\(left)\(left)X", "aX|bc"), ("abc\u{1}X", "X|abc"), ("abc\u{1}\u{5}X", "abcX|"), ("abc\u{1b}[HX", "X|abc"),
      ("abc\(left)\(right)\(right)X", "abcX|"), ("abc\u{7f}", "ab|"), ("abc\(left)\u{7f}", "a|c"), ("\u{7f}", "|"),
      ("abc\u{1}\u{1b}[3~", "|bc"), ("abc\u{1}\u{4}", "|bc"), ("abc\u{4}", "abc|"),
      ("one two  three\u{1b}b", "one two  |three"), ("one two  three\u{1b}b\u{1b}b", "one |two  three"),
      ("one, two\u{1}\u{1b}f", "one|, two"), ("one, two\u{1}\u{1b}f\u{1b}f", "one, two|"),
      ("one two\u{1}\u{1b}[1;5C", "one| two"), ("one two\u{1b}[1;5D", "one |two"),
      ("one two-three\u{17}", "one |"), ("one two  \u{17}", "one |"), ("one two-three\u{1b}\u{7f}", "one two-|"),
      ("one two\u{1}\u{1b}d", "| two"), ("one two\u{15}", "|"), ("one two\(left)\(left)\u{15}", "|wo"),
      ("one two\u{1b}b\u{b}", "one |"), ("one two\u{1b}b\u{b}\u{1}\u{19}", "two|one "),
      ("one two\u{17}\u{19}\u{19}", "one twotwo|"), ("one\u{15}two \u{19}", "two one|"),
      ("a\u{1b}\rb", "a\nb|"), ("one\u{1b}\rtwo\u{1}X", "one\nX|two"), ("one\u{1b}\rtwo\u{1}\u{15}X", "oneX|two"),
      ("one\u{1b}\rtwo\u{1b}[1;5H\u{b}", "|\ntwo"), ("one\u{1b}\rtwo\u{1b}[1;5H\u{b}\u{b}", "|two"),
      ("one\u{1b}[200~ two\r three\u{1b}[201~!", "one two\n three!|"), ("one\\\rtwo", "one\ntwo|"),
    ])
  func editing(typed: String, expected: String) {
    let edited = edit(typed)
    #expect(edited.text == expected, "\(typed.debugDescription)")
    #expect(edited.outcome == .goesOn)
  }

  @Test(
    "A character of several scalars is moved over and erased as one",
    arguments: [
      ("e\u{301}x\(left)\(left)", "|e\u{301}x"), ("👩‍👩‍👧\u{7f}", "|"), ("🇩🇪🇫🇷\u{7f}", "🇩🇪|"), ("👍🏽\(left)", "|👍🏽"),
      ("東京\u{7f}", "東|"), ("a\u{1}\u{301}", "\u{301}|a"), ("ab\(left)\u{301}", "a\u{301}|b"),
      ("x\u{301}\u{1}e\(right)\u{7f}", "e|"), ("नमस्ते\u{7f}", "नम|"),
    ])
  func characters(typed: String, expected: String) {
    #expect(edit(typed).text == expected)
  }

  @Test("A character that is joined by what is put before it moves as one from then on")
  func joining() {
    var editor = TextEditor(.message)
    _ = press("\u{301}\u{1}e", &editor)
    #expect(editor.buffer.cells == [.character("e\u{301}")] && editor.buffer.isCursorAtEnd)
  }

  @Test("Enter sends, and an open backslash, Alt-Enter or a paste begins another line")
  func enter() {
    #expect(edit("a\r").outcome == .done)
    #expect(edit("a\\\r").text == "a\n|")
    #expect(edit("a\\\\\r").outcome == .done, "two are one that is meant")
    #expect(edit("a\\\(TextEditorTests.left)\r").outcome == .done, "it is not at the end")
    #expect(edit("a\\b\r").outcome == .done)
    #expect(edit("a\u{1b}\rb\r").outcome == .done)
    #expect(edit("a\rb", .text).text == "a\nb|")
    #expect(edit("a\r", .line).outcome == .done)
    #expect(edit("\u{1b}[200~a\rb\u{1b}[201~", .line).text == "a b|")
  }

  @Test("Ctrl-D ends on nothing; a text also on an empty line, or if it is pressed twice")
  func end() {
    for kind in [TextEditor.Kind.message, .text, .line] { #expect(edit("\u{4}", kind).outcome == .end) }
    #expect(edit("a\u{4}\u{4}").outcome == .goesOn)
    #expect(edit("a\u{4}", .text).outcome == .goesOn)
    #expect(edit("a\u{4}\u{4}", .text).outcome == .done)
    #expect(edit("a\r\u{4}", .text).outcome == .done)
    #expect(edit("a\u{4}b\u{4}", .text).outcome == .goesOn)
    #expect(edit("a\u{4}\u{4}", .line).outcome == .done)
  }

  @Test("Ctrl-C takes a message away, which can be put back, and leaves if pressed twice in a row")
  func interrupt() {
    var editor = TextEditor(.message, earlier: ["before"])
    #expect(press("abc\u{3}", &editor) == .cleared)
    #expect(editor.buffer.isEmpty)
    #expect(press("\u{19}", &editor) == .goesOn && editor.buffer.bytes == Array("abc".utf8))
    #expect(press("\u{3}", &editor) == .cleared)
    #expect(press("\u{3}", &editor) == .end)
    var again = TextEditor(.message, isAfterInterrupt: true)
    #expect(press("\u{3}", &again) == .end)
    for kind in [TextEditor.Kind.line, .text] { #expect(edit("abc\u{3}", kind).outcome == .interrupt) }
  }

  @Test("The arrows bring back earlier texts and keep the one under way, with what was changed in each")
  func history() throws {
    let (up, down) = (TextEditorTests.up, TextEditorTests.down)
    var editor = TextEditor(.message, earlier: ["first", "sec\nond"])
    func expect(_ typed: String, _ text: String, _ editor: inout TextEditor) {
      #expect(press(typed, &editor) == .goesOn)
      #expect(String(decoding: editor.buffer.bytes, as: UTF8.self) == text)
    }
    expect("draft\(up)", "sec\nond", &editor)
    expect(up, "sec\nond", &editor)
    expect("\(up)!", "first!", &editor)
    expect(up, "first!", &editor)
    expect(down, "sec\nond", &editor)
    expect(down, "draft", &editor)
    expect(down, "draft", &editor)
    expect("\(up)\(up)\(up)", "first!", &editor)
    expect("\u{10}\u{e}\u{e}", "draft", &editor)
  }

  @Test("Up and down go from row to row of a long text, and keep to a column")
  func rows() {
    let text = "\u{1b}[200~0123456789\rab\r0123456789\u{1b}[201~"
    let (up, down) = (TextEditorTests.up, TextEditorTests.down)
    #expect(edit("\(text)\(up)").text == "0123456789\nab|\n0123456789")
    #expect(edit("\(text)\(up)\(up)").text == "0123456789|\nab\n0123456789")
    #expect(edit("\(text)\(up)\(up)\(down)\(down)X").text == "0123456789\nab\n0123456789X|")
    #expect(edit("one two three four\(up)X", width: 12).text == "one twoX| three four")
  }

  @Test("Without a cursor that moves, only the end of a text can be changed")
  func plain() {
    for key in [TextEditorTests.left, TextEditorTests.up, "\u{1}", "\u{1b}b", "\u{b}", "\u{1b}[3~", "\u{c}"] {
      #expect(edit("abc\(key)", earlier: ["before"], isPlain: true).text == "abc|")
    }
    #expect(edit("one two\u{17}\u{19}\u{7f}\\\r!", isPlain: true).text == "one tw\n!|")
  }

  @Test("Bytes that are not UTF-8 are kept, so that they can be refused")
  func invalid() {
    var editor = TextEditor(.message)
    for byte: UInt8 in [0x61, 0xe9, 0x62] {
      var decoder = KeyDecoder()
      for key in decoder.decode(byte) + decoder.decode(0x63) { _ = editor.press(key, width: 80) }
    }
    #expect(editor.buffer.bytes == [0x61, 0x63, 0xe9, 0x63, 0x62, 0x63])
    var pasted = TextEditor(.message)
    _ = pasted.press(.paste([0x61, 0xe9, 0xcc, 0x81, 0xff]), width: 80)
    #expect(pasted.buffer.bytes == [0x61, 0xe9, 0xcc, 0x81, 0xff])
  }
}

@Suite struct EditLayoutTests {
  private func rows(_ text: String, width: Int, indent: Int = 0) -> [String] {
    var buffer = EditBuffer()
    buffer.replace(with: Array(text.utf8))
    let layout = EditLayout(buffer.cells, indent: indent, width: width)
    return layout.rows.indices.map { layout.text(ofRow: $0).text.replacing(/\u{1b}\[\d+G/, with: "") }
  }

  @Test(
    "Rows end between words if they can, and leave the last column free",
    arguments: [
      ("", 10, [""]), ("one two three", 10, ["one two ", "three"]), ("0123456789", 6, ["01234", "56789", ""]),
      ("one 0123456789", 8, ["one ", "0123456", "789"]), ("a\n\nb\n", 10, ["a", "", "b", ""]),
      ("日本語の長い文章", 9, ["日本語の", "長い文章", ""]), ("ab日本", 6, ["ab日", "本"]),
      ("one     two", 6, ["one  ", "two"]), ("a\tb", 20, ["a       b"]),
    ])
  func rows(text: String, width: Int, expected: [String]) {
    // What ends with a row has its cursor at the beginning of no other.
    #expect(rows(text, width: width) == expected.filter { !($0 == "" && expected.count > 1 && !text.contains("\n")) })
  }

  @Test("The text begins after the prompt; below a long one, at the edge")
  func indents() {
    var buffer = EditBuffer()
    buffer.replace(with: Array("one two three four".utf8))
    #expect(EditLayout(buffer.cells, indent: 2, width: 12).rows.map(\.start) == [2, 2, 2])
    #expect(EditLayout(buffer.cells, indent: 8, width: 14).rows.map(\.start) == [8, 0, 0])
  }

  @Test("Nothing in a text can drive the terminal, and everything in it can be seen")
  func safe() {
    #expect(
      rows("a\u{1b}[31m\u{9b}\u{202e}\u{200b}b\0", width: 40) == ["a\u{fffd}[31m\u{fffd}\u{fffd}\u{fffd}b\u{fffd}"])
  }

  @Test("Every place of the cursor has a row and a column, and is found there again")
  func places() {
    let text = "She sang while she made jam, 日本語の長い文章 always\n\nthe same e\u{301}\u{301} song      and\tmore."
    var buffer = EditBuffer()
    buffer.replace(with: Array(text.utf8))
    for width in 4...40 {
      let layout = EditLayout(buffer.cells, indent: 2, width: width)
      for cursor in 0...buffer.cells.count {
        let (row, column) = (layout.row(of: cursor), layout.column(of: cursor))
        #expect(column < width || width < 5)
        #expect(layout.rows[row].cells.lowerBound <= cursor && cursor <= layout.rows[row].cells.upperBound)
        let found = layout.cursor(inRow: row, near: column)
        // White space that did not fit stands in no column of its own.
        #expect(layout.row(of: found) == row && layout.column(of: found) == column, "\(width) \(cursor)")
      }
    }
  }
}
