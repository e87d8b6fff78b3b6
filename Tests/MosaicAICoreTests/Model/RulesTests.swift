import TestSupport
import Testing

@testable import MosaicAICore

@Suite struct RulesTests {
  // MARK: Messages

  @Test(
    "A message loses only the white space at its end",
    arguments: [
      ("Hi", "Hi"), ("  Hi", "  Hi"), ("Hi \n\t\r\n", "Hi"), ("\n\n Hi\n\nyou\u{a0}\u{3000}\u{2028}", "\n\n Hi\n\nyou"),
      ("\u{1b}[31m", "\u{1b}[31m"),
      ("e\u{301} ", "e\u{301}"), ("x\u{200b}", "x\u{200b}"), ("👩‍👩‍👧 ", "👩‍👩‍👧"), ("\u{feff}x", "\u{feff}x"),
      ("a \u{301}", "a \u{301}"),
    ])
  func trimming(text: String, expected: String) throws {
    #expect(try Rules.message(text).utf8.elementsEqual(expected.utf8))
    #expect(try Rules.message(from: Array(text.utf8)).utf8.elementsEqual(expected.utf8))
  }

  @Test(
    "An empty message is refused", arguments: ["", " ", "\n\t\r\n", "\u{a0}\u{2003}\u{3000}", "\u{85}\u{2028}\u{2029}"])
  func empty(text: String) throws {
    #expect(try failure { try Rules.message(text) }.code == .invalidInput)
    // A byte order mark is not text either.
    for file in [text, "\u{feff}\(text)", "\u{feff}\u{feff}\(text)", "\(text)\u{feff}"] {
      #expect(try failure { try Rules.message(from: Array(file.utf8)) }.code == .invalidInput)
    }
  }

  @Test(
    "The byte order mark of a file is not a part of its text",
    arguments: [("\u{feff}Hi", "Hi"), ("Hi", "Hi"), ("\u{feff}", ""), ("", ""), ("a\u{feff}", "a\u{feff}")])
  func byteOrderMark(file: String, expected: String) {
    #expect(Array(Array(file.utf8).withoutByteOrderMark) == Array(expected.utf8))
  }

  @Test(
    "A message has at most 10,000 scalars, not counting trailing white space",
    arguments: ["x", "é", "e\u{301}", "🌻", "\r\n"])
  func length(unit: String) throws {
    let scalars = unit.unicodeScalars.count
    let text = String(repeating: unit, count: 10_000 / scalars - 1) + String(repeating: "y", count: scalars)
    #expect(text.unicodeScalars.count == 10_000)
    #expect(try Rules.message(text + String(repeating: " ", count: 50)) == text)
    let failure = try failure { try Rules.message(text + "z") }
    #expect(failure.code == .invalidInput)
    #expect(failure.message.contains(/10,?001/) && failure.message.contains(/10,?000/))
  }

  @Test("A NUL is refused anywhere", arguments: ["\0", "a\0", "\0a", "a\0b"])
  func nul(text: String) throws {
    #expect(try failure { try Rules.message(text) }.code == .invalidInput)
  }

