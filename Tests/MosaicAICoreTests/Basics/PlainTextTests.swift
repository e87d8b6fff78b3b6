import Testing

@testable import MosaicAICore

/// Numbers, names and other people's texts, as messages have them.
@Suite struct PlainTextTests {
  @Test(
    "Thousands are separated above 9,999",
    arguments: [
      (0, "0"), (9999, "9999"), (10_000, "10,000"), (123_456, "123,456"), (1_234_567, "1,234,567"), (-9999, "-9999"),
      (-10_000, "-10,000"), (.max, "9,223,372,036,854,775,807"), (.min, "-9,223,372,036,854,775,808"),
    ] as [(Int, String)])
  func grouping(number: Int, text: String) {
    #expect(grouped(number) == text)
  }

  @Test(
    "One thing is not many",
    arguments: [(0, "0 messages"), (1, "1 message"), (2, "2 messages"), (10_000, "10,000 messages")])
  func counting(count: Int, text: String) {
    #expect(counted(count, "message") == text)
  }

  @Test(
    "Seconds have a fraction only if they need one",
    arguments: [
      (Duration.zero, "0"), (.seconds(2), "2"), (.milliseconds(500), "0.5"), (.milliseconds(1250), "1.25"),
      (.microseconds(1_000_900), "1"),
    ])
  func seconds(duration: Duration, text: String) {
    #expect(duration.secondsText == text)
  }

  @Test("Seconds that were typed are kept to the millisecond, and are never nothing")
  func typedSeconds() {
    #expect(Duration.ofSeconds(1.5) == .milliseconds(1500))
    #expect(Duration.ofSeconds(0.0001) == .milliseconds(1))
    #expect(Duration.ofSeconds(86_400) == .seconds(86_400))
  }

  @Test(
    "A word of a shell is quoted only if it needs to be",
    arguments: [
      ("plain-1.txt", "plain-1.txt"), ("/a/b_c@d,e+f", "/a/b_c@d,e+f"), ("", "''"), ("two words", "'two words'"),
      ("it's", #"'it'\''s'"#), ("$HOME", "'$HOME'"), ("~", "'~'"), ("a;b", "'a;b'"), ("é", "'é'"), ("a\nb", "'a\nb'"),
      ("a'\u{301};b", "'a'\\''\u{301};b'"),
    ])
  func shellWords(text: String, quoted: String) {
    #expect(shellQuoted(text) == quoted)
  }

  @Test(
    "Of someone else's text, only the first line is shown, and nothing that a terminal obeys",
    arguments: [
      ("plain text", "plain text"), ("one\ntwo", "one"), ("one\rtwo", "one"), ("\u{1b}[31mred\u{7}", "[31mred"),
      ("a\tb\u{a0}c", "abc"), ("\u{202e}left\u{200b}", "left"), ("é 🌻", "é 🌻"), ("", ""),
    ])
  func printing(text: String, shown: String) {
    #expect(printable(text) == shown)
  }

  @Test(
    "What cannot be seen in a failure's message is written by its number; what belongs to a visible character stays",
    arguments: [
      ("plain \"text\"", "plain \"text\""), ("\u{feff}Rose", "U+FEFFRose"), ("Ro\u{200b}se", "RoU+200Bse"),
      ("Ro\u{200d}se", "RoU+200Dse"), ("a\u{7}b\u{1b}[31m", "aU+0007bU+001B[31m"),
      ("one\ntwo\tthree", "one\ntwo\tthree"),
      ("👩‍👧 1️⃣ ❤️", "👩‍👧 1️⃣ ❤️"), ("می‌خواهم", "می‌خواهم"), ("Zo\u{eb}", "Zo\u{eb}"), ("x\u{e0041}", "xU+E0041"),
    ])
  func invisible(text: String, shown: String) {
    #expect(Failure(.notFound, text).message == shown)
  }

  @Test("A value is shown with whatever is invisible in it, and cut")
  func values() {
    #expect(visible("\u{feff}us-east-1\u{a0}\n") == "U+FEFFus-east-1U+00A0U+000A")
    #expect(visible("abcdef", limit: 3) == "abc…")
  }

  @Test("A long text is cut")
  func cutting() {
    #expect(printable(String(repeating: "x", count: 300)).count == 300)
    #expect(printable(String(repeating: "x", count: 301)) == String(repeating: "x", count: 300) + "…")
    #expect(printable("abcdef", limit: 3) == "abc…")
  }

  @Test("Of the URL of a service, everything that may be a login is hidden")
  func urls() {
    for (url, shown) in [
      ("https://host/path", "https://host/path"), ("https://ada:pw@host", "https://…@host"),
      ("https://ada:p/w@host/x", "https://…@host/x"), ("https://\u{301}ada:pw@\u{302}host", "https://…@\u{302}host"),
      ("ada:pw@host", "…@host"), ("x@https://host", "…@https://host"),
    ] { #expect(Array(EndpointURL.shown(url).utf8) == Array(shown.utf8)) }
  }

  @Test("What was sent and must not be shown is hidden, and so is any signature")
  func hidden() {
    let secrets = [Secret("long-enough"), Secret("short")]
    #expect(hiding(secrets, in: "x long-enough y long-enough") == "x … y …")
    #expect(hiding(secrets, in: "long-enough\u{301}") == "…\u{301}")
    #expect(hiding(secrets, in: "a short word") == "a short word", "it occurs in ordinary words")
    #expect(hiding([], in: "Signature=0123abCD, Signature=ff.") == "Signature=…, Signature=….")
  }

  @Test("A secret shows in no print of any kind")
  func secret() {
    let secret = Secret("hushhush")
    var text = "\(secret) \(String(reflecting: secret)) \([secret]) \(Optional(secret) as Any)"
    dump(secret, to: &text)
    #expect(!text.contains("hushhush") && secret.exposed == "hushhush")
  }
}
