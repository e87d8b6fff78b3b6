import Testing
import TestSupport

@testable import MosaicAI

@Suite struct TypesetterTests {
  /// The rows that a terminal shows of a text that comes in pieces of that many scalars, as it is written.
  private func written(_ text: String, width: Int, isStyled: Bool, length: Int, canRewrite: Bool = true) -> String {
    var typesetter = Typesetter(isStyled: isStyled, canRewrite: canRewrite) { width }
    var written = ""
    var rest = Array(text.unicodeScalars)[...]
    while !rest.isEmpty {
      var piece = String.UnicodeScalarView()
      piece.append(contentsOf: rest.prefix(length))
      rest = rest.dropFirst(length)
      written += typesetter.add(String(piece))
    }
    return written + typesetter.end()
  }

  private func rows(_ text: String, width: Int = 31, isStyled: Bool = false, length: Int = 1000) -> [String] {
    var screen = Screen(columns: 200)
    screen.write(written(text, width: width, isStyled: isStyled, length: length))
    #expect(screen.unknown == [])
    return screen.text
  }

  /// With what is bold in brackets and what is italic in slashes.
  private func marked(_ text: String) -> String {
    Typesetter.lines(text, isStyled: true, width: 200)
      .replacing("\u{1b}[1m", with: "[").replacing("\u{1b}[3m", with: "/").replacing("\u{1b}[1;3m", with: "[/")
      .replacing("\u{1b}[0m", with: "#").replacing("\u{1b}[0;1m", with: "#[").replacing("\u{1b}[0;3m", with: "#/")
  }

  @Test(
    "Items of lists and quotes hang, however deep",
    arguments: [
      ("- one two three four five six seven", ["- one two three four five six", "  seven"]),
      ("10. one two three four five six seven", ["10. one two three four five", "    six seven"]),
      ("  * one two three four five six seven", ["  * one two three four five", "    six seven"]),
      ("> one two three four five six seven", ["> one two three four five six", "  seven"]),
      ("> - one two three four five six seven", ["> - one two three four five", "    six seven"]),
      ("-   one two three four five six seven", ["-   one two three four five", "    six seven"]),
      ("  set in, one two three four five six", ["  set in, one two three four", "  five six"]),
      ("- https://example.org/a-very-long-way-to-go", ["- https://example.org/a-very-long-way-to-go"]),
      ("-one two three four five six seven", ["-one two three four five six", "seven"]),
      ("1984 was when two three four five six", ["1984 was when two three four", "five six"]),
      ("- one\n\n    two three four five six seven", ["- one", "", "    two three four five six", "    seven"]),
      ("- one\n\ntwo three four five six seven eight", ["- one", "", "two three four five six seven", "eight"]),
    ])
  func hanging(text: String, expected: [String]) {
    for length in [1, 2, 3, 7, 1000] { #expect(rows(text, length: length) == expected) }
  }

  @Test("Without color nothing of a text is left out")
  func unstyled() {
    let text = "# Heading\n\n**bold** and *italic*, `code`, 5 * 3, a_b_c \\* x\n"
    #expect(Typesetter.lines(text, isStyled: false, width: 80) == text)
  }

  @Test(
    "With color, headings and emphasis are shown as such, and what is neither stays",
    arguments: [
      ("# Her life\nand more", "[Her life#\nand more"), ("### A **strong** name #1\n", "[A strong name #1#\n"),
      ("**bold** and *italic*.", "[bold# and /italic#."), ("__bold__ and _italic_.", "[bold# and /italic#."),
      ("***both*** of them", "[/both# of them"), ("**bold with *italic* in it**", "[bold with /italic#[ in it#"),
      ("5 * 3 * 2, snake_case_name, 2*3*4", "5 * 3 * 2, snake_case_name, 2/3#4"), ("a ** b ** c", "a ** b ** c"),
      ("____ filled in ____", "____ filled in ____"),
      (#"\*not\* this \_one\_, C:\temp"#, #"*not* this _one_, C:\temp"#),
      ("`**code**` and ``a ` b *c*`` *i*", "`**code**` and ``a ` b *c*`` /i#"), ("#hashtag", "#hashtag"),
      ("#", "#"), ("*", "*"), ("- *", "- *"), ("**", "**"), ("\\", "\\"), ("1.", "1."), ("```", "```"),
      ("“*She* sang,” (*softly*) *she*—", "“/She# sang,” (/softly#) /she#—"), ("*a\n\nb* c", "/a#\n\nb* c"),
      ("- **one:** two\n- **three** four", "- [one:# two\n- [three# four"), ("*️⃣ key", "*️⃣ key"),
    ])
  func styled(text: String, expected: String) {
    #expect(marked(text) == expected)
    for length in [1, 2, 3, 5] {
      let pieces = rows(text, width: 200, isStyled: true, length: length)
      #expect(pieces == rows(text, width: 200, isStyled: true), "\(length)")
    }
  }

  @Test("Code is left alone: as wide as it is, and whatever is in it")
  func code() {
    let fenced = "Look:\n```swift\nlet text = \"**a** * b\" // and a comment that is long\n\n  # no heading\n```\nafter"
    #expect(
      rows(fenced, isStyled: true) == fenced.split(separator: "\n", omittingEmptySubsequences: false).map(String.init))
    let tildes = "~~~\n```\n- one two three four five six seven eight\n~~~~\n- one two three four five six seven"
    let after = ["- one two three four five six", "  seven"]
    #expect(rows(tildes) == ["~~~", "```", "- one two three four five six seven eight", "~~~~"] + after)
    let indented = "Look:\n\n    one two three *four* five six seven eight nine\n"
    #expect(rows(indented, isStyled: true).last == "    one two three *four* five six seven eight nine")
    #expect(
      rows("```one``` two *three* four five six seven", isStyled: true) == [
        "```one``` two three four five", "six seven",
      ])
    for text in [fenced, tildes, indented] {
      for length in [1, 2, 5] {
        #expect(rows(text, isStyled: true, length: length) == rows(text, isStyled: true))
      }
    }
  }

