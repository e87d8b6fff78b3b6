import Foundation
import TestSupport
import Testing

@testable import MosaicAICore

/// The index finds what reading every message would find, and forgets what is deleted.
@Suite struct SearchIndexTests {
  private let household: Household
  private let ada: ConversationService

  init() throws {
    household = try Household()
    ada = try household.service()
    _ = try ada.addLegacy(name: "Rose", evenIfKnown: false)
    try ada.send("Hello.", .reply("Good morning."))
  }

  /// Adds finished exchanges to the latest conversation, without going through the service for each.
  private func add(_ texts: [(question: String, reply: String)], to conversation: ConversationID? = nil) throws {
    let id = try conversation ?? #require(try ada.list().first?.id)
    try household.store.write { transaction in
      var ids = IDs()
      for (question, reply) in texts {
        let asked = try transaction.insertQuestion(
          id: try ids.next(), conversationID: id, content: question, at: household.clock.now)
        let replyID: MessageID = try ids.next()
        try transaction.insertReply(
          id: replyID, to: asked, content: Array(reply.utf8), modelID: "m", at: household.clock.now)
        try transaction.endReply(id: replyID, ReplyEnding(status: .complete))
        try transaction.settleQuestion(id: asked.id, errorCode: nil)
      }
    }
  }

  private struct IDs {
    private let generator = IDGenerator.random
    mutating func next() throws -> MessageID { try generator.next() }
  }

  private func found(_ query: String, in service: ConversationService? = nil) throws -> [String] {
    try (service ?? ada).search(SearchQuery(query), limit: 10_000).hits.map(\.message.content)
  }

  /// What reading every message finds, sorted.
  private func expected(_ query: String) throws -> [String] {
    let clauses = SearchQuery(query).clauses
    let texts = try ada.list().flatMap { conversation in
      try ada.archive(conversation: conversation.id.rawValue).conversations[0].messages
        .filter { ![.superseded, .streaming].contains($0.status) }.map(\.content)
    }
    let words = texts.map { SearchWord.all(in: $0) }
    let all = zip(texts, words).filter { pair in clauses.allSatisfy { !$0.matches(in: pair.1).isEmpty } }
    let any = zip(texts, words).filter { pair in clauses.contains { !$0.matches(in: pair.1).isEmpty } }
    return (all.isEmpty ? any : all).map(\.0).sorted()
  }

  private static let vocabulary =
    ["rose", "sang", "singing", "plum", "plums", "in", "東京", "東京に行く", "Zoë", "kitchen", "new", "york", "a-b"]
    + (0..<300).map { "word\($0)" }

  private static let queries = [
    "sing", "plum sang", "東京", "行", "zoe kitchen", "\"new york\"", "word1", "word1*", "in", "in plum", "a-b", "or",
    "word17 word250 kitchen", "w", "nothing",
  ]

  @Test("Whatever is added and deleted, indexed or not, a search finds what is there")
  func randomHistory() throws {
    var generator = Lehmer(seed: 23)
    func text() -> String {
      (0..<Int.random(in: 1...12, using: &generator)).map { _ in
        // Some words are common, most are rare.
        let vocabulary = SearchIndexTests.vocabulary
        return vocabulary[
          min(
            Int.random(in: vocabulary.indices, using: &generator), Int.random(in: vocabulary.indices, using: &generator)
          )]
      }.joined(separator: " ")
    }
    for round in 0..<12 {
      if round % 4 == 2 { try ada.send("A new one about plums.", .reply("Plums."), to: .to(.new)) }
      try add((0..<Int.random(in: 20...150, using: &generator)).map { _ in (text(), text()) })
      if round % 3 == 1 { try ada.indexMessages() }
      let messages = try ada.messages(all: true).filter { _ in Bool.random(using: &generator) }.prefix(30)
      try ada.deleteMessages(ids: messages.map(\.id))
      if round == 9, let last = try ada.list().first { try ada.deleteConversations(ids: [last.id]) }
      if round % 3 == 2 { try ada.indexMessages() }
      for query in SearchIndexTests.queries {
        #expect(try found(query).sorted() == expected(query), "\(round): \(query)")
      }
    }
    try expectExact()
  }

