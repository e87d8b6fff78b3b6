import Testing

@testable import MosaicAICore

@Suite struct QuestionTemplateTests {
  @Test(
    "The name is put in literally, wherever {name} stands",
    arguments: [
      ("Where was {name} born?", "Where was Rose {name} born?"), ("{name}{name}", "Rose {name}Rose {name}"),
      ("{Name} {nam} {{name}}", "{Name} {nam} {Rose {name}}"), ("No one", "No one"), ("{", "{"),
      ("{name}\u{301}", "Rose {name}\u{301}"),
    ])
  func name(text: String, asked: String) {
    let template = QuestionTemplate(text)
    #expect(template.text(about: "Rose {name}").utf8.elementsEqual(asked.utf8))
    #expect(template.isAsked(by: asked))
  }

  @Test(
    "A question is known again, whatever the name was, however its accents are written; other words are another one",
    arguments: [
      ("What did {name} do?", "What did Rose do?", true), ("What did {name} do?", "What did Rose Miller do?", true),
      ("What did {name} do?", "What did {name} do?", true), ("What did {name} do?", "What did  do?", false),
      ("What did {name} do?", "What did do?", false), ("What did {name} do?", "What did Rose do", false),
      ("What did {name} do?", "what did Rose do?", false), ("What did {name} do?", "So what did Rose do?", false),
      ("What did {name} do?", "What did Rose say?", false), ("{name} and {name}", "Rose and Rose", true),
      ("{name} and {name}", "Rose and Ben", false), ("{name} and {name}", "Rose and Ros", false),
      ("{name}", "Anything", true), ("{name}", "", false), ("{name}", String(repeating: "é", count: 200), true),
      ("{name}", String(repeating: "e", count: 201), false), ("Why?", "Why?", true), ("Why?", "Why", false),
      ("Who is {name}", "Who is 山田花子 👵🏽", true), ("{name}'s hands?", "Rose's hands?", true),
      ("e\u{301}", "\u{e9}", true), ("{name} e\u{301}", "Rose \u{e9}", true), ("a {name}", "a", false),
    ])
  func asked(text: String, asked: String, isAsked: Bool) {
    #expect(QuestionTemplate(text).isAsked(by: asked) == isAsked)
  }
}