  @Test("Nothing but what may be a mark is held back")
  func immediate() {
    var typesetter = Typesetter(isStyled: true, canRewrite: true) { 80 }
    for (piece, shown) in [
      ("Sh", "Sh"), ("e sa", "e sa"), ("ng *", "ng"), ("so", " \u{1b}[3mso"), ("ftly*", "ftly"),
      (".\n", "\u{1b}[0m.\n"),
      ("-", ""), (" ", ""), ("one", "- one"), ("\n1", "\n"), ("9", ""), ("8", ""), ("4 was", "1984 was"), ("\n", "\n"),
      ("#", ""), ("# A", "\u{1b}[1mA"), (" B", " B"), ("\n", "\u{1b}[0m\n"),
    ] {
      #expect(typesetter.add(piece) == shown, "\(piece)")
    }
    #expect(typesetter.end() == "")
  }

  @Test("An unfinished reply leaves the terminal writing as usual")
  func unfinished() {
    for text in ["**bold", "# Heading", "*it", "***both"] {
      #expect(Typesetter.lines(text, isStyled: true, width: 80).hasSuffix("\u{1b}[0m"))
    }
  }

  @Test("The result is the same in whatever pieces a text comes, and where nothing may be wiped out", arguments: 1...12)
  func pieces(length: Int) {
    let text = """
      ## What you *told* me

      She sang while she made jam — **always the same song** — and e\u{301}very child knew it 👩‍👩‍👧 by heart.

      1. The kitchen, with the *green* door that nobody ever locked
         and the garden behind it
      2. The song: 東京ブギウギ, as she called it, and https://example.org/a/very/long/address/indeed

      > She said: `never` lock a door, not even at night when everybody is asleep

      ```
      a   block of code that is wider than the terminal is
      ```
      * * *
      That_is_all, 2 * 3.
      """
    for isStyled in [false, true] {
      let whole = rows(text, isStyled: isStyled)
      #expect(rows(text, isStyled: isStyled, length: length) == whole)
      let held = written(text, width: 31, isStyled: isStyled, length: length, canRewrite: false)
      #expect(!held.contains("\u{8}") && !held.contains("\u{1b}[K"))
      #expect(held == Typesetter.lines(text, isStyled: isStyled, width: 31))
    }
  }
}