  /// The index has the words of its messages and nothing else.
  private func expectExact() throws {
    try household.store.read { transaction in
      let counted = try transaction.connection.rows("SELECT id, messages FROM search_words ORDER BY id") {
        [try $0.integer(), try $0.integer()]
      }
      var counts: [Int: Int] = [:]
      try transaction.connection.forEachRow("SELECT word, postings FROM search_postings", []) { row in
        counts[try row.integer(), default: 0] += Postings(bytes: try row.bytes()).entries.count
      }
      #expect(counted == counts.sorted { $0.key < $1.key }.map { [$0.key, $0.value] })
      // Of a message that is gone nothing is left, not even who said it and when.
      let entries = try transaction.connection.integer("SELECT sum(messages) FROM search_blocks") ?? 0
      let messages = try transaction.connection.integer(
        """
        SELECT count(*) FROM ai_messages
        WHERE \(transaction.dialect.messageNumber("ai_messages")) <= ?1 AND status <> 'superseded'
        """, [.integer(try transaction.lastIndexedNumber())])
      #expect(entries == messages)
    }
  }

  @Test("Small blocks become a large one, and a word is found in all of it")
  func mergingAtLength() throws {
    for start in stride(from: 0, to: 5000, by: 500) {
      try add((start..<start + 500).map { ("number\($0) common", "answer\($0)") })
      try ada.indexMessages()
    }
    let spans = try household.store.read {
      try $0.connection.rows("SELECT start, span FROM search_blocks ORDER BY start") {
        [try $0.integer(), try $0.integer()]
      }
    }
    #expect(spans.first == [1, 8192])
    #expect(spans.dropFirst().allSatisfy { $0[1] == 256 } && spans.count == 1 + (10_002 - 8192) / 256)
    for number in [0, 127, 128, 4094, 4095, 4999] {
      #expect(try found("number\(number)") == ["number\(number) common"])
      #expect(try found("answer\(number)") == ["answer\(number)"])
    }
    #expect(try found("common").count == 5000)
    try expectExact()
    let messages = try ada.messages()
    try ada.deleteMessages(ids: [messages[10].id, messages[9000].id])
    #expect(try found("common").count == 4998)
    try expectExact()
    #expect(try household.store.findDamage() == nil)
  }

  @Test("What cannot be indexed, since the disk is full, is found all the same")
  func fullDisk() throws {
    try add((0..<600).map { ("common \($0)", "answer\($0)") })
    try household.setDiskFull(true)
    try ada.indexMessages()
    #expect(try ada.unindexedMessages() == 1202)
    #expect(try found("common").count == 600)
    try household.setDiskFull(false)
    try ada.indexMessages()
    #expect(try ada.unindexedMessages() < 256)
    try expectExact()
  }

  @Test("Of very many matches the newest are ranked")
  func limitAtLength() throws {
    try add((0..<12_000).map { ("common \($0)", "yes") })
    try ada.indexMessages()
    let result = try ada.search(SearchQuery("common"), limit: 20_000)
    #expect(result.isLimited && result.hits.count >= ConversationService.rankedMessages && result.hits.count < 12_000)
    #expect(result.hits.contains { $0.message.content == "common 11999" })
  }

  @Test("A number is not given to another message, though the last ones were deleted")
  func numbers() throws {
    try add((0..<127).map { ("plum\($0)", "pit\($0)") })
    try ada.indexMessages()
    let ids = try ada.messages().suffix(200).map(\.id)
    try ada.deleteMessages(ids: ids)
    try add([("quince", "medlar")])
    #expect(try found("quince") == ["quince"])
    #expect(try found("plum126") == [])
  }

