import Foundation
import GRDB
import Testing

@testable import MosaicAICore

/// What one user has said about a legacy, taken out of one database and into another.
@Suite struct ArchiveTests {
  private let home: Household
  private let ada: ConversationService
  private let legacy: Legacy
  private let away: Household

  init() throws {
    home = try Household()
    away = try Household()
    ada = try home.service()
    legacy = try ada.addLegacy(name: "Rose", evenIfKnown: false).legacy
    _ = try ada.addLegacy(name: "Ben", evenIfKnown: false)
  }

  /// Of every kind: retried, failed, broken off, blocked, odd.
  private func fill() throws {
    let first = try ada.send(
      "She sang.\u{9b}\u{202e} e\u{301}🌻", .stream([.text("Which")], then: .lost), request: about)
    let named = SendRequest.conversation(first.conversationID)
    try ada.send(nil, .reply("Which song?\0\u{1b}[31m\u{2066}\u{feff} 🌻\n"), request: named)
    home.clock.now = home.clock.now + 61
    try ada.send("I forgot.", .failing(.refused), request: named)
    try ada.send("A lullaby.", .reply("Ah", stop: "guardrail_intervened"), request: named)
    try ada.send("Or a hymn.", .stream([.text("A hymn")], then: .lost), request: named)
    try ada.send("Hello, friend.", .reply("Hello."), request: .to(legacy: "Rose", persona: "friend"))
    try ada.send("About another.", .reply("Yes."), request: .to(legacy: "Ben"))
    // Active again after the others.
    try ada.send("On we go.", .reply("Gladly.", stop: "max_tokens"), request: named)
  }

  private var about: SendRequest { .to(legacy: "Rose") }

  private func archive(_ service: ConversationService? = nil, _ conversation: String? = nil) throws -> Archive {
    try (service ?? ada).archive(conversation: conversation, legacy: conversation == nil ? legacy.id : nil)
  }

  /// As if it had been read from a file with a line for each part.
  private func read(_ archive: Archive) -> ReadArchive {
    let ids = archive.conversations.flatMap { [$0.id] + $0.entries.map(\.message.id) }
    return ReadArchive(
      archive: archive, name: "rose.ndjson", lines: Dictionary(uniqueKeysWithValues: zip(ids, 3...)))
  }

