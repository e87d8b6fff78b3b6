import TestSupport
import Testing

@testable import MosaicAICore

/// The questions that come with the program: someone hears them who may be grieving.
@Suite struct BuiltInQuestionsTests {
  private let bank: QuestionBank

  init() throws { bank = try QuestionBank.load(own: nil, path: "") }

  @Test("There are at least 150 questions, in at least ten chapters, each with several")
  func size() {
    #expect(bank.questions.count >= 150)
    #expect(bank.chapters.count >= 10)
    for chapter in bank.chapters { #expect(bank.questions.count { $0.chapter == chapter } >= 8, "\(chapter)") }
  }

  @Test("IDs are short words, and no question comes twice")
  func unique() {
    #expect(Set(bank.questions.map(\.id)).count == bank.questions.count)
    #expect(bank.questions.allSatisfy { $0.id.wholeMatch(of: /[a-z]+(-[a-z]+)+/) != nil })
    #expect(Set(bank.questions.map(\.template.text.folded)).count == bank.questions.count)
  }

  @Test("Every question stands by itself, is short, and asks one thing")
  func form() {
    for question in bank.questions {
      let text = question.template.text
      #expect(text.contains("{name}"), "\(text)")
      #expect(text.count <= 100, "\(text)")
      #expect(text.first?.isUppercase == true || text.hasPrefix("{name}"), "\(text)")
      #expect(text.count { $0 == "?" } == 1 || text.hasPrefix("Tell me about ") && text.hasSuffix("."), "\(text)")
      #expect(!text.contains("  ") && !text.contains("\n") && text.unicodeScalars.allSatisfy(\.isASCII), "\(text)")
    }
  }

  @Test("No question can be answered with yes or no, or asks for a date")
  func open() {
    let closed = #/(^|\. |, )(Did|Do|Does|Was|Were|Is|Are|Has|Have|Had|Could|Would|Can|Will) /#
    let dates = #/(?i)what (year|date|day)|how (old|long|many|much|often)|when was/#
    #expect(bank.questions.map(\.template.text).filter { $0.contains(closed) } == [])
    #expect(bank.questions.map(\.template.text).filter { $0.contains(dates) } == [])
  }

  @Test("Nothing is taken for granted: no partner, no children, no parents, no faith, no cause of death, no favorites")
  func assumptions() throws {
    let words = [
      "husband", "wife", "spouse", "partner", "married", "marriage", "wedding", "mother", "father", "mom", "dad",
      "parents", "son", "daughter", "grandmother", "grandfather", "grandchildren", "god", "church", "pray", "religion",
      "heaven", "favorite", "blame", "cause", "he", "she", "his", "her", "him",
    ]
    let taken = try Regex("(?i)\\b(\(words.joined(separator: "|")))\\b")
    #expect(bank.questions.map(\.template.text).filter { $0.contains(taken) } == [])
    // What not every life has is asked with an if.
    let conditional = #/(?i)\b(brothers|sisters|brought up a child|illness|war|died|dreams)\b/#
    let found = bank.questions.map(\.template.text).filter { $0.contains(conditional) }
    #expect(found.count >= 5)
    #expect(found.filter { !$0.hasPrefix("If ") && !$0.hasPrefix("As far as you want to tell it, ") } == [])
  }

  @Test("The chapters begin with what comes easily, and farewell is not before the end")
  func order() throws {
    let farewell = try #require(bank.chapters.firstIndex(of: "Farewell"))
    #expect(farewell >= bank.chapters.count - 2)
    let hard = try #require(bank.chapters.firstIndex(of: "Hard times"))
    #expect(hard > bank.chapters.count / 2)
    #expect(try bank.questions(inChapter: "if you met at").count >= 8, "for someone who knew the person only at work")
    #expect(try bank.questions(inChapter: "if you met late").count >= 8, "for someone who knew the person only late")
  }
}

@Suite struct QuestionBankTests {
  private func bank(_ own: String) throws -> QuestionBank {
    try QuestionBank.load(own: Array(own.utf8), path: "/q.yaml")
  }

  private let builtIn: QuestionBank

  init() throws { builtIn = try QuestionBank.load(own: nil, path: "") }

