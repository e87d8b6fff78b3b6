import Testing

@testable import MosaicAI

@Suite struct PagerTests {
  @Test(
    "What fits leaves a row for the prompt; rows are counted as a terminal breaks lines, styles taking no room",
    arguments: [
      ("", true), ("a\n", true), ("a\nb\nc\n", true), ("a\nb\nc\nd\n", false), ("a\nb\n\n\n", false),
      ("a\nb\nc\nd", false),
      (String(repeating: "x", count: 30), true), (String(repeating: "x", count: 31), false),
      (String(repeating: "\u{1b}[1mx\u{1b}[0m", count: 30), true), (String(repeating: "山", count: 15), true),
      (String(repeating: "山", count: 16), false), ("a\tb\tcd\ne", true), ("a\tb\tcdefg\tx\ty\n", false),
    ])
  func fits(text: String, fits: Bool) {
    #expect(Pager.fits(Array(text.utf8), on: TerminalSize(columns: 10, rows: 4)) == fits)
  }

  @Test("A pager is what the first variable that is set says, even if that is none")
  func which() throws {
    func command(_ variables: [String: String], canRewrite: Bool = true) -> String? {
      Pager(variables, canRewrite: canRewrite)?.command
    }
    #expect(command(["MOSAIC_AI_PAGER": "most -s", "PAGER": "more"]) == "most -s")
    #expect(command(["PAGER": "more"]) == "more")
    #expect(command(["PAGER": "more"], canRewrite: false) == "more")
    for none in ["", " ", "cat"] {
      #expect(command(["MOSAIC_AI_PAGER": none, "PAGER": "more"]) == nil)
      #expect(command(["PAGER": none]) == nil)
    }
    #expect(command(["PATH": "/nowhere"]) == nil)
    #expect(command([:], canRewrite: false) == nil)
  }

  @Test(
    "One program takes the place of the shell",
    arguments: [
      ("head -1", "exec head -1"), ("/opt/less -R", "exec /opt/less -R"), ("cat >a; b", "cat >a; b"),
      ("LESS=M less", "LESS=M less"), ("a | b", "a | b"), ("exit 3", "exit 3"), ("exec less", "exec less"),
    ])
  func script(command: String, script: String) {
    #expect(Pager(["PAGER": command], canRewrite: true)?.script == script)
  }
}
