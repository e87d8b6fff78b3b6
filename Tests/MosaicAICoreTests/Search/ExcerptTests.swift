import TestSupport
import Testing

@testable import MosaicAICore

/// The part of a message that a search shows.
@Suite struct ExcerptTests {
  /// The highlighted parts.
  private func highlighted(_ excerpt: Excerpt) -> [String] {
    let scalars = Array(excerpt.text.unicodeScalars)
    return excerpt.highlights.map { range in
      var part = String.UnicodeScalarView()
      part.append(contentsOf: scalars[range])
      return String(part)
    }
  }

  @Test("A short message is shown whole, on one line")
  func short() {
    let excerpt = Excerpt(of: " Rose sang\nin Zoë’s garden.\n", SearchQuery("sing garden zoe"))
    #expect(excerpt.text == "Rose sang in Zoë’s garden.")
    #expect(highlighted(excerpt) == ["sang", "Zoë’s", "garden"])
  }

  @Test("Of a long one, what is around the first match, cut at words")
  func long() {
    let text = String(repeating: "before ", count: 100) + "mirabelle" + String(repeating: " after", count: 100)
    let excerpt = Excerpt(of: text, SearchQuery("mirabelles"))
    #expect(excerpt.text.unicodeScalars.count <= 240)
    #expect(excerpt.text.hasPrefix("…before") && excerpt.text.hasSuffix("after…"))
    #expect(highlighted(excerpt) == ["mirabelle"])
  }

  @Test("A cut parts no letter from its mark")
  func marks() {
    let letters = String(repeating: "e\u{301}", count: 200)
    let shown = String(repeating: "e\u{301}", count: 116)
    #expect(Excerpt(of: "plum \(letters)", SearchQuery("plum")).text == "plum \(shown)…")
    #expect(Excerpt(of: "\(letters) plum", SearchQuery("plum")).text == "…\(shown) plum")
  }

  @Test("Phrases are highlighted as one, parts of words as they are")
  func kinds() {
    #expect(highlighted(Excerpt(of: "in New York, new", SearchQuery("\"new york\""))) == ["New York"])
    #expect(highlighted(Excerpt(of: "Malta", SearchQuery("al"))) == ["al"])
    #expect(highlighted(Excerpt(of: "新東京国", SearchQuery("東"))) == ["東"])
    #expect(highlighted(Excerpt(of: "新東京国際", SearchQuery("東京国"))) == ["東京国"])
  }

  @Test("Any text and query give at most 240 scalars with highlights inside, in order")
  func anyText() {
    var generator = Lehmer(seed: 3)
    let pieces = [
      "mirabelle", " ", "\n", "東京", "e\u{301}", "👩‍👧", "x", String(repeating: "y", count: 150), "", "Zoë's ",
    ]
    for _ in 0..<500 {
      let text = (0..<Int.random(in: 0..<60, using: &generator)).map { _ in
        pieces.randomElement(using: &generator) ?? ""
      }
      .joined()
      let excerpt = Excerpt(of: text, SearchQuery("mirabelles 東 zoe " + String(repeating: "y", count: 150)))
      let count = excerpt.text.unicodeScalars.count
      #expect(count <= Excerpt.maximumLength)
      var last = 0
      for highlight in excerpt.highlights {
        #expect(highlight.lowerBound >= last && highlight.upperBound <= count && !highlight.isEmpty)
        last = highlight.upperBound
      }
    }
  }

  @Test("Postings and documents are read as they were written")
  func encoding() {
    var generator = Lehmer(seed: 5)
    for count in [0, 1, 3, 200] {
      let places = Set((0..<count).map { _ in Int.random(in: 0..<8192, using: &generator) }).sorted()
      let postings = Postings(places.map { .init(place: $0, count: Int.random(in: 1...300, using: &generator)) })
      #expect(Postings(bytes: postings.bytes) == postings)
    }
    var documents = SearchDocuments(count: 3)
    documents[1] = .init(
      conversation: 70_000, createdAt: Timestamp(milliseconds: 1_795_414_382_123), isReply: true, length: 1023)
    documents[2] = .init(
      conversation: 1, createdAt: Timestamp(milliseconds: -5), isReply: false, length: 0)
    #expect(SearchDocuments(bytes: documents.bytes, times: documents.times) == documents)
    var many = SearchDocuments(count: 8192)
    for place in 0..<8000 where Int.random(in: 0..<50, using: &generator) > 0 {
      many[place] = .init(
        conversation: place / 1000 * 300 + Int.random(in: 1...2, using: &generator),
        createdAt: Timestamp(milliseconds: 1_795_414_382_000), isReply: place % 2 == 1, length: place % 70)
    }
    many.replace(from: 8000, with: documents)
    #expect(SearchDocuments(bytes: many.bytes, times: many.times) == many && many[8001] == documents[1])
    for damage in [
      [], [0x80], [3], [0xff, 0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0x7f, 1], [3, 0, 1, 3, 1, 9],
    ]
      as [[UInt8]]
    {
      #expect(SearchDocuments(bytes: damage, times: [1]).messages.count <= 1)
    }
  }
}
