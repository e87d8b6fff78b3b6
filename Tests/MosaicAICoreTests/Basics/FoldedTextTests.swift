import Testing

@testable import MosaicAICore

@Suite struct FoldedTextTests {
  @Test(
    "Case and accents do not tell names apart",
    arguments: [
      ("Rosé", "ROSE"), ("Rose\u{301}", "rosé"), ("Zoë Straße", "ZOE STRASSE"), ("ΣΊΣΥΦΟΣ", "σισυφος"),
      ("İpek", "ipek"),
      ("Đặng", "đang"), ("ÅSA", "asa"), ("مُحَمَّد", "محمد"), ("שָׁלוֹם", "שלום"),
    ])
  func same(left: String, right: String) {
    #expect(left.folded == right.folded)
  }

  @Test(
    "What makes another letter or word stays",
    arguments: [("か", "が"), ("हिन्दी", "हनद"), ("Rose", "Rosa"), ("น้ำ", "นำา"), ("각", "가")])
  func different(left: String, right: String) {
    #expect(left.folded != right.folded)
  }
}
