import TestSupport
import Testing

@testable import MosaicAI

@Suite struct EditorScreenTests {
  /// An editor with its display on a terminal.
  private struct Desk {
    var editor: TextEditor
    var display: any EditorDisplay
    var screen: Screen

    init(columns: Int, rows: Int = 24, isSimple: Bool = false, isPlain: Bool = false) {
      editor = TextEditor(.message, indent: 2, isPlain: isPlain)
      let size = TerminalSize(columns: columns, rows: rows)
      display =
        isPlain
        ? EditorEcho(prompt: "> ", promptWidth: 2, width: columns)
        : EditorScreen(prompt: "> ", promptWidth: 2, size)
      screen = Screen(columns: columns, rows: rows, isSimple: isSimple)
      screen.write("before\n")
      show()
    }

    mutating func show() { screen.write(display.show(editor.buffer)) }

    /// Types, and shows the text after each `step` bytes.
    mutating func type(_ text: String, step: Int = 1) {
      var decoder = KeyDecoder()
      for (index, byte) in text.utf8.enumerated() {
        for key in decoder.decode(byte) { _ = editor.press(key, width: screen.columns) }
        if index % step == 0 { show() }
      }
      show()
    }

    mutating func finish() { screen.write(display.finish(editor.buffer)) }

    /// What should be seen: the text, laid out again, and where the cursor is in it.
    var expected: (rows: [String], row: Int, column: Int) {
      let layout = EditLayout(editor.buffer.cells, indent: 2, width: screen.columns)
      let rows = layout.rows.indices.map { row in
        let text = (row == 0 ? "> " : "  ") + layout.text(ofRow: row).text.replacing(/\u{1b}\[\d+G/, with: "")
        return String(text.reversed().drop { $0 == " " }.reversed())
      }
      let cursor = editor.buffer.cursor
      return (rows, layout.row(of: cursor), layout.column(of: cursor))
    }

    /// Whether the text stands there as it should, below what was there before.
    func expectShown(after lines: [String] = ["before"], _ comment: Comment = "") {
      let rows = lines + expected.rows
      let shown = Array(rows.reversed().drop(while: \.isEmpty).reversed())
      #expect(screen.text == shown, comment)
      #expect(screen.row == lines.count + expected.row && screen.column == expected.column, comment)
      #expect(screen.unknown == [])
    }
  }

  private static let typed =
    "She sang while she made jam, 日本語の長い文章, e\u{301}e\u{301} and 👩‍👩‍👧 too\u{1b}\rAnother\tline\u{1b}b\u{1b}bX"
    + "\u{1b}[A\u{1b}[AY\u{1}Z\u{1b}f\u{17}\u{5}\u{7f}\u{7f}\u{1b}[1;5F and the end\u{1b}b\u{b}!\u{15}\u{15}\u{15}q"

  @Test("After every key the terminal shows the text and the cursor", arguments: [8, 11, 20, 40, 80], [1, 3, 1000])
  func everyKey(columns: Int, step: Int) {
    var desk = Desk(columns: columns)
    var decoder = KeyDecoder()
    for (index, byte) in EditorScreenTests.typed.utf8.enumerated() {
      for key in decoder.decode(byte) { _ = desk.editor.press(key, width: columns) }
      guard index % step == 0 else { continue }
      desk.show()
      desk.expectShown("\(index)")
    }
    desk.show()
    desk.expectShown()
    desk.finish()
    #expect(desk.screen.column == 0 && desk.screen.row == desk.expected.rows.count + 1)
  }

  @Test("Whatever is typed in whatever order, the terminal shows it", arguments: 1...40)
  func random(seed: Int) {
    var numbers = Lehmer(seed: UInt64(seed))
    var desk = Desk(columns: 6 + seed % 30, rows: 500)
    let keys = [
      "a", "bc ", "漢", "e\u{301}", " ", "\u{1b}\r", "\u{1b}[D", "\u{1b}[C", "\u{1b}[A", "\u{1b}[B", "\u{7f}", "\u{17}",
      "\u{1}", "\u{5}", "\u{b}", "\u{19}", "\u{1b}[3~", "\u{1b}[200~one two\rthree\u{1b}[201~", "👍🏽",
    ]
    for step in 0..<120 {
      desk.type(keys[Int(numbers.next() % UInt64(keys.count))])
      desk.expectShown("\(step)")
    }
  }