  @Test("A superseded reply is not found any more, whether it was indexed or not", arguments: [true, false])
  func superseded(isIndexed: Bool) throws {
    // The reply is the last message of the first block.
    try add((0..<126).map { ("filler\($0)", "ok") })
    try ada.send("Question", .stream([.text("damson")], then: .lost))
    if isIndexed { try ada.indexMessages() }
    #expect(try household.store.read { try $0.unindexedCount() } == (isIndexed ? 0 : 256))
    #expect(try found("damson") == ["damson"])
    try ada.send(nil, .reply("medlar"))
    #expect(try found("damson") == [])
    #expect(try found("medlar") == ["medlar"])
    try expectExact()
  }

  @Test("Ranks go on from page to page, and it is known whether every word was found")
  func pages() throws {
    try add((0..<5).map { ("plum \($0)", "ok") })
    func hits(_ offset: Int) throws -> [SearchHit] {
      try ada.search(SearchQuery("plum"), limit: 2, offset: offset).hits
    }
    #expect(try [0, 2, 4, 6].map { try hits($0).map(\.rank) } == [[1, 2], [3, 4], [5], []])
    #expect(Set(try [0, 2, 4].flatMap(hits).map(\.message.content)).count == 5)
    for (query, hasEveryWord) in [("plum", true), ("plum ok", false), ("plum 3", true), ("plum pear", false)] {
      #expect(try ada.search(SearchQuery(query), limit: 10).hasEveryWord == hasEveryWord, "\(query)")
    }
  }

  @Test("Of messages that fit equally well the newest comes first", arguments: [true, false])
  func newestFirst(isIndexed: Bool) throws {
    for text in ["A plum.", "A PLUM.", "a plum"] {
      household.clock.now = household.clock.now + 1
      try add([(text, "ok")])
    }
    if isIndexed {
      try add((0..<124).map { ("filler\($0)", "ok") })
      try ada.indexMessages()
      #expect(try ada.unindexedMessages() == 0)
    }
    #expect(try found("plum") == ["a plum", "A PLUM.", "A plum."])
  }

  @Test("Who said it and when narrow it down, to the millisecond", arguments: [true, false])
  func narrowed(isIndexed: Bool) throws {
    let second = household.clock.now
    household.clock.now.milliseconds += 500
    try ada.send("A damson.", .reply("Damsons are plums."))
    if isIndexed {
      try add((0..<126).map { ("filler\($0)", "ok") })
      try ada.indexMessages()
      #expect(try ada.unindexedMessages() == 0)
    }
    func found(_ author: Message.Author? = nil, _ start: Int64? = nil, _ end: Int64? = nil) throws -> [String] {
      var place = ConversationService.SearchPlace()
      place.author = author
      place.time = TimeSpan(
        start: start.map { Timestamp(milliseconds: second.milliseconds + $0) },
        end: end.map { Timestamp(milliseconds: second.milliseconds + $0) })
      return try ada.search(SearchQuery("damson"), in: place, limit: 10).hits.map(\.message.content).sorted()
    }
    #expect(try found(.user) == ["A damson."])
    #expect(try found(.assistant) == ["Damsons are plums."])
    for (start, end, count) in [
      (nil, nil, 2), (nil, 500, 0), (nil, 501, 2), (500, nil, 2), (501, nil, 0), (500, 501, 2), (0, 1000, 2),
    ] as [(Int64?, Int64?, Int)] {
      #expect(try found(nil, start, end).count == count, "\(String(describing: start)) \(String(describing: end))")
    }
  }

  @Test("A reply that is still arriving is indexed once it is whole")
  func arriving() throws {
    try add((0..<120).map { ("filler\($0)", "ok") })
    let id = try #require(try ada.list().first?.id)
    let reply: MessageID = try IDGenerator.random.next()
    let asked = try household.store.write { transaction in
      let asked = try transaction.insertQuestion(
        id: try IDGenerator.random.next(), conversationID: id, content: "Which fruit?", at: household.clock.now)
      try transaction.insertReply(
        id: reply, to: asked, content: Array("A plum".utf8), modelID: "m", at: household.clock.now)
      return asked
    }
    try add((0..<20).map { ("filler \($0)", "ok") })
    try ada.indexMessages()
    #expect(try ada.unindexedMessages() > 256)
    try household.store.write { transaction in
      try transaction.appendToReply(id: reply, Array(" and a quince".utf8))
      try transaction.endReply(id: reply, ReplyEnding(status: .complete))
      try transaction.settleQuestion(id: asked.id, errorCode: nil)
    }
    household.store.release(asked.id)
    try ada.indexMessages()
    #expect(try ada.unindexedMessages() < 256)
    #expect(try found("quince") == ["A plum and a quince"])
    try expectExact()
  }

