import Foundation
import TestSupport
import Testing

@testable import MosaicAICore

@Suite struct JSONTests {
  @Test("Members keep their order, without spaces")
  func orderAndCompactness() {
    let value: JSON = ["z": 1, "a": [true, false, .null], "m": ["k": "v"], "e": [], "o": [:]]
    #expect(value.compact == #"{"z":1,"a":[true,false,null],"m":{"k":"v"},"e":[],"o":{}}"#)
  }

  @Test("Indented output has a line for each element and two spaces a level")
  func indentation() {
    let value: JSON = ["a": 1, "b": ["x", ["c": .null]], "e": [], "o": [:]]
    #expect(
      value.indented == """
        {
          "a": 1,
          "b": [
            "x",
            {
              "c": null
            }
          ],
          "e": [],
          "o": {}
        }
        """)
  }

  @Test(
    "Only quotes, backslashes, C0, DEL and C1 are escaped",
    arguments: [
      ("", #""""#), ("plain", #""plain""#), (#"say "hi" \o/"#, #""say \"hi\" \\o/""#),
      ("\u{8}\t\n\u{c}\r", #""\b\t\n\f\r""#),
      ("\0\u{1}\u{1b}\u{1f}", #""\u0000\u0001\u001b\u001f""#), ("\u{7f}", #""\u007f""#),
      ("\u{80}\u{9b}\u{9f}", #""\u0080\u009b\u009f""#),
      ("\u{a0}¡é", "\"\u{a0}¡é\""), ("🌻\u{2028}\u{202e}", "\"🌻\u{2028}\u{202e}\""), ("é\u{85}é", #""é\u0085é""#),
      ("\u{e9}\u{c2}\u{3a9}", "\"éÂΩ\""),
    ])
  func escaping(text: String, expected: String) {
    #expect(JSON.string(text).compact.utf8.elementsEqual(expected.utf8))
    #expect(JSON.object([.init(text, 1)]).compact == "{\(expected):1}")
  }

  @Test(
    "Numbers are written as JSON numbers, and anything else becomes null",
    arguments: [
      (JSON.integer(0), "0"), (.integer(.min), "-9223372036854775808"), (.number(1), "1"), (.number(0.7), "0.7"),
      (.number(-2.5), "-2.5"),
      (.number(1e300), "1e+300"), (.number(.infinity), "null"), (.number(.nan), "null"), (JSON(nil as Int?), "null"),
      (JSON(nil as String?), "null"),
    ])
  func numbers(value: JSON, expected: String) {
    #expect(value.compact == expected)
  }

  @Test("Every scalar up to U+07FF, and some beyond, survives Foundation's decoder")
  func roundTrip() throws {
    let scalars =
      (Array(0...0x7ff) + [0x2028, 0x202e, 0xd7ff, 0xe000, 0xfeff, 0xfffd, 0xffff, 0x10000, 0x1f33b, 0x10ffff])
      .compactMap {
        Unicode.Scalar($0 as UInt32)
      }
    let texts = scalars.map { "<\($0)>" } + [String(String.UnicodeScalarView(scalars))]
    let value = JSON.array(texts.map(JSON.string))
    for text in [value.compact, value.indented] {
      let decoded = try JSONDecoder().decode([String].self, from: Data(text.utf8))
      #expect(decoded.elementsEqual(texts) { $0.utf8.elementsEqual($1.utf8) })
    }
  }
}

@Suite struct JSONCursorTests {
  /// Whether `bytes` are one JSON value.
  private func isValid(_ bytes: [UInt8]) -> Bool {
    bytes.withUnsafeBytes { buffer in
      var cursor = JSONCursor(buffer)
      do {
        try cursor.skipValue()
        try cursor.finish()
        return true
      } catch {
        return false
      }
    }
  }

  private func readString(_ bytes: [UInt8]) throws -> [UInt8] {
    try bytes.withUnsafeBytes { buffer in
      var cursor = JSONCursor(buffer)
      var text: [UInt8] = []
      try cursor.readString(into: &text)
      try cursor.finish()
      return text
    }
  }

  // After "Parsing JSON is a Minefield" (JSONTestSuite), by its names y_ and n_.

  @Test(
    "Documents that RFC 8259 allows are accepted",
    arguments: [
      "[]", "[ ]", "{}", "{ }", " [] ", "\t\r\n[]\n", "null", "true", "false", "0", "-0", "123", "-1", "\"\"", "\"a\"",
      " \"a\" ",
      "[[]   ]", "[\"\"]", "[\"a\"]", "[false]", "[null, 1, \"1\", {}]", "[1\n]", "[2] ", "[1,null,null,null,2]",
      "[123e65]", "[0e+1]",
      "[0e1]", "[ 4]", "[-0.000000000000000000000000000000000000000000000000000000000000000000000000000001]", "[20e1]",
      "[-123]", "[1E22]",
      "[1E-2]", "[1E+2]", "[123e45]", "[123.456e78]", "[1e-2]", "[123.456789]", "{\"asd\":\"sdf\"}",
      "{\"a\":\"b\",\"a\":\"c\"}",
      "{\"\":0}",
      "{\"foo\\u0000bar\": 42}", "{\"min\": -1.0e+28, \"max\": 1.0e+28}",
      "{\"x\":[{\"id\": \"xxx\"}], \"id\": \"yyy\"}", "{\"a\":[]}",
      "{\n\"a\": \"b\"\n}", #"["\u0060\u012a\u12AB"]"#, #"["\ud801\udc37"]"#, #"["\ud83d\ude39\ud83d\udc8d"]"#,
      #"["\"\\\/\b\f\n\r\t"]"#, #"["\\u0000"]"#, #"["\""]"#, #"["a/*b*/c/*d//e"]"#, #"["\\a"]"#, #"["\\n"]"#,
      #"["\u0012"]"#,
      #"["\uFFFF"]"#, "[\"asd \"]", #"["\uDBFF\uDFFF"]"#, "[\"new\u{a0}line\"]", "[\"\u{10ffff}\"]", "[\"\u{ffff}\"]",
      #"["\u0000"]"#,
      "[\"\u{2c}\"]", "[\"\u{2028}\u{2029}\"]", "[\"\u{7f}\"]", #"["\uA66D"]"#, "[\"⍂㈴⍂\"]", #"["\u005C"]"#,
      #"["\u200B"]"#,
      #"["\uD834\uDd1e"]"#,
    ])
  func valid(document: String) {
    #expect(isValid(Array(document.utf8)))
  }

  @Test(
    "Documents that RFC 8259 forbids are refused",
    arguments: [
      "", " ", "[", "]", "{", "}", "[1 true]", "[a]", "[\"\": 1]", "[\"\"],", "[,1]", "[1,,2]", "[\"x\",,]", "[\"x\"]]",
      "[\"\",]",
      "[\"x\"",
      "[x", "[3[4]]", "[1:2]", "[,]", "[-]", "[   , \"\"]", "[\"a\",\n4\n,1,", "[1,]", "[1,,]", "[*]", "[\"\"", "[1",
      "[1,\n1\n,1", "[{}",
      "[fals]", "[nul]", "[tru]", "[True]", "nan", "[NaN]", "[Infinity]", "[-Infinity]", "[++1234]", "[+1]", "[+Inf]",
      "[-01]", "[-1.0.]",
      "[-2.]",
      "[-NaN]", "[.-1]", "[.2e-3]", "[0.1.2]", "[0.3e+]", "[0.3e]", "[0.e1]", "[0E+]", "[0E]", "[0e+]", "[0e]",
      "[1.0e+]", "[1.0e-]",
      "[1.0e]",
      "[1 000.0]", "[1eE2]", "[2.e+3]", "[2.e-3]", "[2.e3]", "[9.e+]", "[1+2]", "[0x1]", "[0x42]", "[-012]", "[-.123]",
      "[- 1]", "[-foo]",
      "[012]",
      "[1.]", "[.123]", "[1.2a-3]", "[1a]", "[１]", "[\"x\", truth]", "{[: \"x\"}\n", "{\"x\", null}", "{\"x\"::\"b\"}",
      "{\"a\":\"a\" 123}",
      "{key: 'value'}", "{\"a\" b}", "{:\"b\"}", "{\"a\" \"b\"}", "{\"a\":", "{\"a\"", "{1:1}", "{null:null,null:null}",
      "{\"id\":0,,,,,}",
      "{'a':0}", "{\"id\":0,}", "{\"a\":\"b\",,\"c\":\"d\"}", "{a: \"b\"}", "{\"a\":\"a",
      "{ \"foo\" : \"bar\", \"a\" }", "{\"a\":\"b\"}#",
      "{\"a\":\"b\"}/**/", "{,}", "{,\"a\":1}", "{\"a\":/*comment*/\"b\"}", "{\"a\": true} \"x\"", "'single'", "\"",
      "abc", "1]", "2@",
      "[\u{c}]", "[\u{2060}]",
      "\u{feff}[]", "[\"\\x00\"]", #"["\u00A"]"#, #"["\uD834\uDd"]"#, #"["\u"]"#, #"["\uqqqq"]"#, #"["\uD800\u"]"#,
      #"["\uD800\u1"]"#,
      #"["\uD800\u1x"]"#,
      "[\"\\a\"]", "[\"\\'\"]", "[\"\\🌻\"]", "[\"\\", "[\"\\\"", "[\"\\u", "[\"\n\"]", "[\"\t\"]", "[\"\u{1f}\"]",
      "[\"\0\"]", "[\\n]",
      "\"x\" \"y\"",
      "true false", "[][]", "{\"a\":b}", "<null>", "[<null>]", "[undefined]",
    ])
  func invalid(document: String) {
    #expect(!isValid(Array(document.utf8)))
  }

  @Test(
    "Bytes that are not UTF-8 are refused wherever a string may be",
    arguments: [
      [0x80], [0xbf], [0xff], [0xfe], [0xc0, 0x80], [0xc1, 0xbf], [0xc2], [0xc2, 0x20], [0xc3, 0x28],
      [0xe0, 0x80, 0x80],
      [0xe0, 0x9f, 0xbf], [0xe2, 0x82],
      [0xe2, 0x28, 0xa1], [0xe2, 0x82, 0x28], [0xed, 0xa0, 0x80], [0xed, 0xbf, 0xbf], [0xf0, 0x80, 0x80, 0x80],
      [0xf0, 0x8f, 0xbf, 0xbf],
      [0xf0, 0x9f, 0x98],
      [0xf0, 0x28, 0x8c, 0xbc], [0xf0, 0x90, 0x28, 0xbc], [0xf0, 0x90, 0x8c, 0x28], [0xf4, 0x90, 0x80, 0x80],
      [0xf5, 0x80, 0x80, 0x80],
      [0xf8, 0x88, 0x80, 0x80, 0x80],
    ] as [[UInt8]])
  func invalidUTF8(bytes: [UInt8]) {
    #expect(!isValid([0x22] + bytes + [0x22]))
    #expect(!isValid([0x22] + bytes), "at the very end")
    #expect(!isValid(Array(#"{"a"#.utf8) + bytes + Array(#"":1}"#.utf8)), "in a name")
    #expect(!isValid(bytes), "outside of a string")
    #expect(throws: JSONCursor.Malformed.self) { try readString([0x22] + bytes + [0x22]) }
  }

  @Test(
    "The first and last scalar of each encoded length are accepted",
    arguments: [
      "\u{20}\u{7f}", "\u{80}\u{7ff}", "\u{800}\u{fff}\u{d7ff}\u{e000}\u{ffff}",
      "\u{10000}\u{3ffff}\u{40000}\u{fffff}\u{100000}\u{10ffff}",
    ])
  func boundariesOfUTF8(text: String) throws {
    #expect(try readString(Array("\"\(text)\"".utf8)) == Array(text.utf8))
  }

  @Test(
    "Escapes are decoded, and half a surrogate pair becomes U+FFFD",
    arguments: [
      (#""""#, ""), (#""a\"b\\c\/d""#, "a\"b\\c/d"), (#""\b\f\n\r\t""#, "\u{8}\u{c}\n\r\t"),
      (#""\u0041\u00e9\u20AC""#, "Aé€"),
      (#""\u0000""#, "\0"), (#""\ud83c\udf3b""#, "🌻"), (#""x\uD834\uDD1Ey""#, "x𝄞y"), (#""\ud800""#, "\u{fffd}"),
      (#""\udc00""#, "\u{fffd}"),
      (#""\ud800x""#, "\u{fffd}x"), (#""\ud800\n""#, "\u{fffd}\n"), (#""\ud800\u0041""#, "\u{fffd}A"),
      (#""\ud83c\ud83c\udf3b""#, "\u{fffd}🌻"),
      (#""\udf3b\ud83c""#, "\u{fffd}\u{fffd}"), ("\"caf\u{e9} 🌻\"", "café 🌻"), (" \t\n\r\"x\" ", "x"),
    ])
  func escapes(document: String, expected: String) throws {
    #expect(try readString(Array(document.utf8)) == Array(expected.utf8))
  }

  @Test("512 levels of nesting are read, and more are refused", arguments: ["[", "{\"a\":"])
  func depth(opening: String) {
    func nested(_ levels: Int) -> [UInt8] {
      let closing = opening == "[" ? "]" : "}"
      return Array((String(repeating: opening, count: levels) + "1" + String(repeating: closing, count: levels)).utf8)
    }
    #expect(isValid(nested(511)))
    #expect(!isValid(nested(512)))
    #expect(!isValid(nested(100_000)))
    #expect(!isValid(Array(String(repeating: opening, count: 100_000).utf8)))
  }

  @Test("An object is read by name, and other members are skipped")
  func object() throws {
    let document = Array(
      #" { "skip" : [1, {"text":"no"}] , "text" : "yes" , "count":-12, "float":1.5, "none":null, "inner":{"a":1} } "#
        .utf8)
    try document.withUnsafeBytes { buffer in
      var cursor = JSONCursor(buffer)
      var seen: [String] = []
      try cursor.beginObject()
      var isFirst = true
      while let key = try cursor.nextKey(isFirst: &isFirst) {
        seen.append(key.text)
        if key == "text" {
          #expect(try cursor.readStringOrSkip() == "yes")
        } else if key == "count" {
          #expect(try cursor.readIntegerOrSkip() == -12)
        } else if key == "float" || key == "none" {
          #expect(try cursor.readIntegerOrSkip() == nil)
        } else if key == "inner" {
          try #require(try cursor.beginObjectOrSkip())
          var isFirstOfInner = true
          #expect(try cursor.nextKey(isFirst: &isFirstOfInner)?.text == "a")
          #expect(try cursor.readStringOrSkip() == nil)
          #expect(try cursor.nextKey(isFirst: &isFirstOfInner) == nil)
        } else {
          #expect(try !cursor.beginObjectOrSkip())
        }
      }
      try cursor.finish()
      #expect(seen == ["skip", "text", "count", "float", "none", "inner"])
    }
  }

  @Test(
    "An error has the byte offset where reading stopped",
    arguments: [("{\"a\":x}", 5), ("[1,2", 4), ("\"ab\u{1}\"", 3)])
  func offsets(document: String, offset: Int) throws {
    try Array(document.utf8).withUnsafeBytes { buffer in
      var cursor = JSONCursor(buffer)
      let error = try #require(throws: JSONCursor.Malformed.self) { try cursor.skipValue() }
      #expect(error.offset == offset)
    }
  }
}

/// JSON as whole values.
@Suite struct JSONParsingTests {
  @Test(
    "A value is read as what it is",
    arguments: [
      ("null", .null), (" true ", .bool(true)), ("false", .bool(false)), ("0", .integer(0)), ("-0", .integer(0)),
      ("-12", .integer(-12)), ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
      ("9223372036854775808", .number(9_223_372_036_854_775_808)), ("1.0", .number(1)), ("1e2", .number(100)),
      ("-2.5E-1", .number(-0.25)), (#""""#, .string("")), (#""a\n\u00e9\ud83c\udf3b""#, .string("a\né🌻")),
      ("[]", .array([])), ("[ 1 , [ ] , null ]", .array([.integer(1), .array([]), .null])), ("{}", .object([])),
      (
        #"{"z":1,"a":{"b":[true]},"":""}"#,
        .object([.init("z", 1), .init("a", ["b": [true]]), .init("", "")])
      ),
      ("\t\r\n{ \"a\" : 1 , \"b\" : 2 }\n", ["a": 1, "b": 2]),
    ] as [(String, JSON)])
  func values(text: String, value: JSON) throws {
    #expect(try JSON(parsing: text.utf8) == value)
  }

  @Test("A member is found by name: the last of its name, and none in what is not an object")
  func members() throws {
    let value = try JSON(parsing: #"{"a":1,"b":"x","a":2,"c":[3],"n":null}"#.utf8)
    #expect(value["a"]?.integer == 2 && value["b"]?.string == "x" && value["c"]?.elements == [3])
    #expect(value["n"] == .null && value["d"] == nil)
    #expect(value.members?.map(\.name) == ["a", "b", "a", "c", "n"])
    #expect(value.removing("a") == ["b": "x", "c": [3], "n": .null])
    for other in [JSON.null, 1, "a", ["a"], true] { #expect(other["a"] == nil && other.members == nil) }
    #expect(value["b"]?.integer == nil && value["a"]?.string == nil && value["a"]?.elements == nil)
  }

  @Test(
    "The escapes in a name count as what they stand for",
    arguments: [
      (#""\u0061b""#, "ab"), (#""a\"b\\c\/d""#, "a\"b\\c/d"), (#""\n\t""#, "\n\t"), (#""\ud83c\udf3b""#, "🌻"),
      (#""\u0000""#, "\0"), (#""é""#, "é"), (#""x\ud800y""#, "x\u{fffd}y"),
    ])
  func escapedNames(name: String, plain: String) throws {
    let value = try JSON(parsing: "{\(name):{\(name):1}}".utf8)
    #expect(value == .object([.init(plain, .object([.init(plain, 1)]))]))
    #expect(value[plain]?[plain]?.integer == 1)
  }

  @Test("511 levels of nesting are read, and more are refused", arguments: [("[", "]"), ("{\"a\":", "}")])
  func depth(opening: String, closing: String) throws {
    func nested(_ levels: Int) -> String {
      String(repeating: opening, count: levels) + "1" + String(repeating: closing, count: levels)
    }
    var value = try JSON(parsing: nested(511).utf8)
    var levels = 0
    while let inner = value.elements?.first ?? value["a"] { (value, levels) = (inner, levels + 1) }
    #expect(levels == 511 && value == 1)
    for text in [nested(512), nested(100_000), String(repeating: opening, count: 100_000)] {
      #expect(throws: JSONCursor.Malformed.self) { try JSON(parsing: text.utf8) }
    }
  }

  @Test(
    "An error has the byte offset where reading stopped",
    arguments: [
      ("", 0), ("  ", 2), ("{\"a\":x}", 5), ("{\"a\" 1}", 5), ("{\"a\":1,}", 7), ("{1:2}", 1), ("[1,2", 4),
      ("[1 2]", 3),
      ("[1,]", 3), ("\"ab\u{1}\"", 3), ("\"é\u{1}\"", 3), ("1 2", 2), ("[] x", 3), ("nul", 0), ("-", 1), ("1.", 2),
      ("1e", 2), ("01", 1), (#""\x""#, 3), (#"{"a":[{"b":tru}]}"#, 11),
    ])
  func offsets(text: String, offset: Int) throws {
    let error = try #require(throws: JSONCursor.Malformed.self) { try JSON(parsing: text.utf8) }
    #expect(error.offset == offset)
  }

  @Test("Whatever is written is read back the same, and another reader reads it too")
  func roundTrip() throws {
    var random = Lehmer(seed: 7)
    for _ in 0..<300 {
      let value = randomValue(depth: 0, &random)
      for text in [value.compact, value.indented] {
        #expect(try JSON(parsing: text.utf8) == value, "\(text)")
        #expect(try JSONText(text) == JSONText(value.compact))
      }
    }
  }

  private func randomValue(depth: Int, _ random: inout Lehmer) -> JSON {
    switch Int.random(in: 0..<(depth < 4 ? 8 : 5), using: &random) {
    case 0: return .null
    case 1: return .bool(Bool.random(using: &random))
    case 2: return .integer(Int(truncatingIfNeeded: random.next()) >> Int.random(in: 0..<63, using: &random))
    // A whole number comes back as an integer.
    case 3: return .number(Double(Int.random(in: -1_000_000...1_000_000, using: &random)) + 0.375)
    case 4: return .string(randomText(&random))
    case 5:
      return .array((0..<Int.random(in: 0..<5, using: &random)).map { _ in randomValue(depth: depth + 1, &random) })
    default:
      let count = Int.random(in: 0..<5, using: &random)
      return .object(
        (0..<count).map { _ in JSON.Member(randomText(&random), randomValue(depth: depth + 1, &random)) })
    }
  }

  private func randomText(_ random: inout Lehmer) -> String {
    let scalars = (0..<Int.random(in: 0..<12, using: &random)).compactMap { _ in
      let limit: UInt32 = [0x30, 0x80, 0x800, 0x1_0000, 0x11_0000].randomElement(using: &random) ?? 0x80
      return Unicode.Scalar(UInt32.random(in: 0..<limit, using: &random))
    }
    return String(String.UnicodeScalarView(scalars))
  }

  @Test("An answer of AWS may begin with a byte order mark, but not have half a surrogate pair")
  func reading() {
    #expect(JSON.reading(Array("\u{feff}{\"a\":1}".utf8)) == ["a": 1])
    #expect(JSON.reading(Array(#"{"a":"x\ud83c\udf3b"}"#.utf8)) == ["a": "x🌻"])
    for text in [
      "", "\u{feff}", "\u{feff}\u{feff}{}", "{} {}", "<html>", #"{"a":"\ud83c"}"#, #"{"\ud83c":1}"#, #"["x\udf3b"]"#,
    ] {
      #expect(JSON.reading(Array(text.utf8)) == nil, "\(text)")
    }
    #expect(JSON.reading([0x22, 0xff, 0x22]) == nil)
  }
}