  @Test("A letter typed at the end writes nothing but the letter")
  func short() {
    var desk = Desk(columns: 40)
    desk.type("abc")
    _ = desk.editor.press(.text("d"), width: 40)
    #expect(desk.display.show(desk.editor.buffer) == "d")
    #expect(desk.display.show(desk.editor.buffer) == "")
  }

  @Test("A terminal that gives an emoji more columns still has what follows where the cursor says it is")
  func doubtful() {
    var desk = Desk(columns: 40, isSimple: true)
    desk.type("👩‍👩‍👧 family")
    #expect(desk.screen.column == 2 + 2 + 7)
  }

  @Test("A text that is longer than the terminal is high is shown around the cursor, and whole in the end")
  func high() {
    var desk = Desk(columns: 20, rows: 6)
    desk.type("\u{1b}[200~\((1...30).map { "line \($0)" }.joined(separator: "\r"))\u{1b}[201~", step: 1000)
    #expect(desk.screen.text.suffix(5) == ["  line 26", "  line 27", "  line 28", "  line 29", "  line 30"])
    desk.type(String(repeating: "\u{1b}[A", count: 10))
    #expect(desk.screen.text.suffix(5).first == "  line 20" && desk.screen.text.suffix(5).last == "  line 24")
    desk.type(String(repeating: "\u{1b}[A", count: 40))
    #expect(desk.screen.text.suffix(5).first == "> line 1")
    desk.type("X\u{1b}[1;5F")
    desk.finish()
    #expect(desk.screen.text.suffix(30).first == "> Xline 1" || desk.screen.text.suffix(30).first == "> line 1X")
    #expect(desk.screen.text.suffix(29) == ArraySlice((2...30).map { "  line \($0)" }))
  }

  @Test(
    "After another width everything stands there once, in rows that fit", arguments: [40, 24, 13, 9], [80, 30, 12, 41])
  func resized(from: Int, to: Int) {
    for moves in ["", "\u{1b}[A", "\u{1b}[1;5H", "\u{1b}b\u{1b}b\u{1b}b\u{1b}b"] {
      var desk = Desk(columns: from)
      // Once longer, and shorter again.
      desk.type("a text that was longer\u{15}She sang while she made jam, 日本語の長い文章, always\u{1b}\rthe same\(moves)")
      desk.screen.resize(columns: to)
      desk.screen.write(desk.display.resize(TerminalSize(columns: to, rows: 24)))
      desk.show()
      desk.expectShown("\(from) \(to) \(moves.debugDescription)")
    }
  }

  @Test("Clearing removes everything; leaving keeps it")
  func others() {
    var desk = Desk(columns: 20)
    desk.type("one two three four five six\u{1b}[A")
    desk.screen.write(desk.display.clear() + "refused\n")
    desk.show()
    desk.expectShown(after: ["before", "refused"])
    desk.screen.write(desk.display.leave() + "stopped\n")
    desk.show()
    #expect(
      desk.screen.text == ["before", "refused", "> one two three", "  four five six", "stopped"] + desk.expected.rows)
  }

  @Test("Without moving the cursor up, the end of what stands there is the text", arguments: [12, 40])
  func plain(columns: Int) {
    var desk = Desk(columns: columns, isPlain: true)
    var written = ""
    for key in ["one two", "\u{7f}", "\u{7f}\u{7f}", " 漢字", "\u{7f}", "\\\r", "three", "\u{17}", "\u{15}\u{15}", "!"] {
      var decoder = KeyDecoder()
      for byte in key.utf8 { for key in decoder.decode(byte) { _ = desk.editor.press(key, width: columns) } }
      written += desk.display.show(desk.editor.buffer)
    }
    written += desk.display.finish(desk.editor.buffer)
    #expect(!written.contains("\u{1b}") && !written.contains("\r"))
    desk.screen.write(written)
    #expect(desk.screen.text.last == "> !" || desk.screen.text.last?.hasSuffix("漢!") == true)
    #expect(String(decoding: desk.editor.buffer.bytes, as: UTF8.self).hasSuffix("!"))
  }

  @Test("Of a hidden text nothing is shown but its prompt")
  func hidden() {
    var display = HiddenText(prompt: "Key: ")
    var buffer = EditBuffer()
    #expect(display.show(buffer) == "Key: ")
    buffer.insert("x")
    #expect(display.show(buffer) == "")
    #expect(display.finish(buffer) == "\n")
  }
}
