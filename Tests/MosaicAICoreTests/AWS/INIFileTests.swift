import TestSupport
import Testing

@testable import MosaicAICore

/// Hand-picked corners; `INIConformanceTests` compares many more with botocore.
@Suite struct INIFileTests {
  private func parse(_ text: String) throws -> [String: [String: INIFile.Value]] {
    let sections = try INIFile(Array(text.utf8), path: "config").sections
    return Dictionary(uniqueKeysWithValues: sections.map { ($0.name, $0.entries.mapValues(\.value)) })
  }

  @Test("Headers, keys and comments are read")
  func readsHeadersKeysAndComments() throws {
    let file = try parse(
      "# a comment\r\n[profile x] ; more\r\nRegion : eu-west-1\r\n  ; indented comment\r\nkey=a = b # not a comment\r\n"
    )
    #expect(file == ["profile x": ["region": .text("eu-west-1"), "key": .text("a = b # not a comment")]])
  }

  @Test("An indented line continues a value")
  func indentationContinuesAValue() throws {
    let file = try parse("[a]\nfirst = 1\n  2\n\n  3\nsecond = 0\n  x = 1\n  y = 2 = 3\n  [b]\n  = no\nthird =\n")
    #expect(file["a"]?["first"] == .text("1\n2\n\n3"))
    #expect(file["a"]?["second"] == .text("0\nx = 1\ny = 2 = 3\n[b]\n= no"))
    #expect(file["a"]?["third"] == .text(""))
  }

  @Test("An indented key and value make a nested table")
  func nestedTables() throws {
    let file = try parse("[services s]\nsts =\n  endpoint_url = http://localhost:1\n\n  other=2\n")
    #expect(file["services s"]?["sts"] == .table(["endpoint_url": "http://localhost:1", "other": "2"]))
  }

  @Test("The DEFAULT section fills gaps")
  func defaultSectionFillsGaps() throws {
    let file = try parse("[a]\nx = own\n[DEFAULT]\nx = 1\ny = 2\n[b]\n")
    #expect(file == ["a": ["x": .text("own"), "y": .text("2")], "b": ["x": .text("1"), "y": .text("2")]])
  }

  @Test("A byte order mark is skipped")
  func aByteOrderMarkIsSkipped() throws {
    #expect(try parse("\u{FEFF}[default]\nregion = x\n") == ["default": ["region": .text("x")]])
  }

  @Test(
    "An error in a file names its line and column",
    arguments: [
      ("[a]\nx = 1\n[a]\n", "config:3:1: ", "[a]"),
      ("[a]\nx = 1\n  y\nX = 2\n", "config:4:1: ", "`x`"),
      ("region = x\n", "config:1:1: ", ""),
      ("[a]\n  oops\n", "config:2:3: ", ""),
      ("[a]\n= value\n", "config:2:1: ", ""),
      ("[a]\ns3 =\n  x = 1\n  oops\n", "config:4:1: ", "`=`"),
    ])
  func malformedFilesSayWhere(text: String, place: String, fact: String) throws {
    let failure = try failure { try parse(text) }
    #expect(failure.code == .configInvalid)
    #expect(failure.message.hasPrefix(place) && failure.names(fact))
    #expect(failure.advice != nil)
  }

  @Test("Bytes that are not UTF-8 are refused")
  func bytesThatAreNotUTF8() throws {
    let failure = try failure { try INIFile([0x5B, 0x61, 0x5D, 0x0A, 0xFF, 0x0A], path: "config") }
    #expect(failure.code == .configInvalid && failure.message.hasPrefix("config:2:1: "))
  }

  @Test(
    "A section header is split into words like a shell command",
    arguments: [
      ("profile x", ["profile", "x"]), ("profile 'a b'", ["profile", "a b"]),
      (#"profile "a \" \b""#, ["profile", #"a " \b"#]),
      (#"a\ b c"#, ["a b", "c"]), ("a ''", ["a", ""]), (" \t", []), (#"x"y"'z'"#, ["xyz"]),
    ])
  func wordsOfAHeader(text: String, words: [String]) {
    #expect(shellWords(text) == words)
  }

  @Test(
    "An unclosed quote is refused",
    arguments: ["profile 'x", "profile \"x", "profile x\\"])
  func anOpenQuoteIsNoWord(text: String) {
    #expect(shellWords(text) == nil)
  }
}