  @Test(
    "Bytes that are not UTF-8 are refused, not repaired",
    arguments: [
      [0xff], [0x48, 0x69, 0xc3], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80], [0x80],
      [0xfe, 0xff, 0x00, 0x48],
    ] as [[UInt8]])
  func notUTF8(bytes: [UInt8]) throws {
    let failure = try failure { try Rules.message(from: bytes) }
    #expect(failure.code == .invalidInput)
    #expect(failure.message.contains("UTF-8"))
  }

  // MARK: Names

  @Test(
    "A name loses the white space at both ends",
    arguments: [
      ("Ada", "Ada"), ("  Ada Lovelace\n", "Ada Lovelace"), ("\u{a0}Zoé\u{3000}", "Zoé"),
      ("{legacy_name}", "{legacy_name}"), ("👩‍🚀", "👩‍🚀"),
      (
        "🏴\u{e0067}\u{e0062}\u{e0077}\u{e006c}\u{e0073}\u{e007f}",
        "🏴\u{e0067}\u{e0062}\u{e0077}\u{e006c}\u{e0073}\u{e007f}"
      ),
      ("می\u{200c}خواهم", "می\u{200c}خواهم"), ("❤\u{fe0f}", "❤\u{fe0f}"),
      ("שלום", "שלום"), ("\u{200f}שלום", "\u{200f}שלום"),
    ])
  func names(text: String, expected: String) throws {
    #expect(try Rules.name(text, "the name") == expected)
  }

  @Test(
    "A name that is empty, too long, on two lines or has control characters is refused",
    arguments: [
      ("", ""), (" \n\u{a0}", ""),
      (String(repeating: "x", count: 201), "200"),
      ("e" + String(repeating: "\u{301}", count: 1600), "200"),
      ("a\nb", ""),
      ("a\r\nb", ""),
      ("a\u{2028}b", ""),
      ("a\u{2029}b", ""),
      ("a\tb", ""),
      ("a\0b", ""),
      ("a\u{1b}[31m", ""),
      ("a\u{7f}", ""),
      ("a\u{85}b", ""),
      ("a\u{9b}b", ""),
      ("a\u{202e}b", ""),
      ("a\u{2066}b", ""),
      ("\u{200b}", ""), ("\u{200d}\u{2060}\u{feff}", ""),
      ("Rose\u{e0049}\u{e0067}", ""),
      ("🏴" + String(repeating: "\u{e0049}", count: 20), ""),
    ])
  func badNames(text: String, fact: String) throws {
    let failure = try failure { try Rules.name(text, "the name") }
    #expect(failure.code == .invalidInput)
    #expect(failure.message.contains("the name") && failure.names(fact))
  }

  @Test("A name may have 200 characters, however many scalars each has", arguments: ["x", "é", "👩‍👩‍👧", "e\u{301}"])
  func longestName(character: Character) throws {
    let name = String(repeating: character, count: 200)
    #expect(try Rules.name(name, "the name") == name)
  }

  // MARK: Titles

  @Test(
    "A title is the message on one line, cut at a word within 80 characters",
    arguments: [
      ("Hello", "Hello"), ("  Hello\n\n\tthere,   you ", "Hello there, you"),
      (String(repeating: "abcdefghi ", count: 9), String(repeating: "abcdefghi ", count: 8).dropLast().description),
      (String(repeating: "x", count: 80) + " y", String(repeating: "x", count: 80)),
      (String(repeating: "x", count: 81), String(repeating: "x", count: 80)),
      (String(repeating: "x", count: 79) + " y", String(repeating: "x", count: 79)),
      (String(repeating: "x", count: 78) + " y z", String(repeating: "x", count: 78) + " y"),
      ("a\u{1b}[31mb\u{202e}c", "a [31mb c"), ("\u{1}", "…"),
      (String(repeating: "👩‍👩‍👧", count: 90), String(repeating: "👩‍👩‍👧", count: 80)),
    ])
  func titles(message: String, title: String) throws {
    #expect(Rules.title(from: message) == title)
  }

  @Test(
    "Any message gives a valid title",
    arguments: [
      "e" + String(repeating: "\u{301}", count: 9_999), "a e" + String(repeating: "\u{301}", count: 9_000), "\u{200b}",
      "\u{301}",
      "\u{feff}", "\u{1}\u{2}", String(repeating: "\u{200b}", count: 100) + "a",
      String(repeating: "\u{200d}", count: 9_000) + "a",
      String(repeating: "\u{1f468}\u{200d}", count: 5_000), String(repeating: "e\u{301}\u{302}\u{303}", count: 2_000),
      String(repeating: "e\(String(repeating: "\u{301}", count: 100)) ", count: 90),
    ])
  func titlesAreNames(message: String) throws {
    let title = Rules.title(from: message)
    #expect(title.count <= 80)
    #expect(throws: Never.self) { try Rules.name(title, "the title") }
  }

  @Test("Any message of invisible, combining or forbidden characters gives a valid title")
  func titlesOfAnythingAtLength() throws {
    var random = Lehmer(seed: 7)
    let odd: [Unicode.Scalar] = [
      "a", "\u{200b}", "\u{200d}", "\u{301}", "\u{1f468}", "\u{1f3f4}", "\u{e0067}", "\u{e007f}", "\u{3164}",
      "\u{fe0f}", "\u{202e}", " ",
      "\u{85}", "\u{2028}", "\u{1f1e9}", "\u{1100}", "\u{1}",
    ]
    var count = 0
    for _ in 0..<3_000 {
      var text = String.UnicodeScalarView()
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        let count = [1, 1, 2, 90, 1_700][Int.random(in: 0..<5, using: &random)]
        text.append(contentsOf: repeatElement(odd[Int.random(in: 0..<odd.count, using: &random)], count: count))
      }
      guard try code(of: { try Rules.message(String(text)) }) == nil else { continue }
      let message = try Rules.message(String(text))
      count += 1
      let title = Rules.title(from: message)
      #expect(try Rules.name(title, "the title").utf8.elementsEqual(title.utf8), "\(text.map(\.value))")
      #expect(title.count <= 80)
    }
    #expect(count > 1_000, "most of the texts are messages")
  }
}

