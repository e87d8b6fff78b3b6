import Foundation
import TestSupport
import Testing

@testable import MosaicAICore

/// Large conversations are read one message after the other, and kept counts say how many there are.
@Suite struct StreamingTests {
  private let household: Household
  private let ada: ConversationService

  init() throws {
    household = try Household()
    ada = try household.service()
    _ = try ada.addLegacy(name: "Rose", evenIfKnown: false)
  }

  /// Exchanges of every kind, one of them retried.
  private func fill() throws {
    for index in 0..<6 {
      try ada.send("Question \(index).", .reply("Answer \(index)."))
      if index % 2 == 0 { try ada.send("Failed \(index).", .failing(.refused)) }
    }
    try ada.send("Again?", .stream([.text("Ag")], then: .lost))
    try ada.send(nil, .reply("Again."))
  }

  @Test("Any page has the messages that the whole has there", arguments: [false, true])
  func pages(all: Bool) throws {
    try fill()
    let whole = try ada.history(.init(all: all))
    #expect(whole.total == whole.messages.count)
    #expect(whole.messages.contains { $0.status == .superseded } == all)
    for offset in 0...whole.total + 1 {
      for limit in [0, 1, 3, 100] {
        let page = try ada.history(.init(limit: limit, offset: offset, all: all))
        #expect(page.messages == Array(whole.messages.dropFirst(offset).prefix(limit)), "\(limit) after \(offset)")
        #expect(page.hasMore == (min(offset, whole.total) + page.messages.count < whole.total))
        #expect(page.total == whole.total)
      }
      let tail = try ada.history(.init(tail: offset, all: all))
      #expect(tail.messages == Array(whole.messages.suffix(offset)), "the last \(offset)")
      #expect(tail.hasMore == (offset < whole.total))
    }
  }

  @Test("Whoever reads slowly keeps nobody from writing, and sees the state of when they began")
  func slowReader() throws {
    try fill()
    let bob = try household.service(store: household.anotherStore())
    var count = 0
    try ada.history { page, forEachMessage in
      try forEachMessage { _ in
        if count == 0 { try bob.send("Meanwhile.", .reply("Yes.")) }
        count += 1
      }
      #expect(count == page.total)
    }
    #expect(try ada.history().total == count + 2)
    let total = try ada.history(.init(all: true)).total
    var parts = 0
    try ada.export(conversation: "last", legacy: nil) { _ in
      if parts == 0 { try bob.send("And again.", .reply("Yes.")) }
      parts += 1
    }
    #expect(parts == total + 3)
  }

  @Test(
    "What is written piece by piece is what the whole value would be", arguments: [RecordLayout.compact, .indented])
  func layout(layout: RecordLayout) throws {
    try fill()
    var bytes: [UInt8] = []
    try ada.history { page, forEachMessage in
      var writer = HistoryWriter(layout)
      writer.begin(to: &bytes)
      try forEachMessage { writer.add($0, to: &bytes) }
      writer.end(total: page.total, hasMore: page.hasMore, to: &bytes)
    }
    let text = String(decoding: bytes.dropLast(), as: UTF8.self)
    let value = try JSON(parsing: bytes)
    #expect(text == (layout == .indented ? value.indented : value.compact))
    #expect(bytes.last == UInt8(ascii: "\n"))
    bytes = []
    var writer = ArchiveWriter(layout)
    try ada.export(conversation: "last", legacy: nil) { writer.add($0, to: &bytes) }
    let archive = try JSON(parsing: bytes)
    #expect(
      String(decoding: bytes.dropLast(), as: UTF8.self) == (layout == .indented ? archive.indented : archive.compact))
    #expect(archive["conversations"]?.elements?.first?["messages"]?.elements?.count == 18)
  }

  @Test("An empty page and an empty archive are written as empty lists", arguments: [RecordLayout.compact, .indented])
  func empty(layout: RecordLayout) throws {
    try fill()
    var bytes: [UInt8] = []
    try ada.history(.init(limit: 0)) { page, forEachMessage in
      var writer = HistoryWriter(layout)
      writer.begin(to: &bytes)
      try forEachMessage { writer.add($0, to: &bytes) }
      writer.end(total: page.total, hasMore: page.hasMore, to: &bytes)
    }
    let value = try JSON(parsing: bytes)
    #expect(
      String(decoding: bytes.dropLast(), as: UTF8.self) == (layout == .indented ? value.indented : value.compact))
  }

  @Test("Lines of any length are found, wherever a piece ends")
  func lines() throws {
    var random = Lehmer(seed: 7)
    let folder = try TemporaryFolder()
    let lengths = (0..<400).map { _ in Int.random(in: 0..<3000, using: &random) } + [0, 262_143, 262_144, 700_000, 1]
    let lines = lengths.enumerated().map { index, length in String(repeating: String(index % 10), count: length) }
    for ending in ["", "\n"] {
      let path = try folder.write(lines.joined(separator: "\n") + ending, to: "lines")
      let descriptor = open(path, O_RDONLY)
      defer { close(descriptor) }
      let file = try LineFile(descriptor, name: "lines")
      for _ in 0..<2 {
        var found: [String] = []
        try file.forEachLine { found.append(String(decoding: $0, as: UTF8.self)) }
        #expect(found == lines)
      }
    }
  }

  @Test("A pipe is read as often as a file, and leaves none")
  func pipeOfLines() throws {
    let folder = try TemporaryFolder()
    var ends: [Int32] = [-1, -1]
    try #require(pipe(&ends) == 0)
    #expect(write(ends[1], "a\nb", 3) == 3)
    close(ends[1])
    defer { close(ends[0]) }
    let file = try LineFile(ends[0], name: "pipe", temporaryFolder: folder.path)
    for _ in 0..<2 {
      var found: [String] = []
      try file.forEachLine { found.append(String(decoding: $0, as: UTF8.self)) }
      #expect(found == ["a", "b"])
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
  }

  @Test("Cached tokens are kept with the reply, and travel with an export")
  func cachedTokens() throws {
    let sent = try ada.send("Hello.", .reply("Good morning."))
    let id = try #require(try ada.messages().last?.id)
    try household.store.write { transaction in
      var ending = ReplyEnding(status: .complete)
      ending.usage = TokenUsage(input: 10, output: 2, total: 12, cacheRead: 8, cacheWrite: 3)
      try transaction.endReply(id: id, ending)
    }
    let reply = try #require(try ada.messages(sent.conversationID).last)
    #expect(reply.inputTokens == 10 && reply.cacheReadInputTokens == 8 && reply.cacheWriteInputTokens == 3)
    let archive = try ada.archive(legacy: "Rose")
    let zoe = try Household().service("zoe")
    _ = try zoe.add(archive)
    #expect(try zoe.archive(legacy: "Rose") == archive)
  }
}
