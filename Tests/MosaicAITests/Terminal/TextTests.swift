import MosaicAICore
import TestSupport
import Testing

@testable import MosaicAI

@Suite struct SafeTextTests {
  @Test(
    "Text loses whatever drives a terminal and nothing else",
    arguments: [
      ("", ""), ("plain ~ text", "plain ~ text"), ("two\nlines\tand a tab", "two\nlines\tand a tab"),
      ("\u{1b}[31mred\u{1b}[0m", "[31mred[0m"),
      ("\u{1b}]0;title\u{7}x", "]0;titlex"), ("a\0b\u{1}c\u{8}d\r\ne\u{b}f\u{c}g", "abcd\nefg"), ("\u{7f}", ""),
      ("\u{80}a\u{85}b\u{9b}31mc\u{9f}", "ab31mc"),
      ("\u{a0}¡é", "\u{a0}¡é"), ("\u{c2}\u{e2}Â", "ÂâÂ"), ("x\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}y", "xy"),
      ("x\u{2066}\u{2067}\u{2068}\u{2069}y", "xy"),
      ("\u{2029}\u{202f}\u{2065}\u{206a}\u{200e}\u{200f}", "\u{2029}\u{202f}\u{2065}\u{206a}\u{200e}\u{200f}"),
      ("🌻👩‍👩‍👧 שלום e\u{301}", "🌻👩‍👩‍👧 שלום e\u{301}"),
      ("\u{d7ff}\u{e000}\u{ffff}\u{10ffff}", "\u{d7ff}\u{e000}\u{ffff}\u{10ffff}"), ("\u{1b}\u{9b}\u{202e}", ""),
    ])
  func lines(text: String, expected: String) {
    #expect(SafeText.lines(text).utf8.elementsEqual(expected.utf8))
  }

  @Test("Exactly the documented scalars are removed")
  func everyScalar() {
    for value in UInt32(0)...0xffff {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let isUnsafe =
        value < 0x20 && value != 0x0a && value != 0x09 || (0x7f...0x9f).contains(value)
        || (0x202a...0x202e).contains(value)
        || (0x2066...0x2069).contains(value)
      #expect(SafeText.lines("<\(scalar)>").unicodeScalars.count == (isUnsafe ? 2 : 3), "U+\(String(value, radix: 16))")
    }
  }

  @Test(
    "On one line, anything that breaks a line or a column becomes a space",
    arguments: [
      ("a\nb\tc\r\nd", "a b c d"), ("a\u{2028}b\u{2029}c", "a b c"), ("\u{1b}[2J\n", "[2J "), ("plain", "plain"),
    ])
  func line(text: String, expected: String) {
    #expect(SafeText.line(text) == expected)
  }