  @Test("A file of one's own adds to chapters, whatever their case, and adds chapters")
  func own() throws {
    let bank = try bank(
      """
      chapters:
        childhood:
          - What did {name} call the creek?
          - {id: my-dog, question: "What was the dog's name?"}
        The sea:
          - id: tide
            question: |
              What did {name} say about the tide?
      """)
    let childhood = try bank.questions(inChapter: "Childhood")
    #expect(childhood.suffix(2).map(\.id) == ["what-did-name-call-the-creek", "my-dog"])
    #expect(childhood.suffix(2).map(\.chapter) == ["Childhood", "Childhood"])
    #expect(childhood.dropLast(2) == (try builtIn.questions(inChapter: "Childhood"))[...])
    #expect(bank.chapters == builtIn.chapters + ["The sea"])
    #expect(bank.questions.last?.template.text == "What did {name} say about the tide?")
    #expect(bank.questions.count == builtIn.questions.count + 3)
    #expect(try self.bank("").questions == builtIn.questions)
    #expect(try self.bank("chapters: {}\n").questions == builtIn.questions)
  }

  @Test("A question without an ID is known by its words, in any script")
  func ids() throws {
    let bank = try bank("chapters:\n  Own: ['Où est {name} né(e) ?', 'बचपन कैसा था?', 'Über   alles—was?']\n")
    #expect(bank.questions.suffix(3).map(\.id) == ["ou-est-name-ne-e", "बचपन-कैसा-था", "uber-alles-was"])
  }

  @Test(
    "An error names file, line and column",
    arguments: [
      ("chapter:\n", "1:1", "chapter"), ("chapters: [x]\n", "1:11", "chapters"),
      ("chapters:\n  Own: x\n", "2:8", "Own"), ("chapters:\n  Own:\n    - [x]\n", "3:7", "Own"),
      ("chapters:\n  Own:\n    -\n", "3:6", "Own"), ("chapters:\n  Own:\n    - ' '\n", "3:7", "question"),
      ("chapters:\n  Own:\n    - {id: a}\n", "3:7", "question"),
      ("chapters:\n  Own:\n    - {id: a, text: b}\n", "3:15", "text"),
      ("chapters:\n  Own:\n    - {id: \"a\\nb\", question: b}\n", "3:7", "id"),
      ("chapters:\n  Own:\n    - '???'\n", "3:7", "id"),
      ("chapters:\n  Own:\n    - Why?\n    - why\n", "4:7", "why"),
      ("chapters:\n  Own:\n    - {id: first-name, question: Why?}\n", "3:7", "first-name"),
      ("chapters:\n  \"a\\tb\":\n    - Why?\n", "2:3", "chapter"),
    ])
  func errors(text: String, place: String, fact: String) throws {
    let failure = try failure { try bank(text) }
    #expect(failure.code == .configInvalid)
    #expect(failure.message.hasPrefix("/q.yaml:\(place): ") && failure.names(fact), "\(failure.message)")
  }

  @Test("A chapter is found by its name or the beginning of only one, whatever its case and accents")
  func chapters() throws {
    #expect(try builtIn.questions(inChapter: "CHILDHOOD") == builtIn.questions(inChapter: "child"))
    #expect(try bank("chapters: {Élan: [Why?]}\n").questions(inChapter: "elan").count == 1)
    let unknown = try failure { try builtIn.questions(inChapter: "Childhod") }
    #expect(unknown.code == .notFound && unknown.adviceText.contains("Childhood"))
    #expect(try failure { try builtIn.questions(inChapter: "") }.code == .notFound)
    let several = try failure { try builtIn.questions(inChapter: "if you met") }
    #expect(several.code == .ambiguous && several.adviceText.contains("at work"))
  }

  @Test(
    "Every question is known by its own text and no other's, for any name",
    arguments: ["Rose", "Jo", "It? Was {name}."])
  func apart(name: String) {
    let finder = QuestionFinder(builtIn.questions)
    for question in builtIn.questions {
      let text = question.template.text(about: name)
      #expect(builtIn.questions.filter { $0.template.isAsked(by: text) }.map(\.id) == [question.id])
      #expect(finder.questions(askedBy: text).map(\.id) == [question.id])
    }
    #expect(finder.questions(askedBy: "Something else.").isEmpty && finder.questions(askedBy: "").isEmpty)
  }
}