  @Test("Nor is one among messages that are too few to be indexed")
  func supersededEarly() throws {
    try ada.send("Question", .stream([.text("damson")], then: .lost))
    #expect(try found("damson") == ["damson"])
    try ada.send(nil, .reply("medlar"))
    #expect(try found("damson") == [])
    #expect(try found("medlar") == ["medlar"])
  }

  @Test("No byte of a deleted word stays in any file")
  func erasure() throws {
    var generator = Lehmer(seed: 4)
    let words = (0..<4000).map { index in
      "secret\(String((0..<6).map { _ in "bcdfghjklmnpqrstvwxz".randomElement(using: &generator) ?? "b" }))\(1000 + index)"
    }
    try add(words.chunked(20).map { ($0.joined(separator: " "), "kept") })
    try ada.indexMessages()
    var messages = try ada.messages().filter { $0.author == .user && $0.content.contains("secret") }
    var deleted: [String] = []
    while messages.count > 60 {
      let chosen = (0..<20).map { _ in messages.remove(at: Int.random(in: messages.indices, using: &generator)) }
      deleted += chosen.flatMap { $0.content.split(separator: " ").map(String.init) }
      try ada.deleteMessages(ids: chosen.map(\.id))
      try add([("Something new \(messages.count)", "and a reply")])
      try ada.indexMessages()
      let left = try secrets()
      #expect(left.isDisjoint(with: deleted))
      #expect(left.isSuperset(of: messages.flatMap { $0.content.split(separator: " ").map(String.init) }))
    }
    try expectExact()
    // Nor of those of a whole conversation.
    try ada.deleteConversations(ids: [#require(try ada.list().first).id])
    #expect(try secrets() == [])
    try expectExact()
  }

  @Test("Nor does one of a legacy that is removed")
  func removedLegacy() throws {
    try add((0..<127).map { ("secret\(1_000_000_000 + $0)", "kept") })
    try ada.indexMessages()
    #expect(try ada.unindexedMessages() == 0)
    #expect(try secrets().count >= 127)
    try ada.removeLegacy(id: ada.legacy("Rose").id)
    #expect(try secrets() == [])
    try expectExact()
  }

  /// Every word of 16 letters and digits that begins with "secret" in the files of the database.
  private func secrets() throws -> Set<String> {
    let bytes = ["db", "db-wal"].flatMap { [UInt8](household.folder.contents($0) ?? Data()) }
    let start = Array("secret".utf8)
    var secrets: Set<String> = []
    var index = 0
    while let found = bytes[index...].firstIndex(of: start[0]) {
      index = found + 1
      guard bytes[found...].starts(with: start) else { continue }
      secrets.insert(String(decoding: bytes[found...].prefix(16), as: UTF8.self))
    }
    return secrets
  }

  @Test("Conversations of others are not found")
  func others() throws {
    let zoe = try household.service("zoe")
    _ = try zoe.addLegacy(name: "Karl", evenIfKnown: false)
    try zoe.send("About plums", .reply("Plums!"))
    #expect(try found("plums") == [])
    #expect(try found("plums", in: zoe).count == 2)
  }

  @Test("A database that was vacuumed by hand finds the same")
  func vacuumed() throws {
    try add((0..<200).map { ("plum\($0)", "pit\($0)") })
    try ada.indexMessages()
    try ada.deleteMessages(ids: try ada.messages().prefix(100).map(\.id))
    try household.store.execute("VACUUM")
    #expect(try found("plum150") == ["plum150"])
    #expect(try found("pit199") == ["pit199"])
    #expect(try found("plum1") == [])
  }
}

extension Array {
  fileprivate func chunked(_ size: Int) -> [[Element]] {
    stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
  }
}
