import Testing

@testable import MosaicAICore

struct NearestNameTests {
  @Test(
    "Names are near that begin alike, or differ in little, in all or in one of their words",
    arguments: [
      ("Rosa", ["Rose"]), ("rose m", ["Rose Miller"]), ("Margrt", ["Margaret Thatcher"]),
      ("thatcher", ["Margaret Thatcher"]), ("mill", ["Rose Miller"]), ("Milller", ["Rose Miller"]),
      ("zoe", ["Zoë"]), ("Quentin", []), ("xy", []), ("", []),
    ])
  func near(text: String, names: [String]) {
    #expect(Suggestion.nearest(to: text, among: ["Rose Miller", "Margaret Thatcher", "Zoë", "Rose"]).contains(names))
    if names.isEmpty {
      #expect(Suggestion.nearest(to: text, among: ["Rose Miller", "Margaret Thatcher", "Zoë", "Rose"]) == [])
    }
  }

  @Test("A whole name that is as near comes before a word of one, and there are at most three")
  func order() {
    #expect(Suggestion.nearest(to: "rosa", among: ["Anna Rose", "Rose", "Rosa May", "Rosi"]).first == "Rosa May")
    #expect(Suggestion.nearest(to: "rosy", among: ["Anna Rose", "Rose"]) == ["Rose", "Anna Rose"])
    #expect(Suggestion.nearest(to: "anna", among: ["Anna 1", "Anna 2", "Anna 3", "Anna 4"]).count == 3)
  }
}