  @Test(
    "Escaped text is one line that can be read back",
    arguments: [
      ("a\nb", #"a\nb"#), ("a\tb", #"a\tb"#), (#"a\nb"#, #"a\\nb"#), ("\\", #"\\"#), ("\\\n", #"\\\n"#),
      ("\\\u{301}n", "\\\\\u{301}n"),
      ("\r\n", #"\n"#), ("x\u{1b}\n", #"x\n"#),
      ("\n\u{301}\t\u{301}", "\\n\u{301}\\t\u{301}"),
    ])
  func escapedLine(text: String, expected: String) {
    var bytes: [UInt8] = []
    SafeText.appendEscaped(text, to: &bytes)
    #expect(bytes == Array(expected.utf8))
  }
}

@Suite struct TextWidthTests {
  @Test(
    "A text is as wide as a terminal shows it",
    arguments: [
      ("", 0), ("abc", 3), ("é", 1), ("e\u{301}", 1), ("e\u{301}\u{302}\u{303}", 1), ("日本語", 6), ("ｆｕｌｌ", 8),
      ("ﾊﾝｶｸ", 4), ("한국어", 6),
      ("🌻", 2), ("👩‍👩‍👧", 2), ("🇩🇪", 2),
      ("❤️", 1), ("\u{200b}", 0), ("a\u{200d}b", 2), ("שלום", 4), ("…", 1), ("—", 1), ("👍🏽", 4),
      ("\u{1100}\u{1161}", 2), ("हिन्दी", 5), ("की", 2), ("नमस्ते दुनिया", 10), ("ไทย", 3), ("น้ำ", 2),
      ("กำ", 2), ("สวัสดีครับ", 7),
      ("தமிழ்", 4),
      ("မြန်မာ", 5), ("ខ្មែរ", 4), ("🇩", 1), ("🇩🇪🇫🇷", 4), ("1️⃣", 1), ("🏳️‍🌈", 1), ("🏴‍☠️", 2), ("👩🏽‍🚀", 4),
      ("⛹🏿‍♀️", 3), ("\u{ad}", 1), ("\u{600}", 1), ("\u{1100}\u{1161}\u{11a8}", 2), ("\u{1161}", 0), ("\u{d7b0}", 0),
      ("か\u{3099}", 2), ("\u{3000}", 2), ("\u{303f}", 1), ("〈", 2), ("⌚", 2), ("©️", 1), ("\u{2028}", 0),
      ("\u{feff}", 0),
    ])
  func widths(text: String, width: Int) {
    #expect(TextWidth.of(text) == width)
  }

  @Test(
    "A text cut to a width never exceeds it, and shows that it was cut",
    arguments: [
      ("abc", 3, "abc"), ("abcd", 3, "ab…"), ("abcd", 1, "…"), ("abcd", 0, ""), ("", 0, ""), ("日本語", 6, "日本語"),
      ("日本語", 5, "日本…"),
      ("日本語", 4, "日…"), ("日本語", 2, "…"),
      ("e\u{301}e\u{301}e\u{301}", 2, "e\u{301}…"), ("👩‍👩‍👧👩‍👩‍👧", 3, "👩‍👩‍👧…"),
    ])
  func fitting(text: String, width: Int, expected: String) {
    #expect(TextWidth.fit(text, in: width) == expected)
    #expect(TextWidth.of(TextWidth.fit(text, in: width)) <= width)
  }

  @Test(
    "Padding fills up to the width and never cuts",
    arguments: [("a", 3, "a  "), ("日", 3, "日 "), ("abc", 2, "abc"), ("e\u{301}", 2, "e\u{301} ")])
  func padding(text: String, width: Int, expected: String) {
    #expect(TextWidth.pad(text, to: width) == expected)
  }
}

@Suite struct TableTests {
  private let table = Table(
    columns: [.init("ID"), .init("NAME", minimumWidth: 8), .init("TITLE", minimumWidth: 8)],
    rows: [
      ["1", "Grace Hopper", "What was she like when she was young?"], ["22", "日本語の名前", "line\nbreak\tand tab"],
      ["3", "Zoe\u{301}", ""],
      ["4", "\u{1b}[31mred", "x\u{202e}y"],
    ])

  @Test("A table for programs has no headings, a tab between fields, and a line for each row")
  func tabSeparated() {
    #expect(
      table.tabSeparated
        == """
        1\tGrace Hopper\tWhat was she like when she was young?\n22\t日本語の名前\tline break and tab\n3\tZoe\u{301}\t\n\
        4\t[31mred\txy\n
        """
    )
    #expect(Table(columns: table.columns, rows: []).tabSeparated == "")
  }

  @Test("A table for people is aligned, even with wide and combining characters")
  func aligned() {
    #expect(
      table.fitted(to: 80, Style(hasColor: false)) == """
        ID  NAME          TITLE
        1   Grace Hopper  What was she like when she was young?
        22  日本語の名前  line break and tab
        3   Zoe\u{301}
        4   [31mred       xy

        """)
  }

