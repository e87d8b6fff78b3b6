import Testing

@testable import MosaicAI

@Suite struct MarkdownTests {
  @Test(
    "No line of a body makes a heading, or begins code that might never end",
    arguments: [
      ("# A", "\\# A"), ("  ## A", "  \\## A"), ("A\n===", "A\n\\==="), ("A\n---  ", "A\n\\---  "),
      ("A\n -", "A\n \\-"),
      ("A\n\n---", "A\n\n---"), ("```\nlet", "\\```\nlet"), ("~~~", "\\~~~"), ("A\n- b", "A\n- b"),
      ("*A* `b`", "*A* `b`"),
      ("A #1", "A #1"), ("A\n=b=", "A\n=b="),
    ])
  func body(text: String, expected: String) {
    #expect(Markdown.body(text) == expected)
  }

  @Test("Links, images, HTML and entities are plain text, in a body and in a heading")
  func inert() {
    let text = "![a](b) <b> &amp; [c]: d \\"
    let expected = "!\\[a\\](b) \\<b> \\&amp; \\[c\\]: d \\\\"
    #expect(Markdown.body(text) == expected && Markdown.literal(text) == expected)
    #expect(Markdown.literal("*a* _b_ `c` ~d~ #") == "\\*a\\* \\_b\\_ \\`c\\` \\~d\\~ \\#")
  }
}
