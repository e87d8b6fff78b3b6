import Foundation
import Testing

@testable import MosaicAICore

@Suite struct JSONTests {
  @Test("members keep the order they were given in, without any space")
  func orderAndCompactness() {
    let value: JSON = ["z": 1, "a": [true, false, .null], "m": ["k": "v"], "e": [], "o": [:]]
    #expect(value.compact == #"{"z":1,"a":[true,false,null],"m":{"k":"v"},"e":[],"o":{}}"#)
  }

  @Test("indented, a value takes a line for each element and two spaces a level")
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
    "quotes, backslashes, C0, DEL and C1 are escaped, and nothing else",
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
    "numbers are written as JSON has them; what it has not becomes null",
    arguments: [
      (JSON.integer(0), "0"), (.integer(.min), "-9223372036854775808"), (.number(1), "1"), (.number(0.7), "0.7"),
      (.number(-2.5), "-2.5"),
      (.number(1e300), "1e+300"), (.number(.infinity), "null"), (.number(.nan), "null"), (JSON(nil as Int?), "null"),
      (JSON(nil as String?), "null"),
    ])
  func numbers(value: JSON, expected: String) {
    #expect(value.compact == expected)
  }

  @Test("every scalar up to U+07FF and some beyond come back from Foundation's decoder as they were")
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
    "documents of RFC 8259 are accepted",
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
    "what is not RFC 8259 is refused",
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
    "bytes that are no UTF-8 are refused wherever a string may stand",
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
    "the first and the last scalar of each length are text",
    arguments: [
      "\u{20}\u{7f}", "\u{80}\u{7ff}", "\u{800}\u{fff}\u{d7ff}\u{e000}\u{ffff}",
      "\u{10000}\u{3ffff}\u{40000}\u{fffff}\u{100000}\u{10ffff}",
    ])
  func boundariesOfUTF8(text: String) throws {
    #expect(try readString(Array("\"\(text)\"".utf8)) == Array(text.utf8))
  }

  @Test(
    "escapes become what they stand for, half a surrogate pair U+FFFD",
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

  @Test("nesting is read to 512 levels and refused beyond, however deep it is", arguments: ["[", "{\"a\":"])
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

  @Test("an object is read by name, and what is not asked for is skipped")
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
    "an error tells the byte where reading stopped", arguments: [("{\"a\":x}", 5), ("[1,2", 4), ("\"ab\u{1}\"", 3)])
  func offsets(document: String, offset: Int) throws {
    try Array(document.utf8).withUnsafeBytes { buffer in
      var cursor = JSONCursor(buffer)
      let error = try #require(throws: JSONCursor.Malformed.self) { try cursor.skipValue() }
      #expect(error.offset == offset)
    }
  }
}
