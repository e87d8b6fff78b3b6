import TestSupport
import Testing

@testable import MosaicAICore

/// What a query means, and which texts it fits.
@Suite struct SearchQueryTests {
  private func clauses(_ text: String) -> [SearchQuery.Clause] { SearchQuery(text).clauses }

  @Test("Words, phrases, beginnings and parts of words")
  func parsing() {
    #expect(clauses("Mirabelles sang") == [.stems([EnglishStem.of("mirabelle")]), .stems(["sang", "sing", "sung"])])
    #expect(clauses(#""New York" plums"#) == [.phrase([.stems(["new"]), .stems(["york"])]), .stems(["plum"])])
    #expect(clauses("mirab*") == [.prefix("mirab")])
    #expect(clauses("\"plum jam*\"") == clauses("\"plum jam\""), "a phrase has no other sign than its quotes")
    #expect(clauses("“New York”") == [.phrase([.stems(["new"]), .stems(["york"])])])
    #expect(clauses("a-b \"c") == [.phrase([.stems(["a"]), .stems(["b"])]), .part("c")])
    #expect(clauses("Al") == [.part("al")])
    #expect(clauses("go") == [.part("go", orStems: ["goe", "went", "gone"])])
    #expect(clauses("東") == [.part("東")])
    #expect(clauses("東京") == [.stems(["東京"])])
    #expect(clauses("東京都") == [.phrase([.stems(["東京"]), .stems(["京都"])])])
    #expect(clauses("👵🏽") == [.stems(["👵"])])
    #expect(clauses("sing 🌻🌻") == [.stems(["sing", "sang", "sung"]), .phrase([.stems(["🌻"]), .stems(["🌻"])])])
    #expect(clauses("rose ROSE roses") == [.stems(["rose"])], "each once")
  }

  @Test("Nothing to look for", arguments: ["", " ", "\"", "\"\"", "*", "!?", "- ' \" *", "\u{0}", "\u{fe0f}"])
  func empty(text: String) { #expect(clauses(text) == []) }

  /// Whether a text has every clause of a query.
  private func finds(_ query: String, in text: String) -> Bool {
    let words = SearchWord.all(in: text)
    let clauses = clauses(query)
    return !clauses.isEmpty && clauses.allSatisfy { !$0.matches(in: words).isEmpty }
  }

  @Test(
    "A query finds what a person would expect",
    arguments: [
      ("don't", "I don’t know.", true), ("New York?", "from York to New Haven", true),
      ("\"New York?\"", "from York to New Haven", false), ("\"new york\"", "in New York!", true),
      ("a-b \"c", "a b, c", true),
      ("Zoë", "ZOE was there", true), ("zoe", "Zoë", true), ("東京", "新東京国際空港", true), ("京都", "東京の都", false),
      ("東京国", "新東京国際空港", true), ("東国", "新東京国際空港", false), ("sang", "she will sing", true),
      ("mirabelles", "a mirabelle", true), ("mir*", "mirabelles", true), ("mir*", "admire", false),
      ("al", "Malta", true), ("go", "We went home.", true), ("go", "ago", true), ("do", "She did.", true),
      ("be", "They were late.", true), ("go", "We came home.", false),
      ("한국", "대한국민", true), ("อาหาร", "แม่ทำอาหารไทย", true), ("rose plums", "Rose", false),
    ])
  func matching(query: String, text: String, isFound: Bool) { #expect(finds(query, in: text) == isFound) }

  @Test("If none has everything, words that are joined count by themselves, but not those of a quotation")
  func loosened() {
    #expect(SearchQuery("plum/jam").loosened == [.stems(["plum"]), .stems(["jam"])])
    #expect(SearchQuery("\"plum jam\"").loosened == [.phrase([.stems(["plum"]), .stems(["jam"])])])
    #expect(SearchQuery("東京都").loosened == SearchQuery("東京都").clauses)
    #expect(SearchQuery("plum jam").loosened == SearchQuery("plum jam").clauses)
  }

  @Test("A text finds itself, whatever it is")
  func itself() {
    var generator = Lehmer(seed: 11)
    let alphabet = Array("aB'’é東京ก\u{301}ำ한 .-\u{ad}ß\"*x").flatMap { Array($0.unicodeScalars) }
    for _ in 0..<2000 {
      var scalars = String.UnicodeScalarView()
      for _ in 0..<Int.random(in: 1..<12, using: &generator) {
        scalars.append(alphabet[Int.random(in: alphabet.indices, using: &generator)])
      }
      let text = String(scalars)
      #expect(clauses(text).isEmpty || finds(text, in: text), "\(text.debugDescription)")
    }
  }
}
