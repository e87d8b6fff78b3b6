import Testing

@testable import MosaicAICore

@Suite struct XMLElementTests {
  private func read(_ text: String) -> XMLElement? { XMLElement(Array(text.utf8)) }

  @Test("Elements and their text are found")
  func findsElementsAndTheirText() throws {
    let root = try #require(
      read(
        """
        \u{FEFF}<?xml version='1.0'?>\n<!-- c -->\n<s:R xmlns:s='x'><A \
        b='c'>1<B/>2</A><A>no</A><C><![CDATA[<&>]]></C><D/></s:R>\n
        """
      ))
    #expect(root.name == "R")
    #expect(root.value("A") == "12")
    #expect(root.value("C") == "<&>")
    #expect(root.value("D") == nil)
    #expect(root.value("B") == nil)
    #expect(root.first("B")?.name == "B")
  }

  @Test("Entities are decoded")
  func entities() {
    #expect(read("<a>&lt;&amp;&gt;&quot;&apos;&#65;&#x1F600;</a>")?.text == "<&>\"'A😀")
  }

  @Test(
    "XML that is not well formed is refused",
    arguments: [
      "", " ", "text", "<", "<a", "<a>", "</a>", "<a></b>", "<a><b></a></b>", "<a/><b/>", "<a/>text", "text<a/>",
      "<a>&nope;</a>",
      "<a>&lt</a>",
      "<a>&#xD800;</a>", "<a>&#x110000;</a>", "<1a/>", "<a><!-- </a>", "<![CDATA[x]]>", "<!DOCTYPE html><html></html>",
      "<html><br></html>", "{}", String(repeating: "<a>", count: 100) + String(repeating: "</a>", count: 100),
    ])
  func whatIsNotWellFormed(text: String) {
    #expect(read(text) == nil)
  }

  @Test("No bytes crash the XML and INI readers")
  func noBytesAreTooOdd() {
    var generator = SystemRandomNumberGenerator()
    let document = Array("<?xml version='1.0'?><R a='b'><A>x&amp;y&#65;</A><!-- c --><B/><![CDATA[z]]></R>".utf8)
    for _ in 0..<5000 {
      var bytes = document
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        let index = Int.random(in: bytes.indices, using: &generator)
        switch Int.random(in: 0...2, using: &generator) {
        case 0: bytes[index] = UInt8.random(in: 0...255, using: &generator)
        case 1: bytes.remove(at: index)
        default: bytes.insert(document[Int.random(in: document.indices, using: &generator)], at: index)
        }
      }
      _ = XMLElement(bytes)
      _ = try? INIFile(bytes, path: "config")
    }
  }

  @Test("XML that is not UTF-8 is refused")
  func bytesThatAreNotUTF8() {
    #expect(XMLElement([0x3C, 0x61, 0x3E, 0xFF, 0x3C, 0x2F, 0x61, 0x3E]) == nil)
  }
}