  @Test("No line exceeds the width as long as the flexible columns can shrink", arguments: 24...70)
  func fits(width: Int) {
    let lines = table.fitted(to: width, Style(hasColor: false)).split(separator: "\n")
    #expect(lines.count == 5)
    for line in lines { #expect(TextWidth.of(line) <= width, "\(line)") }
    #expect(lines[1].contains("…") == (width < 55))
  }

  @Test(
    "Without room, columns are dropped in order before texts vanish, and IDs keep eight characters"
  )
  func narrow() {
    let table = Table(
      columns: [
        .init("ID"), .init("LEGACY", minimumWidth: 12, dropOrder: 1), .init("PERSONA", dropOrder: 0),
        .init("TITLE", minimumWidth: 24),
      ],
      rows: [["32a0c4d1", "Rosemary Featherstonehaugh", "biographer", String(repeating: "title ", count: 12)]])
    func headings(_ width: Int) -> [String] {
      table.fitted(to: width, Style(hasColor: false)).prefix { $0 != "\n" }.split(separator: " ").map(String.init)
    }
    #expect(headings(80) == ["ID", "LEGACY", "PERSONA", "TITLE"])
    #expect(headings(60) == ["ID", "LEGACY", "PERSONA", "TITLE"])
    #expect(headings(59) == ["ID", "LEGACY", "TITLE"])
    #expect(headings(40) == ["ID", "TITLE"])
    for width in 18...80 {
      let lines = table.fitted(to: width, Style(hasColor: false)).split(separator: "\n")
      #expect(lines[1].hasPrefix("32a0c4d1  ") && lines.allSatisfy { TextWidth.of($0) <= width })
    }
  }

  @Test("Only the heading has color, and only if color is on")
  func color() {
    let lines = table.fitted(to: 80, Style(hasColor: true)).split(separator: "\n")
    #expect(lines[0] == "\u{1b}[1mID  NAME          TITLE\u{1b}[0m")
    #expect(!lines.dropFirst().joined().contains("\u{1b}"))
  }
}

@Suite struct WordWrapTests {
  /// What a terminal shows after all that was written to it.
  private func screen(_ written: String) -> [String] {
    // A word that is too long must not be broken by the terminal either: that is another test's matter.
    var screen = Screen(columns: 200)
    screen.write(written)
    #expect(screen.unknown == [])
    return screen.text
  }

  private static let text =
    "She sang while she made jam, always the same song.\n\n  Indented, and a-word-that-is-longer-than-a-line-can-be."

  @Test("Lines break between words only, and newlines stay")
  func wholeText() {
    #expect(
      screen(WordWrap.lines(WordWrapTests.text, width: 21)) == [
        "She sang while she", "made jam, always the", "same song.", "", "  Indented, and",
        "a-word-that-is-longer-than-a-line-can-be.",
      ])
  }

