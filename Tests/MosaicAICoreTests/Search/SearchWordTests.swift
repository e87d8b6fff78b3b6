import TestSupport
import Testing

@testable import MosaicAICore

/// Words as search compares them.
@Suite struct SearchWordTests {
  private func words(_ text: String) -> [String] { SearchWord.all(in: text).map(\.folded) }

  @Test(
    "Words have no case and no accents, and what is between them is left out",
    arguments: [
      ("", []), (" \t\n…!", []), ("Rose sang.", ["rose", "sang"]), ("Zoë's café", ["zoe", "cafe"]),
      ("ZOE\u{308} nai\u{308}ve", ["zoe", "naive"]), ("1962, 3rd", ["1962", "3rd"]), ("a-b/c_d", ["a", "b", "c", "d"]),
      ("straße STRASSE", ["strasse", "strasse"]), ("Søren Łódź Þór", ["soren", "lodz", "thor"]),
      ("Ｒｏｓｅ", ["rose"]), ("re\u{ad}member", ["remember"]), ("Ольга Ёлка", ["ольга", "елка"]),
      ("👵🏽 family 👨‍👩‍👧", ["👵", "family", "👨", "👩", "👧"]),
      ("I ❤️ NY, 20°C‼ ↔ Ⓐ + =", ["i", "❤", "ny", "20", "°", "c", "‼", "↔", "ⓐ"]),
      ("שָׁלוֹם", ["שלום"]),
    ] as [(String, [String])])
  func folding(text: String, expected: [String]) { #expect(words(text) == expected) }

  @Test(
    "An apostrophe belongs to an English contraction, and parts other words",
    arguments: [
      ("don't Don’t DON'T", ["dont", "dont", "dont"]),
      ("we'll they're I've she'd I'm", ["well", "theyre", "ive", "shed", "im"]),
      ("Ada's rose's’", ["ada", "rose"]), ("l'amour d’été", ["l", "amour", "d", "ete"]), ("O'Brien", ["o", "brien"]),
      ("'tis 'quoted' it'", ["tis", "quoted", "it"]), ("don'té", ["don", "te"]), ("a's'b", ["a", "b"]),
    ] as [(String, [String])])
  func apostrophes(text: String, expected: [String]) { #expect(words(text) == expected) }

  @Test(
    "Neighboring characters of scripts without spaces are words",
    arguments: [
      ("東", ["東"]), ("東京", ["東京"]), ("東京に行く", ["東京", "京に", "に行", "行く"]), ("東 京", ["東", "京"]),
      ("I visited東京tower", ["i", "visited", "東京", "tower"]), ("がぎ", ["か\u{3099}き\u{3099}"]), ("กำ", ["กำ"]),
    ] as [(String, [String])])
  func unspaced(text: String, expected: [String]) { #expect(words(text) == expected) }

  @Test("Ranges count Unicode scalars of the text")
  func ranges() {
    let text = "Zoe\u{308} loved 東京都 — don’t!"
    let scalars = Array(text.unicodeScalars)
    let found = SearchWord.all(in: text).map { word -> String in
      var part = String.UnicodeScalarView()
      part.append(contentsOf: scalars[word.range])
      return String(part)
    }
    #expect(found == ["Zoe\u{308}", "loved", "東京", "京都", "don’t"])
  }

  @Test("Any text has words with ranges in order, within it")
  func anyText() {
    var generator = Lehmer(seed: 7)
    let alphabet = Array("aB'’é東ก\u{301}\u{200d}ำ한 .-\u{ad}ßſ\u{0}👩\u{fffd}'s").flatMap { Array($0.unicodeScalars) }
    for _ in 0..<2000 {
      var text = String.UnicodeScalarView()
      for _ in 0..<Int.random(in: 0..<12, using: &generator) {
        text.append(alphabet[Int.random(in: alphabet.indices, using: &generator)])
      }
      let words = SearchWord.all(in: String(text))
      var last = 0
      for word in words {
        #expect(!word.folded.isEmpty && word.range.lowerBound >= last && word.range.upperBound <= text.count)
        last = word.range.lowerBound
      }
    }
  }

  @Test(
    "A form of an English word has the stems of the others",
    arguments: [
      ["mirabelle", "mirabelles"], ["sing", "sang", "sung", "sings", "singing"], ["child", "children"],
      ["happy", "happiness"], ["hope", "hoped", "hoping", "hopes"], ["hop", "hopped", "hopping"],
      ["relate", "relational", "relates"], ["agree", "agreed"], ["cry", "cried", "cries"],
      ["write", "wrote", "written"],
      ["connect", "connection", "connected", "connecting"], ["go", "went", "goes", "gone"],
    ])
  func stems(forms: [String]) {
    for form in forms {
      let stems = EnglishStem.all(ofForms: form)
      #expect(stems.first == EnglishStem.of(form))
      #expect(forms.allSatisfy { stems.contains(EnglishStem.of($0)) }, "\(form)")
    }
  }

  @Test("A word that is both a form of a verb and a noun is found as either")
  func ambiguous() {
    let stems = EnglishStem.all(ofForms: "thought")
    for word in ["thoughts", "thinking"] { #expect(stems.contains(EnglishStem.of(word))) }
    #expect(EnglishStem.all(ofForms: "rose") == ["rose"])
  }

  @Test(
    "Stems are those of the published algorithm",
    arguments: [
      ("caresses", "caress"), ("ponies", "poni"), ("ties", "ti"), ("cats", "cat"), ("feed", "feed"),
      ("plastered", "plaster"), ("motoring", "motor"), ("conflated", "conflat"), ("troubled", "troubl"),
      ("sized", "size"),
      ("falling", "fall"), ("hissing", "hiss"), ("fizzed", "fizz"), ("failing", "fail"), ("filing", "file"),
      ("sky", "ski"), ("say", "say"), ("by", "by"),
      ("conditional", "condit"), ("digitizer", "digit"), ("vietnamization", "vietnam"), ("triplicate", "triplic"),
      ("hopefulness", "hope"), ("revival", "reviv"), ("adjustment", "adjust"), ("adoption", "adopt"),
      ("probate", "probat"),
      ("rate", "rate"), ("cease", "ceas"), ("controlling", "control"), ("roll", "roll"), ("generalizations", "gener"),
      ("oscillators", "oscil"),
    ])
  func published(word: String, stem: String) { #expect(EnglishStem.of(word) == stem) }

  @Test(
    "Words of other scripts, and short ones, are their own stems", arguments: ["東京", "ольга", "am3s", "is2", "us", "é"])
  func others(word: String) { #expect(EnglishStem.of(word) == word) }
}
