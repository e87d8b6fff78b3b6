import Testing

@testable import MosaicAICore

struct WordTableTests {
  private let table = WordTable(
    """
    garden: plant flower
    plan plans
    rose: flower garden
    """)

  private func lines(_ word: String) -> [[String]] { table.lines(withWordFrom: word) { $0 == word } }

  @Test("A word finds every line that it stands in, whole")
  func everyLine() {
    #expect(lines("flower") == [["garden", "plant", "flower"], ["rose", "flower", "garden"]])
    #expect(lines("garden") == [["garden", "plant", "flower"], ["rose", "flower", "garden"]])
    #expect(lines("plans") == [["plan", "plans"]])
  }

  @Test("Only whole words are found", arguments: ["", "plant:", "lant", "ros", "roses", "flower garden", "é", "PLAN"])
  func wholeWords(word: String) {
    #expect(lines(word).isEmpty)
  }

  @Test("Only words with the beginning are asked about")
  func beginning() {
    var asked: [String] = []
    let found = table.lines(withWordFrom: "pl") { word in
      asked.append(word)
      return false
    }
    #expect(found.isEmpty)
    #expect(asked == ["plant", "plan", "plans"])
  }

  @Test("An empty table, and one that ends with a line break, have no other lines")
  func borders() {
    #expect(WordTable("").lines(withWordFrom: "a") { _ in true }.isEmpty)
    #expect(WordTable("a b\n").lines(withWordFrom: "b") { _ in true } == [["a", "b"]])
    #expect(WordTable("a b\n").lines(withWordFrom: "") { _ in true }.isEmpty)
    #expect(WordTable("\n\nb").lines(withWordFrom: "b") { _ in true } == [["b"]])
  }

  private func allLines(_ table: WordTable) -> Set<[String]> {
    Set("abcdefghijklmnopqrstuvwxyz".flatMap { table.lines(withWordFrom: String($0)) { _ in true } })
  }

  @Test("Every form of every irregular word has the stems of the others")
  func irregular() {
    let lines = allLines(irregularForms)
    #expect(lines.contains(["go", "goes", "went", "gone"]))
    for forms in lines {
      for form in forms { #expect(Set(forms.map(EnglishStem.of)).isSubset(of: EnglishStem.all(ofForms: form))) }
    }
  }

  @Test("A word and one that is related to it are found by each other")
  func related() {
    let lines = allLines(relatedWords)
    #expect(lines.contains(["attic", "loft"]))
    for words in lines {
      for other in words.dropFirst() where EnglishStem.of(other) != EnglishStem.of(words[0]) {
        #expect(RelatedWords.stems(relatedTo: words[0]).contains(EnglishStem.of(other)))
        #expect(RelatedWords.stems(relatedTo: other).contains(EnglishStem.of(words[0])))
      }
    }
  }
}