  @Test("The result is the same in whatever pieces a text comes", arguments: 1...60)
  func pieces(length: Int) {
    var wrap = WordWrap { 21 }
    var written = ""
    var rest = WordWrapTests.text[...]
    while !rest.isEmpty {
      let piece = String(rest.prefix(length))
      rest = rest.dropFirst(length)
      written += wrap.add(piece)
      let soFar = WordWrapTests.text.dropLast(rest.count)
      #expect(
        screen(written).joined().filter { $0 != " " } == soFar.filter { !$0.isWhitespace }, "nothing is held back")
    }
    #expect(screen(written) == screen(WordWrap.lines(WordWrapTests.text, width: 21)))
  }

  @Test(
    "White space in the last columns is a break, or it is there",
    arguments: [
      ("aaaa\tb", 8, "aaaa\nb"), ("aaaa\tbb cc", 8, "aaaa\nbb cc"), ("a\tb", 12, "a\tb"), ("aaaaaa\t", 8, "aaaaaa"),
      ("aaaaaaaaa\tb", 12, "aaaaaaaaa\nb"), ("aaaa \t \tb", 8, "aaaa \nb"), ("aaaa\t\nb", 8, "aaaa\nb"),
      ("日本\u{3000}日", 7, "日本\u{3000}\n日"), ("日本語\u{3000}日", 8, "日本語\n日"), ("日本語\u{3000}a", 8, "日本語\na"),
      ("aaaaa  b", 7, "aaaaa \nb"), ("aaaaaa   b", 7, "aaaaaa\nb"), ("aaaaaa\u{2003}b", 7, "aaaaaa\nb"),
      ("aa\u{a0}aa\u{202f}bb\u{2007}b c", 8, "aa\u{a0}aa\u{202f}bb\u{2007}b\nc"),
      ("aaa\u{200b}bbbb", 8, "aaa\u{200b}bbbb"), ("aaaa\u{200b}bbbb", 8, "aaaa\u{200b}\nbbbb"),
      ("a\u{2028}b\u{2029}c\r\nd", 8, "a\nb\nc\nd"),
    ])
  func spaces(text: String, width: Int, expected: String) {
    // White space at the end of a line is not missed there.
    func lines(_ text: String) -> [String] {
      text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
        String(line.reversed().drop { $0.isWhitespace || $0 == "\u{200b}" }.reversed())
      }
    }
    #expect(lines(WordWrap.lines(text, width: width)) == lines(expected))
    var wrap = WordWrap { width }
    let pieces = text.unicodeScalars.map { wrap.add(String($0)) }.joined()
    let whole = text.contains("\r") ? expected.replacing("\nd", with: "\n\nd") : expected
    #expect(lines(screen(pieces).joined(separator: "\n")) == lines(screen(whole).joined(separator: "\n")))
  }

  @Test(
    "Words are whole in scripts whose characters take more columns than they have",
    arguments: [
      ("नमस्ते दुनिया", 10, ["नमस्ते", "दुनिया"]), ("की की की", 6, ["की की", "की"]),
      ("น้ำ น้ำ น้ำ", 6, ["น้ำ น้ำ", "น้ำ"]),
      ("आप कैसे हैं", 7, ["आप कैसे", "हैं"]), ("🇩🇪🇫🇷 ab", 7, ["🇩🇪🇫🇷", "ab"]), ("a👍🏽b", 5, ["a", "👍🏽", "b"]),
      ("👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧", 5, ["👩‍👩‍👧👩‍👩‍👧", "👩‍👩‍👧"]), ("각각\u{1100}\u{1161}", 5, ["각각", "\u{1100}\u{1161}"]),
    ])
  func clusters(text: String, width: Int, expected: [String]) {
    #expect(WordWrap.lines(text, width: width).split(separator: "\n").map { $0.trimming(" ") } == expected)
    for length in 1...3 {
      var wrap = WordWrap { width }
      var (written, rest) = ("", text.unicodeScalars[...])
      while !rest.isEmpty {
        written += wrap.add(String(String.UnicodeScalarView(rest.prefix(length))))
        rest = rest.dropFirst(length)
      }
      #expect(cells(written) == expected.map { TextWidth.of($0) }, "\(written.debugDescription)")
    }
  }

  /// How many columns each line takes on a terminal that knows no clusters.
  private func cells(_ written: String) -> [Int] {
    var lines: [[Bool]] = [[]]
    var column = 0
    var cells = TextWidth.Cells()
    // Each erasure, to the end of the line, as one scalar.
    for scalar in written.replacing("\u{1b}[K", with: "\u{7f}").unicodeScalars {
      switch scalar {
      case "\n":
        lines.append([])
        column = 0
      case "\u{8}": column -= 1
      case "\u{7f}": lines[lines.count - 1].removeLast(lines[lines.count - 1].count - column)
      default:
        let width = cells.columns(of: scalar)
        for _ in 0..<width {
          if column == lines[lines.count - 1].count { lines[lines.count - 1].append(false) }
          lines[lines.count - 1][column] = scalar != " "
          column += 1
        }
      }
    }
    return lines.map { $0.lastIndex(of: true).map { $0 + 1 } ?? 0 }
  }

  @Test("Scalar by scalar, combining marks stay with their letters, and wide characters break anywhere")
  func scalars() {
    let text = "Zoe\u{301} cafe\u{301}s 日本語の長い文章です e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}"
    var wrap = WordWrap { 11 }
    let written = text.unicodeScalars.map { wrap.add(String($0)) }.joined()
    for wrapped in [written, WordWrap.lines(text, width: 11)] {
      let shown = screen(wrapped)
      #expect(shown.joined().contains("日本語の長い文章です") && shown.contains { $0.hasPrefix("日本語の") })
      #expect(shown.joined().contains("Zoe\u{301}"))
    }
    #expect(WordWrap.lines(text, width: 11).split(separator: "\n").map { TextWidth.of($0) }.max() ?? 0 <= 10)
  }

  @Test(
    "What grows a character beyond the line wipes nothing out that is longer than the line",
    arguments: ["\u{200d}x", "\u{301}yyy", "\u{fe0f}", "\u{1f3fd}z"])
  func grownSpace(piece: String) {
    let url = "https://example.test/a/very/long/address"
    for end in [" ", "\u{3000}", ""] {
      var wrap = WordWrap { 21 }
      let written = wrap.add("see \(url)\(end)") + wrap.add(piece)
      #expect(!written.drop { $0 != "h" }.contains("\u{8}"), "\(written.debugDescription)")
      #expect(written.utf8.firstRange(of: url.utf8) != nil, "\(written.debugDescription)")
    }
  }

  @Test("Where nothing may be wiped out, nothing is, and each word comes as soon as the next begins")
  func held() {
    var wrap = WordWrap(canRewrite: false) { 21 }
    var written = ""
    for character in WordWrapTests.text {
      let before = written
      written += wrap.add(String(character))
      if character.isNewline { #expect(written != before) }
    }
    wrap.end(&written)
    #expect(written == WordWrap.lines(WordWrapTests.text, width: 21))
    #expect(!written.contains("\u{8}") && !written.contains("\u{1b}") && !written.contains(" \n"))
  }

  @Test("Another width counts from the next line on")
  func resized() {
    var width = 41
    var wrap = WordWrap { width }
    var written = wrap.add("She sang while she ")
    width = 15
    written += wrap.add("made jam, always the same song, and when it was done")
    #expect(
      screen(written) == ["She sang while she made jam, always the", "same song, and", "when it was", "done"])
  }

  @Test("Lines that go on are set in, but never by more than half")
  func hanging() {
    var wrap = WordWrap(canRewrite: false) { 21 }
    wrap.hang = 4
    #expect(wrap.add("one two three four five six ") == "one two three four\n    five six")
    var narrow = WordWrap(canRewrite: false) { 11 }
    narrow.hang = 30
    #expect(narrow.add("one two three four ") == "one two\n     three\n     four")
  }
}