  @Test("everything arrives: all messages in order, their statuses, titles, times, counts, reasons, every byte")
  func roundTrip() throws {
    try fill()
    let archive = try archive()
    #expect(
      archive.conversations.map(\.personaID) == ["friend", "biographer"], "the one with the latest activity last")
    #expect(
      archive.conversations[1].entries.map(\.message.status) == [
        .complete, .superseded, .complete, .failed, .complete, .blocked, .complete, .interrupted, .complete, .complete,
      ])
    #expect(archive.conversations[1].messageCount == 9)
    let zoe = try away.service("zoe")
    let summary = try zoe.add(read(archive))
    #expect(summary.isNewLegacy && summary.legacyID == legacy.id && summary.legacyName == "Rose")
    #expect(summary.addedConversations == 2 && summary.addedMessages == 12)
    let again = try self.archive(zoe)
    #expect(again == archive)
    for (left, right) in zip(archive.conversations.flatMap(\.entries), again.conversations.flatMap(\.entries)) {
      #expect(left.message.content.utf8.elementsEqual(right.message.content.utf8))
    }
    #expect(try zoe.legacies().map(\.role) == [.owner])
    #expect(try zoe.list().map(\.messageCount) == [9, 2])
    #expect(
      try zoe.list().map(\.title)
        == ada.conversations(legacy: "Rose", personaID: nil, limit: nil, offset: nil).map(\.title))
    // It goes on there as it would have here.
    #expect(
      try zoe.context("Next?", .to(.conversation("last")))
        == ada.context("Next?", .conversation(archive.conversations[1].id)))
    try zoe.send("Next?", .reply("Next."), request: .to(.conversation("last")))
    #expect(try away.store.read { try Row.fetchAll($0.db, sql: "PRAGMA foreign_key_check").count } == 0)
  }

  @Test("one conversation can be taken alone; a legacy without any too; nobody else's is")
  func parts() throws {
    try fill()
    let bob = try home.service("bob")
    _ = try ada.share("Rose", with: "bob", role: .member)
    try bob.send("Bob's own words.", .reply("Yes."), request: about)
    #expect(try archive().conversations.count == 2)
    #expect(try archive(bob).conversations.flatMap(\.entries).map(\.message.content) == ["Bob's own words.", "Yes."])
    let friend = try archive().conversations[0].id
    #expect(try archive(ada, friend).conversations.map(\.id) == [friend])
    #expect(try archive(ada, String(friend.prefix(8))).legacy.name == "Rose")
    #expect(try archive(ada, "last").conversations[0].personaID == "biographer")
    #expect(try failure { try archive(bob, friend) }.code == .notFound)
    #expect(try failure { try archive(home.service("eve")) }.code == .forbidden)
    #expect(try failure { try ada.archive(conversation: nil, legacy: nil) }.code == .usage)
    _ = try ada.share("Rose", with: "carol", role: .member)
    #expect(try archive(home.service("carol")).conversations == [])
    _ = try ada.unshare("Rose", from: "bob")
    #expect(try archive(bob) == archive(bob, "last"))
    #expect(try archive(bob, "last").conversations.count == 1, "somebody unshared keeps their own to export")
  }

  @Test("a reply that is under way is left out, as if it had not begun, and goes on here")
  func underWay() throws {
    let exchange = try ada.begin("Hello.", about, personas: builtInPersonas())
    let entries = try archive().conversations[0].entries
    #expect(entries.map(\.message.status) == [.failed])
    #expect(entries[0].errorCode == "interrupted")
    try home.store.write {
      try $0.insertReply(
        id: newID(), to: exchange.question, content: Array("Good".utf8), modelID: "m", at: "2026-11-23T06:13:02.123Z")
    }
    #expect(try archive().conversations[0].entries == entries)
    #expect(try archive().conversations[0].messageCount == 1)
    #expect(try ada.messages().map(\.status) == [.pending, .streaming])
    // What would change it waits.
    var longer = try archive()
    longer.conversations[0].entries.append(question("And then?", in: longer))
    #expect(try failure { try ada.add(read(longer)) }.code == .busy)
    #expect(try ada.messages().map(\.status) == [.pending, .streaming])
  }

  @Test(
    "while a reply is asked for again, the one before stands",
    arguments: [("lost", Message.Status.interrupted), ("block", .blocked)])
  func underWayAgain(ending: String, status: Message.Status) throws {
    try ada.send(
      "Hello.", ending == "lost" ? .stream([.text("Go")], then: .lost) : .reply("Go", stop: "guardrail_intervened"),
      request: about)
    let before = try archive()
    let exchange = try ada.beginRetry(.to(.conversation("last")), personas: builtInPersonas())
    #expect(try archive() == before)
    try home.store.write {
      try $0.insertReply(
        id: newID(), to: exchange.question, content: Array("Good".utf8), modelID: "m", at: "2026-11-23T06:13:02.123Z")
    }
    #expect(try archive().conversations[0].entries.map(\.message.status) == [.complete, status])
    #expect(try archive().conversations[0].entries == before.conversations[0].entries)
  }

  @Test("importing twice adds nothing twice; what has gone on since stays")
  func idempotence() throws {
    try fill()
    let archive = try archive()
    let zoe = try away.service("zoe")
    _ = try zoe.add(read(archive))
    var summary = try zoe.add(read(archive))
    #expect(
      !summary.isNewLegacy && summary.addedConversations == 0 && summary.addedMessages == 0
        && summary.updatedConversations == 0)
    #expect(summary.skippedConversations == 2 && summary.skippedMessages == 12)
    #expect(try self.archive(zoe) == archive)
    // Continued, retried, renamed.
    try zoe.send("More.", .reply("More?"), request: .conversation(archive.conversations[0].id))
    _ = try zoe.renameLegacy("Rose", to: "Rosa")
    let continued = try self.archive(zoe)
    summary = try zoe.add(read(archive))
    #expect(summary.legacyName == "Rosa" && summary.skippedConversations == 2 && summary.addedMessages == 0)
    #expect(try self.archive(zoe) == continued)
  }

  @Test("without room nothing is imported, and what is said to do about it fits")
  func fullDisk() throws {
    try ada.send("At length.", .reply(String(repeating: "x", count: 100_000)), request: about)
    let zoe = try away.service("zoe")
    try away.setDiskFull(true)
    let failure = try failure { try zoe.add(read(archive())) }
    #expect(failure.code == .storageFailed && failure.hint == "free some disk space, then try again")
    try away.setDiskFull(false)
    #expect(try zoe.add(read(archive())).addedConversations == 1)
  }

  @Test("importing what is all there needs no turn at writing")
  func nothingToWrite() throws {
    try fill()
    let zoe = try away.service("zoe")
    _ = try zoe.add(read(archive()))
    let summary = try away.anotherStore().write { _ in try zoe.add(read(archive())) }
    #expect(summary.skippedMessages == 12)
  }

  @Test("what others write between the comparing and the adding is seen")
  func writtenMeanwhile() throws {
    try fill()
    let archive = try archive()
    try DispatchQueue.concurrently(8) {
      let zoe = try away.service("zoe", store: away.anotherStore())
      let summary = try zoe.add(read(archive))
      #expect(summary.addedConversations + summary.skippedConversations == 2)
      try zoe.send("And then?", .reply("Then."), request: .to(legacy: "Rose", .new))
    }
    let zoe = try away.service("zoe")
    #expect(try zoe.list().count == 10)
    #expect(try zoe.add(read(archive)).skippedConversations == 2)
  }

  @Test("a conversation that was continued elsewhere is brought to where it is there")
  func continued() throws {
    try fill()
    let zoe = try away.service("zoe")
    _ = try zoe.add(read(archive()))
    let id = try archive().conversations[1].id
    try ada.send("Fails first.", .stream([.text("Not")], then: .lost), request: .conversation(id))
    _ = try zoe.add(read(archive()))
    try ada.send(nil, .reply("Now whole."), request: .conversation(id))
    home.clock.now = home.clock.now + 3600
    try ada.send("New.", .reply("Yes."), request: .conversation(id))
    let summary = try zoe.add(read(archive()))
    #expect(summary.updatedConversations == 1 && summary.skippedConversations == 1 && summary.addedConversations == 0)
    #expect(summary.addedMessages == 3 && summary.skippedMessages == 14)
    #expect(try archive(zoe) == archive())
  }

  @Test(
    "a conversation that went on differently here and there is a conflict, told with its line, and nothing is stored")
  func diverged() throws {
    try fill()
    let archive = try archive()
    let zoe = try away.service("zoe")
    _ = try zoe.add(read(archive))
    try zoe.send("Said there.", .reply("Yes."), request: .conversation(archive.conversations[1].id))
    try ada.send("Said here.", .reply("Yes."), request: .conversation(archive.conversations[1].id))
    try ada.send("A third one.", .reply("Yes."), request: .to(legacy: "Rose", .new))
    let before = try self.archive(zoe)
    let failure = try failure { try zoe.add(read(self.archive())) }
    #expect(failure.code == .invalidInput)
    #expect(failure.message == "rose.ndjson:17: the conversation went on differently in the database")
    #expect(try self.archive(zoe) == before)
  }

  @Test("the same id with other contents is a conflict")
  func conflicts() throws {
    try fill()
    let archive = try archive()
    let zoe = try away.service("zoe")
    _ = try zoe.add(read(archive))
    let before = try self.archive(zoe)
    func conflict(_ change: (inout Archive) -> Void) throws -> String {
      var changed = archive
      change(&changed)
      let failure = try failure { try zoe.add(read(changed)) }
      #expect(failure.code == .invalidInput)
      #expect(try self.archive(zoe) == before)
      return failure.message
    }
    let entry = archive.conversations[1].entries[3]
    #expect(
      try conflict { $0.conversations[1].entries[3] = changed(entry, content: "I remember.") }
        == "rose.ndjson:10: the database has this message, but another text or place of it")
    // Canonically equivalent is not the same.
    let odd = archive.conversations[1].entries[0]
    #expect(
      try conflict {
        $0.conversations[1].entries[0] = changed(
          odd, content: odd.message.content.replacing("e\u{301}", with: "\u{e9}"))
      }.hasPrefix("rose.ndjson:7:"))
    #expect(
      try conflict { $0.conversations[1] = renumbered($0.conversations[1], personaID: "friend") }
        == "rose.ndjson:6: the database has another conversation of this id")
    // A new conversation that holds a message of another one.
    #expect(
      try conflict { archive in
        archive.conversations[0] = renumbered(archive.conversations[0], id: newID())
      } == "rose.ndjson:4: the database has a message of this id in another conversation")
  }

  @Test("somebody else's conversation or legacy is none to import into")
  func others() throws {
    try fill()
    let archive = try archive()
    let eve = try home.service("eve")
    #expect(try failure { try eve.add(read(archive)) }.code == .forbidden)
    _ = try ada.share("Rose", with: "eve", role: .pending)
    #expect(try failure { try eve.add(read(archive)) }.code == .forbidden)
    _ = try ada.share("Rose", with: "eve", role: .member)
    let failure = try failure { try eve.add(read(archive)) }
    #expect(failure.code == .invalidInput && failure.message.contains("not yours"))
    // Their own they may bring.
    let conversation = renumbered(archive.conversations[0], id: newID(), all: true)
    let summary = try eve.add(read(Archive(legacy: archive.legacy, conversations: [conversation])))
    #expect(summary.addedConversations == 1 && !summary.isNewLegacy)
    #expect(try eve.list().count == 1)
    #expect(try ada.list().count == 3)
  }

  @Test("what is imported comes before what one has: the latest conversation stays the latest")
  func order() throws {
    try fill()
    let zoe = try away.service("zoe")
    _ = try zoe.addLegacy(name: "Carl", evenIfKnown: false)
    try zoe.send("Mine.", .reply("Yes."))
    _ = try zoe.add(read(archive()))
    #expect(try zoe.list().map(\.legacyName) == ["Carl", "Rose", "Rose"])
    #expect(try zoe.list().map(\.personaID) == ["biographer", "biographer", "friend"])
    try zoe.send("Newer.", .reply("Yes."), request: .to(legacy: "Rose", persona: "friend"))
    #expect(try zoe.list().map(\.legacyName) == ["Rose", "Carl", "Rose"])
  }

  private func changed(
    _ entry: Archive.Entry, id: String? = nil, conversationID: String? = nil, replyTo: String? = nil,
    content: String? = nil
  )
    -> Archive.Entry
  {
    let old = entry.message
    return Archive.Entry(
      message: Message(
        id: id ?? old.id, conversationID: conversationID ?? old.conversationID, author: old.author,
        content: content ?? old.content,
        tokenCount: old.tokenCount, status: old.status, stopReason: old.stopReason, modelID: old.modelID,
        replyTo: replyTo ?? old.replyTo, createdAt: old.createdAt), inputTokens: entry.inputTokens,
      errorCode: entry.errorCode)
  }

  /// A conversation with another id or persona; with `all` its messages have other ids too.
  private func renumbered(_ old: Archive.Conversation, id: String? = nil, personaID: String? = nil, all: Bool = false)
    -> Archive.Conversation
  {
    let ids = Dictionary(uniqueKeysWithValues: old.entries.map { ($0.message.id, all ? newID() : $0.message.id) })
    return Archive.Conversation(
      id: id ?? old.id, personaID: personaID ?? old.personaID, title: old.title, lastMessageAt: old.lastMessageAt,
      createdAt: old.createdAt, updatedAt: old.updatedAt,
      entries: old.entries.map {
        changed($0, id: ids[$0.message.id], conversationID: id, replyTo: $0.message.replyTo.flatMap { ids[$0] })
      })
  }

  private func question(_ text: String, in archive: Archive) -> Archive.Entry {
    Archive.Entry(
      message: Message(
        id: newID(), conversationID: archive.conversations[0].id, author: .user, content: text, tokenCount: nil,
        status: .failed,
        stopReason: nil, modelID: nil, replyTo: nil, createdAt: "2026-11-23T06:13:02.123Z"), inputTokens: nil,
      errorCode: nil)
  }
}
