import Testing

@testable import MosaicAICore

@Suite struct XMLElementTests {
  private func read(_ text: String) -> XMLElement? { XMLElement(Array(text.utf8)) }

  @Test func findsElementsAndTheirText() throws {
    let root = try #require(
      read("\u{FEFF}<?xml version='1.0'?>\n<!-- c -->\n<s:R xmlns:s='x'><A b='c'>1<B/>2</A><A>no</A><C><![CDATA[<&>]]></C><D/></s:R>\n"))
    #expect(root.name == "R")
    #expect(root.value("A") == "12")
    #expect(root.value("C") == "<&>")
    #expect(root.value("D") == nil)
    #expect(root.value("B") == nil)
    #expect(root.first("B")?.name == "B")
  }

  @Test func entities() {
    #expect(read("<a>&lt;&amp;&gt;&quot;&apos;&#65;&#x1F600;</a>")?.text == "<&>\"'A😀")
  }

  @Test(arguments: [
    "", " ", "text", "<", "<a", "<a>", "</a>", "<a></b>", "<a><b></a></b>", "<a/><b/>", "<a/>text", "text<a/>", "<a>&nope;</a>",
    "<a>&lt</a>",
    "<a>&#xD800;</a>", "<a>&#x110000;</a>", "<1a/>", "<a><!-- </a>", "<![CDATA[x]]>", "<!DOCTYPE html><html></html>",
    "<html><br></html>", "{}", String(repeating: "<a>", count: 100) + String(repeating: "</a>", count: 100),
  ])
  func whatIsNotWellFormed(text: String) {
    #expect(read(text) == nil)
  }

  @Test func bytesThatAreNotUTF8() {
    #expect(XMLElement([0x3C, 0x61, 0x3E, 0xFF, 0x3C, 0x2F, 0x61, 0x3E]) == nil)
  }
}
