import Foundation
import TestSupport
import Testing

@testable import MosaicAICore

/// Single messages are deleted for good, and what is left is a conversation.
@Suite struct DeleteMessageTests {
  private let household: Household
  private let ada: ConversationService

  init() throws {
    household = try Household()
    ada = try household.service()
    _ = try ada.addLegacy(name: "Rose", evenIfKnown: false)
    try ada.send("Quince, the first.", .reply("Quince indeed."))
    try ada.send("Damson, the second.", .stream([.text("Dam")], then: .lost))
    try ada.send(nil, .reply("Damson indeed."))
    household.clock.now = household.clock.now + 60
    try ada.send("Medlar, the third.", .reply("Medlar indeed."))
  }

  private func delete(_ contents: String...) throws {
    let all = try ada.messages(all: true)
    let ids = contents.compactMap { content in all.first { $0.content == content }?.id }
    #expect(ids.count == contents.count)
    try ada.deleteMessages(ids: ids)
  }

  /// The kept counts are those of the rows, and SQLite finds nothing wrong.
  private func expectConsistent() throws {
    for conversation in try ada.list() {
      let all = try ada.archive(conversation: conversation.id.rawValue).conversations[0].messages
      #expect(conversation.messageCount == all.count { $0.status != .superseded })
      #expect(conversation.supersededCount == all.count { $0.status == .superseded })
      #expect(try ada.history(of: conversation.id.rawValue, .init(all: true)).messages == all)
    }
    #expect(try household.store.findDamage() == nil)
    let zoe = try Household().service("zoe")
    _ = try zoe.add(ada.archive(legacy: "Rose"))
    #expect(try zoe.archive(legacy: "Rose") == ada.archive(legacy: "Rose"), "it can be exported and imported")
  }

  private var bytes: Data {
    ["db", "db-wal"].reduce(into: Data()) { $0 += household.folder.contents($1) ?? Data() }
  }

  @Test("A message goes with all replies to it, and no byte of them stays")
  func question() throws {
    try delete("Damson, the second.")
    #expect(
      try ada.messages(all: true).map(\.content) == [
        "Quince, the first.", "Quince indeed.", "Medlar, the third.", "Medlar indeed.",
      ])
    #expect(!bytes.contains(text: "Dam"))
    #expect(bytes.contains(text: "Medlar"))
    try expectConsistent()
  }

  @Test("A reply goes with those it replaced, and its message has failed")
  func reply() throws {
    try delete("Damson indeed.")
    #expect(try ada.messages(all: true).map(\.status) == [.complete, .complete, .failed, .complete, .complete])
    #expect(!bytes.contains(text: "Damson indeed"))
    #expect(
      try ada.context("Next?") == [
        "user: Quince, the first.", "assistant: Quince indeed.", "user: Medlar, the third.",
        "assistant: Medlar indeed.",
        "user: Next?",
      ], "what the model sees alternates")
    try expectConsistent()
  }

  @Test("A replaced reply goes alone")
  func superseded() throws {
    try delete("Dam")
    #expect(try ada.messages(all: true).map(\.status) == Array(repeating: .complete, count: 6))
    #expect(try ada.list()[0].supersededCount == 0)
    try expectConsistent()
  }

  @Test("The last reply can be asked for again after it was deleted")
  func retry() throws {
    try delete("Medlar indeed.")
    try ada.send(nil, .reply("Medlar, then."))
    #expect(try ada.messages().last?.content == "Medlar, then.")
    try expectConsistent()
  }

  @Test("The time of the last message follows")
  func lastMessage() throws {
    let before = try ada.list()[0]
    try delete("Quince, the first.")
    #expect(try ada.list()[0].lastMessageAt == before.lastMessageAt)
    try delete("Medlar, the third.")
    #expect(try ada.list()[0].lastMessageAt == ada.messages().last?.createdAt)
    try delete("Damson, the second.")
    #expect(try ada.list()[0].lastMessageAt == nil)
    #expect(try ada.list()[0].messageCount == 0 && ada.list()[0].title == nil)
    try ada.send("Anew.", .reply("Yes."))
    #expect(try ada.list()[0].title == "Anew.")
    try expectConsistent()
  }

  @Test("A title made from a deleted message goes with it; one that was chosen stays")
  func title() throws {
    try delete("Quince, the first.")
    #expect(try ada.list()[0].title == "Damson, the second.")
    #expect(!bytes.contains(text: "Quince"))
    var titled = Selection.to(.new)
    titled.title = "Of fruit"
    try ada.send("Sloe.", .reply("Sloe indeed."), to: titled)
    try delete("Sloe.")
    #expect(try ada.list()[0].title == "Of fruit")
  }

  @Test("Messages are named by their ids, and nobody deletes another's")
  func naming() throws {
    let message = try ada.messages()[0]
    #expect(try ada.findMessages([message.id.rawValue.uppercased()]).messages.map(\.id) == [message.id])
    #expect(try ada.findMessages([message.id.short, message.id.rawValue]).messages.count == 1)
    #expect(try ada.findMessages([message.id.short]).deletedCount == 2)
    for name in ["", "abc", "last", "ffffffff-ffff", "%"] {
      #expect(try code { try ada.findMessages([name]) } == .notFound, "\(name)")
    }
    let bob = try household.service("bob")
    _ = try ada.share("Rose", with: "bob", role: .member)
    #expect(try code { try bob.findMessages([message.id.rawValue]) } == .notFound)
    try bob.deleteMessages(ids: [message.id])
    #expect(try ada.messages().count == 6)
    let twins = ["aaaa0000-0000-4000-8000-000000000001", "aaaa0000-0000-4000-8000-000000000002"]
    for (id, old) in zip(twins, try ada.messages().filter { $0.author == .assistant }) {
      try household.store.execute("UPDATE ai_messages SET id = ? WHERE id = ?", [id, old.id.rawValue])
    }
    #expect(try code { try ada.findMessages(["aaaa0000"]) } == .ambiguous)
  }

  @Test("Naming a message and its reply deletes both once")
  func both() throws {
    try delete("Quince, the first.", "Quince indeed.")
    #expect(try ada.messages().count == 4)
    try expectConsistent()
  }

  @Test("A message that is being answered is left alone")
  func underWay() throws {
    let exchange = try ada.begin("And now?", .to(), personas: builtInPersonas())
    #expect(try code { try ada.deleteMessages(ids: [exchange.question.id]) } == .busy)
    #expect(try ada.messages().last?.status == .pending)
  }

  @Test("An export from before brings deleted messages back to their places, and one from after changes nothing")
  func importing() throws {
    let before = try ada.archive(legacy: "Rose")
    try delete("Damson, the second.")
    let after = try ada.archive(legacy: "Rose")
    #expect(try ada.add(after).addedMessages == 0)
    #expect(try ada.add(before).addedMessages == 3)
    #expect(try ada.messages(all: true) == before.conversations[0].messages)
    #expect(try ada.add(after).addedMessages == 0, "a part of what is there")
    try expectConsistent()
  }
}