@Suite struct SuggestionTests {
  @Test(
    "Typing errors are understood",
    arguments: [
      ("freind", ["friend"]), ("FRIEND", ["friend"]), ("fri", ["friend"]), ("frend", ["friend"]),
      ("biografer", ["biographer"]), ("f", []),
      ("", []),
      ("nothing like it", []), ("bigrapher", ["biographer"]),
    ])
  func nearest(text: String, expected: [String]) {
    #expect(Suggestion.nearest(to: text, among: ["biographer", "friend"]) == expected)
  }

  @Test("The closest come first, at most three")
  func order() {
    #expect(
      Suggestion.nearest(to: "anna", among: ["hanna", "anne", "anna", "annas", "ananas", "bob"]) == [
        "anna", "annas", "anne",
      ])
  }

  @Test("The advice names all suggestions, or there is no advice")
  func advice() {
    #expect(Suggestion.advice(for: "ana", among: ["anna", "bob"]) == .didYouMean(["anna"]))
    #expect(Suggestion.advice(for: "ann", among: ["anna", "anne"]) == .didYouMean(["anna", "anne"]))
    #expect(Suggestion.advice(for: "zzz", among: ["anna", "anne"]) == nil)
    #expect(Suggestion.advice(for: "x", among: []) == nil)
  }

  @Test(
    "Swapping neighbors is one step, like an extra, missing or wrong letter",
    arguments: [
      ("", "", 0), ("abc", "abc", 0), ("abc", "acb", 1), ("abc", "abcd", 1), ("abc", "ab", 1), ("abc", "abd", 1),
      ("", "abc", 3),
      ("kitten", "sitting", 3), ("ca", "abc", 3),
    ])
  func distance(left: String, right: String, expected: Int) {
    #expect(Suggestion.distance(Array(left), Array(right)) == expected)
    #expect(Suggestion.distance(Array(right), Array(left)) == expected)
  }

  // MARK: Names of conversations, and keys

  @Test(
    "A conversation's name is kept exactly as it is",
    arguments: ["letters", " letters ", "Letters", "e\u{301}", "\u{e9}", String(repeating: "👵🏽", count: 200)])
  func conversationName(text: String) throws {
    #expect(try Rules.conversationName(text).utf8.elementsEqual(text.utf8))
  }

  @Test("A conversation's name is the same with a byte order mark at its ends, and however its accents are written")
  func sameConversationName() throws {
    #expect(try Rules.conversationName("\u{feff} letters\u{feff}") == " letters")
    #expect(Rules.isSameConversationName("\u{feff}Zo\u{eb}", "Zoe\u{308}"))
    for other in ["zo\u{eb}", "Zoe", "Zo\u{eb} "] { #expect(!Rules.isSameConversationName("Zo\u{eb}", other)) }
  }

  @Test(
    "A conversation's name is one line with something visible, at most 200 characters",
    arguments: [
      "", " ", "\u{200b}", "a\nb", "a\n", "\ta", "a\u{1b}[31m", "a\u{202e}b", "a\u{2028}",
      String(repeating: "x", count: 201), String(repeating: "e\u{301}", count: 200) + " ",
    ])
  func unusableConversationName(text: String) throws {
    #expect(try failure { try Rules.conversationName(text) }.code == .invalidInput)
  }

  @Test("A key has 1 to 255 scalars of any kind")
  func key() throws {
    for text in ["k", " ", "a\nb", String(repeating: "é", count: 255)] {
      #expect(try Rules.key(text).rawValue.utf8.elementsEqual(text.utf8))
    }
    for text in ["", String(repeating: "k", count: 256)] {
      #expect(try failure { try Rules.key(text) }.code == .invalidInput)
    }
  }
}