@Suite struct RelativeTimeTests {
  @Test(
    "An age is the largest whole unit, and a date after a month",
    arguments: [
      (0, "just now"), (-5, "just now"), (59, "just now"), (60, "1 minute ago"), (119, "1 minute ago"),
      (120, "2 minutes ago"),
      (3599, "59 minutes ago"),
      (3600, "1 hour ago"), (7200, "2 hours ago"), (86_399, "23 hours ago"), (86_400, "1 day ago"),
      (2_591_999, "29 days ago"),
      (2_592_000, "2026-10-24"), (86_400 * 400, "2025-10-19"),
      // From a clock that was ahead.
      (-60, "just now"), (-86_400 * 2, "2026-11-25"), (-86_400 * 36_525, "2126-11-24"),
    ] as [(Int64, String)])
  func describe(seconds: Int64, expected: String) {
    let now = Timestamp(milliseconds: 1_795_414_382_000)
    #expect(RelativeTime.describe(now + -seconds, now: now, in: .utc) == expected)
  }

  @Test(
    "A day is today, yesterday, or its date, where the user is",
    arguments: [
      (0, 0, "Today", "just now"), (3600 * 6, 0, "Today", "6 hours ago"), (3600 * 7, 0, "Yesterday", "23:13"),
      (3600 * 7, 1, "Today", "7 hours ago"), (86_400 + 3600 * 7, 0, "Saturday, November 21, 2026", "23:13"),
      (86_400 * 365, 0, "Sunday, November 23, 2025", "06:13"), (-86_400, 0, "Tuesday, November 24, 2026", "06:13"),
      (86_400 * 30_000, 0, "Wednesday, October 4, 1944", "06:13"),
    ] as [(Int64, Int64, String, String)])
  func day(seconds: Int64, ahead: Int64, day: String, time: String) {
    let now = Timestamp(milliseconds: 1_795_414_382_000)
    let zone = Zone { _ in ahead * 3600 }
    #expect(RelativeTime.day(of: now + -seconds, now: now, in: zone) == day)
    #expect(RelativeTime.withinDay(now + -seconds, now: now, in: zone) == time)
  }
}

extension StringProtocol {
  /// Without these characters at its end.
  fileprivate func trimming(_ end: Character) -> String {
    String(reversed().drop { $0 == end }.reversed())
  }
}
